// The recorded answers of the public reference server, byte for byte, wherever we do not decide otherwise.
#include <gtest/gtest.h>

#include "purchase/loyalty.h"
#include "purchase/wire.h"
#include "purchase/wire_test_data.h"

namespace jangbu::purchase {
namespace {

struct Case {
  std::string name;
  std::string path;
  const json::Value* headers;
  std::string body;
  std::string response;
};

/// The recorded posts and what the server answered.
std::vector<Case> recorded_posts() {
  static const json::Document document = read_json("purchase_transcripts.json");
  const json::Value& rows = *document.root().find("cases");
  std::vector<Case> cases;
  for (std::uint32_t i = 0; i < rows.size; ++i) {
    const json::Value& row = rows.items[i];
    if (text_of(row, "method") != "POST") continue;
    cases.push_back({text_of(row, "name"), text_of(row, "path"), row.find("headers"), text_of(row, "body"),
                     text_of(row, "response_body")});
  }
  return cases;
}

/// Checks that the recorded signature is one over our bytes, and gives it back.
template <typename Transaction>
crypto::Signature checked_signature(const json::Value& answered, const Transaction& tx,
                                    const std::string& signer) {
  const auto signature = fixed_from_hex<crypto::Signature>(text_of(answered, "signature"));
  const auto recovered = crypto::recover_personal(transaction_hash(tx, signer), signature);
  EXPECT_TRUE(recovered.ok() && *recovered == tx.signer);
  return signature;
}

void expect_new(const Case& row, const NewPurchase& purchase) {
  const json::Document answer = json::Document::parse(row.response).value();
  const json::Value& data = *answer.root().find("data");
  const json::Value& answered = *data.find("tx");
  const std::string signer = text_of(answered, "signer");
  NewTransaction tx{std::stoull(text_of(answered, "sequence")),
                    purchase.purchase_id,
                    purchase.timestamp,
                    purchase.total_amount,
                    purchase.cash_amount,
                    purchase.currency,
                    purchase.shop_id,
                    purchase.user_account.empty() ? "0x" + std::string(40, '0') : purchase.user_account,
                    purchase.phone.hash,
                    crypto::Address::from_text(signer).value(),
                    purchase.details};
  const crypto::Signature signature = checked_signature(answered, tx, signer);

  LoyaltyAnswer loyalty;
  loyalty.value = loyalty_value(tx.details, tx.total_amount, tx.cash_amount).value();
  const Money rate =
      parse_decimal(tx.currency == "usd" ? "1330" : "1", amount_scale, Exponent::refused).value();
  loyalty.point = value_in_points(loyalty.value, rate).value();
  std::string ours;
  if (const json::Value* recorded = data.find("loyalty")) {
    loyalty.account_type = purchase.user_account.empty() ? AccountType::phone : AccountType::address;
    loyalty.account =
        purchase.user_account.empty() ? to_hex_0x(purchase.phone.hash.view()) : purchase.user_account;
    loyalty.current_balance = units(text_of(*recorded->find("account"), "currentBalance"));
    loyalty.to_be_provided = loyalty.point;
    render_new(tx, signer, signature, loyalty, ours);
    EXPECT_EQ(ours, row.response);
  } else {  // nobody to give it to: the public server leaves the documented shape, we keep it
    render_tx(tx, signer, signature, ours);
    EXPECT_EQ("{\"code\":0,\"data\":{\"tx\":" + ours + ",\"res\":{\"loyalty\":\"" +
                  loyalty.point.to_units_text() + "\"}}}",
              row.response);
  }
}

void expect_cancel(const Case& row, const CancelPurchase& cancel) {
  const json::Document answer = json::Document::parse(row.response).value();
  const json::Value& answered = *answer.root().find("data")->find("tx");
  const std::string signer = text_of(answered, "signer");
  const CancelTransaction tx{std::stoull(text_of(answered, "sequence")), cancel.purchase_id, cancel.timestamp,
                             crypto::Address::from_text(signer).value()};
  std::string ours;
  render_cancel(tx, signer, checked_signature(answered, tx, signer), ours);
  EXPECT_EQ(ours, row.response);
}

/// The recorded answer with each fault once: the public server names a missing field once for each of its
/// checks.
std::string faults_once(const std::string& response) {
  const json::Document answer = json::Document::parse(response).value();
  const json::Value& faults = *answer.root().find("error")->find("validation");
  std::string out =
      R"({"code":2001,"error":{"message":"Failed to check the validity of parameters","validation":[)";
  std::string previous;
  for (std::uint32_t i = 0; i < faults.size; ++i) {
    std::string fault;
    json::append_value(fault, faults.items[i]);
    if (fault != previous) out += (previous.empty() ? "" : ",") + fault;
    previous = fault;
  }
  return out + "]}}";
}

TEST(Transcripts, AreAnsweredTheSameWay) {
  const PhoneBook phones;
  const auto cases = recorded_posts();
  ASSERT_GT(cases.size(), 25u);
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    const json::Value* header = row.headers->find("Authorization");
    const std::string key = header == nullptr ? "" : std::string(header->text);
    const std::string* authorization = header == nullptr ? nullptr : &key;
    if (row.path == "/v1/tx/purchase/new") {
      const auto parsed = parse_new(row.body, authorization, phones, [](std::string_view) { return true; });
      ASSERT_TRUE(std::holds_alternative<NewPurchase>(parsed));
      EXPECT_TRUE(std::get<NewPurchase>(parsed).sum_matches);
      expect_new(row, std::get<NewPurchase>(parsed));
      continue;
    }
    const auto parsed = parse_cancel(row.body, authorization);
    if (const auto* cancel = std::get_if<CancelPurchase>(&parsed)) {
      if (row.response.starts_with(R"({"code":3051)")) {
        EXPECT_EQ(error_response(Errc::access_key_invalid).body, row.response);
      } else {
        expect_cancel(row, *cancel);
      }
      continue;
    }
    const auto& refusal = std::get<Refusal>(parsed);
    const http::Response ours = error_response(refusal.error, refusal.faults);
    if (row.name == "cancel_malformed") {
      EXPECT_EQ(ours.status, 400);
    } else if (row.name == "cancel_float_timestamp") {  // "1.5" is an unknown error there, a named one here
      EXPECT_EQ(refusal.faults.size(), 1u);
    } else {
      EXPECT_EQ(ours.body, faults_once(row.response));
    }
  }
}

}  // namespace
}  // namespace jangbu::purchase
