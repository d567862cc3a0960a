// What a manager's password must be. The page of invitations (web/src/base/password.ts) shows the same
// rules.
#pragma once

#include <string_view>

namespace jangbu::hub {

inline constexpr std::size_t shortest_password = 10;
inline constexpr std::size_t longest_password = 128;
inline constexpr std::size_t least_variety = 5;

/// Why it is no good, in English, or empty: 10 to 128 characters (UTF-16 units, as browsers count), at least
/// 5 different ones, none of those that everybody tries first, and neither the address, its part before the
/// "@", nor the company's name in it, where those have 4 characters or more.
std::string_view password_fault(std::string_view password, std::string_view email,
                                std::string_view company_name);

}  // namespace jangbu::hub
