#include "hub/queries.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/unit.h"
#include "hub/columns.h"
#include "hub/records.h"
#include "payment/queries.h"

namespace jangbu::hub {
namespace {

using store::Value;

const store::Sql total_sql{"SELECT campaigns FROM hub_totals WHERE app = $1 AND shown = $2"};
const store::Sql by_ordinal_sql{"SELECT id, " JANGBU_HUB_CAMPAIGN_COLUMNS
                                " FROM hub_campaigns WHERE app = $1 AND ordinal > $2 AND ordinal <= $3 "
                                "ORDER BY ordinal DESC"};
// Ids alone come from the index; a deep page passes over no rows of the table.
const store::Sql newest_shown_sql{
    "SELECT id FROM hub_campaigns WHERE app = $1 AND shown = $2 ORDER BY id DESC LIMIT $3 OFFSET $4"};
const store::Sql oldest_shown_sql{
    "SELECT id FROM hub_campaigns WHERE app = $1 AND shown = $2 ORDER BY id LIMIT $3 OFFSET $4"};
const store::Sql campaign_sql{"SELECT id, " JANGBU_HUB_CAMPAIGN_COLUMNS " FROM hub_campaigns WHERE id = $1"};
const store::Sql order_sql{"SELECT " JANGBU_HUB_ORDER_COLUMNS " FROM hub_orders WHERE number = $1"};
const store::Sql orders_sql{
    "SELECT number FROM hub_orders WHERE app = $1 AND status = $2 AND number < $3 ORDER BY number DESC "
    "LIMIT $4"};
const store::Sql attention_sql{
    "SELECT number FROM hub_orders WHERE attention <> 0 AND app = $1 AND status = $2 AND number < $3 "
    "ORDER BY number DESC LIMIT $4"};
const store::Sql record_sql{"SELECT hash, body, seal FROM engine_records WHERE number = $1"};
const store::Sql moves_sql{
    "SELECT number, at, kind, amount, record, campaign, order_number FROM hub_deposit_moves "
    "WHERE partner = $1 AND number < $2 ORDER BY number DESC LIMIT $3"};
const store::Sql applies_sql{
    "SELECT id, reviewer, state, review FROM hub_applies WHERE campaign = $1 AND id > $2 ORDER BY id LIMIT "
    "$3"};

constexpr OrderStatus order_statuses[] = {
    OrderStatus::created, OrderStatus::paid,      OrderStatus::consumed, OrderStatus::cancelled,
    OrderStatus::expired, OrderStatus::refunding, OrderStatus::refunded};

/// Below every number that there can be.
std::uint64_t or_newest(std::uint64_t before) { return before == 0 ? INT64_MAX : before; }

std::vector<std::vector<Value>> one_each(const std::vector<std::uint64_t>& numbers) {
  std::vector<std::vector<Value>> parameters;
  parameters.reserve(numbers.size());
  for (const std::uint64_t number : numbers) parameters.push_back({Value::number(number)});
  return parameters;
}

/// Records by their numbers, in one round trip. Error: database_corrupt when one is not there.
Result<std::vector<engine::Record>> records_of(store::Session& session,
                                               const std::vector<std::uint64_t>& numbers) {
  std::vector<engine::Record> records(numbers.size());
  Status decoded;
  RETURN_IF_ERROR(
      session.query_each(record_sql, one_each(numbers), [&](std::size_t i, const store::Row& row) {
        auto record = engine::decode_record(numbers[i], row.bytes(0), row.bytes(1), row.bytes(2));
        if (record) {
          records[i] = std::move(*record);
        } else {
          decoded = record.error();
        }
      }));
  RETURN_IF_ERROR(decoded);
  for (const engine::Record& record : records)
    if (record.number == 0) return Error(Errc::database_corrupt, "a record of the hub is not there");
  return records;
}

Result<std::vector<OrderRow>> order_rows(store::Session& session, const std::vector<OrderNumber>& numbers) {
  std::vector<OrderRow> rows(numbers.size());
  RETURN_IF_ERROR(session.query_each(order_sql, one_each(numbers), [&](std::size_t i, const store::Row& row) {
    rows[i] = read_order(row, 0);
  }));
  return rows;
}

Result<std::vector<OrderView>> order_views(store::Session& session, const std::vector<OrderNumber>& numbers) {
  ASSIGN_OR_RETURN(const std::vector<OrderRow> rows, order_rows(session, numbers));
  std::vector<std::uint64_t> record_numbers;
  for (const OrderRow& row : rows) record_numbers.push_back(row.record);
  ASSIGN_OR_RETURN(const std::vector<engine::Record> records, records_of(session, record_numbers));
  std::vector<OrderView> views(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    views[i].row = rows[i];
    RETURN_IF_ERROR(ledger::decode_fields_into(records[i].payload, views[i].created));
  }
  return views;
}

Status read_form(const engine::Record& record, CampaignForm& form) {
  if (record.kind == onboarded_kind) {
    const auto onboarded = std::make_unique<Onboarded>();
    RETURN_IF_ERROR(ledger::decode_fields_into(record.payload, *onboarded));
    form = std::move(onboarded->form);
  } else {
    const auto created = std::make_unique<CampaignCreated>();
    RETURN_IF_ERROR(ledger::decode_fields_into(record.payload, *created));
    form = std::move(created->form);
  }
  return {};
}

/// The codes of the campaigns' orders, empty for those without one.
Status fill_references(store::Session& session, std::vector<CampaignView>& views) {
  std::vector<OrderNumber> numbers;
  for (const CampaignView& view : views)
    if (view.row.order != 0) numbers.push_back(view.row.order);
  ASSIGN_OR_RETURN(const std::vector<OrderView> orders, order_views(session, numbers));
  std::size_t next = 0;
  for (CampaignView& view : views)
    if (view.row.order != 0) view.external_ref = orders[next++].created.code;
  return {};
}

/// Rows to views: what a campaign says of itself stands in the record that made it.
Result<std::vector<CampaignView>> complete(store::Session& session, std::vector<CampaignView> views) {
  std::vector<std::uint64_t> numbers;
  for (const CampaignView& view : views) numbers.push_back(view.row.record);
  ASSIGN_OR_RETURN(const std::vector<engine::Record> records, records_of(session, numbers));
  for (std::size_t i = 0; i < views.size(); ++i) {
    RETURN_IF_ERROR(read_form(records[i], views[i].form));
    views[i].created_at = records[i].recorded_at;
  }
  RETURN_IF_ERROR(fill_references(session, views));
  return views;
}

CampaignView view_of(const store::Row& row) { return {row.number(0), read_campaign(row, 1), {}, {}, {}}; }

Result<std::vector<CampaignView>> campaigns_by_id(store::Session& session,
                                                  const std::vector<CampaignId>& ids) {
  std::vector<CampaignView> views(ids.size());
  RETURN_IF_ERROR(session.query_each(campaign_sql, one_each(ids),
                                     [&](std::size_t i, const store::Row& row) { views[i] = view_of(row); }));
  return complete(session, std::move(views));
}

/// The ids of one page of campaigns that show a status, counted from the nearer end.
Result<std::vector<CampaignId>> page_of_shown(store::Session& session, AppId app, Shown shown,
                                              std::uint64_t skipped, std::uint64_t count,
                                              std::uint64_t total) {
  std::vector<CampaignId> ids;
  const bool from_oldest = skipped > total / 2;
  const std::uint64_t offset = from_oldest ? total - skipped - count : skipped;
  RETURN_IF_ERROR(session.query(from_oldest ? oldest_shown_sql : newest_shown_sql,
                                {Value::number(app), Value::integer(static_cast<std::int64_t>(shown)),
                                 Value::number(count), Value::number(offset)},
                                [&](const store::Row& row) {
                                  ids.push_back(row.number(0));
                                  return true;
                                }));
  if (from_oldest) std::reverse(ids.begin(), ids.end());
  return ids;
}

Result<std::vector<OrderNumber>> order_numbers(store::Session& session, AppId app, OrderStatus status,
                                               const OrderListRequest& list) {
  std::vector<OrderNumber> numbers;
  const auto collect = [&](const store::Row& row) {
    numbers.push_back(row.number(0));
    return true;
  };
  RETURN_IF_ERROR(session.query(list.attention ? attention_sql : orders_sql,
                                {Value::number(app), Value::integer(static_cast<std::int64_t>(status)),
                                 Value::number(or_newest(list.before)), Value::number(list.limit + 1)},
                                collect));
  return numbers;
}

}  // namespace

Result<CampaignPage> campaigns_of_app(store::Session& session, AppId app, const PageRequest& page) {
  CampaignPage answer;
  RETURN_IF_ERROR(session.query(total_sql,
                                {Value::number(app), Value::integer(static_cast<std::int64_t>(page.status))},
                                [&](const store::Row& row) {
                                  answer.total = row.number(0);
                                  return false;
                                }));
  const std::uint64_t skipped = (page.page - 1) * page.page_size;
  if (skipped >= answer.total) return answer;
  const std::uint64_t count = std::min(page.page_size, answer.total - skipped);
  if (page.status != Shown::all) {
    ASSIGN_OR_RETURN(const std::vector<CampaignId> ids,
                     page_of_shown(session, app, page.status, skipped, count, answer.total));
    ASSIGN_OR_RETURN(answer.campaigns, campaigns_by_id(session, ids));
    return answer;
  }
  // An app's campaigns are numbered without gaps, so that every page is a range.
  const std::uint64_t newest = answer.total - skipped;
  std::vector<CampaignView> views;
  RETURN_IF_ERROR(session.query(by_ordinal_sql,
                                {Value::number(app), Value::number(newest - count), Value::number(newest)},
                                [&](const store::Row& row) {
                                  views.push_back(view_of(row));
                                  return true;
                                }));
  ASSIGN_OR_RETURN(answer.campaigns, complete(session, std::move(views)));
  return answer;
}

Result<CampaignRow> campaign_row(store::Session& session, AppId app, CampaignId id) {
  std::optional<CampaignRow> found;
  RETURN_IF_ERROR(session.query(campaign_sql, {Value::number(id)}, [&](const store::Row& row) {
    found = read_campaign(row, 1);
    return false;
  }));
  if (!found) return Errc::campaign_not_found;
  if (found->app != app) return Errc::campaign_not_owned;
  return std::move(*found);
}

Result<CampaignView> campaign_of_app(store::Session& session, AppId app, CampaignId id) {
  ASSIGN_OR_RETURN(CampaignRow row, campaign_row(session, app, id));
  ASSIGN_OR_RETURN(std::vector<CampaignView> views, complete(session, {{id, std::move(row), {}, {}, {}}}));
  return std::move(views.front());
}

Result<Money> refunded_of(store::Session& session, const OrderRow& row) {
  if (row.paid_at == Instant{}) return Money();
  ASSIGN_OR_RETURN(const payment::Checkout checkout, payment::find_checkout(session, row.checkout));
  return checkout.refunded;
}

Result<OrderView> order_of_app(store::Session& session, AppId app, std::string_view code) {
  const OrderNumber number = order_number_of(code);
  if (number == 0 || number > INT64_MAX) return Errc::order_not_found;
  ASSIGN_OR_RETURN(const std::vector<OrderRow> rows, order_rows(session, {number}));
  if (rows.front().record == 0 || rows.front().app != app) return Errc::order_not_found;
  ASSIGN_OR_RETURN(std::vector<OrderView> views, order_views(session, {number}));
  if (views.front().created.code != code) return Errc::order_not_found;
  ASSIGN_OR_RETURN(views.front().refunded, refunded_of(session, views.front().row));
  return std::move(views.front());
}

Result<OrderPage> orders_of_app(store::Session& session, AppId app, const OrderListRequest& list) {
  std::vector<OrderNumber> numbers;
  for (const OrderStatus status : order_statuses) {
    if (list.status && *list.status != status) continue;
    ASSIGN_OR_RETURN(const std::vector<OrderNumber> some, order_numbers(session, app, status, list));
    numbers.insert(numbers.end(), some.begin(), some.end());
  }
  std::sort(numbers.rbegin(), numbers.rend());
  OrderPage page;
  if (numbers.size() > list.limit) {
    numbers.resize(list.limit);
    page.next = numbers.back();
  }
  ASSIGN_OR_RETURN(page.orders, order_views(session, numbers));
  for (OrderView& view : page.orders) {
    ASSIGN_OR_RETURN(view.refunded, refunded_of(session, view.row));
  }
  return page;
}

Result<std::vector<DepositMove>> deposit_moves(store::Session& session, PartnerId partner,
                                               std::uint64_t before, std::uint64_t limit) {
  std::vector<DepositMove> moves;
  RETURN_IF_ERROR(session.query(
      moves_sql, {Value::number(partner), Value::number(or_newest(before)), Value::number(limit)},
      [&](const store::Row& row) {
        moves.push_back({row.number(0),
                         {Instant{row.integer(1)}, static_cast<DepositMoveKind>(row.integer(2)),
                          read_money(row, 3), row.number(4), row.number(5), row.number(6)}});
        return true;
      }));
  return moves;
}

Result<std::vector<ApplyView>> applies_of_campaign(store::Session& session, CampaignId campaign,
                                                   ApplyId after, std::uint64_t limit) {
  std::vector<ApplyView> applies;
  RETURN_IF_ERROR(session.query(
      applies_sql, {Value::number(campaign), Value::number(after), Value::number(limit)},
      [&](const store::Row& row) {
        applies.push_back(
            {row.number(0),
             {campaign, std::string(row.bytes(1)), static_cast<ApplyState>(row.integer(2)), row.number(3)}});
        return true;
      }));
  return applies;
}

}  // namespace jangbu::hub
