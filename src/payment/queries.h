// Reads of checkouts and attempts, on snapshots.
#pragma once

#include <string_view>
#include <vector>

#include "payment/payment.h"
#include "store/database.h"

namespace jangbu::payment {

/// Errors of all: not_found, and the session's.
Result<Checkout> find_checkout(store::Session& session, CheckoutNumber number);
/// The newest of that reference.
Result<Checkout> find_checkout(store::Session& session, std::string_view reference);
Result<Attempt> find_attempt(store::Session& session, AttemptNumber number);

/// The numbers of attempts whose outcome is not known, above `after`, in order.
Result<std::vector<AttemptNumber>> open_attempts(store::Session& session, AttemptNumber after,
                                                 std::size_t limit);

/// The attempt that an acquirer knows by this order id.
Result<AttemptNumber> find_order(store::Session& session, std::string_view order_id);

/// Errors: not_found, and the session's.
Result<KeptCard> find_kept_card(store::Session& session, BillingKeyNumber number);
/// The numbers of cards that acquirers are to forget, above `after`, in order.
Result<std::vector<BillingKeyNumber>> ended_cards(store::Session& session, BillingKeyNumber after,
                                                  std::size_t limit);
/// Whether a charge of this card is under way.
Result<bool> is_charged(store::Session& session, BillingKeyNumber number);

/// An attempt with what an acquirer must be told of it.
struct AttemptDetails {
  Attempt attempt;
  Checkout checkout;
  Attempt charge;  // of a refund: the charge that goes back
};
Result<AttemptDetails> find_details(store::Session& session, AttemptNumber number);

}  // namespace jangbu::payment
