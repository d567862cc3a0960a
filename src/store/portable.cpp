// The portable SQL subset: macros, and the rule on parameters.
#include <array>
#include <string>

#include "base/ascii.h"
#include "store/migration.h"

namespace jangbu::store {
namespace {

struct Macro {
  std::string_view name;
  std::string_view sqlite;
  std::string_view postgres;
};

constexpr std::array<Macro, 6> macros = {{
    {"{BLOB}", "BLOB", "BYTEA"},
    {"{ROWID_KEY}", "INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY"},
    {"{WITHOUT_ROWID}", "WITHOUT ROWID", ""},
    {"{NOT_INDEXED}", "NOT INDEXED", ""},
    {"{ZERO_AMOUNT}", "x'80000000000000000000000000000000'", "'\\x80000000000000000000000000000000'::bytea"},
    {"{TEXT_C}", "TEXT", "TEXT COLLATE \"C\""},
}};

/// Where the literal, quoted name or comment that begins at `at` ends (one past it), or `at` when none begins
/// there.
std::size_t skip_quoted(std::string_view sql, std::size_t at) {
  const char c = sql[at];
  if (c == '\'' || c == '"') {
    const std::size_t end = sql.find(c, at + 1);
    return end == std::string_view::npos ? sql.size() : end + 1;
  }
  if (sql.substr(at, 2) == "--") {
    const std::size_t end = sql.find('\n', at);
    return end == std::string_view::npos ? sql.size() : end + 1;
  }
  if (sql.substr(at, 2) == "/*") {
    const std::size_t end = sql.find("*/", at + 2);
    return end == std::string_view::npos ? sql.size() : end + 2;
  }
  return at;
}

}  // namespace

std::string expand_macros(std::string_view sql, Engine engine) {
  std::string out;
  out.reserve(sql.size() + 64);
  for (std::size_t at = 0; at < sql.size();) {
    const Macro* found = nullptr;
    if (sql[at] == '{') {
      for (const Macro& macro : macros) {
        if (sql.substr(at, macro.name.size()) == macro.name) found = &macro;
      }
    }
    if (found != nullptr) {
      out.append(engine == Engine::sqlite ? found->sqlite : found->postgres);
      at += found->name.size();
    } else {
      out.push_back(sql[at++]);
    }
  }
  return out;
}

Result<std::size_t> count_parameters(std::string_view sql) {
  const auto refuse = [sql](const char* why) {
    return Error(Errc::database_error, std::string(why) + ": " + std::string(sql));
  };
  std::size_t highest = 0;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t after = skip_quoted(sql, at);
    if (after != at) {
      at = after;
      continue;
    }
    if (sql[at] == '?') return refuse("parameters are written $1, $2, not ?");
    if (sql[at] != '$') {
      ++at;
      continue;
    }
    std::size_t number = 0;
    std::size_t end = at + 1;
    while (end < sql.size() && is_digit(sql[end]) && end - at < 6) {
      number = number * 10 + static_cast<std::size_t>(sql[end++] - '0');
    }
    if (number == 0) return refuse("$ stands only before a parameter's number");
    if (number > highest + 1) return refuse("parameters must first appear in ascending order");
    if (number == highest + 1) highest = number;
    at = end;
  }
  return highest;
}

Status check_portable(std::string_view sql) {
  RETURN_IF_ERROR(count_parameters(sql));
  return {};
}

}  // namespace jangbu::store
