#include "hub/portal_session.h"

#include "crypto/digest.h"

namespace jangbu::hub {
namespace {

constexpr std::string_view cookie_name = "jangbu_portal";
constexpr std::size_t fingerprint_bytes = 16;

}  // namespace

Bytes PortalSessions::fingerprint(std::string_view password_hash) const {
  return Bytes(crypto::hmac_sha256(key_.view(), "password " + std::string(password_hash))
                   .view()
                   .substr(0, fingerprint_bytes));
}

std::optional<PortalSessions::Claim> PortalSessions::claim_of(const http::Request& request) const {
  const std::string_view token = http::cookie_of(request, cookie_name);
  const auto subject = tokens_.open(token, clock_.wall_now());
  if (!subject || subject->size() != sizeof(ManagerId) + fingerprint_bytes) return std::nullopt;
  ByteReader in(*subject);
  Claim claim;
  claim.manager = in.u64();
  claim.fingerprint = in.raw(fingerprint_bytes);
  claim.token = engine::key_digest(engine::KeyScope::hub_session, claim.manager, token);
  return claim;
}

bool PortalSessions::holds(const Claim& claim, const ManagerRow& manager) const {
  return !manager.password_hash.empty() &&
         crypto::equal_constant_time(claim.fingerprint, fingerprint(manager.password_hash));
}

http::Header PortalSessions::open(ManagerId manager, std::string_view password_hash) const {
  Bytes subject;
  ByteWriter writer(subject);
  writer.u64(manager);
  writer.raw(fingerprint(password_hash));
  const std::string token = tokens_.issue(clock_.wall_now() + portal_session_life, subject, random_);
  return cookie(token, portal_session_life.us / 1'000'000);
}

http::Header PortalSessions::close() const { return cookie("", 0); }

http::Header PortalSessions::cookie(std::string_view value, std::int64_t max_age_s) const {
  std::string text = std::string(cookie_name) + "=" + std::string(value) +
                     "; Path=/partner; Max-Age=" + std::to_string(max_age_s) + "; HttpOnly; SameSite=Strict";
  if (is_https_()) text += "; Secure";
  return {"Set-Cookie", std::move(text)};
}

}  // namespace jangbu::hub
