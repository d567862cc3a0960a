#include "invoice/gate.h"

#include "crypto/digest.h"
#include "delivery/signature.h"
#include "door/secrets.h"

namespace jangbu::invoice {
namespace {

constexpr std::string_view basic_scheme = "Basic";
constexpr std::string_view bearer_scheme = "Bearer";
constexpr std::string_view role_header = "BOOTPAY-ROLE";

/// What a token says: the app, and the secret that bought it, whose end ends it.
Bytes subject_of(AppId app, std::uint64_t secret) {
  Bytes subject;
  ByteWriter writer(subject);
  writer.u64(app);
  writer.u64(secret);
  return subject;
}

}  // namespace

Result<Credentials> parse_basic(std::string_view base64) {
  const auto text = delivery::from_base64(base64);
  if (!text) return Errc::token_malformed;
  const auto colon = text->find(':');
  if (colon == std::string::npos) return Errc::token_malformed;
  return Credentials{text->substr(0, colon), text->substr(colon + 1)};
}

Result<Gate::Recognised> Gate::by_keys(const Credentials& credentials, const Apps& apps) const {
  const Hash digest = crypto::sha256(credentials.secret_key);
  const AppSet* const app = apps.find(std::string_view(credentials.client_key));
  if (app == nullptr) return Errc::not_authenticated;
  const Instant now = clock_.wall_now();
  for (const AppSecret& secret : app->secrets) {
    if (door::is_valid(secret, now) && crypto::equal_constant_time(secret.digest.view(), digest.view()))
      return Recognised{*app, secret.number};
  }
  return Errc::not_authenticated;
}

Result<Gate::Recognised> Gate::by_token(std::string_view token, const Apps& apps) const {
  const Instant now = clock_.wall_now();
  const auto subject = tokens_.open(token, now);
  if (!subject) return Errc::token_invalid;
  ByteReader in(*subject);
  const AppId id = in.u64();
  const std::uint64_t number = in.u64();
  const AppSet* const app = in.finish() ? apps.find(id) : nullptr;
  if (app == nullptr) return Errc::token_invalid;
  for (const AppSecret& secret : app->secrets)
    if (secret.number == number && door::is_valid(secret, now)) return Recognised{*app, number};
  return Errc::token_invalid;
}

Result<Gate::Recognised> Gate::by_header(std::string_view authorization, const Apps& apps) const {
  if (const auto token = http::credentials_of(authorization, bearer_scheme)) return by_token(*token, apps);
  const auto keys = http::credentials_of(authorization, basic_scheme);
  if (!keys) return Errc::token_malformed;
  ASSIGN_OR_RETURN(const Credentials credentials, parse_basic(*keys));
  return by_keys(credentials, apps);
}

Status Gate::may_ask(const AppSet& app) {
  if (app.suspended) return Errc::service_not_allowed;
  if (!limiter_.admit(app.id, app.rate_per_s, app.burst)) return Errc::rate_limited;
  return {};
}

Result<Caller> Gate::admit(const http::Request& request, const Apps& apps) {
  const std::string* const header = request.header("Authorization");
  if (header == nullptr || header->empty()) return Errc::token_missing;
  ASSIGN_OR_RETURN(const Recognised recognised, by_header(*header, apps));
  RETURN_IF_ERROR(may_ask(recognised.app));
  const std::string* const role = request.header(role_header);
  const bool supervises = role != nullptr && (*role == "supervisor" || *role == "manager");
  return Caller{recognised.app.id, supervises};
}

Result<AccessToken> Gate::issue(const http::Request& request, const std::optional<Credentials>& body,
                                const Apps& apps) {
  const std::string* const header = request.header("Authorization");
  const bool has_header = header != nullptr && !header->empty();
  if (!has_header && !body) return Errc::token_missing;
  // A token buys no token, or it would live for ever.
  if (has_header && !http::credentials_of(*header, basic_scheme)) return Errc::not_authenticated;
  ASSIGN_OR_RETURN(const Recognised recognised, has_header ? by_header(*header, apps) : by_keys(*body, apps));
  RETURN_IF_ERROR(may_ask(recognised.app));
  const Instant now = clock_.wall_now();
  const std::lock_guard lock(mutex_);
  Issued& issued = issued_[recognised.app.id];
  if (issued.text.empty() || issued.secret != recognised.secret || now - issued.issued_at >= token_reuse) {
    issued = {tokens_.issue(now + token_life, subject_of(recognised.app.id, recognised.secret), random_), now,
              recognised.secret};
  }
  const Instant expires_at = issued.issued_at + token_life;
  return AccessToken{issued.text, expires_at, expires_at - now};
}

}  // namespace jangbu::invoice
