// What an invoice costs, month by month: products with their price adjustments in, bills out. Pure and exact;
// the one place that knows the rules, for the API's billing schedule, the first payment, the later bills of a
// subscription and the page alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"

namespace jangbu::invoice {

/// Months without an end: -1 on the wire.
inline constexpr std::uint32_t for_ever = 0;

/// Limits within which no sum can overflow; the wire refuses one more.
inline constexpr std::int64_t max_amount = 1'000'000'000'000;
inline constexpr std::uint64_t max_quantity = 1'000'000;
inline constexpr std::uint32_t max_months = 600;
inline constexpr std::size_t max_products = 100;
inline constexpr std::size_t max_adjustments = 20;  // of one product
inline constexpr std::size_t max_cycles = 60;       // of one adjustment
/// Of one schedule, as schedule_lines() counts them: ten products for 50 years, or a hundred for five.
inline constexpr std::uint64_t max_schedule_lines = 6000;

/// Rows of the schedule of a product without an end.
inline constexpr std::uint32_t shown_months_for_ever = 12;

/// Stored.
enum class AdjustmentType : std::uint8_t { discount_percent = 1, discount_price = 2, setup_fee = 3 };
/// "discount_percent", ...
std::string_view adjustment_type_name(AdjustmentType type);

/// A stretch of an adjustment. Discounts run one after the other, each for its months; a setup fee takes no
/// time, wherever it stands in the list.
struct Cycle {
  AdjustmentType type = AdjustmentType::discount_price;
  std::string name;
  std::uint32_t months = 1;  // or for_ever; means nothing for a setup fee
  Money value;  // units of the currency; of a discount_percent hundredths of a percent: 20% is 2000
  // Bounds of the amount that a discount_percent takes off.
  std::optional<Money> min_value;
  std::optional<Money> max_value;

  friend bool operator==(const Cycle&, const Cycle&) = default;
  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(type, name, months, value, min_value, max_value);
  }
};

/// Applies to the bills that are due from `start_at` on and before `end_at`; its first month is the first of
/// them. Several of one product stand side by side: each looks at the price before all of them.
struct Adjustment {
  std::string id;
  std::string name;
  std::optional<Instant> start_at;  // empty: from the first bill
  std::optional<Instant> end_at;    // empty: no end
  std::vector<Cycle> cycles;

  friend bool operator==(const Adjustment&, const Adjustment&) = default;
  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(id, name, start_at, end_at, cycles);
  }
};

/// A product with all that decides what it costs.
struct PricedProduct {
  std::string name;
  Money unit_price;  // of one, for one month; not negative
  std::uint64_t quantity = 1;
  std::uint32_t months = 1;  // 1: paid once; or for_ever
  std::vector<Adjustment> adjustments;

  friend bool operator==(const PricedProduct&, const PricedProduct&) = default;
  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(name, unit_price, quantity, months, adjustments);
  }
};

enum class LineKind : std::uint8_t {
  product,           // unit price x quantity
  discount_percent,  // negative
  discount_price,    // negative
  setup_fee,
  zero_floor,  // gives back what discounts took below zero: a bill is never negative
};
/// "product", "discount_percent", ...
std::string_view line_kind_name(LineKind kind);

struct Line {
  LineKind kind = LineKind::product;
  std::size_t product = 0;    // index; of a zero_floor nothing
  std::string name;           // of the product, or of the cycle, or else of its adjustment
  std::string adjustment_id;  // as given; empty: none
  Money amount;               // signed

  friend bool operator==(const Line&, const Line&) = default;
};

/// One month's bill. Its lines sum to its amount.
struct Bill {
  std::uint32_t month = 1;  // 1: the first
  Instant due_at;
  std::vector<Line> lines;  // products in their order, each with its adjustments after it
  Money amount;             // never negative

  friend bool operator==(const Bill&, const Bill&) = default;
};

/// When months begin: the first bill's moment and the zone in which later ones keep its day and time of day
/// (a 31st is the last day of shorter months).
struct Anchor {
  Instant first_due_at;
  std::string zone = "Asia/Seoul";

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(first_due_at, zone);
  }
};
/// Calendar months in which a contract rests: the bill of `from_month`, and all after it, come so much later.
struct Rest {
  std::uint32_t from_month = 1;
  std::uint32_t months = 0;

  friend bool operator==(const Rest&, const Rest&) = default;
  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(from_month, months);
  }
};

/// The due time of the bill of `month` (1 is the first). Error: invalid_parameters (the zone, or the year
/// leaves 1..9999).
Result<Instant> due_of_month(const Anchor& anchor, std::uint32_t month, const std::vector<Rest>& rests = {});

/// How many rows the schedule has: the longest product's months, and twelve when one has no end.
std::uint32_t schedule_months(const std::vector<PricedProduct>& products);
/// How many lines its bills may have together: of each product and each of its adjustments one a month. Setup
/// fees, which are there once, are not counted.
std::uint64_t schedule_lines(const std::vector<PricedProduct>& products);

/// One price before adjustments: what a month costs in which every product is billed.
Money base_price(const std::vector<PricedProduct>& products);

/// The bill of one month, which may lie after the schedule; without lines when no product runs any more.
/// INVARIANT: values are within the limits above. Error: as due_of_month().
Result<Bill> bill_of_month(const std::vector<PricedProduct>& products, const Anchor& anchor,
                           std::uint32_t month, const std::vector<Rest>& rests = {});

/// The bills of months first..last. INVARIANT and error: as bill_of_month().
Result<std::vector<Bill>> bills_of_months(const std::vector<PricedProduct>& products, const Anchor& anchor,
                                          std::uint32_t first, std::uint32_t last,
                                          const std::vector<Rest>& rests = {});

/// The bills of months 1..schedule_months(). INVARIANT and error: as bill_of_month().
Result<std::vector<Bill>> billing_schedule(const std::vector<PricedProduct>& products, const Anchor& anchor,
                                           const std::vector<Rest>& rests = {});

/// Bills fall due at whole minutes, so that many of them go into one record.
Instant whole_minute(Instant instant);
/// Products whose first bill was priced for `made_at` and begins at `first_due_at` after it: that bill stays
/// as it was made, and what would have begun in between begins with the second.
std::vector<PricedProduct> after_first_bill(std::vector<PricedProduct> products, Instant made_at,
                                            Instant first_due_at);
/// The schedule of an invoice that was made for `made` when its months begin at `first_due_at`. INVARIANT and
/// error: as bill_of_month().
Result<std::vector<Bill>> schedule_from(const std::vector<PricedProduct>& products, const Anchor& made,
                                        Instant first_due_at);

/// Whether anything but the plain price decides what is paid.
bool has_adjustments(const std::vector<PricedProduct>& products);
/// Whether something is billed after the first month.
bool is_subscription(const std::vector<PricedProduct>& products);

}  // namespace jangbu::invoice
