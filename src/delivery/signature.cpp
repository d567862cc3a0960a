#include "delivery/signature.h"

#include "crypto/digest.h"

namespace jangbu::delivery {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view secret_prefix = "whsec_";

}  // namespace

std::string to_base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      text.push_back(i + k <= bytes.size() ? alphabet[group >> (18 - 6 * k) & 63] : '=');
  }
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return Errc::invalid_encoding;
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::string_view group = text.substr(i, 4);
    const std::size_t digits = std::min(group.find('='), group.size());
    if (digits < 2 || (digits < 4 && i + 4 != text.size())) return Errc::invalid_encoding;
    std::uint32_t value = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t digit = k < digits ? alphabet.find(group[k]) : 0;
      if (digit == std::string_view::npos || (k >= digits && group[k] != '=')) return Errc::invalid_encoding;
      value = value << 6 | static_cast<std::uint32_t>(digit);
    }
    for (std::size_t k = 0; k + 1 < digits; ++k)
      bytes.push_back(static_cast<char>(value >> (16 - 8 * k) & 0xff));
  }
  // Bits beyond the last byte must be zero.
  if (to_base64(bytes) != text) return Errc::invalid_encoding;
  return bytes;
}

std::string standard_signature(std::string_view secret, std::string_view id, std::int64_t timestamp_s,
                               std::string_view body) {
  if (secret.starts_with(secret_prefix)) secret.remove_prefix(secret_prefix.size());
  const Bytes key = from_base64(secret).value_or(Bytes(secret));
  std::string content(id);
  content += '.';
  content += std::to_string(timestamp_s);
  content += '.';
  content += body;
  return "v1," + to_base64(crypto::hmac_sha256(key, content).view());
}

std::vector<http::Header> signature_headers(Signing signing, std::string_view secret, std::string_view id,
                                            Instant now, std::string_view body) {
  std::vector<http::Header> headers{{"webhook-id", std::string(id)}};
  if (signing == Signing::none) return headers;
  const std::string timestamp = std::to_string(now.unix_seconds());
  headers.push_back({"webhook-timestamp", timestamp});
  headers.push_back({"webhook-signature", standard_signature(secret, id, now.unix_seconds(), body)});
  if (signing == Signing::standard_and_bootpay) {
    const Hash mac = crypto::hmac_sha256(secret, timestamp + "." + std::string(body));
    headers.push_back({"X-Bootpay-Timestamp", timestamp});
    headers.push_back({"X-Bootpay-Signature", "sha256=" + to_hex(mac.view())});
  }
  return headers;
}

}  // namespace jangbu::delivery
