// Any bytes as a token, and any bytes as the claims of a token that is signed: no crash; what is accepted
// keeps the promises of service_jwt.h.
#include <cstdlib>

#include "crypto/service_jwt.h"
#include "crypto/service_jwt_test_token.h"

namespace {

using namespace jangbu;
using namespace jangbu::crypto;

const std::string secrets[] = {"a secret"};
constexpr Instant now{1'779'670'800'000'000};

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const std::string& token) {
  const auto claims = verify_service_jwt(token, secrets, "08l-hub", now);
  if (!claims) return;
  for (const std::string* text : {&claims->issuer, &claims->subject, &claims->id})
    require(!text->empty() && text->size() <= max_service_claim_bytes);
  require(claims->expires_at > now - service_jwt_skew);
  require(claims->expires_at <= now + max_service_jwt_life + service_jwt_skew);
  require(unverified_issuer(token).value() == claims->issuer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check(text);
  check(jangbu::crypto::testing::signed_token(R"({"alg":"HS256"})", text, secrets[0]));
  return 0;
}
