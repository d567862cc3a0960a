// Lists of subscriptions, bills and changes, a page at a time. Only the numbers of a page's rows are read
// whole; what lies before it, and what is counted, is walked over in an index.
#include <algorithm>
#include <array>

#include "engine/columns.h"
#include "invoice/paging.h"
#include "invoice/subscription_messages.h"
#include "invoice/subscription_queries.h"

namespace jangbu::invoice {
namespace {

using store::Row;
using store::Session;
using store::Value;

const store::Sql listed_total_sql{"SELECT total FROM invoice_subscription_totals WHERE app = $1"};
const store::Sql listed_started_sql{
    "SELECT started_at FROM invoice_subscriptions WHERE app = $1 AND ordinal = $2"};
const store::Sql listed_range_sql{
    "SELECT number FROM invoice_subscriptions WHERE app = $1 AND ordinal > $2 AND ordinal <= $3 ORDER BY "
    "ordinal DESC"};
const store::Sql listed_status_count_sql{
    "SELECT count(*) FROM invoice_subscriptions WHERE app = $1 AND status = $2 AND ordinal > $3 AND ordinal "
    "<= $4"};
// Ordinals, which the index has, as it has not the numbers on PostgreSQL.
const store::Sql listed_status_sql{
    "SELECT ordinal FROM invoice_subscriptions WHERE app = $1 AND status = $2 AND ordinal > $3 AND ordinal "
    "<= $4 ORDER BY ordinal DESC LIMIT $5 OFFSET $6"};
const store::Sql listed_order_sql{
    "SELECT number, status, user_id, search FROM invoice_subscriptions WHERE order_number = $1 AND ordinal > "
    "$2 AND ordinal <= $3 ORDER BY ordinal DESC LIMIT $4"};
const store::Sql listed_user_sql{
    "SELECT number, status, user_id, search FROM invoice_subscriptions WHERE app = $1 AND user_id = $2 AND "
    "ordinal > $3 AND ordinal <= $4 ORDER BY ordinal DESC LIMIT $5"};
const store::Sql listed_search_sql{
    "SELECT number, status, user_id, search FROM invoice_subscriptions WHERE app = $1 AND ordinal > $2 AND "
    "ordinal <= $3 ORDER BY ordinal DESC LIMIT $4"};

const store::Sql listed_bills_count_sql{
    "SELECT count(*) FROM invoice_subscription_bills WHERE app = $1 AND status IN ($2, $3, $4, $5, $6, $7)"};
const store::Sql listed_bills_sql{
    "SELECT number FROM invoice_subscription_bills WHERE app = $1 AND status IN ($2, $3, $4, $5, $6, $7) "
    "ORDER BY number DESC LIMIT $8 OFFSET $9"};
const store::Sql listed_bills_of_sql{
    "SELECT number, status FROM invoice_subscription_bills WHERE subscription = $1 ORDER BY number DESC "
    "LIMIT "
    "$2"};
const store::Sql listed_bills_search_sql{
    "SELECT b.number, b.status, s.search FROM invoice_subscription_bills b JOIN invoice_subscriptions s ON "
    "s.number = b.subscription WHERE b.app = $1 ORDER BY b.number DESC LIMIT $2"};
const store::Sql listed_search_of_sql{"SELECT search FROM invoice_subscriptions WHERE number = $1"};

const store::Sql listed_changes_count_sql{
    "SELECT count(*) FROM invoice_subscription_changes WHERE app = $1 AND status >= $2 AND status <= $3 AND "
    "type >= $4 AND type <= $5"};
const store::Sql listed_changes_sql{
    "SELECT number FROM invoice_subscription_changes WHERE app = $1 AND status >= $2 AND status <= $3 AND "
    "type >= $4 AND type <= $5 ORDER BY number DESC LIMIT $6 OFFSET $7"};
const store::Sql listed_changes_of_count_sql{
    "SELECT count(*) FROM invoice_subscription_changes WHERE subscription = $1 AND status >= $2 AND status "
    "<= $3 AND type >= $4 AND type <= $5"};
const store::Sql listed_changes_of_sql{
    "SELECT number FROM invoice_subscription_changes WHERE subscription = $1 AND status >= $2 AND status <= "
    "$3 AND type >= $4 AND type <= $5 ORDER BY number DESC LIMIT $6 OFFSET $7"};

/// A page of the rows that fit, looked at one by one from the newest on. The statement has their number first
/// and a LIMIT behind.
template <typename Fits>
Result<Numbers> search(Session& session, const store::Sql& sql, std::vector<Value> parameters, Slice slice,
                       const Fits& fits) {
  Numbers page;
  std::uint64_t looked_at = 0;
  parameters.push_back(Value::number(max_searched + 1));
  RETURN_IF_ERROR(session.query(sql, parameters, [&](const Row& row) {
    page.complete = ++looked_at <= max_searched;
    if (!page.complete) return false;
    if (!fits(row)) return true;
    if (page.count >= slice.skipped && page.items.size() < slice.limit) page.items.push_back(row.number(0));
    ++page.count;
    return true;
  }));
  return page;
}

template <typename View>
Result<Page<View>> views_of(Session& session, const Result<Numbers>& found,
                            Result<View> (*view_of)(Session&, std::uint64_t)) {
  if (!found) return found.error();
  const Numbers& numbers = *found;
  Page<View> page;
  page.count = numbers.count;
  page.complete = numbers.complete;
  for (const std::uint64_t number : numbers.items) {
    ASSIGN_OR_RETURN(View view, view_of(session, number));
    page.items.push_back(std::move(view));
  }
  return page;
}

bool has(ByteView search, const std::string& keyword) {
  return keyword.empty() || search.find(keyword) != ByteView::npos;
}

// ---- subscriptions

/// The stored status of a wire's number; nothing: there is none.
template <typename Status>
std::optional<Status> status_of(std::int64_t number, std::initializer_list<Status> all) {
  for (const Status status : all)
    if (status_number(status) == number) return status;
  return std::nullopt;
}

std::optional<SubscriptionStatus> subscription_status(std::int64_t number) {
  using Status = SubscriptionStatus;
  return status_of(number, {Status::active, Status::paused, Status::held, Status::ended, Status::terminated});
}

/// The ordinals of an app's subscriptions behind `after`, up to `until`.
struct Ordinals {
  std::uint64_t after = 0;
  std::uint64_t until = 0;
};

/// How many of the app's subscriptions began before a moment: their times only grow with their ordinals.
Result<std::uint64_t> began_before(Session& session, AppId app, Instant moment, std::uint64_t total) {
  std::uint64_t low = 0;
  std::uint64_t high = total;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    bool is_before = false;
    RETURN_IF_ERROR(session.query(listed_started_sql, {Value::number(app), Value::number(middle + 1)},
                                  [&](const Row& row) {
                                    is_before = Instant{row.integer(0)} < moment;
                                    return false;
                                  }));
    (is_before ? low : high) = is_before ? middle + 1 : middle;
  }
  return low;
}

Result<Ordinals> ordinals_of(Session& session, AppId app, const SubscriptionList& list) {
  const Value of_app[] = {Value::number(app)};
  ASSIGN_OR_RETURN(const std::uint64_t total, read_number(session, listed_total_sql, of_app));
  Ordinals ordinals{0, total};
  if (list.from) {
    ASSIGN_OR_RETURN(ordinals.after, began_before(session, app, *list.from, total));
  }
  if (list.to) {
    ASSIGN_OR_RETURN(ordinals.until, began_before(session, app, *list.to, total));
  }
  return ordinals;
}

/// An app's subscriptions are numbered without gaps, so that every page is a range.
Result<Numbers> page_of_range(Session& session, AppId app, Ordinals ordinals, Slice slice) {
  Numbers page;
  page.count = ordinals.until > ordinals.after ? ordinals.until - ordinals.after : 0;
  if (page.count <= slice.skipped) return page;
  const std::uint64_t newest = ordinals.until - slice.skipped;
  const std::uint64_t oldest = std::max(ordinals.after, newest > slice.limit ? newest - slice.limit : 0);
  RETURN_IF_ERROR(session.query(listed_range_sql,
                                {Value::number(app), Value::number(oldest), Value::number(newest)},
                                [&](const Row& row) {
                                  page.items.push_back(row.number(0));
                                  return true;
                                }));
  return page;
}

Result<Numbers> page_of_status(Session& session, AppId app, SubscriptionStatus status, Ordinals ordinals,
                               Slice slice) {
  ASSIGN_OR_RETURN(Numbers page, page_in_index(session, listed_status_count_sql, listed_status_sql,
                                               {Value::number(app), engine::code(status),
                                                Value::number(ordinals.after), Value::number(ordinals.until)},
                                               slice));
  for (std::uint64_t& item : page.items) {
    const Value one[] = {Value::number(app), Value::number(item - 1), Value::number(item)};
    ASSIGN_OR_RETURN(item, read_number(session, listed_range_sql, one));
  }
  return page;
}

Result<Numbers> numbers_of(Session& session, AppId app, const SubscriptionList& list) {
  std::optional<SubscriptionStatus> status;
  if (list.status) {
    status = subscription_status(*list.status);
    if (!status) return Numbers();
  }
  ASSIGN_OR_RETURN(const Ordinals ordinals, ordinals_of(session, app, list));
  const Slice slice = slice_of(list);
  const Value after = Value::number(ordinals.after);
  const Value until = Value::number(ordinals.until);
  const auto fits = [&](const Row& row) {
    return (!status || engine::read_code<SubscriptionStatus>(row, 1) == *status) &&
           (list.user_id.empty() || row.bytes(2) == list.user_id) && has(row.bytes(3), list.keyword);
  };
  if (!list.order.empty()) {
    const auto order = order_number(session, app, list.order);
    if (!order && order.error().code == Errc::order_not_found) return Numbers();
    if (!order) return order.error();
    return search(session, listed_order_sql, {Value::number(*order), after, until}, slice, fits);
  }
  if (!list.user_id.empty())
    return search(session, listed_user_sql, {Value::number(app), Value::blob(list.user_id), after, until},
                  slice, fits);
  if (!list.keyword.empty())
    return search(session, listed_search_sql, {Value::number(app), after, until}, slice, fits);
  if (status) return page_of_status(session, app, *status, ordinals, slice);
  return page_of_range(session, app, ordinals, slice);
}

// ---- bills

constexpr std::array bill_statuses = {BillStatus::ready,  BillStatus::charging,  BillStatus::done,
                                      BillStatus::failed, BillStatus::cancelled, BillStatus::terminated};

bool is_wanted(const BillList& list, BillStatus status) {
  return list.statuses.empty() || std::ranges::count(list.statuses, status_number(status)) != 0;
}

Result<Numbers> numbers_of(Session& session, AppId app, const BillList& list) {
  const auto fits = [&](const Row& row) { return is_wanted(list, engine::read_code<BillStatus>(row, 1)); };
  if (!list.subscription.empty()) {
    ASSIGN_OR_RETURN(const SubscriptionNumber of, subscription_number(session, app, list.subscription));
    bool has_keyword = true;
    RETURN_IF_ERROR(session.query(listed_search_of_sql, {Value::number(of)}, [&](const Row& row) {
      has_keyword = has(row.bytes(0), list.keyword);
      return false;
    }));
    if (!has_keyword) return Numbers();
    return search(session, listed_bills_of_sql, {Value::number(of)}, slice_of(list), fits);
  }
  if (!list.keyword.empty())
    return search(session, listed_bills_search_sql, {Value::number(app)}, slice_of(list),
                  [&](const Row& row) { return fits(row) && has(row.bytes(2), list.keyword); });
  std::vector<Value> parameters = {Value::number(app)};
  for (const BillStatus status : bill_statuses)
    parameters.push_back(is_wanted(list, status) ? engine::code(status) : Value::number(0));
  return page_in_index(session, listed_bills_count_sql, listed_bills_sql, std::move(parameters),
                       slice_of(list));
}

// ---- changes

Result<Numbers> numbers_of(Session& session, AppId app, const ChangeList& list) {
  SubscriptionNumber of = 0;
  if (!list.subscription.empty()) {
    ASSIGN_OR_RETURN(of, subscription_number(session, app, list.subscription));
  }
  Value statuses[] = {Value::number(0), Value::number(INT64_MAX)};
  if (list.status) {
    const auto status =
        status_of(*list.status, {ChangeStatus::requested, ChangeStatus::approved, ChangeStatus::rejected});
    if (!status) return Numbers();
    statuses[0] = statuses[1] = engine::code(*status);
  }
  const Value types[] = {Value::number(list.type.value_or(0)), Value::number(list.type.value_or(INT64_MAX))};
  return page_in_index(session, of != 0 ? listed_changes_of_count_sql : listed_changes_count_sql,
                       of != 0 ? listed_changes_of_sql : listed_changes_sql,
                       {Value::number(of != 0 ? of : app), statuses[0], statuses[1], types[0], types[1]},
                       slice_of(list));
}

}  // namespace

Result<Page<SubscriptionView>> subscriptions_of_app(Session& session, AppId app,
                                                    const SubscriptionList& list) {
  return views_of(session, numbers_of(session, app, list), subscription_by_number);
}

Result<Page<BillView>> bills_of_app(Session& session, AppId app, const BillList& list) {
  return views_of(session, numbers_of(session, app, list), bill_by_number);
}

Result<Page<ChangeView>> changes_of_app(Session& session, AppId app, const ChangeList& list) {
  return views_of(session, numbers_of(session, app, list), change_by_number);
}

}  // namespace jangbu::invoice
