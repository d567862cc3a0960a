#include "http/tls_tickets.h"

#include <algorithm>
#include <span>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

namespace jangbu::http {
namespace {

// What prepare() answers.
constexpr int ticket_fault = -1;
constexpr int ticket_unknown = 0;
constexpr int ticket_good = 1;
constexpr int ticket_to_renew = 2;  // the client gets a ticket under the current key

bool fill_random(std::array<unsigned char, 16>& bytes) {
  return RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1;
}
bool fill_random(std::array<unsigned char, 32>& bytes) {
  return RAND_priv_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1;
}

int prepare_ticket(SSL* ssl, unsigned char* name, unsigned char* vector, EVP_CIPHER_CTX* cipher,
                   EVP_MAC_CTX* mac, int seals) {
  auto* const keys = static_cast<TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  return keys->prepare(name, vector, cipher, mac, seals == 1);
}

}  // namespace

TicketKeys::~TicketKeys() { OPENSSL_cleanse(keys_.data(), sizeof keys_); }

void TicketKeys::serve(ssl_ctx_st* context) {
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, prepare_ticket);
}

TicketKeys::Key* TicketKeys::current(std::int64_t now_us) {
  Key& newest = keys_.front();
  if (newest.is_made && now_us - newest.made_us < period.us) return &newest;
  Key fresh;
  if (!fill_random(fresh.name) || !fill_random(fresh.cipher) || !fill_random(fresh.mac)) return nullptr;
  fresh.made_us = now_us;
  fresh.is_made = true;
  keys_.back() = newest;
  newest = fresh;
  OPENSSL_cleanse(&fresh, sizeof fresh);
  return &newest;
}

void TicketKeys::forget(std::int64_t now_us) {
  for (Key& key : keys_)
    if (key.is_made && now_us - key.made_us >= 2 * period.us) OPENSSL_cleanse(&key, sizeof key);
}

TicketKeys::Key* TicketKeys::find(const unsigned char* name) {
  for (Key& key : keys_)
    if (key.is_made && std::ranges::equal(key.name, std::span(name, key.name.size()))) return &key;
  return nullptr;
}

int TicketKeys::prepare(unsigned char* name, unsigned char* vector, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                        bool seals) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now_us = clock_.monotonic_us();
  forget(now_us);
  Key* const key = seals ? current(now_us) : find(name);
  if (key == nullptr) return seals ? ticket_fault : ticket_unknown;
  if (seals) {
    std::ranges::copy(key->name, name);
    if (RAND_bytes(vector, EVP_MAX_IV_LENGTH) != 1) return ticket_fault;
  }
  char digest[] = "SHA256";
  const std::array parameters = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac.data(), key->mac.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
  const bool ready =
      EVP_MAC_CTX_set_params(mac, parameters.data()) == 1 &&
      EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key->cipher.data(), vector, seals ? 1 : 0) == 1;
  if (!ready) return ticket_fault;
  return !seals && now_us - key->made_us >= period.us ? ticket_to_renew : ticket_good;
}

}  // namespace jangbu::http
