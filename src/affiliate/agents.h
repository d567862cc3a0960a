// What a User-Agent tells of whoever clicks: the device, and whether it is a person at all. A guess, which
// marks a click and never turns anybody away. Pure.
#pragma once

#include <string_view>

#include "affiliate/types.h"

namespace jangbu::affiliate {

struct AgentSight {
  DeviceType device = DeviceType::unknown;  // a phone, a tablet or a desk
  bool is_bot = false;  // says of itself that it is one: search engines, previews of chats, monitors
  bool is_program =
      false;  // libraries and browsers without a screen, as they run in data centres; or no name

  friend bool operator==(const AgentSight&, const AgentSight&) = default;
};

/// `user_agent`: the header's value, empty when there was none. Only its first 1,000 bytes are looked at.
AgentSight sight_of(std::string_view user_agent);

}  // namespace jangbu::affiliate
