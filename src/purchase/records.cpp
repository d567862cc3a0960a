#include "purchase/records.h"

#include <algorithm>

namespace jangbu::purchase {
namespace {

void put_money(ByteWriter& writer, Money money) {
  const auto bytes = money.to_sortable_bytes();
  writer.raw({bytes.data(), bytes.size()});
}

Money get_money(ByteReader& in) {
  const ByteView bytes = in.raw(16);
  if (!in.ok()) return {};
  const auto money = Money::from_sortable_bytes(bytes);
  if (!money) in.fail();
  return money.value_or(Money());
}

/// Amounts of answers are never negative: length byte and minimal big-endian bytes.
void put_amount(ByteWriter& writer, Money money) {
  Bytes digits;
  money.append_minimal_big_endian(digits);
  writer.u8(static_cast<std::uint8_t>(digits.size()));
  writer.raw(digits);
}

Money get_amount(ByteReader& in) {
  const std::uint8_t size = in.u8();
  const ByteView digits = in.raw(size);
  if (size == 0 || size > 16 || !in.ok() || (size > 1 && digits[0] == 0) ||
      (size == 16 && (digits[0] & '\x80') != 0)) {
    in.fail();
    return {};
  }
  int128 units = 0;
  for (const char byte : digits) units = units << 8 | static_cast<std::uint8_t>(byte);
  return Money::from_units(units);
}

void put_address(ByteWriter& writer, const crypto::Address& address) {
  writer.raw({reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()});
}

crypto::Address get_address(ByteReader& in) {
  crypto::Address address;
  const ByteView bytes = in.raw(address.bytes.size());
  if (in.ok()) std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(address.bytes.data()));
  return address;
}

Hash get_hash(ByteReader& in) {
  const auto hash = Hash::from_bytes(in.raw(32));
  return hash.value_or(Hash());
}

bool get_bool(ByteReader& in) {
  const std::uint8_t value = in.u8();
  if (value > 1) in.fail();
  return value == 1;
}

void put_numbers(ByteWriter& writer, const std::vector<std::uint64_t>& numbers) {
  writer.varint(numbers.size());
  for (const std::uint64_t number : numbers) writer.varint(number);
}

std::vector<std::uint64_t> get_numbers(ByteReader& in) {
  const std::uint64_t count = in.varint();
  if (count > in.remaining()) in.fail();
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) numbers.push_back(in.varint());
  return numbers;
}

/// The account is left out where it can be said again from the transaction: the purchase's own wallet or
/// phone hash.
std::string own_account(const NewTransaction& tx, AccountType type) {
  if (type == AccountType::address) return tx.user_account;
  if (type == AccountType::phone) return to_hex_0x(tx.user_phone_hash.view());
  return {};
}

void put_loyalty(ByteWriter& writer, const LoyaltyAnswer& loyalty, const NewTransaction& tx) {
  put_amount(writer, loyalty.value);
  put_amount(writer, loyalty.point);
  writer.u8(static_cast<std::uint8_t>(loyalty.account_type));
  if (loyalty.account_type == AccountType::none) return;
  const bool own = loyalty.account == own_account(tx, loyalty.account_type);
  writer.u8(own ? 1 : 0);
  if (!own) writer.text(loyalty.account);
  writer.u8(loyalty.loyalty_type);
  put_money(writer, loyalty.current_balance);
  put_amount(writer, loyalty.to_be_provided);
}

LoyaltyAnswer get_loyalty(ByteReader& in, const NewTransaction& tx) {
  LoyaltyAnswer loyalty;
  loyalty.value = get_amount(in);
  loyalty.point = get_amount(in);
  const std::uint8_t type = in.u8();
  if (type > 2) in.fail();
  loyalty.account_type = static_cast<AccountType>(type);
  if (loyalty.account_type == AccountType::none || !in.ok()) return loyalty;
  const bool is_own = get_bool(in);
  const std::string own = own_account(tx, loyalty.account_type);
  loyalty.account = is_own ? own : std::string(in.text());
  if (!is_own && loyalty.account == own) in.fail();  // one fact has one encoding
  loyalty.loyalty_type = in.u8();
  loyalty.current_balance = get_money(in);
  loyalty.to_be_provided = get_amount(in);
  return loyalty;
}

/// Runs `read` over the whole payload.
template <typename T, typename Read>
Result<T> decode_with(ByteView payload, Read read) {
  ByteReader in(payload);
  T value;
  read(in, value);
  RETURN_IF_ERROR(in.finish());
  return value;
}

}  // namespace

Derived<Recorded> derive(Recorded value, std::string_view signer_text) {
  const Hash leaf = transaction_hash(value.tx, signer_text);
  const auto key = engine::key_digest(engine::KeyScope::purchase, value.holder, value.tx.purchase_id);
  return {std::move(value), leaf, key};
}

Derived<Cancelled> derive(Cancelled value, std::string_view signer_text) {
  const Hash leaf = transaction_hash(value.tx, signer_text);
  const auto key = engine::key_digest(engine::KeyScope::purchase_cancel, value.holder, value.tx.purchase_id);
  return {std::move(value), leaf, key};
}

Bytes encode(const Recorded& value) {
  Bytes out;
  out.reserve(640);
  ByteWriter writer(out);
  writer.varint(value.holder);
  append_stored(value.tx, out);
  writer.u8(value.waiting_asked ? 1 : 0);
  writer.varint(value.waiting_s);
  writer.u8(value.opens_shop ? 1 : 0);
  put_loyalty(writer, value.loyalty, value.tx);
  ledger::append_entry(value.entry, out);
  return out;
}

template <>
Result<Recorded> decode<Recorded>(ByteView payload) {
  return decode_with<Recorded>(payload, [](ByteReader& in, Recorded& value) {
    value.holder = in.varint();
    value.tx = read_stored_new(in);
    value.waiting_asked = get_bool(in);
    value.waiting_s = in.varint();
    value.opens_shop = get_bool(in);
    value.loyalty = get_loyalty(in, value.tx);
    value.entry = ledger::read_entry(in);
  });
}

Bytes encode(const Cancelled& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.varint(value.holder);
  append_stored(value.tx, out);
  writer.varint(value.purchase);
  writer.u8(static_cast<std::uint8_t>(value.effect));
  ledger::append_entry(value.entry, out);
  return out;
}

template <>
Result<Cancelled> decode<Cancelled>(ByteView payload) {
  return decode_with<Cancelled>(payload, [](ByteReader& in, Cancelled& value) {
    value.holder = in.varint();
    value.tx = read_stored_cancel(in);
    value.purchase = in.varint();
    const std::uint8_t effect = in.u8();
    if (effect > 2) in.fail();
    value.effect = static_cast<CancelEffect>(effect);
    value.entry = ledger::read_entry(in);
  });
}

Bytes encode(const BlockSealed& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.raw(value.header.previous.view());
  writer.raw(value.header.merkle_root.view());
  writer.u64(value.header.height);
  writer.u64(value.header.timestamp);
  put_address(writer, value.signer);
  writer.varint(value.first_record);
  writer.varint(value.last_record);
  writer.varint(value.first_sequence);
  writer.varint(value.count);
  return out;
}

template <>
Result<BlockSealed> decode<BlockSealed>(ByteView payload) {
  return decode_with<BlockSealed>(payload, [](ByteReader& in, BlockSealed& value) {
    value.header.previous = get_hash(in);
    value.header.merkle_root = get_hash(in);
    value.header.height = in.u64();
    value.header.timestamp = in.u64();
    value.signer = get_address(in);
    value.first_record = in.varint();
    value.last_record = in.varint();
    value.first_sequence = in.varint();
    value.count = in.varint();
  });
}

Bytes encode(const Provided& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.i64(value.due_at.us);
  writer.varint(value.first);
  writer.varint(value.last);
  put_numbers(writer, value.purchases);
  put_numbers(writer, value.voided);
  ledger::append_entry(value.entry, out);
  return out;
}

template <>
Result<Provided> decode<Provided>(ByteView payload) {
  return decode_with<Provided>(payload, [](ByteReader& in, Provided& value) {
    value.due_at = Instant{in.i64()};
    value.first = in.varint();
    value.last = in.varint();
    value.purchases = get_numbers(in);
    value.voided = get_numbers(in);
    value.entry = ledger::read_entry(in);
  });
}

Bytes encode(const HolderSet& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.varint(value.id);
  writer.text(value.system);
  writer.text(value.currency);
  writer.varint(value.waiting_s);
  put_address(writer, value.signer);
  writer.u8(value.open_registration ? 1 : 0);
  return out;
}

template <>
Result<HolderSet> decode<HolderSet>(ByteView payload) {
  return decode_with<HolderSet>(payload, [](ByteReader& in, HolderSet& value) {
    value.id = in.varint();
    value.system = std::string(in.text());
    value.currency = std::string(in.text());
    value.waiting_s = in.varint();
    value.signer = get_address(in);
    value.open_registration = get_bool(in);
  });
}

Bytes encode(const KeySet& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.raw(value.digest.view());
  writer.varint(value.holder);
  writer.u8(value.revoked ? 1 : 0);
  writer.text(value.label);
  return out;
}

template <>
Result<KeySet> decode<KeySet>(ByteView payload) {
  return decode_with<KeySet>(payload, [](ByteReader& in, KeySet& value) {
    value.digest = get_hash(in);
    value.holder = in.varint();
    value.revoked = get_bool(in);
    value.label = std::string(in.text());
  });
}

Bytes encode(const RateSet& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.text(value.code);
  put_amount(writer, value.points_per_unit);
  return out;
}

template <>
Result<RateSet> decode<RateSet>(ByteView payload) {
  return decode_with<RateSet>(payload, [](ByteReader& in, RateSet& value) {
    value.code = std::string(in.text());
    value.points_per_unit = get_amount(in);
  });
}

Bytes encode(const ShopSet& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.text(value.shop_id);
  writer.varint(value.holder);
  writer.u8(value.active ? 1 : 0);
  ledger::append_entry(value.entry, out);
  return out;
}

template <>
Result<ShopSet> decode<ShopSet>(ByteView payload) {
  return decode_with<ShopSet>(payload, [](ByteReader& in, ShopSet& value) {
    value.shop_id = std::string(in.text());
    value.holder = in.varint();
    value.active = get_bool(in);
    value.entry = ledger::read_entry(in);
  });
}

Bytes encode(const WalletSet& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.text(value.wallet);
  writer.u8(value.loyalty_type);
  ledger::append_entry(value.entry, out);
  return out;
}

template <>
Result<WalletSet> decode<WalletSet>(ByteView payload) {
  return decode_with<WalletSet>(payload, [](ByteReader& in, WalletSet& value) {
    value.wallet = std::string(in.text());
    value.loyalty_type = in.u8();
    value.entry = ledger::read_entry(in);
  });
}

Bytes encode(const PhoneLinked& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.raw(value.phone_hash.view());
  writer.text(value.wallet);
  ledger::append_entry(value.entry, out);
  return out;
}

template <>
Result<PhoneLinked> decode<PhoneLinked>(ByteView payload) {
  return decode_with<PhoneLinked>(payload, [](ByteReader& in, PhoneLinked& value) {
    value.phone_hash = get_hash(in);
    value.wallet = std::string(in.text());
    value.entry = ledger::read_entry(in);
  });
}

Bytes encode(const SettingsSet& value) {
  Bytes out;
  ByteWriter writer(out);
  put_address(writer, value.block_signer);
  return out;
}

template <>
Result<SettingsSet> decode<SettingsSet>(ByteView payload) {
  return decode_with<SettingsSet>(
      payload, [](ByteReader& in, SettingsSet& value) { value.block_signer = get_address(in); });
}

namespace {

template <typename T>
Result<std::shared_ptr<const Derived<T>>> derived_of(const engine::Record& record) {
  if (record.decoded) return std::static_pointer_cast<const Derived<T>>(record.decoded);
  ASSIGN_OR_RETURN(T value, decode<T>(record.payload));
  const std::string signer_text = value.tx.signer.to_checksum_text();
  return std::make_shared<const Derived<T>>(derive(std::move(value), signer_text));
}

}  // namespace

Result<std::shared_ptr<const Derived<Recorded>>> recorded_of(const engine::Record& record) {
  return derived_of<Recorded>(record);
}

Result<std::shared_ptr<const Derived<Cancelled>>> cancelled_of(const engine::Record& record) {
  return derived_of<Cancelled>(record);
}

Result<engine::KeyDigest> key_of(const engine::Record& record) {
  INVARIANT(record.kind == recorded_kind || record.kind == cancelled_kind, "other records take no key");
  const bool is_cancel = record.kind == cancelled_kind;
  if (record.decoded) return is_cancel ? (*cancelled_of(record))->key : (*recorded_of(record))->key;
  // Both begin with the holder and the transaction, and that with its number and its purchaseId.
  ByteReader in(record.payload);
  const HolderId holder = in.varint();
  in.varint();
  const ByteView purchase_id = in.text();
  if (!in.ok()) return Errc::invalid_encoding;
  return engine::key_digest(is_cancel ? engine::KeyScope::purchase_cancel : engine::KeyScope::purchase,
                            holder, purchase_id);
}

}  // namespace jangbu::purchase
