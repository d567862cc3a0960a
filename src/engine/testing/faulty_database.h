// A database that fails on demand, over any other.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "store/database.h"

namespace jangbu::engine::testing {

/// What the next commit of a writer's session does instead of committing.
enum class CommitFault : std::uint8_t {
  none,
  unknown_stored,  // the transaction is durable, the answer is lost
  unknown_lost,    // nothing is stored, and nobody says so
  rolled_back,     // nothing is stored, with the error that was asked for
};

/// Passes everything on to `inner`, which it does not own, but for the faults that are armed. Thread-safe, as
/// every Database.
class FaultyDatabase final : public store::Database {
 public:
  explicit FaultyDatabase(store::Database& inner) : inner_(inner) {}
  ~FaultyDatabase() override;

  Result<std::unique_ptr<store::WriterSession>> open_writer() override;
  Result<std::unique_ptr<store::Session>> open_reader() override;
  [[nodiscard]] store::Engine engine() const override { return inner_.engine(); }
  [[nodiscard]] std::string display_name() const override { return inner_.display_name(); }
  [[nodiscard]] std::uint64_t size_bytes() const override { return inner_.size_bytes(); }

  /// The `nth` commit from now on (1: the next) meets the fault, once.
  void fail_commit(CommitFault fault, Errc error = Errc::database_unavailable, int nth = 1);
  /// Every write is refused with this error until it is taken back.
  void fail_writes(std::optional<Errc> error);
  /// Sessions cannot be opened until it is taken back.
  void refuse_sessions(bool refuse) { refuses_ = refuse; }
  /// make_durable() does nothing and says that it did, to show that a test of durability bites.
  void pretend_durable(bool pretend) { pretends_ = pretend; }
  /// As when the machine of this node goes: its writer sessions are cut off and no other can be opened.
  void cut_off();
  /// Calls of after_commit() that were passed on.
  [[nodiscard]] int upkeeps() const { return upkeeps_; }
  /// Commits that were passed on.
  [[nodiscard]] int commits() const { return commits_; }

 private:
  class Session;
  CommitFault take_commit_fault(Errc& error);

  store::Database& inner_;
  std::atomic<bool> refuses_{false};
  std::atomic<bool> pretends_{false};
  std::atomic<int> commits_{0};
  std::atomic<int> upkeeps_{0};
  std::mutex mutex_;
  CommitFault fault_ = CommitFault::none;
  Errc fault_error_{};
  int fault_in_ = 0;
  std::optional<Errc> write_error_;
  std::set<Session*> sessions_;
};

}  // namespace jangbu::engine::testing
