// The keys that session tickets are sealed with.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>

#include "base/time.h"

struct ssl_ctx_st;
struct evp_cipher_ctx_st;
struct evp_mac_ctx_st;

namespace jangbu::http {

/// A ticket holds what the traffic of a TLS 1.2 session can be read with, and travels in the clear: whoever
/// learns its key later reads what was recorded. OpenSSL's own keys stay for as long as a context, these for
/// two periods: they seal for one, and open what they sealed for another. The next handshake wipes them.
/// Thread-safe.
class TicketKeys {
 public:
  static constexpr Duration period = Duration::seconds(12 * 3600);

  explicit TicketKeys(const Clock& clock) : clock_(clock) {}
  ~TicketKeys();
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;

  /// Makes them the keys of a context, which they outlive.
  void serve(ssl_ctx_st* context);
  /// As SSL_CTX_set_tlsext_ticket_key_evp_cb() has it: prepares to seal a ticket under the name and the
  /// vector that it fills in, or to open one that came with them.
  int prepare(unsigned char* name, unsigned char* vector, evp_cipher_ctx_st* cipher, evp_mac_ctx_st* mac,
              bool seals);

 private:
  struct Key {
    std::array<unsigned char, 16> name{};
    std::array<unsigned char, 32> cipher{};
    std::array<unsigned char, 32> mac{};
    std::int64_t made_us = 0;
    bool is_made = false;
  };
  /// The key to seal with. Null when there is no randomness.
  Key* current(std::int64_t now_us);
  /// Wipes the keys that may not even open any more.
  void forget(std::int64_t now_us);
  /// The key of this name. Null: there is none.
  Key* find(const unsigned char* name);

  const Clock& clock_;
  std::mutex mutex_;         // guards keys_
  std::array<Key, 2> keys_;  // the newer first
};

}  // namespace jangbu::http
