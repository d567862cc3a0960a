#include "affiliate/attribution.h"

#include <algorithm>

#include "affiliate/wire_intake.h"

namespace jangbu::affiliate {
namespace {

using engine::Unit;

constexpr std::int64_t minutes_a_day = 1440;
/// Clocks of merchants and ours may differ by so much.
constexpr std::int64_t clock_skew_minutes = 10;

std::int64_t minute_of(Instant at) { return at.us / minute_us; }

std::optional<Failure> attribute_promo(State& state, Unit& unit, const OrderForm& form,
                                       const MerchantSet& merchant, Attribution& sent) {
  const PromoSet* promo = state.promo(unit, merchant.number, form.event_code, form.promo_code);
  if (promo == nullptr) return Failure{message::no_event};
  sent.affiliate = promo->affiliate;
  sent.promo = *promo;
  const bool is_in_force = std::any_of(
      form.products.begin(), form.products.end(),
      [&](const ProductForm& product) { return promo->in_force(bought_at(product, unit.now())); });
  return is_in_force ? std::nullopt : std::optional(Failure{message::no_event});
}

std::optional<Failure> attribute_click(State& state, Unit& unit, const OrderForm& form,
                                       const MerchantSet& merchant, Attribution& sent) {
  const auto by = read_lpinfo(form.lpinfo);
  if (!by) return Failure{message::lpinfo_format};
  sent.affiliate = by->affiliate;
  if (!by->click) {
    sent.marks |= mark_click_foreign;
    return std::nullopt;
  }
  sent.click = by->click;
  if (static_cast<std::int64_t>(by->click->minute) > minute_of(unit.now()) + clock_skew_minutes)
    return Failure{message::problem};
  const auto click = state.find_click(unit, *by->click);
  if (!click || click->affiliate != by->affiliate || click->merchant != merchant.number) {
    sent.marks |= mark_click_lost;
    return std::nullopt;
  }
  sent.clicked_at = click->at;
  sent.u_id = click->user_id;
  if ((click->marks & (click_bot | click_program)) != 0) sent.marks |= mark_robot;
  return std::nullopt;
}

}  // namespace

Attribution attribute(State& state, Unit& unit, const OrderForm& form, const MerchantSet& merchant) {
  Attribution sent;
  sent.failure = form.by_promo ? attribute_promo(state, unit, form, merchant, sent)
                               : attribute_click(state, unit, form, merchant, sent);
  if (sent.failure) return sent;
  const AffiliateSet* affiliate = state.config().affiliate(sent.affiliate);
  const bool may_send = affiliate != nullptr && affiliate->active && affiliate->may_promote(merchant.number);
  if (!may_send || !merchant.active) sent.failure = Failure{message::problem};
  return sent;
}

Instant bought_at(const ProductForm& product, Instant now) {
  return std::min(product.paid_at.value_or(now), now);
}

bool precedes_click(const Attribution& sent, Instant at) {
  return sent.click && minute_of(at) + clock_skew_minutes < static_cast<std::int64_t>(sent.click->minute);
}

bool in_window(const Attribution& sent, const ProgramSet& program, Instant happened_at) {
  if (!sent.click) return true;
  const std::int64_t after = minute_of(happened_at) - static_cast<std::int64_t>(sent.click->minute);
  return after <= static_cast<std::int64_t>(program.window_days) * minutes_a_day;
}

}  // namespace jangbu::affiliate
