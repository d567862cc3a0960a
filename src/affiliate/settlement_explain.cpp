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
            {"The month of " + counted(done->conversions.size(), "conversion") + " ended.",
             "실적 " + std::to_string(done->conversions.size()) + "건의 정산 월이 끝났습니다."},
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
Result<Told> tell_payout(Session& session, const Record& record, std::string_view kind, ledger::Sentence what,
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
  const auto plain = [](std::string_view kind, std::string en, std::string ko) {
    return Told{"affiliate." + std::string(kind), {std::move(en), std::move(ko)}, {}, {}};
  };
  switch (record.kind) {
    case lists_due_kind:
      return plain("lists_due", "Merchants were to be asked for what a day changed.",
                   "광고주에게 하루의 실적 목록을 요청할 때가 되었습니다.");
    case settlement_begun_kind: {
      const std::size_t count = said<SettlementBegun>(record)->conversions.size();
      return plain("settlement_begun",
                   "The month of " + counted(count, "conversion") + " began to be processed.",
                   "실적 " + std::to_string(count) + "건의 월 정산을 시작했습니다.");
    }
    case settlement_final_kind:
      return tell_final(session, record);
    case payout_made_kind: {
      const auto made = said<PayoutMade>(record);
      const std::string affiliate = affiliate_id(made->affiliate);
      const std::string month = std::to_string(made->month);
      return tell_payout(session, record, "affiliate.payout_made",
                         {"What " + affiliate + " earned in " + month +
                              " was set aside: " + made->amount.to_units_text() + " KRW.",
                          "매체 " + affiliate + "의 " + month + " 정산액 " +
                              ledger::korean_amount(made->amount, "KRW") + "을 지급하려고 묶었습니다."},
                         made->affiliate, made->month, made->entry);
    }
    case payout_closed_kind: {
      const auto closed = said<PayoutClosed>(record);
      const bool is_paid = closed->status == PayoutStatus::paid;
      const std::string affiliate = affiliate_id(closed->affiliate);
      const std::string month = std::to_string(closed->month);
      return tell_payout(session, record, "affiliate.payout_closed",
                         {std::string("The bank ") + (is_paid ? "paid" : "did not pay") + " what " +
                              affiliate + " earned in " + month + ".",
                          "은행이 매체 " + affiliate + "의 " + month + " 정산액을 " +
                              (is_paid ? "이체했습니다." : "이체하지 못했습니다.")},
                         closed->affiliate, closed->month, closed->entry);
    }
    case reward_set_kind: {
      const std::string affiliate = affiliate_id(said<RewardSet>(record)->affiliate);
      return plain("reward_set", "The reward API of " + affiliate + " was set.",
                   "매체 " + affiliate + "의 보상 통지를 설정했습니다.");
    }
    case bank_account_kind:
    case bank_account_told_kind: {
      const std::string affiliate = affiliate_id(said<BankAccountSet>(record)->affiliate);
      return plain("bank_account_set", "Where payouts of " + affiliate + " go was set.",
                   "매체 " + affiliate + "의 지급 계좌를 정했습니다.");
    }
    case reward_tested_kind: {
      const std::string affiliate = affiliate_id(said<RewardTested>(record)->affiliate);
      return plain("reward_tested", "A sample was sent to " + affiliate + ".",
                   "매체 " + affiliate + "에 예시 통지를 보냈습니다.");
    }
    default:
      return plain("list_fetched", "A merchant's lists of a day came into the books.",
                   "광고주가 보낸 하루의 실적 목록을 반영했습니다.");
  }
}

}  // namespace jangbu::affiliate
