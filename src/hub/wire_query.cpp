// Query strings, ids, and the names and codes of the hub's wire.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "http/message.h"
#include "hub/wire.h"

namespace jangbu::hub {
namespace {

struct ShownText {
  Shown shown;
  std::string_view name;
  std::string_view label;
};
constexpr std::array shown_texts = {
    ShownText{Shown::temporary_saved, "TEMPORARY_SAVED", "임시저장"},
    ShownText{Shown::under_review, "UNDER_REVIEW", "심사중"},
    ShownText{Shown::ready, "READY", "준비완료"},
    ShownText{Shown::in_progress, "IN_PROGRESS", "진행중"},
    ShownText{Shown::revision_requested, "REVISION_REQUESTED", "수정요청"},
    ShownText{Shown::completed, "COMPLETED", "완료"},
    ShownText{Shown::rejected, "REJECTED", "반려"},
};

constexpr std::array order_names = {
    std::pair(OrderStatus::created, std::string_view("CREATED")),
    std::pair(OrderStatus::paid, std::string_view("PAID")),
    std::pair(OrderStatus::consumed, std::string_view("CONSUMED")),
    std::pair(OrderStatus::cancelled, std::string_view("CANCELLED")),
    std::pair(OrderStatus::expired, std::string_view("EXPIRED")),
    std::pair(OrderStatus::refunding, std::string_view("REFUNDING")),
    std::pair(OrderStatus::refunded, std::string_view("REFUNDED")),
};

const ShownText& text_of(Shown shown) {
  const auto* const found = std::find_if(shown_texts.begin(), shown_texts.end(),
                                         [&](const ShownText& text) { return text.shown == shown; });
  INVARIANT(found != shown_texts.end(), "a campaign shows one of the statuses");
  return *found;
}

std::string four_digits(std::uint16_t code) { return fmt::format("{:04}", code); }

/// The number, limited to a range; nullopt when the text is no whole number. A minus sign reads as the least.
std::optional<std::uint64_t> clamped(std::string_view text, std::uint64_t min, std::uint64_t max) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end != text.data() + text.size()) return std::nullopt;
  if (is_negative) return min;
  return error == std::errc() ? std::clamp(value, min, max) : max;
}

}  // namespace

std::string_view shown_name(Shown shown) { return text_of(shown).name; }
std::string_view shown_label(Shown shown) { return text_of(shown).label; }

std::optional<Shown> shown_from_name(std::string_view name) {
  for (const ShownText& text : shown_texts)
    if (text.name == name) return text.shown;
  return std::nullopt;
}

std::string_view order_status_name(OrderStatus status) {
  for (const auto& [each, name] : order_names)
    if (each == status) return name;
  return "";
}

std::optional<OrderStatus> order_status_from_name(std::string_view name) {
  for (const auto& [status, each] : order_names)
    if (each == name) return status;
  return std::nullopt;
}

std::string_view attention_name(Attention attention) {
  switch (attention) {
    case Attention::none:
      return "";
    case Attention::unconsumed:
      return "UNCONSUMED";
    case Attention::onboard_failed:
      return "ONBOARD_FAILED";
    case Attention::refund_failed:
      return "REFUND_FAILED";
  }
  return "";
}

std::string code_text(ApplyState state) { return four_digits(static_cast<std::uint16_t>(state)); }
std::string code_text(ReviewState state) { return four_digits(static_cast<std::uint16_t>(state)); }
std::string code_text(CampaignStatus status) { return four_digits(static_cast<std::uint16_t>(status)); }

Result<std::uint64_t> parse_id(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 1 || text.front() == '0')
    return Errc::invalid_id;
  return static_cast<std::uint64_t>(id);
}

Result<PageRequest> parse_page(std::string_view query) {
  PageRequest page;
  for (const auto& [name, value] : http::parse_query(query)) {
    if (name == "page") {
      page.page = clamped(value, 1, max_page).value_or(page.page);
    } else if (name == "page_size") {
      page.page_size = clamped(value, 1, max_page_size).value_or(page.page_size);
    } else if (name == "status" && !value.empty()) {
      const auto shown = shown_from_name(value);
      if (!shown) return Errc::invalid_status;
      page.status = *shown;
    }
  }
  return page;
}

Result<OrderListRequest> parse_order_list(std::string_view query) {
  OrderListRequest list;
  for (const auto& [name, value] : http::parse_query(query)) {
    if (name == "limit") {
      list.limit = clamped(value, 1, max_page_size).value_or(list.limit);
    } else if (name == "cursor" && !value.empty()) {
      ASSIGN_OR_RETURN(list.before, parse_id(value));
    } else if (name == "attention") {
      list.attention = value == "1" || value == "true";
    } else if (name == "status" && !value.empty()) {
      list.status = order_status_from_name(value);
      if (!list.status) return Errc::invalid_status;
    }
  }
  return list;
}

}  // namespace jangbu::hub
