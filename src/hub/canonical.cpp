// What a repeated call of the hub is known by.
#include "http/canonical_json.h"
#include "hub/wire.h"

namespace jangbu::hub {
namespace {

/// What stands in an onboarding call beside the part that an order can carry.
constexpr std::string_view payment_member = "payment";

Result<json::Document> parse(std::string_view body) {
  return json::Document::parse(body.empty() ? "{}" : body);
}

}  // namespace

Result<Hash> canonical_body_hash(std::string_view body) { return http::canonical_body_hash(body); }

Result<Hash> canonical_onboard_hash(std::string_view onboard_body) {
  ASSIGN_OR_RETURN(const json::Document document, parse(onboard_body));
  return http::canonical_hash(document.root(), payment_member);
}

Result<Hash> canonical_carried_onboard_hash(std::string_view order_body) {
  ASSIGN_OR_RETURN(const json::Document document, parse(order_body));
  const json::Value* const onboard = document.root().find("onboard");
  if (onboard == nullptr || onboard->kind != json::Kind::object) return Hash{};
  return http::canonical_hash(*onboard, payment_member);
}

}  // namespace jangbu::hub
