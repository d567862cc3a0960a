#include "web/sdk.h"

#include <algorithm>

#include "http/api.h"
#include "web/files.h"

namespace jangbu::web {
namespace {

using http::Effect;
using http::Method;

/// A page that asks for another version gets this one, but must not keep it under that name.
bool names_version(const http::Request& request) {
  const auto query = http::parse_query(request.query());
  return std::any_of(query.begin(), query.end(),
                     [](const auto& pair) { return pair.first == "v" && pair.second == sdk_version(); });
}

void sdk(http::Responder responder) {
  const http::Request& request = responder.request();
  const EmbeddedFile* file = find_file(embedded_sdk(), request.path_parameter("file"));
  if (file == nullptr) return responder.respond(http::api_status(404, "there is no such file of the SDK"));
  http::Response response = kept_file_response(
      *file, request, names_version(request) ? "public, max-age=31536000, immutable" : "public, max-age=600");
  // Modules, and scripts with an integrity attribute, are fetched with CORS; pages that isolate themselves
  // load nothing that does not say that others may.
  response.headers.push_back({"Access-Control-Allow-Origin", "*"});
  response.headers.push_back({"Cross-Origin-Resource-Policy", "cross-origin"});
  responder.respond(std::move(response));
}

}  // namespace

void add_sdk(http::Router& router) { router.add({Method::get, "/sdk/{file}", Effect::read, sdk}); }

}  // namespace jangbu::web
