#include "delivery/sandbox_render.h"

#include "base/json.h"
#include "http/html.h"

namespace jangbu::delivery {
namespace {

using http::escape_html;

void write(json::Writer& writer, const TakenMail& taken) {
  const Letter& letter = taken.letter;
  writer.begin_object().key("id").unsigned_number(taken.id).key("at").string(to_rfc3339(taken.at));
  writer.key("topic").string(taken.topic).key("to").string(letter.to).key("name").string(letter.name);
  writer.key("subject").string(letter.subject).key("text").string(letter.text);
  writer.key("html").string(letter.html).end_object();
}

void write(json::Writer& writer, const TakenMessage& taken) {
  const Note& note = taken.note;
  writer.begin_object().key("id").unsigned_number(taken.id).key("at").string(to_rfc3339(taken.at));
  writer.key("topic").string(taken.topic).key("kind").string(channel_name(note.kind));
  writer.key("to").string(note.to).key("template").string(note.content.name);
  writer.key("version").unsigned_number(note.content.version).key("fields").begin_object();
  for (const auto& [name, text] : note.content.fields) writer.key(name).string(text);
  writer.end_object().key("title").string(note.title).key("text").string(note.text).end_object();
}

template <typename Taken>
std::string list_as_json(std::string_view name, std::span<const Taken> all, std::uint64_t next) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key(name).begin_array();
  for (const Taken& taken : all) write(writer, taken);
  writer.end_array().key("next");
  next == 0 ? writer.null() : writer.string(std::to_string(next));
  writer.end_object();
  return out;
}

template <typename Taken>
std::string one_as_json(const Taken& taken) {
  std::string out;
  json::Writer writer(out);
  write(writer, taken);
  return out;
}

std::string page_head(std::string_view title) {
  return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width\"><title>" +
         std::string(title) +
         "</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 "
         "1rem;color-scheme:light dark}table{border-collapse:collapse;width:100%}td,th{text-align:left;"
         "padding:.4rem;border-bottom:1px solid #8886}pre{white-space:pre-wrap}"
         "iframe{width:100%;height:60vh;border:1px solid #8886;background:#fff}"
         ".note{max-width:24rem;padding:.8rem "
         "1rem;border-radius:1rem;background:#8882;overflow-wrap:anywhere}"
         "</style>";
}

std::string link(std::string_view path, std::uint64_t id, std::string_view text) {
  return "<a href=\"" + std::string(path) + "/" + std::to_string(id) + "\">" + escape_html(text) + "</a>";
}

std::string older(std::string_view path, std::uint64_t next) {
  if (next == 0) return "</html>";
  return "<p><a href=\"" + std::string(path) + "?cursor=" + std::to_string(next) + "\">Older</a></p></html>";
}

constexpr std::string_view mail_path = "/sandbox/mail";
constexpr std::string_view message_path = "/sandbox/messages";

}  // namespace

std::string render_list(std::span<const TakenMail> mails, std::uint64_t next) {
  return list_as_json("mails", mails, next);
}
std::string render_list(std::span<const TakenMessage> messages, std::uint64_t next) {
  return list_as_json("messages", messages, next);
}
std::string render_taken(const TakenMail& mail) { return one_as_json(mail); }
std::string render_taken(const TakenMessage& message) { return one_as_json(message); }

std::string render_list_html(std::span<const TakenMail> mails, std::uint64_t next) {
  std::string out = page_head("Mail of the sandbox") + "<h1>Mail of the sandbox</h1>";
  if (mails.empty()) out += "<p>No mail has been sent yet.</p>";
  out += "<table><tr><th>At<th>To<th>Subject</tr>";
  for (const TakenMail& taken : mails)
    out += "<tr><td>" + to_rfc3339(taken.at) + "<td>" + escape_html(taken.letter.to) + "<td>" +
           link(mail_path, taken.id, taken.letter.subject) + "</tr>";
  return out + "</table>" + older(mail_path, next);
}

std::string render_list_html(std::span<const TakenMessage> messages, std::uint64_t next) {
  std::string out = page_head("Messages of the sandbox") + "<h1>Messages of the sandbox</h1>";
  if (messages.empty()) out += "<p>No message has been sent yet.</p>";
  out += "<table><tr><th>At<th>Kind<th>To<th>Text</tr>";
  for (const TakenMessage& taken : messages)
    out += "<tr><td>" + to_rfc3339(taken.at) + "<td>" + std::string(channel_name(taken.note.kind)) + "<td>" +
           escape_html(taken.note.to) + "<td>" + link(message_path, taken.id, taken.note.text) + "</tr>";
  return out + "</table>" + older(message_path, next);
}

std::string render_taken_html(const TakenMail& taken) {
  const Letter& letter = taken.letter;
  std::string out = page_head("Mail of the sandbox");
  out += "<p><a href=\"/sandbox/mail\">All mail</a></p><h1>" + escape_html(letter.subject) + "</h1><p>To " +
         escape_html(letter.name) + " &lt;" + escape_html(letter.to) + "&gt;, " + to_rfc3339(taken.at) +
         "</p>";
  // The mail's own HTML stays in a frame without scripts.
  if (!letter.html.empty())
    out +=
        "<iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox "
        "allow-top-navigation-by-user-activation\" srcdoc=\"" +
        escape_html(letter.html) + "\"></iframe>";
  return out + "<h2>As text</h2><pre>" + escape_html(letter.text) + "</pre></html>";
}

std::string render_taken_html(const TakenMessage& taken) {
  const Note& note = taken.note;
  std::string out = page_head("Messages of the sandbox");
  out += "<p><a href=\"/sandbox/messages\">All messages</a></p><h1>" + std::string(channel_name(note.kind)) +
         " to " + escape_html(note.to) + "</h1><p>" + to_rfc3339(taken.at) + ", template " +
         escape_html(note.content.name) + "/" + std::to_string(note.content.version) +
         "</p><div class=\"note\">";
  if (!note.title.empty()) out += "<b>" + escape_html(note.title) + "</b>";
  return out + "<pre>" + escape_html(note.text) + "</pre></div></html>";
}

}  // namespace jangbu::delivery
