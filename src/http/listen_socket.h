// Listening sockets for the lanes of a server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace jangbu::http {

struct ListenSockets {
  std::vector<int> descriptors;  // owned by the caller
  std::uint16_t port = 0;
};

/// Binds `count` sockets to one address; with more than one the kernel spreads new connections over them
/// (SO_REUSEPORT). Port 0 takes any free one. Errors: invalid_configuration, io_error.
Result<ListenSockets> listen_on(const std::string& address, std::uint16_t port, int count);

}  // namespace jangbu::http
