// The operator's requests about deliveries, read: query strings, filters, ids.
#pragma once

#include <cstdint>
#include <string_view>

#include "delivery/queries.h"

namespace jangbu::delivery {

struct ListRequest {
  DeliveryFilter filter;
  std::uint64_t before = INT64_MAX;
  std::size_t limit = 20;
};
/// kind, status, merchant, order_code, u_id, from, to, cursor, limit. Error: invalid_parameters, naming all
/// that is wrong, unknown parameters too.
Result<ListRequest> read_list(std::string_view query);
/// {"filter":{kind, status, merchant, order_code, u_id, from, to}}; the status is "failed" unless it is
/// given, and cannot be "pending". Errors: malformed_json, invalid_parameters.
Result<DeliveryFilter> read_resend(std::string_view body);
/// Error: not_found for what is no id.
Result<std::uint64_t> read_id(std::string_view text);

/// "pending", "delivered" or "failed".
std::string_view state_name(engine::EventState state);

}  // namespace jangbu::delivery
