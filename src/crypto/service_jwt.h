// ServiceJWT: short-lived tokens with which services prove who they are, signed with a shared secret. A
// strict part of RFC 7519 and RFC 7515: one algorithm, no header that chooses a key, nothing said twice.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace jangbu::crypto {

/// What a verified token says.
struct ServiceClaims {
  std::string issuer;   // iss
  std::string subject;  // sub
  std::string id;       // jti
  Instant expires_at;   // exp; given by sign_service_jwt()
};

inline constexpr std::size_t max_service_jwt_bytes = 8192;
/// Of iss, sub and jti.
inline constexpr std::size_t max_service_claim_bytes = 255;
/// How far away exp may be.
inline constexpr Duration max_service_jwt_life = Duration::seconds(300);
/// How far two clocks may be apart; exp, nbf and iat are judged with it.
inline constexpr Duration service_jwt_skew = Duration::seconds(30);

/// Who the token says it is from, to choose the secrets with which it is verified; nothing is proven by that.
/// Error: token_malformed.
Result<std::string> unverified_issuer(std::string_view token);

/// Verifies a token in compact form: HS256 under one of `secrets`, `aud` is or contains `audience`, `exp` not
/// past and not too far away at wall time `now`, `nbf` and `iat` not in the future when they are there.
/// Errors: token_malformed (not the form, a claim missing or of another type, a name repeated), token_invalid
/// (another algorithm, a header beside alg and typ, signature, audience, times), token_expired. What the
/// claims say is told only after the signature is right.
Result<ServiceClaims> verify_service_jwt(std::string_view token, std::span<const std::string> secrets,
                                         std::string_view audience, Instant now);

/// A token of ours, as a service makes them: valid for max_service_jwt_life from `now`.
std::string sign_service_jwt(const ServiceClaims& claims, std::string_view secret, std::string_view audience,
                             Instant now);

/// RFC 4648's URL alphabet, without padding.
std::string base64url(ByteView bytes);

}  // namespace jangbu::crypto
