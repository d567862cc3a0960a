// What this folder writes into records: one struct for each kind, with its canonical bytes. Checkouts are
// opened, cancelled and refunded in the records of their doors.
// Format: docs/formats/payment-records.md.
#pragma once

#include <string>
#include <vector>

#include "engine/record.h"
#include "ledger/entry.h"
#include "payment/payment.h"

namespace jangbu::payment {

inline constexpr engine::RecordKind charge_started_kind = 40;
inline constexpr engine::RecordKind attempt_ended_kind = 41;
inline constexpr engine::RecordKind checkouts_expired_kind = 42;
inline constexpr engine::RecordKind card_kept_kind = 43;
inline constexpr engine::RecordKind card_forgotten_kind = 44;

/// The intent to charge: nothing of the card is in it.
struct ChargeStarted {
  AttemptNumber attempt = 0;
  CheckoutNumber checkout = 0;
  std::string acquirer;
  std::string order_id;
  std::string form_key;  // of the form that was sent: the same key is the same attempt

  friend bool operator==(const ChargeStarted&, const ChargeStarted&) = default;
};

/// What an outcome does to the checkout.
enum class Consequence : std::uint8_t {
  none = 0,           // a charge that moved no money
  paid = 1,           // the charge pays the checkout
  returning = 2,      // the charge came too late; an automatic refund began with this record
  refunded = 3,       // a refund that the door asked for
  refund_failed = 4,  // the acquirer refuses it
  returned = 5,       // an automatic refund
  return_failed = 6,  // the money of a late charge stays on returning_account until somebody looks after it
};

/// The outcome of an attempt. An attempt that was declined or abandoned may end once more, as approved.
struct AttemptEnded {
  AttemptNumber attempt = 0;
  AttemptStatus status = AttemptStatus::declined;
  Consequence effect = Consequence::none;
  bool expires = false;         // the checkout's time had passed while this attempt was under way
  AttemptNumber return_by = 0;  // effect `returning`: the refund that began
  std::string reference;
  std::string code;
  std::string message;
  std::string card_brand;
  std::string card_last4;
  Bytes note;  // of the door
  ledger::Entry entry;

  friend bool operator==(const AttemptEnded&, const AttemptEnded&) = default;
};

/// The checkouts first..last that end at `due_at` were looked at; those in `expired` were not paid.
struct CheckoutsExpired {
  Instant due_at;
  CheckoutNumber first = 0;
  CheckoutNumber last = 0;
  std::vector<CheckoutNumber> expired;

  friend bool operator==(const CheckoutsExpired&, const CheckoutsExpired&) = default;
};

/// The acquirer keeps the card of an attempt: from here on the attempt charges that, or, when the checkout is
/// there for nothing else, has ended. The key itself is in no record.
struct CardKept {
  BillingKeyNumber key = 0;
  AttemptNumber attempt = 0;
  std::string card_brand;
  std::string card_last4;

  friend bool operator==(const CardKept&, const CardKept&) = default;
};

/// The acquirer keeps it no more, and its key is gone.
struct CardForgotten {
  BillingKeyNumber key = 0;

  friend bool operator==(const CardForgotten&, const CardForgotten&) = default;
};

Bytes encode(const ChargeStarted& value);
Bytes encode(const AttemptEnded& value);
Bytes encode(const CheckoutsExpired& value);
Bytes encode(const CardKept& value);
Bytes encode(const CardForgotten& value);

/// Reads a payload of T's kind. Error: invalid_encoding.
template <typename T>
Result<T> decode(ByteView payload);
template <>
Result<ChargeStarted> decode<ChargeStarted>(ByteView payload);
template <>
Result<AttemptEnded> decode<AttemptEnded>(ByteView payload);
template <>
Result<CheckoutsExpired> decode<CheckoutsExpired>(ByteView payload);
template <>
Result<CardKept> decode<CardKept>(ByteView payload);
template <>
Result<CardForgotten> decode<CardForgotten>(ByteView payload);

/// The lines of a checkout as one value: for its table, and for the records of doors.
void append_items(const std::vector<Item>& items, Bytes& out);
/// A failed reader (ByteReader::ok) leaves an unspecified value.
std::vector<Item> read_items(ByteReader& in);

/// A checkout as a door fixes it (number to expires_at), for the door's record. read_checkout() leaves the
/// rest as new. The hub's are older than purposes and have none in their bytes.
void append_checkout(const Checkout& checkout, Bytes& out);
Checkout read_checkout(ByteReader& in);

}  // namespace jangbu::payment
