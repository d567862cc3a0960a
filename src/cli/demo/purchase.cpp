// Two shops and their customers: points earned and points spent, purchases with a wallet or a phone, and some
// that were taken back.
#include <array>

#include "cli/demo/story.h"

namespace jangbu::cli::demo {
namespace {

struct Product {
  const char* id;
  std::uint64_t price;
  const char* percent;
};
constexpr std::array products = {
    Product{"2020051310000674", 6'600, "1.7"},  Product{"2020051310000124", 6'300, "8.5"},
    Product{"2020051310000893", 15'200, "4.2"}, Product{"2020051310000032", 6'800, "1"},
    Product{"2020051310000103", 8'600, "5.7"},  Product{"2020051310000311", 42'000, "3"},
};
constexpr std::array wallets = {"0x89e3b2D91ecaf08016eEDb966c1fecA1e326714e",
                                "0x72574F4846aF8AfE111262F6b20A96Fdc873ea3C"};

struct Shop {
  std::string key;
  std::string id;
};
Shop shop_of(const SandboxClient& client, std::uint64_t number) {
  if (number % 3 == 0)
    return {client.credential("purchase", "closed", "access_key"),
            client.credential("purchase", "closed", "shop_id")};
  return {client.credential("purchase", "access_key"), client.credential("purchase", "shop_id")};
}

std::string id_of(std::uint64_t number) { return "demo-" + std::to_string(number); }

/// Every fourth customer pays a part with points; a wallet, or a phone that has none yet.
Status buy(Stage& stage, std::uint64_t number, int day) {
  Dice dice(number);
  const Shop shop = shop_of(stage.client(), number);
  std::uint64_t total = 0;
  std::string details;
  for (std::uint64_t left = 1 + dice.roll(4); left > 0; --left) {
    const Product& product = products[dice.roll(products.size())];
    total += product.price;
    details += fill(R"(~{"productId":"~","amount":~,"providePercent":~})",
                    {details.empty() ? "" : ",", product.id, std::to_string(product.price), product.percent});
  }
  const std::uint64_t points = number % 4 == 0 ? 1'000 : 0;
  const bool has_wallet = dice.roll(2) == 0;
  const std::string body = fill(
      R"({"purchaseId":"~","timestamp":"~","totalAmount":~,"cashAmount":~,"currency":"krw","shopId":"~","userAccount":"~","userPhone":"~","details":[~]})",
      {id_of(number), std::to_string(stage.at(day).unix_seconds()), std::to_string(total),
       std::to_string(total - points), shop.id, has_wallet ? wallets[dice.roll(wallets.size())] : "",
       has_wallet ? "" : std::string("+82 ") + (person(number).phone + 1), details});
  const auto bought = stage.client().purchase(shop.key, "/v1/tx/purchase/new", body);
  return bought ? Status() : Status(bought.error());
}

Status take_back(Stage& stage, std::uint64_t number, int day) {
  const std::string body = fill(R"({"purchaseId":"~","timestamp":"~"})",
                                {id_of(number), std::to_string(stage.at(day).unix_seconds())});
  const auto cancelled =
      stage.client().purchase(shop_of(stage.client(), number).key, "/v1/tx/purchase/cancel", body);
  return cancelled ? Status() : Status(cancelled.error());
}

}  // namespace

void tell_purchase(Story& story) {
  std::uint64_t number = 0;
  for (int day = 0; day < days; ++day) {
    for (std::uint64_t left = 1 + Dice(static_cast<std::uint64_t>(day)).roll(4); left > 0; --left) {
      ++number;
      story.push_back({day, "purchase " + std::to_string(number),
                       [number, day](Stage& stage) { return buy(stage, number, day); }});
      const int later = day + 2;  // before its points are provided
      if (number % 9 != 5 || later >= days) continue;
      story.push_back({later, "purchase " + std::to_string(number) + " is taken back",
                       [number, later](Stage& stage) { return take_back(stage, number, later); }});
    }
  }
  story.push_back({20, "a phone gets a wallet", [](Stage& stage) {
                     const std::string body =
                         fill(R"({"phone":"+82 ~","wallet":"~"})", {person(2).phone + 1, wallets[0]});
                     return done(stage.client().operate("PUT", "/api/purchase/phones", body));
                   }});
}

}  // namespace jangbu::cli::demo
