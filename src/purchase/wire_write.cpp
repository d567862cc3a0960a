// Answers of the purchase door. Everything is appended to one text, in the public server's member order; the
// structure is written out as it stands in the answer, because an answer is made for every purchase and a
// writer's bookkeeping would double its cost.
#include <array>
#include <charconv>

#include "base/json.h"
#include "purchase/wire.h"
#include "purchase/wire_hex.h"

namespace jangbu::purchase {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  const char* const end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void append_quoted_number(std::string& out, std::uint64_t number) {
  out.push_back('"');
  append_number(out, number);
  out.push_back('"');
}

void append_quoted_units(std::string& out, Money money) {
  out.push_back('"');
  money.append_units_text(out);
  out.push_back('"');
}

void append_quoted_hex(std::string& out, ByteView bytes) {
  out.push_back('"');
  append_hex_0x(out, bytes);
  out.push_back('"');
}

/// The members that both kinds of transactions start with.
template <typename Transaction>
void append_head(std::string& out, std::string_view type, const Transaction& tx) {
  out.append("{\"type\":");
  out.append(type);
  out.append(",\"sequence\":");
  append_quoted_number(out, tx.sequence);
  out.append(",\"purchaseId\":");
  json::append_string(out, tx.purchase_id);
  out.append(",\"timestamp\":");
  append_quoted_number(out, tx.timestamp);
}

void append_signature(std::string& out, std::string_view signer_text, const crypto::Signature& signature) {
  out.append(",\"signer\":");
  json::append_string(out, signer_text);
  out.append(",\"signature\":");
  append_quoted_hex(out, signature.view());
}

/// An error in this door's dialect.
struct Answer {
  int status;
  int code;
  std::string_view message;
};

constexpr int code_internal = 6000;
constexpr std::string_view internal_message = "Internal error";

/// The one place where an error becomes a code of this protocol. The documented messages stand word for word;
/// where the documents know no code, the error's own sentence is sent.
Answer answer_to(const Error& error) {
  const std::string_view sentence =
      error.detail.empty() ? error_message(error.code) : std::string_view(error.detail);
  switch (error.code) {
    case Errc::malformed_json:
      return {400, 400, sentence};
    case Errc::invalid_parameters:
    case Errc::invalid_number:
    case Errc::too_many_fraction_digits:
    case Errc::amount_overflow:
    case Errc::invalid_hex:
      return {200, 2001, "Failed to check the validity of parameters"};
    case Errc::invalid_wallet:
      return {200, 2002, "This is not a wallet address"};
    case Errc::invalid_phone:
      return {200, 2003, "This is not a phone number format. International Standard (+82 10-1000-2000)"};
    case Errc::sum_mismatch:
      return {200, 2004, "totalAmount and sum of detailed purchase do not match"};
    case Errc::shop_unregistered:
      return {200, 2005, "Unregistered shop ID"};
    case Errc::not_found:
      return {200, 3005, "No corresponding purchase"};
    case Errc::not_in_a_block_yet:
      return {200, 3006, "The transaction is not in a block yet"};
    case Errc::not_authenticated:
    case Errc::access_key_invalid:
      return {200, 3051, "The access key entered is not valid"};
    case Errc::already_exists:
    case Errc::idempotency_conflict:
    case Errc::purchase_conflict:
      return {200, 3070, "This purchaseId was already recorded with other content"};
    case Errc::cancel_refused:
      return {200, 3071,
              error.detail.empty() ? "This purchase cannot be cancelled" : std::string_view(error.detail)};
    case Errc::shop_not_allowed:
      return {200, 3072, "The shopId is invalid"};
    default:
      break;
  }
  if (error_class(error.code) == ErrorClass::retry) return {503, 503, error_message(error.code)};
  return {200, code_internal, internal_message};
}

std::string_view location_name(FaultLocation location) {
  switch (location) {
    case FaultLocation::body:
      return "body";
    case FaultLocation::query:
      return "query";
    case FaultLocation::params:
      return "params";
  }
  return "";
}

void append_faults(std::string& out, const std::vector<Fault>& faults) {
  out.append(",\"validation\":[");
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Fault& fault = faults[i];
    out.append(i == 0 ? "{" : ",{");
    if (fault.value_json) out.append("\"value\":").append(*fault.value_json).append(",");
    out.append("\"msg\":");
    json::append_string(out, fault.message);
    out.append(",\"param\":");
    json::append_string(out, fault.param);
    out.append(",\"location\":\"").append(location_name(fault.location)).append("\"}");
  }
  out.push_back(']');
}

http::Response respond(const Answer& answer, const std::vector<Fault>& faults) {
  http::Response response;
  response.status = answer.status;
  response.body = "{\"code\":";
  append_number(response.body, static_cast<std::uint64_t>(answer.code));
  response.body.append(",\"error\":{\"message\":");
  json::append_string(response.body, answer.message);
  if (answer.code == 2001) append_faults(response.body, faults);
  response.body.append("}}");
  return response;
}

}  // namespace

void render_tx(const NewTransaction& tx, std::string_view signer_text, const crypto::Signature& signature,
               std::string& out) {
  append_head(out, "0", tx);
  out.append(",\"totalAmount\":");
  append_quoted_units(out, tx.total_amount);
  out.append(",\"cashAmount\":");
  append_quoted_units(out, tx.cash_amount);
  out.append(",\"currency\":");
  json::append_string(out, tx.currency);
  out.append(",\"shopId\":");
  json::append_string(out, tx.shop_id);
  out.append(",\"userAccount\":");
  json::append_string(out, tx.user_account);
  out.append(",\"userPhoneHash\":");
  append_quoted_hex(out, tx.user_phone_hash.view());
  append_signature(out, signer_text, signature);
  out.append(",\"details\":[");
  bool is_first = true;
  for (const Detail& detail : tx.details) {
    out.append(is_first ? "{\"productId\":" : ",{\"productId\":");
    is_first = false;
    json::append_string(out, detail.product_id);
    out.append(",\"amount\":");
    append_quoted_units(out, detail.amount);
    out.append(",\"providePercent\":");
    append_quoted_number(out, detail.provide_percent);
    out.push_back('}');
  }
  out.append("]}");
}

void render_tx(const CancelTransaction& tx, std::string_view signer_text, const crypto::Signature& signature,
               std::string& out) {
  append_head(out, "1", tx);
  append_signature(out, signer_text, signature);
  out.push_back('}');
}

void render_loyalty(const LoyaltyAnswer& loyalty, std::string& out) {
  const bool has_account = loyalty.account_type != AccountType::none;
  out.append("{\"loyaltyValue\":");
  append_quoted_units(out, loyalty.value);
  out.append(",\"loyaltyPoint\":");
  append_quoted_units(out, loyalty.point);
  out.append(",\"account\":{\"accountType\":");
  out.append(loyalty.account_type == AccountType::phone ? "\"phone\"" : "\"address\"");
  out.append(",\"account\":");
  json::append_string(out, has_account ? std::string_view(loyalty.account) : zero_address);
  out.append(",\"loyaltyType\":");
  append_number(out, has_account ? loyalty.loyalty_type : 0);
  out.append(",\"currentBalance\":");
  append_quoted_units(out, has_account ? loyalty.current_balance : Money());
  out.append(",\"loyaltyToBeProvided\":");
  append_quoted_units(out, has_account ? loyalty.to_be_provided : Money());
  out.append("}}");
}

void render_new(const NewTransaction& tx, std::string_view signer_text, const crypto::Signature& signature,
                const LoyaltyAnswer& loyalty, std::string& out) {
  constexpr std::size_t fixed_size = 1100;
  constexpr std::size_t detail_size = 128;
  out.reserve(out.size() + fixed_size + tx.purchase_id.size() + detail_size * tx.details.size());
  out.append("{\"code\":0,\"data\":{\"tx\":");
  render_tx(tx, signer_text, signature, out);
  out.append(",\"loyalty\":");
  render_loyalty(loyalty, out);
  out.append("}}");
}

void render_cancel(const CancelTransaction& tx, std::string_view signer_text,
                   const crypto::Signature& signature, std::string& out) {
  constexpr std::size_t fixed_size = 400;
  out.reserve(out.size() + fixed_size + tx.purchase_id.size());
  out.append("{\"code\":0,\"data\":{\"tx\":");
  render_tx(tx, signer_text, signature, out);
  out.append("}}");
}

http::Response error_response(const Error& error, const std::vector<Fault>& faults) {
  // What a purchase earns is known when its rate is, after its fields were read.
  const bool earns_too_much = error.code == Errc::amount_overflow && faults.empty();
  http::Response response = respond(
      answer_to(error),
      earns_too_much ? std::vector<Fault>{{"totalAmount", "Points out of range", {}, FaultLocation::body}}
                     : faults);
  if (error_class(error.code) == ErrorClass::retry) {
    constexpr std::string_view retry_after_s = "1";
    response.headers.push_back({"Retry-After", std::string(retry_after_s)});
  }
  return response;
}

http::Response status_response(int status, std::string_view message) {
  if (status == 500) return respond({500, code_internal, internal_message}, {});
  return respond({status, status, message}, {});
}

}  // namespace jangbu::purchase
