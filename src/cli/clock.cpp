#include "base/json.h"
#include "cli/commands.h"
#include "cli/local_api.h"

namespace jangbu::cli {

void add_clock(CLI::App& app, Run& run) {
  struct Options {
    std::string directory = "data";
    std::string by;
  };
  auto options = std::make_shared<Options>();
  CLI::App* clock = app.add_subcommand("clock", "Show or move the business time of a running sandbox");
  clock->require_subcommand(1);
  CLI::App* show = clock->add_subcommand("show", "Print the business time");
  CLI::App* advance =
      clock->add_subcommand("advance", "Move business time forward and wait for the work that falls due");
  for (CLI::App* each : {show, advance})
    each->add_option("--data", options->directory, "The server's data directory")->capture_default_str();
  advance->add_option("duration", options->by, "How far: 30d, 12h, 5m, 10s or a sum such as 1d12h")
      ->required();
  show->callback([options, &run] {
    run = [options] { return call_and_print(options->directory, "GET", "/sandbox/clock", ""); };
  });
  advance->callback([options, &run] {
    run = [options] {
      std::string body;
      json::Writer(body).begin_object().key("advance").string(options->by).end_object();
      return call_and_print(options->directory, "POST", "/sandbox/clock", body);
    };
  });
}

}  // namespace jangbu::cli
