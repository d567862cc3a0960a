// Bodies of the hub's requests: bytes to typed requests, or every fault at once.
#include <algorithm>

#include "hub/wire_json.h"

namespace jangbu::hub {
namespace {

using json::Kind;

constexpr std::size_t max_id_characters = 255;  // of ids and references that others chose
constexpr std::size_t max_business_number = 50;
constexpr std::size_t max_metadata_bytes = 8192;
constexpr std::size_t max_review_bytes = 20'000;
constexpr std::int64_t max_followers = 1'000'000'000'000;
constexpr int review_price_divisor = 10;  // absent: a tenth of the reward

constexpr std::string_view korea = "KR";

/// Reads the object that is a body by `read`, which takes its Fields.
template <typename Read>
auto read_body(std::string_view body, Read read) -> Parsed<decltype(read(std::declval<Fields&>()))> {
  const Result<json::Document> document = json::Document::parse(body.empty() ? "{}" : body);
  if (!document) return Issues{{{}, "invalid_json", std::string(document.error().detail)}};
  Issues issues;
  Fields fields(document->root(), issues);
  if (document->root().kind != Kind::object) {
    fields.add({}, "invalid_type", "Expected object");
    return issues;
  }
  auto value = read(fields);
  if (!issues.empty()) return issues;
  return value;
}

/// A Korean number in its usual form, so that "1234567890" and "123-45-67890" are one; others as they stand.
std::string business_number_of(std::string_view text, std::string_view country) {
  if (country != korea) return std::string(text);
  if (text.empty()) return std::string(unknown_business_number);
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits.push_back(c);
    } else if (c != '-' && c != ' ') {
      return std::string(text);
    }
  }
  if (digits.size() != 10) return std::string(text);
  return digits.substr(0, 3) + "-" + digits.substr(3, 2) + "-" + digits.substr(5);
}

PartnerForm read_partner(Fields& fields) {
  PartnerForm partner;
  partner.company_name = fields.text("companyName");
  partner.country = fields.country("country");
  partner.business_number =
      business_number_of(fields.optional_text("businessNumber", max_business_number), partner.country);
  partner.email = fields.email("contactEmail");
  partner.name = fields.text("contactName");
  partner.phone = fields.phone("contactPhone");
  fields.instant("agreedAt");
  if (fields.fine({"agreedAt"})) partner.agreed = fields.text("agreedAt");
  return partner;
}

/// What the two calls that make campaigns say alike; `points` is how this one calls the reward.
void read_offer(Fields& fields, std::string_view points, CampaignForm& campaign) {
  campaign.channel = fields.text("channel");
  campaign.purchase_url = fields.url("purchaseUrl");
  campaign.offers = fields.integer("offerCount", 1, static_cast<std::int64_t>(max_offers));
  campaign.reward = fields.won(points, 1);
  const auto review_price = fields.optional_won("reviewPrice", 0);
  campaign.review_price =
      review_price ? *review_price : Money::from_units(campaign.reward.units() / review_price_divisor);
  campaign.start_at = fields.instant("startAt");
  campaign.end_at = fields.instant("endAt");
  if (fields.fine({"startAt", "endAt"}) && campaign.end_at <= campaign.start_at)
    fields.add("endAt", "custom", "endAt must be after startAt");
}

CampaignForm read_campaign(Fields& fields) {
  CampaignForm campaign;
  campaign.product_name = fields.text("productName");
  campaign.product_price = fields.won("productPrice", 0);
  campaign.thumbnail_url = fields.url("productThumbnailUrl");
  read_offer(fields, "rewardPoints", campaign);
  return campaign;
}

Onboard read_onboard(Fields& fields) {
  Onboard onboard;
  if (auto partner = fields.object("partner")) onboard.partner = read_partner(*partner);
  if (auto campaign = fields.object("campaign")) onboard.campaign = read_campaign(*campaign);
  return onboard;
}

Buyer read_buyer(Fields& fields) {
  return {fields.text("name"), fields.email("email"), fields.phone("phone")};
}

std::string read_metadata(Fields& fields) {
  const auto metadata = fields.optional_object("metadata");
  if (!metadata) return {};
  std::string text;
  json::append_value(text, metadata->value());
  if (text.size() > max_metadata_bytes)
    fields.add("metadata", "too_big",
               "Object must contain at most " + std::to_string(max_metadata_bytes) + " byte(s)");
  return text;
}

NewOrder read_new_order(Fields& fields) {
  NewOrder order;
  order.amount = fields.won("amount", 1);
  fields.one_of("currency", {won});
  order.product_name = fields.text("productName");
  order.lead_ref = fields.optional_text("leadRef", max_id_characters);
  order.partner = fields.optional_id("partnerId");
  if (auto buyer = fields.object("buyer")) order.buyer = read_buyer(*buyer);
  order.return_url = fields.optional_url("returnUrl");
  order.webhook_url = fields.optional_url("webhookUrl");
  order.metadata = read_metadata(fields);
  if (auto onboard = fields.optional_object("onboard")) {
    order.onboard = read_onboard(*onboard);
    if (order.partner) fields.add("partnerId", "custom", "partnerId and onboard exclude each other");
  }
  return order;
}

PartnerForm read_ensure(Fields& fields) {
  PartnerForm form;
  if (auto partner = fields.object("partner")) {
    form.company_name = partner->text("name");
    form.country = partner->country("country");
    form.business_number =
        business_number_of(partner->optional_text("businessNumber", max_business_number), form.country);
    form.phone = partner->phone("phoneNumber");
    if (!partner->optional_text("agreeYn").empty()) partner->one_of("agreeYn", {"Y"});
    form.agreed = partner->optional_text("salesAgree");
  }
  if (auto admin = fields.object("admin")) {
    form.email = admin->email("email");
    form.name = admin->text("adminName");
  }
  return form;
}

NewCampaign read_new_campaign(Fields& fields) {
  NewCampaign made;
  made.partner = fields.id("partnerId");
  made.country = fields.country("country");
  CampaignForm& campaign = made.campaign;
  if (auto product = fields.object("product")) {
    campaign.product_name = product->text("name");
    campaign.product_price = product->won("price", 0);
    campaign.thumbnail_url = product->url("thumbnailUrl");
  }
  read_offer(fields, "points", campaign);
  campaign.target_code = fields.optional_text("targetCode", max_id_characters);
  campaign.target_level_code = fields.optional_text("targetLevelCode", max_id_characters);
  campaign.min_follow_count = fields.optional_integer("minFollowCount", 0, max_followers);
  return made;
}

}  // namespace

Parsed<Onboard> parse_onboard(std::string_view body) {
  return read_body(body, [](Fields& fields) {
    Onboard onboard = read_onboard(fields);
    if (auto payment = fields.object("payment"))
      onboard.order_code = payment->text("orderCode", 1, max_id_characters);
    return onboard;
  });
}

Parsed<NewOrder> parse_new_order(std::string_view body) { return read_body(body, read_new_order); }

Parsed<CancelOrder> parse_cancel(std::string_view body, std::string order_code) {
  return read_body(body, [&](Fields& fields) {
    CancelOrder cancel;
    cancel.order_code = std::move(order_code);
    cancel.amount = fields.optional_won("amount", 1);
    cancel.reason = fields.optional_text("reason");
    return cancel;
  });
}

Parsed<PartnerForm> parse_ensure(std::string_view body) { return read_body(body, read_ensure); }

Parsed<NewCampaign> parse_new_campaign(std::string_view body) { return read_body(body, read_new_campaign); }

Parsed<std::string> parse_apply(std::string_view body) {
  return read_body(body, [](Fields& fields) { return fields.text("reviewerId", 1, max_id_characters); });
}

Parsed<ApplyState> parse_apply_set(std::string_view body) {
  return read_body(body, [](Fields& fields) {
    const std::string code = fields.one_of("state", {"0801", "0802", "0803", "0804"});
    for (const auto state :
         {ApplyState::selected, ApplyState::not_selected, ApplyState::selected_by_purchase})
      if (code == code_text(state)) return state;
    return ApplyState::under_selection;
  });
}

Parsed<ReviewForm> parse_review(std::string_view body) {
  return read_body(body, [](Fields& fields) {
    ReviewForm review;
    const std::string pending = code_text(ReviewState::pending);
    if (fields.one_of("state", {code_text(ReviewState::draft), pending}) == pending)
      review.state = ReviewState::pending;
    review.url = fields.optional_url("url");
    review.text = fields.optional_prose("text", max_review_bytes);
    return review;
  });
}

Parsed<ReviewState> parse_review_judge(std::string_view body) {
  return read_body(body, [](Fields& fields) {
    const std::string code = fields.one_of("state", {"1214", "1215", "1219"});
    for (const auto state : {ReviewState::deleted, ReviewState::rejected})
      if (code == code_text(state)) return state;
    return ReviewState::approved;
  });
}

Parsed<ContactInfo> parse_contact_info(std::string_view body) {
  return read_body(body, [](Fields& fields) {
    return ContactInfo{fields.email("email"), fields.text("name"), fields.phone("phone")};
  });
}

Parsed<std::string> parse_idempotency_key(const std::string* header) {
  if (header == nullptr) return std::string();
  const auto issue = [](const char* code, const char* message) {
    return Issues{{{"Idempotency-Key"}, code, message}};
  };
  if (header->empty()) return issue("too_small", "Idempotency-Key must not be empty");
  if (header->size() > max_key_bytes)
    return issue("too_big", "Idempotency-Key must have at most 255 characters");
  if (!std::all_of(header->begin(), header->end(), [](char c) { return c > ' ' && c <= '~'; }))
    return issue("invalid_string", "Idempotency-Key must be visible ASCII characters");
  return *header;
}

}  // namespace jangbu::hub
