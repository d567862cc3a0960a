#include "engine/testing/book.h"

#include <chrono>
#include <cstdio>
#include <thread>
#include <typeinfo>

#include "engine/verify.h"

namespace jangbu::engine::testing {
namespace {

/// Whether two decisions of one command about one state of the books are the same.
bool is_same(const Decision& one, const Decision& other) {
  if (one.index() != other.index()) return false;
  if (const auto* refuse = std::get_if<Refuse>(&one))
    return to_string(refuse->error) == to_string(std::get<Refuse>(other).error);
  if (const auto* accept = std::get_if<Accept>(&one)) {
    const auto& again = std::get<Accept>(other);
    return accept->kind == again.kind && accept->payload == again.payload;
  }
  if (const auto* repeat = std::get_if<Repeat>(&one)) return repeat->number == std::get<Repeat>(other).number;
  return true;
}

/// A command that decides a second time, as it would after a batch that failed.
class DecidedTwice final : public Command {
 public:
  explicit DecidedTwice(std::unique_ptr<Command> command) : command_(std::move(command)) {
    trace = command_->trace;
  }
  [[nodiscard]] std::size_t size_bytes() const override { return command_->size_bytes(); }
  void want(Unit& unit) override { command_->want(unit); }
  Decision decide(Unit& unit) override {
    Decision first = command_->decide(unit);
    if (unit.tokens().changed()) return first;  // a batch that failed would have forgotten that it is used
    const Command& command = *command_;
    if (!is_same(first, command_->decide(unit))) {
      // Louder than an INVARIANT, after which the writer asks it alone, and lets it pass.
      std::fprintf(stderr, "%s decides otherwise when it decides again\n", typeid(command).name());
      std::abort();
    }
    return first;
  }
  Status write_beside(store::Session& session) override { return command_->write_beside(session); }
  Bytes seal(const Record& record) override { return command_->seal(record); }
  void render(const Record& record) override { command_->render(record); }
  void succeeded() noexcept override { command_->succeeded(); }
  void failed(const Error& error) noexcept override { command_->failed(error); }

 private:
  std::unique_ptr<Command> command_;
};

}  // namespace

Instant ManualClock::wall_now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

std::int64_t ManualClock::monotonic_us() const {
  const std::lock_guard lock(mutex_);
  return now_.us;
}

void ManualClock::advance(Duration by) {
  const std::lock_guard lock(mutex_);
  now_ = now_ + by;
}

Bytes CountingRandom::bytes(std::size_t count) {
  const std::lock_guard lock(mutex_);
  Bytes out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(static_cast<char>(next_++));
  return out;
}

WriterFixture::WriterFixture(std::function<Projections()> make, WriterOptions the_options,
                             std::function<Projections()> for_verify)
    : make_projections(std::move(make)),
      make_for_verify(for_verify ? std::move(for_verify) : make_projections),
      own_database(store::open_sqlite_in_memory().value()),
      database(*own_database),
      options(the_options) {
  restart();
}

WriterFixture::WriterFixture(std::function<Projections()> make, store::Database& any,
                             WriterOptions the_options, std::function<Projections()> for_verify)
    : make_projections(std::move(make)),
      make_for_verify(for_verify ? std::move(for_verify) : make_projections),
      database(any),
      options(the_options) {
  restart();
}

void WriterFixture::restart() {
  writer.reset();
  projections = make_projections();
  writer = std::make_unique<Writer>(database, projections, clock, random, fork_join, options);
  // PostgreSQL lets go of a closed connection's lock a moment later; only a test that fails waits longer.
  constexpr int most_tries = 500;
  Result<bool> acquired = writer->acquire(Upgrade::allowed);
  for (int tries = 0; tries < most_tries && acquired && !*acquired; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    acquired = writer->acquire(Upgrade::allowed);
  }
  INVARIANT(acquired.ok() && *acquired, "the fixture's writer starts");
}

void WriterFixture::run(std::vector<std::unique_ptr<Command>> commands) {
  for (auto& command : commands) command = std::make_unique<DecidedTwice>(std::move(command));
  writer->run(std::move(commands));
}

void WriterFixture::run_due_work() {
  while (writer->due_work_waits()) writer->run({});
}

void WriterFixture::advance(Duration by) {
  clock.advance(by);
  run_due_work();
}

void WriterFixture::look(std::function<void(Unit&)> at) {
  class Look final : public Command {
   public:
    explicit Look(std::function<void(Unit&)> look) : look_(std::move(look)) {}
    Decision decide(Unit& unit) override {
      look_(unit);
      return Refuse{Errc::not_found};
    }

   private:
    std::function<void(Unit&)> look_;
  };
  std::vector<std::unique_ptr<Command>> look;
  look.push_back(std::make_unique<Look>(std::move(at)));
  writer->run(std::move(look));
}

std::string WriterFixture::verify() {
  Projections fresh = make_for_verify();
  const auto verified =
      engine::verify(database, fresh, fork_join, [](std::string_view, std::uint64_t, std::uint64_t) {});
  return verified ? std::string() : to_string(verified.error());
}

}  // namespace jangbu::engine::testing
