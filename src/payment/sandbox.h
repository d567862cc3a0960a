// The sandbox's acquirer: a company that exists only here. Cards with known numbers behave as their names
// say.
#pragma once

#include <functional>
#include <span>

#include "base/random.h"
#include "payment/acquirer.h"
#include "payment/books.h"

namespace jangbu::payment {

struct TestCard {
  std::string_view number;
  std::string_view outcome;    // for people
  bool differs_later = false;  // what is special shows when it is kept and charged without the customer
};
/// Documented in docs/payments.md and shown on the checkout page.
std::span<const TestCard> test_cards();
/// What authenticates a charge of the card that asks for it.
inline constexpr std::string_view test_authentication_code = "123456";

/// Its memory is a table beside the books, written with the engine's commits, so that it survives what a
/// company outside would not notice: our crash, or another node of ours asking. What many threads say at one
/// time shares a commit. Blocks; not for the writer's or a reader's thread.
class SandboxAcquirer final : public Acquirer {
 public:
  SandboxAcquirer(Books books, const Clock& clock, Random& random);

  [[nodiscard]] std::string_view name() const override { return "sandbox"; }
  Outcome charge(const ChargeRequest& request) override;
  Outcome authenticate(const Question& question, const std::string& code) override;
  Outcome refund(const RefundRequest& request) override;
  Outcome find(const Question& question) override;
  Result<BillingKey> issue_billing_key(const BillingKeyRequest& request) override;
  Status delete_billing_key(const std::string& key) override;

 private:
  Outcome converse(std::function<Result<Outcome>(store::Session&)> say) const;

  Books books_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace jangbu::payment
