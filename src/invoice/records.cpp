#include "invoice/records.h"

#include "base/invariant.h"
#include "invoice/subscription_records.h"

namespace jangbu::invoice {

template <typename T>
std::shared_ptr<const T> said(const engine::Record& record) {
  if (record.decoded) return std::static_pointer_cast<const T>(record.decoded);
  auto value = std::make_shared<T>();
  INVARIANT(ledger::decode_fields_into(record.payload, *value).ok(),
            "record " + std::to_string(record.number) + " is of the invoice door and does not read");
  return value;
}

template std::shared_ptr<const AppSet> said<AppSet>(const engine::Record&);
template std::shared_ptr<const ProductSet> said<ProductSet>(const engine::Record&);
template std::shared_ptr<const InvoiceCreated> said<InvoiceCreated>(const engine::Record&);
template std::shared_ptr<const InvoiceCancelled> said<InvoiceCancelled>(const engine::Record&);
template std::shared_ptr<const InvoiceNotified> said<InvoiceNotified>(const engine::Record&);
template std::shared_ptr<const CancelRequested> said<CancelRequested>(const engine::Record&);
template std::shared_ptr<const CancelClosed> said<CancelClosed>(const engine::Record&);
template std::shared_ptr<const RefundStarted> said<RefundStarted>(const engine::Record&);
template std::shared_ptr<const WebhookTried> said<WebhookTried>(const engine::Record&);
template std::shared_ptr<const SellerSet> said<SellerSet>(const engine::Record&);
template std::shared_ptr<const BillsDue> said<BillsDue>(const engine::Record&);
template std::shared_ptr<const BillsRetried> said<BillsRetried>(const engine::Record&);
template std::shared_ptr<const SubscriptionsWoken> said<SubscriptionsWoken>(const engine::Record&);
template std::shared_ptr<const SubscriptionChanged> said<SubscriptionChanged>(const engine::Record&);
template std::shared_ptr<const SubscriptionEnded> said<SubscriptionEnded>(const engine::Record&);
template std::shared_ptr<const ChangeRequested> said<ChangeRequested>(const engine::Record&);
template std::shared_ptr<const ChangeRejected> said<ChangeRejected>(const engine::Record&);
template std::shared_ptr<const CardAsked> said<CardAsked>(const engine::Record&);
template std::shared_ptr<const ChargedOnDemand> said<ChargedOnDemand>(const engine::Record&);
template std::shared_ptr<const BillChanged> said<BillChanged>(const engine::Record&);
template std::shared_ptr<const BillsWoken> said<BillsWoken>(const engine::Record&);

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
