#include "payment/payment.h"

namespace jangbu::payment {

std::string_view checkout_status_name(CheckoutStatus status) {
  switch (status) {
    case CheckoutStatus::open:
      return "open";
    case CheckoutStatus::paying:
      return "paying";
    case CheckoutStatus::paid:
      return "paid";
    case CheckoutStatus::cancelled:
      return "cancelled";
    case CheckoutStatus::expired:
      return "expired";
    case CheckoutStatus::refunding:
      return "refunding";
    case CheckoutStatus::refunded:
      return "refunded";
  }
  INVARIANT(false, "a checkout has a status");
}

std::string_view attempt_status_name(AttemptStatus status) {
  switch (status) {
    case AttemptStatus::open:
      return "open";
    case AttemptStatus::approved:
      return "approved";
    case AttemptStatus::declined:
      return "declined";
    case AttemptStatus::abandoned:
      return "abandoned";
  }
  INVARIANT(false, "an attempt has a status");
}

std::string_view purpose_name(Purpose purpose) {
  switch (purpose) {
    case Purpose::pay:
      return "pay";
    case Purpose::pay_and_keep:
      return "pay_and_keep";
    case Purpose::keep:
      return "keep";
  }
  INVARIANT(false, "a checkout has a purpose");
}

void Listener::apply_card_kept(engine::Unit&, const engine::Record&, const Checkout&, const KeptCard&) {
  INVARIANT(false, "a door that keeps cards listens for them");
}

void Listener::apply_not_charged(engine::Unit&, const engine::Record&, const Checkout&, const Attempt&) {
  INVARIANT(false, "a door that charges kept cards listens for what became of it");
}

std::string clearing_account(std::string_view acquirer) {
  return "acquirer:" + std::string(acquirer) + ":clearing";
}

}  // namespace jangbu::payment
