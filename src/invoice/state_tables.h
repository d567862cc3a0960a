// The invoice door's tables as the open batch sees them; shared by state.cpp and apply.cpp.
#pragma once

#include "invoice/state.h"
#include "invoice/tables.h"

namespace jangbu::invoice {

struct State::Tables : engine::TableSet {
  static constexpr std::size_t cached_rows = 20'000;

  explicit Tables(AppBoard* board) : apps(*this, board, AppsSql::load, AppsSql::upsert) {}

  engine::TableOfSet<InvoiceTraits> invoices{*this, cached_rows};
  engine::TableOfSet<OrderTraits> orders{*this, cached_rows};
  engine::TableOfSet<CancelTraits> cancels{*this, cached_rows};
  engine::TableOfSet<ProductTraits> products{*this, cached_rows};
  engine::TableOfSet<ProductIdTraits> product_ids{*this, cached_rows};
  engine::TableOfSet<TotalTraits> totals{*this, cached_rows};
  engine::TableOfSet<SellerTraits> sellers{*this, cached_rows};
  engine::TableOfSet<NoticeTraits> notices{*this, cached_rows};
  door::AppTable<AppSet> apps;
};

}  // namespace jangbu::invoice
