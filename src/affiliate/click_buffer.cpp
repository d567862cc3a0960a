#include "affiliate/click_buffer.h"

#include <algorithm>
#include <chrono>

#include <spdlog/spdlog.h>

#include "base/counted.h"

namespace jangbu::affiliate {
namespace {

/// How often stop() tries again what failed.
constexpr std::int64_t stop_pause_ms = 50;

std::uint64_t random_sequence(Random& random) {
  std::uint64_t value = 0;
  for (const char c : random.bytes(sizeof value)) value = value << 8U | static_cast<unsigned char>(c);
  return value % click_sequences;
}

/// Changes nothing, in its turn: what was submitted before it has come to its end when it does.
class Barrier final : public engine::Command {
 public:
  explicit Barrier(std::function<void()> then) : then_(std::move(then)) {}
  engine::Decision decide(engine::Unit&) override { return engine::Beside{}; }
  void succeeded() noexcept override { then_(); }
  void failed(const Error&) noexcept override { then_(); }

 private:
  std::function<void()> then_;
};

}  // namespace

ClickBuffer::ClickBuffer(ClickBook& book, Submit submit, Now now, Random& random, ClickBufferOptions options)
    : book_(book),
      submit_(std::move(submit)),
      now_(std::move(now)),
      options_(options),
      next_sequence_(random_sequence(random)) {}

ClickBuffer::~ClickBuffer() { stop(0); }

ClickRun& ClickBuffer::open_run(std::uint32_t minute) {
  if (!runs_.empty()) {
    Waiting& last = *runs_.back();
    if (last.is_open && last.run.count() < options_.clicks_of_a_run && last.run.takes(minute))
      return last.run;
  }
  runs_.push_back(std::make_shared<Waiting>(ClickRun({minute, next_sequence_})));
  return runs_.back()->run;
}

Result<ClickId> ClickBuffer::add(ClickView click) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return Errc::shutting_down;
  if (counters_.waiting >= options_.max_clicks || bytes_ >= options_.max_bytes) {
    ++counters_.refused;
    return Errc::overloaded;
  }
  click.at = now_();
  const std::uint64_t marks = marks_.note(click.visitor, click.affiliate, click.merchant, click.at);
  click.marks |= marks;
  ClickRun& run = open_run(click_minute(click.at));
  const std::size_t before = run.size_bytes();
  const ClickId id = run.add(click);
  bytes_ += run.size_bytes() - before;
  next_sequence_ = (id.sequence + 1) % click_sequences;
  ++counters_.taken;
  ++counters_.waiting;
  if ((marks & click_repeat) != 0) ++counters_.repeats;
  if ((marks & click_burst) != 0) ++counters_.bursts;
  return id;
}

std::vector<ClickBuffer::Run> ClickBuffer::take_waiting() {
  std::vector<Run> taken;
  for (const Run& run : runs_) {
    if (run->is_submitted) continue;
    run->is_open = false;
    run->is_submitted = true;
    taken.push_back(run);
  }
  return taken;
}

void ClickBuffer::flush() {
  const std::lock_guard in_order(submit_mutex_);
  std::vector<Run> runs;
  {
    const std::lock_guard lock(mutex_);
    runs = take_waiting();
  }
  // What the engine refuses now it will refuse again: the rest waits for the next flush.
  bool takes = true;
  for (const Run& run : runs) {
    takes = takes && submit(run);
    if (takes) continue;
    const std::lock_guard lock(mutex_);
    run->is_submitted = false;
  }
}

bool ClickBuffer::submit(const Run& run) {
  const TraceScope of_many{Trace{}};
  // Nobody adds to a run any more that is not open.
  auto command =
      std::make_unique<RecordClicks>(book_, run->run, [this, run](const Error* error) { done(run, error); });
  return submit_(std::move(command)).ok();
}

void ClickBuffer::done(const Run& run, const Error* error) noexcept {
  const std::lock_guard lock(mutex_);
  if (error == nullptr) return forget(run);
  const ErrorClass kind = error_class(error->code);
  const bool hopeless =
      kind == ErrorClass::conflict || (kind != ErrorClass::retry && ++run->tries >= options_.tries);
  if (!hopeless) {
    ++counters_.failed_flushes;
    run->is_submitted = false;
    drained_.notify_all();
    return;
  }
  spdlog::error("lost {}: {}", counted(run->run.count(), "click"), to_string(*error));
  counters_.lost += run->run.count();
  forget(run);
}

void ClickBuffer::forget(const Run& run) {
  counters_.waiting -= run->run.count();
  bytes_ -= run->run.size_bytes();
  runs_.erase(std::find(runs_.begin(), runs_.end(), run));
  if (runs_.empty()) drained_.notify_all();
}

void ClickBuffer::bring(ClickId id) {
  {
    const std::lock_guard lock(mutex_);
    const bool waits =
        std::any_of(runs_.begin(), runs_.end(), [id](const Run& run) { return run->run.holds(id); });
    if (!waits) return;
  }
  flush();
}

void ClickBuffer::settle(std::function<void()> then) {
  if (counters().waiting == 0) return then();
  flush();
  if (!submit_(std::make_unique<Barrier>(then))) then();
}

void ClickBuffer::start() {
  thread_ = std::thread([this] { work(); });
}

void ClickBuffer::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, std::chrono::milliseconds(options_.flush_interval_ms), [&] { return stopping_; });
    if (stopping_ || runs_.empty()) continue;
    lock.unlock();
    flush();
    lock.lock();
  }
}

bool ClickBuffer::stop(std::int64_t patience_ms) {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  while (std::chrono::steady_clock::now() < end) {
    flush();
    std::unique_lock lock(mutex_);
    if (drained_.wait_for(lock, std::chrono::milliseconds(stop_pause_ms), [&] { return runs_.empty(); }))
      break;
  }
  const std::lock_guard lock(mutex_);
  return runs_.empty();
}

ClickBufferCounters ClickBuffer::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace jangbu::affiliate
