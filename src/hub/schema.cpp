#include <array>

#include "hub/state.h"

namespace jangbu::hub {

std::span<const store::Migration> State::migrations() const {
  static constexpr std::array list = {
      store::Migration{"hub", 1, R"sql(
CREATE TABLE hub_apps (
  id BIGINT PRIMARY KEY,
  fields {BLOB} NOT NULL
);
CREATE TABLE hub_orders (
  number {ROWID_KEY},
  app BIGINT NOT NULL,
  status BIGINT NOT NULL,
  checkout BIGINT NOT NULL,
  record BIGINT NOT NULL,
  paid_at BIGINT NOT NULL,
  consumed BIGINT NOT NULL,
  attention BIGINT NOT NULL,
  hook BIGINT NOT NULL,
  carries BIGINT NOT NULL
);
CREATE INDEX hub_orders_status ON hub_orders (app, status, number);
CREATE INDEX hub_orders_waiting ON hub_orders (paid_at) WHERE status = 2 AND attention = 0;
CREATE INDEX hub_orders_attention ON hub_orders (number) WHERE attention <> 0;
-- The order that paid for a lead.
CREATE TABLE hub_leads (
  app BIGINT NOT NULL,
  lead_ref {BLOB} NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (app, lead_ref)
) {WITHOUT_ROWID};
CREATE TABLE hub_partners (
  id {ROWID_KEY},
  app BIGINT NOT NULL,
  manager BIGINT NOT NULL,
  company_name {BLOB} NOT NULL,
  country {BLOB} NOT NULL,
  business_number {BLOB} NOT NULL,
  email {BLOB} NOT NULL,
  name {BLOB} NOT NULL,
  phone {BLOB} NOT NULL,
  placeholder BIGINT NOT NULL,
  moves BIGINT NOT NULL,
  record BIGINT NOT NULL
);
CREATE TABLE hub_business_numbers (
  app BIGINT NOT NULL,
  business_number {BLOB} NOT NULL,
  partner BIGINT NOT NULL,
  PRIMARY KEY (app, business_number)
) {WITHOUT_ROWID};
CREATE TABLE hub_managers (
  id {ROWID_KEY},
  partner BIGINT NOT NULL,
  email {BLOB} NOT NULL,
  password_hash {BLOB} NOT NULL,
  invite BIGINT NOT NULL
);
CREATE TABLE hub_emails (
  email {BLOB} PRIMARY KEY NOT NULL,
  manager BIGINT NOT NULL
) {WITHOUT_ROWID};
CREATE TABLE hub_invites (
  id {ROWID_KEY},
  manager BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  event BIGINT NOT NULL,
  used BIGINT NOT NULL
);
CREATE TABLE hub_campaigns (
  id {ROWID_KEY},
  app BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  partner BIGINT NOT NULL,
  status BIGINT NOT NULL,
  shown BIGINT NOT NULL,
  record BIGINT NOT NULL,
  order_number BIGINT NOT NULL,
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  reward {BLOB} NOT NULL,
  offers BIGINT NOT NULL,
  held {BLOB} NOT NULL,
  paid BIGINT NOT NULL,
  a0801 BIGINT NOT NULL,
  a0802 BIGINT NOT NULL,
  a0803 BIGINT NOT NULL,
  a0804 BIGINT NOT NULL,
  r1213 BIGINT NOT NULL,
  r1214 BIGINT NOT NULL,
  r1215 BIGINT NOT NULL,
  r1218 BIGINT NOT NULL,
  r1219 BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX hub_campaigns_app ON hub_campaigns (app, ordinal);
CREATE INDEX hub_campaigns_shown ON hub_campaigns (app, shown, id);
CREATE INDEX hub_campaigns_partner ON hub_campaigns (partner, id);
CREATE INDEX hub_campaigns_next ON hub_campaigns (next_at) WHERE next_at <> 0;
-- How many campaigns an app has, in all (shown 0) and by shown status: exact totals of pages.
CREATE TABLE hub_totals (
  app BIGINT NOT NULL,
  shown BIGINT NOT NULL,
  campaigns BIGINT NOT NULL,
  PRIMARY KEY (app, shown)
) {WITHOUT_ROWID};
CREATE TABLE hub_applies (
  id {ROWID_KEY},
  campaign BIGINT NOT NULL,
  reviewer {BLOB} NOT NULL,
  state BIGINT NOT NULL,
  review BIGINT NOT NULL
);
CREATE INDEX hub_applies_campaign ON hub_applies (campaign, id);
CREATE TABLE hub_reviews (
  id {ROWID_KEY},
  apply BIGINT NOT NULL,
  state BIGINT NOT NULL,
  record BIGINT NOT NULL
);
-- What moved a partner's deposit, for its statement: the record says the rest.
CREATE TABLE hub_deposit_moves (
  partner BIGINT NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  amount {BLOB} NOT NULL,
  record BIGINT NOT NULL,
  campaign BIGINT NOT NULL,
  order_number BIGINT NOT NULL,
  PRIMARY KEY (partner, number)
) {WITHOUT_ROWID};
-- What the first answer to an onboarding said about its mail.
CREATE TABLE hub_answers (
  onboarded {ROWID_KEY},
  email_sent BIGINT NOT NULL,
  email_sent_at BIGINT NOT NULL
);
)sql"},
      // Few orders want attention, and an app's list must not pass over all others.
      store::Migration{"hub", 2, R"sql(
CREATE INDEX hub_orders_attention_of_app ON hub_orders (app, status, number) WHERE attention <> 0;
)sql"},
      // Whoever came with a brand's business number and an address that is none of its managers'.
      store::Migration{"hub", 3, R"sql(
ALTER TABLE hub_managers ADD COLUMN pending BIGINT NOT NULL DEFAULT 0;
CREATE INDEX hub_managers_pending ON hub_managers (partner, id) WHERE pending <> 0;
)sql"},
      // Sales people know an order by its lead, whether it was paid or not.
      store::Migration{"hub", 4, R"sql(
CREATE TABLE hub_order_leads (
  number {ROWID_KEY},
  lead_ref {BLOB} NOT NULL
);
CREATE INDEX hub_order_leads_ref ON hub_order_leads (lead_ref, number);
)sql",
                       store::Tables::made_anew},
      // A brand's reviews and a campaign's, in all and by state, without those that it does not see.
      store::Migration{"hub", 5, R"sql(
DROP TABLE hub_reviews;
CREATE TABLE hub_reviews (
  id {ROWID_KEY},
  apply BIGINT NOT NULL,
  state BIGINT NOT NULL,
  record BIGINT NOT NULL,
  partner BIGINT NOT NULL,
  campaign BIGINT NOT NULL,
  judged BIGINT NOT NULL
);
CREATE INDEX hub_reviews_partner ON hub_reviews (partner, id) WHERE state <> 1213 AND state <> 1215;
CREATE INDEX hub_reviews_partner_state ON hub_reviews (partner, state, id);
CREATE INDEX hub_reviews_campaign ON hub_reviews (campaign, id) WHERE state <> 1213 AND state <> 1215;
CREATE INDEX hub_reviews_campaign_state ON hub_reviews (campaign, state, id);
)sql",
                       store::Tables::made_anew},
      // A brand's managers, those who may come in and those who wait to.
      store::Migration{"hub", 6, R"sql(
DROP TABLE hub_managers;
CREATE TABLE hub_managers (
  id {ROWID_KEY},
  partner BIGINT NOT NULL,
  email {BLOB} NOT NULL,
  password_hash {BLOB} NOT NULL,
  invite BIGINT NOT NULL,
  pending BIGINT NOT NULL,
  name {BLOB} NOT NULL,
  since BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL
);
CREATE INDEX hub_managers_pending ON hub_managers (partner, id) WHERE pending <> 0;
CREATE INDEX hub_managers_partner ON hub_managers (partner, id) WHERE pending = 0 AND withdrawn = 0;
)sql",
                       store::Tables::made_anew},
      // A number is its country's: two countries may give out the same.
      store::Migration{"hub", 7, R"sql(
CREATE TABLE hub_partner_numbers (
  app BIGINT NOT NULL,
  business_number {BLOB} NOT NULL,
  country {BLOB} NOT NULL,
  partner BIGINT NOT NULL,
  PRIMARY KEY (app, business_number, country)
) {WITHOUT_ROWID};
INSERT INTO hub_partner_numbers (app, business_number, country, partner)
  SELECT n.app, n.business_number, p.country, n.partner
  FROM hub_business_numbers n JOIN hub_partners p ON p.id = n.partner;
DROP TABLE hub_business_numbers;
)sql"}};
  return list;
}

std::span<const engine::TableSpec> State::tables() const {
  static constexpr std::array list = {
      engine::TableSpec{"hub_apps", "id, fields*"},
      engine::TableSpec{"hub_orders",
                        "number, app, status, checkout, record, paid_at, consumed, attention, hook, "
                        "carries"},
      engine::TableSpec{"hub_leads", "app, lead_ref*, number", 2},
      engine::TableSpec{"hub_order_leads", "number, lead_ref*"},
      engine::TableSpec{"hub_partners",
                        "id, app, manager, company_name*, country*, business_number*, email*, name*, phone*, "
                        "placeholder, moves, record"},
      engine::TableSpec{"hub_partner_numbers", "app, business_number*, country*, partner", 3},
      engine::TableSpec{"hub_managers",
                        "id, partner, email*, password_hash*, invite, pending, name*, since, withdrawn"},
      engine::TableSpec{"hub_emails", "email*, manager"},
      engine::TableSpec{"hub_invites", "id, manager, expires_at, event, used"},
      engine::TableSpec{"hub_campaigns",
                        "id, app, ordinal, partner, status, shown, record, order_number, start_at, end_at, "
                        "due_at, next_at, reward*, offers, held*, paid, a0801, "
                        "a0802, a0803, a0804, r1213, r1214, r1215, r1218, r1219, updated_at"},
      engine::TableSpec{"hub_totals", "app, shown, campaigns", 2},
      engine::TableSpec{"hub_applies", "id, campaign, reviewer*, state, review"},
      engine::TableSpec{"hub_reviews", "id, apply, state, record, partner, campaign, judged"},
      engine::TableSpec{"hub_deposit_moves",
                        "partner, number, at, kind, amount*, record, campaign, order_number", 2},
      engine::TableSpec{"hub_answers", "onboarded, email_sent, email_sent_at"},
  };
  return list;
}

}  // namespace jangbu::hub
