#include "purchase/transaction.h"

#include <algorithm>

#include "crypto/digest.h"
#include "purchase/wire_hex.h"

namespace jangbu::purchase {
namespace {

constexpr std::uint64_t type_new = 0;
constexpr std::uint64_t type_cancel = 1;
constexpr std::size_t hash_text_size = 2 + 2 * sizeof(Hash::bytes);

ByteView view(const crypto::Address& address) {
  return {reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()};
}

/// A length byte, then the minimal big-endian bytes.
void append_money(Money money, Bytes& out) {
  const std::size_t length_at = out.size();
  out.push_back('\0');
  money.append_minimal_big_endian(out);
  out[length_at] = static_cast<char>(out.size() - length_at - 1);
}

/// Refuses every form but the one that append_money writes.
Money read_money(ByteReader& in) {
  const std::size_t length = in.u8();
  const ByteView bytes = in.raw(length);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const bool is_minimal = bytes.size() == 1 || (bytes.size() > 1 && byte(0) != 0);
  const bool fits = bytes.size() < 16 || (bytes.size() == 16 && byte(0) < 0x80);
  if (!is_minimal || !fits) {
    in.fail();
    return {};
  }
  uint128 units = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) units = units << 8 | byte(i);
  return Money::from_units(static_cast<int128>(units));
}

template <typename Fixed>
Fixed read_fixed(ByteReader& in) {
  Fixed value;
  const ByteView bytes = in.raw(value.bytes.size());
  if (bytes.size() == value.bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(value.bytes.data()));
  }
  return value;
}

template <typename Transaction>
Hash hash_of(const Transaction& tx, std::string_view signer_text) {
  Bytes bytes;
  append_signed_bytes(tx, signer_text, bytes);
  return crypto::sha256(bytes);
}

}  // namespace

void append_signed_bytes(const NewTransaction& tx, std::string_view signer_text, Bytes& out) {
  constexpr std::size_t fixed_size = 320;
  constexpr std::size_t detail_size = 48;
  out.reserve(out.size() + fixed_size + tx.purchase_id.size() + tx.details.size() * detail_size);
  ByteWriter writer(out);
  writer.u64(type_new);
  writer.u64(tx.sequence);
  writer.text(tx.purchase_id);
  writer.u64(tx.timestamp);
  tx.total_amount.append_minimal_big_endian(out);
  tx.cash_amount.append_minimal_big_endian(out);
  writer.text(tx.currency);
  writer.text(tx.shop_id);
  writer.text(tx.user_account);
  writer.varint(hash_text_size);
  append_hex_0x(out, tx.user_phone_hash.view());
  writer.text(signer_text);
  writer.u64(tx.details.size());
  for (const Detail& detail : tx.details) {
    writer.text(detail.product_id);
    detail.amount.append_minimal_big_endian(out);
    Money::from_units(detail.provide_percent).append_minimal_big_endian(out);
  }
}

void append_signed_bytes(const CancelTransaction& tx, std::string_view signer_text, Bytes& out) {
  ByteWriter writer(out);
  writer.u64(type_cancel);
  writer.u64(tx.sequence);
  writer.text(tx.purchase_id);
  writer.u64(tx.timestamp);
  writer.text(signer_text);
}

Hash transaction_hash(const NewTransaction& tx, std::string_view signer_text) {
  return hash_of(tx, signer_text);
}
Hash transaction_hash(const CancelTransaction& tx, std::string_view signer_text) {
  return hash_of(tx, signer_text);
}

void append_stored(const NewTransaction& tx, Bytes& out) {
  ByteWriter writer(out);
  writer.varint(tx.sequence);
  writer.text(tx.purchase_id);
  writer.varint(tx.timestamp);
  append_money(tx.total_amount, out);
  append_money(tx.cash_amount, out);
  writer.text(tx.currency);
  writer.text(tx.shop_id);
  writer.text(tx.user_account);
  writer.raw(tx.user_phone_hash.view());
  writer.raw(view(tx.signer));
  writer.varint(tx.details.size());
  for (const Detail& detail : tx.details) {
    writer.text(detail.product_id);
    append_money(detail.amount, out);
    writer.varint(detail.provide_percent);
  }
}

void append_stored(const CancelTransaction& tx, Bytes& out) {
  ByteWriter writer(out);
  writer.varint(tx.sequence);
  writer.text(tx.purchase_id);
  writer.varint(tx.timestamp);
  writer.raw(view(tx.signer));
}

NewTransaction read_stored_new(ByteReader& in) {
  NewTransaction tx;
  tx.sequence = in.varint();
  tx.purchase_id = in.text();
  tx.timestamp = in.varint();
  tx.total_amount = read_money(in);
  tx.cash_amount = read_money(in);
  tx.currency = in.text();
  tx.shop_id = in.text();
  tx.user_account = in.text();
  tx.user_phone_hash = read_fixed<Hash>(in);
  tx.signer = read_fixed<crypto::Address>(in);
  const std::uint64_t count = in.varint();
  constexpr std::size_t smallest_detail = 4;  // an empty text, one byte of money, one of percent
  if (count > in.remaining() / smallest_detail) in.fail();
  if (!in.ok()) return tx;
  tx.details.resize(count);
  for (Detail& detail : tx.details) {
    detail.product_id = in.text();
    detail.amount = read_money(in);
    detail.provide_percent = in.varint();
  }
  return tx;
}

CancelTransaction read_stored_cancel(ByteReader& in) {
  CancelTransaction tx;
  tx.sequence = in.varint();
  tx.purchase_id = in.text();
  tx.timestamp = in.varint();
  tx.signer = read_fixed<crypto::Address>(in);
  return tx;
}

}  // namespace jangbu::purchase
