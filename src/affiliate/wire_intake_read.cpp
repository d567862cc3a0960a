#include <algorithm>
#include <optional>

#include "affiliate/lpinfo.h"
#include "affiliate/wire_intake.h"
#include "base/csv.h"

namespace jangbu::affiliate {
namespace {

constexpr std::int64_t won_tolerance_units = 10 * 10'000;  // a won sum may differ by less than ten
static_assert(price_scale == 4);

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

/// The text's first characters.
std::string cut(std::string_view text, std::size_t count) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] & 0xc0) != 0x80 && seen++ == count) return std::string(text.substr(0, i));
  return std::string(text);
}

/// A member that is there: null counts as not sent, as in the language that the incumbent is written in.
const json::Value* sent(const json::Value* object, std::string_view name) {
  const json::Value* value = object == nullptr ? nullptr : object->find(name);
  return value == nullptr || value->kind == json::Kind::null ? nullptr : value;
}

/// A text, or a number as it is written; nothing when it is neither.
std::optional<std::string_view> scalar(const json::Value* value) {
  if (value == nullptr || !(value->is_string() || value->is_number())) return std::nullopt;
  return value->text;
}

/// Reads one order or action; keeps the first fault.
class Reading {
 public:
  explicit Reading(OrderForm& form) : form_(form) {}

  void fail(std::string fault) {
    if (fault_.empty()) fault_ = std::move(fault);
  }
  [[nodiscard]] std::string fault() { return std::move(fault_); }

  /// A text that must be there; `may_be_empty`: "" and null are values of it. Too long a one is a problem, or
  /// (`cuts`) is cut.
  std::string text(const json::Value* object, std::string_view path, std::string_view name, std::size_t most,
                   bool may_be_empty = false, bool cuts = false) {
    const json::Value* value = object == nullptr ? nullptr : object->find(name);
    if (value != nullptr && value->kind == json::Kind::null && may_be_empty) return {};
    if (value == nullptr || value->kind == json::Kind::null ||
        (!may_be_empty && value->is_string() && value->text.empty())) {
      fail(std::string(path) + "." + std::string(name) + " parameter is empty.");
      return {};
    }
    const auto written = scalar(value);
    if (!written || (!cuts && characters(*written) > most)) {
      fail(std::string(message::problem));
      return {};
    }
    return cut(*written, most);
  }

  /// A price that must be there. `whole`: of won, which have no parts.
  Money price(const json::Value* object, std::string_view path, std::string_view name, bool has_message,
              bool whole) {
    const json::Value* value = sent(object, name);
    if (value == nullptr || (value->is_string() && value->text.empty())) {
      fail(std::string(path) + "." + std::string(name) + " parameter is empty.");
      return {};
    }
    const auto amount = read_price(value, whole ? Below::refused : Below::dropped);
    if (amount && (!whole || amount->cut_to_multiple(10'000) == *amount)) return *amount;
    fail(has_message ? std::string(path) + "." + std::string(name) + " is not integer."
                     : std::string(message::problem));
    return {};
  }

  /// What becomes of parts below the price's unit.
  enum class Below : bool { refused, dropped };

  static std::optional<Money> read_price(const json::Value* value, Below below) {
    const auto written = scalar(value);
    if (!written) return std::nullopt;
    const auto amount = below == Below::refused
                            ? parse_decimal(*written, price_scale, Exponent::allowed)
                            : parse_decimal_truncating(*written, price_scale, Exponent::allowed);
    const Money most = Money::from_units(max_price_units);
    if (!amount || *amount > most || *amount < Money::from_units(-max_price_units)) return std::nullopt;
    return *amount;
  }

  std::uint64_t quantity(const json::Value* value, std::uint64_t otherwise) {
    if (value == nullptr || (value->is_string() && value->text.empty())) return otherwise;
    const auto written = scalar(value);
    const auto number =
        written ? parse_decimal(*written, 0, Exponent::allowed) : Result<Money>(Errc::invalid_number);
    const int128 units = !number ? -1 : number->is_negative() ? -number->units() : number->units();
    if (units < 0 || units > static_cast<int128>(max_quantity)) {
      fail(std::string(message::problem));
      return otherwise;
    }
    return static_cast<std::uint64_t>(units);
  }

  /// ISO 8601 with an offset, or "".
  std::optional<Instant> moment(const json::Value* value) {
    if (value == nullptr || (value->is_string() && value->text.empty())) return std::nullopt;
    const auto at = value->is_string() ? parse_iso(value->text) : std::nullopt;
    if (!at) fail(std::string(message::problem));
    return at == Instant() ? std::nullopt : at;  // what some servers write for a date that they do not have
  }

  void merchant(const json::Value* linkprice) {
    const auto id = scalar(sent(linkprice, "merchant_id"));
    if (!id || id->empty()) return fail(std::string(message::missing));
    form_.merchant_id = *id;
  }

  /// Who sent the customer, and with what: the part that orders and actions share.
  void linkprice(const json::Value* linkprice) {
    if (names_promo(linkprice)) {
      form_.by_promo = true;
      form_.promo_code = text(linkprice, "linkprice", "promo_code", max_code_characters);
      form_.event_code = text(linkprice, "linkprice", "event_code", max_code_characters);
    } else {
      form_.lpinfo = text(linkprice, "linkprice", "lpinfo", max_lpinfo_bytes, false, true);
      if (fault_.empty() && !is_lpinfo(*sent(linkprice, "lpinfo"))) fail(std::string(message::lpinfo_format));
    }
    form_.user_agent = text(linkprice, "linkprice", "user_agent", max_agent_characters, true, true);
    text(linkprice, "linkprice", "remote_addr", max_code_characters, true, true);  // kept nowhere
    form_.device =
        device_of_name(text(linkprice, "linkprice", "device_type", max_code_characters, true, true));
  }

  void products(const json::Value& list) {
    for (std::uint32_t i = 0; i < list.size; ++i) {
      const std::string path = "products[" + std::to_string(i) + "]";
      ProductForm product;
      const json::Value* item = &list.items[i];
      product.product_code = text(item, path, "product_id", max_code_characters);
      product.product_name = text(item, path, "product_name", max_name_characters, true, true);
      product.category_code = text(item, path, "category_code", max_category_characters, true);
      product.price = price(item, path, "product_final_price", false, false);
      product.category_names = category_names(sent(item, "category_name"));
      product.quantity = quantity(sent(item, "quantity"), 1);
      product.paid_at = moment(sent(item, "paid_at"));
      product.confirmed_at = moment(sent(item, "confirmed_at"));
      product.canceled_at = moment(sent(item, "canceled_at"));
      canceled_part(*item, product);
      form_.products.push_back(std::move(product));
    }
  }

  /// Of all prices together and the whole.
  void sum() {
    Money together;
    for (const ProductForm& product : form_.products) together = together.plus(product.price).value();
    const int128 difference = together.minus(form_.total).value().units();
    const int128 apart = difference < 0 ? -difference : difference;
    if (apart >= (form_.currency == won ? won_tolerance_units : 1)) fail(std::string(message::sum));
  }

 private:
  /// A code of a promotion counts; empty ones count where there is no LPINFO.
  static bool names_promo(const json::Value* linkprice) {
    const json::Value* promo = sent(linkprice, "promo_code");
    const json::Value* event = sent(linkprice, "event_code");
    const auto is_filled = [](const json::Value* value) {
      return value != nullptr && !(value->is_string() && value->text.empty());
    };
    return is_filled(promo) || is_filled(event) ||
           ((promo != nullptr || event != nullptr) && sent(linkprice, "lpinfo") == nullptr);
  }

  static std::optional<Instant> parse_iso(std::string_view text) {
    // What has no offset is in Seoul; +0900 is as good as +09:00.
    std::string full(text);
    if (full.size() > 10 && full[10] == ' ') full[10] = 'T';
    if (full.size() == 19) full += "+09:00";
    if (full.size() >= 24 && (full[full.size() - 5] == '+' || full[full.size() - 5] == '-'))
      full.insert(full.size() - 2, ":");
    const auto at = parse_rfc3339(full);
    return at ? std::optional(*at) : std::nullopt;
  }

  static bool is_lpinfo(const json::Value& value) {
    const auto written = scalar(&value);
    if (!written || written->size() > max_lpinfo_bytes) return false;
    return read_lpinfo(*written).has_value();
  }

  std::vector<std::string> category_names(const json::Value* value) {
    std::vector<std::string> names;
    if (value == nullptr) return names;
    if (value->kind != json::Kind::array) {
      if (const auto written = scalar(value); written && !written->empty())
        names.push_back(cut(*written, max_category_characters));
      return names;
    }
    for (std::uint32_t i = 0; i < value->size && names.size() < max_category_names; ++i)
      if (const auto written = scalar(&value->items[i]))
        names.push_back(cut(*written, max_category_characters));
    return names;
  }

  void canceled_part(const json::Value& item, ProductForm& product) {
    const json::Value* count = sent(&item, "canceled_quantity");
    if (count != nullptr && !(count->is_string() && count->text.empty()))
      product.canceled_quantity = quantity(count, 0);
    const json::Value* price = sent(&item, "canceled_price");
    if (price == nullptr || (price->is_string() && price->text.empty())) return;
    product.canceled_price = read_price(price, Below::dropped);
    if (!product.canceled_price) fail(std::string(message::problem));
  }

  OrderForm& form_;
  std::string fault_;
};

IntakeRead read_order(const json::Value& root, Source source) {
  IntakeRead read;
  read.form.source = source;
  Reading reading(read.form);
  const json::Value* order = root.find("order");
  const json::Value* linkprice = root.find("linkprice");
  reading.merchant(linkprice);
  OrderForm& form = read.form;
  form.order_code = reading.text(order, "order", "order_id", max_code_characters);
  const auto currency = scalar(sent(order, "currency"));
  form.total = reading.price(order, "order", "final_paid_price", true, currency == won);
  form.currency = reading.text(order, "order", "currency", max_code_characters);
  form.user_name = reading.text(order, "order", "user_name", max_code_characters, true, true);
  const json::Value* products = sent(&root, "products");
  const bool is_list = products != nullptr && products->kind == json::Kind::array;
  if (!is_list || products->size == 0) reading.fail("products parameter is empty.");
  if (is_list && products->size > max_products) reading.fail(std::string(message::problem));
  reading.linkprice(linkprice);
  if (is_list && products->size <= max_products) reading.products(*products);
  reading.sum();
  read.fault = reading.fault();
  return read;
}

IntakeRead read_action(const json::Value& root) {
  IntakeRead read;
  read.form.source = Source::cpa;
  read.form.kind = ProgramKind::cpa;
  Reading reading(read.form);
  const json::Value* action = root.find("action");
  const json::Value* linkprice = root.find("linkprice");
  reading.merchant(linkprice);
  OrderForm& form = read.form;
  ProductForm product;
  form.order_code = reading.text(action, "action", "unique_id", max_code_characters);
  const auto currency = scalar(sent(action, "currency"));
  form.total = reading.price(action, "action", "final_paid_price", true, currency == won);
  form.currency = reading.text(action, "action", "currency", max_code_characters);
  form.user_name = reading.text(action, "action", "member_id", max_code_characters, true, true);
  form.action_name = reading.text(action, "action", "action_name", max_name_characters, false, true);
  product.category_code = reading.text(action, "action", "category_code", max_code_characters);
  reading.linkprice(linkprice);
  product.product_code = product.category_code;
  if (const auto code = scalar(sent(action, "action_code")); code && !code->empty())
    product.product_code = cut(*code, max_code_characters);
  product.product_name = form.action_name;
  product.price = form.total;
  product.paid_at = reading.moment(sent(action, "paid_at"));
  form.products.push_back(std::move(product));
  read.fault = reading.fault();
  return read;
}

template <typename Read>
IntakeRead read_body(std::string_view body, Read read) {
  if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
  const auto document = json::Document::parse(body);
  if (!document) return {{}, std::string(message::not_json)};
  if (document->root().kind != json::Kind::object) return {{}, std::string(message::missing)};
  return read(document->root());
}

}  // namespace

IntakeRead read_cps(std::string_view body) {
  return read_body(body, [](const json::Value& root) { return read_order(root, Source::cps); });
}
IntakeRead read_cpa(std::string_view body) { return read_body(body, read_action); }
IntakeRead read_listed(const json::Value& order) {
  if (order.kind != json::Kind::object) return {{}, std::string(message::missing)};
  return read_order(order, Source::restored);
}

std::optional<SentBy> read_lpinfo(std::string_view text) {
  if (const auto lpinfo = parse_lpinfo(text)) return SentBy{lpinfo->affiliate, lpinfo->click};
  // Of another system's, or an older form: the affiliate is what counts.
  const std::size_t encoded = std::min(text.find("%7C"), text.find("%7c"));
  const std::size_t bar = std::min(text.find('|'), encoded);
  if (bar == std::string_view::npos || bar + 1 == text.size()) return std::nullopt;
  const AffiliateNumber affiliate = affiliate_of_id(text.substr(0, bar));
  if (affiliate == 0) return std::nullopt;
  return SentBy{affiliate, std::nullopt};
}

}  // namespace jangbu::affiliate
