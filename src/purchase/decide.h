// The purchase door's decisions: what may be recorded, and with which numbers.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/command.h"
#include "engine/due.h"
#include "purchase/records.h"
#include "purchase/signers.h"
#include "purchase/state.h"
#include "purchase/wire.h"

namespace jangbu::purchase {

/// Receives the body of the answer, or why there is none. Called once, on the writer thread.
using Answer = std::function<void(Result<std::string> body)>;

/// Records a purchase, or repeats the first answer for one that was recorded with the same content.
class RecordPurchase final : public engine::Command {
 public:
  /// `key_digest`: SHA-256 of the access key; `holder`: whose key it is (checked again by decide).
  RecordPurchase(State& state, NewPurchase request, const Hash& key_digest, HolderId holder, Answer answer);

  [[nodiscard]] std::size_t size_bytes() const override { return size_bytes_; }
  void want(engine::Unit& unit) override;
  engine::Decision decide(engine::Unit& unit) override;
  Bytes seal(const engine::Record& record) override;
  void render(const engine::Record& record) override;
  void succeeded() noexcept override;
  void failed(const Error& error) noexcept override;

 private:
  bool same_content(const Recorded& first) const;
  Result<LoyaltyAnswer> decide_loyalty(engine::Unit& unit) const;

  State& state_;
  NewPurchase request_;
  Hash key_digest_;
  HolderId holder_;
  Answer answer_;
  std::size_t size_bytes_;
  std::string shop_lower_;
  std::string wallet_lower_;
  engine::KeyDigest digest_;
  Result<Money> value_;  // what it earns in its own currency

  std::shared_ptr<const Derived<Recorded>> decided_;
  std::shared_ptr<const crypto::Signer> signer_;
  std::string body_;
};

/// Cancels a purchase: voids what is not provided yet, takes back what is.
class CancelRecorded final : public engine::Command {
 public:
  CancelRecorded(State& state, CancelPurchase request, const Hash& key_digest, HolderId holder,
                 Answer answer);

  [[nodiscard]] std::size_t size_bytes() const override { return 512 + request_.purchase_id.size(); }
  void want(engine::Unit& unit) override;
  engine::Decision decide(engine::Unit& unit) override;
  Bytes seal(const engine::Record& record) override;
  void render(const engine::Record& record) override;
  void succeeded() noexcept override;
  void failed(const Error& error) noexcept override;

 private:
  Result<ledger::Entry> undo(engine::Unit& unit, const engine::Record& record, const Recorded& purchase,
                             CancelEffect& effect) const;

  State& state_;
  CancelPurchase request_;
  Hash key_digest_;
  HolderId holder_;
  Answer answer_;
  engine::KeyDigest purchase_digest_;
  engine::KeyDigest cancel_digest_;

  std::shared_ptr<const Derived<Cancelled>> decided_;
  std::shared_ptr<const crypto::Signer> signer_;
  std::string body_;
};

/// Makes a block of the transactions that are in none. A State's own work.
class SealBlock final : public engine::Command {
 public:
  explicit SealBlock(const State& state) : state_(state) {}
  engine::Decision decide(engine::Unit& unit) override;
  Bytes seal(const engine::Record& record) override;

 private:
  const State& state_;
  std::shared_ptr<const crypto::Signer> signer_;
  Hash header_hash_;
};

/// Provides the points of one due row: from what the shops issued to those who earned them.
class ProvidePoints final : public engine::Command {
 public:
  ProvidePoints(State& state, const engine::DueRow& row) : state_(state), row_(row) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  State& state_;
  engine::DueRow row_;
};

}  // namespace jangbu::purchase
