// The records that moved or held money on an account: what a page of its movements is found by, whether it
// has three among a million or a million of its own. A projection like the balances.
//
// The newest stand in the account's own row, which every entry writes anyway, so that they cost no row of
// their own. When there are `touched_chunk` of them they are put aside as one row of ledger_touched.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "engine/table.h"
#include "ledger/entry.h"
#include "store/database.h"

namespace jangbu::ledger {

/// Records of one row.
inline constexpr std::size_t touched_chunk = 32;

/// Numbers of records in ascending order; as bytes, varints: the first, then the distance of each from the
/// one before it.
class TouchedRecords {
 public:
  TouchedRecords() = default;
  /// INVARIANT: the bytes are bytes() of one.
  static TouchedRecords from_bytes(ByteView bytes);

  /// Once for each record, however often it is said. INVARIANT: not below the last one, and not full.
  void add(std::uint64_t record);
  [[nodiscard]] bool full() const { return count_ == touched_chunk; }
  [[nodiscard]] std::uint64_t first() const { return first_; }  // 0: there is none
  [[nodiscard]] std::uint64_t last() const { return last_; }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
  std::size_t count_ = 0;
};

/// What an account has put aside, by the first record of each row.
struct TouchedTraits {
  using Key = std::pair<AccountRef, std::uint64_t>;
  using Row = TouchedRecords;
  static const store::Sql load;
  static std::size_t hash(const Key& key);
  static std::vector<store::Value> key_values(const Key& key);
  static Row read(const store::Row& row);
  static Status write(store::Session& session, const Key& key, const Row& row);
  static Status erase(store::Session&, const Key&) { INVARIANT(false, "what was put aside stays"); }
};

/// Records below `before` that touched the account, the newest first, `limit` at most. None for an account
/// that there is not. In a snapshot; any reader thread. The session's errors.
Result<std::vector<std::uint64_t>> records_touching(store::Session& session, AccountRef account,
                                                    std::uint64_t before, std::size_t limit);

}  // namespace jangbu::ledger
