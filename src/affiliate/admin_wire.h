// The operator's JSON of merchants, programmes, affiliates, promotions and exchange rates, both ways; pure. A
// change is read onto how the thing stands: a member that is absent stays. All that is wrong is collected in
// the body.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "affiliate/config.h"
#include "affiliate/records.h"
#include "affiliate/settlement_rows.h"
#include "base/json.h"
#include "delivery/address.h"
#include "http/json_body.h"

namespace jangbu::affiliate {

inline constexpr std::size_t max_listed = 50;  // hosts, networks
inline constexpr std::size_t max_code_rates = 500;
inline constexpr std::size_t max_tiers = 20;
inline constexpr std::size_t max_merchants_of_affiliate = 1000;
inline constexpr std::uint64_t max_window_days = 365;
inline constexpr std::uint64_t default_window_days = 30;
inline constexpr std::uint64_t max_return_days = 365;

void read_merchant(http::JsonBody& body, delivery::Reach reach, MerchantSet& merchant);
/// Of a new programme `merchant`, `code` and `kind` are read, too.
void read_program(http::JsonBody& body, const Config& config, ProgramSet& program);
void read_affiliate(http::JsonBody& body, const Config& config, AffiliateSet& affiliate);
void read_promo(http::JsonBody& body, const Config& config, PromoSet& promo);

void put_merchant(json::Writer& out, const MerchantSet& merchant);
/// The same into an object that is open.
void put_members(json::Writer& out, const MerchantSet& merchant);
/// "lists": up to which days they were asked for and are in the books; null when the merchant has none.
void put_lists(json::Writer& out, const std::optional<ListProgressRow>& progress);
void put_program(json::Writer& out, const Config& config, const ProgramSet& program);
void put_affiliate(json::Writer& out, const Config& config, const AffiliateSet& affiliate);
void put_promo(json::Writer& out, const Config& config, const PromoSet& promo);
void put_exchange_rate(json::Writer& out, const ExchangeRateSet& rate);

std::string_view kind_name(ProgramKind kind);
/// "2026-05-25" of a day, and back (0: it is none).
std::string day_text(Day day);
Day parse_day(std::string_view text);

}  // namespace jangbu::affiliate
