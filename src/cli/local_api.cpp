#include "cli/local_api.h"

#include <cstdio>
#include <memory>

#include <curl/curl.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/installation.h"
#include "http/curl_options.h"

namespace jangbu::cli {
namespace {

std::string control_path(const std::string& directory) { return directory + "/control.json"; }

std::size_t append_body(char* data, std::size_t size, std::size_t count, void* target) {
  static_cast<std::string*>(target)->append(data, size * count);
  return size * count;
}

}  // namespace

Status write_control(const std::string& directory, const Control& control) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("base_url").string(control.base_url).key("token").string(control.token);
  if (!control.pin.empty()) out.key("pin").string(control.pin);
  out.end_object();
  return write_file_atomically(control_path(directory), text + "\n");
}

void remove_control(const std::string& directory) { ::unlink(control_path(directory).c_str()); }

Result<Control> read_control(const std::string& directory) {
  const auto text = read_file(control_path(directory));
  if (!text) return Error(Errc::not_found, "no server runs on " + directory);
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(*text));
  const json::Value* base_url = document.root().find("base_url");
  const json::Value* token = document.root().find("token");
  if (base_url == nullptr || token == nullptr)
    return Error(Errc::invalid_configuration, control_path(directory) + " is damaged");
  const json::Value* pin = document.root().find("pin");
  return Control{std::string(base_url->text), std::string(token->text),
                 pin == nullptr ? std::string() : std::string(pin->text)};
}

struct ApiConnection::Handle {
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{curl_easy_init(), curl_easy_cleanup};
};

ApiConnection::ApiConnection() : handle_(std::make_unique<Handle>()) {}
ApiConnection::~ApiConnection() = default;

Result<ApiAnswer> ApiConnection::send(const ApiCall& call) {
  CURL* const curl = handle_->curl.get();
  if (curl == nullptr) return Errc::internal;
  ApiAnswer answer;
  curl_slist* list = nullptr;
  for (const std::string& header : call.headers) list = curl_slist_append(list, header.c_str());
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(list, curl_slist_free_all);
  curl_easy_reset(curl);  // the connection stays
  http::CurlOptions options(curl);
  options.set(CURLOPT_URL, call.url.c_str());
  options.set(CURLOPT_CUSTOMREQUEST, call.method.c_str());
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  options.set(CURLOPT_HTTPHEADER, headers.get());
  options.set(CURLOPT_TIMEOUT, call.timeout_s);
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_NOPROXY, "*");
  if (!call.pin.empty()) {
    // Whoever has the key is the server, whatever its certificate is called and whoever made it.
    options.set(CURLOPT_PINNEDPUBLICKEY, call.pin.c_str());
    options.set(CURLOPT_SSL_VERIFYPEER, 0L);
    options.set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  options.set(CURLOPT_WRITEFUNCTION, append_body);
  options.set(CURLOPT_WRITEDATA, &answer.body);
  if (!call.body.empty()) {
    options.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(call.body.size()));
    options.set(CURLOPT_POSTFIELDS, call.body.c_str());
  }
  const CURLcode code = options.perform();
  if (code != CURLE_OK) return Error(Errc::io_error, call.url + ": " + curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  const char* location = nullptr;
  curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &location);
  if (location != nullptr) answer.location = location;
  return answer;
}

Result<ApiAnswer> send(const ApiCall& call) { return ApiConnection().send(call); }

Result<ApiAnswer> call_api(const Control& control, const std::string& method, const std::string& path,
                           const std::string& body) {
  ApiCall call;
  call.method = method;
  call.url = control.base_url + path;
  call.headers = {"Authorization: Bearer " + control.token, "Content-Type: application/json"};
  call.body = body;
  call.pin = control.pin;
  return send(call);
}

int call_and_print(const std::string& directory, const std::string& method, const std::string& path,
                   const std::string& body) {
  const auto control = read_control(directory);
  const auto answer = control ? call_api(*control, method, path, body) : Result<ApiAnswer>(control.error());
  if (!answer) {
    std::fprintf(stderr, "jangbu: %s\n", to_string(answer.error()).c_str());
    return 1;
  }
  std::fprintf(answer->ok() ? stdout : stderr, "%s\n", answer->body.c_str());
  return answer->ok() ? 0 : 1;
}

}  // namespace jangbu::cli
