// The affiliate door's tables as the open batch sees them; shared by state.cpp and apply.cpp.
#pragma once

#include <set>

#include "affiliate/state.h"
#include "affiliate/tables.h"
#include "engine/table_set.h"

namespace jangbu::affiliate {

struct State::Tables : engine::TableSet {
  static constexpr std::size_t cached_rows = 20'000;

  engine::TableOfSet<ConversionTraits> conversions{*this, cached_rows};
  engine::TableOfSet<MonthTotalTraits> month_totals{*this, cached_rows};
  engine::TableOfSet<PromoTraits> promos{*this, cached_rows};
  engine::TableOfSet<ExchangeRateTraits> exchange_rates{*this, cached_rows};

  // Written as they come, by the batch that is open.
  std::set<MerchantNumber> changed_merchants;
  std::set<ProgramNumber> changed_programs;
  std::set<AffiliateNumber> changed_affiliates;

  void forget_changes() {
    changed_merchants.clear();
    changed_programs.clear();
    changed_affiliates.clear();
  }
};

}  // namespace jangbu::affiliate
