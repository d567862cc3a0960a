// Who a server that speaks TLS itself says that it is: a certificate and its key, from files. OpenSSL is
// behind this header and tls_session.h; why it is driven from here: docs/adr/0019-tls.md.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

struct ssl_ctx_st;

namespace jangbu::http {

class TlsSession;

/// What a certificate says, for people and for those who check it.
struct Certificate {
  std::vector<std::string> names;  // host names and addresses that it is for
  Instant not_before;
  Instant not_after;
  /// SHA-256 of its public key, "sha256//...": who knows that needs no authority to know the server.
  std::string pin;
};

/// The certificate and the key of a server. Thread-safe.
class TlsIdentity : public std::enable_shared_from_this<TlsIdentity> {
 public:
  /// Files in PEM: the certificate with those that lead to its authority behind it, and its key, not
  /// encrypted. Error: invalid_configuration, naming the file that cannot be read or is no such thing, or a
  /// key of another certificate. A certificate whose time is over, or has not come, is none: `certificate()`
  /// tells. `clock`: outlives it and its sessions; of the keys of tickets.
  static Result<std::shared_ptr<TlsIdentity>> load(std::string certificate_file, std::string key_file,
                                                   const Clock& clock);

  /// Reads the files again. Handshakes that begin from now on are made with what they say; connections that
  /// stand keep what they began with. Error: as load; then everything stays as it was.
  Status reload();

  [[nodiscard]] Certificate certificate() const;
  /// Whether the certificate is for this host name or address.
  [[nodiscard]] bool is_for(const std::string& host) const;
  /// Connections that ended before their handshake did: garbage, plain HTTP, clients that wait or leave.
  [[nodiscard]] std::uint64_t failed_handshakes() const { return failed_.load(std::memory_order_relaxed); }

  /// A server's session over a connected socket, which stays its owner's. Null without memory.
  [[nodiscard]] std::unique_ptr<TlsSession> accept(int socket);

 private:
  friend class TlsSession;
  using Context = std::shared_ptr<ssl_ctx_st>;

  TlsIdentity(std::string certificate_file, std::string key_file, const Clock& clock, Context context)
      : certificate_file_(std::move(certificate_file)),
        key_file_(std::move(key_file)),
        clock_(clock),
        context_(std::move(context)) {}
  static Result<Context> read(const std::string& certificate_file, const std::string& key_file,
                              const Clock& clock);
  [[nodiscard]] Context context() const;

  const std::string certificate_file_;
  const std::string key_file_;
  const Clock& clock_;
  mutable std::mutex mutex_;  // guards context_
  Context context_;
  std::atomic<std::uint64_t> failed_{0};
};

/// Whether a file holds certificates in PEM, as those of authorities. Error: invalid_configuration.
Status check_authorities(const std::string& file);

}  // namespace jangbu::http
