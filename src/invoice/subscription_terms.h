// What a subscription was agreed on and what follows from it: due days, amounts, when to try again, and what
// leaving early costs. Pure and exact.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "invoice/pricing.h"
#include "invoice/requests.h"

namespace jangbu::invoice {

/// Stored, and the wire's number.
enum class RunningType : std::uint8_t { period_discount = 1, setup_price = 2 };

/// An amount that was added to the bills of a running subscription, or taken off them.
struct RunningAdjustment {
  std::uint64_t number = 0;  // 1, 2, 3 ... within the subscription
  std::uint32_t first_month = 1;
  std::uint32_t last_month = 1;  // or for_ever
  Money amount;                  // signed
  Money tax_free;                // part of it, signed
  std::string name;
  RunningType type = RunningType::period_discount;
  Instant made_at;

  [[nodiscard]] bool covers(std::uint32_t month) const {
    return month >= first_month && (last_month == for_ever || month <= last_month);
  }
  friend bool operator==(const RunningAdjustment&, const RunningAdjustment&) = default;
  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, first_month, last_month, amount, tax_free, name, type, made_at);
  }
};

/// Of one contract, those of months that are billed too. Every change of it is recorded with all of them.
inline constexpr std::size_t max_running_adjustments = max_months;
inline constexpr std::size_t max_running_name_bytes = 16 * 1024;  // together

/// The contract as it stands.
struct Terms {
  std::string name;
  User user;
  Anchor anchor;  // of whole minutes
  std::vector<Rest> rests;
  std::vector<PricedProduct> products;
  std::vector<RunningAdjustment> adjustments;
  std::uint64_t adjustments_made = 0;
  std::uint64_t charge_keys_revoked = 0;  // keys for charges on demand that were taken back

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(name, user, anchor, rests, products, adjustments, adjustments_made, charge_keys_revoked);
  }
};

/// How many bills the contract has in all; for_ever.
std::uint32_t total_months(const Terms& terms);
/// The last month to which an adjustment may reach: the contract's last, or the sixtieth of one without an
/// end.
std::uint32_t last_adjustable_month(const Terms& terms);

/// The bill of a month with the running adjustments in it. `is_below_zero`: they took more than there was,
/// and it stands at zero. Error: as due_of_month().
struct TermsBill {
  Bill bill;
  bool is_below_zero = false;
};
Result<TermsBill> bill_of_terms(const Terms& terms, std::uint32_t month);
/// What months first..last come to, without their lines; below zero where adjustments took more than there
/// was. Error: as due_of_month().
Result<std::vector<Money>> sums_of_terms(const Terms& terms, std::uint32_t first, std::uint32_t last);
/// How many lines the running adjustments add to the bills from `first` on, as far as bills can be adjusted.
std::uint64_t running_lines(const Terms& terms, std::uint32_t first);
std::size_t running_name_bytes(const Terms& terms);
Result<Instant> due_of_terms(const Terms& terms, std::uint32_t month);

/// A new price for a month before adjustments: the contract becomes one line of it, upon which the
/// adjustments of its products go on.
void set_price(Terms& terms, Money price);

/// Another length, above zero or for_ever. What ends before the contract does keeps its own end, or is cut.
void set_months(Terms& terms, std::uint32_t months);

/// Lets the contract rest so long that the bill of `month` is due after `now`; nothing when it is already.
Status rest_until(Terms& terms, std::uint32_t month, Instant now);

/// The same for a pause from `since` to `now`, for the months of which it was one whole month after the
/// other: the bill may be due already.
Status rest_paused(Terms& terms, std::uint32_t month, Instant since, Instant now);
/// The end of what the bill of `month` pays for, were the contract not to rest after it. Error: as
/// due_of_month().
Result<Instant> end_of_paid(const Terms& terms, std::uint32_t month);

/// How long after its `tries`-th failure (1 is the first) a bill is charged again; nothing: it is given up.
/// A bill is tried on its day and one, three, five and seven days later.
std::optional<Duration> retry_delay(std::uint32_t tries);
/// When that is: counted from the time for which the try that failed was scheduled, however late it was made;
/// an hour from now when it has passed.
std::optional<Instant> retry_time(std::uint32_t tries, Instant scheduled, Instant now);
/// The last day on which a bill of `due_at` is tried by itself.
Instant last_try(Instant due_at);
/// What a bill that is made already comes to when its terms change: it follows them, unless they leave its
/// month as it was; what was set for it by hand then stays.
Money amount_after(const Terms& before, const Terms& after, std::uint32_t month, Money amount);

/// What of a month's payment is for days that are not used: whole days after `at`, of the days from
/// `due_at` to `next_due_at`; rounded down.
Money unused_part(Money paid, Instant due_at, Instant next_due_at, Instant at);

/// What leaving costs: a tenth of what is left to be billed of a contract with an end, rounded down; nothing
/// of one without. `billed`: the last month with a bill.
Result<Money> termination_fee(const Terms& terms, std::uint32_t billed);

}  // namespace jangbu::invoice
