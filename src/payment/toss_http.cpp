#include "payment/toss_http.h"

#include <memory>

#include <curl/curl.h>

#include "http/curl_options.h"

namespace jangbu::payment {
namespace {

constexpr std::size_t max_answer = 256 * 1024;

std::size_t append_body(char* data, std::size_t size, std::size_t count, void* target) {
  auto& body = *static_cast<std::string*>(target);
  if (body.size() + size * count > max_answer) return 0;
  body.append(data, size * count);
  return size * count;
}

}  // namespace

Result<TossAnswer> call_toss(const TossCall& call, const std::string& secret_key, long connect_timeout_ms,
                             long timeout_ms) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) return Errc::acquirer_unavailable;
  TossAnswer answer;
  curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
  if (!call.idempotency_key.empty())
    list = curl_slist_append(list, ("Idempotency-Key: " + call.idempotency_key).c_str());
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(list, curl_slist_free_all);
  const bool is_local = call.url.starts_with("http://");  // checked by TossOptions::from_environment
  http::CurlOptions options(curl.get());
  options.set(CURLOPT_URL, call.url.c_str());
  options.set(CURLOPT_PROTOCOLS_STR, is_local ? "http" : "https");
  options.set(CURLOPT_CUSTOMREQUEST, call.method);
  options.set(CURLOPT_HTTPHEADER, headers.get());
  options.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  options.set(CURLOPT_USERNAME, secret_key.c_str());
  options.set(CURLOPT_PASSWORD, "");
  options.set(CURLOPT_SSL_VERIFYPEER, 1L);
  options.set(CURLOPT_SSL_VERIFYHOST, 2L);
  options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  options.set(CURLOPT_FOLLOWLOCATION, 0L);
  options.set(CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
  options.set(CURLOPT_TIMEOUT_MS, timeout_ms);
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_WRITEFUNCTION, append_body);
  options.set(CURLOPT_WRITEDATA, &answer.body);
  if (is_local) options.set(CURLOPT_NOPROXY, "*");
  if (!call.body.empty()) {
    options.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(call.body.size()));
    options.set(CURLOPT_POSTFIELDS, call.body.c_str());
  }
  const CURLcode code = options.perform();
  if (code != CURLE_OK) return Error(Errc::acquirer_unavailable, curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace jangbu::payment
