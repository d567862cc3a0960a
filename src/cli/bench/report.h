// The result of a run, as a few lines to read or as one JSON object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/bench/load.h"
#include "cli/bench/server_metrics.h"

namespace jangbu::cli::bench {

/// What one of two books did in its share of a turn.
struct Side {
  std::uint64_t purchases = 0;
  std::uint64_t per_s = 0;
  std::uint64_t processor_us = 0;  // of its server
};

/// The same load on a new book and on the one that was filled before, one right after the other.
struct Turn {
  Side new_book;
  Side filled;
};

struct Report {
  std::string database;  // "sqlite" or "postgresql"
  int connections = 0;
  std::uint64_t users = 0;
  std::uint64_t prefilled = 0;

  std::uint64_t signatures_before_per_s = 0;
  std::uint64_t signatures_after_per_s = 0;
  std::vector<Turn> turns;
  LoadResult load;
  ServerMetrics metrics;           // of the measured time
  std::uint64_t processor_us = 0;  // of the server, in the measured time
  std::uint64_t peak_memory_kb = 0;
  std::uint64_t memory_kb = 0;
  std::int64_t ready_us = 0;
  std::optional<std::int64_t> ready_again_us;
  std::uint64_t acknowledged = 0;  // by all phases of the run
  std::uint64_t stored = 0;        // what the server counts at the end
  std::uint64_t bytes_per_purchase = 0;
  std::optional<std::uint64_t> one_by_one_per_s;
  std::int64_t verify_us = 0;
  std::string verified;  // what verify said
  bool verify_clean = false;

  [[nodiscard]] std::uint64_t signatures_per_s() const {
    return (signatures_before_per_s + signatures_after_per_s) / 2;
  }
  /// Every answer was a success or an unknown outcome, nothing that was acknowledged is missing, and the
  /// books verify.
  [[nodiscard]] bool good() const { return load.failed == 0 && stored >= acknowledged && verify_clean; }
};

std::string to_text(const Report& report);
std::string to_json(const Report& report);

}  // namespace jangbu::cli::bench
