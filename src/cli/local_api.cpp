#include "cli/local_api.h"

#include <cstdio>
#include <memory>

#include <curl/curl.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/installation.h"

namespace jangbu::cli {
namespace {

constexpr long answer_timeout_s = 600;  // a clock that moves by a year has much to do

std::string control_path(const std::string& directory) { return directory + "/control.json"; }

std::size_t append_body(char* data, std::size_t size, std::size_t count, void* target) {
  static_cast<std::string*>(target)->append(data, size * count);
  return size * count;
}

}  // namespace

Status write_control(const std::string& directory, const Control& control) {
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("base_url")
      .string(control.base_url)
      .key("token")
      .string(control.token)
      .end_object();
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
  return Control{std::string(base_url->text), std::string(token->text)};
}

Result<ApiAnswer> call_api(const Control& control, const std::string& method, const std::string& path,
                           const std::string& body) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) return Errc::internal;
  ApiAnswer answer;
  const std::string url = control.base_url + path;
  curl_slist* list = curl_slist_append(nullptr, ("Authorization: Bearer " + control.token).c_str());
  list = curl_slist_append(list, "Content-Type: application/json");
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(list, curl_slist_free_all);
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, answer_timeout_s);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append_body);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
  if (!body.empty()) {
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
  }
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return Error(Errc::io_error, control.base_url + ": " + curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

int call_and_print(const std::string& directory, const std::string& method, const std::string& path,
                   const std::string& body) {
  const auto control = read_control(directory);
  const auto answer = control ? call_api(*control, method, path, body) : Result<ApiAnswer>(control.error());
  if (!answer) {
    std::fprintf(stderr, "jangbu: %s\n", to_string(answer.error()).c_str());
    return 1;
  }
  const bool ok = answer->status >= 200 && answer->status < 300;
  std::fprintf(ok ? stdout : stderr, "%s\n", answer->body.c_str());
  return ok ? 0 : 1;
}

}  // namespace jangbu::cli
