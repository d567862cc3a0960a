// Settings of `serve` from a TOML file and from the environment. Every option of the command is a setting of
// the same name: the command line wins over the environment, the environment over the file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

#include "base/result.h"

namespace jangbu::cli {

/// One line of a file.
struct Setting {
  std::string name;
  std::vector<std::string> values;  // of a list, or one
  bool is_flag = false;             // true or false was written, as values.front()
  std::size_t line = 0;
};
/// Errors: io_error; invalid_configuration naming file and line, for what is no TOML or holds tables or
/// anything but texts, whole numbers, true, false and lists of texts.
Result<std::vector<Setting>> read_settings(const std::string& path);

/// Names the variables of the environment that options are taken from: JANGBU_PUBLIC_URL for --public-url of
/// `serve`, and JANGBU_DATA for --data of every command. To be called before the command line is parsed.
void name_environment(CLI::App& app);

/// Gives `serve`'s options that neither the command line nor the environment gave the values of a file. After
/// parsing. Error: as read_settings, also for what is no option and for what an option does not take.
Status apply_settings(CLI::App& serve, const std::string& path);

/// A text without the password of a URL: "postgresql://shop:***@db/jangbu".
std::string without_password(std::string_view text);

/// A `serve` of its own, with what the environment and a file say (empty: no file), for commands that only
/// look. `app` must live as long. Error: as apply_settings.
struct SettingsView {
  std::unique_ptr<CLI::App> app;
  CLI::App* serve = nullptr;
  std::vector<std::string> from_environment;  // names of the options that it gave
  std::vector<std::string> from_file;

  [[nodiscard]] std::string text(const std::string& name) const;
};
Result<SettingsView> view_settings(const std::string& path);

}  // namespace jangbu::cli
