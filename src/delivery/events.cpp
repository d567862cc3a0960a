#include "delivery/events.h"

#include <algorithm>

#include "delivery/utf8.h"

namespace jangbu::delivery {
namespace {

constexpr std::size_t max_header_text_bytes = 500;
constexpr std::size_t max_mail_address_bytes = 254;
constexpr std::size_t max_token_bytes = 512;
constexpr std::uint32_t growth = 3;  // of the bound of the waits

Error wrong(std::string what) { return Error(Errc::invalid_parameters, std::move(what)); }

Status check_retry(const Retry& retry) {
  if (retry.attempts == 0 || retry.attempts > max_attempts)
    return wrong("a delivery is attempted 1 to 100 times");
  return {};
}

}  // namespace

Duration retry_delay(const Retry& retry, std::uint32_t failures, std::uint64_t draw) {
  std::uint64_t bound_s = retry.first_delay_s;
  for (std::uint32_t i = 1; i < failures && bound_s < retry.longest_delay_s; ++i) bound_s *= growth;
  bound_s = std::min<std::uint64_t>(bound_s, retry.longest_delay_s);
  if (bound_s == 0) return {};
  const auto least_us = std::uint64_t{1'000'000};
  const std::uint64_t span_us = bound_s * 1'000'000 - least_us;
  return Duration::microseconds(static_cast<std::int64_t>(least_us + draw % (span_us + 1)));
}

Status check_mail_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  const bool is_address =
      address.size() <= max_mail_address_bytes && at != std::string_view::npos && at > 0 && at <= 64 &&
      at + 1 < address.size() && address.find('@') == at && address.front() != '-' &&
      address[at + 1] != '.' && address[at + 1] != '-' && address.back() != '.' &&
      std::all_of(address.begin(), address.end(), [](char c) {
        return c > ' ' && c < 0x7f && std::string_view("\"(),:;<>[]\\").find(c) == std::string_view::npos;
      });
  if (!is_address) return wrong("this is not a mail address");
  return {};
}

Status check_message_address(Channel kind, std::string_view to) {
  if (!is_message(kind)) return wrong("a message is sent by sms, kakao or push");
  if (kind == Channel::push) {
    const bool is_token = !to.empty() && to.size() <= max_token_bytes &&
                          std::all_of(to.begin(), to.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!is_token) return wrong("this is not a device's token");
    return {};
  }
  const bool is_number = to.size() >= 9 && to.size() <= 16 && to.front() == '+' && to[1] != '0' &&
                         std::all_of(to.begin() + 1, to.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return wrong("this is not a phone number with its country: +821012345678");
  return {};
}

std::string masked(Channel channel, std::string_view to) {
  if (!is_message(channel)) return std::string(to);
  const std::size_t begin = std::min<std::size_t>(5, to.size() / 3);
  const std::size_t end = std::min<std::size_t>(4, to.size() / 3);
  return std::string(to.substr(0, begin)) + "****" + std::string(to.substr(to.size() - end));
}

Status check_header_text(std::string_view what, std::string_view text) {
  const bool has_control =
      std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
  if (has_control) return wrong(std::string(what) + " has control characters");
  if (text.size() > max_header_text_bytes) return wrong(std::string(what) + " is longer than 500 bytes");
  if (!is_utf8(text)) return wrong(std::string(what) + " is not valid UTF-8");
  return {};
}

Status check(const Webhook& webhook, Reach reach) {
  RETURN_IF_ERROR(check_url(webhook.url, reach));
  RETURN_IF_ERROR(check(webhook.body));
  if ((webhook.signing == Signing::none) != webhook.secret.empty())
    return wrong("a request that is signed names a secret, another one does not");
  return check_retry(webhook.retry);
}

Status check(const Mail& mail) {
  RETURN_IF_ERROR(check_mail_address(mail.to));
  RETURN_IF_ERROR(check_header_text("the name", mail.name));
  RETURN_IF_ERROR(check(mail.content));
  return check_retry(mail.retry);
}

Status check(const Message& message) {
  RETURN_IF_ERROR(check_message_address(message.kind, message.to));
  RETURN_IF_ERROR(check(message.content));
  return check_retry(message.retry);
}

std::string_view channel_name(Channel channel) {
  switch (channel) {
    case Channel::webhook:
      return "webhook";
    case Channel::reward:
      return "reward";
    case Channel::mail:
      return "mail";
    case Channel::sms:
      return "sms";
    case Channel::kakao:
      return "kakao";
    case Channel::push:
      return "push";
  }
  return "";
}

const Content& Delivery::content() const {
  if (webhook() != nullptr) return webhook()->body;
  return mail() != nullptr ? mail()->content : message()->content;
}
const Retry& Delivery::retry() const {
  return std::visit([](const auto& each) -> const Retry& { return each.retry; }, what);
}
const Labels& Delivery::labels() const {
  return std::visit([](const auto& each) -> const Labels& { return each.labels; }, what);
}
const std::string& Delivery::secret() const {
  return std::visit([](const auto& each) -> const std::string& { return each.secret; }, what);
}
const std::string& Delivery::target() const {
  if (webhook() != nullptr) return webhook()->url;
  return mail() != nullptr ? mail()->to : message()->to;
}

}  // namespace jangbu::delivery
