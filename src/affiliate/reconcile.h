// The daily comparison with merchants' lists: what they paid, confirmed and cancelled on a day is asked for
// and put into the books. A list that cannot be had is asked for again, and with the next day's at the
// latest.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "affiliate/config.h"
#include "affiliate/requests.h"
#include "affiliate/settlement.h"
#include "base/json_items.h"
#include "base/scheduled_executor.h"
#include "delivery/client.h"
#include "engine/engine.h"

namespace jangbu::affiliate {

struct ReconcilerOptions {
  /// Merchants that are asked at one time, each with one list in memory: at most as many times
  /// max_answer_bytes. 0: a test calls step().
  int threads = 4;
  /// Days that are made up for, when nothing could be had for longer.
  int most_days = 31;
  Duration first_delay = Duration::seconds(60);  // after a failure; doubled by each further one
  Duration longest_delay = Duration::seconds(3600);
  int most_tries = 8;                         // of one day's lists, before the next day's turn
  Duration patience = Duration::seconds(60);  // for one answer of a merchant, and for one of the books
  delivery::ClientOptions client{.timeout_ms = 30'000, .max_answer_bytes = 16 * 1024 * 1024};
};

/// The three lists of a day.
enum class ListKind : std::uint8_t { paid, confirmed, canceled };
/// A merchant's URL with the day in it: both spellings of "confirmed", because merchants know one of them.
std::string list_url(std::string_view base, ListKind kind, Day day);

/// Bytes of one order of a list, as many as the intake takes of one: it becomes a tree many times as large.
inline constexpr std::size_t max_listed_order_bytes = 1 << 20;

/// The orders of a list, read one after another, so that beside the body no more than one is in memory; an
/// empty body is an empty list. `body` must stay meanwhile.
class ListedOrders {
 public:
  /// What stands at the next place of the list.
  struct Item {
    bool is_end = false;
    std::optional<OrderForm> order;  // nothing: it cannot be read, or is not this merchant's
  };

  ListedOrders(std::string_view body, std::string_view merchant_id);
  /// Error: invalid_parameters (no JSON, or another form; the orders before the fault were good ones); it is
  /// the last call.
  Result<Item> next();
  /// How many there were so far, and how many of them cannot be read or are not this merchant's.
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  json::Items items_;
  bool is_empty_;
  std::string_view merchant_id_;
  std::uint64_t count_ = 0;
  std::uint64_t refused_ = 0;
};

/// Thread-safe. It works on the node that writes.
class Reconciler {
 public:
  /// Everything must outlive it; the engine must still run when stop() is called.
  static Result<std::unique_ptr<Reconciler>> make(engine::Engine& engine, SettlementBook& book,
                                                  const ConfigBoard& board, const Clock& clock,
                                                  ReconcilerOptions options);
  ~Reconciler();

  /// Begins to work, and looks for what an earlier run or another node left undone.
  void start();
  void stop();
  /// Whether some merchant's lists are due that nobody has asked for yet: what holds a clock that is moved.
  [[nodiscard]] bool is_behind() const;
  bool step() { return executor_.step(); }

 private:
  Reconciler(engine::Engine& engine, SettlementBook& book, const ConfigBoard& board, const Clock& clock,
             ReconcilerOptions options, std::unique_ptr<delivery::Client> client);

  void want(const std::vector<WantedLists>& wanted);
  void work(MerchantNumber merchant);
  [[nodiscard]] Duration delay_after(int tries) const;
  /// All lists of a day, into the books. Error: why not.
  Status take_day(const MerchantSet& merchant, Day day);
  Status take_list(const MerchantSet& merchant, ListKind kind, ListFetched& fetched);
  /// An order is read while no other is: it is large as long as it is a tree.
  Result<ListedOrders::Item> next_of(ListedOrders& listed);
  Result<std::string> fetch(const std::string& url);
  Status take_order(OrderForm order, bool& refused);

  engine::Engine& engine_;
  SettlementBook& book_;
  const ConfigBoard& board_;
  const ReconcilerOptions options_;

  struct Job {
    Day done = 0;
    Day asked = 0;
    int tries = 0;         // in a row, without success
    bool is_fresh = true;  // nobody has asked for these yet
    bool waits = false;    // in the executor, or being worked on
  };
  mutable std::mutex mutex_;
  std::map<MerchantNumber, Job> jobs_;
  bool stopping_ = false;
  std::mutex reading_;

  std::unique_ptr<delivery::Client> client_;
  ScheduledExecutor executor_;
};

}  // namespace jangbu::affiliate
