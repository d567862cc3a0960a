#include "invoice/pricing.h"

#include <algorithm>

#include "base/calendar.h"

namespace jangbu::invoice {
namespace {

constexpr std::int64_t whole_percent = 10'000;  // 100% in hundredths of a percent

Money times(Money unit, std::uint64_t count) {
  return unit.times_ratio(Money::from_units(static_cast<int128>(count)), Money::from_units(1), Rounding::down)
      .value();
}

bool runs(const PricedProduct& product, std::uint32_t month) {
  return product.months == for_ever || month <= product.months;
}

/// What a discount takes off `base`; not negative.
Money discount_of(const Cycle& cycle, Money base) {
  if (cycle.type == AdjustmentType::discount_price) return cycle.value;
  Money amount = base.times_ratio(cycle.value, Money::from_units(whole_percent), Rounding::down).value();
  if (cycle.min_value) amount = std::max(amount, *cycle.min_value);
  if (cycle.max_value) amount = std::min(amount, *cycle.max_value);
  return amount;
}

/// The discount that runs in the adjustment's own month (1 is its first), or nullptr.
const Cycle* cycle_at(const Adjustment& adjustment, std::uint32_t month) {
  std::uint64_t end = 0;  // the last month of the cycles so far
  for (const Cycle& cycle : adjustment.cycles) {
    if (cycle.type == AdjustmentType::setup_fee) continue;
    end += cycle.months;
    if (cycle.months == for_ever || month <= end) return &cycle;
  }
  return nullptr;
}

/// Makes the bills one after the other; the due times are computed once each.
class Biller {
 public:
  Biller(const std::vector<PricedProduct>& products, const Anchor& anchor, const std::vector<Rest>& rests)
      : products_(products), anchor_(anchor), rests_(rests) {}

  Result<Bill> bill(std::uint32_t month) {
    RETURN_IF_ERROR(know_until(month));
    Bill bill;
    bill.month = month;
    bill.due_at = due_at(month);
    for (std::size_t i = 0; i < products_.size(); ++i) {
      if (runs(products_[i], month)) add_product(i, bill);
    }
    Money sum;
    for (const Line& line : bill.lines) sum = sum.plus(line.amount).value();
    if (sum.is_negative()) {
      bill.lines.push_back({LineKind::zero_floor, 0, "", "", sum.negated().value()});
      sum = Money();
    }
    bill.amount = sum;
    return bill;
  }

 private:
  [[nodiscard]] Instant due_at(std::uint32_t month) const { return due_.at(month - 1); }

  Status know_until(std::uint32_t month) {
    while (due_.size() < month) {
      ASSIGN_OR_RETURN(const Instant due,
                       due_of_month(anchor_, static_cast<std::uint32_t>(due_.size() + 1), rests_));
      due_.push_back(due);
    }
    return {};
  }

  /// The month of the first bill on or after the adjustment's start. Due times only grow.
  [[nodiscard]] std::uint32_t first_month(const Adjustment& adjustment) const {
    if (!adjustment.start_at) return 1;
    const auto first = std::lower_bound(due_.begin(), due_.end(), *adjustment.start_at);
    return static_cast<std::uint32_t>(first - due_.begin()) + 1;
  }

  void add_product(std::size_t index, Bill& bill) const {
    const PricedProduct& product = products_[index];
    const Money base = times(product.unit_price, product.quantity);
    bill.lines.push_back({LineKind::product, index, product.name, "", base});
    for (const Adjustment& adjustment : product.adjustments) add_adjustment(index, adjustment, base, bill);
  }

  void add_adjustment(std::size_t product, const Adjustment& adjustment, Money base, Bill& bill) const {
    const std::uint32_t first = first_month(adjustment);
    if (bill.month < first || (adjustment.end_at && bill.due_at >= *adjustment.end_at)) return;
    const auto add = [&](LineKind kind, const Cycle& cycle, Money amount) {
      const std::string& name = cycle.name.empty() ? adjustment.name : cycle.name;
      bill.lines.push_back({kind, product, name, adjustment.id, amount});
    };
    if (const Cycle* cycle = cycle_at(adjustment, bill.month - first + 1)) {
      const auto kind = cycle->type == AdjustmentType::discount_percent ? LineKind::discount_percent
                                                                        : LineKind::discount_price;
      add(kind, *cycle, discount_of(*cycle, base).negated().value());
    }
    if (bill.month != first) return;
    for (const Cycle& cycle : adjustment.cycles) {
      if (cycle.type == AdjustmentType::setup_fee) add(LineKind::setup_fee, cycle, cycle.value);
    }
  }

  const std::vector<PricedProduct>& products_;
  const Anchor& anchor_;
  const std::vector<Rest>& rests_;
  std::vector<Instant> due_;  // of months 1, 2, 3 ...
};

}  // namespace

std::string_view adjustment_type_name(AdjustmentType type) {
  switch (type) {
    case AdjustmentType::discount_percent:
      return "discount_percent";
    case AdjustmentType::discount_price:
      return "discount_price";
    case AdjustmentType::setup_fee:
      return "setup_fee";
  }
  return "";
}

std::string_view line_kind_name(LineKind kind) {
  switch (kind) {
    case LineKind::product:
      return "product";
    case LineKind::discount_percent:
      return "discount_percent";
    case LineKind::discount_price:
      return "discount_price";
    case LineKind::setup_fee:
      return "setup_fee";
    case LineKind::zero_floor:
      return "zero_floor";
  }
  return "";
}

Result<Instant> due_of_month(const Anchor& anchor, std::uint32_t month, const std::vector<Rest>& rests) {
  INVARIANT(month > 0, "months count from one");
  std::uint32_t later = month - 1;
  for (const Rest& rest : rests)
    if (month >= rest.from_month) later += rest.months;
  return plus_months(anchor.first_due_at, later, anchor.zone);
}

std::uint32_t schedule_months(const std::vector<PricedProduct>& products) {
  std::uint32_t months = 1;
  for (const PricedProduct& product : products)
    months = std::max(months, product.months == for_ever ? shown_months_for_ever : product.months);
  return months;
}

std::uint64_t schedule_lines(const std::vector<PricedProduct>& products) {
  const std::uint32_t whole = schedule_months(products);
  std::uint64_t lines = 0;
  for (const PricedProduct& product : products)
    lines += (1 + product.adjustments.size()) * (product.months == for_ever ? whole : product.months);
  return lines;
}

Money base_price(const std::vector<PricedProduct>& products) {
  Money sum;
  for (const PricedProduct& product : products)
    sum = sum.plus(times(product.unit_price, product.quantity)).value();
  return sum;
}

Result<Bill> bill_of_month(const std::vector<PricedProduct>& products, const Anchor& anchor,
                           std::uint32_t month, const std::vector<Rest>& rests) {
  return Biller(products, anchor, rests).bill(month);
}

Result<std::vector<Bill>> bills_of_months(const std::vector<PricedProduct>& products, const Anchor& anchor,
                                          std::uint32_t first, std::uint32_t last,
                                          const std::vector<Rest>& rests) {
  Biller biller(products, anchor, rests);
  std::vector<Bill> bills;
  if (last < first) return bills;
  bills.reserve(last - first + 1);
  for (std::uint32_t month = first; month <= last; ++month) {
    ASSIGN_OR_RETURN(Bill bill, biller.bill(month));
    bills.push_back(std::move(bill));
  }
  return bills;
}

Result<std::vector<Bill>> billing_schedule(const std::vector<PricedProduct>& products, const Anchor& anchor,
                                           const std::vector<Rest>& rests) {
  return bills_of_months(products, anchor, 1, schedule_months(products), rests);
}

Instant whole_minute(Instant instant) {
  constexpr std::int64_t minute_us = 60'000'000;
  return Instant{instant.us - instant.us % minute_us};
}

std::vector<PricedProduct> after_first_bill(std::vector<PricedProduct> products, Instant made_at,
                                            Instant first_due_at) {
  for (PricedProduct& product : products) {
    for (Adjustment& adjustment : product.adjustments) {
      const bool is_between =
          adjustment.start_at && *adjustment.start_at > made_at && *adjustment.start_at <= first_due_at;
      if (is_between) adjustment.start_at = first_due_at + Duration{1};
    }
  }
  return products;
}

Result<std::vector<Bill>> schedule_from(const std::vector<PricedProduct>& products, const Anchor& made,
                                        Instant first_due_at) {
  ASSIGN_OR_RETURN(Bill first, bill_of_month(products, made, 1));
  first.due_at = first_due_at;
  ASSIGN_OR_RETURN(std::vector<Bill> bills,
                   billing_schedule(after_first_bill(products, made.first_due_at, first_due_at),
                                    {first_due_at, made.zone}));
  bills.front() = std::move(first);
  return bills;
}

bool has_adjustments(const std::vector<PricedProduct>& products) {
  return std::any_of(products.begin(), products.end(),
                     [](const PricedProduct& product) { return !product.adjustments.empty(); });
}

bool is_subscription(const std::vector<PricedProduct>& products) {
  return std::any_of(products.begin(), products.end(),
                     [](const PricedProduct& product) { return product.months != 1; });
}

}  // namespace jangbu::invoice
