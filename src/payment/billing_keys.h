// Billing keys at rest: what an acquirer charges a kept card by, sealed beside the books and opened for one
// call.
#pragma once

#include <string>

#include "base/random.h"
#include "crypto/secret.h"
#include "payment/payment.h"
#include "store/database.h"

namespace jangbu::payment {

/// The acquirer's name for a kept card, and the name under which it knows the customer.
struct BillingSecret {
  std::string key;
  std::string customer_key;
};

/// In engine_secrets as "payment/billing_key/{number}". Each is bound to its number: a row that was put in
/// another's place does not open. Thread-safe.
class BillingKeys {
 public:
  BillingKeys(const crypto::MasterKey& master, Random& random) : master_(master), random_(random) {}

  /// In the transaction of the session.
  Status write(store::Session& session, BillingKeyNumber number, const BillingSecret& secret) const;
  static Status erase(store::Session& session, BillingKeyNumber number);
  /// Errors: card_not_kept, invalid_configuration (it does not open with this master key), the session's.
  Result<BillingSecret> read(store::Session& session, BillingKeyNumber number) const;

 private:
  const crypto::MasterKey& master_;
  Random& random_;
};

}  // namespace jangbu::payment
