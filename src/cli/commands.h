// The commands of the program, one function each; each returns the exit status. Arguments are parsed in
// main.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <CLI/App.hpp>

namespace jangbu::cli {

/// Exit statuses; 0 is success.
inline constexpr int exit_failed = 1;  // it was tried, and failed or was refused
inline constexpr int exit_usage = 2;   // the command line or the configuration says what cannot be

/// Each adds its subcommand to `app` and stores what to run in `run`.
using Run = std::function<int()>;
void add_serve(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_clock(CLI::App& app, Run& run);
void add_key(CLI::App& app, Run& run);
void add_app(CLI::App& app, Run& run);
void add_partner(CLI::App& app, Run& run);
void add_campaign(CLI::App& app, Run& run);
void add_operator(CLI::App& app, Run& run);
void add_listen(CLI::App& app, Run& run);
void add_trigger(CLI::App& app, Run& run);
void add_demo(CLI::App& app, Run& run);
void add_bench(CLI::App& app, Run& run);
void add_backup(CLI::App& app, Run& run);
void add_restore(CLI::App& app, Run& run);
void add_export(CLI::App& app, Run& run);
void add_import(CLI::App& app, Run& run);
void add_doctor(CLI::App& app, Run& run);
void add_config(CLI::App& app, Run& run);
void add_completion(CLI::App& app, Run& run);

/// The subcommand of that name, or nullptr.
CLI::App* find_command(CLI::App& app, std::string_view name);

/// Gives the commands their places in `jangbu --help`, and each its examples.
void add_teaching(CLI::App& app);

}  // namespace jangbu::cli
