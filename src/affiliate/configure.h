// What the operator changes, as commands: the configuration, and a conversion that is cancelled by hand.
#pragma once

#include <utility>
#include <variant>

#include "affiliate/state.h"
#include "door/write.h"

namespace jangbu::affiliate {

struct Refused {
  Error error;
};

/// What door::Write asks of this door: its changes are the operator's, and none has a key.
struct AffiliateDoor {
  using State = affiliate::State;
  using Caller = std::monostate;
  using Refused = affiliate::Refused;
  static constexpr engine::KeyScope key_scope = engine::KeyScope::affiliate_conversion;
  static door::Keyed keyed_of(const engine::Record&) { return {}; }
  static void want(engine::Unit&, const Caller&) {}
  static Status admit(State&, engine::Unit&, const Caller&, const door::Keyed&) { return {}; }
};
template <typename T>
using Write = door::Write<AffiliateDoor, T>;

/// A new merchant (number 0) or one as it stands from now on. Error: already_exists (the id, or there are
/// as many as there may be, as for the others below).
class SetMerchant final : public Write<MerchantSet> {
 public:
  SetMerchant(State& state, MerchantSet merchant, door::Render<MerchantSet> render, Answered answered)
      : Write(state, {}, std::move(render), std::move(answered)), merchant_(std::move(merchant)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  MerchantSet merchant_;
};

/// Errors: not_found (the merchant), already_exists (the code is another programme's of the merchant, or
/// another one of this kind and action is in force at the same time; the detail says which).
class SetProgram final : public Write<ProgramSet> {
 public:
  SetProgram(State& state, ProgramSet program, door::Render<ProgramSet> render, Answered answered)
      : Write(state, {}, std::move(render), std::move(answered)), program_(std::move(program)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  ProgramSet program_;
};

/// What stands of its rewards is kept: those are changed by commands of their own.
class SetAffiliate final : public Write<AffiliateSet> {
 public:
  SetAffiliate(State& state, AffiliateSet affiliate, door::Render<AffiliateSet> render, Answered answered)
      : Write(state, {}, std::move(render), std::move(answered)), affiliate_(std::move(affiliate)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  AffiliateSet affiliate_;
};

/// The promotion of these codes is new or stands so from now on. Error: not_found (merchant or affiliate).
class SetPromo final : public Write<PromoSet> {
 public:
  SetPromo(State& state, PromoSet promo, door::Render<PromoSet> render, Answered answered)
      : Write(state, {}, std::move(render), std::move(answered)), promo_(std::move(promo)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  PromoSet promo_;
};

class SetExchangeRate final : public Write<ExchangeRateSet> {
 public:
  SetExchangeRate(State& state, ExchangeRateSet rate, door::Render<ExchangeRateSet> render, Answered answered)
      : Write(state, {}, std::move(render), std::move(answered)), rate_(std::move(rate)) {}

 private:
  engine::Decision decide_new(engine::Unit&) override { return ledger::accept(exchange_rate_kind, rate_); }
  ExchangeRateSet rate_;
};

}  // namespace jangbu::affiliate
