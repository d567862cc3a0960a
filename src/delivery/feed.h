// The feed of webhooks: what the house tells, as it tells it, for a developer at a desk (`jangbu listen`).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <thread>

#include "base/time.h"
#include "delivery/queries.h"
#include "delivery/secret_book.h"
#include "delivery/template.h"
#include "engine/engine.h"
#include "http/api.h"
#include "http/router.h"

namespace jangbu::delivery {

struct FeedParts {
  engine::Engine& engine;
  const SecretBook& secrets;
  const Templates& templates;
  const Clock& clock;
  Hash id_key;
  http::Authorize authorize;
};

/// GET /api/deliveries/feed: the webhooks and reward postbacks with ids above `after`, each with the signed
/// headers under which it would be sent now. It waits for the next one when there is none, with whoever asks:
/// a few at a time. Looks at the book while somebody waits, on every node alike. Owns a thread. Thread-safe.
class Feed {
 public:
  explicit Feed(FeedParts parts);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  void add_routes(http::Router& router);
  /// Answers whoever waits and lets nobody wait any more.
  void stop();

 private:
  struct Wanted {
    std::uint64_t after = 0;
    bool from_now = false;  // without `after`: only the place to go on from is asked for
    std::size_t limit = 100;
    std::string door;  // empty: any
    Duration wait;
  };
  struct Waiter {
    Wanted wanted;
    std::shared_ptr<http::Responder> responder;
    std::int64_t until_us = 0;
    bool is_looking = false;
  };
  using Waiters = std::list<Waiter>;

  static Result<Wanted> read_wanted(std::string_view query);
  void ask(http::Responder responder);
  void run();
  void look(Waiters::iterator waiter, bool is_last);
  /// What there is for somebody; the body's text, or nothing while there is nothing.
  Result<std::optional<std::string>> found(store::Session& session, Wanted& wanted, bool is_last) const;
  void answer(Waiters::iterator waiter, const Result<std::string>& body);

  FeedParts parts_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Waiters waiters_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace jangbu::delivery
