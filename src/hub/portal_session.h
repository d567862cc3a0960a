// Sessions of brands' managers in the partner portal, as a cookie.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"
#include "engine/keys.h"
#include "http/message.h"
#include "http/session_tokens.h"
#include "hub/rows.h"

namespace jangbu::hub {

inline constexpr Duration portal_session_life = Duration::seconds(12 * 3600);

/// A session is bound to its manager and to the password that opened it: another password ends it, and so
/// does signing out (engine/ended_sessions.h). No server keeps those that are open. Thread-safe.
class PortalSessions {
 public:
  /// `key`: shared by the nodes of the installation. `is_https`: whether people reach this installation so;
  /// then the cookie is for no other scheme.
  PortalSessions(const Hash& key, const Clock& clock, Random& random, std::function<bool()> is_https)
      : key_(key), tokens_(key), clock_(clock), random_(random), is_https_(std::move(is_https)) {}

  /// What a request's cookie claims, proven to be of our making.
  struct Claim {
    ManagerId manager = 0;
    Bytes fingerprint;        // of the password that opened it
    engine::KeyDigest token;  // under which engine_tokens has it once the session was ended
  };
  [[nodiscard]] std::optional<Claim> claim_of(const http::Request& request) const;
  /// Whether the claim holds for the manager as they stand.
  [[nodiscard]] bool holds(const Claim& claim, const ManagerRow& manager) const;

  /// The Set-Cookie header that opens a session, and the one that ends it in the browser.
  [[nodiscard]] http::Header open(ManagerId manager, std::string_view password_hash) const;
  [[nodiscard]] http::Header close() const;

 private:
  [[nodiscard]] Bytes fingerprint(std::string_view password_hash) const;
  [[nodiscard]] http::Header cookie(std::string_view value, std::int64_t max_age_s) const;

  Hash key_;
  http::SessionTokens tokens_;
  const Clock& clock_;
  Random& random_;
  std::function<bool()> is_https_;
};

}  // namespace jangbu::hub
