#include "delivery/attempt.h"

#include <utility>

#include "base/json.h"
#include "delivery/signature.h"

namespace jangbu::delivery {

std::optional<std::string> why_not_done(Done rule, const Answer& answer) {
  if (!answer.error.empty()) return answer.error;
  if (rule == Done::any_2xx) {
    if (answer.status >= 200 && answer.status < 300) return std::nullopt;
    return "status " + std::to_string(answer.status);
  }
  if (answer.status != 200) return "status " + std::to_string(answer.status);
  const auto document = json::Document::parse(answer.body);
  const json::Value* success = document ? document->root().find("success") : nullptr;
  if (success != nullptr && success->kind == json::Kind::boolean && success->boolean) return std::nullopt;
  return "the answer is not {\"success\":true}";
}

Sent not_sent(std::string reason, std::optional<Retry> retry, Instant wall_now) {
  Sent sent;
  sent.reason = sent.answer.error = std::move(reason);
  sent.started_at = wall_now;
  sent.retry = retry;
  return sent;
}

void try_delivery(const AttemptParts& parts, const AttemptIds& ids, const Result<Delivery>& delivery,
                  Instant wall_now, std::function<void(Sent)> done) {
  const auto fail = [&](std::string reason, std::optional<Retry> retry) {
    done(not_sent(std::move(reason), retry, wall_now));
  };
  if (!delivery) {
    const bool may_pass = error_class(delivery.error().code) == ErrorClass::retry;
    return fail(to_string(delivery.error()), may_pass ? std::optional(Retry{}) : std::nullopt);
  }
  const Retry retry = delivery->retry();
  std::string secret;
  if (const std::string& name = delivery->secret(); !name.empty()) {
    auto found = parts.find_secret(name);
    if (!found) return fail("the secret " + name + " is not known", retry);
    secret = std::move(*found);
  }
  auto words = parts.templates.render(delivery->content());
  if (!words) return fail(words.error().detail, retry);
  const Done rule = delivery->webhook() != nullptr ? delivery->webhook()->done : Done::any_2xx;
  auto on_answer = [rule, retry, wall_now, done](Answer answer) {
    Sent sent;
    const auto why_not = why_not_done(rule, answer);
    sent.delivered = !why_not;
    sent.reason = why_not.value_or("");
    sent.answer = std::move(answer);
    sent.started_at = wall_now;
    sent.retry = retry;
    done(std::move(sent));
  };
  if (const Mail* mail = delivery->mail()) {
    const Letter letter = letter_of(*mail, std::move(*words), secret);
    if (const Status checked = check(letter); !checked) return fail(checked.error().detail, retry);
    return parts.mail.send(letter, ids.message, wall_now, std::move(on_answer));
  }
  if (const Message* message = delivery->message()) {
    const Note note = note_of(*message, std::move(*words), secret);
    if (const Status checked = check(note); !checked) return fail(checked.error().detail, retry);
    return parts.messages.send(note, ids.message, std::move(on_answer));
  }
  const Webhook& webhook = *delivery->webhook();
  Post post;
  post.url = webhook.url;
  post.headers = signature_headers(webhook.signing, secret, ids.message, wall_now, words->text);
  post.headers.push_back({"traceparent", ids.traceparent});
  post.body = std::move(words->text);
  parts.client.post(std::move(post), std::move(on_answer));
}

}  // namespace jangbu::delivery
