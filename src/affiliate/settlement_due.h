// What the affiliate door does by the clock: months are processed and end, merchants are asked for their
// lists.
#pragma once

#include "affiliate/settlement.h"
#include "engine/command.h"

namespace jangbu::affiliate {

/// The month of the conversions of a due row is processed: those that nobody cancelled wait to be settled.
class BeginSettlement final : public engine::Command {
 public:
  BeginSettlement(SettlementBook& book, const engine::DueRow& row) : book_(book), row_(row) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  SettlementBook& book_;
  engine::DueRow row_;
};

/// The month of the conversions of a due row is over. Each is settled or cancelled by the record that finds
/// it open, so that neither a second node nor a restart does it again. Of merchants that are settled in a
/// batch all are cancelled, and those that were confirmed are made again as settled ones.
class FinishSettlement final : public engine::Command {
 public:
  FinishSettlement(SettlementBook& book, const engine::DueRow& row) : book_(book), row_(row) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  SettlementBook& book_;
  engine::DueRow row_;
};

/// Merchants are to be asked for the lists of the day that is over, and of those days before it that could
/// not be fetched.
class AskForLists final : public engine::Command {
 public:
  AskForLists(SettlementBook& book, const engine::DueRow& row) : book_(book), row_(row) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  SettlementBook& book_;
  engine::DueRow row_;
};

}  // namespace jangbu::affiliate
