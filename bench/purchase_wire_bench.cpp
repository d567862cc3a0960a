// What the purchase door's own work costs for the published example: parsing, the signed bytes and their
// hash, the answer.
#include <benchmark/benchmark.h>

#include "base/json.h"
#include "purchase/loyalty.h"
#include "purchase/wire.h"

namespace {

using namespace jangbu;
using namespace jangbu::purchase;

constexpr std::string_view body = R"({
  "purchaseId": "913131705292050109",
  "timestamp": "1705292050",
  "totalAmount": 44400,
  "cashAmount": 44400,
  "currency": "krw",
  "shopId": "0x04ef11be936f49f6388dd20d062e43170fd7ce9e968e51426317e284b9309361",
  "userAccount": "0x89e3b2D91ecaf08016eEDb966c1fecA1e326714e",
  "userPhone": "",
  "details": [
    { "productId": "2020051310000674", "amount": 6600, "providePercent": 1.7 },
    { "productId": "2020051310000124", "amount": 6300, "providePercent": 8.5 },
    { "productId": "2020051310000997", "amount": 900, "providePercent": 5.7 },
    { "productId": "2020051310000893", "amount": 15200, "providePercent": 4.2 },
    { "productId": "2020051310000032", "amount": 6800, "providePercent": 1 },
    { "productId": "2020051310000103", "amount": 8600, "providePercent": 5.7 }
  ]
})";
constexpr std::string_view signer = "0xb9De33A8be2F913F6AFA3a64849c86F18410fF05";

const PhoneBook& phones() {
  static const PhoneBook book;
  return book;
}

Parsed<NewPurchase> parse() {
  return parse_new(body, nullptr, phones(), [](std::string_view code) { return code == "krw"; });
}

NewTransaction transaction() {
  const auto purchase = std::get<NewPurchase>(parse());
  return {67,
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
}

void read_json(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(json::Document::parse(body));
}
BENCHMARK(read_json);

void parse_request(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse());
}
BENCHMARK(parse_request);

void parse_known_phone(benchmark::State& state) {
  (void)phones().parse("+82 10-1000-2000");
  for (auto _ : state) benchmark::DoNotOptimize(phones().parse("+82 10-1000-2000"));
}
BENCHMARK(parse_known_phone);

void parse_new_phone(benchmark::State& state) {
  std::uint64_t number = 0;
  const PhoneBook book(32);
  for (auto _ : state) {
    benchmark::DoNotOptimize(book.parse("+82 10-1" + std::to_string(100 + ++number % 900) + "-2000"));
  }
}
BENCHMARK(parse_new_phone);

void write_signed_bytes(benchmark::State& state) {
  const NewTransaction tx = transaction();
  Bytes bytes;
  for (auto _ : state) {
    bytes.clear();
    append_signed_bytes(tx, signer, bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
}
BENCHMARK(write_signed_bytes);

void hash_transaction(benchmark::State& state) {
  const NewTransaction tx = transaction();
  for (auto _ : state) benchmark::DoNotOptimize(transaction_hash(tx, signer));
}
BENCHMARK(hash_transaction);

void count_loyalty(benchmark::State& state) {
  const NewTransaction tx = transaction();
  for (auto _ : state) benchmark::DoNotOptimize(loyalty_value(tx.details, tx.total_amount, tx.cash_amount));
}
BENCHMARK(count_loyalty);

void write_stored_form(benchmark::State& state) {
  const NewTransaction tx = transaction();
  Bytes bytes;
  for (auto _ : state) {
    bytes.clear();
    append_stored(tx, bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(write_stored_form);

void read_stored_form(benchmark::State& state) {
  Bytes bytes;
  append_stored(transaction(), bytes);
  for (auto _ : state) {
    ByteReader in(bytes);
    benchmark::DoNotOptimize(read_stored_new(in));
  }
}
BENCHMARK(read_stored_form);

void render_answer(benchmark::State& state) {
  const NewTransaction tx = transaction();
  LoyaltyAnswer loyalty;
  loyalty.value = loyalty_value(tx.details, tx.total_amount, tx.cash_amount).value();
  loyalty.point = loyalty.to_be_provided = loyalty.current_balance = loyalty.value;
  loyalty.account_type = AccountType::address;
  loyalty.account = tx.user_account;
  std::string answer;
  for (auto _ : state) {
    answer.clear();
    render_new(tx, signer, crypto::Signature{}, loyalty, answer);
    benchmark::DoNotOptimize(answer.data());
  }
  state.counters["bytes"] = static_cast<double>(answer.size());
}
BENCHMARK(render_answer);

}  // namespace

BENCHMARK_MAIN();
