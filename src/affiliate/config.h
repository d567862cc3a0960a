// What the affiliate door is configured with: merchants, programmes, affiliates. Small, held in memory,
// changed by records, each of which says the whole of what it changes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "affiliate/types.h"
#include "base/bytes.h"
#include "door/board.h"
#include "store/database.h"

namespace jangbu::affiliate {

// How many there may be: every change copies the list of them, and every node holds them in memory.
inline constexpr std::size_t max_merchants = 10'000;
inline constexpr std::size_t max_programs = 20'000;
inline constexpr std::size_t max_affiliates = 50'000;

/// A merchant was registered or changed.
struct MerchantSet {
  MerchantNumber number = 0;
  std::string id;  // the operator's: see is_merchant_id()
  std::string name;
  bool active = true;
  std::vector<std::string> hosts;  // its own, in lower case: deep links lead to them and nowhere else
  std::string gateway_template;    // "https://shop.example/gate?lpinfo={lpinfo}&url={url}&rd={rd}"
  std::string home_url;            // where a click without a target leads
  bool deeplinks = false;
  AnswerShape answer_shape = AnswerShape::object;
  bool batch = false;                 // settled by what its list confirms
  std::string list_url;               // of its daily list; empty: it has none
  std::uint64_t return_days = 0;      // of the cookie; 0: until the browser is closed
  std::vector<std::string> networks;  // addresses and networks its server sends from; empty: any
  std::uint64_t rate_per_s = 1000;
  std::uint64_t burst = 2000;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, id, name, active, hosts, gateway_template, home_url, deeplinks, answer_shape, batch,
          list_url, return_days, networks, rate_per_s, burst);
  }
  friend bool operator==(const MerchantSet&, const MerchantSet&) = default;
};

/// What is paid in a programme for what has this code (of a category or a product).
struct CodeRate {
  std::string code;
  Rate base;
  Rate incentive;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(code, base, incentive);
  }
  friend bool operator==(const CodeRate&, const CodeRate&) = default;
};

/// What is paid once the affiliate's sales of the month in this programme have reached an amount.
struct Tier {
  Money from_sales;  // won
  Rate base;
  Rate incentive;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(from_sales, base, incentive);
  }
  friend bool operator==(const Tier&, const Tier&) = default;
};

/// A programme of a merchant was made or changed. Of one merchant, kind and action no two are in force at one
/// moment.
struct ProgramSet {
  ProgramNumber number = 0;
  MerchantNumber merchant = 0;
  std::string code;  // the operator's, one of the merchant
  std::string name;
  ProgramKind kind = ProgramKind::cps;
  std::string action;  // cpa: the action_name that it is for; empty: those that no other is for
  bool active = true;
  std::uint64_t window_days = 0;  // from click to purchase; 0: until the end of the next day
  Rate base;
  Rate incentive;
  Rate fee;  // the house's share, on top of the commission
  std::vector<CodeRate> by_category;
  std::vector<CodeRate> by_product;
  std::vector<Tier> tiers;  // by from_sales
  Instant starts_at;
  std::optional<Instant> ends_at;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, merchant, code, name, kind, action, active, window_days, base, incentive, fee, by_category,
          by_product, tiers, starts_at, ends_at);
  }
  friend bool operator==(const ProgramSet&, const ProgramSet&) = default;
  [[nodiscard]] bool in_force(Instant at) const {
    return active && starts_at <= at && (!ends_at || at < *ends_at);
  }
};

/// An affiliate's reward postbacks.
struct Reward {
  RewardStatus status = RewardStatus::none;
  std::string url;
  bool uniq_id = false;  // its receiver knows the field
  Instant approved_at;   // zero: never

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(status, url, uniq_id, approved_at);
  }
  friend bool operator==(const Reward&, const Reward&) = default;
};

/// An affiliate was registered or changed.
struct AffiliateSet {
  AffiliateNumber number = 0;
  std::string name;
  std::string site_name;
  std::string email;
  bool active = true;
  Hash key_digest;                        // SHA-256 of its auth_key, which is shown once
  bool all_merchants = true;              // it may promote every merchant
  std::vector<MerchantNumber> merchants;  // otherwise these
  Reward reward;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, name, site_name, email, active, key_digest, all_merchants, merchants, reward);
  }
  friend bool operator==(const AffiliateSet&, const AffiliateSet&) = default;
  [[nodiscard]] bool may_promote(MerchantNumber merchant) const;
};

/// The configuration of one moment. Immutable once published.
struct Config {
  std::map<MerchantNumber, std::shared_ptr<const MerchantSet>> merchants;
  std::map<std::string, MerchantNumber, std::less<>> merchant_ids;
  std::map<ProgramNumber, std::shared_ptr<const ProgramSet>> programs;
  std::map<MerchantNumber, std::vector<ProgramNumber>> programs_of;  // in their order
  std::map<AffiliateNumber, std::shared_ptr<const AffiliateSet>> affiliates;

  /// nullptr when there is none, active or not.
  [[nodiscard]] const MerchantSet* merchant(MerchantNumber number) const;
  [[nodiscard]] const MerchantSet* merchant(std::string_view id) const;
  [[nodiscard]] const ProgramSet* program(ProgramNumber number) const;
  [[nodiscard]] const AffiliateSet* affiliate(AffiliateNumber number) const;
  [[nodiscard]] const AffiliateSet* affiliate(std::string_view affiliate_id) const;
  /// The programme of the merchant that is in force at that moment: for an action the one of its name, else
  /// the one without. nullptr when there is none.
  [[nodiscard]] const ProgramSet* program_at(MerchantNumber merchant, ProgramKind kind,
                                             std::string_view action, Instant at) const;

  void put(MerchantSet merchant);
  void put(ProgramSet program);
  void put(AffiliateSet affiliate);
};

/// The configuration as the database of the session has it.
Result<std::shared_ptr<Config>> load_config(store::Session& session);

/// Hands the current configuration from the writer to every thread.
using ConfigBoard = door::Board<Config>;

}  // namespace jangbu::affiliate
