// One attempt to deliver an event: what is sent, and what counts as delivered.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "delivery/client.h"
#include "delivery/events.h"
#include "delivery/mail.h"
#include "delivery/message.h"
#include "delivery/template.h"

namespace jangbu::delivery {

/// Whether an answer means that the receiver has it; else why not, for people.
std::optional<std::string> why_not_done(Done rule, const Answer& answer);

struct AttemptParts {
  Client& client;
  MailTransport& mail;
  MessageTransport& messages;
  const Templates& templates;
  const std::function<std::optional<std::string>(std::string_view name)>& find_secret;
};

struct Sent {
  bool delivered = false;
  std::string reason;  // why it was not
  Answer answer;
  Instant started_at;          // wall time
  std::optional<Retry> retry;  // empty: it makes no sense to try again
};

/// What is not sent at all.
Sent not_sent(std::string reason, std::optional<Retry> retry, Instant wall_now);

/// By what a receiver knows an attempt.
struct AttemptIds {
  std::string message;      // see message_id()
  std::string traceparent;  // of webhooks
};

/// Renders it and sends it once. `done` is called exactly once, on any thread. An event that does not read
/// cannot be delivered; one whose payload could not be fetched (an error of class retry) is tried again.
void try_delivery(const AttemptParts& parts, const AttemptIds& ids, const Result<Delivery>& delivery,
                  Instant wall_now, std::function<void(Sent)> done);

}  // namespace jangbu::delivery
