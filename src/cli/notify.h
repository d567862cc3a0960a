// What a service manager is told (sd_notify), when one has started the program and asks for it.
#pragma once

#include <string_view>

namespace jangbu::cli {

/// Sends a state such as "READY=1" to NOTIFY_SOCKET; does nothing where there is none.
void notify_manager(std::string_view state);

}  // namespace jangbu::cli
