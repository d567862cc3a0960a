// Who is paid for an order: the affiliate by whose click or promotion code it came.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "affiliate/requests.h"
#include "affiliate/state.h"

namespace jangbu::affiliate {

/// Why something was not taken, in the protocol's words.
struct Failure {
  std::string_view why;
};

struct Attribution {
  AffiliateNumber affiliate = 0;
  std::optional<PromoSet> promo;
  std::optional<ClickId> click;
  std::optional<Instant> clicked_at;
  std::string u_id;
  std::uint64_t marks = 0;
  /// Why nothing new can be taken of the request; the rest says then how far it was understood.
  std::optional<Failure> failure;
};
Attribution attribute(State& state, engine::Unit& unit, const OrderForm& form, const MerchantSet& merchant);

/// When it was bought; never later than now.
Instant bought_at(const ProductForm& product, Instant now);
/// Whether that moment lies before the click that led to the purchase, by more than clocks differ.
bool precedes_click(const Attribution& sent, Instant at);
/// Whether the purchase lies within the programme's time after the click.
bool in_window(const Attribution& sent, const ProgramSet& program, Instant happened_at);

}  // namespace jangbu::affiliate
