#include "affiliate/click_marks.h"

namespace jangbu::affiliate {
namespace {

constexpr std::size_t seen_slots = 65'536;
constexpr std::size_t window_slots = 16'384;

/// Mixes what is already spread with small numbers (the last steps of MurmurHash3).
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ value >> 33U) * 0xff51afd7ed558ccdU;
  value = (value ^ value >> 33U) * 0xc4ceb9fe1a85ec53U;
  return value ^ value >> 33U;
}

bool is_within(Instant at, Instant since, Duration window) { return at >= since && at - since < window; }

}  // namespace

ClickMarks::ClickMarks() : seen_(seen_slots), windows_(window_slots) {}

bool ClickMarks::is_repeat(std::uint64_t visitor, AffiliateNumber affiliate, MerchantNumber merchant,
                           Instant at) {
  const std::uint64_t key = mix(visitor ^ mix(affiliate ^ mix(merchant)));
  Seen& seen = seen_[key % seen_slots];
  if (seen.key == key && is_within(at, seen.at, repeat_window)) return true;
  seen = {key, at};
  return false;
}

bool ClickMarks::is_burst(std::uint64_t visitor, Instant at) {
  Window& window = windows_[visitor % window_slots];
  if (window.visitor != visitor || !is_within(at, window.since, burst_window)) window = {visitor, at, 0};
  return ++window.clicks > burst_clicks;
}

std::uint64_t ClickMarks::note(std::uint64_t visitor, AffiliateNumber affiliate, MerchantNumber merchant,
                               Instant at) {
  return (is_repeat(visitor, affiliate, merchant, at) ? click_repeat : 0U) |
         (is_burst(visitor, at) ? click_burst : 0U);
}

}  // namespace jangbu::affiliate
