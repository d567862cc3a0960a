// Query strings and headers of the invoice door.
#include "invoice/wire_query.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/calendar.h"
#include "http/message.h"
#include "invoice/messages.h"
#include "invoice/wire.h"
#include "invoice/wire_json.h"

namespace jangbu::invoice {

Parsed<InvoiceList> parse_invoice_list(std::string_view query_text, std::string_view zone) {
  Query query(query_text);
  InvoiceList list;
  list.page = query.number("page", 1, max_page, 1);
  list.limit = query.number("limit", 1, max_limit, list.limit);
  list.keyword = to_lower(query.text("keyword"));
  list.user_id = query.text("user_id");
  if (query.find("product_type") != nullptr) list.product_type = query.number("product_type", 0, 1000, 0);
  const std::string times = query.text("cs_type");
  list.by_payment = times == "paid_at" || times == "purchased_at" || times == "pay_at";
  list.from = query.moment("css_at", zone, false);
  list.to = query.moment("cse_at", zone, true);
  return query.finish(std::move(list));
}

Parsed<OrderList> parse_order_list(std::string_view query_text, std::string_view zone) {
  Query query(query_text);
  OrderList list;
  list.page = query.number("page", 1, max_page, 1);
  list.limit = query.number("limit", 1, max_order_limit, list.limit);
  list.keyword = to_lower(query.text("keyword"));
  list.user_id = query.text("user_id");
  list.statuses = read_statuses(query);
  const auto either = [&](const char* name, const char* alias, bool end_of_day) {
    return query.moment(query.find(name) != nullptr ? name : alias, zone, end_of_day);
  };
  list.from = either("search_date_from", "css_at", false);
  list.to = either("search_date_to", "cse_at", true);
  return query.finish(std::move(list));
}

Parsed<OrderList> parse_order_month(std::string_view query_text, std::string_view zone) {
  constexpr std::size_t month_bytes = 7;  // "2026-05", of which a day may follow
  Query query(query_text);
  OrderList list;
  list.page = query.number("page", 1, max_page, 1);
  list.limit = query.number("limit", 1, max_order_limit, max_order_limit);
  list.user_id = query.text("user_group_id");
  const std::string date = query.text("search_date");
  const bool is_day = date.size() > month_bytes;
  const bool is_whole = !is_day || parse_moment(date, zone, false).has_value();
  list.from = parse_moment(date.substr(0, month_bytes) + "-01", zone, false);
  if (date.empty()) {
    query.fault("search_date", "the month is required");
  } else if (!list.from || !is_whole) {
    query.fault("search_date", "must be a month such as 2026-05");
  } else {
    const auto end = plus_months(*list.from, 1, zone);
    if (end) list.to = *end;
  }
  return query.finish(std::move(list));
}

Parsed<ProductList> parse_product_list(std::string_view query_text) {
  Query query(query_text);
  ProductList list;
  list.page = query.number("page", 1, max_page, 1);
  list.limit = query.number("limit", 1, max_limit, list.limit);
  list.keyword = to_lower(query.text("keyword"));
  list.seller_id = query.text("ex_uid");
  return query.finish(std::move(list));
}

std::string parse_cancel_list(std::string_view query_text) {
  const Query query(query_text);
  const std::string number = query.text("order_number");
  return number.empty() ? query.text("order_id") : number;
}

Parsed<std::string> parse_idempotency_key(const std::string* header) {
  if (header == nullptr) return std::string();
  const bool is_printable =
      std::all_of(header->begin(), header->end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (header->empty() || header->size() > max_id_bytes || !is_printable)
    return Issues{{"Idempotency-Key", "invalid_value", "must be 1 to 255 printable characters"}};
  return *header;
}

}  // namespace jangbu::invoice
