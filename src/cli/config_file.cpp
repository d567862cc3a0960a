#include <algorithm>
#include <filesystem>

#include <toml++/toml.h>

#include "cli/config.h"

namespace jangbu::cli {
namespace {

Error at(const std::string& path, const toml::source_region& source, std::string_view what) {
  return Error(Errc::invalid_configuration,
               path + ":" + std::to_string(source.begin.line) + ": " + std::string(what));
}

Result<std::string> text_of(const std::string& path, const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* flag = node.as_boolean()) return std::string(flag->get() ? "true" : "false");
  return at(path, node.source(), "a text, a whole number, true or false is expected");
}

}  // namespace

Result<std::vector<Setting>> read_settings(const std::string& path) {
  if (!std::filesystem::exists(path)) return Error(Errc::io_error, "there is no " + path);
  toml::table table;
  try {
    table = toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    return at(path, error.source(), error.description());
  }
  std::vector<Setting> settings;
  for (const auto& [key, node] : table) {
    Setting setting{std::string(key.str()), {}, node.is_boolean(), key.source().begin.line};
    if (const auto* list = node.as_array()) {
      for (const toml::node& each : *list) {
        ASSIGN_OR_RETURN(std::string text, text_of(path, each));
        setting.values.push_back(std::move(text));
      }
    } else {
      ASSIGN_OR_RETURN(std::string text, text_of(path, node));
      setting.values.push_back(std::move(text));
    }
    settings.push_back(std::move(setting));
  }
  std::sort(settings.begin(), settings.end(),
            [](const Setting& a, const Setting& b) { return a.line < b.line; });
  return settings;
}

}  // namespace jangbu::cli
