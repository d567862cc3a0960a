#include "invoice/browser_call.h"

#include <algorithm>
#include <climits>
#include <memory>
#include <optional>

#include <openssl/evp.h>

#include "base/bytes.h"
#include "delivery/signature.h"
#include "http/message.h"
#include "invoice/wire_json.h"

namespace jangbu::invoice {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t iv_bytes = 16;
constexpr std::string_view token_mark = "##";

struct Form {
  std::string payload;
  std::string token;
};

Result<Form> read_form(std::string_view body) {
  if (body.size() > max_browser_form_bytes)
    return Error(Errc::invalid_parameters, "the form is longer than 256 KiB");
  Form form;
  for (auto& [name, value] : http::parse_query(body)) {
    if (name == "payload") {
      form.payload = std::move(value);
    } else if (name == "token") {
      form.token = std::move(value);
    }
  }
  if (form.payload.empty()) return Error(Errc::invalid_parameters, "the form has no field payload");
  return form;
}

Result<Bytes> base64_field(std::string_view text, std::string_view what) {
  auto bytes = delivery::from_base64(text);
  if (!bytes) return Error(Errc::invalid_encoding, std::string(what) + " is not base64");
  return bytes;
}

/// AES-256-CBC with PKCS #7 padding.
Result<Bytes> decrypt(ByteView sealed, ByteView key, ByteView iv) {
  struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  const auto raw = [](ByteView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); };
  const std::unique_ptr<EVP_CIPHER_CTX, Free> context(EVP_CIPHER_CTX_new());
  Bytes plain(sealed.size() + iv_bytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(plain.data());
  int size = 0;
  int rest = 0;
  if (context == nullptr ||
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, raw(key), raw(iv)) != 1 ||
      EVP_DecryptUpdate(context.get(), out, &size, raw(sealed), static_cast<int>(sealed.size())) != 1 ||
      EVP_DecryptFinal_ex(context.get(), out + size, &rest) != 1)
    return Error(Errc::invalid_encoding, "payload does not decrypt with the key of token");
  plain.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(rest));
  return plain;
}

Result<std::string> open_payload(Form form) {
  if (form.token.empty()) return std::move(form.payload);
  const auto mark = form.token.find(token_mark);
  if (mark == std::string::npos)
    return Error(Errc::invalid_encoding, "token must be base64(key)##base64(iv)");
  ASSIGN_OR_RETURN(const Bytes key, base64_field(form.token.substr(0, mark), "the key of token"));
  ASSIGN_OR_RETURN(const Bytes iv,
                   base64_field(form.token.substr(mark + token_mark.size()), "the iv of token"));
  if (key.size() != key_bytes || iv.size() != iv_bytes)
    return Error(Errc::invalid_encoding, "token must hold a key of 32 bytes and an iv of 16");
  ASSIGN_OR_RETURN(const Bytes sealed, base64_field(form.payload, "payload"));
  return decrypt(sealed, key, iv);
}

/// At most `size` bytes of it, whole characters, and a sign where it goes on.
std::string cut(std::string text, std::size_t size) {
  constexpr std::string_view goes_on = "...";
  if (text.size() <= size) return text;
  std::size_t end = size - goes_on.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return text.append(goes_on);
}

/// "discountPercent" as "discount_percent": pages are written in either case.
std::string underscored(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper && !out.empty() && out.back() != '_') out.push_back('_');
    out.push_back(is_upper ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

bool says_nothing(const json::Value& value) {
  switch (value.kind) {
    case json::Kind::null:
      return true;
    case json::Kind::string:
      return value.text.empty();
    case json::Kind::array:
    case json::Kind::object:
      return value.size == 0;
    default:
      return false;
  }
}

bool is_adjustment(std::string_view name) {
  return name == "discount" || name.starts_with("discount_") || name.ends_with("_discount") ||
         name.starts_with("price_adjustment") || name.starts_with("setup_fee") ||
         name.starts_with("adjustment");
}

bool is_price(std::string_view name) { return name == "price" || name.ends_with("_price"); }

/// Where a walk through a call stands: a member or an item of what `outer` is. Lives on the walk's own stack;
/// only what is found is written down.
struct Place {
  const Place* outer = nullptr;  // null: a member of the call itself
  std::string_view member;       // as the call writes it
  std::optional<std::uint32_t> item = {};
};

/// "products[0].unit_price", no more of it than is shown.
std::string path_of(const Place& place) {
  std::vector<const Place*> way;
  for (const Place* step = &place; step != nullptr; step = step->outer) way.push_back(step);
  std::string path;
  for (auto step = way.rbegin(); step != way.rend() && path.size() <= max_field_bytes; ++step) {
    if ((*step)->item) {
      path.append("[").append(std::to_string(*(*step)->item)).append("]");
    } else {
      if (step != way.rbegin()) path.push_back('.');
      path.append((*step)->member.substr(0, max_field_bytes + 1));
    }
  }
  return cut(std::move(path), max_field_bytes);
}

void note(const Place& place, std::vector<std::string>& fields, MoneySaid& said) {
  if (fields.size() == max_named_fields) {
    ++said.further_fields;
  } else {
    fields.push_back(path_of(place));
  }
}

/// Walks the call for what it says of money; `outer` is where `value` stands. Depth is bounded by
/// json::max_depth.
void find_money(const json::Value& value, const Place* outer, MoneySaid& said) {
  if (value.kind == json::Kind::array) {
    for (std::uint32_t i = 0; i < value.size; ++i) {
      const Place place{outer, {}, i};
      find_money(value.items[i], &place, said);
    }
    return;
  }
  if (value.kind != json::Kind::object) return;
  for (std::uint32_t i = 0; i < value.size; ++i) {
    const json::Member& member = value.members[i];
    const std::string name = underscored(member.name);
    if (says_nothing(member.value) || name == "metadata" || name == "user") continue;
    const Place place{outer, member.name};
    if (is_adjustment(name)) {
      note(place, said.adjustment_fields, said);
    } else if (is_price(name)) {
      note(place, said.price_fields, said);
    } else {
      find_money(member.value, &place, said);
    }
  }
}

/// A member's text; empty where it is absent or null.
Result<std::string> text_of(const json::Value& object, std::string_view name, std::size_t max_bytes) {
  const json::Value* value = object.find(name);
  if (value == nullptr || value->kind == json::Kind::null) return std::string();
  // A page may count its requests in numbers.
  if (!value->is_string() && !value->is_number())
    return Error(Errc::invalid_parameters, std::string(name) + " must be a text");
  if (value->text.size() > max_bytes)
    return Error(Errc::invalid_parameters,
                 std::string(name) + " is longer than " + std::to_string(max_bytes) + " bytes");
  return std::string(value->text);
}

Result<std::string> required(const json::Value& object, std::string_view name) {
  ASSIGN_OR_RETURN(const std::string text, text_of(object, name, max_browser_key_bytes));
  // As in a server's call: what differs by white space alone must not be another invoice.
  const std::string_view inner = trimmed(text);
  if (inner.empty()) return Error(Errc::invalid_parameters, std::string(name) + " is required");
  return std::string(inner);
}

/// What the incumbent's pages may ask for and this door does not do: silence would charge too early.
Status check_extra(const json::Value& root) {
  const json::Value* extra = root.find("extra");
  const json::Value* confirms = extra == nullptr ? nullptr : extra->find("separately_confirmed");
  if (confirms == nullptr || says_nothing(*confirms)) return {};
  if (confirms->kind == json::Kind::boolean && !confirms->boolean) return {};
  return Error(Errc::invalid_parameters,
               "extra.separately_confirmed is not offered: a payment needs no second word of the shop");
}

}  // namespace

Result<BrowserForm> read_browser_form(std::string_view body) {
  ASSIGN_OR_RETURN(Form form, read_form(body));
  BrowserForm call;
  ASSIGN_OR_RETURN(call.json, open_payload(std::move(form)));
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(call.json));
  const json::Value& root = document.root();
  if (root.kind != json::Kind::object)
    return Error(Errc::invalid_parameters, "the call must be a JSON object");
  ASSIGN_OR_RETURN(call.client_key, required(root, "client_key"));
  ASSIGN_OR_RETURN(call.request_id, required(root, "request_id"));
  ASSIGN_OR_RETURN(call.redirect_url, text_of(root, "redirect_url", max_browser_redirect_bytes));
  ASSIGN_OR_RETURN(call.origin, text_of(root, "origin", max_browser_origin_bytes));
  if (!call.origin.empty() && !is_web_origin(call.origin))
    return Error(Errc::invalid_parameters, "origin must be a scheme, a host and a port");
  RETURN_IF_ERROR(check_extra(root));
  return call;
}

MoneySaid money_said(const json::Value& call) {
  MoneySaid said;
  find_money(call, nullptr, said);
  return said;
}

std::string in_a_line(const MoneySaid& said) {
  constexpr std::size_t max_bytes = 300;
  std::string line;
  for (const auto* fields : {&said.price_fields, &said.adjustment_fields}) {
    if (!line.empty() && !fields->empty()) line += "; ";
    for (const std::string& field : *fields) {
      if (&field != &fields->front()) line += ", ";
      line += field;
    }
  }
  line = cut(std::move(line), max_bytes);
  if (said.further_fields > 0) line += "; " + std::to_string(said.further_fields) + " more";
  return line;
}

bool is_web_origin(std::string_view text) {
  if (text.size() > max_browser_origin_bytes) return false;
  for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")}) {
    if (!text.starts_with(scheme)) continue;
    std::string_view host = text.substr(scheme.size());
    if (const auto colon = host.rfind(':'); colon != std::string_view::npos && !host.ends_with(']')) {
      const std::string_view port = host.substr(colon + 1);
      host = host.substr(0, colon);
      const bool is_port = !port.empty() && port.size() <= 5 && port[0] != '0' &&
                           std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
      const bool is_usual = port == (text.starts_with("https") ? "443" : "80");
      if (!is_port || is_usual) return false;
    }
    const bool is_literal = host.starts_with('[') && host.ends_with(']');
    if (is_literal) host = host.substr(1, host.size() - 2);
    return !host.empty() && std::all_of(host.begin(), host.end(), [is_literal](char c) {
      const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
      return is_word || (is_literal ? c == ':' : c == '-' || c == '_');
    });
  }
  return false;
}

}  // namespace jangbu::invoice
