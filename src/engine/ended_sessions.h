// Sessions that people ended by hand. No server keeps sessions, but what was ended must not go on in a copy:
// the digest of its token stays in engine_tokens for as long as the token would have been good.
#pragma once

#include <functional>
#include <utility>

#include "engine/command.h"
#include "engine/keys.h"

namespace jangbu::engine {

/// Ends one session: its token counts as used from now on. `done` is called once, on the writer thread.
class EndSession final : public Command {
 public:
  EndSession(const KeyDigest& token, Instant until, std::function<void(Status)> done)
      : token_(token), until_(until), done_(std::move(done)) {}
  Decision decide(Unit& unit) override;
  void succeeded() noexcept override { done_({}); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  KeyDigest token_;
  Instant until_;
  std::function<void(Status)> done_;
};

/// Whether that session was ended by hand. Any reader thread.
Result<bool> session_ended(store::Session& session, const KeyDigest& token);

}  // namespace jangbu::engine
