// This folder's commands: the intent to charge, the outcome of an attempt, the end of a checkout's time.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/command.h"
#include "payment/acquirer.h"
#include "payment/records.h"
#include "payment/state.h"

namespace jangbu::payment {

/// After so many declined charges within the window a checkout takes no further one until the first of them
/// lies behind it: nobody tries out stolen cards here, and who has found the right card may still pay.
inline constexpr std::uint64_t max_declines = 10;
inline constexpr Duration declines_window = Duration::seconds(3600);

/// The order id of the checkout's next charge: the same on every node until a charge begins, unlike any other
/// of this book and of what it was before a restored backup; 6 to 64 characters of a-z, 0-9 and "-".
std::string next_order_id(const Checkout& checkout);

/// The intent to charge, durable before the acquirer hears of it. Errors: not_found, already_paid,
/// payment_in_progress, checkout_closed, too_many_attempts, invalid_parameters, and the door's.
class StartCharge final : public engine::Command {
 public:
  struct Request {
    CheckoutNumber checkout = 0;
    std::string acquirer;
    std::string form_key;  // 1-64 bytes; the same key again answers with the attempt that it began
    /// What a payment window of the acquirer's own was opened with; the window is out of date when these are
    /// not the checkout's.
    std::optional<std::string> window_order_id;
    std::optional<Money> window_amount;
  };
  struct Started {
    AttemptNumber attempt = 0;
    bool again = false;  // the key was known; the rest is empty
    std::string order_id;
    Money amount;
    std::string currency;
    std::string name;
    Purpose purpose = Purpose::pay;
    std::string customer_key;  // where a card is to be kept
  };
  /// Called once, on the writer thread.
  using Done = std::function<void(Result<Started>)>;

  StartCharge(State& state, Request request, Done done);
  void want(engine::Unit& unit) override;
  engine::Decision decide(engine::Unit& unit) override;
  void render(const engine::Record& record) override;
  void succeeded() noexcept override { done_(std::move(started_)); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  State& state_;
  Request request_;
  Done done_;
  engine::KeyDigest form_;
  Started started_;
};

/// The outcome of an attempt: approved, declined, or absent, which abandons a charge. The same outcome twice
/// is one record. A charge that is approved although its checkout cannot take it goes back by itself.
class EndAttempt final : public engine::Command {
 public:
  /// The attempt as it now stands, and what its outcome did to the checkout.
  struct Ended {
    AttemptStatus status = AttemptStatus::open;
    Consequence effect = Consequence::none;
  };
  using Done = std::function<void(Result<Ended>)>;

  /// `outcome` is definite: neither unknown nor waiting for the customer (INVARIANT).
  EndAttempt(State& state, AttemptNumber attempt, Outcome outcome, Done done);
  engine::Decision decide(engine::Unit& unit) override;
  void render(const engine::Record& record) override;
  void succeeded() noexcept override { done_(ended_); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  Result<AttemptEnded> decide_charge(engine::Unit& unit, const Attempt& attempt, const Checkout& checkout);
  Result<AttemptEnded> decide_refund(engine::Unit& unit, const Attempt& attempt, const Checkout& checkout);
  Status pay(engine::Unit& unit, const Attempt& attempt, const Checkout& checkout, AttemptEnded& ended);
  Status send_back(engine::Unit& unit, const Attempt& attempt, const Checkout& checkout, AttemptEnded& ended);
  AttemptEnded base(AttemptStatus status) const;

  State& state_;
  AttemptNumber attempt_;
  Outcome outcome_;
  Done done_;
  Ended ended_;
};

/// Ends those checkouts of a due row that nobody has paid or is paying.
class ExpireCheckouts final : public engine::Command {
 public:
  ExpireCheckouts(State& state, const engine::DueRow& row) : state_(state), row_(row) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  State& state_;
  engine::DueRow row_;
};

}  // namespace jangbu::payment
