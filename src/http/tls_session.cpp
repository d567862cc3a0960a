#include "http/tls_session.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include "base/invariant.h"

namespace jangbu::http {
namespace {

/// A client may send messages without end that hold nothing for us, and OpenSSL looks for one that does.
/// After so much, other connections have their turn.
constexpr std::size_t turn_bytes = 64 << 10;

TlsSession::Wire& wire_of(BIO* bio) { return *static_cast<TlsSession::Wire*>(BIO_get_data(bio)); }

bool is_to_be_repeated() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int read_wire(BIO* bio, char* into, int size) {
  BIO_clear_retry_flags(bio);
  TlsSession::Wire& wire = wire_of(bio);
  const std::size_t most = std::min(static_cast<std::size_t>(size), wire.budget);
  if (most == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const auto got = ::recv(wire.socket, into, most, MSG_DONTWAIT);
  if (got > 0) wire.budget -= static_cast<std::size_t>(got);
  if (got < 0 && is_to_be_repeated()) {
    wire.is_dry = true;
    BIO_set_retry_read(bio);
  }
  return static_cast<int>(got);
}

int write_wire(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  const auto sent =
      ::send(wire_of(bio).socket, from, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && is_to_be_repeated()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

long control_wire(BIO* /*bio*/, int what, long /*number*/, void* /*pointer*/) {
  return what == BIO_CTRL_FLUSH ? 1 : 0;  // nothing is held back
}

/// OpenSSL's own writes to sockets without MSG_NOSIGNAL, and reads as long as there is anything.
const BIO_METHOD* wire_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "connection");
    INVARIANT(made != nullptr, "OpenSSL has no memory at its start");
    BIO_meth_set_read(made, read_wire);
    BIO_meth_set_write(made, write_wire);
    BIO_meth_set_ctrl(made, control_wire);
    return made;
  }();
  return method;
}

}  // namespace

std::unique_ptr<TlsSession> TlsIdentity::accept(int socket) {
  Context with = context();
  ERR_clear_error();
  const auto release = [](SSL* ssl) { SSL_free(ssl); };
  std::unique_ptr<SSL, decltype(release)> ssl(SSL_new(with.get()), release);
  BIO* const bio = ssl ? BIO_new(wire_method()) : nullptr;
  if (bio == nullptr) return nullptr;
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl.get(), bio, bio);
  SSL_set_accept_state(ssl.get());
  auto session = std::make_unique<TlsSession>(shared_from_this(), std::move(with), ssl.get(), socket);
  static_cast<void>(ssl.release());
  return session;
}

TlsSession::TlsSession(std::shared_ptr<TlsIdentity> identity, TlsIdentity::Context context, ssl_st* ssl,
                       int socket)
    : identity_(std::move(identity)), context_(std::move(context)), ssl_(ssl) {
  wire_.socket = socket;
  BIO_set_data(SSL_get_rbio(ssl_), &wire_);
}

TlsSession::~TlsSession() {
  if (!established_) identity_->failed_.fetch_add(1, std::memory_order_relaxed);
  SSL_free(ssl_);
}

bool TlsSession::has_input() const { return SSL_has_pending(ssl_) == 1; }

TlsSession::Step TlsSession::judge(int returned) {
  switch (SSL_get_error(ssl_, returned)) {
    case SSL_ERROR_NONE:
      return {};
    case SSL_ERROR_WANT_READ:
      return {wire_.is_dry ? Next::readable : Next::again};
    case SSL_ERROR_WANT_WRITE:
      return {Next::writable};
    case SSL_ERROR_ZERO_RETURN:
      return {Next::ended};
    default:
      if (!established_ && ERR_peek_error() != 0)
        spdlog::debug("tls: a handshake failed: {}", ERR_reason_error_string(ERR_peek_error()));
      failed_ = true;
      return {Next::failed};
  }
}

TlsSession::Step TlsSession::read(void* into, std::size_t size) {
  if (failed_) return {Next::failed};
  wire_.is_dry = false;
  wire_.budget = turn_bytes;
  ERR_clear_error();
  std::size_t got = 0;
  const int returned = SSL_read_ex(ssl_, into, size, &got);
  established_ = established_ || SSL_is_init_finished(ssl_) == 1;
  Step step = judge(returned);
  step.bytes = got;
  return step;
}

TlsSession::Step TlsSession::put(const void* from, std::size_t size) {
  if (failed_) return {Next::failed};
  ERR_clear_error();
  std::size_t sent = 0;
  Step step = judge(SSL_write_ex(ssl_, from, size, &sent));
  step.bytes = sent;
  return step;
}

TlsSession::Step TlsSession::write(const void* from, std::size_t size) {
  while (!unsent_.empty()) {
    const Step step = put(unsent_.data(), unsent_.size());
    if (step.next != Next::nothing) return step;
    unsent_.erase(0, step.bytes);
  }
  return put(from, size);
}

bool TlsSession::send_now(std::string_view text) {
  if (!established_ || !unsent_.empty()) return false;
  const Step step = put(text.data(), text.size());
  if (step.next == Next::nothing) text.remove_prefix(step.bytes);
  if (step.next != Next::failed) unsent_ = text;
  return step.bytes > 0;
}

void TlsSession::end() {
  if (!established_ || failed_ || !unsent_.empty()) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
}

}  // namespace jangbu::http
