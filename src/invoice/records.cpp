#include "invoice/records.h"

#include "base/invariant.h"
#include "invoice/subscription_records.h"

namespace jangbu::invoice {

CancelPart cancel_part_of(const engine::Record& record) {
  switch (record.kind) {
    case cancel_requested_kind:
      return said<CancelRequested>(record)->cancel;
    case subscription_ended_kind: {
      const auto ended = said<SubscriptionEnded>(record);
      INVARIANT(ended->refund && ended->refund->cancel, "the end of a subscription gave an order back");
      return *ended->refund->cancel;
    }
    default:
      return said<RefundStarted>(record)->cancel;
  }
}

std::vector<PricedProduct> priced_products(const std::vector<PricedItem>& items) {
  std::vector<PricedProduct> products;
  products.reserve(items.size());
  for (const PricedItem& item : items) products.push_back(item.priced);
  return products;
}

}  // namespace jangbu::invoice
