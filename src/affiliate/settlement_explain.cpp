#include "affiliate/settlement_explain.h"

#include <algorithm>

#include "affiliate/state.h"
#include "base/counted.h"
#include "ledger/said.h"

namespace jangbu::affiliate {
namespace {

using engine::Record;
using ledger::said;
using ledger::Told;
using store::Session;
using store::Value;

const store::Sql settled_by_sql{
    "SELECT DISTINCT changed FROM affiliate_conversions WHERE affiliate = $1 AND day >= $2 AND day <= $3 AND "
    "status = 210 ORDER BY changed LIMIT $4"};

void add_source(Told& told, const Record& record, std::uint64_t source) {
  const bool is_new = std::find(told.from.begin(), told.from.end(), source) == told.from.end();
  if (source < record.number && is_new && told.from.size() < ledger::max_sources) told.from.push_back(source);
}

/// The records in which its conversions began.
Result<Told> tell_final(Session& session, const Record& record) {
  const auto done = said<SettlementFinal>(record);
  Told told{"affiliate.settlement_final",
            "The month of " + counted(done->conversions.size(), "conversion") + " ended.",
            done->entry,
            {}};
  for (const SettledConversion& settled : done->conversions) {
    if (told.from.size() == ledger::max_sources) break;
    ASSIGN_OR_RETURN(const auto conversion, find_conversion(session, settled.number));
    if (conversion) add_source(told, record, conversion->row.record);
  }
  return told;
}

/// The records that settled what is paid.
Result<Told> tell_payout(Session& session, const Record& record, std::string_view kind, std::string what,
                         AffiliateNumber affiliate, Month month, const ledger::Entry& entry) {
  Told told{std::string(kind), std::move(what), entry, {}};
  RETURN_IF_ERROR(session.query(settled_by_sql,
                                {Value::number(affiliate), Value::number(month * 100 + 1),
                                 Value::number(month * 100 + 31), Value::number(ledger::max_sources)},
                                [&](const store::Row& row) {
                                  add_source(told, record, row.number(0));
                                  return true;
                                }));
  return told;
}

}  // namespace

Result<Told> SettlementExplainer::tell(Session& session, const Record& record) const {
  const auto plain = [](std::string_view kind, std::string what) {
    return Told{"affiliate." + std::string(kind), std::move(what), {}, {}};
  };
  switch (record.kind) {
    case lists_due_kind:
      return plain("lists_due", "Merchants were to be asked for what a day changed.");
    case settlement_begun_kind:
      return plain("settlement_begun",
                   "The month of " +
                       counted(said<SettlementBegun>(record)->conversions.size(), "conversion") +
                       " began to be processed.");
    case settlement_final_kind:
      return tell_final(session, record);
    case payout_made_kind: {
      const auto made = said<PayoutMade>(record);
      return tell_payout(session, record, "affiliate.payout_made",
                         "What " + affiliate_id(made->affiliate) + " earned in " +
                             std::to_string(made->month) + " was set aside: " + made->amount.to_units_text() +
                             " KRW.",
                         made->affiliate, made->month, made->entry);
    }
    case payout_closed_kind: {
      const auto closed = said<PayoutClosed>(record);
      return tell_payout(session, record, "affiliate.payout_closed",
                         "The bank " +
                             std::string(closed->status == PayoutStatus::paid ? "paid" : "did not pay") +
                             " what " + affiliate_id(closed->affiliate) + " earned in " +
                             std::to_string(closed->month) + ".",
                         closed->affiliate, closed->month, closed->entry);
    }
    case reward_set_kind:
      return plain("reward_set",
                   "The reward API of " + affiliate_id(said<RewardSet>(record)->affiliate) + " was set.");
    case bank_account_kind:
      return plain(
          "bank_account_set",
          "Where payouts of " + affiliate_id(said<BankAccountSet>(record)->affiliate) + " go was set.");
    case reward_tested_kind:
      return plain("reward_tested",
                   "A sample was sent to " + affiliate_id(said<RewardTested>(record)->affiliate) + ".");
    default:
      return plain("list_fetched", "A merchant's lists of a day came into the books.");
  }
}

}  // namespace jangbu::affiliate
