// Any bytes as a request: no crash; what is accepted keeps the promises of wire.h, is stored and read back,
// and is answered.
#include <cstdlib>

#include "base/json.h"
#include "purchase/loyalty.h"
#include "purchase/wire.h"

namespace {

using namespace jangbu;
using namespace jangbu::purchase;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_amount(Money amount) {
  const Money largest = parse_decimal("1000000000000000", amount_scale, Exponent::refused).value();
  require(!amount.is_negative() && amount <= largest);
}

void check(const NewPurchase& purchase) {
  check_amount(purchase.total_amount);
  check_amount(purchase.cash_amount);
  require(purchase.cash_amount <= purchase.total_amount);
  require(!purchase.purchase_id.empty() && purchase.purchase_id.size() <= 1024);
  require(purchase.shop_id.size() == 66);
  require(purchase.user_account.empty() || purchase.user_account.size() == 42);
  require(!purchase.details.empty() && purchase.details.size() <= 1000);
  for (const Detail& detail : purchase.details) {
    check_amount(detail.amount);
    require(detail.provide_percent <= 10'000 && !detail.product_id.empty());
  }

  const NewTransaction tx{1,
                          purchase.purchase_id,
                          purchase.timestamp,
                          purchase.total_amount,
                          purchase.cash_amount,
                          purchase.currency,
                          purchase.shop_id,
                          purchase.user_account,
                          purchase.phone.hash,
                          {},
                          purchase.details};
  Bytes stored;
  append_stored(tx, stored);
  ByteReader in(stored);
  require(read_stored_new(in) == tx && in.finish().ok());

  LoyaltyAnswer loyalty;
  if (purchase.sum_matches)
    loyalty.value = loyalty_value(tx.details, tx.total_amount, tx.cash_amount).value();
  require(loyalty.value <= purchase.cash_amount);
  std::string answer;
  render_new(tx, "0x", crypto::Signature{}, loyalty, answer);
  require(json::Document::parse(answer).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const PhoneBook phones(1024);
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto parsed =
      parse_new(body, nullptr, phones, [](std::string_view code) { return code.size() == 3; });
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
    require(json::Document::parse(error_response(refusal->error, refusal->faults).body).ok());
  } else {
    check(std::get<NewPurchase>(parsed));
  }
  (void)parse_cancel(body, nullptr);

  ByteReader in(body);
  const NewTransaction tx = read_stored_new(in);
  if (in.finish().ok()) {
    Bytes stored;
    append_stored(tx, stored);
    require(stored == body);
  }
  return 0;
}
