#include <algorithm>
#include <ctime>
#include <memory>

#include <curl/curl.h>

#include "cli/doctor/checks.h"
#include "cli/local_api.h"
#include "http/curl_options.h"

namespace jangbu::cli {
namespace {

constexpr long patience_s = 5;

/// Connects to where a URL says, without sending anything. Error: io_error.
Status connect_to(const std::string& url) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) return Errc::internal;
  http::CurlOptions options(curl.get());
  options.set(CURLOPT_URL, url.c_str());
  options.set(CURLOPT_CONNECT_ONLY, 1L);
  options.set(CURLOPT_CONNECTTIMEOUT, patience_s);
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_NOPROXY, "*");
  const CURLcode code = options.perform();
  return code == CURLE_OK ? Status() : Status(Error(Errc::io_error, curl_easy_strerror(code)));
}

/// Looks a name up from the headers that libcurl hands out.
std::size_t take_date(char* data, std::size_t size, std::size_t count, void* target) {
  const std::string_view line(data, size * count);
  constexpr std::string_view name = "date:";
  if (line.size() > name.size() && curl_strnequal(line.data(), name.data(), name.size()) != 0) {
    std::string_view value = line.substr(name.size());
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    *static_cast<std::string*>(target) = value.substr(0, value.find_last_not_of("\r\n ") + 1);
  }
  return size * count;
}

Result<std::string> date_of(const std::string& url) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) return Errc::internal;
  std::string date;
  http::CurlOptions options(curl.get());
  options.set(CURLOPT_URL, url.c_str());
  options.set(CURLOPT_NOBODY, 1L);
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  options.set(CURLOPT_TIMEOUT, patience_s);
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_HEADERFUNCTION, take_date);
  options.set(CURLOPT_HEADERDATA, &date);
  const CURLcode code = options.perform();
  if (code != CURLE_OK) return Error(Errc::io_error, curl_easy_strerror(code));
  if (date.empty()) return Error(Errc::not_found, "it says no Date");
  return date;
}

Result<ApiAnswer> get(const std::string& url, const std::string& pin) {
  ApiCall call;
  call.method = "GET";
  call.url = url;
  call.pin = pin;
  call.timeout_s = patience_s;
  return send(call);
}

Finding check_ready(const std::string& base_url, const char* whose, const std::string& pin = {}) {
  const auto answer = get(base_url + "/readyz", pin);
  const std::string what = std::string(whose) + " " + base_url;
  if (!answer) return {Health::bad, what + " does not answer: " + answer.error().detail};
  if (!answer->ok()) return {Health::bad, what + " is not ready: " + answer->body};
  return {Health::good, what + " is ready: " + answer->body};
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "[::1]" || address == "localhost";
}

}  // namespace

Result<Instant> parse_http_date(const std::string& text) {
  const std::time_t seconds = curl_getdate(text.c_str(), nullptr);
  if (seconds < 0) return Error(Errc::invalid_encoding, "\"" + text + "\" is no date");
  return Instant{std::int64_t{seconds} * 1'000'000};
}

Finding judge_skew(Duration ahead) {
  const std::int64_t us = ahead.us < 0 ? -ahead.us : ahead.us;
  const std::string text =
      "this clock is " + std::to_string(us / 1'000'000) + " s " + (ahead.us < 0 ? "behind" : "ahead");
  // A Date says whole seconds, and was on its way; tokens live for 300 s.
  if (us <= 2'000'000) return {Health::good, "this clock agrees with the other"};
  return {us > 60'000'000 ? Health::bad : Health::doubtful, text + ": tokens and links are judged by it"};
}

Findings check_clock(const Patient& patient) {
  const std::string& url = patient.time_url.empty() ? patient.public_url : patient.time_url;
  if (url.empty())
    return {{Health::good, "nothing to compare the clock with: --time-url https://... names something"}};
  const auto date = date_of(url);
  if (!date) return {{Health::doubtful, url + ": " + date.error().detail}};
  const auto other = parse_http_date(*date);
  if (!other) return {{Health::doubtful, url + ": " + other.error().detail}};
  return {judge_skew(SystemClock().wall_now() - *other)};
}

Findings check_server(const Patient& patient) {
  const auto control = read_control(patient.directory);
  if (!control) return {{patient.must_serve ? Health::bad : Health::doubtful, control.error().detail}};
  return {check_ready(control->base_url, "the server", control->pin)};
}

Finding judge_listen(const std::string& listen, const std::string& public_url, bool has_tls) {
  if (is_loopback(listen.substr(0, listen.rfind(':'))))
    return {Health::good, "it listens on this machine alone, at " + listen};
  if (has_tls) return {Health::good, "it listens to the network at " + listen + ", over TLS"};
  if (!public_url.starts_with("https://"))
    return {Health::bad, "it listens to the network at " + listen +
                             " without a public-url of https: keys would pass in the clear"};
  return {Health::doubtful,
          "it listens to the network at " + listen + ": let nobody but the proxy with TLS reach that"};
}

Findings check_addresses(const Patient& patient) {
  Findings findings{judge_listen(patient.listen, patient.public_url, !patient.tls_cert.empty())};
  if (patient.public_url.empty()) {
    findings.push_back({Health::doubtful, "no public-url: links lead to where it listens"});
  } else {
    findings.push_back(check_ready(patient.public_url, "the public URL"));
  }
  if (!patient.message_url.empty()) {
    const Status connected = connect_to(patient.message_url);
    findings.push_back(connected
                           ? Finding{Health::good, "the provider of messages can be reached"}
                           : Finding{Health::bad, "the provider of messages: " + connected.error().detail});
  }
  return findings;
}

Findings check_mail(const Patient& patient) {
  if (patient.smtp.empty()) return {{Health::doubtful, "no smtp: no mail goes out"}};
  const std::string host = patient.smtp.substr(0, patient.smtp.find('?'));
  // The TLS of smtps is the postman's; that somebody listens is what is asked here.
  const std::string url = "telnet" + host.substr(std::min(host.find("://"), host.size()));
  const Status connected = connect_to(url);
  if (!connected) return {{Health::bad, host + ": " + connected.error().detail}};
  return {{Health::good, host + " can be reached"}};
}

}  // namespace jangbu::cli
