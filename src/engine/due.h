// Due work: what must happen at a moment of business time, in order.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

#include "base/time.h"
#include "store/database.h"

namespace jangbu::engine {

/// Whose work it is; numbers are stored.
enum class WorkKind : std::uint16_t {
  purchase_provide = 1,
  payment_expire = 2,
  hub_campaign_phase = 10,
  hub_order_waits = 11,
  invoice_bill = 25,
  invoice_bill_retry = 26,
  invoice_subscription_wakes = 27,
  invoice_seller_wakes = 28,        // documents are sellers; behind the bills of its time: those come first
  invoice_seller_wakes_on = 29,     // the records that left it off
  affiliate_reconcile = 30,         // merchants
  affiliate_settlement_begin = 31,  // conversions
  affiliate_settlement_final = 32,  // conversions
};

/// A run of documents that fall due together: those among records first..last whose own due time is `due_at`.
/// One row stands for a whole batch of purchases, so that scheduling costs nothing per document.
struct DueRow {
  Instant due_at;
  WorkKind kind{};
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// The table engine_due as the open batch sees it. Writer thread.
class Due {
 public:
  /// Schedules document `number`, in any order and again as often as it is wanted; joins the row of the same
  /// batch, time and kind when there is one.
  void add(Instant due_at, WorkKind kind, std::uint64_t number);
  /// The work of this row is done.
  void remove(const DueRow& row);
  /// The earliest row of those that do not rest.
  std::optional<DueRow> earliest(store::Session& session);
  /// Its work is at fault: it is passed over until then, wall time, so that it keeps nothing else from being
  /// done. What rests is remembered across discard() and forgotten by a restart.
  void rest(const DueRow& row, Instant until);
  /// Ends the rest of those whose time has come.
  void wake(Instant wall_now);
  /// When the next one wakes, wall time.
  [[nodiscard]] std::optional<Instant> next_wake() const;
  /// The row that covers record `number` at that time: there is one as long as its work is not done.
  std::optional<DueRow> covering(store::Session& session, Instant due_at, WorkKind kind,
                                 std::uint64_t number);

  void flush(store::Session& session);
  void committed();
  void discard();

  /// covering() for snapshot readers.
  static Result<std::optional<DueRow>> find_stored(store::Session& session, Instant due_at, WorkKind kind,
                                                   std::uint64_t number);

 private:
  using Key = std::tuple<std::int64_t, WorkKind, std::uint64_t>;  // due_at, kind, first
  std::map<Key, std::uint64_t> added_;                            // -> last
  std::map<Key, bool> removed_;
  std::map<Key, Instant> resting_;  // -> until
  // The earliest stored row, kept between batches so that an idle check costs no query.
  std::optional<DueRow> stored_earliest_;
  bool stored_known_ = false;
};

}  // namespace jangbu::engine
