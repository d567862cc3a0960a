// This program as a child process of its own: the server that is measured, and verify after it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.h"
#include "base/time.h"

namespace jangbu::cli::bench {

/// Its standard output is read here; its standard error is ours. It is killed when this object goes, and when
/// this process dies.
class Child {
 public:
  /// `arguments`: those of the command line. Error: io_error.
  static Result<std::unique_ptr<Child>> start(const Clock& clock, const std::vector<std::string>& arguments);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Reads its output until a line starts with `prefix`, and returns that line. Error: io_error when it ends
  /// before, when the patience does, or on an interrupt.
  Result<std::string> await_line(std::string_view prefix, std::int64_t patience_ms);
  void send_signal(int signal_number) const;
  /// Waits for its end. What it has written and was not read; its exit status is 0. Error: io_error, also
  /// for any other exit status.
  Result<std::string> await_success(std::int64_t patience_ms);
  /// Ends it at once, as a crash would.
  void kill_now();

  struct Usage {
    std::uint64_t peak_memory_kb = 0;
    std::uint64_t memory_kb = 0;
    std::uint64_t processor_us = 0;
  };
  /// Error: io_error when it is gone.
  [[nodiscard]] Result<Usage> usage() const;

 private:
  Child(const Clock& clock, pid_t pid, int output) : clock_(clock), pid_(pid), output_(output) {}
  Result<bool> read_more(std::int64_t give_up_us);

  const Clock& clock_;
  pid_t pid_;  // 0 when it has been waited for
  int output_;
  std::string unread_;
};

}  // namespace jangbu::cli::bench
