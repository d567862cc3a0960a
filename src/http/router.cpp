#include "http/router.h"

#include <algorithm>
#include <optional>

#include "base/invariant.h"

namespace jangbu::http {
namespace {

/// Takes the first segment off a path that starts with "/".
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// Prefixes end at a segment's edge: "/v1" is one of "/v1" and "/v1/tx", not of "/v10".
bool is_prefix(std::string_view prefix, std::string_view path) {
  if (!path.starts_with(prefix)) return false;
  return prefix.empty() || prefix.back() == '/' || path.size() == prefix.size() || path[prefix.size()] == '/';
}

std::string json_text(std::string_view text) {
  static constexpr std::string_view hex = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20) {
      quoted += "\\u00";
      quoted += hex[byte >> 4U];
      quoted += hex[byte & 15U];
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string_view plain_code(int status) {
  switch (status) {
    case 400:
      return "malformed_request";
    case 404:
      return "not_found";
    case 405:
      return "method_not_allowed";
    case 408:
      return "request_timeout";
    case 413:
      return "body_too_large";
    case 414:
      return "uri_too_long";
    case 431:
      return "headers_too_large";
    case 503:
      return "overloaded";
    default:
      return "internal";
  }
}

Response plain_error(int status, std::string_view message) {
  Response response;
  response.status = status;
  response.body =
      R"({"error":{"code":)" + json_text(plain_code(status)) + R"(,"message":)" + json_text(message) + "}}";
  return response;
}

}  // namespace

void Router::add(Route route) {
  INVARIANT(route.pattern.starts_with('/'), "a pattern starts with \"/\": " + route.pattern);
  INVARIANT(route.handler != nullptr, "a route needs a handler: " + route.pattern);
  std::size_t node = 0;
  std::string_view rest = route.pattern;
  while (!rest.empty()) {
    const std::string_view segment = take_segment(rest);
    std::size_t next = is_parameter(segment) ? nodes_[node].parameter : literal_child(node, segment);
    if (next == none) {
      next = nodes_.size();
      nodes_.emplace_back();
      if (is_parameter(segment)) {
        nodes_[node].parameter = next;
      } else {
        auto& literals = nodes_[node].literals;
        const auto place =
            std::lower_bound(literals.begin(), literals.end(), segment,
                             [](const auto& child, std::string_view text) { return child.first < text; });
        literals.emplace(place, std::string(segment), next);
      }
    }
    node = next;
  }
  for (const std::size_t other : nodes_[node].routes) {
    INVARIANT(routes_[other].method != route.method, "two routes for one method and path: " + route.pattern);
  }
  nodes_[node].routes.push_back(routes_.size());
  smallest_body_limit_ = std::min(smallest_body_limit_, route.body_limit);
  routes_.push_back(std::move(route));
}

void Router::add_tick(std::function<void()> task) {
  INVARIANT(task != nullptr, "a tick needs a task");
  ticks_.push_back(std::move(task));
}

void Router::tick() const {
  for (const auto& task : ticks_) task();
}

void Router::wrap_writes(const std::function<Handler(Handler)>& wrap) {
  for (Route& route : routes_)
    if (route.effect == Effect::write) route.handler = wrap(std::move(route.handler));
}

void Router::wrap_under(std::string_view prefix, const std::function<Handler(const Route&)>& wrap) {
  for (Route& route : routes_)
    if (is_prefix(prefix, route.pattern)) route.handler = wrap(route);
}

void Router::add_dialect(ErrorDialect dialect) {
  INVARIANT(dialect.render != nullptr, "a dialect needs a render function: " + dialect.path_prefix);
  dialects_.push_back(std::move(dialect));
}

std::size_t Router::literal_child(std::size_t node, std::string_view segment) const {
  const auto& literals = nodes_[node].literals;
  const auto place =
      std::lower_bound(literals.begin(), literals.end(), segment,
                       [](const auto& child, std::string_view text) { return child.first < text; });
  return place != literals.end() && place->first == segment ? place->second : none;
}

const Route* Router::route_of(const Node& node, Method method) const {
  for (const std::size_t index : node.routes) {
    if (routes_[index].method == method) return &routes_[index];
  }
  return method == Method::head ? route_of(node, Method::get) : nullptr;
}

bool Router::descend(std::size_t node, Method method, std::string_view rest, Search& search) const {
  if (rest.empty()) {
    const Node& here = nodes_[node];
    search.route = route_of(here, method);
    if (search.route == nullptr && !here.routes.empty() && search.wrong_method == none) {
      search.wrong_method = node;
    }
    return search.route != nullptr;
  }
  const std::string_view encoded = take_segment(rest);
  const bool plain = encoded.find('%') == std::string_view::npos;
  const std::string decoded = plain ? std::string() : percent_decode(encoded, false);
  const std::string_view segment = plain ? encoded : std::string_view(decoded);
  const std::size_t literal = literal_child(node, segment);
  if (literal != none && descend(literal, method, rest, search)) return true;
  const std::size_t parameter = nodes_[node].parameter;
  if (parameter == none || segment.empty()) return false;
  search.values.emplace_back(segment);
  if (descend(parameter, method, rest, search)) return true;
  search.values.pop_back();
  return false;
}

Router::Match Router::match(Method method, std::string_view path) const {
  Match match;
  if (!percent_encoding_is_valid(path)) {
    match.status = 400;
    return match;
  }
  Search search;
  if (path.starts_with('/') && descend(0, method, path, search)) {
    match.route = search.route;
    if (search.values.empty()) return match;
    std::size_t next = 0;
    std::string_view rest = search.route->pattern;
    while (!rest.empty()) {
      const std::string_view segment = take_segment(rest);
      if (!is_parameter(segment)) continue;
      match.parameters.emplace_back(segment.substr(1, segment.size() - 2), std::move(search.values[next++]));
    }
    return match;
  }
  if (search.wrong_method == none) {
    match.status = 404;
    return match;
  }
  match.status = 405;
  for (const std::size_t index : nodes_[search.wrong_method].routes) {
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += method_name(routes_[index].method);
  }
  return match;
}

Response Router::render_error(std::string_view path, int status, std::string_view message) const {
  const ErrorDialect* best = nullptr;
  for (const ErrorDialect& dialect : dialects_) {
    if (!is_prefix(dialect.path_prefix, path)) continue;
    if (best == nullptr || dialect.path_prefix.size() > best->path_prefix.size()) best = &dialect;
  }
  Response response = best == nullptr ? plain_error(status, message) : best->render(status, message);
  if (status == 503) {
    const bool has_retry_after = std::any_of(response.headers.begin(), response.headers.end(),
                                             [](const Header& h) { return h.name == "Retry-After"; });
    if (!has_retry_after) response.headers.push_back({"Retry-After", "1"});
  }
  return response;
}

}  // namespace jangbu::http
