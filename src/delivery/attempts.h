// The table delivery_attempts: what happened each time that an event was sent. No truth of the book; rows are
// kept for 30 days.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/database.h"

namespace jangbu::delivery {

struct Attempt {
  std::uint64_t event = 0;
  std::uint32_t number = 0;  // from 1
  std::uint32_t tries = 0;   // since the event was emitted or sent again by hand
  Instant started_at;        // wall time
  std::int64_t duration_us = 0;
  int status = 0;      // of HTTP or SMTP; 0: none
  std::string error;   // why it failed, empty when it did not
  std::string answer;  // the first kept_answer_bytes of it
  Instant next_at;     // business time of the next attempt; 0: there is none
  Bytes message;       // what its message_id() is made of; empty where that is not read
};
inline constexpr std::size_t kept_answer_bytes = 1024;
inline constexpr Duration attempts_kept = Duration::days(30);

/// In the transaction of the session. A row that is there already stays as it is.
Status write_attempts(store::Session& session, std::span<const Attempt> attempts);
/// Removes at most 1,000 rows that are older than they are kept.
Status sweep_attempts(store::Session& session, Instant wall_now);

/// The attempts of an event, the newest first, at most `limit`.
Result<std::vector<Attempt>> read_attempts(store::Session& session, std::uint64_t event, std::size_t limit);
/// The newest attempt of each event, in their order; number 0 where there is none.
Result<std::vector<Attempt>> read_last_attempts(store::Session& session,
                                                std::span<const std::uint64_t> events);

/// The event whose first attempt went out under that id, among those that are kept; 0: there is none.
Result<std::uint64_t> event_of_message(store::Session& session, ByteView message);

}  // namespace jangbu::delivery
