// Any bytes as a body of each kind: no crash; what is accepted keeps the promises of requests.h and can be
// told again by its hash; what is refused says why.
#include <cstdlib>

#include "base/ascii.h"
#include "hub/wire_json.h"

namespace {

using namespace jangbu;
using namespace jangbu::hub;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_text(const std::string& text) { require(!text.empty() && text.size() <= max_text_bytes); }

void check_won(Money amount, std::int64_t min) {
  require(amount >= Money::from_units(min) && amount <= Money::from_units(max_won));
}

void check(const PartnerForm& partner) {
  check_text(partner.company_name);
  check_text(partner.name);
  require(is_country(partner.country));
  require(is_email(partner.email) && partner.email == to_lower(partner.email));
  require(partner.phone.size() >= 4 && partner.phone.size() <= 80);
  require(partner.country != "KR" || !partner.business_number.empty());
  (void)is_placeholder(partner);
}

void check(const CampaignForm& campaign) {
  check_text(campaign.product_name);
  check_text(campaign.channel);
  require(is_web_url(campaign.thumbnail_url) && is_web_url(campaign.purchase_url));
  require(campaign.offers >= 1 && campaign.offers <= max_offers);
  check_won(campaign.product_price, 0);
  check_won(campaign.reward, 1);
  check_won(campaign.review_price, 0);
  require(campaign.start_at < campaign.end_at);
  (void)to_rfc3339(campaign.end_at + Duration::days(366));
}

void check(const Onboard& onboard) {
  check(onboard.partner);
  check(onboard.campaign);
  check_text(onboard.order_code);
}

void check(const NewOrder& order) {
  check_won(order.amount, 1);
  check_text(order.product_name);
  require(order.return_url.empty() || is_web_url(order.return_url));
  require(order.webhook_url.empty() || is_web_url(order.webhook_url));
  require(order.metadata.empty() || json::Document::parse(order.metadata).ok());
  if (order.onboard) {
    check(order.onboard->partner);
    check(order.onboard->campaign);
  }
}

void check(const NewCampaign& made) {
  require(made.partner >= 1 && is_country(made.country));
  check(made.campaign);
}

template <typename T>
void look_at(const Parsed<T>& parsed, std::string_view body) {
  if (const auto* issues = std::get_if<Issues>(&parsed)) {
    require(!issues->empty());
    for (const Issue& issue : *issues) require(!issue.code.empty() && !issue.message.empty());
    return;
  }
  check(std::get<T>(parsed));
  require(canonical_body_hash(body).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  look_at(parse_onboard(body), body);
  look_at(parse_new_order(body), body);
  look_at(parse_ensure(body), body);
  look_at(parse_new_campaign(body), body);
  (void)parse_page(body);
  (void)parse_order_list(body);
  const auto hash = canonical_body_hash(body);
  if (!hash) return 0;
  std::string compact;
  json::append_value(compact, json::Document::parse(body.empty() ? "{}" : body).value().root());
  require(canonical_body_hash(compact).value() == *hash);
  (void)canonical_onboard_hash(body);
  (void)canonical_carried_onboard_hash(body);
  return 0;
}
