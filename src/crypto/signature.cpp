#include "crypto/signature.h"

#include <algorithm>

#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <sodium.h>

#include "crypto/digest.h"

namespace jangbu::crypto {
namespace {

constexpr std::size_t private_key_size = 32;
constexpr std::size_t compact_size = 64;
constexpr std::uint8_t first_recovery_byte = 27;

const unsigned char* key_data(ByteView view) { return reinterpret_cast<const unsigned char*>(view.data()); }

/// EIP-191, version 0x45, for a message that is itself a digest.
Hash personal_message_hash(const Hash& hash) {
  constexpr std::string_view prefix =
      "\x19"
      "Ethereum Signed Message:\n32";
  std::array<char, prefix.size() + 32> message;
  const auto rest = std::copy(prefix.begin(), prefix.end(), message.begin());
  const ByteView hash_bytes = hash.view();
  std::copy(hash_bytes.begin(), hash_bytes.end(), rest);
  return keccak256({message.data(), message.size()});
}

Address address_of(const secp256k1_pubkey& public_key) {
  std::array<unsigned char, 65> uncompressed;
  std::size_t size = uncompressed.size();
  secp256k1_ec_pubkey_serialize(secp256k1_context_static, uncompressed.data(), &size, &public_key,
                                SECP256K1_EC_UNCOMPRESSED);
  // The first byte says "uncompressed" and is no part of the key.
  const Hash hash =
      keccak256({reinterpret_cast<const char*>(uncompressed.data()) + 1, uncompressed.size() - 1});
  Address address;
  std::copy(hash.bytes.end() - 20, hash.bytes.end(), address.bytes.begin());
  return address;
}

void wipe_key(Bytes& bytes) { sodium_memzero(bytes.data(), bytes.size()); }

}  // namespace

std::string Address::to_checksum_text() const {
  std::string text = to_hex_0x({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  const Hash hash = keccak256(std::string_view(text).substr(2));
  for (std::size_t i = 0; i < 2 * bytes.size(); ++i) {
    char& c = text[2 + i];
    const unsigned nibble = i % 2 == 0 ? hash.bytes[i / 2] >> 4 : hash.bytes[i / 2] & 0x0f;
    if (c >= 'a' && nibble >= 8) c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

Result<Address> Address::from_text(std::string_view text) {
  Address address;
  if (text.size() != 2 + 2 * address.bytes.size()) return Errc::invalid_wallet;
  const Result<Bytes> decoded = from_hex_0x(text);
  if (!decoded) return Errc::invalid_wallet;
  std::copy(decoded->begin(), decoded->end(), reinterpret_cast<char*>(address.bytes.data()));
  return address;
}

Result<Signature> Signature::from_bytes(ByteView view) {
  Signature signature;
  if (view.size() != signature.bytes.size()) return Errc::invalid_signature;
  std::copy(view.begin(), view.end(), reinterpret_cast<char*>(signature.bytes.data()));
  return signature;
}

/// The context is only read after its creation, so threads share it.
struct Signer::Impl {
  secp256k1_context* context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  std::array<unsigned char, private_key_size> private_key{};

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    sodium_memzero(private_key.data(), private_key.size());
    secp256k1_context_destroy(context);
  }
};

Signer::~Signer() = default;

Result<std::shared_ptr<const Signer>> Signer::from_private_key(ByteView private_key, Random& random) {
  if (private_key.size() != private_key_size ||
      secp256k1_ec_seckey_verify(secp256k1_context_static, key_data(private_key)) != 1) {
    return Error(Errc::invalid_configuration, "the private key is not one of secp256k1");
  }
  const std::shared_ptr<Signer> signer(new Signer);
  signer->impl_ = std::make_unique<Impl>();
  Impl& impl = *signer->impl_;
  std::copy(private_key.begin(), private_key.end(), reinterpret_cast<char*>(impl.private_key.data()));

  // Blinds the multiplication of the generator against side channels.
  Bytes seed = random.bytes(32);
  const bool randomized = secp256k1_context_randomize(impl.context, key_data(seed)) == 1;
  wipe_key(seed);
  INVARIANT(randomized, "a signing context can be randomised");

  secp256k1_pubkey public_key;
  const bool created = secp256k1_ec_pubkey_create(impl.context, &public_key, impl.private_key.data()) == 1;
  INVARIANT(created, "a verified private key has a public key");
  signer->address_ = address_of(public_key);
  signer->address_text_ = signer->address_.to_checksum_text();
  return std::shared_ptr<const Signer>(signer);
}

std::shared_ptr<const Signer> Signer::generate(Random& random, Bytes& private_key) {
  // About one in 2^128 random strings is no key.
  do {
    private_key = random.bytes(private_key_size);
  } while (secp256k1_ec_seckey_verify(secp256k1_context_static, key_data(private_key)) != 1);
  return from_private_key(private_key, random).value();
}

Signature Signer::sign_personal(const Hash& hash) const {
  const Hash message = personal_message_hash(hash);
  secp256k1_ecdsa_recoverable_signature recoverable;
  // The default nonce function is RFC 6979, and the result has a low s.
  const bool is_signed = secp256k1_ecdsa_sign_recoverable(impl_->context, &recoverable, message.bytes.data(),
                                                          impl_->private_key.data(), nullptr, nullptr) == 1;
  INVARIANT(is_signed, "a verified private key signs");
  Signature signature;
  int recovery_id = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(impl_->context, signature.bytes.data(),
                                                          &recovery_id, &recoverable);
  // 2 and 3 stand for an r above the curve's order, which nobody has met: one signature in 2^127.
  INVARIANT(recovery_id == 0 || recovery_id == 1, "a recovery id has one bit");
  signature.bytes[compact_size] = static_cast<std::uint8_t>(first_recovery_byte + recovery_id);
  return signature;
}

Result<Address> recover_personal(const Hash& hash, const Signature& signature) {
  // Recovery multiplies with tables that are compiled in, so the static context, which threads share, is
  // enough.
  const secp256k1_context* context = secp256k1_context_static;
  const int recovery_id = signature.bytes[compact_size] - first_recovery_byte;
  if (recovery_id != 0 && recovery_id != 1) return Errc::invalid_signature;

  secp256k1_ecdsa_recoverable_signature recoverable;
  if (secp256k1_ecdsa_recoverable_signature_parse_compact(context, &recoverable, signature.bytes.data(),
                                                          recovery_id) != 1) {
    return Errc::invalid_signature;
  }
  // A second form of every signature, with a high s, would be as valid: refused, so that each has one form
  // only.
  secp256k1_ecdsa_signature plain;
  secp256k1_ecdsa_recoverable_signature_convert(context, &plain, &recoverable);
  if (secp256k1_ecdsa_signature_normalize(context, nullptr, &plain) == 1) return Errc::invalid_signature;

  const Hash message = personal_message_hash(hash);
  secp256k1_pubkey public_key;
  if (secp256k1_ecdsa_recover(context, &public_key, &recoverable, message.bytes.data()) != 1) {
    return Errc::invalid_signature;
  }
  return address_of(public_key);
}

}  // namespace jangbu::crypto
