// Mail: one message as it goes over the wire, and the ways by which it leaves.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "delivery/client.h"
#include "delivery/events.h"

namespace jangbu::delivery {

/// Who mails come from.
struct Sender {
  std::string name;  // may be empty
  std::string address;

  /// The domain of the address.
  [[nodiscard]] std::string_view domain() const;
};
/// "Name <address>" or an address alone. Error: invalid_configuration.
Result<Sender> parse_sender(std::string_view text);

/// A mail with its words.
struct Letter {
  std::string to;    // the address alone
  std::string name;  // of the receiver; may be empty
  std::string subject;
  std::string text;
  std::string html;  // may be empty
};
/// What its template says, with the secret in the place of every placeholder, escaped in the HTML.
Letter letter_of(const Mail& mail, Rendered words, std::string_view secret);
/// Whether it can be sent. Error: invalid_parameters with what is wrong: the address, a name or subject with
/// control characters or invalid UTF-8, contents that are too long.
Status check(const Letter& letter);

/// One RFC 5322 message with lines of at most 78 characters: text and HTML as multipart/alternative, or the
/// text alone; header text beyond ASCII as encoded words (RFC 2047); Message-ID <id@domain of the sender>.
/// The letter has passed check() (INVARIANT).
std::string compose(const Letter& letter, const Sender& from, std::string_view id, Instant wall_now);

/// How mail leaves. Thread-safe.
class MailTransport {
 public:
  virtual ~MailTransport() = default;
  /// `done` is called exactly once, on any thread; what was taken has a status of 2xx.
  virtual void send(const Letter& letter, std::string_view id, Instant wall_now, Client::Done done) = 0;
};

struct SmtpOptions {
  std::string server;  // smtp://host:port or smtps://host:port
  std::string user;
  std::string password;
  Tls tls = Tls::required;
  Sender from;
};
/// `url`: smtp[s]://[user[:password]@]host[:port][?tls=required|offered], user and password percent-encoded.
/// Where the URL has none, `user` and `password` count. Without ?tls= TLS is required when there is a
/// password that would leave this machine. Error: invalid_configuration.
Result<SmtpOptions> parse_smtp(std::string_view url, std::string_view user, std::string_view password,
                               std::string_view from);

/// Over a mail server. The client must outlive it.
std::unique_ptr<MailTransport> smtp_transport(Client& client, SmtpOptions options);
/// The sandbox's: every mail is taken at once; sandbox_inbox.h shows them.
std::unique_ptr<MailTransport> sandbox_transport();
/// Where no mail server is configured: every attempt fails and says so.
std::unique_ptr<MailTransport> no_transport();

}  // namespace jangbu::delivery
