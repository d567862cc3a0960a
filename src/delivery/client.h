// Outgoing requests over libcurl: one thread, any number of receivers at a time, none of which can hold up
// another. What receivers answer is not trusted, and neither is where their names lead.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "delivery/address.h"
#include "http/message.h"

namespace jangbu::delivery {

/// A POST. The headers' names and values have no control characters (INVARIANT).
struct Post {
  std::string url;  // must pass check_url(); else it is answered with that error
  std::string content_type = "application/json; charset=utf-8";
  std::vector<http::Header> headers;
  std::string body;
};

/// Whether a mail server must be spoken to in TLS. `when_offered` tries STARTTLS and goes on without.
enum class Tls : std::uint8_t { required, when_offered };

/// One message to one mail server. The server is the operator's choice: its address is not checked.
struct Submission {
  std::string server;  // smtp://host:port or smtps://host:port
  Tls tls = Tls::required;
  std::string user;  // empty: without authentication
  std::string password;
  std::string from;  // the addresses of the envelope
  std::string to;
  std::string message;  // lines end in CR LF
};

/// What became of a request.
struct Answer {
  int status = 0;        // of HTTP or SMTP; 0: there was none
  std::string error;     // why the request did not come to its end, for people; empty when it did
  std::string body;      // at most max_answer_bytes, as they came: nothing is decompressed
  bool cut_off = false;  // there was more of the body
  std::int64_t duration_us = 0;

  /// Whether the receiver took all of the time or could not be spoken to.
  [[nodiscard]] bool unanswered() const { return status == 0; }
};

struct ClientOptions {
  Reach reach = Reach::public_https;
  long connect_timeout_ms = 5'000;
  long timeout_ms = 10'000;                  // from the request to the answer's end, name resolution included
  std::size_t max_answer_bytes = 64 * 1024;  // what is longer is cut off there
  std::size_t max_header_bytes = 32 * 1024;  // beyond them the request fails
};

/// Safety of post() and get(): the name is resolved once for a connection, and a connection is made to the
/// very address that was found public at that moment, so that no answer of a name server in between matters.
/// No redirect is followed, no proxy is taken from the environment. Thread-safe. How much is under way at a
/// time is the caller's to bound.
class Client {
 public:
  using Done = std::function<void(Answer)>;

  static Result<std::unique_ptr<Client>> start(ClientOptions options);
  virtual ~Client() = default;  // cuts off what is under way; it is answered with an error

  /// `done` is called exactly once, on the client's thread; it must neither block nor throw.
  virtual void post(Post post, Done done) = 0;
  /// The same for a GET of a URL.
  virtual void get(std::string url, Done done) = 0;
  virtual void submit(Submission submission, Done done) = 0;
};

}  // namespace jangbu::delivery
