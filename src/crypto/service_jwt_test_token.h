// Tokens for tests: any header and any claims, signed or not.
#pragma once

#include <string>
#include <string_view>

#include "crypto/digest.h"
#include "crypto/service_jwt.h"

namespace jangbu::crypto::testing {

/// `header` and `claims` as they stand, signed with `secret`.
inline std::string signed_token(std::string_view header, std::string_view claims, std::string_view secret) {
  const std::string text = base64url(header) + "." + base64url(claims);
  return text + "." + base64url(hmac_sha256(secret, text).view());
}

}  // namespace jangbu::crypto::testing
