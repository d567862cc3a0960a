// What affiliates are paid: the commands.
#pragma once

#include <string>
#include <utility>

#include "affiliate/configure.h"
#include "affiliate/settlement.h"

namespace jangbu::affiliate {

/// A payout as it stands, which is what those commands are answered from.
struct PayoutState {
  PayoutNumber number = 0;
  AffiliateNumber affiliate = 0;
  Month month = 0;
  Money amount;
  PayoutStatus status = PayoutStatus::held;

  /// Of the record of one.
  static PayoutState of(const engine::Record& record);
  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, affiliate, month, amount, status);
  }
};

/// Sets aside what an affiliate earned in a month, as far as it is there: later corrections may have taken of
/// it. An affiliate has one payout of a month; asked again, it is answered with that one, unless the bank
/// refused it. Errors: not_found (no affiliate, nothing of that month was settled, or it is not final yet),
/// insufficient_balance (nothing is left to be paid).
class MakePayout final : public Write<PayoutState> {
 public:
  MakePayout(SettlementBook& book, AffiliateNumber affiliate, Month month, door::Render<PayoutState> render,
             Answered answered)
      : Write(book.affiliates(), {}, std::move(render), std::move(answered)),
        book_(book),
        affiliate_(affiliate),
        month_(month) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  SettlementBook& book_;
  AffiliateNumber affiliate_;
  Month month_;
};

/// The bank has paid what was set aside, or has not and it is free again. Said again, it is the same. Errors:
/// not_found, already_paid, not_paid (it has failed).
class ClosePayout final : public Write<PayoutState> {
 public:
  ClosePayout(SettlementBook& book, PayoutNumber number, PayoutStatus status, std::string note,
              door::Render<PayoutState> render, Answered answered)
      : Write(book.affiliates(), {}, std::move(render), std::move(answered)),
        book_(book),
        number_(number),
        status_(status),
        note_(std::move(note)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  SettlementBook& book_;
  PayoutNumber number_;
  PayoutStatus status_;
  std::string note_;
};

/// An affiliate that changes it is told by mail, where it has an address and mail goes out. Error: not_found.
class SetBankAccount final : public Write<BankAccountSet> {
 public:
  SetBankAccount(State& state, BankAccountSet account, door::Render<BankAccountSet> render, Answered answered)
      : Write(state, {}, std::move(render), std::move(answered)), account_(std::move(account)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  BankAccountSet account_;
};

}  // namespace jangbu::affiliate
