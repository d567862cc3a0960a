// What the purchase door writes into records: one struct for each kind, with its canonical bytes.
// Format: docs/formats/purchase-records.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "engine/keys.h"
#include "engine/record.h"
#include "ledger/entry.h"
#include "purchase/blocks.h"
#include "purchase/transaction.h"
#include "purchase/wire.h"

namespace jangbu::purchase {

using HolderId = std::uint64_t;

inline constexpr engine::RecordKind recorded_kind = 100;
inline constexpr engine::RecordKind cancelled_kind = 101;
inline constexpr engine::RecordKind block_kind = 102;
inline constexpr engine::RecordKind provided_kind = 103;
inline constexpr engine::RecordKind holder_kind = 104;
inline constexpr engine::RecordKind key_kind = 105;
inline constexpr engine::RecordKind rate_kind = 106;
inline constexpr engine::RecordKind shop_kind = 107;
inline constexpr engine::RecordKind wallet_kind = 108;
inline constexpr engine::RecordKind phone_kind = 109;
inline constexpr engine::RecordKind settings_kind = 110;

/// A purchase was recorded; its signature is the record's seal.
struct Recorded {
  HolderId holder = 0;
  NewTransaction tx;
  bool waiting_asked = false;   // the client named the waiting time itself
  std::uint64_t waiting_s = 0;  // until points are provided, from the record's business time
  bool opens_shop = false;      // the shop was unknown and is registered by this purchase
  LoyaltyAnswer loyalty;
  ledger::Entry entry;  // the hold on what the shop has issued

  [[nodiscard]] bool earns() const {
    return loyalty.account_type != AccountType::none && loyalty.point.is_positive();
  }
};

// What was promised can be provided: no sum of what purchases have earned leaves Money's range of 1.7 x 10^38
// units, on whatever accounts. So a purchase earns 10^15 points (10^33 units) at most, or as many tokens;
// there are at most 10^5 that earn more than 10^9; and of those that earn less there would have to be 7 x
// 10^10.
inline constexpr Money most_earned =
    Money::from_units(int128{1'000'000'000'000'000} * 1'000'000'000'000'000'000);
inline constexpr Money much_earned = Money::from_units(int128{1'000'000'000} * 1'000'000'000'000'000'000);
inline constexpr std::uint64_t most_large = 100'000;
/// It is one of the large ones, which are counted (engine::Counter::purchase_large).
inline bool earns_much(const LoyaltyAnswer& loyalty) {
  return loyalty.account_type != AccountType::none &&
         (loyalty.point > much_earned || loyalty.to_be_provided > much_earned);
}

enum class CancelEffect : std::uint8_t {
  nothing = 0,    // it earned nothing
  void_hold = 1,  // before the points were provided
  take_back = 2,  // after
};

/// A transaction's record with what follows from it and is needed more than once.
template <typename T>
struct Derived {
  T value;
  Hash leaf;              // the transaction's hash: what is signed, and the block's leaf
  engine::KeyDigest key;  // what it takes in the key index
};

/// A purchase was cancelled; its signature is the record's seal.
struct Cancelled {
  HolderId holder = 0;
  CancelTransaction tx;
  std::uint64_t purchase = 0;  // the number of the purchase's record
  CancelEffect effect = CancelEffect::nothing;
  ledger::Entry entry;
};

/// Transactions became a block; the header's signature is the record's seal.
struct BlockSealed {
  BlockHeader header;
  crypto::Address signer;
  std::uint64_t first_record = 0;  // the transactions among these records, in order, are the leaves
  std::uint64_t last_record = 0;
  std::uint64_t first_sequence = 0;
  std::uint64_t count = 0;
};

/// The points of a due row were provided.
struct Provided {
  Instant due_at;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::vector<std::uint64_t> purchases;  // numbers of the records whose points moved
  std::vector<std::uint64_t> voided;     // and of those that had been cancelled before
  ledger::Entry entry;
};

/// A holder of access keys (a shop system) was added or changed.
struct HolderSet {
  HolderId id = 0;
  std::string system;
  std::string currency;
  std::uint64_t waiting_s = 0;
  crypto::Address signer;
  bool open_registration = false;  // a shop that nobody has is registered by its first purchase
};

/// An access key was added to a holder or revoked. Only its SHA-256 is known.
struct KeySet {
  Hash digest;
  HolderId holder = 0;
  bool revoked = false;
  std::string label;
};

/// One unit of a currency is this many points (18 decimals). The code "token" is the loyalty token's rate; it
/// is no currency of purchases.
struct RateSet {
  std::string code;
  Money points_per_unit;
};
inline constexpr std::string_view token_code = "token";

struct ShopSet {
  std::string shop_id;  // lower-case
  HolderId holder = 0;
  bool active = true;
  ledger::Entry entry;  // opens its account when it is new
};

/// A wallet chose what it earns; what it had is exchanged at the rate of the moment.
struct WalletSet {
  std::string wallet;  // lower-case
  std::uint8_t loyalty_type = 0;
  ledger::Entry entry;
};

/// A phone hash now belongs to a wallet; its points move there.
struct PhoneLinked {
  Hash phone_hash;
  std::string wallet;  // as answered, in the letter case it was given
  ledger::Entry entry;
};

struct SettingsSet {
  crypto::Address block_signer;
};

/// `signer_text`: the checksummed text of the transaction's signer.
Derived<Recorded> derive(Recorded value, std::string_view signer_text);
Derived<Cancelled> derive(Cancelled value, std::string_view signer_text);

/// The record's payload with what follows from it: the one that its command left there, or read anew. Error:
/// invalid_encoding.
Result<std::shared_ptr<const Derived<Recorded>>> recorded_of(const engine::Record& record);
Result<std::shared_ptr<const Derived<Cancelled>>> cancelled_of(const engine::Record& record);
/// The key of a recorded or cancelled purchase alone, which takes far less than reading all of it: a start
/// reads the keys of many thousand records. Error: invalid_encoding.
Result<engine::KeyDigest> key_of(const engine::Record& record);

Bytes encode(const Recorded& value);
Bytes encode(const Cancelled& value);
Bytes encode(const BlockSealed& value);
Bytes encode(const Provided& value);
Bytes encode(const HolderSet& value);
Bytes encode(const KeySet& value);
Bytes encode(const RateSet& value);
Bytes encode(const ShopSet& value);
Bytes encode(const WalletSet& value);
Bytes encode(const PhoneLinked& value);
Bytes encode(const SettingsSet& value);

/// Reads a payload of T's kind. Error: invalid_encoding.
template <typename T>
Result<T> decode(ByteView payload);
template <>
Result<Recorded> decode<Recorded>(ByteView payload);
template <>
Result<Cancelled> decode<Cancelled>(ByteView payload);
template <>
Result<BlockSealed> decode<BlockSealed>(ByteView payload);
template <>
Result<Provided> decode<Provided>(ByteView payload);
template <>
Result<HolderSet> decode<HolderSet>(ByteView payload);
template <>
Result<KeySet> decode<KeySet>(ByteView payload);
template <>
Result<RateSet> decode<RateSet>(ByteView payload);
template <>
Result<ShopSet> decode<ShopSet>(ByteView payload);
template <>
Result<WalletSet> decode<WalletSet>(ByteView payload);
template <>
Result<PhoneLinked> decode<PhoneLinked>(ByteView payload);
template <>
Result<SettingsSet> decode<SettingsSet>(ByteView payload);

}  // namespace jangbu::purchase
