#include "web/files.h"

#include <algorithm>

#include "web/preference.h"

namespace jangbu::web {
namespace {

/// If-None-Match is compared weakly, so that one tag does for the plain and the compressed form.
bool is_known(const EmbeddedFile& file, const http::Request& request) {
  const std::string* known = request.header("If-None-Match");
  return known != nullptr && (*known == "*" || known->find(file.etag) != std::string::npos);
}

}  // namespace

const EmbeddedFile* find_file(std::span<const EmbeddedFile> files, std::string_view name) {
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& file) { return file.name == name; });
  return found == files.end() ? nullptr : &*found;
}

http::Response file_response(const EmbeddedFile& file, const http::Request& request) {
  http::Response response;
  response.content_type = file.content_type;
  const bool compressed = !file.gzip.empty() && takes_gzip(request.header("Accept-Encoding"));
  response.body = compressed ? file.gzip : file.bytes;
  if (compressed) response.headers.push_back({"Content-Encoding", "gzip"});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  return response;
}

http::Response kept_file_response(const EmbeddedFile& file, const http::Request& request,
                                  std::string_view cache_control) {
  http::Response response = file_response(file, request);
  if (is_known(file, request)) {
    response.status = 304;
    response.body.clear();
  }
  response.headers.push_back({"ETag", "W/" + std::string(file.etag)});
  response.headers.push_back({"Cache-Control", std::string(cache_control)});
  response.headers.push_back({"Vary", "Accept-Encoding"});
  return response;
}

}  // namespace jangbu::web
