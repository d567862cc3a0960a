#include "affiliate/settlement_due.h"

#include <map>

#include "affiliate/settlement_calendar.h"
#include "door/due_run.h"
#include "ledger/said.h"

namespace jangbu::affiliate {

using engine::Decision;
using engine::Unit;

namespace {

DueRun run_of(const engine::DueRow& row) { return {row.due_at, row.first, row.last, 0}; }

const ConversionRow& row_of(State& state, Unit& unit, ConversionNumber number) {
  const ConversionRow* row = state.conversion(unit, number);
  INVARIANT(row != nullptr, "conversions are numbered without gaps");
  return *row;
}

/// Decides what the end of the month makes of conversions, one after the other.
class Judge {
 public:
  Judge(SettlementBook& book, Unit& unit) : book_(book), state_(book.affiliates()), unit_(unit) {}

  Fate fate_of(ConversionNumber number, const ConversionRow& row) { return fates_[number] = decide(row); }

 private:
  /// A correction goes the way of what it corrects, which has a lower number and no later month.
  Fate of_correction(const ConversionRow& row) {
    if (const auto known = fates_.find(row.origin); known != fates_.end()) return known->second;
    const ConversionRow& origin = row_of(state_, unit_, row.origin);
    const bool is_void =
        origin.status == ConversionStatus::cancelled && book_.successor(unit_, row.origin) == row.origin;
    return is_void ? Fate::cancelled : Fate::settled;
  }
  Fate decide(const ConversionRow& row) {
    if (row.status == ConversionStatus::cancel_requested) return Fate::cancelled;
    if (row.origin != 0) return of_correction(row);
    const MerchantSet* merchant = state_.config().merchant(row.merchant);
    INVARIANT(merchant != nullptr, "the merchant of a conversion is known");
    if (!merchant->batch) return Fate::settled;
    return row.confirmed_at == Instant() ? Fate::cancelled : Fate::again;
  }

  SettlementBook& book_;
  State& state_;
  Unit& unit_;
  std::map<ConversionNumber, Fate> fates_;  // of this record
};

/// What is settled can be paid; what is cancelled goes back to the merchant and the house.
Status post(ledger::EntryBuilder& entry, const MerchantSet& merchant, const ConversionRow& row, Fate fate) {
  const auto move = [&entry](std::string_view account, Money amount) -> Status {
    if (amount.is_zero()) return {};
    return entry.post(entry.account(account, won, ledger::Floor::none), amount);
  };
  const Money commission = row.now.commission();
  ASSIGN_OR_RETURN(const Money gone, commission.negated());
  RETURN_IF_ERROR(move(pending_account(row.affiliate), gone));
  if (fate != Fate::cancelled) return move(payable_account(row.affiliate), commission);
  ASSIGN_OR_RETURN(const Money cost, commission.plus(row.now.fee));
  ASSIGN_OR_RETURN(const Money fee, row.now.fee.negated());
  RETURN_IF_ERROR(move(adcost_account(merchant.id), cost));
  return move(fee_account, fee);
}

}  // namespace

Decision BeginSettlement::decide(Unit& unit) {
  State& state = book_.affiliates();
  SettlementBegun begun{run_of(row_), {}};
  begun.run.rest =
      door::look_at(row_, settled_by_a_record, settlement_looks_at, [&](ConversionNumber number) {
        const ConversionRow& row = row_of(state, unit, number);
        if (row.status != ConversionStatus::normal || settlement_begins_at(month_of(row.day)) != row_.due_at)
          return false;
        begun.conversions.push_back(number);
        return true;
      });
  return ledger::accept(settlement_begun_kind, std::move(begun));
}

Decision FinishSettlement::decide(Unit& unit) {
  State& state = book_.affiliates();
  SettlementFinal done{run_of(row_), {}, {}};
  ledger::EntryBuilder entry(unit, book_.book());
  Judge judge(book_, unit);
  ConversionNumber last = unit.counters().last(engine::Counter::affiliate_conversion);
  done.run.rest = door::look_at(row_, settled_by_a_record, settlement_looks_at, [&](ConversionNumber number) {
    const ConversionRow row = row_of(state, unit, number);
    if (is_final(row.status) || settlement_final_at(month_of(row.day)) != row_.due_at) return false;
    SettledConversion settled{number, judge.fate_of(number, row), 0};
    if (settled.fate == Fate::again) settled.again = ++last;
    const Status posted = post(entry, *state.config().merchant(row.merchant), row, settled.fate);
    INVARIANT(posted.ok(), "commissions stay far inside Money's range");
    done.conversions.push_back(settled);
    return true;
  });
  auto built = entry.build();
  if (!built) return engine::Refuse{built.error()};
  done.entry = std::move(*built);
  return ledger::accept(settlement_final_kind, std::move(done));
}

Decision AskForLists::decide(Unit& unit) {
  const Day today = day_of(row_.due_at);
  ListsDue due{run_of(row_), day_before(today), lists_asked_at(next_day(today)), {}};
  due.run.rest = door::look_at(row_, settled_by_a_record, settlement_looks_at, [&](MerchantNumber number) {
    const MerchantSet* merchant = book_.affiliates().config().merchant(number);
    const ListProgressRow* progress = book_.progress(unit, number);
    if (merchant == nullptr || merchant->list_url.empty() || progress == nullptr ||
        progress->due_at != row_.due_at)
      return false;
    due.merchants.push_back(number);
    return true;
  });
  return ledger::accept(lists_due_kind, std::move(due));
}

}  // namespace jangbu::affiliate
