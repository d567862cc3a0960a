// What a door shows at the operator's desk: what waits for people, and what stands behind an id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace jangbu::door {

/// Something that people must look after.
struct Waiting {
  std::string kind;  // "hub.orders": which list of the console has them
  std::uint64_t count = 0;
  bool more = false;  // there are more than were counted
};

/// Something that a search found.
struct Found {
  std::string kind;   // "hub.order": which page of the console shows it
  std::string id;     // under which that page knows it
  std::string title;  // for people
};

/// Things of one kind that are counted at most.
inline constexpr std::uint64_t max_counted = 1000;

/// A door's side of the desk. Any reader thread.
class Desk {
 public:
  virtual ~Desk() = default;
  /// Adds what waits now.
  virtual Status add_waiting(store::Session& session, std::vector<Waiting>& list) const = 0;
  /// Adds what an id, a code or a name stands for: exact, in a few look-ups.
  virtual Status find(store::Session& session, std::string_view text, std::vector<Found>& found) const = 0;
};

/// What an id stands for; nothing when there is no such thing. That the database could not say stays an
/// error.
template <typename T>
Result<std::optional<T>> if_there(Result<T> found) {
  if (found) return std::optional<T>(std::move(*found));
  const ErrorClass kind = error_class(found.error().code);
  if (kind == ErrorClass::retry || kind == ErrorClass::internal) return found.error();
  return std::optional<T>();
}

/// Counts the rows of "SELECT ... LIMIT $1" and adds them, unless there are none.
inline Status count_waiting(store::Session& session, const store::Sql& sql, std::string kind,
                            std::vector<Waiting>& list) {
  Waiting waiting{std::move(kind), 0, false};
  RETURN_IF_ERROR(session.query(sql, {store::Value::number(max_counted + 1)}, [&](const store::Row&) {
    waiting.more = waiting.count == max_counted;
    if (!waiting.more) ++waiting.count;
    return true;
  }));
  if (waiting.count != 0) list.push_back(std::move(waiting));
  return {};
}

}  // namespace jangbu::door
