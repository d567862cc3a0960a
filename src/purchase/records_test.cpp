#include "purchase/records.h"

#include <random>

#include <gtest/gtest.h>

#include "base/ascii.h"
#include "crypto/digest.h"
#include "purchase/test_door.h"

namespace jangbu::purchase {
namespace {

ledger::Entry example_entry() {
  ledger::Entry entry;
  entry.openings = {{3, "user:x", "POINT", ledger::Floor::zero}};
  entry.postings = {{3, whole(1)}, {2, Money::from_units(-whole(1).units())}};
  entry.holds = {{2, whole(-1)}};
  return entry;
}

crypto::Address example_address() {
  crypto::Address address;
  for (std::size_t i = 0; i < address.bytes.size(); ++i) address.bytes[i] = static_cast<std::uint8_t>(i + 1);
  return address;
}

Recorded example_recorded(AccountType type) {
  Recorded value;
  value.holder = 300;
  value.tx.sequence = 12345;
  value.tx.purchase_id = "purchase \"1\"";
  value.tx.timestamp = 1'705'292'050;
  value.tx.total_amount = value.tx.cash_amount = whole(1000);
  value.tx.currency = "krw";
  value.tx.shop_id = shop_of(0);
  value.tx.user_account = type == AccountType::address ? wallet_of(1) : zero_wallet;
  value.tx.user_phone_hash = phone_hash("+82 10-1000-2000");
  value.tx.signer = example_address();
  value.tx.details = {{"a", whole(400), 1000}, {"b", whole(600), 0}};
  value.waiting_asked = true;
  value.waiting_s = 60;
  value.opens_shop = true;
  value.loyalty.value = whole(40);
  value.loyalty.point = whole(40);
  value.loyalty.account_type = type;
  if (type != AccountType::none) {
    value.loyalty.account =
        type == AccountType::address ? wallet_of(1) : to_hex_0x(value.tx.user_phone_hash.view());
    value.loyalty.current_balance = whole(7);
    value.loyalty.to_be_provided = whole(40);
  }
  value.entry = example_entry();
  return value;
}

/// One payload of every kind, and how it is read and written again.
struct Sample {
  const char* name;
  Bytes bytes;
  Result<Bytes> (*again)(ByteView);
};

template <typename T>
Sample sample(const char* name, const T& value) {
  return {name, encode(value), [](ByteView bytes) -> Result<Bytes> {
            ASSIGN_OR_RETURN(const T read, decode<T>(bytes));
            return encode(read);
          }};
}

std::vector<Sample> samples() {
  Recorded linked = example_recorded(AccountType::address);
  linked.loyalty.account = wallet_of(2);
  linked.loyalty.loyalty_type = 1;
  return {
      sample("recorded for a wallet", example_recorded(AccountType::address)),
      sample("recorded for a phone", example_recorded(AccountType::phone)),
      sample("recorded for a linked wallet", linked),
      sample("recorded for nobody", example_recorded(AccountType::none)),
      sample("cancelled",
             Cancelled{7, {9, "p", 5, example_address()}, 70'000, CancelEffect::take_back, example_entry()}),
      sample("block",
             BlockSealed{
                 {crypto::sha256("a"), crypto::sha256("b"), 5, 6}, example_address(), 10, 2000, 300, 1000}),
      sample("provided", Provided{Instant{-5}, 10, 300, {10, 12, 299}, {11}, example_entry()}),
      sample("holder", HolderSet{3, "a system", "krw", 604'800, example_address(), true}),
      sample("key", KeySet{crypto::sha256("key"), 3, true, "till 4"}),
      sample("rate", RateSet{"usd", whole(1330)}),
      sample("shop", ShopSet{to_lower(shop_of(0)), 3, false, example_entry()}),
      sample("wallet", WalletSet{to_lower(wallet_of(0)), 1, example_entry()}),
      sample("phone", PhoneLinked{phone_hash(""), wallet_of(0), example_entry()}),
      sample("settings", SettingsSet{example_address()}),
  };
}

TEST(RecordsTest, APurchaseReadsBackWhole) {
  for (const auto type : {AccountType::none, AccountType::address, AccountType::phone}) {
    const Recorded value = example_recorded(type);
    const Recorded read = decode<Recorded>(encode(value)).value();
    EXPECT_EQ(read.holder, value.holder);
    EXPECT_EQ(read.tx, value.tx);
    EXPECT_EQ(read.waiting_asked, value.waiting_asked);
    EXPECT_EQ(read.waiting_s, value.waiting_s);
    EXPECT_EQ(read.opens_shop, value.opens_shop);
    EXPECT_EQ(read.loyalty.value, value.loyalty.value);
    EXPECT_EQ(read.loyalty.point, value.loyalty.point);
    EXPECT_EQ(read.loyalty.account_type, value.loyalty.account_type);
    EXPECT_EQ(read.loyalty.account, value.loyalty.account);
    EXPECT_EQ(read.loyalty.loyalty_type, value.loyalty.loyalty_type);
    EXPECT_EQ(read.loyalty.current_balance, value.loyalty.current_balance);
    EXPECT_EQ(read.loyalty.to_be_provided, value.loyalty.to_be_provided);
    EXPECT_EQ(read.entry, value.entry);
    EXPECT_EQ(read.earns(), type != AccountType::none);
  }
  Recorded nothing = example_recorded(AccountType::address);
  nothing.loyalty.point = Money();
  EXPECT_FALSE(nothing.earns());
}

TEST(RecordsTest, EveryKindReadsBack) {
  for (const Sample& each : samples()) {
    const auto again = each.again(each.bytes);
    ASSERT_TRUE(again.ok()) << each.name;
    EXPECT_EQ(*again, each.bytes) << each.name;
  }
}

TEST(RecordsTest, TheKeyAloneIsTheKeyOfTheWhole) {
  const Cancelled cancelled{
      7, {9, "p", 5, example_address()}, 70'000, CancelEffect::take_back, example_entry()};
  struct KeyCase {
    const char* name;
    engine::RecordKind kind;
    Bytes payload;
    engine::KeyDigest key;
  };
  const KeyCase cases[] = {
      {"recorded", recorded_kind, encode(example_recorded(AccountType::phone)),
       derive(example_recorded(AccountType::phone), "").key},
      {"cancelled", cancelled_kind, encode(cancelled), derive(cancelled, "").key},
  };
  for (const KeyCase& row : cases) {
    SCOPED_TRACE(row.name);
    engine::Record record;
    record.kind = row.kind;
    record.payload = row.payload;
    EXPECT_EQ(key_of(record).value(), row.key);
    record.payload.resize(3);
    EXPECT_EQ(key_of(record).error().code, Errc::invalid_encoding);
  }
}

TEST(RecordsTest, EveryPrefixAndEverythingBehindIsRefused) {
  for (const Sample& each : samples()) {
    for (std::size_t size = 0; size < each.bytes.size(); ++size) {
      const auto again = each.again(ByteView(each.bytes).substr(0, size));
      ASSERT_FALSE(again.ok()) << each.name << " " << size;
      EXPECT_EQ(again.error().code, Errc::invalid_encoding);
    }
    EXPECT_FALSE(each.again(each.bytes + '\0').ok()) << each.name;
  }
}

// One fact has one encoding: whatever reads, writes the same bytes again.
TEST(RecordsTest, ChangedBytesReadBackExactlyOrNotAtAll) {
  std::mt19937 random(7);
  for (const Sample& each : samples()) {
    SCOPED_TRACE(each.name);
    for (std::size_t at = 0; at < each.bytes.size(); ++at) {
      for (const unsigned value :
           {0U, 1U, 2U, 3U, 0x7fU, 0x80U, 0xfcU, 0xfdU, 0xffU, static_cast<unsigned>(random() % 256)}) {
        Bytes changed = each.bytes;
        changed[at] = static_cast<char>(value);
        const auto again = each.again(changed);
        if (!again) continue;
        ASSERT_EQ(*again, changed) << at << " " << value;
      }
    }
  }
}

TEST(RecordsTest, AnAccountThatIsTheTransactionsOwnIsNotSaidTwice) {
  Recorded value = example_recorded(AccountType::address);
  const Bytes bytes = encode(value);
  EXPECT_EQ(bytes.find(wallet_of(1), bytes.find(wallet_of(1)) + 1), Bytes::npos);
}

}  // namespace
}  // namespace jangbu::purchase
