// The gate of the invoice door: whose server asks, by its keys or by a token that they bought, and whether it
// may ask now. No database is asked; every node decides alike.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "http/message.h"
#include "http/rate_limiter.h"
#include "http/session_tokens.h"
#include "invoice/apps.h"

namespace jangbu::invoice {

/// A token lives so long, and asked for again in its first part the same one comes back.
inline constexpr Duration token_life = Duration::seconds(30 * 60);
inline constexpr Duration token_reuse = Duration::seconds(25 * 60);

/// Who is behind a request that came through the gate.
struct Caller {
  AppId app = 0;
  bool is_supervisor = false;  // it says so itself (BOOTPAY-ROLE); the keys are the same for all roles
};

struct AccessToken {
  std::string text;
  Instant expires_at;  // wall time
  Duration left;       // until then
};

/// Client key and secret key, as sent.
struct Credentials {
  std::string client_key;
  std::string secret_key;
};

/// Thread-safe.
class Gate {
 public:
  /// `token_key`: shared by the nodes of the installation, and used for these tokens alone.
  Gate(const Hash& token_key, const Clock& clock, Random& random)
      : clock_(clock), random_(random), tokens_(token_key), limiter_(clock) {}

  /// Lets a request through that carries `Authorization: Basic` or `Bearer`. It counts against its app's rate
  /// only when it is genuine. Errors: token_missing, token_malformed, token_invalid (also: expired),
  /// not_authenticated (the keys), service_not_allowed, rate_limited.
  Result<Caller> admit(const http::Request& request, const Apps& apps);

  /// The token of an app: a new one, or the one that was issued on this node in the last 25 minutes. `body`:
  /// the keys when the request has no Authorization. Errors: as admit().
  Result<AccessToken> issue(const http::Request& request, const std::optional<Credentials>& body,
                            const Apps& apps);

 private:
  struct Issued {
    std::string text;
    Instant issued_at;
    std::uint64_t secret = 0;
  };
  /// The secret with which the app of these keys was recognised.
  struct Recognised {
    AppSet app;
    std::uint64_t secret = 0;
  };

  [[nodiscard]] Result<Recognised> by_keys(const Credentials& credentials, const Apps& apps) const;
  [[nodiscard]] Result<Recognised> by_token(std::string_view token, const Apps& apps) const;
  [[nodiscard]] Result<Recognised> by_header(std::string_view authorization, const Apps& apps) const;
  Status may_ask(const AppSet& app);

  const Clock& clock_;
  Random& random_;
  http::SessionTokens tokens_;
  http::RateLimiter limiter_;
  std::mutex mutex_;
  std::map<AppId, Issued> issued_;
};

/// Client key and secret key of `Authorization: Basic ...`. Error: token_malformed.
Result<Credentials> parse_basic(std::string_view base64);

}  // namespace jangbu::invoice
