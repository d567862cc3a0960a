// `jangbu serve`: runs the server until a signal tells it to stop.
#include <csignal>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/config.h"
#include "cli/log.h"
#include "cli/notify.h"
#include "cli/serve/options.h"
#include "cli/serve/program.h"

namespace jangbu::cli {
namespace {

/// Whether this process belongs to a terminal that is still there.
bool has_terminal() {
  const int terminal = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal >= 0) ::close(terminal);
  return terminal >= 0;
}

int serve(const ServeOptions& options) {
  // What the server makes is its owner's alone: the database, its log, keys.
  ::umask(077);
  // Every thread inherits the mask: the signals are taken by sigwait below alone.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file at its limit is a full disk, and answered so
  // SIGHUP asks for the certificate to be read again; but when a terminal is closed it ends what was started
  // in it, unless that was started with nohup.
  const bool ends_with_terminal = signal(SIGHUP, SIG_DFL) != SIG_IGN && has_terminal();

  Program program(options);
  if (const Status started = program.start(); !started) {
    std::fprintf(stderr, "jangbu: %s\n", to_string(started.error()).c_str());
    return exit_failed;
  }
  notify_manager("READY=1");
  int signal_number = 0;
  while (sigwait(&signals, &signal_number) == 0 && signal_number == SIGHUP &&
         (!ends_with_terminal || has_terminal())) {
    program.reload();
  }
  notify_manager("STOPPING=1");
  spdlog::info("stopping");
  if (!program.stop()) spdlog::warn("some requests were cut off");
  return 0;
}

}  // namespace

void add_serve(CLI::App& app, Run& run) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* serve_command = app.add_subcommand("serve", "Serve the doors over HTTP");
  add_options(*serve_command, *options);
  serve_command->callback([options, serve_command, &run] {
    run = [options, serve_command] {
      Status settings = options->config.empty() ? Status() : apply_settings(*serve_command, options->config);
      if (settings) settings = set_log(options->log_format, options->log_level);
      if (!settings) {
        std::fprintf(stderr, "jangbu: %s\n", to_string(settings.error()).c_str());
        return exit_usage;
      }
      if (!options->clock.empty() && !options->sandbox) {
        std::fputs("jangbu: --clock needs --sandbox\n", stderr);
        return exit_usage;
      }
      return serve(*options);
    };
  });
}

}  // namespace jangbu::cli
