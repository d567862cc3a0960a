#include "http/lane_exchange.h"

#include <exception>

#include <spdlog/spdlog.h>

#include "http/lane_parser.h"

namespace jangbu::http {
namespace {

/// In the place of the queue's head once the lane has ended.
Exchange* const queue_closed = reinterpret_cast<Exchange*>(alignof(Exchange));  // never dereferenced

}  // namespace

Exchange::Exchange(std::shared_ptr<ExchangeOwner> owner, restinio::request_handle_t raw, LaneSocket& socket)
    : owner_(std::move(owner)),
      raw_(std::move(raw)),
      method_(to_method(raw_->header().method().raw_id())),
      path_(path_of(raw_->header().request_target())),
      body_bytes_(std::exchange(socket.body_bytes, 0)),
      socket_(&socket) {
  owner_->in_flight.fetch_add(1, std::memory_order_relaxed);
}

Exchange::~Exchange() {
  if (body_bytes_ > 0) owner_->release_body(body_bytes_);
}

std::vector<Header> Exchange::headers() const {
  std::vector<Header> all;
  raw_->header().for_each_field([&all](const auto& field) {
    all.push_back({std::string(field.name()), std::string(field.value())});
  });
  return all;
}

std::string Exchange::peer() const {
  // A header that is repeated is one list.
  std::string forwarded;
  raw_->header().for_each_value_of("X-Forwarded-For", [&forwarded](const auto& value) {
    if (!forwarded.empty()) forwarded += ',';
    forwarded.append(value.data(), value.size());
    return restinio::http_header_fields_t::continue_enumeration();
  });
  return owner_->proxies.client_of(raw_->remote_endpoint().address().to_string(), forwarded);
}

std::string_view Exchange::path_parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return {};
}

void Exchange::deliver(Response&& answer) noexcept {
  owner_->in_flight.fetch_sub(1, std::memory_order_relaxed);
  if (!claim()) return;
  response = std::move(answer);
  owner_->push(shared_from_this());
}

void Exchange::abandon() noexcept {
  try {
    deliver(owner_->router->render_error(path_, 500, "internal error"));
  } catch (const std::exception& error) {
    spdlog::error("http: rendering an error failed: {}", error.what());
    Channel::abandon();
  }
}

Exchange::RawConnection Exchange::take_connection() {
  return std::move(restinio::impl::access_req_connection(*raw_));
}

void Unanswered::add(Exchange& exchange, std::chrono::steady_clock::time_point deadline) noexcept {
  exchange.deadline_ = deadline;
  exchange.older_ = newest_;
  (newest_ == nullptr ? oldest_ : newest_->newer_) = &exchange;
  newest_ = &exchange;
  exchange.listed_ = true;
}

void Unanswered::remove(Exchange& exchange) noexcept {
  if (!exchange.listed_) return;
  exchange.listed_ = false;
  (exchange.older_ == nullptr ? oldest_ : exchange.older_->newer_) = exchange.newer_;
  (exchange.newer_ == nullptr ? newest_ : exchange.newer_->older_) = exchange.older_;
}

std::shared_ptr<Exchange> Unanswered::take_oldest() {
  if (oldest_ == nullptr) return nullptr;
  auto held = oldest_->shared_from_this();
  remove(*held);
  return held;
}

std::shared_ptr<Exchange> Unanswered::take_late(std::chrono::steady_clock::time_point now) {
  return oldest_ != nullptr && oldest_->deadline_ <= now ? take_oldest() : nullptr;
}

bool AnswerQueue::push(std::shared_ptr<Exchange> exchange) noexcept {
  Exchange* const node = exchange.get();
  Exchange* head = newest_.load(std::memory_order_acquire);
  node->queued_ = std::move(exchange);
  do {
    if (head == queue_closed) {
      const auto dropped = std::move(node->queued_);
      return false;
    }
    node->next_answer_ = head;
  } while (!newest_.compare_exchange_weak(head, node, std::memory_order_acq_rel, std::memory_order_acquire));
  return head == nullptr;
}

Exchange* AnswerQueue::take_in_order(Exchange* head) noexcept {
  Exchange* newest = newest_.exchange(head, std::memory_order_acq_rel);
  Exchange* first = nullptr;
  while (newest != nullptr) {
    Exchange* const older = newest->next_answer_;
    newest->next_answer_ = first;
    first = newest;
    newest = older;
  }
  return first;
}

void AnswerQueue::close() noexcept {
  Exchange* first = take_in_order(queue_closed);
  while (first != nullptr) {
    const std::shared_ptr<Exchange> dropped = std::move(first->queued_);
    first = first->next_answer_;
  }
}

}  // namespace jangbu::http
