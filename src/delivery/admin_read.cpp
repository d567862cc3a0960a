#include "delivery/admin_read.h"

#include <charconv>

#include "base/json.h"
#include "http/message.h"

namespace jangbu::delivery {
namespace {

using engine::EventState;

constexpr std::uint64_t max_limit = 100;

std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t low, std::uint64_t high) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high)
    return std::nullopt;
  return value;
}

/// Collects what is wrong.
class Faults {
 public:
  void add(std::string_view name, std::string_view message) {
    if (!text_.empty()) text_ += "; ";
    text_ += std::string(name) + " " + std::string(message);
  }
  [[nodiscard]] Status status() const {
    if (text_.empty()) return {};
    return Error(Errc::invalid_parameters, text_);
  }

 private:
  std::string text_;
};

/// Takes one member of a filter; false when there is none of that name.
bool read_filter(std::string_view name, std::string_view value, DeliveryFilter& filter, Faults& faults) {
  const auto instant = [&](Instant& out) {
    const auto parsed = parse_rfc3339(value);
    if (!parsed) return faults.add(name, "must be an instant with its offset: 2026-05-25T10:00:00+09:00");
    out = *parsed;
  };
  if (name == "kind") {
    for (const Channel channel : all_channels)
      if (channel_name(channel) == value) filter.channels = {channel};
    if (filter.channels.empty()) faults.add(name, "must be webhook, reward, mail, sms, kakao or push");
  } else if (name == "status") {
    for (const EventState state : {EventState::pending, EventState::delivered, EventState::given_up})
      if (state_name(state) == value) filter.state = state;
    if (!filter.state) faults.add(name, "must be pending, delivered or failed");
  } else if (name == "site") {
    filter.destination = "reward:" + std::string(value);
  } else if (name == "merchant") {
    filter.merchant = value;
  } else if (name == "order_code") {
    filter.order_code = value;
  } else if (name == "u_id") {
    filter.u_id = value;
  } else if (name == "from") {
    instant(filter.from);
  } else if (name == "to") {
    instant(filter.to);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string_view state_name(EventState state) {
  switch (state) {
    case EventState::pending:
      return "pending";
    case EventState::delivered:
      return "delivered";
    case EventState::given_up:
      return "failed";
  }
  return "";
}

Result<ListRequest> read_list(std::string_view query) {
  ListRequest request;
  Faults faults;
  for (const auto& [name, value] : http::parse_query(query)) {
    if (name == "cursor") {
      const auto cursor = parse_number(value, 1, INT64_MAX);
      if (!cursor) faults.add(name, "must be that of another page");
      request.before = cursor.value_or(1);
    } else if (name == "limit") {
      const auto limit = parse_number(value, 1, max_limit);
      if (!limit) faults.add(name, "must be a whole number from 1 to 100");
      request.limit = limit.value_or(1);
    } else if (!read_filter(name, value, request.filter, faults)) {
      faults.add(name, "is no parameter of this list");
    }
  }
  RETURN_IF_ERROR(faults.status());
  return request;
}

Result<DeliveryFilter> read_resend(std::string_view body) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(body));
  const json::Value* members = document.root().find("filter");
  if (members == nullptr || members->kind != json::Kind::object || document.root().size != 1)
    return Error(Errc::invalid_parameters, "the body must be {\"filter\":{...}}");
  DeliveryFilter filter;
  Faults faults;
  for (std::uint32_t i = 0; i < members->size; ++i) {
    const json::Member& member = members->members[i];
    if (!member.value.is_string()) {
      faults.add(member.name, "must be a text");
    } else if (!read_filter(member.name, member.value.text, filter, faults)) {
      faults.add(member.name, "is no member of the filter");
    }
  }
  if (!filter.state) filter.state = EventState::given_up;
  if (filter.state == EventState::pending) faults.add("status", "must be delivered or failed");
  RETURN_IF_ERROR(faults.status());
  return filter;
}

Result<std::uint64_t> read_id(std::string_view text) {
  const auto id = parse_number(text, 1, INT64_MAX);
  if (!id) return Error(Errc::not_found, "there is no such delivery");
  return *id;
}

}  // namespace jangbu::delivery
