// What sales sites, the reviewer app and operators ask of the hub: typed, checked against their schema, not
// yet against the books. Made by wire_read.cpp from request bodies; amounts are whole won.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/money.h"
#include "base/time.h"

namespace jangbu::hub {

using AppId = std::uint64_t;
using OrderNumber = std::uint64_t;
using PartnerId = std::uint64_t;
using ManagerId = std::uint64_t;
using CampaignId = std::uint64_t;
using ApplyId = std::uint64_t;
using ReviewId = std::uint64_t;
using InviteId = std::uint64_t;

/// Limits of what a request may say; one more is refused.
inline constexpr std::size_t max_text_bytes = 1000;
inline constexpr std::size_t max_url_bytes = 2048;
inline constexpr std::uint64_t max_offers = 1'000'000;
inline constexpr std::int64_t max_won = 1'000'000'000'000;
inline constexpr std::size_t max_key_bytes = 255;

struct Buyer {
  std::string name;
  std::string email;
  std::string phone;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(name, email, phone);
  }
};

/// A brand that is signed up, and who runs it. `email` in lower case.
struct PartnerForm {
  std::string company_name;
  std::string country;          // ISO 3166-1 alpha-2
  std::string business_number;  // digits and hyphens as given; empty: none
  std::string email;
  std::string name;
  std::string phone;
  std::string agreed;  // the moment or the version of the terms that was agreed to, as given

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(company_name, country, business_number, email, name, phone, agreed);
  }
};

struct CampaignForm {
  std::string product_name;
  Money product_price;
  std::string thumbnail_url;
  std::string channel;
  std::string purchase_url;
  std::uint64_t offers = 0;
  Money reward;        // of one approved review
  Money review_price;  // filled in by the wire when absent: a tenth of the reward, rounded down
  Instant start_at;
  Instant end_at;
  std::string target_code;        // legacy call only; empty: derived by the reviewer app
  std::string target_level_code;  // as above
  std::optional<std::uint64_t> min_follow_count;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(product_name, product_price, thumbnail_url, channel, purchase_url, offers, reward, review_price,
          start_at, end_at, target_code, target_level_code, min_follow_count);
  }
};

/// POST /v1/external/pybk/onboard; without an order code when it stands inside an order.
struct Onboard {
  PartnerForm partner;
  CampaignForm campaign;
  std::string order_code;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(partner, campaign, order_code);
  }
};

/// POST /v1/pay/orders
struct NewOrder {
  Money amount;
  std::string product_name;
  std::string lead_ref;              // empty: none
  std::optional<PartnerId> partner;  // the deposit it is for, when that is known already
  Buyer buyer;
  std::string return_url;
  std::string webhook_url;
  std::string metadata;            // compact JSON of an object; empty: none
  std::optional<Onboard> onboard;  // runs by itself when the order is paid

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(amount, product_name, lead_ref, partner, buyer, return_url, webhook_url, metadata, onboard);
  }
};

/// POST /v1/pay/orders/{orderCode}/cancel, and the operator's refund.
struct CancelOrder {
  std::string order_code;
  std::optional<Money> amount;  // empty: all that is left
  std::string reason;
};

/// POST /v1/campaigns/pybk
struct NewCampaign {
  PartnerId partner = 0;
  std::string country;
  CampaignForm campaign;
};

/// The states of an application and of a review, by their wire codes.
enum class ApplyState : std::uint16_t {
  under_selection = 801,
  selected = 802,
  not_selected = 803,
  selected_by_purchase = 804,
};
enum class ReviewState : std::uint16_t {
  draft = 1213,
  approved = 1214,
  deleted = 1215,
  pending = 1218,
  rejected = 1219,
};
enum class CampaignStatus : std::uint16_t {
  temporary_saved = 1206,
  under_review = 1207,
  ready = 1208,
  live = 1209,
  rejected = 1210,
  revision_requested = 1211,
  completed = 1212,
  recruiting = 1213,
  reviewing = 1214,
  judging = 1215,
  settling = 1216,
};

/// POST /v1/applies/{id}/review
struct ReviewForm {
  ReviewState state = ReviewState::draft;  // draft or pending
  std::string url;
  std::string text;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(state, url, text);
  }
};

/// PUT /api/admin/partners/{id}/contact-info
struct ContactInfo {
  std::string email;
  std::string name;
  std::string phone;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(email, name, phone);
  }
};

/// Whether mail to this contact would bounce: the addresses and texts that sites send when they have none.
bool is_placeholder(const PartnerForm& partner);

}  // namespace jangbu::hub
