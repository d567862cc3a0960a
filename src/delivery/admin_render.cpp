#include "delivery/admin_render.h"

#include "base/json.h"
#include "delivery/admin_read.h"
#include "delivery/postman.h"
#include "delivery/utf8.h"

namespace jangbu::delivery {
namespace {

void write_instant(json::Writer& writer, std::string_view key, Instant at) {
  writer.key(key);
  at.us == 0 ? writer.null() : writer.string(to_rfc3339(at));
}

void write_text(json::Writer& writer, std::string_view key, std::string_view text) {
  writer.key(key);
  text.empty() ? writer.null() : writer.string(valid_utf8(text));
}

/// The members that a list shows; the object stays open.
void write_summary(json::Writer& writer, const DeliveryRow& row, const std::optional<Delivery>& delivery,
                   const Hash& id_key) {
  const engine::PlacedEvent& event = row.event;
  const auto channel = channel_of(event.event.destination);
  writer.begin_object().key("id").unsigned_number(event.id);
  writer.key("message_id").string(message_id(id_key, event));
  writer.key("kind").string(channel ? channel_name(*channel) : "");
  writer.key("status").string(state_name(row.state));
  writer.key("destination").string(valid_utf8(event.event.destination));
  writer.key("document").string(valid_utf8(event.event.document));
  writer.key("topic").string(valid_utf8(event.event.topic));
  write_text(writer, "target", delivery ? masked(delivery->channel, delivery->target()) : "");
  const Labels labels = delivery ? delivery->labels() : Labels{};
  write_text(writer, "merchant", labels.merchant);
  write_text(writer, "order_code", labels.order_code);
  write_text(writer, "u_id", labels.u_id);
  writer.key("record").unsigned_number(event.record);
  write_instant(writer, "created_at", event.at);
  write_instant(writer, "finished_at", row.finished_at);
  writer.key("attempts").unsigned_number(row.last.number);
  writer.key("last_status");
  row.last.status == 0 ? writer.null() : writer.number(row.last.status);
  write_text(writer, "last_error", row.last.error);
  write_instant(writer, "next_at", row.state == engine::EventState::pending ? row.last.next_at : Instant{});
}

std::optional<Delivery> delivery_of(const DeliveryRow& row) {
  auto delivery = decode(row.event.event.payload);
  if (!delivery) return std::nullopt;
  return std::move(*delivery);
}

void write_payload(json::Writer& writer, const Delivery& delivery, const Templates& templates) {
  writer.key("payload").begin_object();
  const Content& content = delivery.content();
  writer.key("template").string(content.name).key("version").unsigned_number(content.version);
  // Of a template that this program does not know there are the fields alone.
  const auto words = templates.render(content);
  if (!words) {
    writer.key("fields").begin_object();
    for (const auto& [name, text] : content.fields) writer.key(name).string(text);
    writer.end_object();
  }
  const Rendered said = words.value_or(Rendered{});
  if (const Webhook* webhook = delivery.webhook()) {
    writer.key("url").string(webhook->url);
    if (words) writer.key("body").string(said.text);
  } else if (const Mail* mail = delivery.mail()) {
    writer.key("to").string(mail->to).key("name").string(mail->name);
    if (words)
      writer.key("subject").string(said.subject).key("text").string(said.text).key("html").string(said.html);
  } else {
    writer.key("to").string(masked(delivery.channel, delivery.target()));
    if (words) writer.key("title").string(said.subject).key("text").string(said.text);
  }
  write_text(writer, "secret_name", delivery.secret());
  writer.key("max_attempts").unsigned_number(delivery.retry().attempts);
  writer.end_object();
}

}  // namespace

std::string render_page(const DeliveryPage& page, const Hash& id_key) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("deliveries").begin_array();
  for (const DeliveryRow& row : page.rows) {
    write_summary(writer, row, delivery_of(row), id_key);
    writer.end_object();
  }
  writer.end_array().key("next");
  page.next == 0 ? writer.null() : writer.string(std::to_string(page.next));
  writer.end_object();
  return out;
}

std::string render_one(const DeliveryRow& row, std::span<const Attempt> attempts, const Templates& templates,
                       const Hash& id_key) {
  std::string out;
  json::Writer writer(out);
  const auto delivery = delivery_of(row);
  write_summary(writer, row, delivery, id_key);
  if (delivery) write_payload(writer, *delivery, templates);
  writer.key("log").begin_array();
  for (const Attempt& attempt : attempts) {
    writer.begin_object().key("attempt").unsigned_number(attempt.number);
    write_instant(writer, "started_at", attempt.started_at);
    writer.key("duration_ms").number(attempt.duration_us / 1000).key("status");
    attempt.status == 0 ? writer.null() : writer.number(attempt.status);
    write_text(writer, "error", attempt.error);
    writer.key("answer").string(valid_utf8(attempt.answer));
    write_instant(writer, "next_at", attempt.next_at);
    writer.end_object();
  }
  writer.end_array().end_object();
  return out;
}

}  // namespace jangbu::delivery
