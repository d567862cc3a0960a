// Any bytes as the query of a click and as a deep link: no crash; what is accepted keeps the promises of
// click_link.h, and no deep link leads away from the merchant.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "affiliate/click_link.h"
#include "delivery/utf8.h"
#include "http/message.h"

namespace {

using namespace jangbu;
using namespace jangbu::affiliate;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_deeplink(std::string_view target) {
  static const std::array<std::string, 2> hosts = {"shop.example", "old.example:8443"};
  if (!check_target(target, hosts)) return;
  require(target.size() <= max_target_bytes);
  require(std::none_of(target.begin(), target.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\\' || c == '\x7f';
  }));
  const std::size_t slashes = target.find("//");
  require(slashes == 5 || slashes == 6);
  std::string authority(target.substr(slashes + 2));
  authority = authority.substr(0, authority.find_first_of("/?#"));
  for (char& c : authority)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  static constexpr std::array<std::string_view, 4> good = {"shop.example", "shop.example:443",
                                                           "shop.example:80", "old.example:8443"};
  require(std::find(good.begin(), good.end(), authority) != good.end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_deeplink(text);
  (void)check_own_host(text);
  if (check_gateway_template(text).ok()) {
    std::string url;
    append_gateway_url(text, "A100000001|2970123400000A|0000||", "https://shop.example/", 30, url);
    require(url.find_first_of("{} \r\n|") == std::string::npos || text.find('|') != std::string_view::npos);
  }
  const auto link = parse_click(text);
  if (!link) return 0;
  require(is_merchant_id(link->merchant_id) && link->affiliate != 0);
  require(link->user_id.size() <= max_user_id_bytes && delivery::is_utf8(link->user_id));
  require(!link->is_deeplink() || link->l == deeplink_kind);
  check_deeplink(link->target);
  const Lpinfo lpinfo{link->affiliate, {1, 2}, link->l, link->l_cd1, link->l_cd2};
  require(lpinfo_text(lpinfo).size() <= max_lpinfo_bytes && parse_lpinfo(lpinfo_text(lpinfo)) == lpinfo);
  return 0;
}
