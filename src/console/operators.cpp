#include "console/operators.h"

#include <algorithm>
#include <array>
#include <utility>

namespace jangbu::console {
namespace {

constexpr std::array role_names = {std::pair{Role::owner, std::string_view("owner")},
                                   std::pair{Role::operates, std::string_view("operator")},
                                   std::pair{Role::auditor, std::string_view("auditor")}};

/// Whose segments of a pattern stand for accounts and for what opens a door.
constexpr std::array for_owners = {std::string_view("operators"), std::string_view("apps"),
                                   std::string_view("holders"), std::string_view("keys"),
                                   std::string_view("rotate")};

/// Of one's own session and password, for everybody who has them.
bool is_own(std::string_view pattern) {
  return pattern == "/api/session" || pattern == "/api/session/password";
}

bool names_access(std::string_view pattern) {
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const std::size_t end = std::min(pattern.find('/'), pattern.size());
    if (std::find(for_owners.begin(), for_owners.end(), pattern.substr(0, end)) != for_owners.end())
      return true;
    pattern.remove_prefix(end);
  }
  return false;
}

/// Webhooks with signatures of this moment: whoever has one can send it to the receiver.
bool is_signed(std::string_view pattern) { return pattern == "/api/deliveries/feed"; }

/// Whole numbers of bank accounts, for whoever pays: who only looks sees their last digits elsewhere.
bool tells_accounts(std::string_view pattern) { return pattern == "/api/payouts.csv"; }

}  // namespace

std::string_view role_name(Role role) {
  for (const auto& [each, name] : role_names)
    if (each == role) return name;
  return "";
}

std::optional<Role> role_of(std::string_view name) {
  for (const auto& [role, each] : role_names)
    if (each == name) return role;
  return std::nullopt;
}

bool may(Role role, http::Method method, std::string_view pattern) {
  if (is_signed(pattern)) return role == Role::owner;
  if (tells_accounts(pattern)) return role != Role::auditor;
  if (method == http::Method::get || method == http::Method::head || is_own(pattern)) return true;
  switch (role) {
    case Role::owner:
      return true;
    case Role::operates:
      return !names_access(pattern);
    case Role::auditor:
      return false;
  }
  return false;
}

}  // namespace jangbu::console
