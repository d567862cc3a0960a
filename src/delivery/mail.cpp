#include "delivery/mail.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "delivery/signature.h"
#include "delivery/utf8.h"
#include "http/html.h"
#include "http/message.h"

namespace jangbu::delivery {
namespace {

constexpr std::size_t line_bytes = 76;
/// Of text in one encoded word, which may have 75 characters in all.
constexpr std::size_t word_bytes = 42;

Error wrong_setting(std::string what) { return Error(Errc::invalid_configuration, std::move(what)); }

bool is_plain(std::string_view text) {
  return text.size() <= 60 && text.find("=?") == std::string_view::npos && !text.starts_with(' ') &&
         !text.ends_with(' ') &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

/// RFC 2047: pieces of whole characters, one on a line.
std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(word_bytes, text.size());
    const auto is_inside = [&](std::size_t i) {
      return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
    };
    while (is_inside(size)) --size;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + to_base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

std::string unstructured(std::string_view text) {
  return is_plain(text) ? std::string(text) : encoded_words(text);
}

/// A name and an address; the name quoted or encoded.
std::string mailbox(std::string_view name, std::string_view address) {
  if (name.empty()) return std::string(address);
  const bool is_quotable =
      is_plain(name) && name.find('"') == std::string_view::npos && name.find('\\') == std::string_view::npos;
  const std::string phrase = is_quotable ? "\"" + std::string(name) + "\"" : encoded_words(name);
  return phrase + "\r\n <" + std::string(address) + ">";
}

std::string base64_lines(std::string_view text) {
  const std::string all = to_base64(text);
  std::string out;
  for (std::size_t i = 0; i < all.size(); i += line_bytes) out += all.substr(i, line_bytes) + "\r\n";
  return out;
}

std::string date_of(Instant instant) {
  static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = instant.unix_seconds();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::string(days.at(static_cast<std::size_t>(utc.tm_wday))) + ", " + two(utc.tm_mday) + " " +
         months.at(static_cast<std::size_t>(utc.tm_mon)) + " " + std::to_string(utc.tm_year + 1900) + " " +
         two(utc.tm_hour) + ":" + two(utc.tm_min) + ":" + two(utc.tm_sec) + " +0000";
}

std::string part(std::string_view type, std::string_view content) {
  return "Content-Type: text/" + std::string(type) +
         "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64_lines(content);
}

bool is_host(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == ':' || c == '[' || c == ']';
  });
}

bool stays_here(std::string_view host_and_port) {
  const std::string_view host = host_and_port.substr(0, host_and_port.rfind(':'));
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

class Smtp final : public MailTransport {
 public:
  Smtp(Client& client, SmtpOptions options) : client_(client), options_(std::move(options)) {}
  void send(const Letter& letter, std::string_view id, Instant wall_now, Client::Done done) override {
    Submission submission;
    submission.server = options_.server;
    submission.tls = options_.tls;
    submission.user = options_.user;
    submission.password = options_.password;
    submission.from = options_.from.address;
    submission.to = letter.to;
    submission.message = compose(letter, options_.from, id, wall_now);
    client_.submit(std::move(submission), std::move(done));
  }

 private:
  Client& client_;
  SmtpOptions options_;
};

class SandboxMail final : public MailTransport {
 public:
  void send(const Letter&, std::string_view, Instant, Client::Done done) override {
    Answer answer;
    answer.status = 250;
    done(std::move(answer));
  }
};

class NoMail final : public MailTransport {
 public:
  void send(const Letter&, std::string_view, Instant, Client::Done done) override {
    Answer answer;
    answer.error = "no mail server is configured (--smtp)";
    done(std::move(answer));
  }
};

}  // namespace

std::string_view Sender::domain() const { return std::string_view(address).substr(address.rfind('@') + 1); }

Result<Sender> parse_sender(std::string_view text) {
  Sender sender;
  if (text.ends_with('>') && text.find('<') != std::string_view::npos) {
    const std::size_t open = text.rfind('<');
    sender.address = text.substr(open + 1, text.size() - open - 2);
    std::string_view name = text.substr(0, open);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"'))
      name = name.substr(1, name.size() - 2);
    sender.name = name;
  } else {
    sender.address = text;
  }
  Letter probe;
  probe.to = sender.address;
  probe.name = sender.name;
  if (const Status checked = check(probe); !checked)
    return wrong_setting("the sender of mails is \"Name <address>\" or an address: " +
                         checked.error().detail);
  return sender;
}

Letter letter_of(const Mail& mail, Rendered words, std::string_view secret) {
  Letter letter{mail.to, mail.name, std::move(words.subject), std::move(words.text), std::move(words.html)};
  if (mail.secret.empty()) return letter;
  letter.text = with_secret(std::move(letter.text), secret);
  letter.html = with_secret(std::move(letter.html), http::escape_html(secret));
  return letter;
}

Status check(const Letter& letter) {
  RETURN_IF_ERROR(check_mail_address(letter.to));
  RETURN_IF_ERROR(check_header_text("the name", letter.name));
  RETURN_IF_ERROR(check_header_text("the subject", letter.subject));
  RETURN_IF_ERROR(check_content("the text", letter.text));
  return check_content("the HTML", letter.html);
}

std::string compose(const Letter& letter, const Sender& from, std::string_view id, Instant wall_now) {
  INVARIANT(check(letter).ok(), "a letter that is sent has been checked");
  std::string out = "From: " + mailbox(from.name, from.address) + "\r\n";
  out += "To: " + mailbox(letter.name, letter.to) + "\r\n";
  out += "Subject: " + unstructured(letter.subject) + "\r\n";
  out += "Date: " + date_of(wall_now) + "\r\n";
  out += "Message-ID:\r\n <" + std::string(id) + "@" + std::string(from.domain()) + ">\r\n";
  out += "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n";
  if (letter.html.empty()) return out + part("plain", letter.text);
  // Base64 has no "_": no line of a part can be a boundary.
  const std::string boundary = "jangbu_" + std::string(id);
  out += "Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"\r\n\r\n";
  out += "--" + boundary + "\r\n" + part("plain", letter.text);
  out += "--" + boundary + "\r\n" + part("html", letter.html);
  return out + "--" + boundary + "--\r\n";
}

Result<SmtpOptions> parse_smtp(std::string_view url, std::string_view user, std::string_view password,
                               std::string_view from) {
  SmtpOptions options;
  ASSIGN_OR_RETURN(options.from, parse_sender(from));
  options.user = user;
  options.password = password;
  const std::size_t scheme_end = url.find("://");
  const std::string_view scheme = url.substr(0, std::min(scheme_end, url.size()));
  if (scheme != "smtp" && scheme != "smtps")
    return wrong_setting("--smtp takes smtp://HOST:PORT or smtps://HOST:PORT");
  std::string_view rest = url.substr(scheme_end + 3);
  std::optional<Tls> tls;
  if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
    const std::string_view setting = rest.substr(mark + 1);
    if (setting == "tls=required") tls = Tls::required;
    if (setting == "tls=offered") tls = Tls::when_offered;
    if (!tls) return wrong_setting("--smtp knows ?tls=required and ?tls=offered");
    rest = rest.substr(0, mark);
  }
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view login = rest.substr(0, at);
    const std::size_t colon = std::min(login.find(':'), login.size());
    options.user = http::percent_decode(login.substr(0, colon), false);
    if (colon < login.size()) options.password = http::percent_decode(login.substr(colon + 1), false);
    rest = rest.substr(at + 1);
  }
  while (rest.ends_with('/')) rest.remove_suffix(1);
  if (!is_host(rest)) return wrong_setting("--smtp takes smtp://HOST:PORT or smtps://HOST:PORT");
  options.server = std::string(scheme) + "://" + std::string(rest);
  const bool has_secret = !options.password.empty();
  options.tls = tls.value_or(has_secret && !stays_here(rest) ? Tls::required : Tls::when_offered);
  return options;
}

std::unique_ptr<MailTransport> smtp_transport(Client& client, SmtpOptions options) {
  return std::make_unique<Smtp>(client, std::move(options));
}
std::unique_ptr<MailTransport> sandbox_transport() { return std::make_unique<SandboxMail>(); }
std::unique_ptr<MailTransport> no_transport() { return std::make_unique<NoMail>(); }

}  // namespace jangbu::delivery
