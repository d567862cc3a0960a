// Lists of an operator's pages: numbered things, the newest first, a page at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "http/message.h"
#include "store/database.h"

namespace jangbu::door {

/// What a list is asked for: "status=PAID&cursor=12&limit=50".
struct Wanted {
  std::map<std::string, std::string, std::less<>> filters;  // by their names; none is empty
  std::uint64_t before = INT64_MAX;                         // the cursor
  std::uint64_t limit = 25;

  /// Whether nothing is asked for under that name, or just that text.
  [[nodiscard]] bool fits(std::string_view name, std::string_view text) const;
  /// The same for a part of the text, in any case of ASCII letters.
  [[nodiscard]] bool is_in(std::string_view name, std::string_view text) const;
};
/// A list whose cursors are no numbers has "cursor" among its filters. Error: invalid_parameters, naming all
/// that is wrong.
Result<Wanted> read_wanted(std::string_view query, const std::vector<std::string_view>& filters);

/// Rows that one page looks at: a page may have fewer than its limit, or none, and still a `next`.
inline constexpr std::uint64_t max_scanned = 5000;

struct NumberedList {
  std::string_view member;  // of the answer: "campaigns"
  /// SELECT number, ... WHERE number < $1 ORDER BY number DESC LIMIT $2
  const store::Sql& sql;
  /// Whether a row is of the page.
  std::function<bool(const store::Row&)> fits;
  /// The JSON of the thing with that number.
  std::function<Result<std::string>(std::uint64_t number)> render;
};
/// {"campaigns":[...],"next":"12"}; `next` is null on the last page.
Result<std::string> page_of(store::Session& session, const NumberedList& list, const Wanted& wanted);
/// The same of the one thing that somebody asked for by its id, or of nothing when there is none.
std::string page_of_one(std::string_view member, const std::optional<std::string>& item);

/// A handler of GET that answers with a list which may be narrowed by `filters`.
http::Handler list_of(engine::Engine& engine, std::vector<std::string_view> filters,
                      std::function<Result<std::string>(store::Session&, const Wanted&)> make);
/// A handler of GET that answers with the thing which a parameter of the path names.
http::Handler one_of(engine::Engine& engine, std::string_view parameter,
                     std::function<Result<std::string>(store::Session&, std::string_view)> make);

}  // namespace jangbu::door
