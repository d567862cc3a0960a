#include "purchase/configure.h"

#include <algorithm>

#include "base/ascii.h"
#include "purchase/loyalty.h"

namespace jangbu::purchase {
namespace {

using engine::Accept;
using engine::Decision;
using engine::Refuse;
using ledger::Floor;

/// What a wallet may have after it chose the other currency, 10^19: far enough from the end of Money's range
/// for all that it was promised before.
constexpr Money most_converted =
    Money::from_units(int128{10'000'000'000'000'000'000U} * 1'000'000'000'000'000'000);
/// A millionth to 10^12 points for one of a currency.
constexpr Money lowest_rate = Money::from_units(1'000'000'000'000);
constexpr Money highest_rate = Money::from_units(int128{1'000'000'000'000} * 1'000'000'000'000'000'000);

/// Moves everything that may be used from one user account to another, through the exchange when the
/// currencies differ.
Status move_all(ledger::EntryBuilder& builder, std::string_view from, std::string_view from_currency,
                Money amount, std::string_view to, std::string_view to_currency, Money amount_there) {
  if (amount.is_zero()) return {};
  const auto source = builder.account(from, from_currency, Floor::zero);
  if (from_currency == to_currency)
    return builder.transfer(source, builder.account(to, to_currency, Floor::zero), amount);
  RETURN_IF_ERROR(
      builder.transfer(source, builder.account(exchange_account, from_currency, Floor::none), amount));
  const auto exchange = builder.account(exchange_account, to_currency, Floor::none);
  return builder.transfer(exchange, builder.account(to, to_currency, Floor::zero), amount_there);
}

}  // namespace

Decision SetHolder::decide(engine::Unit& unit) {
  if (holder_.id != 0 && !state_.config().holders.contains(holder_.id))
    return Refuse{Error(Errc::not_found, "no such holder")};
  HolderSet holder = holder_;
  if (holder.id == 0) holder.id = unit.counters().last(engine::Counter::purchase_holder) + 1;
  id_ = holder.id;
  return Accept{holder_kind, encode(holder)};
}

Decision SetKey::decide(engine::Unit&) {
  const auto& keys = state_.config().keys;
  const auto known = keys.find(key_.digest);
  KeySet key = key_;
  if (key.revoked) {
    if (known == keys.end()) return Refuse{Error(Errc::not_found, "no such key")};
    key.holder = known->second.holder;
    key.label = known->second.label;
  } else {
    if (known != keys.end()) return Refuse{Error(Errc::already_exists, "this key is known")};
    if (!state_.config().holders.contains(key.holder))
      return Refuse{Error(Errc::not_found, "no such holder")};
  }
  id_ = key.holder;
  return Accept{key_kind, encode(key)};
}

Decision SetRate::decide(engine::Unit&) {
  const bool code_ok = !rate_.code.empty() && rate_.code.size() <= 16 &&
                       std::all_of(rate_.code.begin(), rate_.code.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
  if (!code_ok) return Refuse{Error(Errc::invalid_parameters, "a currency code is 1 to 16 of a-z and 0-9")};
  if (rate_.points_per_unit < lowest_rate || rate_.points_per_unit > highest_rate)
    return Refuse{Error(Errc::invalid_parameters, "a rate is 0.000001 to 1000000000000")};
  return Accept{rate_kind, encode(rate_)};
}

Decision SetShop::decide(engine::Unit& unit) {
  if (!state_.config().holders.contains(shop_.holder))
    return Refuse{Error(Errc::not_found, "no such holder")};
  ledger::EntryBuilder builder(unit, state_.book());
  builder.account(issued_account(shop_.shop_id), point_currency, Floor::none);
  auto entry = builder.build();
  if (!entry) return Refuse{entry.error()};
  shop_.entry = std::move(*entry);
  return Accept{shop_kind, encode(shop_)};
}

Decision SetWallet::decide(engine::Unit& unit) {
  if (wallet_.loyalty_type > 1)
    return Refuse{Error(Errc::invalid_parameters, "a wallet earns points (0) or tokens (1)")};
  const std::uint8_t now = state_.loyalty_type(unit, wallet_.wallet);
  const std::string user = user_account(wallet_.wallet);
  const auto from = loyalty_currency(now);
  const auto to = loyalty_currency(wallet_.loyalty_type);
  ledger::EntryBuilder builder(unit, state_.book());
  if (from != to) {
    const auto rate = state_.config().rate(token_code);
    if (!rate) return Refuse{Error(Errc::invalid_configuration, "there is no rate for tokens")};
    const Money amount = state_.book().available(unit, user, from);
    // Points to tokens divides by the rate, tokens to points multiplies; both round down, in favour of the
    // house.
    auto there = wallet_.loyalty_type == 1 ? points_in_tokens(amount, *rate) : value_in_points(amount, *rate);
    if (!there) return Refuse{there.error()};
    if (*there > most_converted) return Refuse{Error(Errc::amount_overflow)};
    if (const Status moved = move_all(builder, user, from, amount, user, to, *there); !moved)
      return Refuse{moved.error()};
  }
  auto entry = builder.build();
  if (!entry) return Refuse{entry.error()};
  wallet_.entry = std::move(*entry);
  return Accept{wallet_kind, encode(wallet_)};
}

Decision LinkPhone::decide(engine::Unit& unit) {
  const auto linked = state_.linked_wallet(unit, phone_.phone_hash);
  if (linked && to_lower(*linked) != to_lower(phone_.wallet))
    return Refuse{Error(Errc::already_exists, "this phone belongs to another wallet")};
  ledger::EntryBuilder builder(unit, state_.book());
  if (!linked) {
    const std::string from = user_account(to_hex_0x(phone_.phone_hash.view()));
    const std::string wallet = to_lower(phone_.wallet);
    const Money points = state_.book().available(unit, from, point_currency);
    const std::uint8_t type = state_.loyalty_type(unit, wallet);
    Money there = points;
    if (type == 1) {
      const auto rate = state_.config().rate(token_code);
      if (!rate) return Refuse{Error(Errc::invalid_configuration, "there is no rate for tokens")};
      auto tokens = points_in_tokens(points, *rate);
      if (!tokens) return Refuse{tokens.error()};
      there = *tokens;
    }
    const Status moved =
        move_all(builder, from, point_currency, points, user_account(wallet), loyalty_currency(type), there);
    if (!moved) return Refuse{moved.error()};
  }
  auto entry = builder.build();
  if (!entry) return Refuse{entry.error()};
  phone_.entry = std::move(*entry);
  return Accept{phone_kind, encode(phone_)};
}

Decision SetSettings::decide(engine::Unit&) { return Accept{settings_kind, encode(settings_)}; }

}  // namespace jangbu::purchase
