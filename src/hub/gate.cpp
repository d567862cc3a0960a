#include "hub/gate.h"

#include <vector>

#include "crypto/service_jwt.h"
#include "door/secrets.h"

namespace jangbu::hub {
namespace {

constexpr std::string_view scheme = "ServiceJWT";

Result<std::string_view> token_of(const http::Request& request) {
  const std::string* const header = request.header("Authorization");
  if (header == nullptr || header->empty()) return Errc::token_missing;
  const auto token = http::credentials_of(*header, scheme);
  if (!token) return Errc::token_malformed;
  return *token;
}

/// The app's secrets that count at `now`, the newest first.
std::vector<std::string> secrets_at(const AppSet& app, const AppSecrets& secrets, Instant now) {
  std::vector<std::string> valid;
  for (auto it = app.secrets.rbegin(); it != app.secrets.rend(); ++it) {
    if (!door::is_valid(*it, now)) continue;
    if (auto secret = secrets.find(app.id, it->number)) valid.push_back(std::move(*secret));
  }
  return valid;
}

}  // namespace

Result<Caller> Gate::admit(const http::Request& request, Scope scope) {
  ASSIGN_OR_RETURN(const std::string_view token, token_of(request));
  ASSIGN_OR_RETURN(const std::string issuer, crypto::unverified_issuer(token));
  const auto apps = board_.current();
  const AppSet* const app = apps->find(issuer);
  if (app == nullptr) return Errc::service_not_allowed;
  const Instant now = clock_.wall_now();
  ASSIGN_OR_RETURN(const crypto::ServiceClaims claims,
                   crypto::verify_service_jwt(token, secrets_at(*app, secrets_, now), token_audience, now));
  if (app->suspended || app->scope != scope) return Errc::service_not_allowed;
  if (!limiter_.admit(app->id, app->rate_per_s, app->burst)) return Errc::rate_limited;
  return Caller{app->id, app->code, engine::key_digest(engine::KeyScope::hub_token, app->id, claims.id),
                claims.expires_at + crypto::service_jwt_skew};
}

}  // namespace jangbu::hub
