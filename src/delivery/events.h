// What may leave the house, as canonical bytes: webhooks, reward postbacks, mail and messages. A door makes
// an event here and hands it to Unit::emit() from its apply(); everything after that is the postman's.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "delivery/address.h"
#include "delivery/template.h"
#include "engine/outbox.h"

namespace jangbu::delivery {

/// When a failing delivery is tried again: the first wait is drawn from up to `first_delay_s`, every further
/// one from up to three times the bound before it, never above `longest_delay_s`.
struct Retry {
  std::uint32_t attempts = 10;
  std::uint32_t first_delay_s = 5;
  std::uint32_t longest_delay_s = 6 * 3600;

  friend bool operator==(const Retry&, const Retry&) = default;
};
inline constexpr std::uint32_t max_attempts = 100;
/// Ten attempts over up to eleven hours of business time: what every webhook, postback and mail gets unless
/// it says otherwise.
inline constexpr Retry ten_attempts{};
/// Five attempts within four minutes: a message that comes hours late is worse than none.
inline constexpr Retry while_it_is_news{5, 5, 120};

/// The wait after `failures` failed attempts in a row (1 or more): full jitter, from `draw`, any 64 bits. At
/// least a second, or nothing where the rule waits for nothing.
Duration retry_delay(const Retry& retry, std::uint32_t failures, std::uint64_t draw);

/// By what the operator's list of deliveries can be searched; any may be empty.
struct Labels {
  std::string merchant;
  std::string order_code;
  std::string u_id;

  friend bool operator==(const Labels&, const Labels&) = default;
};

/// What counts as delivered; numbers are stored.
enum class Done : std::uint8_t {
  any_2xx = 1,
  success_true = 2,  // 200 and a JSON object whose "success" is true
};

/// How a request is signed with the receiver's secret; numbers are stored.
enum class Signing : std::uint8_t {
  none = 0,
  standard = 1,              // Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature
  standard_and_bootpay = 2,  // and X-Bootpay-Timestamp, X-Bootpay-Signature
};

/// A POST of a JSON body.
struct Webhook {
  std::string url;
  std::string secret;  // the name of the receiver's secret, looked up when it is sent; empty when unsigned
  Content body;        // renders the JSON that is sent byte for byte
  Done done = Done::any_2xx;
  Signing signing = Signing::standard;
  Retry retry = ten_attempts;
  Labels labels;

  friend bool operator==(const Webhook&, const Webhook&) = default;
};

/// A mail with a text and, when the template has one, an HTML form.
struct Mail {
  std::string to;    // the address alone
  std::string name;  // of the receiver; may be empty
  Content content;
  /// The name of a secret that stands for every `secret_placeholder` in text and HTML. It is looked up when
  /// the mail is sent, so that no invitation's token rests in a record.
  std::string secret;
  Retry retry = ten_attempts;
  Labels labels;

  friend bool operator==(const Mail&, const Mail&) = default;
};

/// The operator's name of a kind of delivery; numbers are stored.
enum class Channel : std::uint8_t { webhook = 1, reward = 2, mail = 3, sms = 4, kakao = 5, push = 6 };
inline constexpr std::array all_channels = {Channel::webhook, Channel::reward, Channel::mail,
                                            Channel::sms,     Channel::kakao,  Channel::push};
std::string_view channel_name(Channel channel);
/// sms, kakao and push.
constexpr bool is_message(Channel channel) { return channel >= Channel::sms; }

/// A short text to a person, through whoever is paid for sending them.
struct Message {
  Channel kind = Channel::sms;  // sms, kakao or push
  std::string to;               // sms, kakao: a phone number, "+821012345678"; push: the device's token
  Content content;              // its text, and for push its subject as the title
  std::string secret;           // as in Mail, for the text and for the fields
  Retry retry = while_it_is_news;
  Labels labels;

  friend bool operator==(const Message&, const Message&) = default;
};

/// Whether an address is one that mail can be sent to: local@domain in printable ASCII without spaces, quotes
/// or brackets, at most 254 bytes. Error: invalid_parameters.
Status check_mail_address(std::string_view address);
/// Whether a message of this kind can be sent there: + and 8 to 15 digits, or a token of 1 to 512 printable
/// ASCII characters. Error: invalid_parameters.
Status check_message_address(Channel kind, std::string_view to);
/// A receiver as lists and logs show it: a phone number or token with its middle left out.
std::string masked(Channel channel, std::string_view to);

/// What stands in one line of a mail's header: UTF-8 without control characters, at most 500 bytes.
Status check_header_text(std::string_view what, std::string_view text);

/// What decide() asks before it accepts what will be sent. The URL must do for check_url(). Errors:
/// invalid_parameters with what is wrong: a URL, an address, a name with control characters or invalid UTF-8,
/// contents that are too long (see template.h), a rule without attempts.
Status check(const Webhook& webhook, Reach reach);
Status check(const Mail& mail);
Status check(const Message& message);

/// `owner` is the app or whoever else is to hear it, `document` the order code or campaign that it is about:
/// order is kept within (owner, document). To be called from apply(), with what passed check() in decide(). A
/// URL that must not be reached, or a header that could not be sent, fails when it is sent, too.
engine::OutboxEvent webhook_event(std::string_view owner, std::string_view document, std::string_view topic,
                                  const Webhook& webhook);
/// The same for an affiliate's reward postback.
engine::OutboxEvent reward_event(std::string_view affiliate, std::string_view document,
                                 std::string_view topic, const Webhook& postback);
engine::OutboxEvent mail_event(std::string_view document, std::string_view topic, const Mail& mail);
engine::OutboxEvent message_event(std::string_view document, std::string_view topic, const Message& message);

/// An event read back.
struct Delivery {
  Channel channel{};
  std::variant<Webhook, Mail, Message> what;

  [[nodiscard]] const Webhook* webhook() const { return std::get_if<Webhook>(&what); }
  [[nodiscard]] const Mail* mail() const { return std::get_if<Mail>(&what); }
  [[nodiscard]] const Message* message() const { return std::get_if<Message>(&what); }
  [[nodiscard]] const Content& content() const;
  [[nodiscard]] const Retry& retry() const;
  [[nodiscard]] const Labels& labels() const;
  /// The name of the secret that it needs; empty when it needs none.
  [[nodiscard]] const std::string& secret() const;
  /// Where it goes: the URL, the mail address, the phone number or the token.
  [[nodiscard]] const std::string& target() const;
};
/// Also what older programs wrote, whose texts come back as plain(). Error: invalid_encoding, for what none
/// of them wrote.
Result<Delivery> decode(ByteView payload);

}  // namespace jangbu::delivery
