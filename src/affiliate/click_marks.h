// Which clicks are repeats and bursts. Remembers the last minute or so in a fixed place, and forgets earlier
// when many visitors come at once: then a repeat goes unmarked, and never the other way round.
#pragma once

#include <cstdint>
#include <vector>

#include "affiliate/click_records.h"

namespace jangbu::affiliate {

/// From a click that was no repeat on, the next ones of the same visitor, affiliate and merchant are.
inline constexpr Duration repeat_window = Duration::seconds(10);
/// A visitor's clicks beyond this many within the window are a burst.
inline constexpr std::uint32_t burst_clicks = 30;
inline constexpr Duration burst_window = Duration::seconds(60);

/// One thread at a time.
class ClickMarks {
 public:
  ClickMarks();
  /// The marks that this click gets for what came before it. Time may stand, and go back.
  std::uint64_t note(std::uint64_t visitor, AffiliateNumber affiliate, MerchantNumber merchant, Instant at);

 private:
  struct Seen {
    std::uint64_t key = 0;
    Instant at;
  };
  struct Window {
    std::uint64_t visitor = 0;
    Instant since;
    std::uint32_t clicks = 0;
  };
  bool is_repeat(std::uint64_t visitor, AffiliateNumber affiliate, MerchantNumber merchant, Instant at);
  bool is_burst(std::uint64_t visitor, Instant at);

  std::vector<Seen> seen_;       // by the last bits of the key
  std::vector<Window> windows_;  // by the last bits of the visitor
};

}  // namespace jangbu::affiliate
