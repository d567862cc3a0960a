// The incumbent's intake protocol, both ways: orders and actions in, what became of each product out. Its
// messages are what existing integrations look for, word by word. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "affiliate/lpinfo.h"
#include "affiliate/requests.h"
#include "affiliate/types.h"
#include "base/json.h"

namespace jangbu::affiliate {

namespace message {
inline constexpr std::string_view not_json = "This is not a valid JSON string.";
inline constexpr std::string_view missing = "Required parameters are missing.";
inline constexpr std::string_view lpinfo_format =
    "linkprice.lpinfo parameter does not conform to the format.";
inline constexpr std::string_view no_event = "event is nothing.";
inline constexpr std::string_view sum =
    "The amount of order.final_paid_price does not match the total amount of products.product_final_price.";
inline constexpr std::string_view problem = "There was a problem sending your performance.";
}  // namespace message

/// What a body says. `fault` is the first message of the protocol's own order that applies to it, empty when
/// none does; `form` has what could be read nevertheless, so that the answer can name it.
struct IntakeRead {
  OrderForm form;
  std::string fault;
};

/// POST /lppurchase_cps_v4.php.
IntakeRead read_cps(std::string_view body);
/// POST /lppurchase_cpa_v4.php.
IntakeRead read_cpa(std::string_view body);
/// One object of a merchant's daily list, which is of the form of read_cps().
IntakeRead read_listed(const json::Value& order);

/// Who sent the customer, as an LPINFO says it.
struct SentBy {
  AffiliateNumber affiliate = 0;
  std::optional<ClickId> click;  // none when it is of another system's form
};
/// An LPINFO in a form that is ours, or any that begins with an affiliate's id and a bar. Nothing when it is
/// neither.
std::optional<SentBy> read_lpinfo(std::string_view text);

/// A product of a request as it is answered.
struct Item {
  bool success = false;
  std::string message;  // why not
  std::string order_code;
  std::string product_code;
  std::uint64_t trlog_id = 0;
  Money sale;        // won
  Money commission;  // won

  friend bool operator==(const Item&, const Item&) = default;
};

/// Items of a form that failed as a whole.
std::vector<Item> failed_items(const OrderForm& form, std::string_view why);

/// `took_us`: how long it took, which existing integrations log.
std::string items_json(AnswerShape shape, const std::vector<Item>& items, std::int64_t took_us);
/// A request that failed as a whole: one object with its message, or (array) `items`, one without codes where
/// none are known.
std::string failure_json(AnswerShape shape, std::string_view why, const std::vector<Item>& items,
                         std::int64_t took_us);

}  // namespace jangbu::affiliate
