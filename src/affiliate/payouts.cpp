#include "affiliate/payouts.h"

#include <algorithm>

#include "affiliate/messages.h"
#include "affiliate/settlement_calendar.h"

namespace jangbu::affiliate {

using engine::Decision;
using engine::Unit;

namespace {

PayoutState state_of(PayoutNumber number, const PayoutRow& row) {
  return {number, row.affiliate, row.month, row.amount, row.status};
}

}  // namespace

PayoutState PayoutState::of(const engine::Record& record) {
  if (record.kind == payout_made_kind) {
    const auto made = ledger::said<PayoutMade>(record);
    return {made->number, made->affiliate, made->month, made->amount, PayoutStatus::held};
  }
  const auto closed = ledger::said<PayoutClosed>(record);
  return {closed->number, closed->affiliate, closed->month, closed->amount, closed->status};
}

Decision MakePayout::decide_new(Unit& unit) {
  if (state_.config().affiliate(affiliate_) == nullptr) return refuse(Errc::not_found);
  const Instant final_at = settlement_final_at(month_);
  if (unit.now() < final_at || !is_settled_through(unit, final_at))
    return refuse(Error(Errc::not_found, "this month is not settled yet"));
  const StatementRow statement = book_.statement(unit, affiliate_, month_);
  if (statement.settled == 0) return refuse(Error(Errc::not_found, "nothing of this month was settled"));
  if (statement.payout != 0) {
    const PayoutRow& earlier = *book_.payout(unit, statement.payout);
    if (earlier.status != PayoutStatus::failed)
      return nothing_new(payout_made_kind, state_of(statement.payout, earlier));
  }
  const std::string account = payable_account(affiliate_);
  const Money amount = std::min(statement.commission, book_.book().available(unit, account, won));
  if (!amount.is_positive()) return refuse(Error(Errc::insufficient_balance, "nothing is left to be paid"));
  ledger::EntryBuilder entry(unit, book_.book());
  if (const Status done = entry.hold(entry.account(account, won, ledger::Floor::none), amount); !done)
    return refuse(done.error());
  auto built = entry.build();
  if (!built) return refuse(built.error());
  // From here on nothing can be refused.
  const PayoutNumber number = unit.counters().last(engine::Counter::affiliate_payout) + 1;
  return ledger::accept(payout_made_kind, PayoutMade{number, affiliate_, month_, amount, std::move(*built)});
}

Decision ClosePayout::decide_new(Unit& unit) {
  const PayoutRow* found = book_.payout(unit, number_);
  if (found == nullptr) return refuse(Errc::not_found);
  const PayoutRow row = *found;
  if (row.status == status_) return nothing_new(payout_closed_kind, state_of(number_, row));
  if (row.status != PayoutStatus::held)
    return refuse(row.status == PayoutStatus::paid
                      ? Error(Errc::already_paid)
                      : Error(Errc::not_paid, "this payout has failed: another one can be made"));
  ledger::EntryBuilder entry(unit, book_.book());
  const auto payable = entry.account(payable_account(row.affiliate), won, ledger::Floor::none);
  const auto back = row.amount.negated();
  if (!back) return refuse(back.error());
  if (const Status done = entry.hold(payable, *back); !done) return refuse(done.error());
  if (status_ == PayoutStatus::paid) {
    if (const Status done = entry.post(payable, *back); !done) return refuse(done.error());
    if (const Status done = entry.post(entry.account(bank_account, won, ledger::Floor::none), row.amount);
        !done)
      return refuse(done.error());
  }
  auto built = entry.build();
  if (!built) return refuse(built.error());
  // From here on nothing can be refused.
  return ledger::accept(payout_closed_kind, PayoutClosed{number_, row.affiliate, row.month, row.amount,
                                                         status_, note_, std::move(*built)});
}

Decision SetBankAccount::decide_new(Unit&) {
  const AffiliateSet* affiliate = state_.config().affiliate(account_.affiliate);
  if (affiliate == nullptr) return refuse(Errc::not_found);
  const bool told = account_.by == By::affiliate && state_.surroundings().mail && !affiliate->email.empty() &&
                    delivery::check(bank_account_notice(*affiliate, account_)).ok();
  return ledger::accept(told ? bank_account_told_kind : bank_account_kind, account_);
}

}  // namespace jangbu::affiliate
