#include "hub/tables.h"

namespace jangbu::hub {
namespace {

using engine::code;
using engine::flag;
using ledger::MoneyColumn;
using store::Value;

const store::Sql write_move_sql{
    "INSERT INTO hub_deposit_moves (partner, number, at, kind, amount, record, campaign, order_number) "
    "VALUES "
    "($1, $2, $3, $4, $5, $6, $7, $8)"};

}  // namespace

const store::Sql AppsSql::load{"SELECT fields FROM hub_apps ORDER BY id"};
const store::Sql AppsSql::upsert{
    "INSERT INTO hub_apps (id, fields) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET fields = "
    "excluded.fields"};

OrderRow read_order(const store::Row& row, int first) {
  OrderRow order;
  order.app = row.number(first);
  order.status = static_cast<OrderStatus>(row.integer(first + 1));
  order.checkout = row.number(first + 2);
  order.record = row.number(first + 3);
  order.paid_at = Instant{row.integer(first + 4)};
  order.consumed = row.number(first + 5);
  order.attention = static_cast<Attention>(row.integer(first + 6));
  order.hook = row.integer(first + 7) != 0;
  order.carries = row.integer(first + 8) != 0;
  return order;
}

CampaignRow read_campaign(const store::Row& row, int first) {
  CampaignRow campaign;
  campaign.app = row.number(first);
  campaign.ordinal = row.number(first + 1);
  campaign.partner = row.number(first + 2);
  campaign.status = static_cast<CampaignStatus>(row.integer(first + 3));
  campaign.record = row.number(first + 4);
  campaign.order = row.number(first + 5);
  campaign.start_at = Instant{row.integer(first + 6)};
  campaign.end_at = Instant{row.integer(first + 7)};
  campaign.due_at = Instant{row.integer(first + 8)};
  campaign.next_at = Instant{row.integer(first + 9)};
  campaign.reward = read_money(row, first + 10);
  campaign.offers = row.number(first + 11);
  campaign.held = read_money(row, first + 12);
  campaign.paid = row.number(first + 13);
  int column = first + 14;
  for (std::uint64_t* count :
       {&campaign.a0801, &campaign.a0802, &campaign.a0803, &campaign.a0804, &campaign.r1213, &campaign.r1214,
        &campaign.r1215, &campaign.r1218, &campaign.r1219})
    *count = row.number(column++);
  campaign.updated_at = Instant{row.integer(column)};
  return campaign;
}

const store::Sql OrderTraits::load{"SELECT " JANGBU_HUB_ORDER_COLUMNS " FROM hub_orders WHERE number = $1"};
const store::Sql OrderTraits::upsert{
    "INSERT INTO hub_orders (number, " JANGBU_HUB_ORDER_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (number) DO UPDATE SET status = "
    "excluded.status, paid_at = excluded.paid_at, consumed = excluded.consumed, attention = "
    "excluded.attention"};
Status OrderTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(
      upsert, {Value::number(key), Value::number(row.app), code(row.status), Value::number(row.checkout),
               Value::number(row.record), Value::integer(row.paid_at.us), Value::number(row.consumed),
               code(row.attention), flag(row.hook), flag(row.carries)});
}

const store::Sql LeadTraits::load{"SELECT number FROM hub_leads WHERE app = $1 AND lead_ref = $2"};
const store::Sql LeadTraits::upsert{
    "INSERT INTO hub_leads (app, lead_ref, number) VALUES ($1, $2, $3) ON CONFLICT (app, lead_ref) DO UPDATE "
    "SET number = excluded.number"};
Status LeadTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key.first), Value::blob(key.second), Value::number(row)});
}

const store::Sql OrderLeadTraits::load{"SELECT lead_ref FROM hub_order_leads WHERE number = $1"};
const store::Sql OrderLeadTraits::upsert{"INSERT INTO hub_order_leads (number, lead_ref) VALUES ($1, $2)"};
Status OrderLeadTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key), Value::blob(row)});
}

const store::Sql PartnerTraits::load{
    "SELECT app, manager, company_name, country, business_number, email, name, phone, placeholder, moves, "
    "record FROM hub_partners WHERE id = $1"};
const store::Sql PartnerTraits::upsert{
    "INSERT INTO hub_partners (id, app, manager, company_name, country, business_number, email, name, phone, "
    "placeholder, moves, record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) "
    "DO UPDATE SET manager = excluded.manager, email = excluded.email, name = excluded.name, phone = "
    "excluded.phone, placeholder = excluded.placeholder, moves = excluded.moves"};
PartnerRow PartnerTraits::read(const store::Row& row) {
  PartnerRow partner;
  partner.app = row.number(0);
  partner.manager = row.number(1);
  partner.company_name = row.bytes(2);
  partner.country = row.bytes(3);
  partner.business_number = row.bytes(4);
  partner.email = row.bytes(5);
  partner.name = row.bytes(6);
  partner.phone = row.bytes(7);
  partner.placeholder = row.integer(8) != 0;
  partner.moves = row.number(9);
  partner.record = row.number(10);
  return partner;
}
Status PartnerTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(
      upsert, {Value::number(key), Value::number(row.app), Value::number(row.manager),
               Value::blob(row.company_name), Value::blob(row.country), Value::blob(row.business_number),
               Value::blob(row.email), Value::blob(row.name), Value::blob(row.phone), flag(row.placeholder),
               Value::number(row.moves), Value::number(row.record)});
}

const store::Sql BusinessNumberTraits::load{
    "SELECT partner FROM hub_partner_numbers WHERE app = $1 AND business_number = $2 AND country = $3"};
const store::Sql BusinessNumberTraits::upsert{
    "INSERT INTO hub_partner_numbers (app, business_number, country, partner) VALUES ($1, $2, $3, $4)"};
Status BusinessNumberTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(std::get<0>(key)), Value::blob(std::get<1>(key)),
                                  Value::blob(std::get<2>(key)), Value::number(row)});
}

ManagerRow read_manager(const store::Row& row, int first) {
  ManagerRow manager;
  manager.partner = row.number(first);
  manager.email = row.bytes(first + 1);
  manager.password_hash = row.bytes(first + 2);
  manager.invite = row.number(first + 3);
  manager.pending = row.integer(first + 4) != 0;
  manager.name = row.bytes(first + 5);
  manager.since = Instant{row.integer(first + 6)};
  manager.withdrawn = row.integer(first + 7) != 0;
  return manager;
}

const store::Sql ManagerTraits::load{"SELECT " JANGBU_HUB_MANAGER_COLUMNS " FROM hub_managers WHERE id = $1"};
const store::Sql ManagerTraits::upsert{
    "INSERT INTO hub_managers (id, " JANGBU_HUB_MANAGER_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET email = excluded.email, "
    "password_hash = excluded.password_hash, invite = excluded.invite, pending = excluded.pending, name = "
    "excluded.name, since = excluded.since, withdrawn = excluded.withdrawn"};
const store::Sql ManagerTraits::remove{"DELETE FROM hub_managers WHERE id = $1"};
Status ManagerTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert,
                         {Value::number(key), Value::number(row.partner), Value::blob(row.email),
                          Value::blob(row.password_hash), Value::number(row.invite), flag(row.pending),
                          Value::blob(row.name), Value::integer(row.since.us), flag(row.withdrawn)});
}
Status ManagerTraits::erase(store::Session& session, const Key& key) {
  return session.execute(remove, {Value::number(key)});
}

const store::Sql EmailTraits::load{"SELECT manager FROM hub_emails WHERE email = $1"};
const store::Sql EmailTraits::upsert{
    "INSERT INTO hub_emails (email, manager) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET manager = "
    "excluded.manager"};
const store::Sql EmailTraits::remove{"DELETE FROM hub_emails WHERE email = $1"};
Status EmailTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::blob(key), Value::number(row)});
}
Status EmailTraits::erase(store::Session& session, const Key& key) {
  return session.execute(remove, {Value::blob(key)});
}

const store::Sql InviteTraits::load{"SELECT manager, expires_at, event, used FROM hub_invites WHERE id = $1"};
const store::Sql InviteTraits::upsert{
    "INSERT INTO hub_invites (id, manager, expires_at, event, used) VALUES ($1, $2, $3, $4, $5) ON CONFLICT "
    "(id) DO UPDATE SET used = excluded.used"};
InviteRow InviteTraits::read(const store::Row& row) {
  return {row.number(0), Instant{row.integer(1)}, row.number(2), row.integer(3) != 0};
}
Status InviteTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert,
                         {Value::number(key), Value::number(row.manager), Value::integer(row.expires_at.us),
                          Value::number(row.event), flag(row.used)});
}

const store::Sql CampaignTraits::load{"SELECT " JANGBU_HUB_CAMPAIGN_COLUMNS
                                      " FROM hub_campaigns WHERE id = $1"};
const store::Sql CampaignTraits::upsert{
    "INSERT INTO hub_campaigns (id, " JANGBU_HUB_CAMPAIGN_COLUMNS
    ", shown) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
    "$20, $21, $22, $23, $24, $25, $26) ON CONFLICT (id) DO UPDATE SET status = excluded.status, next_at = "
    "excluded.next_at, held = excluded.held, paid = excluded.paid, a0801 = excluded.a0801, a0802 = "
    "excluded.a0802, a0803 = excluded.a0803, a0804 = excluded.a0804, r1213 = excluded.r1213, r1214 = "
    "excluded.r1214, r1215 = excluded.r1215, r1218 = excluded.r1218, r1219 = excluded.r1219, updated_at = "
    "excluded.updated_at, shown = excluded.shown"};
Status CampaignTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key),
                                  Value::number(row.app),
                                  Value::number(row.ordinal),
                                  Value::number(row.partner),
                                  code(row.status),
                                  Value::number(row.record),
                                  Value::number(row.order),
                                  Value::integer(row.start_at.us),
                                  Value::integer(row.end_at.us),
                                  Value::integer(row.due_at.us),
                                  Value::integer(row.next_at.us),
                                  MoneyColumn(row.reward),
                                  Value::number(row.offers),
                                  MoneyColumn(row.held),
                                  Value::number(row.paid),
                                  Value::number(row.a0801),
                                  Value::number(row.a0802),
                                  Value::number(row.a0803),
                                  Value::number(row.a0804),
                                  Value::number(row.r1213),
                                  Value::number(row.r1214),
                                  Value::number(row.r1215),
                                  Value::number(row.r1218),
                                  Value::number(row.r1219),
                                  Value::integer(row.updated_at.us),
                                  code(shown_status(row.status))});
}

const store::Sql TotalTraits::load{"SELECT campaigns FROM hub_totals WHERE app = $1 AND shown = $2"};
const store::Sql TotalTraits::upsert{
    "INSERT INTO hub_totals (app, shown, campaigns) VALUES ($1, $2, $3) ON CONFLICT (app, shown) DO UPDATE "
    "SET campaigns = excluded.campaigns"};
Status TotalTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key.first), Value::number(key.second), Value::number(row)});
}

const store::Sql ApplyTraits::load{"SELECT campaign, reviewer, state, review FROM hub_applies WHERE id = $1"};
const store::Sql ApplyTraits::upsert{
    "INSERT INTO hub_applies (id, campaign, reviewer, state, review) VALUES ($1, $2, $3, $4, $5) ON CONFLICT "
    "(id) DO UPDATE SET state = excluded.state, review = excluded.review"};
ApplyRow ApplyTraits::read(const store::Row& row) {
  return {row.number(0), std::string(row.bytes(1)), static_cast<ApplyState>(row.integer(2)), row.number(3)};
}
Status ApplyTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key), Value::number(row.campaign), Value::blob(row.reviewer),
                                  code(row.state), Value::number(row.review)});
}

const store::Sql ReviewTraits::load{
    "SELECT apply, state, record, partner, campaign, judged FROM hub_reviews WHERE id = $1"};
const store::Sql ReviewTraits::upsert{
    "INSERT INTO hub_reviews (id, apply, state, record, partner, campaign, judged) VALUES ($1, $2, $3, $4, "
    "$5, $6, $7) ON CONFLICT (id) DO UPDATE SET state = excluded.state, record = excluded.record, judged = "
    "excluded.judged"};
ReviewRow ReviewTraits::read(const store::Row& row) {
  return {row.number(0), static_cast<ReviewState>(row.integer(1)),
          row.number(2), row.number(3),
          row.number(4), row.number(5)};
}
Status ReviewTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(
      upsert, {Value::number(key), Value::number(row.apply), code(row.state), Value::number(row.record),
               Value::number(row.partner), Value::number(row.campaign), Value::number(row.judged)});
}

const store::Sql AnswerTraits::load{"SELECT email_sent, email_sent_at FROM hub_answers WHERE onboarded = $1"};
const store::Sql AnswerTraits::upsert{
    "INSERT INTO hub_answers (onboarded, email_sent, email_sent_at) VALUES ($1, $2, $3)"};
AnswerRow AnswerTraits::read(const store::Row& row) { return {row.integer(0) != 0, Instant{row.integer(1)}}; }
Status AnswerTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert,
                         {Value::number(key), flag(row.email_sent), Value::integer(row.email_sent_at.us)});
}

void DepositMoves::flush(store::Session& session) {
  for (const Move& move : moves_)
    engine::throw_if_failed(session.execute(
        write_move_sql, {Value::number(move.partner), Value::number(move.number), engine::moment(move.row.at),
                         code(move.row.kind), MoneyColumn(move.row.amount), Value::number(move.row.record),
                         Value::number(move.row.campaign), Value::number(move.row.order)}));
}

}  // namespace jangbu::hub
