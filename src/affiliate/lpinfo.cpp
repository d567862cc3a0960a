#include "affiliate/lpinfo.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/invariant.h"

namespace jangbu::affiliate {
namespace {

constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t minute_digits = 8;
constexpr std::size_t parts = 5;

/// What a cookie may hold (RFC 6265), without bars and percent signs.
constexpr std::array<bool, 256> link_code_characters = [] {
  std::array<bool, 256> table{};
  for (unsigned char c = '!'; c <= '~'; ++c) table[c] = true;
  for (const char c : {'"', ',', ';', '\\', '|', '%'}) table[static_cast<unsigned char>(c)] = false;
  return table;
}();

/// The value of a digit in base 62, or nothing.
std::optional<std::uint64_t> base62_value(char c) {
  if (is_digit(c)) return static_cast<std::uint64_t>(c - '0');
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint64_t>(c - 'A') + 10;
  if (c >= 'a' && c <= 'z') return static_cast<std::uint64_t>(c - 'a') + 36;
  return std::nullopt;
}

/// The digits of `base`, exactly `width`, the highest first.
void append_digits(std::uint64_t value, std::size_t width, std::uint64_t base, std::string& out) {
  std::array<char, 16> digits{};
  for (std::size_t i = width; i > 0; --i) {
    digits[i - 1] = base62[value % base];
    value /= base;
  }
  INVARIANT(value == 0, "a number has its digits");
  out.append(digits.data(), width);
}

std::optional<std::uint64_t> parse_decimal_digits(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

/// Takes what stands before the next bar, or all.
std::string_view take_part(std::string_view& rest) {
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const bool encoded = rest[i] == '%' && (rest.substr(i, 3) == "%7C" || rest.substr(i, 3) == "%7c");
    if (rest[i] != '|' && !encoded) continue;
    const std::string_view part = rest.substr(0, i);
    rest.remove_prefix(i + (encoded ? 3 : 1));
    return part;
  }
  return std::exchange(rest, {});
}

}  // namespace

std::uint32_t click_minute(Instant at) {
  const std::int64_t minute = at.unix_seconds() / 60;
  INVARIANT(minute >= 0 && minute < click_minutes, "a click is made between 1970 and 2160");
  return static_cast<std::uint32_t>(minute);
}

void append_click_id(ClickId id, std::string& out) {
  append_digits(id.minute, minute_digits, 10, out);
  append_digits(id.sequence, click_id_bytes - minute_digits, 62, out);
}

std::optional<ClickId> parse_click_id(std::string_view text) {
  if (text.size() != click_id_bytes) return std::nullopt;
  const auto minute = parse_decimal_digits(text.substr(0, minute_digits));
  if (!minute) return std::nullopt;
  ClickId id{static_cast<std::uint32_t>(*minute), 0};
  for (const char c : text.substr(minute_digits)) {
    const auto value = base62_value(c);
    if (!value) return std::nullopt;
    id.sequence = id.sequence * 62 + *value;
  }
  return id;
}

bool is_link_kind(std::string_view text) {
  return !text.empty() && text.size() <= 4 &&
         std::all_of(text.begin(), text.end(), [](char c) { return base62_value(c).has_value(); });
}

bool is_link_code(std::string_view text) {
  return text.size() <= max_link_code_bytes && std::all_of(text.begin(), text.end(), [](char c) {
           return link_code_characters[static_cast<unsigned char>(c)];
         });
}

std::optional<Lpinfo> parse_lpinfo(std::string_view text) {
  if (text.size() > max_lpinfo_bytes) return std::nullopt;
  std::array<std::string_view, parts> part;
  for (std::size_t i = 0; i < parts; ++i) {
    const bool last = i + 1 == parts;
    const std::size_t before = text.size();
    part[i] = take_part(text);
    // A part that has a bar behind it leaves less than it took and the bar.
    if (last != (text.size() + part[i].size() == before)) return std::nullopt;
  }
  const AffiliateNumber affiliate = affiliate_of_id(part[0]);
  const auto click = parse_click_id(part[1]);
  if (affiliate == 0 || !click || !is_link_kind(part[2]) || !is_link_code(part[3]) || !is_link_code(part[4]))
    return std::nullopt;
  return Lpinfo{affiliate, *click, std::string(part[2]), std::string(part[3]), std::string(part[4])};
}

void append_lpinfo(AffiliateNumber affiliate, ClickId click, std::string_view l, std::string_view l_cd1,
                   std::string_view l_cd2, std::string& out) {
  out += affiliate_id(affiliate);
  out += '|';
  append_click_id(click, out);
  out += '|';
  out += l;
  out += '|';
  out += l_cd1;
  out += '|';
  out += l_cd2;
}

std::string lpinfo_text(const Lpinfo& lpinfo) {
  std::string out;
  append_lpinfo(lpinfo.affiliate, lpinfo.click, lpinfo.l, lpinfo.l_cd1, lpinfo.l_cd2, out);
  return out;
}

}  // namespace jangbu::affiliate
