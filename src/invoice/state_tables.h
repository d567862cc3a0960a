// The invoice door's tables as the open batch sees them; shared by state.cpp and apply.cpp.
#pragma once

#include <map>
#include <vector>

#include "invoice/state.h"
#include "invoice/tables.h"

namespace jangbu::invoice {

struct State::Tables {
  static constexpr std::size_t cached_rows = 20'000;

  engine::CachedTable<InvoiceTraits> invoices{cached_rows};
  engine::CachedTable<OrderTraits> orders{cached_rows};
  engine::CachedTable<CancelTraits> cancels{cached_rows};
  engine::CachedTable<ProductTraits> products{cached_rows};
  engine::CachedTable<ProductIdTraits> product_ids{cached_rows};
  engine::CachedTable<TotalTraits> totals{cached_rows};
  engine::CachedTable<SellerTraits> sellers{cached_rows};

  // Written as they come, by the batch that is open.
  std::vector<AppId> changed_apps;

  /// Calls `each` with every cached table.
  template <typename Each>
  void visit(Each each) {
    each(invoices);
    each(orders);
    each(cancels);
    each(products);
    each(product_ids);
    each(totals);
    each(sellers);
  }
};

}  // namespace jangbu::invoice
