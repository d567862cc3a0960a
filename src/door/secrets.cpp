#include "door/secrets.h"

#include <string>

namespace jangbu::door {
namespace {

constexpr Duration longest_keep = Duration::days(90);

}  // namespace

Duration read_keep_old(http::JsonBody& body) {
  const std::string text = body.string("keep_old", "24h");
  if (text == "0s") return Duration{};
  const auto keep = parse_duration(text);
  if (keep && *keep <= longest_keep) return *keep;
  body.fail("keep_old", "must be a duration of at most 90 days, such as \"24h\", or \"0s\"");
  return {};
}

}  // namespace jangbu::door
