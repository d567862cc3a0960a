#include "http/lane.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include <restinio/http_server.hpp>
#include <restinio/settings.hpp>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include "base/invariant.h"
#include "http/answer_batch.h"
#include "http/answer_text.h"
#include "http/lane_exchange.h"
#include "http/lane_linger.h"
#include "http/lane_parser.h"
#include "http/lane_socket.h"

namespace jangbu::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Bodies up to this size are copied behind their headers into one buffer; longer ones are moved.
constexpr std::size_t inline_body_bytes = 8 << 10;

constexpr std::string_view nothing_there = "there is nothing at this path";

/// The path of the message that is being read, as far as it is known.
std::string_view path_of_message(const LaneSocket& socket) {
  const std::string_view target =
      socket.message == nullptr ? std::string_view() : socket.message->m_header.request_target();
  return target.empty() ? "/" : path_of(target);
}

TraceSource make_traces() {
  SystemRandom random;
  return TraceSource(random);
}

class LaneLoop;

struct LaneHandler {
  LaneLoop* loop;
  restinio::request_handling_status_t operator()(restinio::request_handle_t raw) const;
};

struct LaneTraits : restinio::default_single_thread_traits_t {
  using stream_socket_t = LaneSocket;
  using request_handler_t = LaneHandler;
};

using Connections = restinio::impl::connection_factory_t<LaneTraits>;
using LifetimeMonitor = restinio::connection_count_limit_types<LaneTraits>::lifetime_monitor_t;

/// The event loop of a lane.
class LaneLoop final : public LaneSocketOwner,
                       public ExchangeOwner,
                       public std::enable_shared_from_this<LaneLoop> {
 public:
  LaneLoop(const LaneSettings& settings, std::shared_ptr<const Router> shared_router)
      : ExchangeOwner(std::move(shared_router), settings.options.trusted_proxies),
        reader(*this, router, settings.max_buffered_bytes),
        settings_(settings),
        traces_(make_traces()),
        acceptor_(io),
        ticker_(io) {}

  void run(int listening_socket);
  void begin_drain();
  void close_everything();
  restinio::request_handling_status_t handle(restinio::request_handle_t raw);
  void push(std::shared_ptr<Exchange> exchange) noexcept override;
  void release_body(std::size_t bytes) noexcept override;

  void opened(LaneSocket& socket) noexcept override;
  void closing(LaneSocket& socket) noexcept override;
  void closed(LaneSocket& socket) noexcept override;
  void linger(asio::ip::tcp::socket&& socket) noexcept override;

  struct {
    std::atomic<std::uint64_t> requests{0}, open{0}, ok{0}, refused{0}, failed{0};
  } counts;
  /// Requests whose answer is not with the kernel yet.
  std::atomic<std::uint64_t> unfinished{0};
  std::atomic<bool> drained_acceptor{false};
  std::function<void()> on_idle;  // set before begin_drain runs

  MessageReader reader;
  asio::io_context io{1};

 private:
  void accept_next() noexcept;
  void start_connection(asio::ip::tcp::socket&& socket);
  void tick();
  /// Answers the requests whose time is over, and closes connections that only linger.
  void end_late();
  void wake() noexcept;
  void drain_answers() noexcept;
  void answer(Exchange& exchange) noexcept;
  void finished() noexcept;
  void count_status(int status) noexcept;
  void acknowledge_drain(int rounds);
  [[nodiscard]] Response method_refusal(std::string_view path, std::string allow) const;
  void refuse_malformed(LaneSocket& socket);
  void send_last_words(LaneSocket& socket, const Response& response);

  LaneSettings settings_;
  TraceSource traces_;
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer ticker_;
  std::shared_ptr<Connections> connections_;
  bool accepting_ = false;
  bool draining_ = false;
  bool stopping_ = false;
  LaneSocket* sockets_ = nullptr;
  Unanswered unanswered_;
  Lingering lingering_;
  AnswerQueue answers_;
};

restinio::request_handling_status_t LaneHandler::operator()(restinio::request_handle_t raw) const {
  return loop->handle(std::move(raw));
}

Response LaneLoop::method_refusal(std::string_view path, std::string allow) const {
  Response response = router->render_error(path, 405, "this path does not take this method");
  response.headers.push_back({"Allow", std::move(allow)});
  return response;
}

restinio::request_handling_status_t LaneLoop::handle(restinio::request_handle_t raw) {
  const int verdict = reader.take_verdict();
  auto exchange = std::make_shared<Exchange>(shared_from_this(), std::move(raw), *current);
  counts.requests.fetch_add(1, std::memory_order_relaxed);
  unfinished.fetch_add(1, std::memory_order_relaxed);
  unanswered_.add(*exchange,
                  SteadyClock::now() + std::chrono::milliseconds(settings_.options.handle_timeout_ms));
  // Every answer goes through the queue, these too: RESTinio reads on after a handler that has answered
  // already, and again when that answer is written, which loses what a pipelining client sent in between.
  exchange->trace = trace_request(traces_, exchange->header("traceparent"), exchange->header("X-Request-Id"));
  const TraceScope scope(exchange->trace.trace);
  Responder responder(exchange);
  const auto refuse = [&](int status, std::string_view message) {
    responder.respond(router->render_error(exchange->path(), status, message));
    return restinio::request_accepted();
  };
  try {
    if (draining_) return refuse(503, "the server is shutting down");
    if (verdict == 400) return refuse(400, "the request is not valid HTTP");
    Router::Match match = router->match(exchange->method(), exchange->path());
    if (match.status == 400) return refuse(400, "the path is not validly percent-encoded");
    if (verdict == 414) return refuse(414, "the request target is too long");
    if (verdict == 431) return refuse(431, "the header fields are too long");
    if (match.status == 404) return refuse(404, nothing_there);
    if (match.status == 405) {
      responder.respond(method_refusal(exchange->path(), std::move(match.allow)));
      return restinio::request_accepted();
    }
    if (verdict == 503) return refuse(503, "too many bodies are waiting");
    if (verdict != 0 || exchange->body().size() > match.route->body_limit) {
      return refuse(413, "the body is too long");
    }
    exchange->parameters = std::move(match.parameters);
    match.route->handler(std::move(responder));
  } catch (const std::exception& error) {
    // The Responder went down with the handler and has answered, or lives on where the handler left it.
    spdlog::error("http: the handler of {} {} threw: {}", method_name(exchange->method()), exchange->path(),
                  error.what());
  } catch (...) {
    spdlog::error("http: the handler of {} {} threw", method_name(exchange->method()), exchange->path());
  }
  return restinio::request_accepted();
}

void LaneLoop::push(std::shared_ptr<Exchange> exchange) noexcept {
  if (!answers_.push(std::move(exchange))) return;
  try {
    if (AnswerBatch* const batch = AnswerBatch::current()) {
      batch->add([self = shared_from_this()] { self->wake(); });
    } else {
      wake();
    }
  } catch (const std::exception&) {
    // Out of memory: the next tick drains the queue.
  }
}

void LaneLoop::release_body(std::size_t bytes) noexcept {
  reader.buffered_bytes.fetch_sub(bytes, std::memory_order_relaxed);
}

void LaneLoop::wake() noexcept {
  try {
    asio::post(io, [this] { drain_answers(); });
  } catch (const std::exception&) {
    // As in push().
  }
}

void LaneLoop::drain_answers() noexcept {
  answers_.drain([this](Exchange& exchange) { answer(exchange); });
}

void LaneLoop::answer(Exchange& exchange) noexcept {
  unanswered_.remove(exchange);
  const auto connection = exchange.take_connection();
  if (!connection) return;
  const TraceScope scope(exchange.trace.trace);
  try {
    Response& response = exchange.response;
    add_trace(exchange.trace, response);
    if (!is_writable(response)) {
      spdlog::error("http: the answer to {} {} is not valid HTTP", method_name(exchange.method()),
                    exchange.path());
      response = router->render_error(exchange.path(), 500, "internal error");
      add_trace(exchange.trace, response);
    }
    add_privacy(exchange.path(), response);
    const auto& header = exchange.raw().header();
    AnswerForm form;
    form.head_only = exchange.method() == Method::head;
    form.close = draining_ || !header.should_keep_alive();
    form.say_keep_alive = header.http_minor() == 0;
    form.strict_transport = settings_.options.strict_transport;

    std::string text;
    const bool with_body = has_body(response, form);
    const bool body_inline = with_body && response.body.size() <= inline_body_bytes;
    text.reserve(256 + (body_inline ? response.body.size() : 0));
    append_head(response, form, text);
    if (body_inline) text += response.body;
    restinio::writable_items_container_t items;
    items.reserve(2);
    items.emplace_back(std::move(text));
    if (with_body && !body_inline) items.emplace_back(std::move(response.body));
    restinio::write_group_t group(std::move(items));
    group.after_write_notificator([this](const asio::error_code&) { finished(); });

    count_status(response.status);
    if (form.close) exchange.socket().answered_close = true;
    using restinio::response_connection_attr_t;
    const restinio::response_output_flags_t flags(restinio::response_parts_attr_t::final_parts,
                                                  form.close
                                                      ? response_connection_attr_t::connection_close
                                                      : response_connection_attr_t::connection_keepalive);
    connection->write_response_parts(exchange.raw().request_id(), flags, std::move(group));
  } catch (const std::exception& error) {
    // Out of memory. The connection ends by RESTinio's own time limit.
    spdlog::error("http: answering failed: {}", error.what());
    finished();
  }
}

/// Called once for each request: the write group calls its notificator when it was written, or when it is
/// destroyed.
void LaneLoop::finished() noexcept {
  if (unfinished.fetch_sub(1, std::memory_order_acq_rel) == 1 && draining_ && on_idle) on_idle();
}

void LaneLoop::count_status(int status) noexcept {
  auto& counter = status >= 500 ? counts.failed : status >= 400 ? counts.refused : counts.ok;
  counter.fetch_add(1, std::memory_order_relaxed);
}

void LaneLoop::opened(LaneSocket& socket) noexcept {
  socket.next = sockets_;
  if (sockets_ != nullptr) sockets_->previous = &socket;
  sockets_ = &socket;
  counts.open.fetch_add(1, std::memory_order_relaxed);
}

void LaneLoop::closed(LaneSocket& socket) noexcept {
  (socket.previous == nullptr ? sockets_ : socket.previous->next) = socket.next;
  if (socket.next != nullptr) socket.next->previous = socket.previous;
  counts.open.fetch_sub(1, std::memory_order_relaxed);
  reader.buffered_bytes.fetch_sub(std::exchange(socket.body_bytes, 0), std::memory_order_relaxed);
  socket.message = nullptr;
  accept_next();
}

/// RESTinio closes a connection without a word when a request is malformed and when it did not arrive in
/// time.
void LaneLoop::closing(LaneSocket& socket) noexcept {
  if (stopping_ || socket.answered_close) return;
  try {
    if (current == &socket && socket.input_is_sound) {
      socket.unread_input = true;
      refuse_malformed(socket);
    } else if (current != &socket && socket.message != nullptr) {
      send_last_words(
          socket, router->render_error(path_of_message(socket), 408, "the request did not arrive in time"));
    }
  } catch (const std::exception& error) {
    spdlog::error("http: refusing a malformed request failed: {}", error.what());
  }
}

void LaneLoop::refuse_malformed(LaneSocket& socket) {
  if (const std::string_view target = target_of_unknown_method(socket.input); !target.empty()) {
    const std::string_view path = path_of(target);
    Router::Match match = router->match(Method::other, path);
    if (match.status == 404) return send_last_words(socket, router->render_error(path, 404, nothing_there));
    if (match.status == 405) return send_last_words(socket, method_refusal(path, std::move(match.allow)));
  }
  send_last_words(socket,
                  router->render_error(path_of_message(socket), 400, "the request is not valid HTTP"));
}

void LaneLoop::send_last_words(LaneSocket& socket, const Response& response) {
  AnswerForm form;
  form.close = true;
  form.strict_transport = settings_.options.strict_transport;
  std::string text;
  append_head(response, form, text);
  text += response.body;
  // No answer is under way on a connection that is reading, so these bytes stand alone. What the kernel does
  // not take at once is given up with the connection.
  if (socket.send_now(text)) count_status(response.status);
}

void LaneLoop::linger(asio::ip::tcp::socket&& socket) noexcept { lingering_.add(std::move(socket)); }

void LaneLoop::accept_next() noexcept try {
  const bool full =
      counts.open.load(std::memory_order_relaxed) >= static_cast<std::uint64_t>(settings_.max_connections);
  if (accepting_ || draining_ || stopping_ || full || !acceptor_.is_open()) return;
  accepting_ = true;
  acceptor_.async_accept([this](const asio::error_code& error, asio::ip::tcp::socket socket) {
    accepting_ = false;
    if (error == asio::error::operation_aborted) return;
    if (!error) start_connection(std::move(socket));
    // Without descriptors or memory the next attempt waits for the tick; a client that left early is no
    // reason to.
    if (!error || error == asio::error::connection_aborted) accept_next();
  });
} catch (const std::exception&) {
  accepting_ = false;  // out of memory: the next tick tries again
}

void LaneLoop::start_connection(asio::ip::tcp::socket&& socket) {
  try {
    asio::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return;  // gone already
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    std::unique_ptr<TlsSession> tls;
    if (const auto& identity = settings_.options.tls) {
      tls = identity->accept(socket.native_handle());
      if (!tls) return;  // without memory the client is as well off with another try
    }
    connections_
        ->create_new_connection(LaneSocket(std::move(socket), this, std::move(tls)), peer,
                                LifetimeMonitor(nullptr))
        ->init();
  } catch (const std::exception& error) {
    spdlog::error("http: a connection could not be started: {}", error.what());
  }
}

void LaneLoop::tick() {
  // First of all the next one is certain: whatever fails in this one, connections go on and end in time.
  const auto pause = std::clamp<std::int64_t>(settings_.options.handle_timeout_ms / 8, 10, 1000);
  ticker_.expires_after(std::chrono::milliseconds(pause));
  ticker_.async_wait([this](const asio::error_code& error) {
    if (!error && !stopping_) tick();
  });
  try {
    drain_answers();
    accept_next();
    end_late();
    router->tick();
  } catch (const std::exception& error) {
    spdlog::error("http: a tick failed: {}", error.what());
  }
}

void LaneLoop::end_late() {
  const auto now = SteadyClock::now();
  while (const auto late = unanswered_.take_late(now)) {
    // When its answer came in this moment it is in the queue, and is what the client gets.
    if (!late->claim()) continue;
    late->response = router->render_error(late->path(), 503, "the request was not answered in time");
    answer(*late);
  }
  lingering_.expire(now);
}

void LaneLoop::run(int listening_socket) {
  MessageReader::of_this_thread() = &reader;
  const ServerOptions& options = settings_.options;
  const std::int64_t shortest_ms = std::min(options.read_timeout_ms, options.write_timeout_ms);
  const auto check_period = std::chrono::milliseconds(std::clamp<std::int64_t>(shortest_ms / 8, 10, 1000));

  restinio::server_settings_t<LaneTraits> settings;
  settings.request_handler(LaneHandler{this})
      .buffer_size(4096)
      .read_next_http_message_timelimit(std::chrono::milliseconds(options.read_timeout_ms))
      .write_http_response_timelimit(std::chrono::milliseconds(options.write_timeout_ms))
      // Ours comes first and answers; this one closes, should an answer never have been written.
      .handle_request_timeout(std::chrono::milliseconds(options.handle_timeout_ms + 10'000))
      .max_pipelined_requests(1);
  auto socket_options = settings.socket_options_setter();
  auto timers = std::make_shared<restinio::asio_timer_manager_t>(io, check_period);
  connections_ =
      std::make_shared<Connections>(std::make_shared<restinio::impl::connection_settings_t<LaneTraits>>(
                                        std::move(settings), MessageReader::callbacks(), timers),
                                    std::move(socket_options));

  sockaddr_storage address{};
  socklen_t length = sizeof address;
  ::getsockname(listening_socket, reinterpret_cast<sockaddr*>(&address), &length);
  acceptor_.assign(address.ss_family == AF_INET6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(),
                   listening_socket);
  tick();
  while (!stopping_) {
    try {
      io.run();
    } catch (const std::exception& error) {
      spdlog::error("http: the event loop goes on after: {}", error.what());
    }
  }
  // The connections end with the handlers of their aborted operations, on this thread.
  io.restart();
  while (io.poll() > 0) {
  }
  for (LaneSocket* socket = sockets_; socket != nullptr; socket = socket->next) socket->forget_owner();
  answers_.close();
  connections_.reset();
  MessageReader::of_this_thread() = nullptr;
}

void LaneLoop::begin_drain() {
  if (draining_ || stopping_) return;
  draining_ = true;
  // Clients in the accept queue believe that they are connected: they get their 503 rather than a reset.
  asio::error_code error;
  acceptor_.non_blocking(true, error);
  while (!error && counts.open.load() < static_cast<std::uint64_t>(settings_.max_connections)) {
    asio::ip::tcp::socket socket(io);
    acceptor_.accept(socket, error);
    if (!error) start_connection(std::move(socket));
  }
  acceptor_.close(error);
  acknowledge_drain(3);
}

/// Requests that lie in the sockets already are read before the lane can be called idle.
void LaneLoop::acknowledge_drain(int rounds) {
  if (rounds > 0) {
    asio::post(io, [this, rounds] { acknowledge_drain(rounds - 1); });
    return;
  }
  drained_acceptor.store(true, std::memory_order_release);
  if (on_idle) on_idle();
}

void LaneLoop::close_everything() {
  drain_answers();
  stopping_ = true;
  ticker_.cancel();
  asio::error_code ignored;
  acceptor_.close(ignored);
  while (const auto unanswered = unanswered_.take_oldest()) {
    static_cast<void>(unanswered->claim());
    static_cast<void>(unanswered->take_connection());
  }
  while (sockets_ != nullptr) sockets_->close();
  lingering_.close();
  io.stop();
}

class LaneThread final : public Lane {
 public:
  LaneThread(const LaneSettings& settings, std::shared_ptr<const Router> router, int listening_socket)
      : loop_(std::make_shared<LaneLoop>(settings, std::move(router))),
        thread_([loop = loop_, listening_socket] { loop->run(listening_socket); }) {}
  ~LaneThread() override { stop(); }
  LaneThread(const LaneThread&) = delete;
  LaneThread& operator=(const LaneThread&) = delete;

  [[nodiscard]] ServerCounters counters() const override {
    const auto& counts = loop_->counts;
    ServerCounters counters;
    counters.requests = counts.requests.load(std::memory_order_relaxed);
    counters.open_connections = counts.open.load(std::memory_order_relaxed);
    counters.in_flight = loop_->in_flight.load(std::memory_order_relaxed);
    counters.buffered_bytes = loop_->reader.buffered_bytes.load(std::memory_order_relaxed);
    counters.responses_2xx = counts.ok.load(std::memory_order_relaxed);
    counters.responses_4xx = counts.refused.load(std::memory_order_relaxed);
    counters.responses_5xx = counts.failed.load(std::memory_order_relaxed);
    return counters;
  }

  void begin_drain(std::function<void()> on_idle) override {
    asio::post(loop_->io, [loop = loop_.get(), on_idle = std::move(on_idle)]() mutable {
      loop->on_idle = std::move(on_idle);
      loop->begin_drain();
    });
  }

  [[nodiscard]] bool idle() const override {
    return loop_->drained_acceptor.load(std::memory_order_acquire) &&
           loop_->unfinished.load(std::memory_order_acquire) == 0;
  }

  void stop() override {
    if (!thread_.joinable()) return;
    INVARIANT(thread_.get_id() != std::this_thread::get_id(), "a lane cannot wait for itself");
    asio::post(loop_->io, [loop = loop_.get()] { loop->close_everything(); });
    thread_.join();
  }

 private:
  std::shared_ptr<LaneLoop> loop_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Lane> Lane::start(const LaneSettings& settings, std::shared_ptr<const Router> router,
                                  int listening_socket) {
  return std::make_unique<LaneThread>(settings, std::move(router), listening_socket);
}

}  // namespace jangbu::http
