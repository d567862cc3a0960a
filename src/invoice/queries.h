// What the invoice door's readers ask of a snapshot. Any reader thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "invoice/wire.h"
#include "invoice/wire_write.h"
#include "store/database.h"

namespace jangbu::invoice {

/// How many rows a list with filters looks at, from the newest; what lies behind them is not in its count.
inline constexpr std::uint64_t max_scanned = 10'000;

template <typename View>
struct Page {
  std::vector<View> items;  // the newest first
  std::uint64_t count = 0;  // of all pages
  bool complete = true;     // false: the count stops at the bound
};

/// All apps.
Result<std::shared_ptr<const Apps>> all_apps(store::Session& session);

/// How the app's seller stands on documents; null: nobody has said.
Result<std::shared_ptr<const SellerSet>> seller_of_app(store::Session& session, AppId app);

/// The record of the invoice that a request_id stands for, as the engine knows it; nothing: there is none.
using FindRequest = std::function<Result<std::optional<std::uint64_t>>(store::Session&, AppId app,
                                                                       std::string_view request_id)>;

/// An invoice by its id or its request_id. Error: invoice_not_found (also when it is another app's).
Result<InvoiceView> invoice_of_app(store::Session& session, AppId app, std::string_view id,
                                   const FindRequest& find_request);
Result<InvoiceNumber> invoice_number(store::Session& session, AppId app, std::string_view id,
                                     const FindRequest& find_request);
/// Error: invoice_not_found.
Result<InvoiceView> invoice_by_number(store::Session& session, InvoiceNumber number);
Result<Page<InvoiceView>> invoices_of_app(store::Session& session, AppId app, const InvoiceList& list);

/// An order by its number as people see it, or its id. Error: order_not_found.
Result<OrderNumber> order_number(store::Session& session, AppId app, std::string_view id);
Result<OrderView> order_of_app(store::Session& session, AppId app, std::string_view id);
Result<Page<OrderView>> orders_of_app(store::Session& session, AppId app, const OrderList& list);

/// The newest hundred requests to cancel, of one order or of all. Error: order_not_found.
Result<std::vector<CancelView>> cancels_of_app(store::Session& session, AppId app, std::string_view order);
/// Error: cancel_not_found.
Result<CancelNumber> cancel_number(store::Session& session, AppId app, std::string_view id);
/// Of any app. Error: cancel_not_found.
Result<std::pair<CancelNumber, AppId>> cancel_of_id(store::Session& session, std::string_view id);

/// Error: product_not_found.
Result<ProductNumber> product_number(store::Session& session, AppId app, std::string_view id);
Result<ProductView> product_of_app(store::Session& session, AppId app, std::string_view id);
Result<Page<ProductView>> products_of_app(store::Session& session, AppId app, const ProductList& list);

}  // namespace jangbu::invoice
