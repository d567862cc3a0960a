// What subscriptions do by the clock: bills fall due, failed ones are charged again, contracts go on or end.
#pragma once

#include "engine/command.h"
#include "invoice/subscriptions.h"

namespace jangbu::invoice {

/// Claims and charges the bills of a due row in one record: a bill is charged only by the record that takes
/// it from `ready`, so that neither a second node nor a restart bills it again.
class MakeBillsDue final : public engine::Command {
 public:
  MakeBillsDue(SubscriptionBook& book, const engine::DueRow& row) : book_(book), row_(row) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  SubscriptionBook& book_;
  engine::DueRow row_;
};

class RetryBills final : public engine::Command {
 public:
  RetryBills(SubscriptionBook& book, const engine::DueRow& row) : book_(book), row_(row) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  SubscriptionBook& book_;
  engine::DueRow row_;
};

/// Brings back the bills that rested while their sellers were suspended.
class WakeBills final : public engine::Command {
 public:
  WakeBills(SubscriptionBook& book, const engine::DueRow& row) : book_(book), row_(row) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  SubscriptionBook& book_;
  engine::DueRow row_;
};

class WakeSubscriptions final : public engine::Command {
 public:
  WakeSubscriptions(SubscriptionBook& book, const engine::DueRow& row) : book_(book), row_(row) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  SubscriptionBook& book_;
  engine::DueRow row_;
};

}  // namespace jangbu::invoice
