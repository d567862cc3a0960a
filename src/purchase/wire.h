// The purchase door's protocol: request bytes to typed commands, answers and errors to bytes. Pure; any
// thread. Contract: the published API of the purchase server (docs/formats/purchase-api.md says where we
// decide more strictly).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "http/message.h"
#include "purchase/phone.h"
#include "purchase/transaction.h"

namespace jangbu::purchase {

/// A request to record a purchase, valid in itself: codes 2001, 2002 and 2003 are behind it. What depends on
/// the books (key, shop, sum, repeat) is not decided yet.
struct NewPurchase {
  std::string purchase_id;
  std::uint64_t timestamp = 0;
  Money total_amount;
  Money cash_amount;
  std::string currency;
  std::string shop_id;
  std::string user_account;  // empty when none was given
  Phone phone;
  std::vector<Detail> details;
  std::optional<std::uint64_t> waiting_s;  // seconds until points are provided, when the client asked
  std::string access_key;                  // empty when none was given
  bool sum_matches = false;                // totalAmount equals the sum of the details (2004 otherwise)
};

struct CancelPurchase {
  std::string purchase_id;
  std::uint64_t timestamp = 0;
  std::string access_key;
};

/// Which part of the request a fault is in, by the names of the public server's validator.
enum class FaultLocation : std::uint8_t { body, query, params };

/// One fault of a 2001 answer.
struct Fault {
  std::string param;    // "details[2].amount"
  std::string message;  // "Invalid value"
  std::optional<std::string>
      value_json;  // the value as it was sent, as JSON text; absent when it was missing
  FaultLocation location = FaultLocation::body;
};

/// The JSON of a faulty value as a fault tells it: absent when it is over 1,024 bytes.
std::optional<std::string> echo(std::string value_json);
/// The same for a text of a path or query.
std::optional<std::string> echo_text(std::string_view text);

/// Why a request was refused before it reached the books.
struct Refusal {
  Error error;
  std::vector<Fault> faults;  // for invalid_parameters
};

template <typename T>
using Parsed = std::variant<T, Refusal>;

/// Whether purchases may be in this currency; from the configuration of the moment.
using CurrencyTest = std::function<bool(std::string_view code)>;

/// Without the white space around it, as JavaScript's trim() takes it away. Every text of a request is read
/// so, ids in paths too.
std::string_view trim(std::string_view text);

/// `authorization`: the header's value, or nullptr. All faults of 2001 are gathered before 2002, then 2003.
Parsed<NewPurchase> parse_new(std::string_view body, const std::string* authorization,
                              const PhoneBook& phones, const CurrencyTest& is_currency);
Parsed<CancelPurchase> parse_cancel(std::string_view body, const std::string* authorization);

enum class AccountType : std::uint8_t { none, address, phone };

/// The loyalty part of an answer, fixed when the purchase was decided.
struct LoyaltyAnswer {
  Money value;
  Money point;
  AccountType account_type = AccountType::none;
  std::string account;            // wallet address or phone hash, as answered
  std::uint8_t loyalty_type = 0;  // 0 point, 1 token
  Money current_balance;
  Money to_be_provided;
};

/// Bodies of the answers, byte for byte in the public server's member order.
void render_new(const NewTransaction& tx, std::string_view signer_text, const crypto::Signature& signature,
                const LoyaltyAnswer& loyalty, std::string& out);
void render_cancel(const CancelTransaction& tx, std::string_view signer_text,
                   const crypto::Signature& signature, std::string& out);
/// The `tx` object alone, as it stands in answers; also used by receipts and lists.
void render_tx(const NewTransaction& tx, std::string_view signer_text, const crypto::Signature& signature,
               std::string& out);
void render_tx(const CancelTransaction& tx, std::string_view signer_text, const crypto::Signature& signature,
               std::string& out);

/// The `loyalty` object alone.
void render_loyalty(const LoyaltyAnswer& loyalty, std::string& out);

/// An error in this door's dialect: {"code":2004,"error":{"message":"..."}} with HTTP 200; malformed_json is
/// 400, overload and other `retry` errors are 503 with Retry-After, internal is code 6000.
http::Response error_response(const Error& error, const std::vector<Fault>& faults = {});
/// The same dialect for what has only an HTTP status (404, 405, 413, 500).
http::Response status_response(int status, std::string_view message);

}  // namespace jangbu::purchase
