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
  std::string what = "The purchase " + recorded.tx.purchase_id + " of " + decimal(recorded.tx.total_amount) +
                     " " + recorded.tx.currency + " was recorded";
  what += recorded.earns() ? "; it earns " + decimal(recorded.loyalty.point) +
                                 " points, which the shop's account sets aside."
                           : "; it earns nothing.";
  return Told{"purchase.recorded", std::move(what), std::move(recorded.entry), {}};
}

Result<Told> tell_cancelled(const Record& record) {
  ASSIGN_OR_RETURN(auto cancelled, decode<Cancelled>(record.payload));
  const char* effect = cancelled.effect == CancelEffect::void_hold
                           ? "; its points are not set aside any more."
                       : cancelled.effect == CancelEffect::take_back ? "; its points were taken back."
                                                                     : "; it had earned nothing.";
  return Told{"purchase.cancelled",
              "The purchase " + cancelled.tx.purchase_id + " was cancelled" + effect,
              std::move(cancelled.entry),
              {cancelled.purchase}};
}

Result<Told> tell_provided(const Record& record) {
  ASSIGN_OR_RETURN(auto provided, decode<Provided>(record.payload));
  Told told{
      "purchase.provided",
      "The points of " + counted(provided.purchases.size(), "purchase") + " were provided to the users.",
      std::move(provided.entry), std::move(provided.purchases)};
  if (told.from.size() > ledger::max_sources) told.from.resize(ledger::max_sources);
  return told;
}

Result<Told> tell_wallet(const Record& record) {
  ASSIGN_OR_RETURN(auto set, decode<WalletSet>(record.payload));
  return Told{"purchase.wallet_set",
              "The wallet " + set.wallet + " chose to earn " + (set.loyalty_type == 1 ? "tokens" : "points") +
                  "; what it had was exchanged.",
              std::move(set.entry),
              {}};
}

Result<Told> tell_phone(const Record& record) {
  ASSIGN_OR_RETURN(auto linked, decode<PhoneLinked>(record.payload));
  return Told{"purchase.phone_linked",
              "A phone was linked to the wallet " + linked.wallet + "; its points moved there.",
              std::move(linked.entry),
              {}};
}

Result<Told> tell_shop(const Record& record) {
  ASSIGN_OR_RETURN(auto shop, decode<ShopSet>(record.payload));
  return Told{"purchase.shop_set",
              "The shop " + shop.shop_id + " was registered or changed.",
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
      return Told{"purchase.block_sealed", "Transactions became a block.", {}, {}};
    case holder_kind:
      return Told{"purchase.holder_set", "A holder of access keys was added or changed.", {}, {}};
    case key_kind:
      return Told{"purchase.key_set", "An access key was added or revoked.", {}, {}};
    case rate_kind:
      return Told{"purchase.rate_set", "A rate of points was set.", {}, {}};
    case settings_kind:
      return Told{"purchase.settings_set", "The key that signs blocks was set.", {}, {}};
    default:
      INVARIANT(false, "the purchase door has no records of kind " + std::to_string(record.kind));
  }
}

}  // namespace jangbu::purchase
