#include "affiliate/wire_intake.h"

namespace jangbu::affiliate {
namespace {

constexpr int failed_result = -999;
constexpr int microsecond_digits = 6;

void put_codes(json::Writer& out, const Item& item) {
  out.key("order_code").string(item.order_code).key("product_code").string(item.product_code);
}

void put_object_item(json::Writer& out, const Item& item) {
  out.begin_object().key("is_success").boolean(item.success).key("error_message");
  item.success ? out.null() : out.string(item.message);
  if (item.success) out.key("trlog_id").unsigned_number(item.trlog_id);
  put_codes(out, item);
  if (item.success) {
    out.key("sale").raw(item.sale.to_units_text());
    out.key("commission").raw(item.commission.to_units_text());
  }
  out.end_object();
}

void put_array_item(json::Writer& out, const Item& item) {
  out.begin_object().key("is_success").boolean(item.success).key("error_message").string(item.message);
  put_codes(out, item);
  out.end_object();
}

std::string seconds_text(std::int64_t us) {
  const std::string digits = std::to_string(us % 1'000'000);
  return std::to_string(us / 1'000'000) + "." + std::string(microsecond_digits - digits.size(), '0') + digits;
}

void put_items(json::Writer& out, AnswerShape shape, const std::vector<Item>& items) {
  out.begin_array();
  for (const Item& item : items)
    shape == AnswerShape::array ? put_array_item(out, item) : put_object_item(out, item);
  out.end_array();
}

}  // namespace

std::vector<Item> failed_items(const OrderForm& form, std::string_view why) {
  std::vector<Item> items;
  for (const ProductForm& product : form.products) {
    Item& item = items.emplace_back();
    item.message = why;
    item.order_code = form.order_code;
    item.product_code = product.product_code;
  }
  return items;
}

std::string items_json(AnswerShape shape, const std::vector<Item>& items, std::int64_t took_us) {
  std::string body;
  json::Writer out(body);
  if (shape == AnswerShape::array) {
    put_items(out, shape, items);
    return body;
  }
  out.begin_object().key("result").number(0).key("result_data");
  put_items(out, shape, items);
  out.key("total_execute_time").string(seconds_text(took_us)).end_object();
  return body;
}

std::string failure_json(AnswerShape shape, std::string_view why, const std::vector<Item>& items,
                         std::int64_t took_us) {
  std::string body;
  json::Writer out(body);
  if (shape == AnswerShape::array) {
    Item nameless;
    nameless.message = why;
    put_items(out, shape, items.empty() ? std::vector{nameless} : items);
    return body;
  }
  out.begin_object().key("result").number(failed_result).key("result_msg").string(why);
  out.key("total_execute_time").string(seconds_text(took_us)).end_object();
  return body;
}

}  // namespace jangbu::affiliate
