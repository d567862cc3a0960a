// Signatures of outgoing requests, by which a receiver knows who sent them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "delivery/events.h"
#include "http/message.h"

namespace jangbu::delivery {

/// RFC 4648, with padding.
std::string to_base64(ByteView bytes);
/// Error: invalid_encoding, also for text that to_base64() would not write.
Result<Bytes> from_base64(std::string_view text);

/// The value of webhook-signature: "v1," and base64 of HMAC-SHA-256 over "id.timestamp.body". The secret is
/// its text with or without "whsec_"; one that is no base64 is taken as it stands.
std::string standard_signature(std::string_view secret, std::string_view id, std::int64_t timestamp_s,
                               std::string_view body);

/// The headers that a request carries: webhook-id always; when it is signed webhook-timestamp and
/// webhook-signature, and for `standard_and_bootpay` X-Bootpay-Timestamp and X-Bootpay-Signature:
/// "sha256=" and hex of HMAC-SHA-256, keyed with the secret's text, over "timestamp.body". `now` is wall
/// time: receivers compare it with their clocks.
std::vector<http::Header> signature_headers(Signing signing, std::string_view secret, std::string_view id,
                                            Instant now, std::string_view body);

}  // namespace jangbu::delivery
