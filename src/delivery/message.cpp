#include "delivery/message.h"

#include <algorithm>

#include "base/json.h"

namespace jangbu::delivery {
namespace {

constexpr std::string_view korea = "+82";

class Provider final : public MessageTransport {
 public:
  Provider(Client& client, MessageProvider provider) : client_(client), provider_(std::move(provider)) {}
  void send(const Note& note, std::string_view id, Client::Done done) override {
    Post post;
    post.url = provider_.url;
    post.headers.push_back({"webhook-id", std::string(id)});
    if (!provider_.key.empty()) post.headers.push_back({"Authorization", "Bearer " + provider_.key});
    post.body = provider_body(note, id);
    client_.post(std::move(post), [kind = note.kind, to = note.to, done = std::move(done)](Answer answer) {
      answer.body = without_receiver(std::move(answer.body), kind, to);
      done(std::move(answer));
    });
  }

 private:
  Client& client_;
  MessageProvider provider_;
};

class SandboxMessages final : public MessageTransport {
 public:
  void send(const Note&, std::string_view, Client::Done done) override {
    Answer answer;
    answer.status = 200;
    done(std::move(answer));
  }
};

class NoMessages final : public MessageTransport {
 public:
  void send(const Note&, std::string_view, Client::Done done) override {
    Answer answer;
    answer.error = "no provider of messages is configured (--message-url)";
    done(std::move(answer));
  }
};

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

}  // namespace

Note note_of(const Message& message, Rendered words, std::string_view secret) {
  Note note{message.kind, message.to, message.content, {}, std::move(words.text)};
  if (message.kind == Channel::push) note.title = std::move(words.subject);
  if (message.secret.empty()) return note;
  note.text = with_secret(std::move(note.text), secret);
  for (auto& [name, text] : note.content.fields) text = with_secret(std::move(text), secret);
  return note;
}

Status check(const Note& note) {
  RETURN_IF_ERROR(check_message_address(note.kind, note.to));
  RETURN_IF_ERROR(check_header_text("the title", note.title));
  return check_content("the text", note.text);
}

std::string provider_body(const Note& note, std::string_view id) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("id").string(id).key("kind").string(channel_name(note.kind));
  writer.key("to").string(note.to).key("template").string(note.content.name);
  writer.key("version").unsigned_number(note.content.version).key("fields").begin_object();
  for (const auto& [name, text] : note.content.fields) writer.key(name).string(text);
  writer.end_object();
  if (!note.title.empty()) writer.key("title").string(note.title);
  writer.key("text").string(note.text).end_object();
  return body;
}

std::string without_receiver(std::string text, Channel kind, std::string_view to) {
  const std::string mask = masked(kind, to);
  replace_all(text, to, mask);
  if (kind == Channel::push) return text;
  // The number without its +, and as it is written at home.
  replace_all(text, to.substr(1), mask);
  if (to.starts_with(korea)) replace_all(text, "0" + std::string(to.substr(korea.size())), mask);
  return text;
}

Status check(const MessageProvider& provider, Reach reach) {
  if (const Status checked = check_url(provider.url, reach); !checked)
    return Error(Errc::invalid_configuration, "--message-url: " + checked.error().detail);
  const bool is_key =
      std::all_of(provider.key.begin(), provider.key.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!is_key)
    return Error(Errc::invalid_configuration, "JANGBU_MESSAGE_KEY is printable ASCII without spaces");
  return {};
}

std::unique_ptr<MessageTransport> provider_transport(Client& client, MessageProvider provider) {
  return std::make_unique<Provider>(client, std::move(provider));
}
std::unique_ptr<MessageTransport> sandbox_messages() { return std::make_unique<SandboxMessages>(); }
std::unique_ptr<MessageTransport> no_messages() { return std::make_unique<NoMessages>(); }

}  // namespace jangbu::delivery
