// Columns of the invoice door's tables that the writer and the queries read alike.
#pragma once

#include "invoice/rows.h"
#include "store/database.h"

namespace jangbu::invoice {

#define JANGBU_INVOICE_COLUMNS                                                                               \
  "app, ordinal, status, checkout, record, order_number, created_at, paid_at, product_type, hook, user_id, " \
  "search"
#define JANGBU_INVOICE_ORDER_COLUMNS \
  "app, invoice, refunding, attempt, amount, refunded, purchased_at, record"
#define JANGBU_INVOICE_CANCEL_COLUMNS \
  "app, order_number, status, whole, amount, record, attempt, made_at, closed_at"
#define JANGBU_INVOICE_PRODUCT_COLUMNS "app, record, deleted, created_at"

/// The columns above, from column `first` of the result on. INVARIANT: amounts are 16 bytes.
InvoiceRow read_invoice(const store::Row& row, int first);
OrderRow read_order(const store::Row& row, int first);
CancelRow read_cancel(const store::Row& row, int first);
ProductRow read_product(const store::Row& row, int first);

}  // namespace jangbu::invoice
