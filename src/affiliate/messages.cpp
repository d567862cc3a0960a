#include "affiliate/messages.h"

#include "affiliate/postback.h"

namespace jangbu::affiliate {

std::optional<engine::OutboxEvent> conversion_event(const Config& config, const ConversionsTaken& order,
                                                    const ConversionPart& part) {
  const AffiliateSet& affiliate = *config.affiliate(order.affiliate);
  if (affiliate.reward.status != RewardStatus::approved || part.status != ConversionStatus::normal)
    return std::nullopt;
  const MerchantSet& merchant = *config.merchant(order.merchant);
  Postback postback;
  postback.at = part.happened_at;
  postback.merchant_id = merchant.id;
  postback.order_code = order.order_code;
  postback.product_code = part.product_code;
  postback.product_name = part.product_name;
  postback.category_code = part.category_code;
  const auto count = static_cast<std::int64_t>(part.at_first.quantity);
  postback.item_count = part.corrects == 0 ? count : -count;
  postback.price = part.at_first.price;
  postback.commission = part.at_first.commission();
  postback.affiliate_id = affiliate_id(order.affiliate);
  postback.affiliate_user_id = order.u_id;
  postback.trlog_id = trlog_id(part.number);
  postback.base_commission = rate_text(part.base);
  postback.incentive_commission = rate_text(part.incentive);
  if (affiliate.reward.uniq_id) postback.uniq_id = uniq_id_of(merchant.id, order.order_code);
  return postback_event(affiliate.reward.url, postback);
}

std::optional<std::string> withdrawn_postback(const Config& config, const engine::OutboxEvent& event) {
  if (event.topic != postback_topic || !event.destination.starts_with(postback_destination))
    return std::nullopt;
  const AffiliateSet* affiliate = config.affiliate(event.destination.substr(postback_destination.size()));
  if (affiliate == nullptr || affiliate->reward.status == RewardStatus::approved) return std::nullopt;
  return "not sent: the rewards of " + affiliate_id(affiliate->number) + " are not approved";
}

}  // namespace jangbu::affiliate
