// LPINFO: what a click leaves with the shopper, and what the merchant's server sends back with an order.
//
//   a_id|click_id|l|l_cd1|l_cd2        A100000001|29700000abc123|0000|2|0
//
// At most 560 bytes. "%7C" may stand for any of the bars. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "affiliate/types.h"
#include "base/time.h"

namespace jangbu::affiliate {

inline constexpr std::size_t max_lpinfo_bytes = 560;
inline constexpr std::string_view default_link_kind = "0000";
inline constexpr std::string_view deeplink_kind = "9999";
/// Of l_cd1 and of l_cd2.
inline constexpr std::size_t max_link_code_bytes = 100;

/// What a click is known by: 14 characters, eight digits of the minute and six of a sequence in base 62.
struct ClickId {
  std::uint32_t minute = 0;    // since 1970, below 100,000,000
  std::uint64_t sequence = 0;  // below click_sequences

  friend bool operator==(const ClickId&, const ClickId&) = default;
  friend auto operator<=>(const ClickId&, const ClickId&) = default;
};
inline constexpr std::size_t click_id_bytes = 14;
inline constexpr std::uint64_t click_sequences = 56'800'235'584;  // 62^6
inline constexpr std::uint32_t click_minutes = 100'000'000;

/// The minute of a moment. INVARIANT: it lies between 1970 and 2160.
std::uint32_t click_minute(Instant at);
void append_click_id(ClickId id, std::string& out);
std::optional<ClickId> parse_click_id(std::string_view text);

struct Lpinfo {
  AffiliateNumber affiliate = 0;
  ClickId click;
  std::string l;      // 1 to 4 letters and digits
  std::string l_cd1;  // what the affiliate wrote; is_link_code()
  std::string l_cd2;

  friend bool operator==(const Lpinfo&, const Lpinfo&) = default;
};

/// Whether this may stand as l in an LPINFO.
bool is_link_kind(std::string_view text);
/// Whether this may stand as l_cd1 or l_cd2: what a cookie may hold, without bars and percent signs.
bool is_link_code(std::string_view text);

/// Nothing when it is too long, has not its five parts, or one of them is not what it must be.
std::optional<Lpinfo> parse_lpinfo(std::string_view text);
void append_lpinfo(AffiliateNumber affiliate, ClickId click, std::string_view l, std::string_view l_cd1,
                   std::string_view l_cd2, std::string& out);
std::string lpinfo_text(const Lpinfo& lpinfo);

}  // namespace jangbu::affiliate
