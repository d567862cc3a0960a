#include "cli/sandbox_client.h"

#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

#include "base/random.h"
#include "base/time.h"
#include "cli/installation.h"
#include "crypto/service_jwt.h"
#include "delivery/signature.h"
#include "hub/gate.h"

namespace jangbu::cli {
namespace {

constexpr int max_tries = 50;
constexpr auto pause_when_told = std::chrono::milliseconds(100);

Result<std::string> token_of(const Reply& credentials, const std::string& app, const std::string& file) {
  const std::string code = credentials.text(app, "service_code");
  const std::string secret = credentials.text(app, "shared_secret");
  if (code.empty() || secret.empty()) return Error(Errc::not_found, file + " has no app \"" + app + "\"");
  SystemRandom random;
  const crypto::ServiceClaims claims{code, "system", to_hex(random.bytes(16)), {}};
  return crypto::sign_service_jwt(claims, secret, hub::token_audience, SystemClock().wall_now());
}

Result<Reply> read_credentials(const std::string& directory) {
  const auto text = read_file(directory + "/sandbox.json");
  if (!text) return Error(Errc::not_found, "there is no sandbox on " + directory);
  ASSIGN_OR_RETURN(auto document, json::Document::parse(*text));
  return Reply(std::move(document));
}

std::string key_header(const std::string& key) { return key.empty() ? key : "Idempotency-Key: " + key; }

/// A server that listens on all addresses is reached, and sends to itself, on this machine's own.
std::string on_this_machine(std::string url) {
  using Pair = std::pair<std::string_view, std::string_view>;
  for (const auto& [all, own] : {Pair{"//0.0.0.0:", "//127.0.0.1:"}, Pair{"//[::]:", "//[::1]:"}})
    if (const auto at = url.find(all); at != std::string::npos) return url.replace(at, all.size(), own);
  return url;
}

}  // namespace

Result<std::string> sandbox_token(const std::string& directory, const std::string& app) {
  ASSIGN_OR_RETURN(const Reply credentials, read_credentials(directory));
  return token_of(credentials, app, directory + "/sandbox.json");
}

Result<SandboxClient> SandboxClient::open(const std::string& directory) {
  ASSIGN_OR_RETURN(Control control, read_control(directory));
  ASSIGN_OR_RETURN(Reply credentials, read_credentials(directory));
  control.base_url = on_this_machine(std::move(control.base_url));
  return SandboxClient(std::move(control), std::move(credentials));
}

Result<Reply> SandboxClient::call(const char* method, const std::string& path,
                                  const std::string& authorization, const std::string& body,
                                  const std::string& header) const {
  ApiCall call;
  call.method = method;
  call.url = control_.base_url + path;
  call.pin = control_.pin;
  call.headers = {"Content-Type: application/json"};
  if (!authorization.empty()) call.headers.push_back("Authorization: " + authorization);
  if (!header.empty()) call.headers.push_back(header);
  call.body = body;
  ASSIGN_OR_RETURN(ApiAnswer answer, send(call));
  for (int tries = 1; answer.status == 429 && tries < max_tries; ++tries) {
    std::this_thread::sleep_for(pause_when_told);
    ASSIGN_OR_RETURN(answer, send(call));
  }
  if (!answer.ok())
    return Error(answer.status == 409 ? Errc::already_exists : Errc::invalid_parameters,
                 std::string(method) + " " + path + ": " + std::to_string(answer.status) + " " + answer.body);
  ASSIGN_OR_RETURN(auto document, json::Document::parse(answer.body));
  return Reply(std::move(document));
}

Result<Reply> SandboxClient::hub(const char* method, const std::string& path, const std::string& body,
                                 const std::string& key) const {
  ASSIGN_OR_RETURN(const std::string token, token_of(credentials_, "hub", "sandbox.json"));
  return call(method, path, "ServiceJWT " + token, body, key_header(key));
}

Result<Reply> SandboxClient::reviewer(const char* method, const std::string& path, const std::string& body,
                                      const std::string& key) const {
  ASSIGN_OR_RETURN(const std::string token, token_of(credentials_, "reviewer", "sandbox.json"));
  return call(method, path, "ServiceJWT " + token, body, key_header(key));
}

Result<Reply> SandboxClient::invoice(const char* method, const std::string& path, const std::string& body,
                                     const std::string& key) const {
  const std::string client_key = credential("invoice", "client_key");
  if (client_key.empty()) return Error(Errc::not_found, "sandbox.json has no seller of the invoice door");
  const std::string pair = client_key + ":" + credential("invoice", "secret_key");
  return call(method, path, "Basic " + delivery::to_base64(pair), body, key_header(key));
}

Result<Reply> SandboxClient::purchase(const std::string& access_key, const std::string& path,
                                      const std::string& body) const {
  return call("POST", path, access_key, body);
}

Result<std::string> SandboxClient::follow(const std::string& path) const {
  ApiCall call;
  call.method = "GET";
  call.url = control_.base_url + path;
  call.pin = control_.pin;
  call.headers = {"User-Agent: Mozilla/5.0 (Linux; Android 14)"};
  ASSIGN_OR_RETURN(ApiAnswer answer, send(call));
  if (answer.location.empty()) return Error(Errc::invalid_parameters, path + ": " + answer.body);
  return std::move(answer.location);
}

Result<Reply> SandboxClient::operate(const char* method, const std::string& path,
                                     const std::string& body) const {
  return call(method, path, "Bearer " + control_.token, body);
}

Result<Reply> SandboxClient::page(const std::string& path, const std::string& body) const {
  return call("POST", path, "", body, "X-Jangbu-Csrf: 1");
}

Result<Reply> SandboxClient::open_call(const char* method, const std::string& path,
                                       const std::string& body) const {
  return call(method, path, "", body);
}

Status SandboxClient::move_clock_to(Instant moment) const {
  ASSIGN_OR_RETURN(const Reply clock, open_call("GET", "/sandbox/clock", ""));
  ASSIGN_OR_RETURN(const Instant now, parse_rfc3339(clock.text("now")));
  const std::int64_t seconds = (moment - now).us / 1'000'000 + 1;
  if (seconds <= 0) return {};
  const auto moved =
      open_call("POST", "/sandbox/clock", "{\"advance\":\"" + std::to_string(seconds) + "s\"}");
  return moved ? Status() : Status(moved.error());
}

}  // namespace jangbu::cli
