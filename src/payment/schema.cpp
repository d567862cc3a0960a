#include <array>

#include "payment/state.h"

namespace jangbu::payment {

std::span<const store::Migration> State::migrations() const {
  static constexpr std::array list = {store::Migration{"payment", 1, R"sql(
CREATE TABLE payment_checkouts (
  number {ROWID_KEY},
  door BIGINT NOT NULL,
  document BIGINT NOT NULL,
  reference {BLOB} NOT NULL,
  amount {BLOB} NOT NULL,
  currency {BLOB} NOT NULL,
  name {BLOB} NOT NULL,
  items {BLOB} NOT NULL,
  buyer_name {BLOB} NOT NULL,
  buyer_email {BLOB} NOT NULL,
  buyer_phone {BLOB} NOT NULL,
  return_url {BLOB} NOT NULL,
  cancel_url {BLOB} NOT NULL,
  expires_at BIGINT NOT NULL,
  status BIGINT NOT NULL,
  refunded {BLOB} NOT NULL,
  open_attempt BIGINT NOT NULL,
  charge BIGINT NOT NULL,
  charges BIGINT NOT NULL,
  declines BIGINT NOT NULL,
  opened_wall_at BIGINT NOT NULL
);
CREATE INDEX payment_checkouts_reference ON payment_checkouts (reference, number);
-- Of a card there are the brand and the last four digits.
CREATE TABLE payment_attempts (
  number {ROWID_KEY},
  checkout BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  status BIGINT NOT NULL,
  automatic BIGINT NOT NULL,
  acquirer {BLOB} NOT NULL,
  order_id {BLOB} NOT NULL,
  amount {BLOB} NOT NULL,
  charge BIGINT NOT NULL,
  reference {BLOB} NOT NULL,
  code {BLOB} NOT NULL,
  message {BLOB} NOT NULL,
  card_brand {BLOB} NOT NULL,
  card_last4 {BLOB} NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_wall_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  ended_record BIGINT NOT NULL
);
CREATE INDEX payment_attempts_checkout ON payment_attempts (checkout, number);
CREATE INDEX payment_attempts_open ON payment_attempts (number) WHERE status = 0;
-- The memory of the sandbox's acquirer, which stands for a company outside: no truth of this book, so that no record makes
-- it and verification does not look at it. Each row is found by the order id that we sent. No card number is in it.
CREATE TABLE payment_sandbox_charges (
  order_id {BLOB} PRIMARY KEY NOT NULL,
  content {BLOB} NOT NULL
) {WITHOUT_ROWID};
)sql"},
                                      store::Migration{"payment", 2, R"sql(
ALTER TABLE payment_checkouts ADD COLUMN purpose BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment_checkouts ADD COLUMN billing_key BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment_attempts ADD COLUMN billing_key BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment_attempts ADD COLUMN unattended BIGINT NOT NULL DEFAULT 0;
-- Cards that acquirers keep for us. Their keys are in engine_secrets.
CREATE TABLE payment_kept_cards (
  number {ROWID_KEY},
  checkout BIGINT NOT NULL,
  acquirer {BLOB} NOT NULL,
  card_brand {BLOB} NOT NULL,
  card_last4 {BLOB} NOT NULL,
  status BIGINT NOT NULL,
  kept_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL
);
CREATE INDEX payment_kept_cards_forgetting ON payment_kept_cards (number) WHERE status = 1;
)sql"}};
  return list;
}

std::span<const engine::TableSpec> State::tables() const {
  static constexpr std::array list = {
      engine::TableSpec{
          "payment_checkouts",
          "number, door, document, reference*, amount*, currency*, name*, items*, buyer_name*, buyer_email*, "
          "buyer_phone*, return_url*, cancel_url*, expires_at, status, refunded*, open_attempt, charge, "
          "charges, declines, opened_wall_at, purpose, billing_key"},
      engine::TableSpec{
          "payment_attempts",
          "number, checkout, kind, status, automatic, acquirer*, order_id*, amount*, charge, reference*, "
          "code*, message*, card_brand*, card_last4*, opened_at, opened_wall_at, ended_at, ended_record, "
          "billing_key, unattended"},
      engine::TableSpec{"payment_kept_cards",
                        "number, checkout, acquirer*, card_brand*, card_last4*, status, kept_at, ended_at"},
  };
  return list;
}

}  // namespace jangbu::payment
