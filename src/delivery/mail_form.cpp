#include "delivery/mail_form.h"

#include "http/html.h"

namespace jangbu::delivery {
namespace {

using http::escape_html;

std::string as_html(const MailWords& words) {
  const std::string link = escape_html(words.link);
  std::string html = "<!doctype html><html lang=\"";
  html += words.korean ? "ko" : "en";
  html +=
      "\"><body "
      "style=\"font-family:sans-serif;line-height:1.6;color:#1d2433;max-width:36em;margin:auto\"><p>";
  html += escape_html(one_line(words.greeting)) + "</p><p>" + escape_html(one_line(words.body));
  html += "</p>";
  if (!link.empty()) {
    html += "<p><a href=\"" + link;
    html +=
        "\" style=\"display:inline-block;padding:.7em "
        "1.2em;background:#1f4fd8;color:#fff;text-decoration:none;"
        "border-radius:.4em\">";
    html += escape_html(one_line(words.action)) + "</a></p>";
  }
  if (!words.note.empty()) html += "<p>" + escape_html(one_line(words.note)) + "</p>";
  if (!link.empty()) html += "<p style=\"color:#5b6478;word-break:break-all\">" + link + "</p>";
  return html + "</body></html>\n";
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return line;
}

Rendered render_mail(const MailWords& words) {
  Rendered out;
  out.subject = one_line(words.subject);
  out.text = one_line(words.greeting) + "\n\n" + one_line(words.body) + "\n";
  if (!words.link.empty()) out.text += "\n" + one_line(words.action) + ":\n" + words.link + "\n";
  if (!words.note.empty()) out.text += "\n" + one_line(words.note) + "\n";
  out.html = as_html(words);
  return out;
}

}  // namespace jangbu::delivery
