// What a command asks a list of the operator's API for: its options, as the query of the list's path.
#pragma once

#include <list>
#include <string>
#include <utility>

#include <CLI/App.hpp>

namespace jangbu::cli {

/// Lives as long as the command whose options write into it.
class ListQuery {
 public:
  /// Adds an option whose value is passed on as `parameter`; what is not said is not asked for.
  CLI::Option* add(CLI::App& command, const std::string& option, std::string parameter,
                   const std::string& what);
  /// Adds --limit and --cursor: these lists come a page at a time.
  void add_page(CLI::App& command);

  /// `path` with what was asked for: "/api/hub/partners?app=our-site&limit=5".
  [[nodiscard]] std::string of(const std::string& path) const;

 private:
  std::list<std::pair<std::string, std::string>> asked_;  // parameter, value; where options write to stays
};

}  // namespace jangbu::cli
