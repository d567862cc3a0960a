#include "affiliate/config.h"

#include <algorithm>

#include "ledger/fields.h"

namespace jangbu::affiliate {
namespace {

const store::Sql all_merchants{"SELECT fields FROM affiliate_merchants ORDER BY number"};
const store::Sql all_programs{"SELECT fields FROM affiliate_programs ORDER BY number"};
const store::Sql all_affiliates{"SELECT fields FROM affiliate_affiliates ORDER BY number"};

template <typename Set>
Status load_sets(store::Session& session, const store::Sql& sql, Config& config) {
  Status decoded;
  RETURN_IF_ERROR(session.query(sql, {}, [&](const store::Row& row) {
    auto set = ledger::decode_fields<Set>(row.bytes(0));
    if (!set) {
      decoded = set.error();
      return false;
    }
    config.put(std::move(*set));
    return true;
  }));
  return decoded;
}

template <typename Map>
auto found_in(const Map& map, std::uint64_t number) {
  const auto it = map.find(number);
  return it == map.end() ? nullptr : it->second.get();
}

}  // namespace

bool AffiliateSet::may_promote(MerchantNumber merchant) const {
  return all_merchants || std::find(merchants.begin(), merchants.end(), merchant) != merchants.end();
}

const MerchantSet* Config::merchant(MerchantNumber number) const { return found_in(merchants, number); }
const MerchantSet* Config::merchant(std::string_view id) const {
  const auto it = merchant_ids.find(id);
  return it == merchant_ids.end() ? nullptr : merchant(it->second);
}
const ProgramSet* Config::program(ProgramNumber number) const { return found_in(programs, number); }
const AffiliateSet* Config::affiliate(AffiliateNumber number) const { return found_in(affiliates, number); }
const AffiliateSet* Config::affiliate(std::string_view id) const { return affiliate(affiliate_of_id(id)); }

const ProgramSet* Config::program_at(MerchantNumber merchant, ProgramKind kind, std::string_view action,
                                     Instant at) const {
  const auto of = programs_of.find(merchant);
  if (of == programs_of.end()) return nullptr;
  const ProgramSet* for_any_action = nullptr;
  for (const ProgramNumber number : of->second) {
    const ProgramSet& candidate = *program(number);
    if (candidate.kind != kind || !candidate.in_force(at)) continue;
    if (candidate.action.empty()) {
      for_any_action = &candidate;
    } else if (candidate.action == action) {
      return &candidate;
    }
  }
  return for_any_action;
}

void Config::put(MerchantSet merchant) {
  merchant_ids[merchant.id] = merchant.number;
  const MerchantNumber number = merchant.number;
  merchants[number] = std::make_shared<const MerchantSet>(std::move(merchant));
}

void Config::put(ProgramSet program) {
  if (!programs.contains(program.number)) programs_of[program.merchant].push_back(program.number);
  const ProgramNumber number = program.number;
  programs[number] = std::make_shared<const ProgramSet>(std::move(program));
}

void Config::put(AffiliateSet affiliate) {
  const AffiliateNumber number = affiliate.number;
  affiliates[number] = std::make_shared<const AffiliateSet>(std::move(affiliate));
}

Result<std::shared_ptr<Config>> load_config(store::Session& session) {
  auto config = std::make_shared<Config>();
  RETURN_IF_ERROR(load_sets<MerchantSet>(session, all_merchants, *config));
  RETURN_IF_ERROR(load_sets<ProgramSet>(session, all_programs, *config));
  RETURN_IF_ERROR(load_sets<AffiliateSet>(session, all_affiliates, *config));
  return config;
}

}  // namespace jangbu::affiliate
