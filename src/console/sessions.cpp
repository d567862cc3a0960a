#include "console/sessions.h"

#include "crypto/digest.h"

namespace jangbu::console {
namespace {

constexpr std::string_view cookie_name = "jangbu_console";
constexpr std::size_t fingerprint_bytes = 16;

}  // namespace

std::string_view bearer_token(const http::Request& request) {
  const std::string* const header = request.header("Authorization");
  return header == nullptr ? std::string_view() : http::credentials_of(*header, "Bearer").value_or("");
}

std::optional<Sessions::Claim> Sessions::claim_of(const http::Request& request) const {
  std::string_view token = bearer_token(request);
  const bool by_cookie = token.empty() && request.header("Authorization") == nullptr;
  if (by_cookie) token = http::cookie_of(request, cookie_name);
  const auto subject = tokens_.open(token, clock_.wall_now());
  if (!subject || subject->size() != sizeof(OperatorId) + fingerprint_bytes) return std::nullopt;
  ByteReader in(*subject);
  Claim claim;
  claim.id = in.u64();
  claim.fingerprint = in.raw(fingerprint_bytes);
  claim.token = engine::key_digest(engine::KeyScope::console_session, claim.id, token);
  claim.by_cookie = by_cookie;
  return claim;
}

bool Sessions::holds(const Claim& claim, const OperatorSet& account) const {
  return !account.disabled && crypto::equal_constant_time(claim.fingerprint, fingerprint(account));
}

std::string Sessions::open(const OperatorSet& account) const {
  Bytes subject;
  ByteWriter writer(subject);
  writer.u64(account.id);
  writer.raw(fingerprint(account));
  return tokens_.issue(clock_.wall_now() + session_life, subject, random_);
}

http::Header Sessions::cookie_of(std::string_view token) const {
  return cookie(token, session_life.us / 1'000'000);
}

http::Header Sessions::no_cookie() const { return cookie("", 0); }

Bytes Sessions::fingerprint(const OperatorSet& account) const {
  const std::string text = "operator " + std::to_string(account.id) + " " + std::to_string(account.sessions) +
                           " " + account.password_hash;
  return Bytes(crypto::hmac_sha256(key_.view(), text).view().substr(0, fingerprint_bytes));
}

http::Header Sessions::cookie(std::string_view value, std::int64_t max_age_s) const {
  std::string text = std::string(cookie_name) + "=" + std::string(value) +
                     "; Path=/api; Max-Age=" + std::to_string(max_age_s) + "; HttpOnly; SameSite=Strict";
  if (is_https_()) text += "; Secure";
  return {"Set-Cookie", std::move(text)};
}

}  // namespace jangbu::console
