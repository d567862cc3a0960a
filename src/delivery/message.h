// Messages: SMS, Kakao and push, through a provider that takes them over HTTP.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "delivery/client.h"
#include "delivery/events.h"

namespace jangbu::delivery {

/// A message with its words: `title` is for push alone.
struct Note {
  Channel kind = Channel::sms;
  std::string to;
  Content content;  // the fields with the secret in the place of every placeholder
  std::string title;
  std::string text;
};
/// What its template says, with the secret in the place of every placeholder.
Note note_of(const Message& message, Rendered words, std::string_view secret);
/// Whether it can be sent. Error: invalid_parameters with what is wrong.
Status check(const Note& note);

/// The body of the request that a provider gets:
/// {"id","kind","to","template","version","fields":{...},"title","text"}. Title only where there is one.
std::string provider_body(const Note& note, std::string_view id);
/// The text with the receiver's number in it, as a provider may repeat it, in its masked form.
std::string without_receiver(std::string text, Channel kind, std::string_view to);

/// How messages leave. Thread-safe.
class MessageTransport {
 public:
  virtual ~MessageTransport() = default;
  /// `done` is called exactly once, on any thread; what was taken has a status of 2xx.
  virtual void send(const Note& note, std::string_view id, Client::Done done) = 0;
};

struct MessageProvider {
  std::string url;
  std::string key;  // sent as "Authorization: Bearer ..."; empty: without
};
/// Error: invalid_configuration, when the URL may not be reached or the key cannot stand in a header.
Status check(const MessageProvider& provider, Reach reach);

/// POSTs each message as one JSON body, with webhook-id as the id by which the provider knows repeats. The
/// client must outlive it.
std::unique_ptr<MessageTransport> provider_transport(Client& client, MessageProvider provider);
/// The sandbox's: every message is taken at once; sandbox_inbox.h shows them.
std::unique_ptr<MessageTransport> sandbox_messages();
/// Where no provider is configured: every attempt fails and says so.
std::unique_ptr<MessageTransport> no_messages();

}  // namespace jangbu::delivery
