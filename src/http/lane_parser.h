// What happens while a request's bytes arrive: the callbacks of http_parser in place of RESTinio's own, which
// end the connection in silence where a limit is passed. Here a message over a limit counts as complete at
// once, carries a verdict, and gets an answer. Internal to lane.cpp.
#pragma once

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <restinio/http_server.hpp>
#include <restinio/settings.hpp>

#include "http/answer_text.h"
#include "http/lane_socket.h"
#include "http/router.h"

namespace jangbu::http {

inline Method to_method(int http_parser_method) {
  switch (http_parser_method) {
    case HTTP_GET:
      return Method::get;
    case HTTP_HEAD:
      return Method::head;
    case HTTP_POST:
      return Method::post;
    case HTTP_PUT:
      return Method::put;
    case HTTP_DELETE:
      return Method::del;
    case HTTP_PATCH:
      return Method::patch;
    case HTTP_OPTIONS:
      return Method::options;
    default:
      return Method::other;
  }
}

/// The path of a request target: without query and fragment, and without the authority of the absolute form.
inline std::string_view path_of(std::string_view target) {
  target = target.substr(0, target.find_first_of("?#"));
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const std::size_t slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target;
}

/// The target of a request whose method http_parser does not know: it gives up at that method and tells
/// nothing of the line. Empty when `input` begins with something else.
inline std::string_view target_of_unknown_method(std::string_view input) {
  const std::string_view line = input.substr(0, input.find("\r\n"));
  const std::size_t method_end = line.find(' ');
  if (method_end == std::string_view::npos || !is_token(line.substr(0, method_end))) return {};
  for (int i = 0; i <= HTTP_SOURCE; ++i)
    if (line.substr(0, method_end) == http_method_str(static_cast<http_method>(i))) return {};
  const std::string_view rest = line.substr(method_end + 1);
  const std::string_view target = rest.substr(0, rest.find(' '));
  const bool is_http = rest.substr(target.size()).starts_with(" HTTP/1.") && target.starts_with('/');
  return is_http ? target : std::string_view();
}

/// Reads the messages of one lane. RESTinio calls the request handler in the same call stack in which a
/// message was completed, so the verdict of the latest message is the one of the request at hand.
class MessageReader {
 public:
  static constexpr std::size_t max_target_bytes = 8 << 10;
  static constexpr std::size_t max_header_bytes = 32 << 10;
  static constexpr std::size_t max_header_count = 100;
  static constexpr std::size_t first_reserve_bytes = 64 << 10;

  MessageReader(LaneSocketOwner& owner, std::shared_ptr<const Router> router, std::size_t max_buffered_bytes)
      : owner_(owner), router_(std::move(router)), max_buffered_bytes_(max_buffered_bytes) {}

  /// The reader of this thread's lane; the callbacks of http_parser have no other way to it.
  static MessageReader*& of_this_thread() {
    static thread_local MessageReader* reader = nullptr;
    return reader;
  }

  static http_parser_settings callbacks() {
    http_parser_settings settings;
    http_parser_settings_init(&settings);
    settings.on_message_begin = [](http_parser* parser) { return guarded(parser, &MessageReader::begin); };
    settings.on_headers_complete = [](http_parser* parser) {
      return guarded(parser, &MessageReader::headers_complete);
    };
    settings.on_message_complete = [](http_parser* parser) {
      return guarded(parser, &MessageReader::message_complete);
    };
    settings.on_url = [](http_parser* parser, const char* at, std::size_t length) {
      return guarded(parser, &MessageReader::target, std::string_view(at, length));
    };
    settings.on_header_field = [](http_parser* parser, const char* at, std::size_t length) {
      return guarded(parser, &MessageReader::header_name, std::string_view(at, length));
    };
    settings.on_header_value = [](http_parser* parser, const char* at, std::size_t length) {
      return guarded(parser, &MessageReader::header_value, std::string_view(at, length));
    };
    settings.on_body = [](http_parser* parser, const char* at, std::size_t length) {
      return guarded(parser, &MessageReader::body, std::string_view(at, length));
    };
    return settings;
  }

  /// 0, or the status (400, 413, 414, 431, 503) that the latest message gets. Resets it.
  int take_verdict() { return std::exchange(verdict_, 0); }

  /// Bytes of request bodies in memory, arrived or arriving.
  std::atomic<std::size_t> buffered_bytes{0};

 private:
  using Context = restinio::impl::http_parser_ctx_t;

  /// No exception crosses the C parser; with a non-zero result RESTinio gives the connection up.
  template <typename Callback, typename... Text>
  static int guarded(http_parser* parser, Callback callback, Text... text) {
    try {
      MessageReader* const reader = of_this_thread();
      if (reader == nullptr || reader->owner_.current == nullptr) return -1;
      (reader->*callback)(parser, *static_cast<Context*>(parser->data), text...);
      return 0;
    } catch (const std::exception&) {
      return -1;
    }
  }

  LaneSocket& socket() { return *owner_.current; }

  void begin(http_parser* /*parser*/, Context& context) {
    socket().message = &context;
    socket().header_bytes = 0;
    socket().line_ends.stop();  // until its target is there
  }

  void target(http_parser* parser, Context& context, std::string_view text) {
    if (context.m_header.request_target().empty()) socket().line_ends.begin(text.data());
    socket().line_ends.pass(text);
    context.m_header.append_request_target(text.data(), text.size());
    if (context.m_header.request_target().size() > max_target_bytes) refuse(parser, context, 414);
  }

  /// Trailers of chunked bodies are read and left out: nothing here may be said after the body.
  void header_name(http_parser* parser, Context& context, std::string_view text) {
    if (!count_header_bytes(parser, context, text.size()) || context.m_leading_headers_completed) return;
    // Debian builds http_parser in its lenient form, which takes "Content-Length : 1" for a header like
    // others: proxies may see it differently, and requests could be smuggled past them.
    // Nothing is left of a name whose bytes ended with a segment; http_parser starts none without a
    // character.
    if (!socket().line_ends.pass(text) || (!text.empty() && !is_token(text))) {
      refuse(parser, context, 400);
      return;
    }
    if (!context.m_last_was_value) {
      context.m_current_field_name.append(text);
      return;
    }
    if (++context.m_total_field_count > max_header_count) {
      refuse(parser, context, 431);
      return;
    }
    context.m_current_field_name.assign(text);
    context.m_last_was_value = false;
  }

  void header_value(http_parser* parser, Context& context, std::string_view text) {
    if (!count_header_bytes(parser, context, text.size()) || context.m_leading_headers_completed) return;
    const bool is_second_host = !context.m_last_was_value &&
                                restinio::impl::is_equal_caseless(context.m_current_field_name, "host") &&
                                context.m_header.has_field(restinio::http_field::host);
    if (!socket().line_ends.pass(text) || is_second_host) {
      refuse(parser, context, 400);
      return;
    }
    if (context.m_last_was_value) {
      restinio::impl::append_last_field_accessor(context.m_header, text);
      return;
    }
    context.m_header.add_field(std::move(context.m_current_field_name), std::string(text));
    context.m_last_was_value = true;
  }

  bool count_header_bytes(http_parser* parser, Context& context, std::size_t bytes) {
    socket().header_bytes += bytes;
    if (socket().header_bytes <= max_header_bytes) return true;
    refuse(parser, context, 431);
    return false;
  }

  void headers_complete(http_parser* parser, Context& context) {
    context.m_leading_headers_completed = true;
    // RESTinio stops watching the time of a connection that asks for an upgrade. Nothing here upgrades, and
    // the standard lets a server read such a request as an ordinary one.
    parser->upgrade = 0;
    if (!socket().line_ends.finish_block() || parser->http_major != 1) {
      refuse(parser, context, 400);
      return;
    }
    const bool has_length = parser->content_length != ULLONG_MAX && parser->content_length > 0;
    if (has_length) {
      if (parser->content_length > router_->smallest_body_limit() &&
          parser->content_length > body_limit(parser, context)) {
        refuse(parser, context, 413);
        return;
      }
      // Memory follows the bytes that arrive, not those that were announced.
      context.m_body.reserve(std::min(first_reserve_bytes, static_cast<std::size_t>(parser->content_length)));
    }
    const bool chunked = is_chunked(parser);
    if (!chunked) socket().line_ends.stop();
    if ((has_length || chunked) && parser->http_minor >= 1) continue_when_asked(context);
  }

  void body(http_parser* parser, Context& context, std::string_view text) {
    if (socket().line_ends.watches() && !socket().line_ends.pass_data(text)) {
      refuse(parser, context, 400);
      return;
    }
    const std::size_t total = context.m_body.size() + text.size();
    if (total > router_->smallest_body_limit() && total > body_limit(parser, context)) {
      refuse(parser, context, 413);
      return;
    }
    socket().body_bytes += text.size();
    if (buffered_bytes.fetch_add(text.size(), std::memory_order_relaxed) + text.size() >
        max_buffered_bytes_) {
      refuse(parser, context, 503);
      return;
    }
    context.m_body.append(text);
  }

  void message_complete(http_parser* parser, Context& context) {
    // Not by the parser's flag: a trailer named Transfer-Encoding takes it away.
    if (socket().line_ends.watches() && !socket().line_ends.finish_block()) {
      refuse(parser, context, 400);
    } else {
      complete(parser, context);
    }
  }

  static bool is_chunked(const http_parser* parser) { return (parser->flags & F_CHUNKED) != 0; }

  void complete(http_parser* parser, Context& context) {
    socket().line_ends.stop();
    http_parser_pause(parser, 1);
    context.m_message_complete = true;
    context.m_header.method(restinio::default_http_methods_t::from_nodejs(static_cast<int>(parser->method)));
    context.m_header.http_minor(parser->http_minor);
    context.m_header.should_keep_alive(http_should_keep_alive(parser) != 0);
    socket().message = nullptr;
  }

  void refuse(http_parser* parser, Context& context, int status) {
    complete(parser, context);
    context.m_header.should_keep_alive(false);
    context.m_body.clear();
    socket().unread_input = true;
    verdict_ = status;
  }

  std::size_t body_limit(http_parser* parser, Context& context) {
    const auto path = path_of(context.m_header.request_target());
    const Route* route = router_->match(to_method(static_cast<int>(parser->method)), path).route;
    return route == nullptr ? router_->smallest_body_limit() : route->body_limit;
  }

  /// Nothing is being written on this connection while a request of it is read, so the interim answer can go
  /// straight to the kernel. Should it not fit, the client goes on after a wait of its own.
  void continue_when_asked(Context& context) {
    const std::string* expect = context.m_header.try_get_field(restinio::http_field::expect);
    if (expect == nullptr || !restinio::impl::is_equal_caseless(*expect, "100-continue")) return;
    static constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
    socket().send_now(interim);
  }

  LaneSocketOwner& owner_;
  std::shared_ptr<const Router> router_;
  std::size_t max_buffered_bytes_;
  int verdict_ = 0;
};

}  // namespace jangbu::http
