// Bodies of the invoice door.
#include <algorithm>
#include <array>

#include "invoice/wire.h"
#include "invoice/wire_json.h"

namespace jangbu::invoice {
namespace {

using json::Document;
using json::Kind;

constexpr std::int64_t for_ever_on_the_wire = -1;
constexpr std::size_t max_list = 100;
constexpr std::int64_t longest_expiry_s = 3 * 366 * 86'400;
constexpr int percent_scale = 2;

/// Months, or -1 for ever.
std::uint32_t read_months(Fields& fields, std::string_view name) {
  const auto months = fields.integer(name, for_ever_on_the_wire, max_months);
  if (months && *months == 0) fields.add(name, "too_small", "must be at least 1, or -1 for ever");
  if (!months || *months == 0) return 1;
  return *months == for_ever_on_the_wire ? for_ever : static_cast<std::uint32_t>(*months);
}

Cycle read_cycle(Fields& fields) {
  constexpr std::array types = {AdjustmentType::discount_percent, AdjustmentType::discount_price,
                                AdjustmentType::setup_fee};
  Cycle cycle;
  const std::string type = fields.text("adjustment_type", max_text_bytes);
  const auto* const found = std::find_if(
      types.begin(), types.end(), [&](AdjustmentType each) { return adjustment_type_name(each) == type; });
  if (found == types.end()) {
    fields.add("adjustment_type", type.empty() ? "required" : "invalid_value",
               "must be discount_percent, discount_price or setup_fee");
  } else {
    cycle.type = *found;
  }
  cycle.name = fields.text("name", max_text_bytes);
  if (cycle.type != AdjustmentType::setup_fee || fields.has("duration"))
    cycle.months = read_months(fields, "duration");
  const bool is_percent = found != types.end() && cycle.type == AdjustmentType::discount_percent;
  if (!fields.has("value")) fields.add("value", "required", "the value is required");
  const auto value = is_percent ? fields.decimal("value", percent_scale, 0, 100) : fields.won("value");
  cycle.value = value.value_or(Money());
  cycle.min_value = fields.won("min_value");
  cycle.max_value = fields.won("max_value");
  if (cycle.min_value && cycle.max_value && *cycle.min_value > *cycle.max_value)
    fields.add("min_value", "too_big", "must not be more than max_value");
  return cycle;
}

Adjustment read_adjustment(Fields& fields, std::string_view zone) {
  Adjustment adjustment;
  adjustment.id = fields.text("price_adjustment_id", max_id_bytes);
  adjustment.name = fields.text("name", max_text_bytes);
  adjustment.start_at = fields.moment("start_at", zone);
  adjustment.end_at = fields.moment("end_at", zone, true);
  if (adjustment.start_at && adjustment.end_at && *adjustment.start_at >= *adjustment.end_at)
    fields.add("end_at", "too_small", "must be after start_at");
  fields.objects("cycles", max_cycles,
                 [&](Fields& cycle) { adjustment.cycles.push_back(read_cycle(cycle)); });
  return adjustment;
}

std::uint64_t read_quantity(Fields& fields) {
  const std::string_view name = fields.has("quantity") ? "quantity" : "qty";
  return static_cast<std::uint64_t>(
      fields.integer(name, 1, static_cast<std::int64_t>(max_quantity)).value_or(1));
}

ProductForm read_product(Fields& fields, std::string_view zone) {
  ProductForm product;
  product.product_id = fields.text("product_id", max_id_bytes);
  product.option_id = fields.text("product_option_id", max_id_bytes);
  product.name = fields.text("name", max_text_bytes);
  product.price = fields.won("price");
  product.quantity = read_quantity(fields);
  if (fields.has("duration")) product.months = read_months(fields, "duration");
  fields.objects("price_adjustments", max_adjustments, [&](Fields& adjustment) {
    product.adjustments.push_back(read_adjustment(adjustment, zone));
  });
  return product;
}

/// "invoice_items": goods without a catalogue.
ProductForm read_item(Fields& fields) {
  ProductForm product;
  product.name = fields.text("name", max_text_bytes);
  product.price = fields.won("price");
  if (!product.price && !fields.has("price")) fields.add("price", "required", "the price is required");
  product.quantity = read_quantity(fields);
  return product;
}

User read_user(Fields& fields) {
  User user;
  user.id = fields.text("user_id", max_id_bytes);
  user.name = fields.text(fields.has("name") ? "name" : "username", max_text_bytes);
  user.phone = fields.text("phone", max_text_bytes);
  user.email = fields.text("email", max_text_bytes);
  user.membership_type = fields.text("membership_type", max_text_bytes);
  user.push_token = fields.text("push_token", max_text_bytes);
  json::append_value(user.extra, fields.value());
  if (user.extra.size() > max_metadata_bytes)
    fields.add("", "too_big", "must have at most " + std::to_string(max_metadata_bytes) + " bytes");
  return user;
}

std::vector<SendType> read_send_types(Fields& fields) {
  std::vector<SendType> types;
  fields.values("send_types", max_list, [&](const json::Value& item, const std::string& path) {
    const auto type = item.is_number() || item.is_string() ? parse_decimal(item.text, 0, Exponent::allowed)
                                                           : Result<Money>(Errc::invalid_number);
    if (!type || *type < Money::from_units(1) || *type > Money::from_units(4)) {
      fields.add(path, "invalid_value", "must be 1 (SMS), 2 (Kakao), 3 (e-mail) or 4 (push)");
      return;
    }
    const auto send_type = static_cast<SendType>(static_cast<std::uint8_t>(type->units()));
    if (std::find(types.begin(), types.end(), send_type) == types.end()) types.push_back(send_type);
  });
  return types;
}

/// products, or what older calls say instead.
void read_products(Fields& fields, std::string_view zone, NewInvoice& invoice) {
  fields.objects("products", max_products,
                 [&](Fields& product) { invoice.products.push_back(read_product(product, zone)); });
  if (!invoice.products.empty()) return;
  fields.objects("invoice_items", max_products,
                 [&](Fields& item) { invoice.products.push_back(read_item(item)); });
  if (!invoice.products.empty()) return;
  fields.values("product_ids", max_products, [&](const json::Value& item, const std::string& path) {
    if (!item.is_string() || item.text.empty() || item.text.size() > max_id_bytes)
      return fields.add(path, "invalid_type", "must be the id of a product");
    ProductForm product;
    product.product_id = item.text;
    invoice.products.push_back(std::move(product));
  });
}

NewInvoice read_invoice_form(Fields& fields, std::string_view zone) {
  NewInvoice invoice;
  invoice.request_id = fields.text("request_id", max_id_bytes);
  invoice.name = fields.text("name", max_text_bytes);
  invoice.title = fields.text("title", max_text_bytes);
  if (invoice.name.empty()) invoice.name = invoice.title;
  if (invoice.name.empty()) fields.add("name", "required", "the name is required");
  invoice.memo = fields.prose("memo", max_memo_bytes);
  const std::string currency = fields.text("currency", max_text_bytes);
  if (!currency.empty() && currency != won) fields.add("currency", "invalid_value", "must be KRW");
  invoice.price = fields.won("price");
  invoice.tax_free_price = fields.won("tax_free_price").value_or(Money());
  fields.object("user", [&](Fields& user) { invoice.user = read_user(user); });
  if (invoice.user.id.empty()) invoice.user.id = fields.text("user_id", max_id_bytes);
  read_products(fields, zone, invoice);
  invoice.redirect_url = fields.url("redirect_url");
  invoice.use_redirect = fields.boolean("use_redirect").value_or(false);
  invoice.webhook_url = fields.url("webhook_url");
  invoice.metadata = fields.object_text("metadata", max_metadata_bytes);
  invoice.expires_at = fields.moment("expired_at", zone, true);
  if (const auto seconds = fields.integer("expire_in", 1, longest_expiry_s))
    invoice.expires_in = Duration::seconds(*seconds);
  invoice.send_types = read_send_types(fields);
  invoice.notify = fields.boolean("use_notification").value_or(false);
  invoice.seller_order_id = fields.text("order_id", max_id_bytes);
  return invoice;
}

/// What is asked to go back, in the words of `cancel_products` and the like.
CancelledPart read_cancelled_part(Fields& fields, std::string_view id) {
  CancelledPart part;
  part.path = fields.path_of(id);
  part.id = fields.text(id, max_id_bytes);
  if (part.id.empty()) fields.add(id, "required", "say which one");
  if (fields.has("quantity") || fields.has("qty")) part.quantity = read_quantity(fields);
  part.price = fields.won("cancel_price");
  return part;
}
std::vector<CancelledPart> read_cancelled_parts(Fields& fields) {
  std::vector<CancelledPart> parts;
  fields.objects("cancel_products", max_products, [&](Fields& product) {
    const bool is_older = !product.has("product_id") && product.has("order_product_id");
    parts.push_back(read_cancelled_part(product, is_older ? "order_product_id" : "product_id"));
  });
  fields.objects("cancel_order_subscription_bills", max_products, [&](Fields& bill) {
    parts.push_back(read_cancelled_part(bill, "order_subscription_bill_id"));
    parts.back().is_bill = true;
    parts.back().quantity.reset();
  });
  return parts;
}

ProductOption read_option(Fields& fields) {
  ProductOption option;
  option.id = fields.text(fields.has("option_id") ? "option_id" : "product_option_id", max_id_bytes);
  if (option.id.empty()) fields.add("option_id", "required", "the option's id is required");
  option.name = fields.text("name", max_text_bytes);
  const auto price = fields.won("price");
  if (!price && !fields.has("price")) fields.add("price", "required", "the option's price is required");
  option.price = price.value_or(Money());
  return option;
}

/// What a product's body says, each member that it has.
struct ProductMembers {
  std::optional<std::string> seller_id, name, description;
  std::optional<Money> price, tax_free_price;
  std::optional<std::uint64_t> type;
  std::optional<bool> on_sale, displayed;
  std::optional<std::vector<ProductOption>> options;

  void put(CatalogueProduct& product) const {
    const auto set = [](auto& to, const auto& from) {
      if (from) to = *from;
    };
    set(product.seller_id, seller_id);
    set(product.name, name);
    set(product.description, description);
    set(product.price, price);
    set(product.tax_free_price, tax_free_price);
    set(product.type, type);
    set(product.on_sale, on_sale);
    set(product.displayed, displayed);
    set(product.options, options);
  }
};

ProductMembers read_members(Fields& fields, bool is_new) {
  ProductMembers members;
  const auto text = [&](const char* name, std::size_t max) -> std::optional<std::string> {
    if (!fields.has(name)) return std::nullopt;
    return fields.text(name, max);
  };
  members.seller_id = text("ex_uid", max_id_bytes);
  members.name = text("name", max_text_bytes);
  if (members.name ? members.name->empty() : is_new) fields.add("name", "required", "the name is required");
  if (fields.has("description")) members.description = fields.prose("description", max_memo_bytes);
  const char* price = fields.has("display_price") ? "display_price" : "price";
  members.price = fields.won(price);
  if (is_new && !fields.has(price)) fields.add("display_price", "required", "the price is required");
  members.tax_free_price = fields.won("tax_free_price");
  if (const auto type = fields.integer("type", 0, 1000)) members.type = static_cast<std::uint64_t>(*type);
  members.on_sale = fields.boolean("status_sale");
  members.displayed = fields.boolean("status_display");
  if (fields.has("options")) {
    members.options.emplace();
    fields.objects("options", max_options,
                   [&](Fields& option) { members.options->push_back(read_option(option)); });
  }
  return members;
}

}  // namespace

Parsed<NewInvoice> parse_new_invoice(std::string_view body, std::string_view zone) {
  return parse_object<NewInvoice>(body, [&](Fields& fields) { return read_invoice_form(fields, zone); });
}

NewInvoice read_new_invoice(const json::Value& object, std::string_view zone, Issues& issues) {
  Fields fields(object, issues);
  return read_invoice_form(fields, zone);
}

Parsed<std::optional<Credentials>> parse_token_request(std::string_view body) {
  return parse_object<std::optional<Credentials>>(body, [](Fields& fields) -> std::optional<Credentials> {
    Credentials credentials{fields.text("client_key", max_id_bytes), fields.text("secret_key", max_id_bytes)};
    if (credentials.client_key.empty() || credentials.secret_key.empty()) return std::nullopt;
    return credentials;
  });
}

Parsed<std::vector<SendType>> parse_notify(std::string_view body) {
  return parse_object<std::vector<SendType>>(body, [](Fields& fields) { return read_send_types(fields); });
}

Parsed<CancelRequest> parse_cancel(std::string_view body) {
  return parse_object<CancelRequest>(body, [](Fields& fields) {
    CancelRequest cancel;
    cancel.amount = fields.won(fields.has("price") ? "price" : "refund_price");
    cancel.reason = fields.text(fields.has("reason") ? "reason" : "cancel_reason", max_text_bytes);
    return cancel;
  });
}

Parsed<OrderCancel> parse_order_cancel(std::string_view body) {
  return parse_object<OrderCancel>(body, [](Fields& fields) {
    OrderCancel cancel;
    cancel.order = fields.text(fields.has("order_number") ? "order_number" : "order_id", max_id_bytes);
    if (cancel.order.empty()) fields.add("order_number", "required", "the order is required");
    cancel.is_supervisor = fields.boolean("is_supervisor").value_or(false);
    fields.object("request_cancel_parameters", [&](Fields& parameters) {
      cancel.request.reason = parameters.text("cancel_reason", max_text_bytes);
      cancel.request.amount = parameters.won("refund_price");
      cancel.request.parts = read_cancelled_parts(parameters);
    });
    return cancel;
  });
}

Parsed<CancelDecision> parse_cancel_decision(std::string_view body) {
  return parse_object<CancelDecision>(body, [](Fields& fields) {
    CancelDecision decision;
    decision.message = fields.text(fields.has("message") ? "message" : "cancel_reason", max_text_bytes);
    decision.amount = fields.won("refund_price");
    return decision;
  });
}

Parsed<ProductChange> parse_product(std::string_view body, bool is_new) {
  return parse_object<ProductChange>(body, [&](Fields& fields) -> ProductChange {
    return [members = read_members(fields, is_new)](CatalogueProduct& product) { members.put(product); };
  });
}

}  // namespace jangbu::invoice
