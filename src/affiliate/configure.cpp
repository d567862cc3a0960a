#include "affiliate/configure.h"

namespace jangbu::affiliate {
namespace {

using engine::Counter;
using engine::Decision;
using engine::Unit;

std::uint64_t next_of(Unit& unit, Counter counter) { return unit.counters().last(counter) + 1; }

/// Whether the two are in force at one moment.
bool overlap(const ProgramSet& a, const ProgramSet& b) {
  return a.active && b.active && (!a.ends_at || b.starts_at < *a.ends_at) &&
         (!b.ends_at || a.starts_at < *b.ends_at);
}

}  // namespace

Decision SetMerchant::decide_new(Unit& unit) {
  MerchantSet merchant = merchant_;
  if (merchant.number == 0) {
    if (state_.config().merchant(merchant.id) != nullptr)
      return refuse(Error(Errc::already_exists, "there is a merchant \"" + merchant.id + "\""));
    if (state_.config().merchants.size() >= max_merchants)
      return refuse(Error(Errc::already_exists, "there are as many merchants as there may be"));
    merchant.number = next_of(unit, engine::Counter::affiliate_merchant);
  }
  return ledger::accept(merchant_kind, std::move(merchant));
}

Decision SetProgram::decide_new(Unit& unit) {
  const Config& config = state_.config();
  ProgramSet program = program_;
  if (config.merchant(program.merchant) == nullptr)
    return refuse(Error(Errc::not_found, "there is no such merchant"));
  if (const auto of = config.programs_of.find(program.merchant); of != config.programs_of.end())
    for (const ProgramNumber number : of->second) {
      const ProgramSet& other = *config.program(number);
      if (number == program.number) continue;
      if (other.code == program.code)
        return refuse(Error(Errc::already_exists, "the merchant has a programme \"" + program.code + "\""));
      if (other.kind == program.kind && other.action == program.action && overlap(other, program))
        return refuse(
            Error(Errc::already_exists, "programme \"" + other.code + "\" is in force at that time"));
    }
  if (program.number == 0 && config.programs.size() >= max_programs)
    return refuse(Error(Errc::already_exists, "there are as many programmes as there may be"));
  if (program.number == 0) program.number = next_of(unit, engine::Counter::affiliate_program);
  return ledger::accept(program_kind, std::move(program));
}

Decision SetAffiliate::decide_new(Unit& unit) {
  AffiliateSet affiliate = affiliate_;
  if (affiliate.number == 0) {
    if (state_.config().affiliates.size() >= max_affiliates)
      return refuse(Error(Errc::already_exists, "there are as many affiliates as there may be"));
    affiliate.number = next_of(unit, engine::Counter::affiliate);
  } else {
    affiliate.reward = state_.config().affiliate(affiliate.number)->reward;
  }
  return ledger::accept(affiliate_kind, std::move(affiliate));
}

Decision SetPromo::decide_new(Unit& unit) {
  PromoSet promo = promo_;
  if (state_.config().merchant(promo.merchant) == nullptr ||
      state_.config().affiliate(promo.affiliate) == nullptr)
    return refuse(Error(Errc::not_found, "there is no such merchant or affiliate"));
  const PromoSet* known = state_.promo(unit, promo.merchant, promo.event_code, promo.promo_code);
  promo.number = known == nullptr ? next_of(unit, engine::Counter::affiliate_promo) : known->number;
  return ledger::accept(promo_kind, std::move(promo));
}

}  // namespace jangbu::affiliate
