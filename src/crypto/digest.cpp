#include "crypto/digest.h"

#include <algorithm>
#include <memory>

#include <botan/hash.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace jangbu::crypto {
namespace {

// OpenSSL 3 marks these three deprecated in favour of EVP. They stay because several digests are made for
// each request: on 500 bytes they took 540 ns, EVP with a digest fetched beforehand and a reused context 640
// ns, the one-shot SHA256() 1420 ns; and they allocate nothing, so they cannot fail.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
class Sha256 {
 public:
  Sha256() { SHA256_Init(&context_); }
  Sha256& add(ByteView data) {
    SHA256_Update(&context_, data.data(), data.size());
    return *this;
  }
  Hash finish() {
    Hash hash;
    SHA256_Final(hash.bytes.data(), &context_);
    return hash;
  }

 private:
  SHA256_CTX context_;
};
#pragma GCC diagnostic pop

constexpr std::size_t sha256_block = 64;

}  // namespace

Hash sha256(ByteView data) { return Sha256().add(data).finish(); }

Hash sha256_pair(ByteView left, ByteView right) { return Sha256().add(left).add(right).finish(); }

struct Sha256Stream::State {
  Sha256 digest;
};
Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {}
Sha256Stream::~Sha256Stream() = default;
void Sha256Stream::add(ByteView data) { state_->digest.add(data); }
Hash Sha256Stream::finish() { return state_->digest.finish(); }

Hash keccak256(ByteView data) {
  // Making the object costs as much as the digest of a short text, and it is not to be shared between
  // threads.
  thread_local const std::unique_ptr<Botan::HashFunction> keccak =
      Botan::HashFunction::create("Keccak-1600(256)");
  INVARIANT(keccak != nullptr, "this Botan was built without Keccak");
  Hash hash;
  keccak->update(reinterpret_cast<const std::uint8_t*>(data.data()), data.size());
  keccak->final(hash.bytes.data());
  return hash;
}

Hash hmac_sha256(ByteView key, ByteView data) {
  // RFC 2104, written out: OpenSSL's HMAC() looks the algorithm up on every call and took five times as long.
  std::array<char, sha256_block> inner_pad{};
  if (key.size() > inner_pad.size()) {
    const Hash short_key = sha256(key);
    std::copy(short_key.bytes.begin(), short_key.bytes.end(), inner_pad.begin());
  } else {
    std::copy(key.begin(), key.end(), inner_pad.begin());
  }
  std::array<char, sha256_block> outer_pad = inner_pad;
  for (char& c : inner_pad) c = static_cast<char>(c ^ 0x36);
  for (char& c : outer_pad) c = static_cast<char>(c ^ 0x5c);
  const Hash inner = sha256_pair({inner_pad.data(), inner_pad.size()}, data);
  const Hash outer = sha256_pair({outer_pad.data(), outer_pad.size()}, inner.view());
  OPENSSL_cleanse(inner_pad.data(), inner_pad.size());
  OPENSSL_cleanse(outer_pad.data(), outer_pad.size());
  return outer;
}

bool equal_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace jangbu::crypto
