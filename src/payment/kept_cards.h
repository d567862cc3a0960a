// The commands about cards that an acquirer keeps for us.
#pragma once

#include <functional>
#include <string>

#include "engine/command.h"
#include "payment/acquirer.h"
#include "payment/billing_keys.h"
#include "payment/records.h"
#include "payment/state.h"

namespace jangbu::payment {

/// The name under which an acquirer knows the customer of a checkout. The same on every node, and unlike any
/// other of this book and of what it was before a restored backup.
std::string customer_key_of(const Checkout& checkout);

/// The acquirer has issued a key for the card of this attempt. Recorded before the key is used; a key that
/// was issued and not recorded can charge nothing. Errors: checkout_closed (the attempt is over, or its
/// checkout does not wait for it any more).
class KeepCard final : public engine::Command {
 public:
  /// Called once, on the writer thread.
  using Done = std::function<void(Result<BillingKeyNumber>)>;

  KeepCard(State& state, const BillingKeys& keys, AttemptNumber attempt, BillingKey issued,
           std::string customer_key, Done done);
  engine::Decision decide(engine::Unit& unit) override;
  Status write_beside(store::Session& session) override;
  void succeeded() noexcept override { done_(number_); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  State& state_;
  const BillingKeys& keys_;
  AttemptNumber attempt_;
  BillingKey issued_;
  std::string customer_key_;
  Done done_;
  BillingKeyNumber number_ = 0;
};

/// The acquirer keeps the card no more: its key is erased. Error: not_found (it is not to be forgotten, or
/// was already).
class ForgetCard final : public engine::Command {
 public:
  using Done = std::function<void(Status)>;

  ForgetCard(State& state, BillingKeyNumber number, Done done);
  engine::Decision decide(engine::Unit& unit) override;
  Status write_beside(store::Session& session) override { return BillingKeys::erase(session, number_); }
  void succeeded() noexcept override { done_({}); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  State& state_;
  BillingKeyNumber number_;
  Done done_;
};

}  // namespace jangbu::payment
