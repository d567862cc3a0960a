// One request on its way through the program, and the two orders in which a lane keeps them: those without an
// answer, oldest first, and the answers that wait to be written. Internal to the lane.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <restinio/http_server.hpp>

#include "http/lane_socket.h"
#include "http/proxies.h"
#include "http/router.h"
#include "http/trace.h"

namespace jangbu::http {

class Exchange;

/// What the lane does for its exchanges, which share it: an answer that comes after the lane's end finds it
/// closed, not gone.
class ExchangeOwner {
 public:
  ExchangeOwner(std::shared_ptr<const Router> shared_router, TrustedProxies trusted_proxies)
      : router(std::move(shared_router)), proxies(std::move(trusted_proxies)) {}
  virtual ~ExchangeOwner() = default;
  ExchangeOwner(const ExchangeOwner&) = delete;
  ExchangeOwner& operator=(const ExchangeOwner&) = delete;

  /// Takes an exchange whose response is there. From any thread.
  virtual void push(std::shared_ptr<Exchange> exchange) noexcept = 0;
  /// The body of a request is gone from memory. From any thread.
  virtual void release_body(std::size_t bytes) noexcept = 0;

  const std::shared_ptr<const Router> router;
  const TrustedProxies proxies;
  /// Exchanges whose Responder has not been used.
  std::atomic<std::uint64_t> in_flight{0};
};

/// One request on its way through the program. Whoever claims it first answers it: the handler, the time
/// limit, or the end of the lane. Everything of RESTinio in it is touched by the lane's thread only, but for
/// the parts of the request that never change.
class Exchange final : public Request,
                       public Responder::Channel,
                       public std::enable_shared_from_this<Exchange> {
 public:
  using RawConnection = restinio::impl::connection_handle_t;

  Exchange(std::shared_ptr<ExchangeOwner> owner, restinio::request_handle_t raw, LaneSocket& socket);
  ~Exchange() override;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  [[nodiscard]] Method method() const override { return method_; }
  [[nodiscard]] std::string_view path() const override { return path_; }
  [[nodiscard]] std::string_view query() const override { return raw_->header().query(); }
  [[nodiscard]] std::string_view body() const override { return raw_->body(); }
  [[nodiscard]] const std::string* header(std::string_view name) const override {
    return raw_->header().try_get_field(name);
  }
  [[nodiscard]] std::vector<Header> headers() const override;
  [[nodiscard]] std::string peer() const override;
  [[nodiscard]] std::string_view path_parameter(std::string_view name) const override;
  [[nodiscard]] std::string_view traceparent() const override { return trace.traceparent; }

  const Request& request() const override { return *this; }
  void deliver(Response&& answer) noexcept override;
  void abandon() noexcept override;

  /// Whether the caller is the first, and answers it.
  [[nodiscard]] bool claim() noexcept { return !claimed_.exchange(true, std::memory_order_acq_rel); }
  /// What RESTinio writes the answer to; null when it was taken already. On the lane's thread.
  [[nodiscard]] RawConnection take_connection();
  [[nodiscard]] const restinio::request_t& raw() const { return *raw_; }
  /// Alive as long as the connection has not been taken, and while what was taken lives.
  [[nodiscard]] LaneSocket& socket() const { return *socket_; }

  std::vector<std::pair<std::string, std::string>> parameters;
  Response response;   // belongs to who claimed it, then to the lane
  RequestTrace trace;  // set by the lane before anybody else has the request

 private:
  friend class AnswerQueue;
  friend class Unanswered;

  std::shared_ptr<ExchangeOwner> owner_;  // first, so that it goes last
  restinio::request_handle_t raw_;
  Method method_;
  std::string_view path_;
  std::size_t body_bytes_;
  LaneSocket* socket_;  // alive as long as raw_ holds the connection

  std::atomic<bool> claimed_{false};

  // The queue of answers.
  Exchange* next_answer_ = nullptr;
  std::shared_ptr<Exchange> queued_;

  // The lane's list of requests without an answer.
  Exchange* older_ = nullptr;
  Exchange* newer_ = nullptr;
  bool listed_ = false;
  std::chrono::steady_clock::time_point deadline_;
};

/// The requests without an answer, oldest first. The list does not keep them alive, and need not: one that
/// nobody has claimed is held by its Responder, one that the Responder has claimed by the queue of answers.
/// Once the lane claims one itself its Responder may let go at any time, so the lane takes hold of it before.
/// For the lane's thread.
class Unanswered {
 public:
  void add(Exchange& exchange, std::chrono::steady_clock::time_point deadline) noexcept;
  /// Does nothing for one that is not in the list.
  void remove(Exchange& exchange) noexcept;
  /// Takes out the oldest; null when there is none, or none with a deadline up to `now`.
  std::shared_ptr<Exchange> take_oldest();
  std::shared_ptr<Exchange> take_late(std::chrono::steady_clock::time_point now);

 private:
  Exchange* oldest_ = nullptr;
  Exchange* newest_ = nullptr;
};

/// Answers on their way from any thread to the lane's.
class AnswerQueue {
 public:
  /// From any thread. true when the queue was empty: the lane is to be woken then, so that answers which come
  /// together share one wake-up. After close() the exchange is dropped.
  [[nodiscard]] bool push(std::shared_ptr<Exchange> exchange) noexcept;
  /// Hands all that waits to `each`, in the order in which it came. On the lane's thread.
  template <typename Each>
  void drain(Each each) noexcept {
    Exchange* first = take_in_order(nullptr);
    while (first != nullptr) {
      const std::shared_ptr<Exchange> exchange = std::move(first->queued_);
      first = first->next_answer_;
      each(*exchange);
    }
  }
  /// Drops what waits, and all that comes from now on.
  void close() noexcept;

 private:
  /// Leaves `head` in place of what is taken.
  Exchange* take_in_order(Exchange* head) noexcept;

  std::atomic<Exchange*> newest_{nullptr};
};

}  // namespace jangbu::http
