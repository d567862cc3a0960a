// What the report takes from the server's /metrics.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace jangbu::cli::bench {

/// The stages of a batch, in their order; the labels of jangbu_batch_stage_seconds.
inline constexpr std::array<std::string_view, 5> stage_names = {"decide", "seal", "flush", "commit",
                                                                "answer"};

struct ServerMetrics {
  std::uint64_t batches = 0;
  std::uint64_t records = 0;
  std::array<std::uint64_t, stage_names.size()> stage_us{};

  /// What came after `earlier`.
  [[nodiscard]] ServerMetrics since(const ServerMetrics& earlier) const;
};

/// Nothing when a series is missing.
std::optional<ServerMetrics> parse_metrics(std::string_view text);

}  // namespace jangbu::cli::bench
