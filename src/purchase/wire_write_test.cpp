#include <gtest/gtest.h>

#include "purchase/wire.h"
#include "purchase/wire_test_data.h"

namespace jangbu::purchase {
namespace {

NewTransaction small_transaction() {
  return {1,
          "a\"\\\n",
          2,
          Money::from_units(30),
          Money::from_units(4),
          "krw",
          "0xshop",
          "0xaccount",
          Hash{},
          crypto::Address{},
          {{"p\"", Money::from_units(30), 350}}};
}

TEST(Render, EscapesTheTextsOfClients) {
  std::string out = "before";
  render_tx(small_transaction(), "0xsigner", crypto::Signature{}, out);
  EXPECT_EQ(
      out,
      R"(before{"type":0,"sequence":"1","purchaseId":"a\"\\\n","timestamp":"2","totalAmount":"30","cashAmount":"4",)"
      R"("currency":"krw","shopId":"0xshop","userAccount":"0xaccount","userPhoneHash":"0x)" +
          std::string(64, '0') + R"(","signer":"0xsigner","signature":"0x)" + std::string(130, '0') +
          R"(","details":[{"productId":"p\"","amount":"30","providePercent":"350"}]})");
}

TEST(Render, WritesNumbersOfAnySize) {
  CancelTransaction cancel{18446744073709551615u, "id", 18446744073709551615u, {}};
  std::string out;
  render_cancel(cancel, "0xsigner", crypto::Signature{}, out);
  EXPECT_EQ(out, R"({"code":0,"data":{"tx":{"type":1,"sequence":"18446744073709551615","purchaseId":"id",)"
                 R"("timestamp":"18446744073709551615","signer":"0xsigner","signature":"0x)" +
                     std::string(130, '0') + R"("}}})");
}

std::string loyalty_part(const LoyaltyAnswer& loyalty) {
  std::string out;
  render_new(small_transaction(), "0xsigner", crypto::Signature{}, loyalty, out);
  return out.substr(out.find("\"loyalty\":"));
}

TEST(Render, ShowsWhoseLoyaltyItIs) {
  LoyaltyAnswer loyalty;
  loyalty.value = Money::from_units(5);
  loyalty.point = Money::from_units(6);
  loyalty.account_type = AccountType::phone;
  loyalty.account = "0xhash";
  loyalty.loyalty_type = 1;
  loyalty.current_balance = Money::from_units(7);
  loyalty.to_be_provided = Money::from_units(8);
  EXPECT_EQ(
      loyalty_part(loyalty),
      R"("loyalty":{"loyaltyValue":"5","loyaltyPoint":"6","account":{"accountType":"phone","account":"0xhash",)"
      R"("loyaltyType":1,"currentBalance":"7","loyaltyToBeProvided":"8"}}}})");
  loyalty.account_type = AccountType::address;
  EXPECT_NE(loyalty_part(loyalty).find(R"("accountType":"address","account":"0xhash")"), std::string::npos);
  loyalty.account_type = AccountType::none;
  EXPECT_EQ(loyalty_part(loyalty),
            R"("loyalty":{"loyaltyValue":"5","loyaltyPoint":"6","account":{"accountType":"address",)"
            R"("account":"0x0000000000000000000000000000000000000000","loyaltyType":0,"currentBalance":"0",)"
            R"("loyaltyToBeProvided":"0"}}}})");
}

struct ErrorRow {
  Errc code;
  int status;
  std::string body;
};

std::string answer(int code, const std::string& message) {
  return "{\"code\":" + std::to_string(code) + ",\"error\":{\"message\":\"" + message + "\"}}";
}

TEST(ErrorResponse, SpeaksTheDialect) {
  const std::string invalid =
      R"({"code":2001,"error":{"message":"Failed to check the validity of parameters","validation":[]}})";
  const std::vector<ErrorRow> rows = {
      {Errc::malformed_json, 400, answer(400, "the body is not valid JSON")},
      {Errc::invalid_parameters, 200, invalid},
      {Errc::amount_overflow, 200,
       R"({"code":2001,"error":{"message":"Failed to check the validity of parameters","validation":[)"
       R"({"msg":"Points out of range","param":"totalAmount","location":"body"}]}})"},
      {Errc::invalid_wallet, 200, answer(2002, "This is not a wallet address")},
      {Errc::invalid_phone, 200,
       answer(2003, "This is not a phone number format. International Standard (+82 10-1000-2000)")},
      {Errc::sum_mismatch, 200, answer(2004, "totalAmount and sum of detailed purchase do not match")},
      {Errc::shop_unregistered, 200, answer(2005, "Unregistered shop ID")},
      {Errc::not_found, 200, answer(3005, "No corresponding purchase")},
      {Errc::not_in_a_block_yet, 200, answer(3006, "The transaction is not in a block yet")},
      {Errc::access_key_invalid, 200, answer(3051, "The access key entered is not valid")},
      {Errc::not_authenticated, 200, answer(3051, "The access key entered is not valid")},
      {Errc::purchase_conflict, 200, answer(3070, "This purchaseId was already recorded with other content")},
      {Errc::cancel_refused, 200, answer(3071, "This purchase cannot be cancelled")},
      {Errc::shop_not_allowed, 200, answer(3072, "The shopId is invalid")},
      {Errc::internal, 200, answer(6000, "Internal error")},
      {Errc::database_corrupt, 200, answer(6000, "Internal error")},
      {Errc::overloaded, 503, answer(503, "too many requests are waiting")},
      {Errc::shutting_down, 503, answer(503, "the server is shutting down")},
      {Errc::outcome_unknown, 503, answer(503, "the outcome is unknown, repeat with the same key")}};
  for (const ErrorRow& row : rows) {
    const http::Response response = error_response(row.code);
    EXPECT_EQ(response.status, row.status) << error_text(row.code);
    EXPECT_EQ(response.body, row.body) << error_text(row.code);
    EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
    const bool has_retry_after = response.headers.size() == 1 && response.headers[0].name == "Retry-After";
    EXPECT_EQ(has_retry_after, error_class(row.code) == ErrorClass::retry) << error_text(row.code);
  }
}

TEST(ErrorResponse, SaysWhyWhereTheDocumentedTextDoesNot) {
  EXPECT_EQ(error_response({Errc::cancel_refused, "This purchase is unknown"}).body,
            answer(3071, "This purchase is unknown"));
  EXPECT_EQ(error_response({Errc::malformed_json, "at offset 1: x"}).body, answer(400, "at offset 1: x"));
  EXPECT_EQ(error_response({Errc::database_error, "a table"}).body, answer(6000, "Internal error"));
  EXPECT_EQ(error_response({Errc::database_busy, "a table"}).body, answer(503, "the database is busy"));
}

TEST(StatusResponse, SpeaksTheDialect) {
  for (const int status : {404, 405, 413}) {
    const http::Response response = status_response(status, "a \"sentence\"");
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.body, answer(status, "a \\\"sentence\\\""));
  }
  EXPECT_EQ(status_response(500, "stack").status, 500);
  EXPECT_EQ(status_response(500, "stack").body, answer(6000, "Internal error"));
}

}  // namespace
}  // namespace jangbu::purchase
