// What a shop's page posts to POST /v1/invoices: a form around the JSON of its call. Pure.
//
// Two browser SDKs send it. The incumbent's encrypts the JSON and sends the key along, so that nothing is
// secret and nothing is proven by it; ours sends the JSON as it is. Whoever runs the page can write either:
// nothing that stands in a call is believed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace jangbu::invoice {

/// Limits of a form; one more is refused.
inline constexpr std::size_t max_browser_form_bytes = 256 * 1024;
inline constexpr std::size_t max_browser_key_bytes = 255;        // client_key, request_id
inline constexpr std::size_t max_browser_origin_bytes = 300;     // "https://shop.example"
inline constexpr std::size_t max_browser_redirect_bytes = 2048;  // a URL

/// A call as far as it can be read without the schema of invoices and without the books.
struct BrowserForm {
  /// The call: one JSON object, for the reader of invoices that servers send.
  std::string json;
  std::string client_key;    // not empty, without white space around it
  std::string request_id;    // likewise
  std::string origin;        // where the page says it is; empty: it says nothing
  std::string redirect_url;  // empty: none

  friend bool operator==(const BrowserForm&, const BrowserForm&) = default;
};

/// Of so many fields of a kind, and of so many bytes of a path, one reads; the rest is only counted. Whoever
/// writes a call decides how many there are, and how long.
inline constexpr std::size_t max_named_fields = 10;
inline constexpr std::size_t max_field_bytes = 100;

/// Where a call says something of money, by the path: "price", "products[0].unit_price". What says nothing
/// (null, an empty list or text) is not among them, nor what stands in `metadata` and `user`, which nothing
/// is computed from.
struct MoneySaid {
  std::vector<std::string> price_fields;
  /// Discounts, adjustments or further fees: "discount_percent", "products[0].price_adjustments". None of
  /// them is in price_fields.
  std::vector<std::string> adjustment_fields;
  std::size_t further_fields = 0;  // of either kind, that have no place above

  friend bool operator==(const MoneySaid&, const MoneySaid&) = default;
};

/// Reads the form: `payload` alone is JSON; with `token` it is base64 of AES-256-CBC over the JSON, and
/// `token` is base64(key) + "##" + base64(iv). Errors: invalid_parameters (a field is missing, too long or of
/// another kind), invalid_encoding (base64, key, iv or padding), malformed_json.
Result<BrowserForm> read_browser_form(std::string_view form);

/// What the call that BrowserForm::json holds says of money.
MoneySaid money_said(const json::Value& call);

/// MoneySaid in a line of some hundred bytes, for a log: "price, products[0].price; discount_percent; 7
/// more".
std::string in_a_line(const MoneySaid& said);

/// "https://shop.example:8443": scheme, host, and the port where it is not the scheme's own; as browsers
/// write an origin.
bool is_web_origin(std::string_view text);

}  // namespace jangbu::invoice
