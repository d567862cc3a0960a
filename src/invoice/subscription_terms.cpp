#include "invoice/subscription_terms.h"

#include <algorithm>
#include <array>

#include "base/calendar.h"

namespace jangbu::invoice {
namespace {

constexpr std::uint32_t last_adjustable_for_ever = 60;
constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::array retry_delays = {Duration::seconds(86'400), Duration::seconds(2 * 86'400),
                                     Duration::seconds(2 * 86'400), Duration::seconds(2 * 86'400)};
/// When the day for a retry has passed already.
constexpr Duration soon = Duration::seconds(3600);
constexpr std::int64_t fee_percent = 10;

/// What a month comes to with the running adjustments; may be below zero.
Money with_sum(const Terms& terms, const Bill& bill) {
  Money sum = bill.amount;
  for (const RunningAdjustment& adjustment : terms.adjustments)
    if (adjustment.covers(bill.month)) sum = sum.plus(adjustment.amount).value();
  return sum;
}

/// Rests from `month` on for as many months as it takes until its bill is due after `now`, and as `may`
/// allows.
template <typename May>
Status rest_while(Terms& terms, std::uint32_t month, Instant now, May may) {
  Rest rest{month, 0};
  while (true) {
    std::vector<Rest> rests = terms.rests;
    if (rest.months != 0) rests.push_back(rest);
    ASSIGN_OR_RETURN(const Instant due, due_of_month(terms.anchor, month, rests));
    bool goes_on = due <= now;
    if (goes_on) {
      ASSIGN_OR_RETURN(goes_on, may(rest.months + 1));
    }
    if (!goes_on) {
      terms.rests = std::move(rests);
      return {};
    }
    ++rest.months;
  }
}

TermsBill with_adjustments(const Terms& terms, Bill bill) {
  TermsBill made;
  const Money sum = with_sum(terms, bill);
  made.bill = std::move(bill);
  for (const RunningAdjustment& adjustment : terms.adjustments) {
    if (!adjustment.covers(made.bill.month)) continue;
    const auto kind =
        adjustment.type == RunningType::setup_price ? LineKind::setup_fee : LineKind::discount_price;
    made.bill.lines.push_back(
        {kind, 0, adjustment.name, std::to_string(adjustment.number), adjustment.amount});
  }
  made.is_below_zero = sum.is_negative();
  if (made.is_below_zero) made.bill.lines.push_back({LineKind::zero_floor, 0, "", "", sum.negated().value()});
  made.bill.amount = made.is_below_zero ? Money() : sum;
  return made;
}

}  // namespace

std::uint32_t total_months(const Terms& terms) {
  std::uint32_t months = 1;
  for (const PricedProduct& product : terms.products) {
    if (product.months == for_ever) return for_ever;
    months = std::max(months, product.months);
  }
  return months;
}

std::uint32_t last_adjustable_month(const Terms& terms) {
  const std::uint32_t total = total_months(terms);
  return total == for_ever ? last_adjustable_for_ever : total;
}

Result<TermsBill> bill_of_terms(const Terms& terms, std::uint32_t month) {
  ASSIGN_OR_RETURN(Bill bill, bill_of_month(terms.products, terms.anchor, month, terms.rests));
  return with_adjustments(terms, std::move(bill));
}

Result<std::vector<Money>> sums_of_terms(const Terms& terms, std::uint32_t first, std::uint32_t last) {
  ASSIGN_OR_RETURN(const std::vector<Bill> bills,
                   bills_of_months(terms.products, terms.anchor, first, last, terms.rests));
  std::vector<Money> sums;
  sums.reserve(bills.size());
  for (const Bill& bill : bills) sums.push_back(with_sum(terms, bill));
  return sums;
}

std::uint64_t running_lines(const Terms& terms, std::uint32_t first) {
  const std::uint32_t limit = last_adjustable_month(terms);
  std::uint64_t lines = 0;
  for (const RunningAdjustment& adjustment : terms.adjustments) {
    const std::uint32_t from = std::max(adjustment.first_month, first);
    const std::uint32_t to =
        adjustment.last_month == for_ever ? limit : std::min(adjustment.last_month, limit);
    if (to >= from) lines += to - from + 1;
  }
  return lines;
}

std::size_t running_name_bytes(const Terms& terms) {
  std::size_t bytes = 0;
  for (const RunningAdjustment& adjustment : terms.adjustments) bytes += adjustment.name.size();
  return bytes;
}

Result<Instant> due_of_terms(const Terms& terms, std::uint32_t month) {
  return due_of_month(terms.anchor, month, terms.rests);
}

void set_price(Terms& terms, Money price) {
  PricedProduct whole;
  whole.name = terms.products.size() == 1 ? terms.products.front().name : terms.name;
  whole.unit_price = price;
  whole.months = total_months(terms);
  for (PricedProduct& product : terms.products)
    std::move(product.adjustments.begin(), product.adjustments.end(), std::back_inserter(whole.adjustments));
  terms.products.clear();
  terms.products.push_back(std::move(whole));
}

void set_months(Terms& terms, std::uint32_t months) {
  const std::uint32_t total = total_months(terms);
  for (PricedProduct& product : terms.products) {
    const bool is_longest = product.months == total;
    if (is_longest || (months != for_ever && product.months > months)) product.months = months;
  }
}

Status rest_until(Terms& terms, std::uint32_t month, Instant now) {
  return rest_while(terms, month, now, [](std::uint32_t) -> Result<bool> { return true; });
}

Status rest_paused(Terms& terms, std::uint32_t month, Instant since, Instant now) {
  return rest_while(terms, month, now, [&](std::uint32_t months) -> Result<bool> {
    ASSIGN_OR_RETURN(const Instant end, plus_months(since, months, terms.anchor.zone));
    return end <= now;
  });
}

Result<Instant> end_of_paid(const Terms& terms, std::uint32_t month) {
  std::vector<Rest> rests = terms.rests;
  std::erase_if(rests, [&](const Rest& rest) { return rest.from_month > month; });
  return due_of_month(terms.anchor, month + 1, rests);
}

std::optional<Duration> retry_delay(std::uint32_t tries) {
  INVARIANT(tries > 0, "a retry comes after a failure");
  if (tries > retry_delays.size()) return std::nullopt;
  return retry_delays[tries - 1];
}

std::optional<Instant> retry_time(std::uint32_t tries, Instant scheduled, Instant now) {
  const std::optional<Duration> delay = retry_delay(tries);
  if (!delay) return std::nullopt;
  const Instant at = scheduled + *delay;
  return at > now ? at : now + soon;
}

Instant last_try(Instant due_at) {
  for (const Duration delay : retry_delays) due_at = due_at + delay;
  return due_at;
}

Money amount_after(const Terms& before, const Terms& after, std::uint32_t month, Money amount) {
  const auto was = bill_of_terms(before, month);
  const auto is = bill_of_terms(after, month);
  if (!is || (was && was->bill.amount == is->bill.amount)) return amount;
  return is->bill.amount;
}

Money unused_part(Money paid, Instant due_at, Instant next_due_at, Instant at) {
  // Daylight saving makes a day longer or shorter by an hour: the days of the month are whole ones.
  const std::int64_t days = std::max<std::int64_t>(1, ((next_due_at - due_at).us + day_us / 2) / day_us);
  const std::int64_t left = std::clamp<std::int64_t>((next_due_at - at).us / day_us, 0, days);
  return paid.times_ratio(Money::from_units(left), Money::from_units(days), Rounding::down).value();
}

Result<Money> termination_fee(const Terms& terms, std::uint32_t billed) {
  const std::uint32_t total = total_months(terms);
  if (total == for_ever) return Money();
  Money left;
  ASSIGN_OR_RETURN(const std::vector<Money> sums, sums_of_terms(terms, billed + 1, total));
  for (const Money sum : sums) left = left.plus(std::max(sum, Money())).value();
  return left.times_ratio(Money::from_units(fee_percent), Money::from_units(100), Rounding::down);
}

}  // namespace jangbu::invoice
