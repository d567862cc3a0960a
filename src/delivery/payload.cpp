// The canonical bytes of events. Format: docs/formats/delivery-records.md.
#include "delivery/events.h"

namespace jangbu::delivery {
namespace {

/// Of the payloads. In the first one texts stood where a template stands now.
constexpr std::uint8_t texts_format = 1;
constexpr std::uint8_t format = 2;

void write(ByteWriter& out, const Content& content) {
  out.text(content.name);
  out.varint(content.version);
  out.varint(content.fields.size());
  for (const auto& [name, text] : content.fields) {
    out.text(name);
    out.text(text);
  }
}

void write(ByteWriter& out, const Retry& retry, const Labels& labels) {
  out.varint(retry.attempts);
  out.varint(retry.first_delay_s);
  out.varint(retry.longest_delay_s);
  out.text(labels.merchant);
  out.text(labels.order_code);
  out.text(labels.u_id);
}

void begin(ByteWriter& out, Channel channel) {
  out.u8(format);
  out.u8(static_cast<std::uint8_t>(channel));
}

Bytes encode(Channel channel, const Webhook& webhook) {
  Bytes payload;
  ByteWriter out(payload);
  begin(out, channel);
  out.text(webhook.url);
  out.text(webhook.secret);
  write(out, webhook.body);
  out.u8(static_cast<std::uint8_t>(webhook.done));
  out.u8(static_cast<std::uint8_t>(webhook.signing));
  write(out, webhook.retry, webhook.labels);
  return payload;
}

Bytes encode(const Mail& mail) {
  Bytes payload;
  ByteWriter out(payload);
  begin(out, Channel::mail);
  out.text(mail.to);
  out.text(mail.name);
  write(out, mail.content);
  out.text(mail.secret);
  write(out, mail.retry, mail.labels);
  return payload;
}

Bytes encode(const Message& message) {
  Bytes payload;
  ByteWriter out(payload);
  begin(out, message.kind);
  out.text(message.to);
  write(out, message.content);
  out.text(message.secret);
  write(out, message.retry, message.labels);
  return payload;
}

std::uint32_t read_u32(ByteReader& in) {
  const std::uint64_t value = in.varint();
  if (value > UINT32_MAX) in.fail();
  return static_cast<std::uint32_t>(value);
}

Content read_content(ByteReader& in) {
  Content content;
  content.name = in.text();
  content.version = read_u32(in);
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    std::string name(in.text());
    std::string text(in.text());
    // Ascending, each name once.
    if (!content.fields.empty() && name <= content.fields.rbegin()->first) in.fail();
    content.fields.emplace_hint(content.fields.end(), std::move(name), std::move(text));
  }
  if (in.ok() && !check(content)) in.fail();
  return content;
}

void read_rest(ByteReader& in, Retry& retry, Labels& labels) {
  retry.attempts = read_u32(in);
  retry.first_delay_s = read_u32(in);
  retry.longest_delay_s = read_u32(in);
  labels.merchant = in.text();
  labels.order_code = in.text();
  labels.u_id = in.text();
  if (retry.attempts == 0 || retry.attempts > max_attempts) in.fail();
}

Webhook read_webhook(ByteReader& in, bool has_texts) {
  Webhook webhook;
  webhook.url = in.text();
  webhook.secret = in.text();
  webhook.body = has_texts ? plain(std::string(in.text())) : read_content(in);
  const std::uint8_t done = in.u8();
  const std::uint8_t signing = in.u8();
  if (done < 1 || done > static_cast<std::uint8_t>(Done::success_true)) in.fail();
  if (signing > static_cast<std::uint8_t>(Signing::standard_and_bootpay)) in.fail();
  webhook.done = static_cast<Done>(done);
  webhook.signing = static_cast<Signing>(signing);
  read_rest(in, webhook.retry, webhook.labels);
  return webhook;
}

Mail read_mail(ByteReader& in, bool has_texts) {
  Mail mail;
  mail.to = in.text();
  mail.name = in.text();
  if (has_texts) {
    std::string subject(in.text());
    std::string text(in.text());
    std::string html(in.text());
    mail.content = plain(std::move(subject), std::move(text), std::move(html));
  } else {
    mail.content = read_content(in);
  }
  mail.secret = in.text();
  read_rest(in, mail.retry, mail.labels);
  return mail;
}

Message read_message(ByteReader& in, Channel kind) {
  Message message;
  message.kind = kind;
  message.to = in.text();
  message.content = read_content(in);
  message.secret = in.text();
  read_rest(in, message.retry, message.labels);
  return message;
}

}  // namespace

engine::OutboxEvent webhook_event(std::string_view owner, std::string_view document, std::string_view topic,
                                  const Webhook& webhook) {
  return {"webhook:" + std::string(owner), std::string(document), std::string(topic),
          encode(Channel::webhook, webhook)};
}

engine::OutboxEvent reward_event(std::string_view affiliate, std::string_view document,
                                 std::string_view topic, const Webhook& postback) {
  return {"reward:" + std::string(affiliate), std::string(document), std::string(topic),
          encode(Channel::reward, postback)};
}

engine::OutboxEvent mail_event(std::string_view document, std::string_view topic, const Mail& mail) {
  return {"mail", std::string(document), std::string(topic), encode(mail)};
}

engine::OutboxEvent message_event(std::string_view document, std::string_view topic, const Message& message) {
  return {std::string(channel_name(message.kind)), std::string(document), std::string(topic),
          encode(message)};
}

Result<Delivery> decode(ByteView payload) {
  ByteReader in(payload);
  const std::uint8_t of_format = in.u8();
  if (of_format != format && of_format != texts_format) in.fail();
  const bool has_texts = of_format == texts_format;
  Delivery delivery;
  delivery.channel = static_cast<Channel>(in.u8());
  switch (delivery.channel) {
    case Channel::webhook:
    case Channel::reward:
      delivery.what = read_webhook(in, has_texts);
      break;
    case Channel::mail:
      delivery.what = read_mail(in, has_texts);
      break;
    case Channel::sms:
    case Channel::kakao:
    case Channel::push:
      if (has_texts) in.fail();
      delivery.what = read_message(in, delivery.channel);
      break;
    default:
      in.fail();
  }
  RETURN_IF_ERROR(in.finish());
  return delivery;
}

}  // namespace jangbu::delivery
