// The mail and the messages of the sandbox, as JSON and as pages.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/time.h"
#include "delivery/mail.h"
#include "delivery/message.h"

namespace jangbu::delivery {

/// A mail that the sandbox took, with its secret in place.
struct TakenMail {
  std::uint64_t id = 0;
  Instant at;
  std::string topic;
  Letter letter;
};
/// The same of a message.
struct TakenMessage {
  std::uint64_t id = 0;
  Instant at;
  std::string topic;
  Note note;
};

/// {"mails":[...],"next":cursor or null}, {"messages":[...],"next":...}; `next` 0: there is no older one.
std::string render_list(std::span<const TakenMail> mails, std::uint64_t next);
std::string render_list(std::span<const TakenMessage> messages, std::uint64_t next);
std::string render_taken(const TakenMail& mail);
std::string render_taken(const TakenMessage& message);
std::string render_list_html(std::span<const TakenMail> mails, std::uint64_t next);
std::string render_list_html(std::span<const TakenMessage> messages, std::uint64_t next);
std::string render_taken_html(const TakenMail& mail);
std::string render_taken_html(const TakenMessage& message);

}  // namespace jangbu::delivery
