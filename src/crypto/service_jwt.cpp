#include "crypto/service_jwt.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/bytes.h"
#include "base/json.h"
#include "crypto/digest.h"

namespace jangbu::crypto {
namespace {

using json::Kind;
using json::Value;

/// The three parts as they were sent.
struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;  // header and payload with the dot between them
};

Result<Parts> split(std::string_view token) {
  if (token.size() > max_service_jwt_bytes) return Errc::token_malformed;
  const auto first = token.find('.');
  if (first == std::string_view::npos) return Errc::token_malformed;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) return Errc::token_malformed;
  Parts parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
              token.substr(0, second)};
  if (parts.signature.find('.') != std::string_view::npos) return Errc::token_malformed;
  return parts;
}

int base64url_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : -1;
}

/// Base64url without padding in its only form: unused bits of the last digit are zero, so that no other text
/// stands for the same bytes.
Result<Bytes> decode_base64url(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = base64url_digit(c);
    if (digit < 0) return Errc::token_malformed;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count & 0xff));
    bits &= (1u << count) - 1;
  }
  if (count >= 6 || bits != 0 || bytes.empty()) return Errc::token_malformed;
  return bytes;
}

/// A part that is a JSON object in which no name stands twice: readers disagree on which one counts.
Result<json::Document> decode_object(std::string_view part) {
  ASSIGN_OR_RETURN(const Bytes text, decode_base64url(part));
  Result<json::Document> document = json::Document::parse(text);
  if (!document || document->root().kind != Kind::object) return Errc::token_malformed;
  const Value& root = document->root();
  for (std::uint32_t i = 0; i < root.size; ++i) {
    if (root.find(root.members[i].name) != &root.members[i].value) return Errc::token_malformed;
  }
  return document;
}

/// Text of a claim that names something: not empty, bounded, without control characters.
Result<std::string> name_claim(const Value& claims, std::string_view name) {
  const Value* const value = claims.find(name);
  if (value == nullptr || !value->is_string() || value->text.empty() ||
      value->text.size() > max_service_claim_bytes)
    return Errc::token_malformed;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(value->text.begin(), value->text.end(), is_control)) return Errc::token_malformed;
  return std::string(value->text);
}

/// Whole seconds since 1970; what does not fit becomes the nearest that does. nullopt when there is no such
/// claim.
Result<std::optional<Instant>> time_claim(const Value& claims, std::string_view name) {
  const Value* const value = claims.find(name);
  if (value == nullptr) return std::optional<Instant>();
  if (!value->is_number()) return Errc::token_malformed;
  constexpr std::int64_t last_s = 253'402'300'799;  // the end of the year 9999
  std::int64_t seconds = 0;
  const char* const end = value->text.data() + value->text.size();
  const auto [rest, error] = std::from_chars(value->text.data(), end, seconds);
  if (rest != end) return Errc::token_malformed;
  if (error == std::errc::result_out_of_range) seconds = value->text.front() == '-' ? 0 : last_s;
  return std::optional(Instant{std::clamp<std::int64_t>(seconds, 0, last_s) * 1'000'000});
}

/// The algorithm is ours to say, not the token's; a header that brings or names a key is an attempt.
Status check_header(const Value& header) {
  const Value* const algorithm = header.find("alg");
  if (algorithm == nullptr || !algorithm->is_string()) return Errc::token_malformed;
  if (algorithm->text != "HS256") return Errc::token_invalid;
  for (std::uint32_t i = 0; i < header.size; ++i) {
    const json::Member& member = header.members[i];
    if (member.name == "alg") continue;
    if (member.name != "typ") return Errc::token_invalid;
    if (!member.value.is_string() || (member.value.text != "JWT" && member.value.text != "jwt"))
      return Errc::token_invalid;
  }
  return {};
}

bool is_signed_with_one_of(const Parts& parts, ByteView signature, std::span<const std::string> secrets) {
  bool found = false;
  for (const std::string& secret : secrets) {
    const Hash expected = hmac_sha256(secret, parts.signed_text);
    found |= !secret.empty() && equal_constant_time(expected.view(), signature);
  }
  return found;
}

/// aud: a text, or a list of texts.
Status check_audience(const Value& claims, std::string_view audience) {
  const Value* const value = claims.find("aud");
  if (value == nullptr) return Errc::token_malformed;
  if (value->is_string()) return value->text == audience ? Status() : Status(Errc::token_invalid);
  if (value->kind != Kind::array) return Errc::token_malformed;
  bool found = false;
  for (std::uint32_t i = 0; i < value->size; ++i) {
    if (!value->items[i].is_string()) return Errc::token_malformed;
    found |= value->items[i].text == audience;
  }
  return found ? Status() : Status(Errc::token_invalid);
}

/// The moment at which the token ends.
Result<Instant> check_times(const Value& claims, Instant now) {
  ASSIGN_OR_RETURN(const std::optional<Instant> expires_at, time_claim(claims, "exp"));
  ASSIGN_OR_RETURN(const std::optional<Instant> not_before, time_claim(claims, "nbf"));
  ASSIGN_OR_RETURN(const std::optional<Instant> issued_at, time_claim(claims, "iat"));
  if (!expires_at) return Errc::token_malformed;
  if (now >= *expires_at + service_jwt_skew) return Errc::token_expired;
  const Instant latest = now + service_jwt_skew;
  if (*expires_at > latest + max_service_jwt_life) return Errc::token_invalid;
  if (not_before && *not_before > latest) return Errc::token_invalid;
  if (issued_at &&
      (*issued_at > latest || *expires_at > *issued_at + max_service_jwt_life + service_jwt_skew))
    return Errc::token_invalid;
  return *expires_at;
}

}  // namespace

Result<std::string> unverified_issuer(std::string_view token) {
  ASSIGN_OR_RETURN(const Parts parts, split(token));
  ASSIGN_OR_RETURN(const json::Document claims, decode_object(parts.payload));
  return name_claim(claims.root(), "iss");
}

Result<ServiceClaims> verify_service_jwt(std::string_view token, std::span<const std::string> secrets,
                                         std::string_view audience, Instant now) {
  ASSIGN_OR_RETURN(const Parts parts, split(token));
  ASSIGN_OR_RETURN(const json::Document header, decode_object(parts.header));
  RETURN_IF_ERROR(check_header(header.root()));
  ASSIGN_OR_RETURN(const Bytes signature, decode_base64url(parts.signature));
  if (!is_signed_with_one_of(parts, signature, secrets)) return Errc::token_invalid;

  ASSIGN_OR_RETURN(const json::Document document, decode_object(parts.payload));
  const Value& claims = document.root();
  ServiceClaims said;
  ASSIGN_OR_RETURN(said.issuer, name_claim(claims, "iss"));
  ASSIGN_OR_RETURN(said.subject, name_claim(claims, "sub"));
  ASSIGN_OR_RETURN(said.id, name_claim(claims, "jti"));
  RETURN_IF_ERROR(check_audience(claims, audience));
  ASSIGN_OR_RETURN(said.expires_at, check_times(claims, now));
  return said;
}

std::string base64url(ByteView bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += digits[bits >> (count - 6) & 63];
  }
  if (count > 0) text += digits[bits << (6 - count) & 63];
  return text;
}

std::string sign_service_jwt(const ServiceClaims& claims, std::string_view secret, std::string_view audience,
                             Instant now) {
  std::string payload;
  json::Writer writer(payload);
  writer.begin_object().key("iss").string(claims.issuer).key("sub").string(claims.subject);
  writer.key("aud").string(audience).key("jti").string(claims.id);
  writer.key("iat").number(now.unix_seconds());
  writer.key("exp").number((now + max_service_jwt_life).unix_seconds()).end_object();
  const std::string text = base64url(R"({"alg":"HS256"})") + "." + base64url(payload);
  return text + "." + base64url(hmac_sha256(secret, text).view());
}

}  // namespace jangbu::crypto
