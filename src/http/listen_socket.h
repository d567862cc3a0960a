// Listening sockets for the lanes of a server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace jangbu::http {

/// Whether this is an address that can be listened on: of numbers, IPv4 or IPv6. Error:
/// invalid_configuration.
Status check_address(const std::string& address);

struct ListenSockets {
  std::vector<int> descriptors;  // owned by the caller
  std::uint16_t port = 0;
};

/// Binds `count` sockets to one address; with more than one the kernel spreads new connections over them
/// (SO_REUSEPORT). Port 0 takes any free one. Errors: invalid_configuration, io_error.
Result<ListenSockets> listen_on(const std::string& address, std::uint16_t port, int count);

}  // namespace jangbu::http
