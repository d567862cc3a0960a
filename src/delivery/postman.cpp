#include "delivery/postman.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <thread>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "base/counted.h"
#include "crypto/digest.h"
#include "delivery/attempt.h"
#include "delivery/queries.h"
#include "delivery/task_inbox.h"
#include "delivery/try_watch.h"

namespace jangbu::delivery {
namespace {

/// The longest sleep: how soon a moved clock and a new writer are noticed.
constexpr std::int64_t longest_sleep_us = 200'000;
/// After a command or read that failed.
constexpr std::int64_t pause_us = 200'000;
constexpr std::size_t page_events = 100;
constexpr std::size_t concluded_together = 256;
constexpr std::size_t max_waiting_tasks = 10'000;
constexpr std::int64_t sweep_every_us = 600'000'000;

/// What monitoring counts.
struct Numbers {
  explicit Numbers(http::Metrics& metrics) {
    for (const Channel channel : all_channels) {
      const std::string kind(channel_name(channel));
      Of& of = of_channel(channel);
      const auto counter = [&](const char* outcome) {
        return &metrics.counter("jangbu_delivery_attempts_total",
                                "Attempts to deliver an event, by what came of it.",
                                {{"kind", kind}, {"outcome", outcome}});
      };
      of.sent = counter("sent");
      of.failed = counter("failed");
      of.given_up = &metrics.counter("jangbu_deliveries_given_up_total",
                                     "Events that were given up after their last attempt.", {{"kind", kind}});
      of.seconds =
          &metrics.histogram("jangbu_delivery_attempt_seconds", "Time of one attempt.", {{"kind", kind}});
    }
  }
  struct Of {
    http::Counter* sent = nullptr;
    http::Counter* failed = nullptr;
    http::Counter* given_up = nullptr;
    http::Histogram* seconds = nullptr;
  };
  Of& of_channel(Channel channel) { return of_[static_cast<std::size_t>(channel) - 1]; }

 private:
  std::array<Of, all_channels.size()> of_;
};

constexpr std::size_t message_id_bytes = 16;
constexpr std::string_view message_prefix = "msg_";

Hash digest_of(const Hash& key, const engine::PlacedEvent& event) {
  Bytes content;
  ByteWriter out(content);
  out.u64(event.id);
  out.u64(event.record);
  out.i64(event.at.us);
  out.text(event.event.destination);
  out.text(event.event.document);
  out.text(event.event.topic);
  out.text(event.event.payload);
  return crypto::hmac_sha256(key.view(), content);
}

Bytes message_of(const Hash& key, const engine::PlacedEvent& event) {
  return Bytes(digest_of(key, event).view().substr(0, message_id_bytes));
}

}  // namespace

std::string message_id(const Hash& key, const engine::PlacedEvent& event) {
  return std::string(message_prefix) + to_hex(message_of(key, event));
}

std::optional<Bytes> message_of_id(std::string_view text) {
  if (text.starts_with('<')) text.remove_prefix(1);
  text = text.substr(0, text.find('@'));
  if (!text.starts_with(message_prefix)) return std::nullopt;
  auto bytes = from_hex(text.substr(message_prefix.size()));
  if (!bytes || bytes->size() != message_id_bytes) return std::nullopt;
  return std::move(*bytes);
}

Trace trace_of(const Hash& key, const engine::PlacedEvent& event) {
  if (event.trace) return event.trace;
  Trace own;
  static_assert(message_id_bytes == std::tuple_size_v<decltype(own.id)>);
  std::copy_n(digest_of(key, event).bytes.begin(), own.id.size(), own.id.begin());
  return own;
}

/// All but start, when_tried() and stop() on the postman's thread.
class Postman::Impl {
 public:
  explicit Impl(PostmanParts parts)
      : parts_(std::move(parts)), numbers_(parts_.metrics), spans_(parts_.random), backlog_(parts_.limits) {}

  void start();
  void when_tried(std::uint64_t event, Duration patience, bool logged, Tried tried);
  bool stop(std::int64_t patience_ms);

  /// For metrics, from any thread.
  std::atomic<std::int64_t> pending_count{0};
  std::atomic<std::int64_t> oldest_us{0};  // business time; 0: none
  [[nodiscard]] Instant business_now() const { return parts_.engine.business_now(); }

 private:
  struct Result {
    engine::RecordKind kind;  // 0: it will be tried again
    Attempt attempt;
    Channel channel;
  };
  /// Posts a task that is run only while this node leads without a break.
  template <typename Task>
  [[nodiscard]] auto in_this_lead(Task task) const {
    return [this, generation = generation_, task = std::move(task)]() mutable {
      if (generation == generation_) task();
    };
  }

  void run();
  [[nodiscard]] std::int64_t sleep_us() const;
  void follow_writer();
  void forget();

  void on_events(const std::vector<engine::PlacedEvent>& events);
  void admit(Pending pending);
  void read_more();
  void on_page(std::vector<Pending> page, std::uint64_t seen_before);

  void dispatch();
  void send(const Pending& pending);
  void attempt(std::uint64_t id, const jangbu::Result<Bytes>& payload);
  void on_answer(std::uint64_t id, const Bytes& message, const Sent& sent);

  void conclude();
  void on_concluded(std::vector<Result> results, const Status& status);
  void sweep();

  PostmanParts parts_;
  Numbers numbers_;
  TraceSource spans_;  // one for every attempt
  std::shared_ptr<TaskInbox> inbox_ = std::make_shared<TaskInbox>(max_waiting_tasks);
  std::thread thread_;

  Backlog backlog_;
  bool leading_ = false;
  std::uint64_t generation_ = 0;  // counts the times that this node began to lead or forgot everything

  /// Everything pending up to `horizon_` is in the backlog. While `behind_`, what lies above it is read from
  /// the table, and what the engine tells of is only counted.
  std::uint64_t horizon_ = 0;
  std::uint64_t seen_ = 0;  // the newest event that the engine told of
  bool behind_ = true;
  bool reading_ = false;
  bool waits_for_room_ = false;
  std::int64_t read_after_us_ = 0;
  std::deque<std::uint64_t> reopened_;  // to be read

  std::vector<Result> results_;  // not recorded yet
  bool concluding_ = false;
  std::int64_t conclude_after_us_ = 0;

  TryWatch watch_;

  std::int64_t sweep_after_us_ = 0;
  bool stopping_ = false;
  std::int64_t stop_at_us_ = 0;
  bool stopped_clean_ = true;
};

void Postman::Impl::start() {
  parts_.engine.observe_events([this, inbox = inbox_](std::vector<engine::PlacedEvent> events) {
    inbox->post_or_drop([this, events = std::move(events)] { on_events(events); });
  });
  parts_.state.observe({[this, inbox = inbox_](std::vector<std::uint64_t> ids) {
                          inbox->post([this, ids = std::move(ids)] {
                            reopened_.insert(reopened_.end(), ids.begin(), ids.end());
                          });
                        },
                        [this, inbox = inbox_] {
                          inbox->post([this] {
                            horizon_ = 0;
                            behind_ = true;
                          });
                        }});
  thread_ = std::thread([this] { run(); });
}

void Postman::Impl::when_tried(std::uint64_t event, Duration patience, bool logged, Tried tried) {
  const std::int64_t deadline_us = parts_.clock.monotonic_us() + patience.us;
  inbox_->post([this, event, deadline_us, logged, tried = std::move(tried)] {
    watch_.when_tried(event, deadline_us, logged, leading_ && !stopping_, tried);
  });
}

bool Postman::Impl::stop(std::int64_t patience_ms) {
  if (!thread_.joinable()) return stopped_clean_;
  const std::int64_t stop_at_us = parts_.clock.monotonic_us() + patience_ms * 1000;
  inbox_->post([this, stop_at_us] {
    stopping_ = true;
    stop_at_us_ = stop_at_us;
  });
  thread_.join();
  parts_.engine.observe_events({});
  parts_.state.observe({});
  return stopped_clean_;
}

void Postman::Impl::run() {
  while (true) {
    auto [tasks, dropped] = inbox_->take(sleep_us());
    if (dropped) behind_ = true;
    // First of all: who asks for a mail of a commit must not be told that this node sends none.
    follow_writer();
    for (const TaskInbox::Task& task : tasks) task();
    if (leading_ && !stopping_) {
      read_more();
      dispatch();
      sweep();
    }
    conclude();
    watch_.expire(parts_.clock.monotonic_us());
    pending_count.store(static_cast<std::int64_t>(backlog_.size()), std::memory_order_relaxed);
    oldest_us.store(backlog_.oldest().value_or(Instant{}).us, std::memory_order_relaxed);
    if (!stopping_) continue;
    const bool is_idle = backlog_.in_flight() == 0 && results_.empty() && !concluding_;
    if (!is_idle && parts_.clock.monotonic_us() < stop_at_us_) continue;
    stopped_clean_ = is_idle;
    break;
  }
  watch_.give_up();
}

std::int64_t Postman::Impl::sleep_us() const {
  std::int64_t longest = stopping_ ? 10'000 : longest_sleep_us;
  if (const auto wake = backlog_.next_wake(); wake && leading_)
    longest = std::min(longest, (*wake - parts_.engine.business_now()).us + 1);
  return std::max<std::int64_t>(longest, 0);
}

void Postman::Impl::follow_writer() {
  const bool is_writer = parts_.engine.is_writer();
  if (is_writer == leading_) return;
  forget();
  leading_ = is_writer;
}

void Postman::Impl::forget() {
  ++generation_;
  backlog_.clear();
  results_.clear();
  reopened_.clear();
  concluding_ = false;
  reading_ = false;
  waits_for_room_ = false;
  horizon_ = 0;
  behind_ = true;
  watch_.give_up();
}

void Postman::Impl::on_events(const std::vector<engine::PlacedEvent>& events) {
  for (const engine::PlacedEvent& event : events) {
    seen_ = std::max(seen_, event.id);
    if (behind_ || event.id <= horizon_) continue;
    // Ids have no gaps: one that is missing was not told of.
    behind_ = event.id != horizon_ + 1 || backlog_.is_full();
    if (behind_) continue;
    horizon_ = event.id;
    admit(Pending{.event = event});
  }
}

void Postman::Impl::admit(Pending pending) {
  if (!channel_of(pending.event.event.destination)) return;
  const auto delivery = decode(pending.event.event.payload);
  std::string origin;
  if (delivery.ok() && delivery->webhook() != nullptr && check_url(delivery->target(), Reach::loopback_too))
    origin = origin_of(delivery->target());
  backlog_.admit(std::move(pending), origin);
}

void Postman::Impl::read_more() {
  if (waits_for_room_ && backlog_.has_room()) waits_for_room_ = false;
  if (reading_ || parts_.clock.monotonic_us() < read_after_us_) return;
  std::vector<std::uint64_t> ids;
  while (!reopened_.empty() && ids.size() < page_events) {
    ids.push_back(reopened_.front());
    reopened_.pop_front();
  }
  if (ids.empty() && (!behind_ || waits_for_room_)) return;
  reading_ = true;
  const auto on_failure = in_this_lead([this, ids] {
    reading_ = false;
    reopened_.insert(reopened_.end(), ids.begin(), ids.end());
    read_after_us_ = parts_.clock.monotonic_us() + pause_us;
  });
  const auto read = [this, inbox = inbox_, generation = generation_, ids, after = horizon_, seen = seen_,
                     on_failure](store::Session& session) {
    auto page = ids.empty() ? read_pending(session, after, page_events) : read_pending_of(session, ids);
    if (!page) return inbox->post(on_failure);
    inbox->post([this, generation, by_id = !ids.empty(), events = std::move(*page), seen]() mutable {
      if (generation != generation_) return;
      reading_ = false;
      if (!by_id) return on_page(std::move(events), seen);
      for (Pending& pending : events) admit(std::move(pending));
    });
  };
  parts_.engine.read(read, [inbox = inbox_, on_failure](const Error&) { inbox->post(on_failure); });
}

/// `seen_before`: the newest event that was known to be committed before the page was read.
void Postman::Impl::on_page(std::vector<Pending> page, std::uint64_t seen_before) {
  const bool is_last = page.size() < page_events;
  for (Pending& pending : page) {
    if (backlog_.is_full()) {
      waits_for_room_ = true;
      return;
    }
    horizon_ = std::max(horizon_, pending.event.id);
    admit(std::move(pending));
  }
  if (!is_last) return;
  horizon_ = std::max(horizon_, seen_before);
  behind_ = seen_ > horizon_;
}

void Postman::Impl::dispatch() {
  while (const Pending* pending = backlog_.next(parts_.engine.business_now())) send(*pending);
}

void Postman::Impl::send(const Pending& pending) {
  const std::uint64_t id = pending.event.id;
  if (pending.has_payload) return attempt(id, pending.event.event.payload);
  const auto unavailable = in_this_lead([this, id] { attempt(id, Error(Errc::database_unavailable)); });
  parts_.engine.read(
      [this, inbox = inbox_, generation = generation_, id, unavailable](store::Session& session) {
        auto row = read_delivery(session, id);
        if (!row) return inbox->post(unavailable);
        inbox->post([this, generation, id, payload = std::move(row->event.event.payload)] {
          if (generation == generation_) attempt(id, payload);
        });
      },
      [inbox = inbox_, unavailable](const Error&) { inbox->post(unavailable); });
}

void Postman::Impl::attempt(std::uint64_t id, const jangbu::Result<Bytes>& payload) {
  engine::PlacedEvent& waiting = backlog_.under_way(id).event;
  engine::PlacedEvent event = waiting;
  Bytes message;
  if (payload) {
    event.event.payload = *payload;
    waiting.trace = trace_of(parts_.id_key, event);
    message = message_of(parts_.id_key, event);
  }
  const auto done = [this, inbox = inbox_, generation = generation_, id, message](Sent sent) {
    inbox->post([this, generation, id, message, sent = std::move(sent)] {
      if (generation == generation_) on_answer(id, message, sent);
    });
  };
  if (auto why = parts_.withdrawn ? parts_.withdrawn(event.event) : std::nullopt)
    return done(not_sent(std::move(*why), std::nullopt, parts_.clock.wall_now()));
  const auto delivery = payload ? decode(*payload) : jangbu::Result<Delivery>(payload.error());
  const AttemptParts with{parts_.client, parts_.mail, parts_.messages, parts_.templates, parts_.find_secret};
  AttemptIds ids;
  ids.message = message_id(parts_.id_key, event);
  if (waiting.trace) ids.traceparent = to_traceparent(waiting.trace, spans_.span());
  try_delivery(with, ids, delivery, parts_.clock.wall_now(), done);
}

void Postman::Impl::on_answer(std::uint64_t id, const Bytes& message, const Sent& sent) {
  backlog_.answered(id, sent.answer.unanswered());
  Pending& pending = backlog_.under_way(id);
  const TraceScope scope(pending.event.trace);
  ++pending.attempts;
  ++pending.tries;
  const std::string destination = pending.event.event.destination;
  Result result{0, {}, *channel_of(pending.event.event.destination)};
  Attempt& attempt = result.attempt;
  attempt.event = id;
  attempt.number = pending.attempts;
  attempt.tries = pending.tries;
  attempt.started_at = sent.started_at;
  attempt.duration_us = sent.answer.duration_us;
  attempt.status = sent.answer.status;
  attempt.error = sent.reason;
  attempt.answer = sent.answer.body.substr(0, kept_answer_bytes);
  attempt.message = message;
  Numbers::Of& of = numbers_.of_channel(result.channel);
  of.seconds->observe_us(attempt.duration_us);
  (sent.delivered ? of.sent : of.failed)->add();
  if (sent.delivered) {
    result.kind = delivered_kind;
  } else if (!sent.retry || pending.tries >= sent.retry->attempts) {
    result.kind = given_up_kind;
    of.given_up->add();
    spdlog::warn("delivery {} to {} is given up after {}: {}", id, pending.event.event.destination,
                 counted(pending.tries, "attempt"), attempt.error);
  } else {
    const Bytes draw = parts_.random.bytes(sizeof(std::uint64_t));
    attempt.next_at =
        parts_.engine.business_now() + retry_delay(*sent.retry, pending.tries, ByteReader(draw).u64());
    backlog_.retry(id, attempt.next_at);
  }
  spdlog::debug("delivery {} to {}, attempt {}: {}", id, destination, attempt.number,
                sent.delivered ? "delivered" : attempt.error);
  results_.push_back(std::move(result));
  watch_.answered(id, sent.delivered);
}

/// Records what has been done, many at a time and one command after the other.
void Postman::Impl::conclude() {
  if (results_.empty() || concluding_ || !leading_) return;
  if (parts_.clock.monotonic_us() < conclude_after_us_) return;
  const auto has = [&](engine::RecordKind kind) {
    return std::any_of(results_.begin(), results_.end(), [kind](const Result& r) { return r.kind == kind; });
  };
  Conclude::Outcome outcome;
  outcome.kind = has(delivered_kind) ? delivered_kind : given_up_kind;
  std::vector<Result> taken;
  std::vector<Result> left;
  for (Result& result : results_) {
    const bool fits = result.kind == 0 || result.kind == outcome.kind;
    (fits && taken.size() < concluded_together ? taken : left).push_back(std::move(result));
  }
  results_ = std::move(left);
  for (const Result& result : taken) {
    outcome.attempts.push_back(result.attempt);
    if (result.kind != 0) outcome.ids.push_back(result.attempt.event);
  }
  std::sort(outcome.ids.begin(), outcome.ids.end());
  concluding_ = true;
  const auto shared = std::make_shared<std::vector<Result>>(std::move(taken));
  auto command = std::make_unique<Conclude>(
      std::move(outcome), [this, inbox = inbox_, generation = generation_, shared](const Status& status) {
        inbox->post([this, generation, shared, status] {
          if (generation == generation_) on_concluded(std::move(*shared), status);
        });
      });
  if (const Status queued = parts_.engine.submit(std::move(command)); !queued)
    on_concluded(std::move(*shared), queued);
}

void Postman::Impl::on_concluded(std::vector<Result> results, const Status& status) {
  concluding_ = false;
  if (!status) {
    results.insert(results.end(), std::make_move_iterator(results_.begin()),
                   std::make_move_iterator(results_.end()));
    results_ = std::move(results);
    conclude_after_us_ = parts_.clock.monotonic_us() + pause_us;
    return;
  }
  for (const Result& result : results) {
    if (result.kind != 0) backlog_.remove(result.attempt.event);
    watch_.logged(result.attempt.event, result.kind == delivered_kind);
  }
}

void Postman::Impl::sweep() {
  const std::int64_t now_us = parts_.clock.monotonic_us();
  if (now_us < sweep_after_us_) return;
  sweep_after_us_ = now_us + sweep_every_us;
  // A sweep that is refused is made up for by the next one.
  (void)parts_.engine.submit(std::make_unique<SweepAttempts>());
}

Postman::Postman(PostmanParts parts) : impl_(std::make_shared<Impl>(parts)) {
  // The metrics live as long as the program, and may be asked after the postman is gone.
  const std::weak_ptr<Impl> weak = impl_;
  parts.metrics.gauge("jangbu_deliveries_pending", "Events that wait for their delivery.", {}, [weak] {
    const auto impl = weak.lock();
    return impl ? impl->pending_count.load(std::memory_order_relaxed) : 0;
  });
  parts.metrics.gauge("jangbu_delivery_oldest_pending_seconds",
                      "Age, in business time, of the oldest event that waits for its delivery.", {}, [weak] {
                        const auto impl = weak.lock();
                        const std::int64_t oldest =
                            impl ? impl->oldest_us.load(std::memory_order_relaxed) : 0;
                        return oldest == 0 ? 0 : (impl->business_now().us - oldest) / 1'000'000;
                      });
  impl_->start();
}

Postman::~Postman() { impl_->stop(0); }

void Postman::when_tried(std::uint64_t event, Duration patience, Tried tried) {
  impl_->when_tried(event, patience, false, std::move(tried));
}
void Postman::when_logged(std::uint64_t event, Duration patience, Tried tried) {
  impl_->when_tried(event, patience, true, std::move(tried));
}

bool Postman::stop(std::int64_t patience_ms) { return impl_->stop(patience_ms); }

}  // namespace jangbu::delivery
