// HTTP requests and answers as the rest of the program sees them. The server library stays behind server.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jangbu::http {

enum class Method : std::uint8_t { get, head, post, put, del, patch, options, other };
std::string_view method_name(Method method);

struct Header {
  std::string name;
  std::string value;
};

/// One parsed request. Valid for the whole time that its Responder lives.
class Request {
 public:
  virtual ~Request() = default;
  [[nodiscard]] virtual Method method() const = 0;
  /// The path, percent-encoded as it came, without the query.
  [[nodiscard]] virtual std::string_view path() const = 0;
  /// What follows "?", or empty.
  [[nodiscard]] virtual std::string_view query() const = 0;
  [[nodiscard]] virtual std::string_view body() const = 0;
  /// The first header of that name (any case), or nullptr.
  [[nodiscard]] virtual const std::string* header(std::string_view name) const = 0;
  [[nodiscard]] virtual std::vector<Header> headers() const = 0;
  /// The address of whoever sent it, without a port: the other end of the connection, or whom trusted proxies
  /// name (see TrustedProxies). What limits and logs are to use.
  [[nodiscard]] virtual std::string peer() const = 0;
  /// The value that the route's `{name}` matched, percent-decoded; empty when there is none.
  [[nodiscard]] virtual std::string_view path_parameter(std::string_view name) const = 0;
  /// The traceparent of this server's part of the request's trace; empty when it is in none.
  [[nodiscard]] virtual std::string_view traceparent() const { return {}; }
};

/// Whether every "%" is followed by two hexadecimal digits.
bool percent_encoding_is_valid(std::string_view text);
/// Percent-decoding of one path segment or query value ("+" is a space only in queries). A malformed sequence
/// stays as it is; the router has refused malformed paths before any handler sees them.
std::string percent_decode(std::string_view text, bool plus_is_space);
/// All bytes but letters, digits and "-_.~" as "%XX": good in a path segment and in a query.
std::string percent_encode(std::string_view text);
/// The decoded pairs of a query string, in order.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);
/// Whether two words of the protocol (names of headers, schemes) are one: ASCII letters match in any case.
bool equals_caseless(std::string_view a, std::string_view b);
/// What stands behind the scheme and one space in the value of an Authorization header; nothing when the
/// scheme is another. A scheme may be written in any case (RFC 9110, 11.1).
std::optional<std::string_view> credentials_of(std::string_view authorization, std::string_view scheme);

/// The value of the first cookie of that name that the request brings, or empty.
std::string_view cookie_of(const Request& request, std::string_view name);

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json; charset=utf-8";
  std::vector<Header> headers;  // further ones
};

/// The right to answer one request, once, from any thread. Dropped without an answer it answers 500, so that
/// no client waits for nothing; answering twice breaks an INVARIANT. Move-only.
class Responder {
 public:
  /// What the server gives it: keeps the request alive and delivers the answer.
  class Channel {
   public:
    virtual ~Channel() = default;
    virtual const Request& request() const = 0;
    /// Called once at most, from any thread.
    virtual void deliver(Response&& response) noexcept = 0;
    /// The Responder was dropped without an answer: delivers a 500, by default in plain JSON.
    virtual void abandon() noexcept;
  };
  explicit Responder(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();

  [[nodiscard]] const Request& request() const;
  void respond(Response response);

 private:
  std::shared_ptr<Channel> channel_;
  bool answered_ = false;
};

/// Runs on an I/O thread: parse, check, hand over; never blocks.
using Handler = std::function<void(Responder)>;

}  // namespace jangbu::http
