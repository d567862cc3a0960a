#include "http/listen_socket.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace jangbu::http {
namespace {

constexpr int backlog = 4096;  // the kernel's own maximum may be lower

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

struct Address {
  sockaddr_storage bytes{};
  socklen_t length = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&bytes); }
};

Result<Address> parse_address(const std::string& text, std::uint16_t port) {
  Address address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.bytes);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.bytes);
  if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.length = sizeof *v4;
  } else if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    address.length = sizeof *v6;
  } else {
    return Error(Errc::invalid_configuration, "not a numeric IPv4 or IPv6 address: " + text);
  }
  return address;
}

Error failure(const char* action) {
  return {Errc::io_error, std::string(action) + ": " + std::strerror(errno)};
}

Result<Descriptor> bind_to(const Address& address, bool shared) {
  Descriptor socket(::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return failure("socket");
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (shared && ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
    return failure("SO_REUSEPORT");
  }
  if (::bind(socket.get(), address.get(), address.length) != 0) return failure("bind");
  return socket;
}

Result<std::uint16_t> bound_port(int socket) {
  Address address;
  address.length = sizeof address.bytes;
  if (::getsockname(socket, address.get(), &address.length) != 0) return failure("getsockname");
  return ntohs(address.bytes.ss_family == AF_INET
                   ? reinterpret_cast<sockaddr_in*>(&address.bytes)->sin_port
                   : reinterpret_cast<sockaddr_in6*>(&address.bytes)->sin6_port);
}

}  // namespace

Status check_address(const std::string& address) {
  const auto parsed = parse_address(address, 0);
  return parsed ? Status() : Status(parsed.error());
}

Result<ListenSockets> listen_on(const std::string& address_text, std::uint16_t port, int count) {
  ASSIGN_OR_RETURN(Address address, parse_address(address_text, port));
  const bool shared = count > 1;
  if (shared && port != 0) {
    // A shared port would quietly join a server that is running already: ask for it alone first.
    ASSIGN_OR_RETURN(const Descriptor alone, bind_to(address, false));
    if (::listen(alone.get(), 1) != 0) return failure("listen");
  }
  std::vector<Descriptor> sockets;
  ListenSockets result;
  for (int i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(Descriptor socket, bind_to(address, shared));
    if (i == 0) {
      ASSIGN_OR_RETURN(result.port, bound_port(socket.get()));
      ASSIGN_OR_RETURN(address, parse_address(address_text, result.port));
    }
    if (::listen(socket.get(), backlog) != 0) return failure("listen");
    sockets.push_back(std::move(socket));
  }
  for (Descriptor& socket : sockets) result.descriptors.push_back(socket.release());
  return result;
}

}  // namespace jangbu::http
