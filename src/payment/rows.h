// Rows of this folder's tables: their columns, read by the cached tables and by queries alike. A column that
// cannot be is a damaged database: StoreFailure.
#pragma once

#include "engine/store_failure.h"
#include "payment/payment.h"
#include "payment/records.h"
#include "store/database.h"

namespace jangbu::payment {

#define JANGBU_CHECKOUT_COLUMNS                                                                        \
  "number, door, document, reference, amount, currency, name, items, buyer_name, buyer_email, "        \
  "buyer_phone, return_url, cancel_url, expires_at, status, refunded, open_attempt, charge, charges, " \
  "declines, opened_wall_at, purpose, billing_key"
#define JANGBU_ATTEMPT_COLUMNS                                                                        \
  "number, checkout, kind, status, automatic, acquirer, order_id, amount, charge, reference, code, "  \
  "message, card_brand, card_last4, opened_at, opened_wall_at, ended_at, ended_record, billing_key, " \
  "unattended"
#define JANGBU_KEPT_CARD_COLUMNS \
  "number, checkout, acquirer, card_brand, card_last4, status, kept_at, ended_at"

inline Money money_from(ByteView bytes) {
  auto money = Money::from_sortable_bytes(bytes);
  if (!money) throw engine::StoreFailure(Error(Errc::database_corrupt, "an amount is not 16 bytes"));
  return *money;
}

inline std::vector<Item> items_from(ByteView bytes) {
  ByteReader in(bytes);
  std::vector<Item> items = read_items(in);
  if (!in.finish())
    throw engine::StoreFailure(Error(Errc::database_corrupt, "the lines of a checkout do not read"));
  return items;
}

/// From a row of JANGBU_CHECKOUT_COLUMNS.
inline Checkout checkout_from(const store::Row& row) {
  const auto text = [&row](int column) { return std::string(row.bytes(column)); };
  Checkout checkout;
  checkout.number = row.number(0);
  checkout.door = static_cast<Door>(row.integer(1));
  checkout.document = row.number(2);
  checkout.reference = text(3);
  checkout.amount = money_from(row.bytes(4));
  checkout.currency = text(5);
  checkout.name = text(6);
  checkout.items = items_from(row.bytes(7));
  checkout.buyer = {text(8), text(9), text(10)};
  checkout.return_url = text(11);
  checkout.cancel_url = text(12);
  checkout.expires_at = Instant{row.integer(13)};
  checkout.status = static_cast<CheckoutStatus>(row.integer(14));
  checkout.refunded = money_from(row.bytes(15));
  checkout.open_attempt = row.number(16);
  checkout.charge = row.number(17);
  checkout.charges = row.number(18);
  checkout.declines = row.number(19);
  checkout.opened_wall_at = Instant{row.integer(20)};
  checkout.purpose = static_cast<Purpose>(row.integer(21));
  checkout.billing_key = row.number(22);
  return checkout;
}

/// From a row of JANGBU_ATTEMPT_COLUMNS.
inline Attempt attempt_from(const store::Row& row) {
  const auto text = [&row](int column) { return std::string(row.bytes(column)); };
  Attempt attempt;
  attempt.number = row.number(0);
  attempt.checkout = row.number(1);
  attempt.kind = static_cast<AttemptKind>(row.integer(2));
  attempt.status = static_cast<AttemptStatus>(row.integer(3));
  attempt.automatic = row.integer(4) != 0;
  attempt.acquirer = text(5);
  attempt.order_id = text(6);
  attempt.amount = money_from(row.bytes(7));
  attempt.charge = row.number(8);
  attempt.reference = text(9);
  attempt.code = text(10);
  attempt.message = text(11);
  attempt.card_brand = text(12);
  attempt.card_last4 = text(13);
  attempt.opened_at = Instant{row.integer(14)};
  attempt.opened_wall_at = Instant{row.integer(15)};
  attempt.ended_at = Instant{row.integer(16)};
  attempt.ended_record = row.number(17);
  attempt.billing_key = row.number(18);
  attempt.unattended = row.integer(19) != 0;
  return attempt;
}

/// From a row of JANGBU_KEPT_CARD_COLUMNS.
inline KeptCard kept_card_from(const store::Row& row) {
  const auto text = [&row](int column) { return std::string(row.bytes(column)); };
  KeptCard card;
  card.number = row.number(0);
  card.checkout = row.number(1);
  card.acquirer = text(2);
  card.card_brand = text(3);
  card.card_last4 = text(4);
  card.status = static_cast<KeptCardStatus>(row.integer(5));
  card.kept_at = Instant{row.integer(6)};
  card.ended_at = Instant{row.integer(7)};
  return card;
}

}  // namespace jangbu::payment
