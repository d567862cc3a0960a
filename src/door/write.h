// A change that somebody asks a door for: admitted, made once for its key, answered in bytes. Every door's
// commands are made of this template; what differs between doors stands in a struct that each of them has.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "door/keyed.h"
#include "engine/command.h"
#include "ledger/said.h"

namespace jangbu::door {

/// An answer in bytes, made off the writer's thread.
struct Answer {
  int status = 200;
  std::string body;
};
template <typename T>
using Render = std::function<Answer(const T&)>;

struct Done {
  Answer answer;
  bool replayed = false;  // an earlier request with this key was answered so
};

/// `Door` says what differs:
///   using State = ...;    // its projection
///   using Caller = ...;   // who asks, as the gate found it; a default one is an operator
///   using Refused = ...;  // why not: an aggregate that begins with `Error error`, then facts for the answer
///   static constexpr engine::KeyScope key_scope;
///
///   // Of any record of the door; an empty key: it had none.
///   static Keyed keyed_of(const engine::Record&);
///
///   // Notes what admit() will read.
///   static void want(engine::Unit&, const Caller&);
///
///   // Refuses whom it must not serve.
///   static Status admit(State&, engine::Unit&, const Caller&, const Keyed&);
///
/// `T` is what an answer is rendered from: the fields of the record, or `T::of(record)` where a command makes
/// one of several records.
template <typename Door, typename T>
class Write : public engine::Command {
 public:
  using State = typename Door::State;
  using Caller = typename Door::Caller;
  using Refused = typename Door::Refused;
  using Done = door::Done;
  /// Called once, on the writer thread.
  using Answered = std::function<void(std::variant<Done, Refused>)>;

  Write(State& state, Caller caller, Keyed keyed, Render<T> render, Answered answered)
      : state_(state),
        caller_(std::move(caller)),
        keyed_(std::move(keyed)),
        render_(std::move(render)),
        answered_(std::move(answered)) {}
  Write(State& state, Keyed keyed, Render<T> render, Answered answered)
      : Write(state, Caller(), std::move(keyed), std::move(render), std::move(answered)) {}

  [[nodiscard]] std::size_t size_bytes() const override { return 2048; }
  void want(engine::Unit& unit) override {
    Door::want(unit, caller_);
    if (!keyed_.key.empty()) unit.keys().want(digest());
  }
  engine::Decision decide(engine::Unit& unit) final {
    replayed_ = false;
    refused_ = Refused{Errc::internal};
    if (const Status admitted = Door::admit(state_, unit, caller_, keyed_); !admitted)
      return engine::Refuse{admitted.error()};
    if (!keyed_.key.empty()) {
      if (const auto earlier = unit.keys().find(unit.session(), digest())) {
        if (Door::keyed_of(unit.record(*earlier)).body != keyed_.body)
          return engine::Refuse{Errc::idempotency_conflict};
        return repeat(*earlier);
      }
    }
    return decide_new(unit);
  }
  void render(const engine::Record& record) final {
    if constexpr (requires { T::of(record); }) {
      answer_ = render_(T::of(record));
    } else {
      answer_ = render_(*ledger::said<T>(record));
    }
  }
  void succeeded() noexcept final { answered_(Done{std::move(answer_), replayed_}); }
  void failed(const Error& error) noexcept final {
    refused_.error = error;
    answered_(std::move(refused_));
  }

 protected:
  /// Decides a request that was not made before.
  virtual engine::Decision decide_new(engine::Unit& unit) = 0;

  engine::Decision refuse(Error error) { return engine::Refuse{std::move(error)}; }
  /// With the facts that the answer names.
  engine::Decision refuse(Refused refused) {
    refused_ = std::move(refused);
    return engine::Refuse{refused_.error};
  }
  /// Record `number` is the first answer.
  engine::Decision repeat(std::uint64_t number) {
    replayed_ = true;
    return engine::Repeat{number};
  }
  /// Answered without a record, unless the request has a key: then the record keeps the answer.
  engine::Decision nothing_new(engine::RecordKind kind, T value) {
    if (!keyed_.key.empty()) return ledger::accept(kind, std::move(value));
    answer_ = render_(value);
    return engine::Beside{};
  }

  State& state_;   // NOLINT: for the subclasses
  Caller caller_;  // NOLINT
  Keyed keyed_;    // NOLINT

 private:
  [[nodiscard]] engine::KeyDigest digest() const { return digest_of(Door::key_scope, keyed_); }

  Render<T> render_;
  Answered answered_;
  Refused refused_{Errc::internal};
  Answer answer_;
  bool replayed_ = false;
};

}  // namespace jangbu::door
