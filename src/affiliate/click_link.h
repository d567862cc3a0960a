// A click as a link: what the query of /click.php says, and where the shopper is sent. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "affiliate/lpinfo.h"
#include "base/result.h"

namespace jangbu::affiliate {

inline constexpr std::size_t max_user_id_bytes = 500;
inline constexpr std::size_t max_target_bytes = 2000;
inline constexpr std::size_t max_gateway_template_bytes = 1000;

/// What the query asks for, checked as far as it can be without knowing anybody.
struct ClickLink {
  std::string merchant_id;        // m
  AffiliateNumber affiliate = 0;  // a
  std::string l = std::string(default_link_kind);
  std::string l_cd1;
  std::string l_cd2;
  std::string user_id;  // u_id, or u: UTF-8, decoded
  std::string target;   // tu, decoded, not judged; only with l=9999

  [[nodiscard]] bool is_deeplink() const { return !target.empty(); }
};

inline constexpr std::string_view click_path = "/click.php";
/// The query that says so; parse_click() reads it, or says what is wrong with it.
std::string click_query(const ClickLink& link);
/// Reads a query. Of a parameter that comes twice the last counts; unknown ones are passed over. Error:
/// invalid_parameters, with which one in the detail.
Result<ClickLink> parse_click(std::string_view query);

/// Whether a merchant may call this host its own: a name in ASCII ("m.shop.example", "xn--..."), with a port
/// where it is no scheme's own ("shop.example:8443"). Error: invalid_parameters.
Status check_own_host(std::string_view host);

/// Whether deep links may go there: an absolute http or https URL, written as browsers cannot misread it, at
/// one of the merchant's own hosts. It is judged as it stands and never repaired. Error: invalid_parameters,
/// with why.
Status check_target(std::string_view target, std::span<const std::string> own_hosts);

/// Whether a merchant's gateway can be this: an absolute http or https URL of printable ASCII in which
/// {lpinfo} stands once or more, behind the host; {url} and {rd} (return days) may stand there, too. Error:
/// invalid_parameters, with why.
Status check_gateway_template(std::string_view gateway);

/// The gateway's URL: {lpinfo} and {url} percent-encoded, {rd} in digits. A word in braces that is none of
/// them stays as it is.
void append_gateway_url(std::string_view gateway, std::string_view lpinfo, std::string_view target,
                        std::uint64_t return_days, std::string& out);

}  // namespace jangbu::affiliate
