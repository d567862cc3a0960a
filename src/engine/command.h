// A command: one change that somebody wants made.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/result.h"
#include "base/trace.h"
#include "engine/record.h"
#include "engine/unit.h"

namespace jangbu::engine {

/// The command is refused: nothing is stored.
struct Refuse {
  Error error;
};
/// The change is decided; the engine numbers this payload, applies it and makes it durable.
struct Accept {
  RecordKind kind;
  Bytes payload;
  std::shared_ptr<const void> decoded = nullptr;  // see Record::decoded
};
/// The same change was made before: record `number` answers for it (it may be earlier in this batch).
struct Repeat {
  std::uint64_t number;
};
/// Nothing for the books: the rows that write_beside() writes are all, and they are durable before
/// succeeded().
struct Beside {};
using Decision = std::variant<Refuse, Accept, Repeat, Beside>;

/// The life of a command: constructed on any thread, submitted once; then want() and decide() on the writer
/// thread, seal() and render() on any thread (one at a time), and exactly one of succeeded() and failed() on
/// the writer thread. After a failed batch decide() may be called again on the same object.
class Command {
 public:
  virtual ~Command() = default;

  /// Of the request that it was submitted for, which Engine::submit() notes; background work has none. The
  /// writer's thread is in it while it decides, applies and answers.
  Trace trace;

  /// Bytes held while it waits; the queue is bounded by their sum.
  [[nodiscard]] virtual std::size_t size_bytes() const { return 256; }
  /// Notes keys that decide() will read, so that a batch fetches them in one round trip. Optional: a miss is
  /// slower, never wrong.
  virtual void want(Unit&) {}
  /// Checks everything and fixes everything: ids, amounts, postings. Writes nothing.
  virtual Decision decide(Unit& unit) = 0;
  /// Writes rows that are no truth and no projection (sealed secrets, attempts of deliveries) with the commit
  /// of its record, or with the batch when it decided Beside.
  virtual Status write_beside(store::Session&) { return {}; }
  /// What proves the record beside the chain (a signature), made after the record has its final place.
  virtual Bytes seal(const Record&) { return {}; }
  /// Prepares the answer from the sealed record, its own or the one it repeats.
  virtual void render(const Record&) {}
  /// The change is durable (or was, for a repeat). Must not throw and must not block.
  virtual void succeeded() noexcept {}
  /// Nothing of it was stored, or (outcome_unknown) nobody can tell. Must not throw and must not block.
  virtual void failed(const Error&) noexcept {}
};

/// Answers a command, in its trace.
inline void succeed(Command& command) noexcept {
  const TraceScope scope(command.trace);
  command.succeeded();
}
inline void fail(Command& command, const Error& error) noexcept {
  const TraceScope scope(command.trace);
  command.failed(error);
}

}  // namespace jangbu::engine
