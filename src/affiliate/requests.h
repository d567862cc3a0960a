// What merchants' servers send, as read from their protocol.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "affiliate/types.h"
#include "base/money.h"
#include "base/time.h"

namespace jangbu::affiliate {

// As their protocol has them. Texts are measured in characters.
inline constexpr std::size_t max_code_characters = 100;      // order_id, product_id, unique_id, event, promo
inline constexpr std::size_t max_name_characters = 300;      // product_name, which is cut
inline constexpr std::size_t max_category_characters = 200;  // category_code, each category_name
inline constexpr std::size_t max_category_names = 20;
inline constexpr std::size_t max_agent_characters = 1000;  // user_agent, which is cut
inline constexpr std::size_t max_products = 300;
inline constexpr std::uint64_t max_quantity = 1'000'000;
/// Of a price, in units of 10^-price_scale: 10^12.
inline constexpr std::int64_t max_price_units = 10'000'000'000'000'000;

/// One product of an order, or the one thing of an action.
struct ProductForm {
  std::string product_code;
  std::string product_name;
  std::string category_code;
  std::vector<std::string> category_names;
  std::uint64_t quantity = 1;
  Money price;  // in units of 10^-price_scale; negative: takes back
  std::optional<Instant> paid_at;
  std::optional<Instant> confirmed_at;
  std::optional<Instant> canceled_at;
  std::optional<std::uint64_t> canceled_quantity;  // of a part that was cancelled
  std::optional<Money> canceled_price;

  friend bool operator==(const ProductForm&, const ProductForm&) = default;
};

/// An order with its products, or an action.
struct OrderForm {
  Source source = Source::cps;  // cps, cpa or restored; a promotion is told by `by_promo`
  ProgramKind kind = ProgramKind::cps;
  std::string merchant_id;
  std::string order_code;
  Money total;
  std::string currency;
  std::string user_name;
  std::string action_name;  // cpa
  bool by_promo = false;
  std::string event_code;
  std::string promo_code;
  std::string lpinfo;
  std::string user_agent;
  DeviceType device = DeviceType::unknown;
  std::vector<ProductForm> products;

  friend bool operator==(const OrderForm&, const OrderForm&) = default;
};

}  // namespace jangbu::affiliate
