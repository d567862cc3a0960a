#include "console/operators.h"

#include <algorithm>
#include <array>
#include <utility>

namespace jangbu::console {
namespace {

constexpr std::array role_names = {std::pair{Role::owner, std::string_view("owner")},
                                   std::pair{Role::operates, std::string_view("operator")},
                                   std::pair{Role::auditor, std::string_view("auditor")}};

/// Whose segments of a path stand for accounts and for what opens a door.
constexpr std::array for_owners = {std::string_view("operators"), std::string_view("apps"),
                                   std::string_view("holders"), std::string_view("keys"),
                                   std::string_view("rotate")};

/// Of one's own session and password, for everybody who has them.
bool is_own(std::string_view path) { return path == "/api/session" || path == "/api/session/password"; }

bool names_access(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    if (std::find(for_owners.begin(), for_owners.end(), path.substr(0, end)) != for_owners.end()) return true;
    path.remove_prefix(end);
  }
  return false;
}

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

bool may(Role role, http::Method method, std::string_view path) {
  if (method == http::Method::get || method == http::Method::head || is_own(path)) return true;
  switch (role) {
    case Role::owner:
      return true;
    case Role::operates:
      return !names_access(path);
    case Role::auditor:
      return false;
  }
  return false;
}

}  // namespace jangbu::console
