#include "cli/config.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>

#include <CLI/CLI.hpp>

#include "base/counted.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/unknown.h"

namespace jangbu::cli {
namespace {

/// Secrets of the environment alone: command lines and files are seen by more people.
constexpr const char* secret_variables[] = {"JANGBU_MASTER_KEY", "JANGBU_SMTP_USER", "JANGBU_SMTP_PASSWORD",
                                            "JANGBU_MESSAGE_KEY", "JANGBU_TOSS_SECRET_KEY"};

std::string variable_of(const std::string& option) {
  std::string name = "JANGBU_" + option;
  for (char& letter : name)
    letter = letter == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return name;
}

/// The name of an option that is a setting; empty for --help, --config and positions.
std::string setting_name(const CLI::Option& option) {
  if (option.get_lnames().empty()) return {};
  const std::string& name = option.get_lnames().front();
  return name == "help" || name == "config" ? std::string() : name;
}

std::vector<std::string> setting_names(const CLI::App& serve) {
  std::vector<std::string> names;
  for (const CLI::Option* option : serve.get_options())
    if (std::string name = setting_name(*option); !name.empty()) names.push_back(std::move(name));
  return names;
}

void name_data(CLI::App& app) {
  if (CLI::Option* data = app.get_option_no_throw("--data")) data->envname("JANGBU_DATA");
  for (CLI::App* each : app.get_subcommands({})) name_data(*each);
}

bool is_flag(const CLI::Option& option) { return option.get_items_expected_max() == 0; }

/// Error: what is wrong, without its place.
Status give(CLI::Option& option, const Setting& setting) {
  if (is_flag(option) != setting.is_flag)
    return Error(Errc::invalid_configuration,
                 setting.name + (is_flag(option) ? " is true or false" : " is not true or false"));
  if (setting.values.size() != 1 && option.get_items_expected_max() == 1)
    return Error(Errc::invalid_configuration, setting.name + " is one value");
  if (setting.is_flag && setting.values.front() == "false") return {};
  // An empty text says what no text says.
  if (setting.values.size() == 1 && setting.values.front().empty()) return {};
  try {
    for (const std::string& value : setting.values) option.add_result(value);
    if (!setting.values.empty()) option.run_callback();
  } catch (const CLI::Error& error) {
    return Error(Errc::invalid_configuration, error.what());
  }
  return {};
}

int show(const std::string& path, bool as_json) {
  const auto view = view_settings(path);
  if (!view) {
    std::fprintf(stderr, "jangbu: %s\n", to_string(view.error()).c_str());
    return exit_usage;
  }
  const auto is_in = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const CLI::Option* option : view->serve->get_options()) {
    const std::string name = setting_name(*option);
    if (name.empty()) continue;
    const std::string value = without_password(view->text(name));
    const char* from = is_in(view->from_environment, name) ? "environment"
                       : is_in(view->from_file, name)      ? "file"
                                                           : "default";
    if (as_json) {
      out.key(name).begin_object().key("value").string(value).key("from").string(from).end_object();
    } else {
      std::printf("%-16s %-40s # %s\n", name.c_str(), ("\"" + value + "\"").c_str(), from);
    }
  }
  for (const char* name : secret_variables) {
    const bool set = std::getenv(name) != nullptr;  // NOLINT(concurrency-mt-unsafe): no thread yet
    if (as_json) {
      out.key(name).begin_object().key("value").string(set ? "***" : "").key("from").string("environment");
      out.end_object();
    } else {
      std::printf("%-57s # %s\n", name, set ? "set" : "not set");
    }
  }
  out.end_object();
  if (as_json) std::printf("%s\n", text.c_str());
  return 0;
}

int check(const std::string& path) {
  const auto view = view_settings(path);
  if (!view) {
    std::fprintf(stderr, "jangbu: %s\n", to_string(view.error()).c_str());
    return exit_usage;
  }
  std::printf("%s is good: %s\n", path.c_str(), counted(view->from_file.size(), "setting").c_str());
  return 0;
}

}  // namespace

void name_environment(CLI::App& app) {
  name_data(app);
  CLI::App* serve = find_command(app, "serve");
  if (serve == nullptr) return;
  for (CLI::Option* option : serve->get_options()) {
    const std::string name = setting_name(*option);
    if (!name.empty()) option->envname(variable_of(name));
  }
  if (CLI::Option* config = serve->get_option_no_throw("--config")) config->envname("JANGBU_CONFIG");
}

Status apply_settings(CLI::App& serve, const std::string& path) {
  ASSIGN_OR_RETURN(const auto settings, read_settings(path));
  for (const Setting& setting : settings) {
    const auto refuse = [&](std::string_view what) {
      std::string text = path + ":" + std::to_string(setting.line) + ": ";
      text += what;
      return Error(Errc::invalid_configuration, std::move(text));
    };
    CLI::Option* option = serve.get_option_no_throw("--" + setting.name);
    if (option == nullptr || setting_name(*option).empty())
      return refuse("there is no setting \"" + setting.name + "\"" +
                    did_you_mean(nearest(setting.name, setting_names(serve))));
    if (option->count() != 0) continue;  // the command line or the environment has said it
    if (const Status given = give(*option, setting); !given) return refuse(given.error().detail);
  }
  return {};
}

std::string without_password(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return std::string(text);
  const auto begin = scheme + 3;
  const auto at = text.rfind('@', text.find_first_of("/?#", begin));
  const auto colon = text.find(':', begin);
  if (at == std::string_view::npos || at < begin || colon > at) return std::string(text);
  return std::string(text.substr(0, colon + 1)) + "***" + std::string(text.substr(at));
}

std::string SettingsView::text(const std::string& name) const {
  const CLI::Option* option = serve->get_option("--" + name);
  if (is_flag(*option)) return option->count() == 0 ? "false" : "true";
  if (option->count() == 0) return option->get_default_str();
  std::string joined;
  for (const std::string& each : option->results()) joined.append(joined.empty() ? "" : ",").append(each);
  return joined;
}

Result<SettingsView> view_settings(const std::string& path) {
  SettingsView view;
  view.app = std::make_unique<CLI::App>();
  static Run nothing;  // what `serve` would run is never run
  add_serve(*view.app, nothing);
  name_environment(*view.app);
  view.serve = view.app->get_subcommand("serve");
  try {
    view.app->parse(std::vector<std::string>{"serve"});
  } catch (const CLI::ParseError& error) {
    return Error(Errc::invalid_configuration, std::string("the environment: ") + error.what());
  }
  const auto given = [&] {
    std::vector<std::string> names;
    for (const CLI::Option* option : view.serve->get_options())
      if (const std::string name = setting_name(*option); !name.empty() && option->count() != 0)
        names.push_back(name);
    return names;
  };
  view.from_environment = given();
  if (!path.empty()) RETURN_IF_ERROR(apply_settings(*view.serve, path));
  for (const std::string& name : given())
    if (std::find(view.from_environment.begin(), view.from_environment.end(), name) ==
        view.from_environment.end())
      view.from_file.push_back(name);
  return view;
}

void add_config(CLI::App& app, Run& run) {
  struct Options {
    std::string file = "/etc/jangbu/jangbu.toml";
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* config = app.add_subcommand("config", "Look at the settings that a server would start with");
  config->require_subcommand(1);
  CLI::App* checks = config->add_subcommand("check", "Say what is wrong with a file, by its line");
  CLI::App* shows = config->add_subcommand(
      "show", "Print every setting and where it comes from; passwords and secrets are masked");
  for (CLI::App* each : {checks, shows})
    each->add_option("file", options->file, "The file of settings")
        ->envname("JANGBU_CONFIG")
        ->capture_default_str();
  shows->add_flag("--json", options->as_json, "As one JSON object");
  checks->callback([options, &run] { run = [options] { return check(options->file); }; });
  shows->callback([options, &run] { run = [options] { return show(options->file, options->as_json); }; });
}

}  // namespace jangbu::cli
