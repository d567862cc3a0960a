// Toss Payments as an acquirer, by its public REST API (https://docs.tosspayments.com/reference).
#pragma once

#include <memory>
#include <string>

#include "payment/acquirer.h"

namespace jangbu::payment {

struct TossOptions {
  std::string secret_key;  // empty: not configured
  std::string base_url = "https://api.tosspayments.com";
  long connect_timeout_ms = 5'000;
  /// A confirmation may take the card company's own time; what takes longer is asked for.
  long timeout_ms = 20'000;

  /// JANGBU_TOSS_SECRET_KEY, and JANGBU_TOSS_URL where a stand-in takes its place.
  /// Error: invalid_configuration (a URL that is neither https nor on this machine).
  static Result<TossOptions> from_environment();
};

/// The customer pays in Toss's own window, whose paymentKey is confirmed here; cards of a form of ours are
/// not taken. Only what Toss refuses for good is declined: time-outs, 5xx and its "again later" are unknown.
std::unique_ptr<Acquirer> make_toss_acquirer(TossOptions options);

}  // namespace jangbu::payment
