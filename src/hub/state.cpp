#include "hub/state.h"

#include <algorithm>

#include "hub/decide.h"
#include "hub/messages.h"
#include "hub/state_tables.h"
#include "payment/records.h"

namespace jangbu::hub {
namespace {

using engine::throw_if_failed;
using engine::Unit;
using store::Value;

const store::Sql due_campaigns_sql{
    "SELECT id FROM hub_campaigns WHERE next_at <> 0 AND next_at <= $1 ORDER BY next_at, id LIMIT $2"};
// In the order of the index of what waits, so that no other order is looked at.
const store::Sql carrying_orders_sql{
    "SELECT number FROM hub_orders WHERE status = 2 AND attention <= 1 AND carries = 1 ORDER BY paid_at, "
    "number"};

}  // namespace

State::State(ledger::Book& book, payment::State& payments, AppBoard* board, AppSecrets* secrets,
             Surroundings surroundings)
    : book_(book),
      payments_(payments),
      secrets_(secrets),
      surroundings_(surroundings),
      tables_(std::make_unique<Tables>(board)) {
  payments_.listen(payment::Door::hub, *this);
}
State::~State() = default;

Instant next_step(const CampaignRow& row) {
  switch (row.status) {
    case CampaignStatus::ready:
    case CampaignStatus::live:
      return row.start_at;
    case CampaignStatus::recruiting:
      return row.end_at;
    case CampaignStatus::reviewing:
      return row.due_at;
    default:
      return {};
  }
}

CampaignStatus status_at(const CampaignRow& row, Instant now) {
  CampaignRow at = row;
  for (Instant next = next_step(at); next != Instant{} && next <= now; next = next_step(at)) {
    switch (at.status) {
      case CampaignStatus::ready:
      case CampaignStatus::live:
        at.status = CampaignStatus::recruiting;
        break;
      case CampaignStatus::recruiting:
        at.status = CampaignStatus::reviewing;
        break;
      default:
        // Judging lasts until every review is judged; settling is the moment in which the rest goes back.
        at.status = at.r1218 == 0 ? CampaignStatus::completed : CampaignStatus::judging;
        break;
    }
  }
  return at.status;
}

bool holds_deposit(CampaignStatus status) {
  return status == CampaignStatus::ready || shown_status(status) == Shown::in_progress;
}

// ---- what decide asks

const Apps& State::apps() const { return tables_->apps.current(); }
const OrderRow* State::order(Unit& unit, OrderNumber number) {
  return tables_->orders.find(unit.session(), number);
}
OrderNumber State::paid_order_of_lead(Unit& unit, AppId app, const std::string& lead_ref) {
  if (lead_ref.empty()) return 0;
  const auto* number = tables_->leads.find(unit.session(), {app, lead_ref});
  return number == nullptr || order(unit, *number)->status == OrderStatus::refunded ? 0 : *number;
}
const PartnerRow* State::partner(Unit& unit, PartnerId id) {
  return tables_->partners.find(unit.session(), id);
}
PartnerId State::partner_of_number(Unit& unit, AppId app, const std::string& country,
                                   const std::string& business_number) {
  const auto* id = tables_->business_numbers.find(unit.session(), {app, business_number, country});
  return id == nullptr ? 0 : *id;
}
const ManagerRow* State::manager(Unit& unit, ManagerId id) {
  return tables_->managers.find(unit.session(), id);
}
ManagerId State::manager_of_email(Unit& unit, const std::string& email) {
  const auto* id = tables_->emails.find(unit.session(), email);
  return id == nullptr ? 0 : *id;
}
const InviteRow* State::invite(Unit& unit, InviteId id) { return tables_->invites.find(unit.session(), id); }
const CampaignRow* State::campaign(Unit& unit, CampaignId id) {
  return tables_->campaigns.find(unit.session(), id);
}
const ApplyRow* State::application(Unit& unit, ApplyId id) {
  return tables_->applies.find(unit.session(), id);
}
const ReviewRow* State::review(Unit& unit, ReviewId id) { return tables_->reviews.find(unit.session(), id); }
const AnswerRow* State::answer(Unit& unit, std::uint64_t onboarded) {
  return tables_->answers.find(unit.session(), onboarded);
}

State::DueCampaigns State::campaigns_due(Unit& unit, Instant until) {
  DueCampaigns found;
  throw_if_failed(unit.session().query(
      due_campaigns_sql,
      {Value::integer(until.us), Value::integer(static_cast<std::int64_t>(moves_per_record))},
      [&](const store::Row& row) {
        found.ids.push_back(row.number(0));
        return true;
      }));
  found.more = found.ids.size() == moves_per_record;
  // The batch may have moved some of them already.
  std::erase_if(found.ids, [&](CampaignId id) {
    const Instant next = campaign(unit, id)->next_at;
    return next == Instant{} || next > until;
  });
  return found;
}

OrderNumber State::waiting_order_of(Unit& unit, const engine::Record& record) {
  if (record.kind != payment::attempt_ended_kind) return 0;
  const auto ended = payment::decode<payment::AttemptEnded>(record.payload);
  INVARIANT(ended.ok(), "record " + std::to_string(record.number) + " is of payment and reads");
  const bool leaves_paid =
      ended->effect == payment::Consequence::paid || ended->effect == payment::Consequence::refunded;
  if (!leaves_paid) return 0;
  const payment::CheckoutNumber number = payments_.attempt(unit, ended->attempt)->checkout;
  const payment::Checkout* checkout = payments_.find(unit, number);
  if (checkout->door != payment::Door::hub) return 0;
  const OrderNumber paid = checkout->document;
  const OrderRow* row = order(unit, paid);
  return row->status == OrderStatus::paid && row->attention == Attention::none ? paid : 0;
}

void State::want_order(OrderNumber number) { tables_->orders.want(number); }
void State::want_email(const std::string& email) { tables_->emails.want(email); }
void State::want_business_number(AppId app, const std::string& country, const std::string& business_number) {
  if (identifies(business_number, country)) tables_->business_numbers.want({app, business_number, country});
}

// ---- the life of a batch

void State::prefetch(Unit& unit) { tables_->prefetch(unit.session()); }
void State::flush(Unit& unit) { tables_->flush(unit.session()); }
void State::committed() { tables_->committed(); }
void State::discard() {
  tables_->discard();
  onboard_next_.clear();
  onboard_held_.clear();
}

void State::load(Unit& unit) {
  if (secrets_ != nullptr) throw_if_failed(secrets_->load(unit.session()));
  tables_->apps.load(unit.session());
  onboard_next_.clear();
  onboard_held_.clear();
  throw_if_failed(unit.session().query(carrying_orders_sql, {}, [&](const store::Row& row) {
    onboard_next_.push_back(row.number(0));
    return true;
  }));
}

std::unique_ptr<engine::Command> State::next_work(Unit& unit) {
  while (!onboard_next_.empty()) {
    const OrderNumber number = onboard_next_.front();
    onboard_next_.erase(onboard_next_.begin());
    const OrderRow* row = order(unit, number);
    const bool waits = row->status == OrderStatus::paid &&
                       (row->attention == Attention::none || row->attention == Attention::unconsumed);
    if (!waits) continue;
    if (!apps().find(row->app)->suspended) return std::make_unique<OnboardByItself>(*this, number);
    onboard_held_.push_back(number);
  }
  return nullptr;
}

std::unique_ptr<engine::Command> State::due_work(Unit&, const engine::DueRow& row) {
  if (row.kind == engine::WorkKind::hub_campaign_phase) return std::make_unique<MoveCampaigns>(*this, row);
  return std::make_unique<NoticeOrders>(*this, row);
}

void State::keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const {
  door::take_key(HubDoor::key_scope, HubDoor::keyed_of(record), out);
  if (record.kind == applied_kind) {
    const auto applied = said<Applied>(record);
    out.push_back(application_digest(applied->campaign, applied->reviewer));
  }
}

}  // namespace jangbu::hub
