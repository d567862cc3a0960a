// Whose purchases a span of records holds, so that a list of one wallet's, or one shop's, passes over the
// spans that have none of them. A projection like the runs: one row for 256 purchases and those that came in
// the last one's batch, with at most eight bytes for each of them, that is written once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "purchase/records.h"
#include "store/database.h"

namespace jangbu::purchase {

/// Stands for a wallet or a shop of a holder, whatever the case of its letters. Two of them may have the same
/// one, by a chance of one in 2^32 or by intent: then a list looks at purchases that it does not show.
/// Format: the lower half of FNV-1a (64 bits) of one byte for the kind, the holder as u64 and the text in
/// lower case.
enum class Mark : std::uint32_t {};
Mark account_mark(HolderId holder, std::string_view user_account);
Mark shop_mark(HolderId holder, std::string_view shop_id);

/// The span that is open: the purchases since the last one that was written. Writer thread.
class OpenSpan {
 public:
  /// `record` is higher than those before.
  void add(std::uint64_t record, const Recorded& purchase);
  /// To be written with the batch that is open. A span ends with a batch, so that each run is in one.
  [[nodiscard]] bool full() const;
  /// INVARIANT: full().
  void write(store::Session& session) const;

 private:
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
  std::size_t purchases_ = 0;
  std::vector<Mark> marks_;
};

/// The last record of all spans; 0 when there is none. The session's errors.
Result<std::uint64_t> end_of_spans(store::Session& session);

/// A reader's walk over spans from the newest to the oldest.
class SpanWalk {
 public:
  explicit SpanWalk(Mark mark) : mark_(mark) {}

  /// Where the purchases of `mark` are to be looked for next: below the record that is returned, which is
  /// `before` or lower. `run` is the first record of the newest run below `before`. Error: the session's.
  Result<std::uint64_t> pass(store::Session& session, std::uint64_t run, std::uint64_t before);
  /// Has looked at as many spans as one page may.
  [[nodiscard]] bool tired() const;

 private:
  Mark mark_;
  std::uint64_t look_from_ = INT64_MAX;  // runs from here on up are looked at
  std::size_t looked_ = 0;
};

}  // namespace jangbu::purchase
