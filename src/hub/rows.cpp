#include "hub/rows.h"

#include <array>

#include "base/invariant.h"

namespace jangbu::hub {
namespace {

/// Crockford's digits: none of them looks like another.
constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view code_prefix = "HUBPAY-";
constexpr std::size_t day_digits = 8;
constexpr std::size_t least_digits = 4;
}  // namespace

Shown shown_status(CampaignStatus status) {
  switch (status) {
    case CampaignStatus::temporary_saved:
      return Shown::temporary_saved;
    case CampaignStatus::under_review:
      return Shown::under_review;
    case CampaignStatus::ready:
      return Shown::ready;
    case CampaignStatus::revision_requested:
      return Shown::revision_requested;
    case CampaignStatus::completed:
      return Shown::completed;
    case CampaignStatus::rejected:
      return Shown::rejected;
    case CampaignStatus::live:
    case CampaignStatus::recruiting:
    case CampaignStatus::reviewing:
    case CampaignStatus::judging:
    case CampaignStatus::settling:
      return Shown::in_progress;
  }
  INVARIANT(false, "a campaign has one of the known statuses");
}

std::uint64_t& CampaignRow::applies(ApplyState state) {
  switch (state) {
    case ApplyState::under_selection:
      return a0801;
    case ApplyState::selected:
      return a0802;
    case ApplyState::not_selected:
      return a0803;
    case ApplyState::selected_by_purchase:
      return a0804;
  }
  INVARIANT(false, "an application has one of the known states");
}

std::uint64_t& CampaignRow::reviews(ReviewState state) {
  switch (state) {
    case ReviewState::draft:
      return r1213;
    case ReviewState::approved:
      return r1214;
    case ReviewState::deleted:
      return r1215;
    case ReviewState::pending:
      return r1218;
    case ReviewState::rejected:
      return r1219;
  }
  INVARIANT(false, "a review has one of the known states");
}

std::string order_code(OrderNumber number, Instant created_at) {
  std::string day = to_rfc3339(created_at + korean_offset).substr(0, 10);
  std::erase(day, '-');
  std::string text;
  for (; number != 0; number /= digits.size()) text.insert(text.begin(), digits[number % digits.size()]);
  if (text.size() < least_digits) text.insert(0, least_digits - text.size(), '0');
  return std::string(code_prefix) + day + "-" + text;
}

OrderNumber order_number_of(std::string_view code) {
  constexpr std::size_t longest = 12;  // 60 bits
  const std::size_t head = code_prefix.size() + day_digits + 1;
  if (!code.starts_with(code_prefix) || code.size() < head + least_digits || code.size() > head + longest ||
      code[head - 1] != '-')
    return 0;
  OrderNumber number = 0;
  for (const char c : code.substr(head)) {
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos) return 0;
    number = number * digits.size() + digit;
  }
  return number;
}

std::string prepaid_account(AppId app) { return "hub:" + std::to_string(app) + ":prepaid"; }
std::string deposit_account(PartnerId partner) { return "partner:" + std::to_string(partner) + ":deposit"; }
std::string reviewer_account(std::string_view reviewer) {
  return "reviewer:" + std::string(reviewer) + ":points";
}

}  // namespace jangbu::hub
