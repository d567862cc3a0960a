#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>
#include <curl/curl.h>
#include <sodium.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "cli/commands.h"
#include "cli/config.h"
#include "cli/unknown.h"

namespace {

int run_program(int argc, char** argv) {
  CLI::App app("jangbu: the account book. A self-hosted back office for commerce rewards.", "jangbu");
  app.set_version_flag("--version", std::string(JANGBU_VERSION));
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::help);
  jangbu::cli::Run run;
  jangbu::cli::add_serve(app, run);
  jangbu::cli::add_verify(app, run);
  jangbu::cli::add_clock(app, run);
  jangbu::cli::add_key(app, run);
  jangbu::cli::add_app(app, run);
  jangbu::cli::add_partner(app, run);
  jangbu::cli::add_campaign(app, run);
  jangbu::cli::add_operator(app, run);
  jangbu::cli::add_listen(app, run);
  jangbu::cli::add_trigger(app, run);
  jangbu::cli::add_demo(app, run);
  jangbu::cli::add_bench(app, run);
  jangbu::cli::add_backup(app, run);
  jangbu::cli::add_restore(app, run);
  jangbu::cli::add_export(app, run);
  jangbu::cli::add_import(app, run);
  jangbu::cli::add_doctor(app, run);
  jangbu::cli::add_config(app, run);
  jangbu::cli::add_completion(app, run);
  jangbu::cli::add_teaching(app);
  jangbu::cli::name_environment(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& said) {
    if (const std::string unknown = jangbu::cli::unknown_word(app); !unknown.empty()) {
      std::fprintf(stderr, "jangbu: %s\n", unknown.c_str());
      return jangbu::cli::exit_usage;
    }
    return app.exit(said) == 0 ? 0 : jangbu::cli::exit_usage;  // 0: what was asked for is help
  }
  return run();
}

}  // namespace

int main(int argc, char** argv) {
  // Logs go to stderr: stdout is for what a command says.
  spdlog::set_default_logger(spdlog::stderr_logger_mt("jangbu"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    std::fputs("jangbu: a library does not start\n", stderr);
    return 1;
  }
  try {
    return run_program(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "jangbu: %s\n", failure.what());
    return 1;
  }
}
