// The signed transactions of the purchase door: their fields and the bytes that are hashed and signed.
// Format: docs/formats/purchase-transaction.md (from the public server's format; vectors in tests/data).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/money.h"
#include "crypto/signature.h"

namespace jangbu::purchase {

/// Stands for "no account".
inline constexpr std::string_view zero_address = "0x0000000000000000000000000000000000000000";

/// Amounts of purchases, loyalty and rates all have 18 decimal places.
inline constexpr int amount_scale = 18;

struct Detail {
  std::string product_id;
  Money amount;                       // units of 10^-18 of the purchase's currency
  std::uint64_t provide_percent = 0;  // hundredths of a percent: 3.5% is 350

  friend bool operator==(const Detail&, const Detail&) = default;
};

/// A recorded purchase, as it is signed and answered.
struct NewTransaction {
  std::uint64_t sequence = 0;
  std::string purchase_id;
  std::uint64_t timestamp = 0;  // the client's, in seconds
  Money total_amount;
  Money cash_amount;
  std::string currency;
  std::string shop_id;
  std::string user_account;  // in the client's letter case; the zero address when there is none
  Hash user_phone_hash;
  crypto::Address signer;
  std::vector<Detail> details;

  friend bool operator==(const NewTransaction&, const NewTransaction&) = default;
};

struct CancelTransaction {
  std::uint64_t sequence = 0;
  std::string purchase_id;
  std::uint64_t timestamp = 0;
  crypto::Address signer;

  friend bool operator==(const CancelTransaction&, const CancelTransaction&) = default;
};

/// Appends the bytes whose SHA-256 is signed. `signer_text` is the checksummed text of tx.signer, passed in
/// because making it costs a Keccak.
void append_signed_bytes(const NewTransaction& tx, std::string_view signer_text, Bytes& out);
void append_signed_bytes(const CancelTransaction& tx, std::string_view signer_text, Bytes& out);

/// SHA-256 of the signed bytes: the leaf of the block's Merkle tree.
Hash transaction_hash(const NewTransaction& tx, std::string_view signer_text);
Hash transaction_hash(const CancelTransaction& tx, std::string_view signer_text);

/// The form kept in records. Unlike the signed bytes, whose amounts carry no length, it can be read back.
void append_stored(const NewTransaction& tx, Bytes& out);
void append_stored(const CancelTransaction& tx, Bytes& out);
/// A reader failure (see ByteReader::ok) leaves an unspecified value.
NewTransaction read_stored_new(ByteReader& in);
CancelTransaction read_stored_cancel(ByteReader& in);

}  // namespace jangbu::purchase
