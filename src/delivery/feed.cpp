#include "delivery/feed.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "delivery/postman.h"
#include "delivery/signature.h"
#include "delivery/utf8.h"

namespace jangbu::delivery {
namespace {

using http::Effect;
using http::Method;

constexpr std::size_t max_waiters = 16;
constexpr std::size_t max_events = 100;
constexpr Duration longest_wait = Duration::seconds(25);  // below the server's patience with a handler
/// How soon a waiter hears of an event.
constexpr auto look_every = std::chrono::milliseconds(150);

std::optional<std::uint64_t> number_from(std::string_view text, std::uint64_t high) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > high) return std::nullopt;
  return value;
}

void write_event(json::Writer& writer, const DeliveryRow& row, const Webhook& webhook, std::string_view body,
                 const std::vector<http::Header>& headers) {
  const engine::PlacedEvent& event = row.event;
  writer.begin_object().key("id").unsigned_number(event.id);
  writer.key("destination").string(valid_utf8(event.event.destination));
  writer.key("document").string(valid_utf8(event.event.document));
  writer.key("topic").string(valid_utf8(event.event.topic));
  writer.key("template").string(webhook.body.name);
  writer.key("created_at").string(to_rfc3339(event.at)).key("url").string(webhook.url);
  writer.key("headers").begin_object();
  for (const http::Header& header : headers) writer.key(header.name).string(header.value);
  writer.end_object().key("body").string(body).end_object();
}

}  // namespace

Feed::Feed(FeedParts parts) : parts_(std::move(parts)) {
  thread_ = std::thread([this] { run(); });
}

Feed::~Feed() {
  stop();
  thread_.join();
}

void Feed::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
}

void Feed::add_routes(http::Router& router) {
  router.add({Method::get, "/api/deliveries/feed", Effect::read,
              [this](http::Responder responder) { ask(std::move(responder)); }});
}

Result<Feed::Wanted> Feed::read_wanted(std::string_view query) {
  Wanted wanted;
  wanted.from_now = true;
  const auto wrong = [](std::string what) { return Error(Errc::invalid_parameters, std::move(what)); };
  for (const auto& [name, value] : http::parse_query(query)) {
    if (name == "after") {
      const auto after = number_from(value, INT64_MAX);
      if (!after) return wrong("after must be the id of an event, or 0");
      wanted.after = *after;
      wanted.from_now = false;
    } else if (name == "limit") {
      const auto limit = number_from(value, max_events);
      if (!limit || *limit == 0) return wrong("limit must be a whole number from 1 to 100");
      wanted.limit = *limit;
    } else if (name == "wait") {
      const auto wait = number_from(value, static_cast<std::uint64_t>(longest_wait.us / 1'000'000));
      if (!wait) return wrong("wait must be a whole number of seconds, 25 at most");
      wanted.wait = Duration::seconds(static_cast<std::int64_t>(*wait));
    } else if (name == "door") {
      wanted.door = value;
    } else {
      return wrong(name + " is no parameter of this feed");
    }
  }
  return wanted;
}

void Feed::ask(http::Responder responder) {
  if (!parts_.authorize(responder.request()))
    return responder.respond(http::api_error(Errc::not_authenticated));
  auto wanted = read_wanted(responder.request().query());
  if (!wanted) return responder.respond(http::api_error(wanted.error()));
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return responder.respond(http::api_error(Errc::shutting_down));
    if (waiters_.size() >= max_waiters) return responder.respond(http::api_error(Errc::overloaded));
    Waiter waiter;
    waiter.until_us = parts_.clock.monotonic_us() + wanted->wait.us;
    waiter.wanted = std::move(*wanted);
    waiter.responder = std::make_shared<http::Responder>(std::move(responder));
    waiters_.push_back(std::move(waiter));
  }
  wake_.notify_one();
}

void Feed::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (waiters_.empty()) {
      if (stopping_) return;
      wake_.wait(lock, [this] { return stopping_ || !waiters_.empty(); });
      continue;
    }
    const std::int64_t now_us = parts_.clock.monotonic_us();
    std::vector<std::pair<Waiters::iterator, bool>> to_look;
    for (auto it = waiters_.begin(); it != waiters_.end(); ++it) {
      if (it->is_looking) continue;
      it->is_looking = true;
      to_look.emplace_back(it, stopping_ || now_us >= it->until_us);
    }
    lock.unlock();
    for (const auto& [waiter, is_last] : to_look) look(waiter, is_last);
    lock.lock();
    wake_.wait_for(lock, look_every);
  }
}

void Feed::look(Waiters::iterator waiter, bool is_last) {
  parts_.engine.read(
      [this, waiter, is_last](store::Session& session) {
        auto body = found(session, waiter->wanted, is_last);
        if (!body) return answer(waiter, body.error());
        if (*body) return answer(waiter, std::move(**body));
        const std::lock_guard lock(mutex_);
        waiter->is_looking = false;
      },
      [this, waiter](const Error& error) { answer(waiter, error); });
}

Result<std::optional<std::string>> Feed::found(store::Session& session, Wanted& wanted, bool is_last) const {
  if (wanted.from_now) {
    ASSIGN_OR_RETURN(const IdRange all, ids_between(session, Instant{0}, Instant{INT64_MAX}));
    wanted.after = all.end - 1;
  }
  ASSIGN_OR_RETURN(const auto rows, read_after(session, wanted.after, wanted.limit));
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("events").begin_array();
  bool any = false;
  for (const DeliveryRow& row : rows) {
    wanted.after = row.event.id;
    const auto delivery = decode(row.event.event.payload);
    const Webhook* webhook = delivery.ok() ? delivery->webhook() : nullptr;
    if (webhook == nullptr) continue;
    if (!wanted.door.empty() && !webhook->body.name.starts_with(wanted.door + ".")) continue;
    const auto words = parts_.templates.render(webhook->body);
    const auto secret =
        webhook->secret.empty() ? std::optional(std::string()) : parts_.secrets.find(webhook->secret);
    if (!words || !secret) continue;  // it cannot be sent either
    any = true;
    write_event(writer, row, *webhook, words->text,
                signature_headers(webhook->signing, *secret, message_id(parts_.id_key, row.event),
                                  parts_.clock.wall_now(), words->text));
  }
  writer.end_array().key("last").unsigned_number(wanted.after).end_object();
  if (!any && !is_last && !wanted.from_now) return std::optional<std::string>();
  return std::optional(std::move(body));
}

void Feed::answer(Waiters::iterator waiter, const Result<std::string>& body) {
  std::shared_ptr<http::Responder> responder;
  {
    const std::lock_guard lock(mutex_);
    responder = std::move(waiter->responder);
    waiters_.erase(waiter);
  }
  responder->respond(body ? http::json_response(*body) : http::api_error(body.error()));
}

}  // namespace jangbu::delivery
