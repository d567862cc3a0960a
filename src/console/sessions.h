// Sessions of operators: a token, sent as `Authorization: Bearer <token>` or as a cookie. No server keeps
// them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"
#include "console/operators.h"
#include "engine/keys.h"
#include "http/message.h"
#include "http/session_tokens.h"

namespace jangbu::console {

inline constexpr Duration session_life = Duration::seconds(12 * 3600);

/// What follows "Bearer " in the Authorization header, or empty.
std::string_view bearer_token(const http::Request& request);

/// A session is bound to its account, to the password that opened it and to the account's count of sessions:
/// another password ends it, and so does disabling the account. Thread-safe.
class Sessions {
 public:
  /// `key`: shared by the nodes of the installation. `is_https`: whether people reach this installation so;
  /// then the cookie is for no other scheme.
  Sessions(const Hash& key, const Clock& clock, Random& random, std::function<bool()> is_https)
      : key_(key), tokens_(key), clock_(clock), random_(random), is_https_(std::move(is_https)) {}

  /// What a request's token claims, proven to be of our making.
  struct Claim {
    OperatorId id = 0;
    Bytes fingerprint;
    engine::KeyDigest token;  // under which engine_tokens has it once the session was ended
    bool by_cookie = false;
  };
  /// Of the Authorization header, or else of the cookie.
  [[nodiscard]] std::optional<Claim> claim_of(const http::Request& request) const;
  /// Whether the claim holds for the account as it stands.
  [[nodiscard]] bool holds(const Claim& claim, const OperatorSet& account) const;

  [[nodiscard]] std::string open(const OperatorSet& account) const;
  /// The Set-Cookie header that hands the token to a browser, and the one that takes it back.
  [[nodiscard]] http::Header cookie_of(std::string_view token) const;
  [[nodiscard]] http::Header no_cookie() const;

 private:
  [[nodiscard]] Bytes fingerprint(const OperatorSet& account) const;
  [[nodiscard]] http::Header cookie(std::string_view value, std::int64_t max_age_s) const;

  Hash key_;
  http::SessionTokens tokens_;
  const Clock& clock_;
  Random& random_;
  std::function<bool()> is_https_;
};

}  // namespace jangbu::console
