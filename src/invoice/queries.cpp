// Reads of invoices.
#include "invoice/queries.h"

#include <algorithm>
#include <optional>

#include "engine/unit.h"
#include "invoice/columns.h"
#include "invoice/messages.h"
#include "invoice/queries_rows.h"
#include "invoice/tables.h"
#include "payment/queries.h"

namespace jangbu::invoice {
namespace {

using store::Row;
using store::Session;
using store::Value;

const store::Sql seller_sql{"SELECT record FROM invoice_sellers WHERE app = $1"};
const store::Sql invoice_sql{"SELECT " JANGBU_INVOICE_COLUMNS " FROM invoice_invoices WHERE number = $1"};
const store::Sql total_sql{"SELECT invoices FROM invoice_totals WHERE app = $1"};
const store::Sql by_ordinal_sql{
    "SELECT number FROM invoice_invoices WHERE app = $1 AND ordinal > $2 AND ordinal <= $3 ORDER BY ordinal "
    "DESC"};
const store::Sql made_at_sql{"SELECT created_at FROM invoice_invoices WHERE app = $1 AND ordinal = $2"};
const store::Sql scan_invoices_sql{
    "SELECT number, " JANGBU_INVOICE_COLUMNS
    " FROM invoice_invoices WHERE app = $1 AND ordinal > $2 AND ordinal <= $3 ORDER BY "
    "ordinal DESC LIMIT $4"};
const store::Sql scan_user_sql{
    "SELECT number, " JANGBU_INVOICE_COLUMNS
    " FROM invoice_invoices WHERE app = $1 AND user_id = $2 AND ordinal > $3 AND ordinal <= $4 ORDER BY "
    "ordinal DESC LIMIT $5"};

Result<std::optional<InvoiceRow>> invoice_row(Session& session, InvoiceNumber number) {
  std::optional<InvoiceRow> found;
  if (number > INT64_MAX) return found;
  RETURN_IF_ERROR(session.query(invoice_sql, {Value::number(number)}, [&](const Row& row) {
    found = read_invoice(row, 0);
    return false;
  }));
  return found;
}

Result<std::uint64_t> total_of(Session& session, AppId app) {
  std::uint64_t total = 0;
  RETURN_IF_ERROR(session.query(total_sql, {Value::number(app)}, [&](const Row& row) {
    total = row.number(0);
    return false;
  }));
  return total;
}

/// How many of the app's invoices were made before a moment: their times only grow with their ordinals.
Result<std::uint64_t> made_before(Session& session, AppId app, Instant moment, std::uint64_t total) {
  std::uint64_t low = 0;
  std::uint64_t high = total;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    bool is_before = false;
    RETURN_IF_ERROR(
        session.query(made_at_sql, {Value::number(app), Value::number(middle + 1)}, [&](const Row& row) {
          is_before = Instant{row.integer(0)} < moment;
          return false;
        }));
    if (is_before) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

bool fits(const InvoiceRow& row, const InvoiceList& list) {
  if (list.product_type && row.product_type != *list.product_type) return false;
  if (list.by_payment) {
    if ((list.from || list.to) && row.paid_at == Instant{}) return false;
    if (list.from && row.paid_at < *list.from) return false;
    if (list.to && row.paid_at >= *list.to) return false;
  }
  return list.keyword.empty() || row.search.find(list.keyword) != std::string::npos;
}

/// The numbers of one page among what fits, and how many fit.
Result<Page<InvoiceNumber>> scan(Session& session, AppId app, const InvoiceList& list, std::uint64_t total) {
  std::uint64_t after = 0;
  std::uint64_t until = total;
  if (!list.by_payment) {
    if (list.from) {
      ASSIGN_OR_RETURN(after, made_before(session, app, *list.from, total));
    }
    if (list.to) {
      ASSIGN_OR_RETURN(until, made_before(session, app, *list.to, total));
    }
  }
  Page<InvoiceNumber> page;
  std::uint64_t scanned = 0;
  const std::uint64_t skipped = (list.page - 1) * list.limit;
  const auto look = [&](const Row& row) {
    if (++scanned > max_scanned) {
      page.complete = false;
      return false;
    }
    if (!fits(read_invoice(row, 1), list)) return true;
    if (page.count >= skipped && page.items.size() < list.limit) page.items.push_back(row.number(0));
    ++page.count;
    return true;
  };
  const Value bound = Value::number(max_scanned + 1);
  const Status read =
      list.user_id.empty()
          ? session.query(scan_invoices_sql,
                          {Value::number(app), Value::number(after), Value::number(until), bound}, look)
          : session.query(scan_user_sql,
                          {Value::number(app), Value::blob(list.user_id), Value::number(after),
                           Value::number(until), bound},
                          look);
  RETURN_IF_ERROR(read);
  return page;
}

}  // namespace

Result<std::shared_ptr<const SellerSet>> seller_of_app(Session& session, AppId app) {
  std::uint64_t number = 0;
  RETURN_IF_ERROR(session.query(seller_sql, {Value::number(app)}, [&](const Row& row) {
    number = row.number(0);
    return false;
  }));
  if (number == 0) return std::shared_ptr<const SellerSet>();
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, number));
  return said<SellerSet>(record);
}

Result<std::shared_ptr<const Apps>> all_apps(Session& session) {
  ASSIGN_OR_RETURN(auto apps, door::read_apps<AppSet>(session, AppsSql::load));
  return std::shared_ptr<const Apps>(std::move(apps));
}

Result<InvoiceView> complete_invoice(Session& session, InvoiceRow row) {
  InvoiceView view;
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, row.record));
  auto created = std::make_shared<InvoiceCreated>();
  RETURN_IF_ERROR(ledger::decode_fields_into(record.payload, *created));
  view.created = std::move(created);
  if (row.order != 0) {
    ASSIGN_OR_RETURN(view.order, order_row(session, row.order));
    if (view.order && view.order->attempt != 0) {
      ASSIGN_OR_RETURN(const payment::Attempt attempt, payment::find_attempt(session, view.order->attempt));
      view.method = method_of(attempt);
    }
  }
  view.row = std::move(row);
  return view;
}

Result<InvoiceView> invoice_by_number(Session& session, InvoiceNumber number) {
  ASSIGN_OR_RETURN(std::optional<InvoiceRow> row, invoice_row(session, number));
  if (!row) return Errc::invoice_not_found;
  return complete_invoice(session, std::move(*row));
}

Result<InvoiceNumber> invoice_number(Session& session, AppId app, std::string_view id,
                                     const FindRequest& find_request) {
  if (const auto number = number_of_id(IdKind::invoice, id)) {
    ASSIGN_OR_RETURN(const std::optional<InvoiceRow> row, invoice_row(session, *number));
    if (row && row->app == app && object_id(IdKind::invoice, row->created_at, *number) == id) return *number;
  }
  ASSIGN_OR_RETURN(const std::optional<std::uint64_t> record, find_request(session, app, id));
  if (!record) return Errc::invoice_not_found;
  ASSIGN_OR_RETURN(const engine::Record made, engine::load_record(session, *record));
  return said<InvoiceCreated>(made)->number;
}

Result<InvoiceView> invoice_of_app(Session& session, AppId app, std::string_view id,
                                   const FindRequest& find_request) {
  ASSIGN_OR_RETURN(const InvoiceNumber number, invoice_number(session, app, id, find_request));
  return invoice_by_number(session, number);
}

Result<Page<InvoiceView>> invoices_of_app(Session& session, AppId app, const InvoiceList& list) {
  ASSIGN_OR_RETURN(const std::uint64_t total, total_of(session, app));
  Page<InvoiceNumber> numbers;
  if (list.has_filter()) {
    ASSIGN_OR_RETURN(numbers, scan(session, app, list, total));
  } else {
    // An app's invoices are numbered without gaps, so that every page is a range.
    numbers.count = total;
    const std::uint64_t skipped = (list.page - 1) * list.limit;
    const std::uint64_t newest = total > skipped ? total - skipped : 0;
    const std::uint64_t oldest = newest > list.limit ? newest - list.limit : 0;
    RETURN_IF_ERROR(session.query(by_ordinal_sql,
                                  {Value::number(app), Value::number(oldest), Value::number(newest)},
                                  [&](const Row& row) {
                                    numbers.items.push_back(row.number(0));
                                    return true;
                                  }));
  }
  Page<InvoiceView> page;
  page.count = numbers.count;
  page.complete = numbers.complete;
  for (const InvoiceNumber number : numbers.items) {
    ASSIGN_OR_RETURN(InvoiceView view, invoice_by_number(session, number));
    page.items.push_back(std::move(view));
  }
  return page;
}

}  // namespace jangbu::invoice
