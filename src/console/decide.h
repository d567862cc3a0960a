// The console's commands. Submitted like every change; see engine/command.h.
#pragma once

#include <functional>

#include "console/state.h"
#include "engine/command.h"

namespace jangbu::console {

/// Accounts of one installation at most.
inline constexpr std::size_t max_operators = 1000;

/// Makes an account, or changes one. Errors: not_found; already_exists (the e-mail address has an account);
/// last_owner (nobody would be left who may do everything); what the change refuses with.
class SetOperator final : public engine::Command {
 public:
  /// Changes the account from how it stands when this is decided; for a new one from nothing.
  using Change = std::function<Status(OperatorSet&)>;
  /// Called once, on the writer thread.
  using Done = std::function<void(Result<OperatorSet>)>;
  /// `id`: 0 for a new one.
  SetOperator(const State& state, OperatorId id, Change change, Done done)
      : state_(state), id_(id), change_(std::move(change)), done_(std::move(done)) {}
  engine::Decision decide(engine::Unit& unit) override;
  void succeeded() noexcept override { done_(set_); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  const State& state_;
  OperatorId id_;
  Change change_;
  Done done_;
  OperatorSet set_;
};

/// Records that an operator asks for a change; hands over the record's number.
class BeginAction final : public engine::Command {
 public:
  using Done = std::function<void(Result<std::uint64_t>)>;
  BeginAction(Action action, Done done) : action_(std::move(action)), done_(std::move(done)) {}
  engine::Decision decide(engine::Unit&) override {
    return engine::Accept{action_kind, ledger::encode_fields(action_)};
  }
  void render(const engine::Record& record) override { number_ = record.number; }
  void succeeded() noexcept override { done_(number_); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  Action action_;
  Done done_;
  std::uint64_t number_ = 0;
};

/// Records what the change was answered with. `done` is called whether or not that could be recorded.
class EndAction final : public engine::Command {
 public:
  EndAction(State& state, ActionEnded ended, std::function<void()> done)
      : state_(state), ended_(ended), done_(std::move(done)) {}
  engine::Decision decide(engine::Unit& unit) override;
  void succeeded() noexcept override { done_(); }
  void failed(const Error&) noexcept override { done_(); }

 private:
  State& state_;
  ActionEnded ended_;
  std::function<void()> done_;
};

/// Records a sign-in, or that it was refused. `done` is told whether that could be recorded.
class NoteSignIn final : public engine::Command {
 public:
  NoteSignIn(SignIn sign_in, std::function<void(Status)> done)
      : sign_in_(std::move(sign_in)), done_(std::move(done)) {}
  engine::Decision decide(engine::Unit&) override {
    return engine::Accept{sign_in_kind, ledger::encode_fields(sign_in_)};
  }
  void succeeded() noexcept override { done_({}); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  SignIn sign_in_;
  std::function<void(Status)> done_;
};

}  // namespace jangbu::console
