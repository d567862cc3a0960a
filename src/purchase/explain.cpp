#include "purchase/explain.h"

#include "base/counted.h"
#include "ledger/queries.h"
#include "purchase/records.h"

namespace jangbu::purchase {
namespace {

using engine::Record;
using ledger::Told;

std::string decimal(Money amount) { return amount.to_decimal_text(amount_scale); }

Result<Told> tell_recorded(const Record& record) {
  ASSIGN_OR_RETURN(auto recorded, decode<Recorded>(record.payload));
  const std::string points = decimal(recorded.loyalty.point);
  ledger::Sentence what;
  what.en = "The purchase " + recorded.tx.purchase_id + " of " + decimal(recorded.tx.total_amount) + " " +
            recorded.tx.currency + " was recorded";
  what.en += recorded.earns() ? "; it earns " + points + " points, which the shop's account sets aside."
                              : "; it earns nothing.";
  what.ko = decimal(recorded.tx.total_amount) + " " + recorded.tx.currency + "의 구매(" +
            recorded.tx.purchase_id + ")를 기록했습니다. ";
  what.ko += recorded.earns() ? "적립할 " + points + "포인트를 상점의 계정에 묶었습니다."
                              : "적립하는 포인트는 없습니다.";
  return Told{"purchase.recorded", std::move(what), std::move(recorded.entry), {}};
}

Result<Told> tell_cancelled(const Record& record) {
  ASSIGN_OR_RETURN(auto cancelled, decode<Cancelled>(record.payload));
  const bool is_voided = cancelled.effect == CancelEffect::void_hold;
  const bool is_taken_back = cancelled.effect == CancelEffect::take_back;
  const char* effect = is_voided       ? "; its points are not set aside any more."
                       : is_taken_back ? "; its points were taken back."
                                       : "; it had earned nothing.";
  const char* effect_ko = is_voided       ? "묶어 둔 포인트를 풀었습니다."
                          : is_taken_back ? "지급한 포인트를 회수했습니다."
                                          : "적립한 포인트는 없었습니다.";
  const std::string& id = cancelled.tx.purchase_id;
  return Told{
      "purchase.cancelled",
      {"The purchase " + id + " was cancelled" + effect, "구매(" + id + ")를 취소했습니다. " + effect_ko},
      std::move(cancelled.entry),
      {cancelled.purchase}};
}

Result<Told> tell_provided(const Record& record) {
  ASSIGN_OR_RETURN(auto provided, decode<Provided>(record.payload));
  const std::size_t count = provided.purchases.size();
  Told told{"purchase.provided",
            {"The points of " + counted(count, "purchase") + " were provided to the users.",
             "구매 " + std::to_string(count) + "건의 포인트를 지급했습니다."},
            std::move(provided.entry),
            std::move(provided.purchases)};
  if (told.from.size() > ledger::max_sources) told.from.resize(ledger::max_sources);
  return told;
}

Result<Told> tell_wallet(const Record& record) {
  ASSIGN_OR_RETURN(auto set, decode<WalletSet>(record.payload));
  return Told{"purchase.wallet_set",
              {"The wallet " + set.wallet + " chose to earn " +
                   (set.loyalty_type == 1 ? "tokens" : "points") + "; what it had was exchanged.",
               "지갑 " + set.wallet + "의 적립 방식을 " + (set.loyalty_type == 1 ? "토큰으로" : "포인트로") +
                   " 바꾸고, 있던 것을 교환했습니다."},
              std::move(set.entry),
              {}};
}

Result<Told> tell_phone(const Record& record) {
  ASSIGN_OR_RETURN(auto linked, decode<PhoneLinked>(record.payload));
  return Told{"purchase.phone_linked",
              {"A phone was linked to the wallet " + linked.wallet + "; its points moved there.",
               "전화번호를 지갑 " + linked.wallet + "에 연결하고, 그 포인트를 옮겼습니다."},
              std::move(linked.entry),
              {}};
}

Result<Told> tell_shop(const Record& record) {
  ASSIGN_OR_RETURN(auto shop, decode<ShopSet>(record.payload));
  return Told{"purchase.shop_set",
              {"The shop " + shop.shop_id + " was registered or changed.",
               "상점 " + shop.shop_id + "의 등록을 저장했습니다."},
              std::move(shop.entry),
              {}};
}

}  // namespace

Result<Told> Explainer::tell(store::Session&, const Record& record) const {
  switch (record.kind) {
    case recorded_kind:
      return tell_recorded(record);
    case cancelled_kind:
      return tell_cancelled(record);
    case provided_kind:
      return tell_provided(record);
    case wallet_kind:
      return tell_wallet(record);
    case phone_kind:
      return tell_phone(record);
    case shop_kind:
      return tell_shop(record);
    case block_kind:
      return Told{"purchase.block_sealed",
                  {"Transactions became a block.", "거래를 모아 블록을 만들었습니다."},
                  {},
                  {}};
    case holder_kind:
      return Told{"purchase.holder_set",
                  {"A holder of access keys was added or changed.", "상점 시스템을 등록하거나 변경했습니다."},
                  {},
                  {}};
    case key_kind:
      return Told{"purchase.key_set",
                  {"An access key was added or revoked.", "접근 키를 만들거나 폐기했습니다."},
                  {},
                  {}};
    case rate_kind:
      return Told{"purchase.rate_set", {"A rate of points was set.", "적립 환율을 정했습니다."}, {}, {}};
    case settings_kind:
      return Told{"purchase.settings_set",
                  {"The key that signs blocks was set.", "블록에 서명하는 키를 정했습니다."},
                  {},
                  {}};
    default:
      INVARIANT(false, "the purchase door has no records of kind " + std::to_string(record.kind));
  }
}

}  // namespace jangbu::purchase
