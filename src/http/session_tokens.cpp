#include "http/session_tokens.h"

#include "base/invariant.h"
#include "crypto/digest.h"

namespace jangbu::http {
namespace {

constexpr std::size_t nonce_bytes = 16;
constexpr std::size_t head_digits = 2 * (8 + nonce_bytes);
constexpr std::size_t max_subject_bytes = 64;
constexpr std::size_t proof_digits = 64;

}  // namespace

std::string SessionTokens::issue(Instant until, ByteView subject, Random& random) const {
  INVARIANT(subject.size() <= max_subject_bytes, "a session's subject is short");
  Bytes claim;
  ByteWriter writer(claim);
  writer.i64(until.us);
  writer.raw(random.bytes(nonce_bytes));
  writer.raw(subject);
  const std::string text = to_hex(claim);
  return text + proof_of(text);
}

std::optional<Bytes> SessionTokens::open(std::string_view token, Instant now) const {
  if (token.size() < head_digits + proof_digits ||
      token.size() > head_digits + 2 * max_subject_bytes + proof_digits)
    return std::nullopt;
  const std::string_view claim_text = token.substr(0, token.size() - proof_digits);
  if (!crypto::equal_constant_time(token.substr(claim_text.size()), proof_of(claim_text)))
    return std::nullopt;
  const auto claim = from_hex(claim_text);
  if (!claim) return std::nullopt;
  ByteReader in(*claim);
  if (in.i64() <= now.us) return std::nullopt;
  return claim->substr(head_digits / 2);
}

std::string SessionTokens::proof_of(std::string_view claim) const {
  return to_hex(crypto::hmac_sha256(key_.view(), claim).view());
}

}  // namespace jangbu::http
