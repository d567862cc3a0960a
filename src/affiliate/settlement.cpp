#include "affiliate/settlement.h"

#include <utility>

#include "affiliate/messages.h"
#include "affiliate/postback.h"
#include "affiliate/settlement_calendar.h"
#include "affiliate/settlement_due.h"
#include "affiliate/settlement_tables.h"
#include "ledger/said.h"

namespace jangbu::affiliate {

using engine::Record;
using engine::Unit;
using engine::WorkKind;

namespace {

const store::Sql unfinished_sql{
    "SELECT merchant, done, asked FROM affiliate_list_progress WHERE done < asked ORDER BY merchant"};

/// A delivery that somebody waits for is tried once.
constexpr delivery::Retry once{1, 0, 0};

}  // namespace

SettlementBook::SettlementBook(ledger::Book& book, State& affiliates)
    : book_(book), affiliates_(affiliates), tables_(std::make_unique<Tables>()) {
  affiliates_.listen(*this);
}
SettlementBook::~SettlementBook() = default;

bool SettlementBook::owns(WorkKind kind) const {
  return kind == engine::WorkKind::affiliate_reconcile ||
         kind == engine::WorkKind::affiliate_settlement_begin ||
         kind == engine::WorkKind::affiliate_settlement_final;
}

void SettlementBook::prefetch(Unit& unit) { tables_->prefetch(unit.session()); }
void SettlementBook::flush(Unit& unit) { tables_->flush(unit.session()); }

void SettlementBook::committed() {
  tables_->committed();
  tell(std::exchange(wanted_, {}));
}

void SettlementBook::tell(std::vector<WantedLists> wanted) {
  const std::lock_guard lock(observer_mutex_);
  if (observer_ && !wanted.empty()) observer_(std::move(wanted));
}

void SettlementBook::discard() {
  tables_->discard();
  wanted_.clear();
}

void SettlementBook::load(Unit& unit) {
  auto wanted = unfinished_lists(unit.session());
  if (!wanted) throw engine::StoreFailure(wanted.error());
  tell(std::move(*wanted));
}

Result<std::vector<WantedLists>> unfinished_lists(store::Session& session) {
  std::vector<WantedLists> wanted;
  RETURN_IF_ERROR(session.query(unfinished_sql, {}, [&](const store::Row& row) {
    wanted.push_back({row.number(0), static_cast<Day>(row.number(1)), static_cast<Day>(row.number(2))});
    return true;
  }));
  return wanted;
}

std::unique_ptr<engine::Command> SettlementBook::due_work(Unit&, const engine::DueRow& row) {
  if (row.kind == engine::WorkKind::affiliate_reconcile) return std::make_unique<AskForLists>(*this, row);
  if (row.kind == engine::WorkKind::affiliate_settlement_begin)
    return std::make_unique<BeginSettlement>(*this, row);
  return std::make_unique<FinishSettlement>(*this, row);
}

StatementRow SettlementBook::statement(Unit& unit, AffiliateNumber affiliate, Month month) {
  const StatementRow* row = tables_->statements.find(unit.session(), {affiliate, month});
  return row == nullptr ? StatementRow() : *row;
}
AftermathRow SettlementBook::aftermath(Unit& unit, ConversionNumber number) {
  const AftermathRow* row = tables_->aftermaths.find(unit.session(), number);
  return row == nullptr ? AftermathRow() : *row;
}
ConversionNumber SettlementBook::successor(Unit& unit, ConversionNumber number) {
  const ConversionNumber again = aftermath(unit, number).again;
  return again == 0 ? number : again;
}
Amounts SettlementBook::taken_back(Unit& unit, ConversionNumber number) {
  return aftermath(unit, number).taken_back;
}
const PayoutRow* SettlementBook::payout(Unit& unit, PayoutNumber number) {
  return tables_->payouts.find(unit.session(), number);
}
const ListProgressRow* SettlementBook::progress(Unit& unit, MerchantNumber merchant) {
  return tables_->progress.find(unit.session(), merchant);
}

void SettlementBook::apply(Unit& unit, const Record& record) {
  switch (record.kind) {
    case lists_due_kind:
      return apply_lists_due(unit, record);
    case settlement_begun_kind:
      return apply_begun(unit, record);
    case settlement_final_kind:
      return apply_final(unit, record);
    case payout_made_kind:
      return apply_payout_made(unit, record);
    case payout_closed_kind:
      return apply_payout_closed(unit, record);
    case reward_set_kind:
      return apply_reward_set(unit, record);
    case reward_tested_kind:
      return apply_reward_tested(unit, record);
    case bank_account_kind:
    case bank_account_told_kind:
      return apply_bank_account(unit, record);
    case list_fetched_kind:
      return apply_list_fetched(unit, record);
    default:
      INVARIANT(false, "settlement has no records of kind " + std::to_string(record.kind));
  }
}

// ---- what the door's other records cause

void SettlementBook::conversion_begun(Unit& unit, ConversionNumber number, const ConversionRow& row) {
  if (row.is_correction() && !is_final(row.status)) take_back(unit, row);
  if (is_final(row.status)) return;
  const Month month = month_of(row.day);
  unit.due().add(settlement_begins_at(month), engine::WorkKind::affiliate_settlement_begin, number);
  unit.due().add(settlement_final_at(month), engine::WorkKind::affiliate_settlement_final, number);
}

void SettlementBook::take_back(Unit& unit, const ConversionRow& correction) {
  AftermathRow aftermath = this->aftermath(unit, correction.origin);
  Amounts& back = aftermath.taken_back;
  back.quantity += correction.now.quantity;
  back.price = back.price.minus(correction.now.price).value();
  back.base = back.base.minus(correction.now.base).value();
  back.incentive = back.incentive.minus(correction.now.incentive).value();
  back.fee = back.fee.minus(correction.now.fee).value();
  tables_->aftermaths.put(correction.origin, aftermath);
}

void SettlementBook::merchant_set(Unit& unit, const MerchantSet& merchant) {
  const ListProgressRow* before = progress(unit, merchant.number);
  if (merchant.list_url.empty() || (before != nullptr && before->due_at != Instant())) return;
  ListProgressRow row;
  const Day today = day_of(unit.now());
  row.asked = row.done = before != nullptr && before->done != 0 ? before->asked : day_before(today);
  row.due_at = lists_asked_at(next_day(today));
  unit.due().add(row.due_at, engine::WorkKind::affiliate_reconcile, merchant.number);
  tables_->progress.put(merchant.number, row);
}

// ---- months

void SettlementBook::take_run(Unit& unit, const DueRun& run, WorkKind kind) {
  unit.due().remove({run.due_at, kind, run.first, run.last});
  if (run.rest == 0) return;
  for (std::uint64_t number = run.rest; number <= run.last; ++number)
    unit.due().add(run.due_at, kind, number);
}

void SettlementBook::apply_begun(Unit& unit, const Record& record) {
  const auto begun = ledger::said<SettlementBegun>(record);
  take_run(unit, begun->run, engine::WorkKind::affiliate_settlement_begin);
  for (const ConversionNumber number : begun->conversions) {
    ConversionRow row = *affiliates_.conversion(unit, number);
    row.status = ConversionStatus::settling;
    row.changed = record.number;
    affiliates_.change_conversion(unit, number, std::move(row));
  }
}

void SettlementBook::apply_final(Unit& unit, const Record& record) {
  const auto done = ledger::said<SettlementFinal>(record);
  take_run(unit, done->run, engine::WorkKind::affiliate_settlement_final);
  book_.post(unit, done->entry);
  for (const SettledConversion& settled : done->conversions) settle(unit, record, settled);
}

void SettlementBook::settle(Unit& unit, const Record& record, const SettledConversion& settled) {
  const ConversionRow before = *affiliates_.conversion(unit, settled.number);
  ConversionRow row = before;
  row.status = settled.fate == Fate::settled ? ConversionStatus::settled : ConversionStatus::cancelled;
  row.changed = record.number;
  affiliates_.change_conversion(unit, settled.number, row);
  const std::pair key{row.affiliate, month_of(row.day)};
  StatementRow total = statement(unit, key.first, key.second);
  if (settled.fate != Fate::settled) ++total.cancelled;
  if (settled.fate != Fate::cancelled) {
    ++total.settled;
    total.sales = total.sales.plus(before.now.price).value();
    total.commission = total.commission.plus(before.now.commission()).value();
  }
  tables_->statements.put(key, total);
  if (settled.fate != Fate::again) return;
  row = before;
  row.status = ConversionStatus::settled;
  row.changed = record.number;
  row.origin = settled.number;
  AftermathRow aftermath = this->aftermath(unit, settled.number);
  aftermath.again = settled.again;
  tables_->aftermaths.put(settled.number, aftermath);
  tables_->aftermaths.put(settled.again, {0, aftermath.taken_back});
  affiliates_.begin_conversion(unit, settled.again, row);
  // Its receiver hears of a row with a new number.
  const Conversion conversion = affiliates_.details(unit, settled.again);
  ConversionPart part = conversion.part();
  part.number = settled.again;
  part.status = ConversionStatus::normal;
  if (auto event = conversion_event(affiliates_.config(), *conversion.order, part, before.now))
    unit.emit(std::move(*event));
}

// ---- money

void SettlementBook::apply_payout_made(Unit& unit, const Record& record) {
  const auto made = ledger::said<PayoutMade>(record);
  unit.take(engine::Counter::affiliate_payout, made->number);
  book_.post(unit, made->entry);
  PayoutRow row;
  row.affiliate = made->affiliate;
  row.month = made->month;
  row.amount = made->amount;
  row.made_at = record.recorded_at;
  row.record = record.number;
  tables_->payouts.put(made->number, std::move(row));
  StatementRow total = statement(unit, made->affiliate, made->month);
  total.payout = made->number;
  tables_->statements.put({made->affiliate, made->month}, total);
}

void SettlementBook::apply_payout_closed(Unit& unit, const Record& record) {
  const auto closed = ledger::said<PayoutClosed>(record);
  book_.post(unit, closed->entry);
  PayoutRow& row = tables_->payouts.edit(unit.session(), closed->number);
  row.status = closed->status;
  row.closed_at = record.recorded_at;
  row.record = record.number;
  row.note = closed->note;
}

void SettlementBook::apply_bank_account(Unit& unit, const Record& record) {
  const auto set = ledger::said<BankAccountSet>(record);
  tables_->bank_accounts.put(set->affiliate, {set->bank, set->account, set->holder});
  if (record.kind == bank_account_told_kind)
    unit.emit(bank_account_mail(*affiliates_.config().affiliate(set->affiliate), *set));
}

// ---- rewards

void SettlementBook::apply_reward_set(Unit&, const Record& record) {
  const auto set = ledger::said<RewardSet>(record);
  AffiliateSet affiliate = *affiliates_.config().affiliate(set->affiliate);
  affiliate.reward = set->reward;
  affiliates_.put_affiliate(std::move(affiliate));
}

void SettlementBook::apply_reward_tested(Unit& unit, const Record& record) {
  const auto tested = ledger::said<RewardTested>(record);
  Postback sample = sample_postback(affiliate_id(tested->affiliate), tested->uniq_id);
  engine::OutboxEvent event = postback_event(tested->url, sample, once);
  event.document = "test:" + std::to_string(record.number);  // no test waits for another
  event.topic = test_topic;
  unit.emit(std::move(event));
}

// ---- lists

void SettlementBook::want(Unit& unit, MerchantNumber merchant) {
  const ListProgressRow& row = *progress(unit, merchant);
  wanted_.push_back({merchant, row.done, row.asked});
}

void SettlementBook::apply_lists_due(Unit& unit, const Record& record) {
  const auto due = ledger::said<ListsDue>(record);
  take_run(unit, due->run, engine::WorkKind::affiliate_reconcile);
  for (MerchantNumber number = due->run.first; number <= due->run.last; ++number) {
    if (due->run.rest != 0 && number >= due->run.rest) break;
    const ListProgressRow* found = progress(unit, number);
    if (found == nullptr || found->due_at != due->run.due_at) continue;
    ListProgressRow row = *found;
    row.due_at = Instant();
    tables_->progress.put(number, row);
  }
  for (const MerchantNumber number : due->merchants) {
    ListProgressRow row = *progress(unit, number);
    row.asked = due->day;
    row.due_at = due->next_at;
    tables_->progress.put(number, row);
    unit.due().add(due->next_at, engine::WorkKind::affiliate_reconcile, number);
    want(unit, number);
  }
}

void SettlementBook::apply_list_fetched(Unit& unit, const Record& record) {
  const auto fetched = ledger::said<ListFetched>(record);
  ListProgressRow row = *progress(unit, fetched->merchant);
  row.done = fetched->day;
  tables_->progress.put(fetched->merchant, row);
}

bool is_settled_through(Unit& unit, Instant moment) {
  const auto earliest = unit.due().earliest(unit.session());
  return !earliest || earliest->due_at > moment;
}

}  // namespace jangbu::affiliate
