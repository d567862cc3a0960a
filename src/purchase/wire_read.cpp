// Requests of the purchase door: bytes to typed commands, or every fault at once.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/json.h"
#include "purchase/wire.h"

namespace jangbu::purchase {
namespace {

/// The bytes of the white space character that `text` starts with, or 0: what JavaScript's trim() removes.
std::size_t white_space_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned lead = byte(0);
  if ((lead >= '\t' && lead <= '\r') || lead == ' ') return 1;
  if (lead == 0xc2 && byte(1) == 0xa0) return 2;  // U+00A0
  const unsigned low = byte(1) << 8 | byte(2);
  switch (lead) {
    case 0xe1:
      return low == 0x9a80 ? 3 : 0;  // U+1680
    case 0xe2: {
      const bool spaces = low >= 0x8080 && low <= 0x808a;  // U+2000..200A
      return spaces || low == 0x80a8 || low == 0x80a9 || low == 0x80af || low == 0x819f
                 ? 3
                 : 0;  // U+2028,2029,202F,205F
    }
    case 0xe3:
      return low == 0x8080 ? 3 : 0;  // U+3000
    case 0xef:
      return low == 0xbbbf ? 3 : 0;  // U+FEFF
    default:
      return 0;
  }
}

}  // namespace

std::string_view trim(std::string_view text) {
  const auto is_plain = [](char c) { return c > ' ' && c <= '~'; };
  if (text.empty() || (is_plain(text.front()) && is_plain(text.back()))) return text;
  while (const std::size_t length = white_space_length(text)) text.remove_prefix(length);
  const auto length_at_end = [&]() -> std::size_t {
    for (std::size_t length = 1; length <= std::min<std::size_t>(3, text.size()); ++length) {
      if (white_space_length(text.substr(text.size() - length)) == length) return length;
    }
    return 0;
  };
  while (const std::size_t length = length_at_end()) text.remove_suffix(length);
  return text;
}

namespace {

using json::Kind;

// The limits of docs/formats/purchase-api.md.
constexpr std::size_t longest_id = 1024;                // bytes of a purchaseId or productId
constexpr std::uint32_t most_details = 1000;            // entries
constexpr std::uint64_t longest_waiting = 315'360'000;  // seconds: ten years
constexpr std::uint64_t whole_percent = 100'00;         // hundredths of a percent
constexpr std::size_t longest_echo = 1024;              // bytes of a faulty value that are sent back
/// 10^15 of a currency: a thousand of them add up, and times a rate divide, well inside of Money.
constexpr Money largest_amount = Money::from_units(int128{1'000'000'000'000'000} * 1'000'000'000'000'000'000);

constexpr std::string_view invalid_value = "Invalid value";
constexpr std::string_view cash_above_total = "cashAmount is greater than totalAmount";

/// A field's value, or what is wrong with it.
template <typename T>
struct Reading {
  T value{};
  std::string_view fault;  // empty when nothing is
};

template <typename T>
Reading<T> fault(std::string_view message) {
  return {T{}, message};
}

bool is_hex_0x(std::string_view text, std::size_t digits) {
  if (text.size() != 2 + digits || text[0] != '0' || (text[1] != 'x' && text[1] != 'X')) return false;
  return std::all_of(text.begin() + 2, text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

/// Decimal digits as they are printed: no sign, no leading zeros. nullopt for anything else or above 2^64-1.
std::optional<std::uint64_t> parse_canonical_u64(std::string_view text) {
  if (text.empty() || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What the public server's validator makes of a value before it checks it, and tells when it refuses it.
std::string validated_text(const json::Value& value) {
  switch (value.kind) {
    case Kind::null:
      return "";
    case Kind::boolean:
      return value.boolean ? "true" : "false";
    case Kind::number:
      return std::string(value.text);
    case Kind::string:
      return std::string(trim(value.text));
    case Kind::array:
      return value.size == 0 ? "" : validated_text(value.items[0]);
    case Kind::object:
      break;
  }
  return "[object Object]";
}

/// The trimmed text of a string, or a number's own text; nullopt for other kinds.
std::optional<std::string_view> scalar_text(const json::Value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return trim(value->text);
  if (value->is_number()) return value->text;
  return std::nullopt;
}

Exponent exponent_of(const json::Value& value) {
  return value.is_number() ? Exponent::allowed : Exponent::refused;
}

/// A text's decimal as JSON writes it: the public server takes "007" and ".5", too.
std::string plain_decimal(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  const bool has_whole_part = !text.empty() && text.front() >= '1' && text.front() <= '9';
  return (has_whole_part ? "" : "0") + std::string(text);
}

Reading<std::string_view> read_id(const json::Value* value) {
  const auto text = scalar_text(value);
  if (!text || text->empty()) return fault<std::string_view>(invalid_value);
  if (text->size() > longest_id) return fault<std::string_view>("Longer than 1024 bytes");
  return {*text, {}};
}

Reading<std::string_view> read_text(const json::Value* value) {
  if (value == nullptr || !value->is_string()) return fault<std::string_view>(invalid_value);
  return {trim(value->text), {}};
}

/// An account or a phone: a field that may be empty but not left out. nullopt: something that is no text, and
/// so neither.
Reading<std::optional<std::string_view>> read_party(const json::Value* value) {
  if (value == nullptr) return fault<std::optional<std::string_view>>(invalid_value);
  if (value->is_string()) return {trim(value->text), {}};
  if (value->kind == Kind::array && value->size == 0) return {"", {}};
  return {std::nullopt, {}};
}

Reading<std::string_view> read_shop_id(const json::Value* value) {
  const Reading<std::string_view> text = read_text(value);
  return is_hex_0x(text.value, 64) ? text : fault<std::string_view>(invalid_value);
}

Reading<std::uint64_t> read_timestamp(const json::Value* value) {
  const auto text = scalar_text(value);
  const auto number = text ? parse_canonical_u64(*text) : std::nullopt;
  return number ? Reading<std::uint64_t>{*number, {}} : fault<std::uint64_t>(invalid_value);
}

Reading<std::optional<std::uint64_t>> read_waiting(const json::Value* value) {
  if (value == nullptr) return {};
  const Reading<std::uint64_t> seconds = read_timestamp(value);
  if (!seconds.fault.empty()) return {std::nullopt, seconds.fault};
  if (seconds.value > longest_waiting) return {std::nullopt, "More than 315360000 seconds"};
  return {seconds.value, {}};
}

Reading<Money> read_amount(const json::Value* value) {
  auto text = scalar_text(value);
  if (!text) return fault<Money>(invalid_value);
  std::string plain;
  if (value->is_string() && text->size() > 1 && (text->front() == '0' || text->front() == '.')) {
    plain = plain_decimal(*text);
    text = plain;
  }
  const Result<Money> amount = parse_decimal(*text, amount_scale, exponent_of(*value));
  if (amount && !amount->is_negative() && *amount <= largest_amount) return {*amount, {}};
  if (!amount && amount.error().code == Errc::too_many_fraction_digits)
    return fault<Money>("More than 18 fraction digits");
  if (!amount && amount.error().code == Errc::invalid_number) return fault<Money>(invalid_value);
  return fault<Money>("Amount out of range");
}

Reading<std::uint64_t> read_percent(const json::Value* value) {
  constexpr int scale = 2;
  constexpr std::string_view out_of_range = "Percent out of range";
  const auto text = scalar_text(value);
  if (!text) return fault<std::uint64_t>(invalid_value);
  const Result<Money> cut = parse_decimal_truncating(*text, scale, exponent_of(*value));
  if (!cut && cut.error().code == Errc::invalid_number) return fault<std::uint64_t>(invalid_value);
  if (!cut || cut->is_negative() || *cut > Money::from_units(whole_percent))
    return fault<std::uint64_t>(out_of_range);
  // Cutting would let -0.001 and 100.001 in; at either end of the range nothing may have been cut off.
  const bool at_edge = cut->units() == whole_percent || (cut->is_zero() && text->front() == '-');
  if (at_edge && !parse_decimal(*text, scale, exponent_of(*value))) return fault<std::uint64_t>(out_of_range);
  return {static_cast<std::uint64_t>(cut->units()), {}};
}

Reading<const json::Value*> read_details(const json::Value* value) {
  if (value == nullptr || value->kind != Kind::array || value->size == 0)
    return fault<const json::Value*>(invalid_value);
  if (value->size > most_details) return fault<const json::Value*>("More than 1000 entries");
  return {value, {}};
}

/// Takes the fields of an object one after the other and remembers what was wrong with them.
class FieldReader {
 public:
  /// `path` is put before the names in the faults.
  FieldReader(const json::Value& object, std::vector<Fault>& faults, std::string_view path = {})
      : object_(object), faults_(faults), path_(path) {}

  template <typename Read>
  auto take(std::string_view name, Read read) {
    const json::Value* const value = object_.find(name);
    auto reading = read(value);
    if (!reading.fault.empty()) add(name, value, reading.fault);
    return reading.value;
  }

  /// The same of a field whose faulty value is told as the public server tells it: as its validated text.
  template <typename Read>
  auto take_validated(std::string_view name, Read read) {
    const json::Value* const value = object_.find(name);
    auto reading = read(value);
    if (!reading.fault.empty()) {
      add(name, nullptr, reading.fault);
      if (value != nullptr) faults_.back().value_json = echo_text(validated_text(*value));
    }
    return reading.value;
  }

  void add(std::string_view name, const json::Value* value, std::string_view message) {
    Fault fault;
    fault.param.append(path_).append(name);
    fault.message = message;
    if (value != nullptr) {
      std::string json;
      json::append_value(json, *value);
      fault.value_json = echo(std::move(json));
    }
    faults_.push_back(std::move(fault));
  }

 private:
  const json::Value& object_;
  std::vector<Fault>& faults_;
  std::string_view path_;
};

std::vector<Detail> read_entries(const json::Value& entries, std::vector<Fault>& faults) {
  std::vector<Detail> details;
  details.reserve(entries.size);
  for (std::uint32_t i = 0; i < entries.size; ++i) {
    // A name of a fault that most entries do not have: made into the stack's buffer, without an allocation.
    std::array<char, 24> path{'d', 'e', 't', 'a', 'i', 'l', 's', '['};
    char* end = std::to_chars(path.begin() + 8, path.end(), i).ptr;
    *end++ = ']';
    const std::string_view entry_path(path.data(), static_cast<std::size_t>(end - path.data()));
    const json::Value& entry = entries.items[i];
    if (entry.kind != Kind::object) {
      FieldReader(entry, faults, entry_path).add({}, &entry, invalid_value);
      continue;
    }
    *end++ = '.';
    FieldReader fields(entry, faults, {path.data(), static_cast<std::size_t>(end - path.data())});
    Detail& detail = details.emplace_back();
    detail.product_id = fields.take("productId", read_id);
    detail.amount = fields.take("amount", read_amount);
    detail.provide_percent = fields.take("providePercent", read_percent);
  }
  return details;
}

/// The sum of at most most_details amounts of at most largest_amount cannot overflow.
bool sums_up_to(const std::vector<Detail>& details, Money total) {
  int128 sum = 0;
  for (const Detail& detail : details) sum += detail.amount.units();
  return sum == total.units();
}

std::string access_key(const json::Value& root, const std::string* authorization) {
  if (authorization != nullptr) return std::string(trim(*authorization));
  return std::string(read_text(root.find("accessKey")).value);
}

/// The parsed body, of which an empty one counts as an empty object, and an array as one without any of the
/// fields; or the refusal of what is neither object nor array. A byte order mark is passed over.
std::variant<json::Document, Refusal> parse_object(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  Result<json::Document> document = json::Document::parse(body.empty() ? "{}" : body);
  if (!document) return Refusal{document.error(), {}};
  const Kind root = document->root().kind;
  if (root == Kind::object || root == Kind::array) return std::move(*document);
  return Refusal{Error(Errc::malformed_json, "The body has to be an object."), {}};
}

/// The zero address stands for "no account", as on the public servers.
bool is_zero_address(std::string_view account) {
  return account.substr(2).find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::optional<std::string> echo(std::string value_json) {
  if (value_json.size() > longest_echo) return std::nullopt;
  return value_json;
}

std::optional<std::string> echo_text(std::string_view text) {
  std::string value_json;
  json::append_string(value_json, text);
  return echo(std::move(value_json));
}

Parsed<NewPurchase> parse_new(std::string_view body, const std::string* authorization,
                              const PhoneBook& phones, const CurrencyTest& is_currency) {
  auto parsed = parse_object(body);
  if (auto* refusal = std::get_if<Refusal>(&parsed)) return std::move(*refusal);
  const json::Value& root = std::get<json::Document>(parsed).root();

  const auto read_currency = [&](const json::Value* value) {
    const Reading<std::string_view> code = read_text(value);
    if (!code.fault.empty() || code.value.empty()) return fault<std::string_view>(invalid_value);
    return is_currency(code.value) ? code : fault<std::string_view>("Unknown currency");
  };
  std::vector<Fault> faults;
  FieldReader fields(root, faults);
  NewPurchase purchase;
  purchase.purchase_id = fields.take("purchaseId", read_id);
  purchase.timestamp = fields.take("timestamp", read_timestamp);
  purchase.total_amount = fields.take_validated("totalAmount", read_amount);
  const bool total_is_valid = faults.empty() || faults.back().param != "totalAmount";
  purchase.cash_amount = fields.take_validated("cashAmount", [&](const json::Value* value) {
    const Reading<Money> cash = read_amount(value);
    const bool is_too_much = cash.fault.empty() && total_is_valid && cash.value > purchase.total_amount;
    return is_too_much ? fault<Money>(cash_above_total) : cash;
  });
  purchase.currency = fields.take("currency", read_currency);
  purchase.shop_id = fields.take_validated("shopId", read_shop_id);
  const auto account = fields.take("userAccount", read_party);
  const auto phone_text = fields.take("userPhone", read_party);
  if (const json::Value* entries = fields.take("details", read_details))
    purchase.details = read_entries(*entries, faults);
  purchase.waiting_s = fields.take("waiting", read_waiting);
  purchase.sum_matches = sums_up_to(purchase.details, purchase.total_amount);
  // More cash than the total is a fault of its own where the details make up that total. Where they do not,
  // and nothing else is wrong, it is the total that is in doubt: then the sum is refused, as on the public
  // server.
  const bool is_sum_in_doubt =
      faults.size() == 1 && faults[0].message == cash_above_total && !purchase.sum_matches;
  if (!faults.empty() && !is_sum_in_doubt) return Refusal{Errc::invalid_parameters, std::move(faults)};

  if (!account || (!account->empty() && !is_hex_0x(*account, 40))) return Refusal{Errc::invalid_wallet, {}};
  if (!account->empty() && !is_zero_address(*account)) purchase.user_account = *account;
  if (!phone_text) return Refusal{Errc::invalid_phone, {}};
  Result<Phone> phone = phones.parse(*phone_text);
  if (!phone) return Refusal{phone.error(), {}};
  purchase.phone = std::move(*phone);
  purchase.access_key = access_key(root, authorization);
  return purchase;
}

Parsed<CancelPurchase> parse_cancel(std::string_view body, const std::string* authorization) {
  auto parsed = parse_object(body);
  if (auto* refusal = std::get_if<Refusal>(&parsed)) return std::move(*refusal);
  const json::Value& root = std::get<json::Document>(parsed).root();

  std::vector<Fault> faults;
  FieldReader fields(root, faults);
  CancelPurchase cancel;
  cancel.purchase_id = fields.take("purchaseId", read_id);
  cancel.timestamp = fields.take("timestamp", read_timestamp);
  if (!faults.empty()) return Refusal{Errc::invalid_parameters, std::move(faults)};
  cancel.access_key = access_key(root, authorization);
  return cancel;
}

}  // namespace jangbu::purchase
