#include "cli/list_query.h"

#include <utility>

#include "http/message.h"

namespace jangbu::cli {
namespace {

constexpr int max_limit = 100;  // of every list

}  // namespace

CLI::Option* ListQuery::add(CLI::App& command, const std::string& option, std::string parameter,
                            const std::string& what) {
  asked_.emplace_back(std::move(parameter), std::string());
  return command.add_option(option, asked_.back().second, what);
}

void ListQuery::add_page(CLI::App& command) {
  add(command, "--limit", "limit", "So many at most, of 100; 25 unless said")
      ->check(CLI::Range(1, max_limit));
  add(command, "--cursor", "cursor", "The next page: the `next` of the answer before");
}

std::string ListQuery::of(const std::string& path) const {
  std::string out = path;
  char before = '?';
  for (const auto& [parameter, value] : asked_) {
    if (value.empty()) continue;
    out.append(1, std::exchange(before, '&'))
        .append(parameter)
        .append("=")
        .append(http::percent_encode(value));
  }
  return out;
}

}  // namespace jangbu::cli
