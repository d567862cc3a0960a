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
  told.what =
      "The merchant sent the order " + taken->order_code + ": " + counted(taken->rows.size(), "conversion");
  if (!taken->judged.empty()) told.what += " and changes of " + std::to_string(taken->judged.size());
  told.what += ", of the affiliate " + affiliate_id(taken->affiliate) + ".";
  for (const ConversionPart& part : taken->rows)
    if (part.corrects != 0) RETURN_IF_ERROR(add_conversion(session, record, part.corrects, told));
  for (const Judged& judged : taken->judged)
    RETURN_IF_ERROR(add_conversion(session, record, judged.number, told));
  return told;
}

Result<Told> tell_judged(store::Session& session, const Record& record) {
  const auto judged = said<ConversionsJudged>(record);
  Told told{"affiliate.conversions_judged",
            "A decision came for " + counted(judged->judged.size(), "conversion") +
                (judged->reason.empty() ? std::string() : ": " + judged->reason) + ".",
            judged->entry,
            {}};
  for (const Judged& one : judged->judged) RETURN_IF_ERROR(add_conversion(session, record, one.number, told));
  return told;
}

}  // namespace

Result<Told> Explainer::tell(store::Session& session, const Record& record) const {
  const auto set = [](std::string_view kind, std::string what) {
    return Told{std::string(kind), std::move(what), {}, {}};
  };
  switch (record.kind) {
    case merchant_kind:
      return set("affiliate.merchant_set", "The merchant " + said<MerchantSet>(record)->id + " was set.");
    case program_kind:
      return set("affiliate.program_set", "The programme " + said<ProgramSet>(record)->code + " was set.");
    case affiliate_kind:
      return set("affiliate.affiliate_set",
                 "The affiliate " + affiliate_id(said<AffiliateSet>(record)->number) + " was set.");
    case promo_kind:
      return set("affiliate.promo_set", "The promotion " + said<PromoSet>(record)->promo_code + " was set.");
    case exchange_rate_kind:
      return set("affiliate.exchange_rate_set",
                 "The exchange rate of " + said<ExchangeRateSet>(record)->currency + " was set.");
    case conversions_taken_kind:
      return tell_taken(session, record);
    default:
      return tell_judged(session, record);
  }
}

}  // namespace jangbu::affiliate
