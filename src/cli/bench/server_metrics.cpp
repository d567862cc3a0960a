#include "cli/bench/server_metrics.h"

#include <charconv>

#include <fmt/format.h>

namespace jangbu::cli::bench {
namespace {

constexpr std::size_t us_digits = 6;

/// The value's text behind "SERIES " at the start of a line.
std::optional<std::string_view> value_of(std::string_view text, std::string_view series) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (line.starts_with(series) && line.substr(series.size()).starts_with(' '))
      return line.substr(series.size() + 1);
    at = end + 1;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> count_of(std::string_view text, std::string_view series) {
  const auto value = value_of(text, series);
  return value ? whole(*value) : std::nullopt;
}

/// Seconds with up to six fraction digits, in microseconds.
std::optional<std::uint64_t> us_of(std::string_view text, std::string_view series) {
  const auto value = value_of(text, series);
  if (!value) return std::nullopt;
  const std::size_t point = std::min(value->find('.'), value->size());
  std::string digits(value->substr(0, point));
  std::string fraction(value->substr(std::min(point + 1, value->size())));
  fraction.resize(us_digits, '0');
  return whole(digits + fraction);
}

}  // namespace

ServerMetrics ServerMetrics::since(const ServerMetrics& earlier) const {
  ServerMetrics difference{batches - earlier.batches, records - earlier.records, {}};
  for (std::size_t i = 0; i < stage_us.size(); ++i)
    difference.stage_us[i] = stage_us[i] - earlier.stage_us[i];
  return difference;
}

std::optional<ServerMetrics> parse_metrics(std::string_view text) {
  ServerMetrics metrics;
  const auto batches = count_of(text, "jangbu_batches_total");
  const auto records = count_of(text, "jangbu_records_total");
  if (!batches || !records) return std::nullopt;
  metrics.batches = *batches;
  metrics.records = *records;
  for (std::size_t i = 0; i < stage_names.size(); ++i) {
    const auto us =
        us_of(text, fmt::format("jangbu_batch_stage_seconds_sum{{stage=\"{}\"}}", stage_names[i]));
    if (!us) return std::nullopt;
    metrics.stage_us[i] = *us;
  }
  return metrics;
}

}  // namespace jangbu::cli::bench
