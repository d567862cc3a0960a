// The commands of the program, one function each; each returns the exit status. Arguments are parsed in
// main.cpp.
#pragma once

#include <cstdint>
#include <string>

#include <CLI/App.hpp>

namespace jangbu::cli {

/// Each adds its subcommand to `app` and stores what to run in `run`.
using Run = std::function<int()>;
void add_serve(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_clock(CLI::App& app, Run& run);
void add_key(CLI::App& app, Run& run);
void add_bench(CLI::App& app, Run& run);
void add_backup(CLI::App& app, Run& run);
void add_restore(CLI::App& app, Run& run);

}  // namespace jangbu::cli
