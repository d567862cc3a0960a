// Which handler answers which method and path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"

namespace jangbu::http {

/// What a route does to the books; a node that is not the writer forwards `write` routes and answers `read`
/// ones.
enum class Effect : std::uint8_t { read, write };

struct Route {
  Method method;
  /// "/v1/tx/purchase/{purchaseId}/receipt": a `{name}` matches one non-empty segment, percent-decoded ("%2F"
  /// too).
  std::string pattern;
  Effect effect;
  Handler handler;
  /// Bodies above this many bytes are answered 413 before the handler.
  std::size_t body_limit = 1 << 20;
};

/// How errors that have no handler are said: unknown path (404), wrong method (405, with Allow), body too
/// long (413), malformed request (400), overload (503), internal (500). The most specific path prefix wins.
struct ErrorDialect {
  std::string path_prefix;
  std::function<Response(int status, std::string_view message)> render;
};

/// Built once before the server starts, then only read: thread-safe after that.
class Router {
 public:
  void add(Route route);
  void add_dialect(ErrorDialect dialect);
  /// Puts `wrap` around the handler of every `write` route added so far.
  void wrap_writes(const std::function<Handler(Handler)>& wrap);

  /// Puts `wrap` around the handler of every route added so far whose pattern is `prefix` or lies under it.
  void wrap_under(std::string_view prefix, const std::function<Handler(const Route&)>& wrap);

  struct Match {
    const Route* route = nullptr;  // null: see status
    int status = 200;              // 400 (malformed percent-encoding), 404 or 405 when there is no route
    std::string allow;             // for 405: "GET, POST"
    std::vector<std::pair<std::string, std::string>> parameters;
  };
  /// `task` runs about once a second while the server does, on the thread of each lane, which may be at the
  /// same time: it must be thread-safe and never block. For what waits for something else than a thread and
  /// must not wait for ever.
  void add_tick(std::function<void()> task);
  /// Runs those tasks.
  void tick() const;

  /// A literal segment beats a `{name}`. HEAD falls back to GET.
  [[nodiscard]] Match match(Method method, std::string_view path) const;
  /// In the dialect of the path, or plain JSON where there is none. A 503 always carries Retry-After.
  [[nodiscard]] Response render_error(std::string_view path, int status, std::string_view message) const;
  /// All routes, for the check against openapi.yaml.
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }
  /// No route refuses a body of at most this size, so shorter ones need no look-up before they have arrived.
  [[nodiscard]] std::size_t smallest_body_limit() const { return smallest_body_limit_; }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  /// The patterns as a tree by segments; links are indexes, so that a Router can be moved and copied.
  struct Node {
    std::vector<std::pair<std::string, std::size_t>> literals;  // sorted
    std::size_t parameter = none;
    std::vector<std::size_t> routes;  // one for each method
  };
  struct Search {
    const Route* route = nullptr;
    std::size_t wrong_method = none;  // the first node that has the path but not the method
    std::vector<std::string> values;
  };

  [[nodiscard]] std::size_t literal_child(std::size_t node, std::string_view segment) const;
  [[nodiscard]] const Route* route_of(const Node& node, Method method) const;
  bool descend(std::size_t node, Method method, std::string_view rest, Search& search) const;

  std::vector<Node> nodes_ = std::vector<Node>(1);
  std::size_t smallest_body_limit_ = 1 << 20;
  std::vector<Route> routes_;
  std::vector<ErrorDialect> dialects_;
  std::vector<std::function<void()>> ticks_;
};

}  // namespace jangbu::http
