// One HTTP call to Toss Payments, behind a header without libcurl.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace jangbu::payment {

struct TossCall {
  const char* method = "GET";
  std::string url;
  std::string body;             // JSON, or empty
  std::string idempotency_key;  // or empty
};
struct TossAnswer {
  int status = 0;
  std::string body;
};

/// Blocks for the time-outs at most. TLS is verified, redirects are not followed, an answer above 256 KiB is
/// not read. Error: acquirer_unavailable; whether the call was heard is then not known. Thread-safe.
Result<TossAnswer> call_toss(const TossCall& call, const std::string& secret_key, long connect_timeout_ms,
                             long timeout_ms);

}  // namespace jangbu::payment
