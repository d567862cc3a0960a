#include "cli/bench/load.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/bench/interrupt.h"

namespace jangbu::cli::bench {
namespace {

constexpr int epoll_slice_ms = 100;
constexpr std::int64_t us_a_second = 1'000'000;
/// A server that answers nothing at all for so long has failed.
constexpr std::int64_t longest_silence_us = 30 * us_a_second;
constexpr std::size_t shown_failure_bytes = 400;
constexpr int events_at_once = 64;
constexpr std::size_t read_bytes = 16 << 10;

Error failed(const char* what) {
  return Error(Errc::io_error, std::string("load: ") + what + ": " + std::strerror(errno));
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

struct Load::Run {
  Goal goal;
  LoadResult result;
  std::int64_t start_us = 0;
  std::int64_t last_answer_us = 0;
  std::uint64_t sent = 0;
  int waiting = 0;

  [[nodiscard]] bool done(std::int64_t now_us) const {
    return (goal.duration_us != 0 && now_us - start_us >= goal.duration_us) ||
           (goal.purchases != 0 && sent >= goal.purchases);
  }
};

std::uint64_t LoadResult::accepted_per_s() const {
  return elapsed_us <= 0 ? 0 : accepted * us_a_second / static_cast<std::uint64_t>(elapsed_us);
}

Load::Load(const Clock& clock, std::uint16_t port, int connections, const PurchaseOptions& purchases)
    : clock_(clock),
      port_(port),
      purchases_(purchases),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(static_cast<std::size_t>(connections)) {
  INVARIANT(epoll_ >= 0, "epoll_create1");
}

Load::~Load() {
  for (Connection& connection : connections_) close(connection);
  ::close(epoll_);
}

Status Load::open(Connection& connection) {
  connection.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection.socket < 0) return failed("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(connection.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return failed("connect");
  const int on = 1;
  ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return watch(connection, EPOLL_CTL_ADD, EPOLLIN);
}

Status Load::watch(Connection& connection, int operation, std::uint32_t events) const {
  epoll_event interest{};
  interest.events = events;
  interest.data.ptr = &connection;
  if (::epoll_ctl(epoll_, operation, connection.socket, &interest) != 0) return failed("epoll_ctl");
  return {};
}

void Load::close(Connection& connection) {
  if (connection.socket >= 0) ::close(connection.socket);
  connection.socket = -1;
  connection.unsent.clear();
  connection.unread.clear();
}

/// After the server has ended the connection. A request that it leaves without an answer may have been done.
Status Load::reopen(Run& run, Connection& connection) {
  close(connection);
  if (connection.waits) {
    connection.waits = false;
    --run.waiting;
    ++run.result.unknown;
  }
  RETURN_IF_ERROR(open(connection));
  return send_next(run, connection);
}

Status Load::send_next(Run& run, Connection& connection) {
  const std::int64_t now_us = clock_.monotonic_us();
  if (run.done(now_us)) return {};
  ++run.sent;
  ++run.waiting;
  connection.waits = true;
  connection.sent_us = now_us;
  return send_rest(connection, purchases_.next());
}

/// Keeps what the socket does not take now, and has epoll say when it takes more.
Status Load::send_rest(Connection& connection, std::string_view bytes) {
  const ssize_t sent = ::send(connection.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  // A connection that has ended is found out by reading from it.
  if (sent < 0 && !would_block()) return {};
  const std::size_t taken = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  if (taken == bytes.size()) return {};
  connection.unsent = std::string(bytes.substr(taken));
  return watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

Status Load::send_unsent(Connection& connection) {
  const std::string unsent = std::exchange(connection.unsent, {});
  RETURN_IF_ERROR(watch(connection, EPOLL_CTL_MOD, EPOLLIN));
  return send_rest(connection, unsent);
}

Status Load::receive(Run& run, Connection& connection) {
  std::array<char, read_bytes> buffer;
  const ssize_t count = ::recv(connection.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0 && would_block()) return {};
  if (count <= 0) return reopen(run, connection);
  std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
  if (!connection.unread.empty()) {
    connection.unread += bytes;
    bytes = connection.unread;
  }
  const std::optional<Answer> answer = read_answer(bytes);
  if (!answer) {
    if (connection.unread.empty()) connection.unread = std::string(bytes);
    return {};
  }
  if (answer->verdict == Verdict::failed && run.result.failed == 0)
    run.result.first_failure = std::string(bytes.substr(0, shown_failure_bytes));
  connection.unread.clear();
  return take_answer(run, connection, *answer);
}

Status Load::take_answer(Run& run, Connection& connection, const Answer& answer) {
  const std::int64_t now_us = clock_.monotonic_us();
  if (connection.waits) {
    connection.waits = false;
    --run.waiting;
    run.result.latencies.record_us(now_us - connection.sent_us);
  }
  run.last_answer_us = now_us;
  switch (answer.verdict) {
    case Verdict::accepted:
      ++run.result.accepted;
      break;
    case Verdict::unknown:
      ++run.result.unknown;
      break;
    case Verdict::failed:
      ++run.result.failed;
      break;
  }
  return answer.closes ? reopen(run, connection) : send_next(run, connection);
}

Status Load::wait(Run& run) {
  std::array<epoll_event, events_at_once> events{};
  const int count = ::epoll_wait(epoll_, events.data(), events_at_once, epoll_slice_ms);
  if (count < 0 && errno != EINTR) return failed("epoll_wait");
  if (interrupted()) return Error(Errc::io_error, "interrupted");
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    Connection& connection = *static_cast<Connection*>(event.data.ptr);
    if ((event.events & EPOLLOUT) != 0) RETURN_IF_ERROR(send_unsent(connection));
    if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0)
      RETURN_IF_ERROR(receive(run, connection));
  }
  if (count <= 0 && clock_.monotonic_us() - run.last_answer_us > longest_silence_us)
    return Error(Errc::io_error, "load: the server has fallen silent");
  return {};
}

Result<LoadResult> Load::run(const Goal& goal, const OnAnswers& on_answers) {
  INVARIANT(goal.duration_us != 0 || goal.purchases != 0, "a load has an end");
  for (Connection& connection : connections_)
    if (connection.socket < 0) RETURN_IF_ERROR(open(connection));
  Run run;
  run.goal = goal;
  run.start_us = run.last_answer_us = clock_.monotonic_us();
  for (Connection& connection : connections_) RETURN_IF_ERROR(send_next(run, connection));
  while (run.waiting > 0) {
    RETURN_IF_ERROR(wait(run));
    if (on_answers) on_answers(run.result.accepted);
  }
  run.result.elapsed_us = run.last_answer_us - run.start_us;
  return std::move(run.result);
}

}  // namespace jangbu::cli::bench
