// What the affiliate door writes into records: one struct for each kind, with its fields in their canonical
// order. Format: docs/formats/affiliate-records.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "affiliate/config.h"
#include "affiliate/rows.h"
#include "engine/counters.h"
#include "engine/keys.h"
#include "engine/record.h"
#include "ledger/entry.h"
#include "ledger/fields.h"
#include "ledger/said.h"

namespace jangbu::affiliate {

using ledger::accept;
using ledger::said;

inline constexpr engine::RecordKind merchant_kind = 60;            // MerchantSet
inline constexpr engine::RecordKind program_kind = 61;             // ProgramSet
inline constexpr engine::RecordKind affiliate_kind = 62;           // AffiliateSet
inline constexpr engine::RecordKind promo_kind = 63;               // PromoSet
inline constexpr engine::RecordKind exchange_rate_kind = 64;       // ExchangeRateSet
inline constexpr engine::RecordKind conversions_taken_kind = 66;   // ConversionsTaken
inline constexpr engine::RecordKind conversions_judged_kind = 67;  // ConversionsJudged

/// A promotion code was given to an affiliate, or changed: whoever buys with it was sent by that affiliate.
struct PromoSet {
  PromoNumber number = 0;
  MerchantNumber merchant = 0;
  std::string event_code;
  std::string promo_code;  // the two are one of the merchant
  AffiliateNumber affiliate = 0;
  bool active = true;
  Instant starts_at;
  std::optional<Instant> ends_at;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, merchant, event_code, promo_code, affiliate, active, starts_at, ends_at);
  }
  friend bool operator==(const PromoSet&, const PromoSet&) = default;
  [[nodiscard]] bool in_force(Instant at) const {
    return active && starts_at <= at && (!ends_at || at < *ends_at);
  }
};

/// What a currency was worth on a day.
struct ExchangeRateSet {
  std::string currency;
  Day day = 0;
  Money won_per_unit;  // units of 10^-exchange_scale won

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(currency, day, won_per_unit);
  }
};

/// Who said that a conversion is confirmed or cancelled; stored.
enum class JudgedBy : std::uint8_t { merchant = 1, list = 2, office = 3 };

/// A conversion as it stands after a change.
struct Judged {
  ConversionNumber number = 0;
  ConversionStatus status = ConversionStatus::normal;
  std::optional<Instant> confirmed_at;
  std::optional<Instant> canceled_at;
  Amounts now;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, status, confirmed_at, canceled_at, now);
  }
};

/// One new conversion of a request.
struct ConversionPart {
  ConversionNumber number = 0;
  ProgramNumber program = 0;
  ConversionNumber corrects = 0;  // the one whose price it takes back; 0: it is a sale or an action
  std::string product_code;
  std::string product_name;
  std::string category_code;
  std::vector<std::string> category_names;
  Money price;  // as sent, in units of 10^-price_scale of the request's currency
  Rate base;
  Rate incentive;
  Rate fee;
  Amounts at_first;
  Day day = 0;
  Instant happened_at;
  std::optional<Instant> paid_at;
  std::optional<Instant> confirmed_at;
  std::optional<Instant> canceled_at;
  ConversionStatus status = ConversionStatus::normal;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, program, corrects, product_code, product_name, category_code, category_names, price, base,
          incentive, fee, at_first, day, happened_at, paid_at, confirmed_at, canceled_at, status);
  }
  /// The moment that a correction is known by.
  [[nodiscard]] Instant corrected_at() const { return canceled_at.value_or(paid_at.value_or(Instant())); }
};

/// A merchant's request: what is new in it, and what it changes of what came before. Its repeats are not
/// recorded.
struct ConversionsTaken {
  MerchantNumber merchant = 0;
  AffiliateNumber affiliate = 0;
  Source source = Source::cps;
  std::string order_code;
  std::string currency;
  std::string user_name;
  std::string lpinfo;  // as sent; empty for a promotion
  PromoNumber promo = 0;
  std::string click;  // its id; empty: none
  std::optional<Instant> clicked_at;
  std::string u_id;
  DeviceType device = DeviceType::unknown;
  std::uint64_t marks = 0;  // Mark
  std::vector<ConversionPart> rows;
  std::vector<Judged> judged;
  ledger::Entry entry;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(merchant, affiliate, source, order_code, currency, user_name, lpinfo, promo, click, clicked_at,
          u_id, device, marks, rows, judged, entry);
  }
};

/// Conversions of one merchant were confirmed or cancelled.
struct ConversionsJudged {
  MerchantNumber merchant = 0;
  JudgedBy by = JudgedBy::merchant;
  std::string reason;
  std::vector<Judged> judged;
  ledger::Entry entry;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(merchant, by, reason, judged, entry);
  }
};

}  // namespace jangbu::affiliate
