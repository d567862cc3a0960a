#include "affiliate/explain.h"

#include <algorithm>

#include "affiliate/state.h"
#include "base/counted.h"

namespace jangbu::affiliate {
namespace {

using engine::Record;
using ledger::Told;

/// The record in which a conversion began, when it is older.
Status add_conversion(store::Session& session, const Record& record, ConversionNumber number, Told& told) {
  if (told.from.size() >= ledger::max_sources) return {};
  ASSIGN_OR_RETURN(const auto conversion, find_conversion(session, number));
  if (!conversion) return Error(Errc::database_corrupt, "a record speaks of a conversion that is not there");
  const std::uint64_t source = conversion->row.record;
  if (source < record.number && std::find(told.from.begin(), told.from.end(), source) == told.from.end())
    told.from.push_back(source);
  return {};
}

Result<Told> tell_taken(store::Session& session, const Record& record) {
  const auto taken = said<ConversionsTaken>(record);
  Told told{"affiliate.conversions_taken", {}, taken->entry, {}};
  told.what.en =
      "The merchant sent the order " + taken->order_code + ": " + counted(taken->rows.size(), "conversion");
  told.what.ko =
      "광고주가 주문 " + taken->order_code + "의 실적 " + std::to_string(taken->rows.size()) + "건";
  if (!taken->judged.empty()) {
    const std::string changes = std::to_string(taken->judged.size());
    told.what.en += " and changes of " + changes;
    told.what.ko += "과 변경 " + changes + "건";
  }
  told.what.en += ", of the affiliate " + affiliate_id(taken->affiliate) + ".";
  told.what.ko += "을 보냈습니다. 매체: " + affiliate_id(taken->affiliate) + ".";
  for (const ConversionPart& part : taken->rows)
    if (part.corrects != 0) RETURN_IF_ERROR(add_conversion(session, record, part.corrects, told));
  for (const Judged& judged : taken->judged)
    RETURN_IF_ERROR(add_conversion(session, record, judged.number, told));
  return told;
}

Result<Told> tell_judged(store::Session& session, const Record& record) {
  const auto judged = said<ConversionsJudged>(record);
  Told told{"affiliate.conversions_judged",
            {"A decision came for " + counted(judged->judged.size(), "conversion") +
                 (judged->reason.empty() ? std::string() : ": " + judged->reason) + ".",
             "실적 " + std::to_string(judged->judged.size()) + "건을 확정하거나 취소했습니다." +
                 (judged->reason.empty() ? std::string() : " 사유: " + judged->reason + ".")},
            judged->entry,
            {}};
  for (const Judged& one : judged->judged) RETURN_IF_ERROR(add_conversion(session, record, one.number, told));
  return told;
}

}  // namespace

Result<Told> Explainer::tell(store::Session& session, const Record& record) const {
  // What of the configuration was set: its kind in both languages, and its name.
  const auto set = [](std::string_view kind, std::string_view en, std::string_view ko,
                      const std::string& name) {
    return Told{std::string(kind),
                {"The " + std::string(en) + " " + name + " was set.",
                 std::string(ko) + " " + name + "의 설정을 저장했습니다."},
                {},
                {}};
  };
  switch (record.kind) {
    case merchant_kind:
      return set("affiliate.merchant_set", "merchant", "광고주", said<MerchantSet>(record)->id);
    case program_kind:
      return set("affiliate.program_set", "programme", "프로그램", said<ProgramSet>(record)->code);
    case affiliate_kind:
      return set("affiliate.affiliate_set", "affiliate", "매체",
                 affiliate_id(said<AffiliateSet>(record)->number));
    case promo_kind:
      return set("affiliate.promo_set", "promotion", "프로모션 코드", said<PromoSet>(record)->promo_code);
    case exchange_rate_kind:
      return set("affiliate.exchange_rate_set", "exchange rate of", "환율",
                 said<ExchangeRateSet>(record)->currency);
    case clicks_taken_kind:
      return Told{"affiliate.clicks_taken", {"Clicks were taken.", "클릭을 기록했습니다."}, {}, {}};
    case conversions_taken_kind:
      return tell_taken(session, record);
    default:
      return tell_judged(session, record);
  }
}

}  // namespace jangbu::affiliate
