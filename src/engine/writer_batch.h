// A batch on its way through the writer; shared by writer.cpp and writer_batch.cpp.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "engine/writer.h"

namespace jangbu::engine {

/// One command's way through a batch.
struct Writer::Step {
  Command* command = nullptr;
  std::unique_ptr<Command> own;  // background work belongs to the batch
  enum class State : std::uint8_t { refused, accepted, repeated, beside } state = State::refused;
  Error error = Errc::internal;
  std::uint64_t number = 0;
};

struct Writer::Attempt {
  enum class Outcome : std::uint8_t { committed, failed, unknown } outcome = Outcome::failed;
  Error error = Errc::internal;
  std::vector<Step> steps;
  std::vector<PlacedEvent> events;  // what the commit put into the outbox
  Time time = Time::runs;
  Head head;                  // as the batch leaves it
  Trace about;                // of the one command that is being decided, or that is all of the batch
  std::optional<DueRow> due;  // whose work is being decided

  [[nodiscard]] bool writes_beside() const {
    return std::any_of(steps.begin(), steps.end(),
                       [](const Step& step) { return step.state == Step::State::beside; });
  }
};

/// The errors after which a session may not be used again.
bool breaks_session(Errc code);

}  // namespace jangbu::engine
