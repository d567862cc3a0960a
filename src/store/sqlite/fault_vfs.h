// A disk that fails on demand, for tests: an SQLite VFS in front of the system's one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace jangbu::store::test {

enum class Fault : std::uint8_t {
  io_error,    // write, sync and truncate fail
  disk_full,   // write fails for lack of space
  sync_error,  // sync fails, and what it was to make durable is forgotten by every later one
};

/// Registered under its name while it lives; open databases through it by that name and close them before it
/// ends. Thread-safe.
class FaultVfs {
 public:
  explicit FaultVfs(std::string name);
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;
  ~FaultVfs();
  [[nodiscard]] const std::string& name() const;

  /// The `nth` operation from now that the fault touches fails: 1 is the next one. With `for_good` all after
  /// it do too.
  void fail(Fault fault, int nth, bool for_good);
  /// No more faults.
  void heal();
  /// Whether a fault has struck since fail().
  [[nodiscard]] bool struck() const;

  /// Called before each write, sync and truncate: a moment at which the power may go.
  void before_each_operation(std::function<void()> callback);
  /// What the disk holds if the power goes now: of each file what was synced, and of what was written since
  /// an arbitrary choice (by `seed`) of sectors, some of them from the middle of a write. Written into an
  /// empty `directory`.
  void save_after_power_loss(const std::string& directory, std::uint64_t seed) const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace jangbu::store::test
