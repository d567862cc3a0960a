// The postman: brings every event of the outbox to its receiver, at least once, in the order of its document.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "base/time.h"
#include "delivery/backlog.h"
#include "delivery/client.h"
#include "delivery/mail.h"
#include "delivery/message.h"
#include "delivery/state.h"
#include "delivery/template.h"
#include "engine/engine.h"
#include "http/metrics.h"

namespace jangbu::delivery {

/// The text of a receiver's secret by its name, or nothing when it is not known. Called on the postman's
/// thread; must not block for long.
using FindSecret = std::function<std::optional<std::string>(std::string_view name)>;

/// Why an event is not to be sent any more, for its log; nothing when it is. Asked before every attempt, on
/// the postman's thread; must not block. The event is given up then, and asked about again when somebody
/// sends it again.
using Withdrawn = std::function<std::optional<std::string>(const engine::OutboxEvent&)>;

/// The id by which receivers know repeats of an event ("msg_" and 32 hex digits): the same for every attempt
/// and every resend, and another one in every installation with another key.
std::string message_id(const Hash& key, const engine::PlacedEvent& event);
/// The bytes that such an id is made of, also out of a mail's Message-ID; nothing when the text is none.
std::optional<Bytes> message_of_id(std::string_view text);
/// The trace that an event belongs to: of the request that caused it, or one of its own with the digits of
/// its message_id(), when nobody asked for it or this process did not see it happen.
Trace trace_of(const Hash& key, const engine::PlacedEvent& event);

struct PostmanParts {
  engine::Engine& engine;
  State& state;
  Client& client;
  MailTransport& mail;
  MessageTransport& messages;
  const Templates& templates;
  const Clock& clock;
  Random& random;
  http::Metrics& metrics;
  FindSecret find_secret;
  Hash id_key;
  BacklogLimits limits = {};
  Withdrawn withdrawn = {};  // empty: nothing ever is
};

/// Works on the node that writes, and takes over when another one becomes it. What it sends is committed, and
/// what it has sent becomes a record; between the two it may be killed, and the event is sent again. Owns a
/// thread; everything it is given must outlive it. Thread-safe.
class Postman {
 public:
  /// Starts its thread.
  explicit Postman(PostmanParts parts);
  /// Stops without patience.
  ~Postman();
  Postman(const Postman&) = delete;
  Postman& operator=(const Postman&) = delete;

  /// Calls `tried` when the first attempt of an event has ended, with whether it was delivered, or with false
  /// when the patience is over; at once when it was tried a moment ago. Exactly once, on the postman's
  /// thread; it must not block.
  using Tried = std::function<void(bool sent)>;
  void when_tried(std::uint64_t event, Duration patience, Tried tried);
  /// The same, but when the attempt stands in the log, too.
  void when_logged(std::uint64_t event, Duration patience, Tried tried);

  /// Begins no more deliveries, waits this long for those under way and for their records, and stops; what is
  /// not done stays pending. true when nothing was cut off. The engine must still take commands.
  bool stop(std::int64_t patience_ms);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace jangbu::delivery
