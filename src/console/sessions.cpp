#include "console/sessions.h"

#include "base/json.h"
#include "crypto/digest.h"
#include "crypto/secret.h"
#include "http/api.h"

namespace jangbu::console {
namespace {

constexpr Duration session_life = Duration::seconds(12 * 3600);
constexpr Duration tries_window = Duration::seconds(60);
constexpr int max_tries = 10;
constexpr std::size_t claim_digits = 48;  // 8 bytes of time, 16 of nonce
constexpr std::size_t proof_digits = 64;
constexpr std::size_t max_addresses = 10'000;

http::Response too_many_tries() {
  http::Response response = http::api_error(Error(Errc::overloaded, "too many tries, wait a minute"));
  response.status = 429;
  response.headers = {{"Retry-After", std::to_string(tries_window.us / 1'000'000)}};
  return response;
}

}  // namespace

std::string_view bearer_token(const http::Request& request) {
  constexpr std::string_view scheme = "Bearer ";
  const std::string* header = request.header("Authorization");
  if (header == nullptr || !header->starts_with(scheme)) return {};
  return std::string_view(*header).substr(scheme.size());
}

void Sessions::set_operator(std::string email, std::string password_hash) {
  const std::lock_guard lock(mutex_);
  email_ = std::move(email);
  password_hash_ = std::move(password_hash);
}

void Sessions::add_routes(http::Router& router) {
  router.add({http::Method::post, "/api/session", http::Effect::read,
              [this](http::Responder responder) { open(std::move(responder)); }, 4096});
}

bool Sessions::may_try(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.wall_now();
  if (tries_.size() >= max_addresses) tries_.clear();
  Tries& tries = tries_[peer];
  if (now - tries.since >= tries_window) tries = {now, 0};
  return ++tries.count <= max_tries;
}

void Sessions::open(http::Responder responder) {
  // Checking a password takes long: not on an I/O thread.
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  engine_.read([this, shared](store::Session&) { shared->respond(sign_in(shared->request())); },
               [shared](const Error& error) { shared->respond(http::api_error(error)); });
}

http::Response Sessions::sign_in(const http::Request& request) {
  const auto document = json::Document::parse(request.body());
  if (!document) return http::api_error(document.error());
  const json::Value* email = document->root().find("email");
  const json::Value* password = document->root().find("password");
  if (email == nullptr || !email->is_string() || password == nullptr || !password->is_string())
    return http::api_error(Error(Errc::invalid_parameters, "email and password are texts"));
  if (!may_try(request.peer())) return too_many_tries();

  std::string known_email;
  std::string known_hash;
  {
    const std::lock_guard lock(mutex_);
    known_email = email_;
    known_hash = password_hash_;
  }
  bool right = false;
  if (!known_hash.empty()) {
    // The password is checked even for a wrong address, so that the time tells nothing about addresses.
    const std::lock_guard lock(password_mutex_);
    right = crypto::verify_password(known_hash, password->text) && email->text == known_email;
  }
  if (!right) return http::api_error(Errc::not_authenticated);

  // The end of the session and a nonce, in hex, then the proof over both.
  Bytes claim;
  ByteWriter writer(claim);
  writer.i64((clock_.wall_now() + session_life).us);
  writer.raw(random_.bytes(16));
  const std::string claim_text = to_hex(claim);
  const std::string token = claim_text + proof_of(claim_text);
  std::string body;
  json::Writer(body).begin_object().key("token").string(token).end_object();
  return http::json_response(std::move(body));
}

std::string Sessions::proof_of(std::string_view claim) const {
  return to_hex(crypto::hmac_sha256(key_.view(), claim).view());
}

bool Sessions::is_open(std::string_view token) const {
  if (token.size() != claim_digits + proof_digits) return false;
  const std::string_view claim_text = token.substr(0, claim_digits);
  if (!crypto::equal_constant_time(token.substr(claim_digits), proof_of(claim_text))) return false;
  const auto claim = from_hex(claim_text);
  return claim && ByteReader(*claim).i64() > clock_.wall_now().us;
}

}  // namespace jangbu::console
