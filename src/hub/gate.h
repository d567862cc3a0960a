// The gate of the hub: who asks, and whether this app may ask now. Everything about a request's token but one
// thing, that its id was not used before: that is taken in the books with the change (KeyScope::hub_token).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "engine/keys.h"
#include "http/message.h"
#include "http/rate_limiter.h"
#include "hub/apps.h"

namespace jangbu::hub {

/// The `aud` of the hub's tokens.
inline constexpr std::string_view token_audience = "08l-hub";

/// Who is behind a request that came through the gate.
struct Caller {
  AppId app = 0;
  std::string code;         // the app's service code
  engine::KeyDigest token;  // of the jti, to be taken once
  Instant token_until;      // wall time until which that is to be remembered
};

/// Thread-safe.
class Gate {
 public:
  Gate(const AppBoard& board, const AppSecrets& secrets, const Clock& clock)
      : board_(board), secrets_(secrets), clock_(clock), limiter_(clock) {}

  /// Lets a request through that carries `Authorization: ServiceJWT <token>` of an app with that scope. A
  /// request counts against its app's rate only when its token is genuine.
  /// Errors: token_missing, token_malformed, token_invalid, token_expired, service_not_allowed, rate_limited.
  Result<Caller> admit(const http::Request& request, Scope scope);

 private:
  const AppBoard& board_;
  const AppSecrets& secrets_;
  const Clock& clock_;
  http::RateLimiter limiter_;
};

}  // namespace jangbu::hub
