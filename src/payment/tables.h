// This folder's cached tables and their SQL; included by state.cpp alone.
#pragma once

#include <functional>
#include <vector>

#include "engine/table.h"
#include "payment/rows.h"

namespace jangbu::payment {

/// Tables whose key is a number.
struct NumberKey {
  using Key = std::uint64_t;
  static std::size_t hash(const Key& key) { return std::hash<std::uint64_t>{}(key); }
  static std::vector<store::Value> key_values(const Key& key) { return {store::Value::number(key)}; }
};

struct CheckoutTraits : NumberKey {
  using Row = Checkout;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return checkout_from(row); }
  static Status write(store::Session& session, const Key& key, const Row& row) {
    using store::Value;
    const auto amount = row.amount.to_sortable_bytes();
    const auto refunded = row.refunded.to_sortable_bytes();
    Bytes items;
    append_items(row.items, items);
    return session.execute(upsert, {Value::number(key),
                                    Value::integer(static_cast<std::int64_t>(row.door)),
                                    Value::number(row.document),
                                    Value::blob(row.reference),
                                    Value::blob({amount.data(), amount.size()}),
                                    Value::blob(row.currency),
                                    Value::blob(row.name),
                                    Value::blob(items),
                                    Value::blob(row.buyer.name),
                                    Value::blob(row.buyer.email),
                                    Value::blob(row.buyer.phone),
                                    Value::blob(row.return_url),
                                    Value::blob(row.cancel_url),
                                    Value::integer(row.expires_at.us),
                                    Value::integer(static_cast<std::int64_t>(row.status)),
                                    Value::blob({refunded.data(), refunded.size()}),
                                    Value::number(row.open_attempt),
                                    Value::number(row.charge),
                                    Value::number(row.charges),
                                    Value::number(row.declines),
                                    Value::integer(row.opened_wall_at.us),
                                    Value::integer(static_cast<std::int64_t>(row.purpose)),
                                    Value::number(row.billing_key)});
  }
  static Status erase(store::Session&, const Key&) { INVARIANT(false, "checkouts are never removed"); }
};
inline const store::Sql CheckoutTraits::load{"SELECT " JANGBU_CHECKOUT_COLUMNS
                                             " FROM payment_checkouts WHERE number = $1"};
inline const store::Sql CheckoutTraits::upsert{
    "INSERT INTO payment_checkouts (" JANGBU_CHECKOUT_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
    "$21, $22, $23) "
    "ON CONFLICT (number) DO UPDATE SET status = excluded.status, refunded = excluded.refunded, "
    "open_attempt = excluded.open_attempt, charge = excluded.charge, charges = excluded.charges, "
    "declines = excluded.declines, billing_key = excluded.billing_key"};

struct AttemptTraits : NumberKey {
  using Row = Attempt;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return attempt_from(row); }
  static Status write(store::Session& session, const Key& key, const Row& row) {
    using store::Value;
    const auto amount = row.amount.to_sortable_bytes();
    return session.execute(upsert, {Value::number(key),
                                    Value::number(row.checkout),
                                    Value::integer(static_cast<std::int64_t>(row.kind)),
                                    Value::integer(static_cast<std::int64_t>(row.status)),
                                    Value::integer(row.automatic ? 1 : 0),
                                    Value::blob(row.acquirer),
                                    Value::blob(row.order_id),
                                    Value::blob({amount.data(), amount.size()}),
                                    Value::number(row.charge),
                                    Value::blob(row.reference),
                                    Value::blob(row.code),
                                    Value::blob(row.message),
                                    Value::blob(row.card_brand),
                                    Value::blob(row.card_last4),
                                    Value::integer(row.opened_at.us),
                                    Value::integer(row.opened_wall_at.us),
                                    Value::integer(row.ended_at.us),
                                    Value::number(row.ended_record),
                                    Value::number(row.billing_key),
                                    Value::integer(row.unattended ? 1 : 0)});
  }
  static Status erase(store::Session&, const Key&) { INVARIANT(false, "attempts are never removed"); }
};
inline const store::Sql AttemptTraits::load{"SELECT " JANGBU_ATTEMPT_COLUMNS
                                            " FROM payment_attempts WHERE number = $1"};
inline const store::Sql AttemptTraits::upsert{
    "INSERT INTO payment_attempts (" JANGBU_ATTEMPT_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) "
    "ON CONFLICT (number) DO UPDATE SET status = excluded.status, reference = excluded.reference, "
    "code = excluded.code, message = excluded.message, card_brand = excluded.card_brand, "
    "card_last4 = excluded.card_last4, ended_at = excluded.ended_at, ended_record = excluded.ended_record, "
    "billing_key = excluded.billing_key"};

struct KeptCardTraits : NumberKey {
  using Row = KeptCard;
  static const store::Sql load;
  static const store::Sql upsert;
  static Row read(const store::Row& row) { return kept_card_from(row); }
  static Status write(store::Session& session, const Key& key, const Row& row) {
    using store::Value;
    return session.execute(
        upsert, {Value::number(key), Value::number(row.checkout), Value::blob(row.acquirer),
                 Value::blob(row.card_brand), Value::blob(row.card_last4),
                 Value::integer(static_cast<std::int64_t>(row.status)), Value::integer(row.kept_at.us),
                 Value::integer(row.ended_at.us)});
  }
  static Status erase(store::Session&, const Key&) { INVARIANT(false, "kept cards are never removed"); }
};
inline const store::Sql KeptCardTraits::load{"SELECT " JANGBU_KEPT_CARD_COLUMNS
                                             " FROM payment_kept_cards WHERE number = $1"};
inline const store::Sql KeptCardTraits::upsert{
    "INSERT INTO payment_kept_cards (" JANGBU_KEPT_CARD_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (number) DO UPDATE SET status = excluded.status, ended_at = excluded.ended_at"};

}  // namespace jangbu::payment
