#include "cli/progress.h"

#include <cstdio>

#include <unistd.h>

namespace jangbu::cli {
namespace {

constexpr std::int64_t terminal_interval_us = 100'000;
constexpr std::int64_t plain_interval_us = 5'000'000;
constexpr int bar_width = 30;

std::string time_left(std::int64_t seconds) {
  if (seconds >= 3600)
    return std::to_string(seconds / 3600) + "h" + std::to_string(seconds % 3600 / 60) + "m";
  if (seconds >= 60) return std::to_string(seconds / 60) + "m" + std::to_string(seconds % 60) + "s";
  return std::to_string(seconds) + "s";
}

}  // namespace

Progress::Progress(const Clock& clock) : clock_(clock), terminal_(::isatty(STDERR_FILENO) == 1) {}
Progress::~Progress() { line_end(); }

void Progress::line_end() {
  if (line_open_) std::fputc('\n', stderr);
  line_open_ = false;
}

void Progress::update(std::string_view unit, std::uint64_t done, std::uint64_t total) {
  const std::int64_t now = clock_.monotonic_us();
  if (unit != unit_) {
    line_end();
    unit_ = std::string(unit);
    start_us_ = now;
    shown_us_ = 0;
  }
  const bool last = done >= total;
  if (!last && now - shown_us_ < (terminal_ ? terminal_interval_us : plain_interval_us)) return;
  shown_us_ = now;
  const auto elapsed_ms = static_cast<std::uint64_t>((now - start_us_) / 1000 + 1);
  const std::uint64_t rate = done * 1000 / elapsed_ms;
  const std::uint64_t percent = total == 0 ? 100 : done * 100 / total;
  const std::string left =
      rate == 0 ? std::string("?") : time_left(static_cast<std::int64_t>((total - done) / rate));
  const auto line = [&](const char* start, const char* bar, const char* end) {
    std::fprintf(stderr, "%s%s%s %3llu%%  %llu of %llu  %llu/s  %s left%s", start, unit_.c_str(), bar,
                 static_cast<unsigned long long>(percent), static_cast<unsigned long long>(done),
                 static_cast<unsigned long long>(total), static_cast<unsigned long long>(rate), left.c_str(),
                 end);
  };
  if (!terminal_) {
    line("", "", "\n");
    return;
  }
  const auto filled = static_cast<std::size_t>(percent * bar_width / 100);
  const std::string bar = " [" + std::string(filled, '#') + std::string(bar_width - filled, '.') + "]";
  line("\r", bar.c_str(), "\x1b[K");
  std::fflush(stderr);
  line_open_ = true;
  if (last) line_end();
}

}  // namespace jangbu::cli
