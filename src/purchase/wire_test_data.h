// The recorded vectors and transcripts, for tests.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "base/json.h"
#include "purchase/transaction.h"

namespace jangbu::purchase {

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

inline json::Document read_json(const std::string& name) {
  auto document = json::Document::parse(read_file(std::string(JANGBU_TEST_DATA) + "/" + name));
  EXPECT_TRUE(document.ok());
  return std::move(document).value();
}

inline std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  EXPECT_NE(value, nullptr) << name;
  return value == nullptr ? std::string() : std::string(value->text);
}

inline Money units(std::string_view text) { return parse_decimal(text, 0, Exponent::refused).value(); }

template <typename Fixed>
Fixed fixed_from_hex(std::string_view text) {
  return Fixed::from_bytes(from_hex_0x(text).value()).value();
}

/// A transaction of type 0 from the `tx` object of an answer.
inline NewTransaction new_transaction(const json::Value& tx) {
  NewTransaction result;
  result.sequence = std::stoull(text_of(tx, "sequence"));
  result.purchase_id = text_of(tx, "purchaseId");
  result.timestamp = std::stoull(text_of(tx, "timestamp"));
  result.total_amount = units(text_of(tx, "totalAmount"));
  result.cash_amount = units(text_of(tx, "cashAmount"));
  result.currency = text_of(tx, "currency");
  result.shop_id = text_of(tx, "shopId");
  result.user_account = text_of(tx, "userAccount");
  result.user_phone_hash = fixed_from_hex<Hash>(text_of(tx, "userPhoneHash"));
  result.signer = crypto::Address::from_text(text_of(tx, "signer")).value();
  const json::Value& details = *tx.find("details");
  for (std::uint32_t i = 0; i < details.size; ++i) {
    const json::Value& detail = details.items[i];
    result.details.push_back({text_of(detail, "productId"), units(text_of(detail, "amount")),
                              std::stoull(text_of(detail, "providePercent"))});
  }
  return result;
}

/// A transaction of type 1 from the `tx` object of an answer.
inline CancelTransaction cancel_transaction(const json::Value& tx) {
  return {std::stoull(text_of(tx, "sequence")), text_of(tx, "purchaseId"),
          std::stoull(text_of(tx, "timestamp")), crypto::Address::from_text(text_of(tx, "signer")).value()};
}

}  // namespace jangbu::purchase
