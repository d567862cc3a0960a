#include "http/tls.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "crypto/digest.h"
#include "http/tls_tickets.h"

namespace jangbu::http {
namespace {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using BioHandle = std::unique_ptr<BIO, Freer<BIO_free>>;
using CertificateHandle = std::unique_ptr<X509, Freer<X509_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;

Error refusal(std::string why) { return {Errc::invalid_configuration, std::move(why)}; }

std::string with_reason(std::string what) {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason == nullptr ? what : std::move(what) + ": " + reason;
}

/// A file's text, which is wiped when it goes: it may be a key.
class Text {
 public:
  static Result<Text> read(const std::string& path) {
    Text text;
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    ssize_t got = file < 0 ? -1 : 0;
    while (file >= 0 && text.size_ < text.bytes_.size()) {
      got = ::read(file, text.bytes_.data() + text.size_, text.bytes_.size() - text.size_);
      if (got <= 0) break;
      text.size_ += static_cast<std::size_t>(got);
    }
    const int why = errno;
    if (file >= 0) ::close(file);
    if (got < 0) return refusal("cannot read " + path + ": " + std::strerror(why));
    if (text.size_ == text.bytes_.size()) return refusal(path + " is too long to be what it should");
    return text;
  }
  Text() = default;
  Text(Text&& other) noexcept
      : bytes_(std::exchange(other.bytes_, {})), size_(std::exchange(other.size_, 0)) {}
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
  Text& operator=(Text&&) = delete;
  ~Text() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  [[nodiscard]] BioHandle open() const {
    return BioHandle(BIO_new_mem_buf(bytes_.data(), static_cast<int>(size_)));
  }

 private:
  std::vector<char> bytes_ = std::vector<char>(1 << 20);  // never grows: that would leave copies
  std::size_t size_ = 0;
};

/// In the place of OpenSSL's own, which asks at the terminal.
int no_password(char* /*into*/, int /*size*/, int /*is_for_writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

CertificateHandle next_certificate(BIO* bio) {
  bool asked = false;
  return CertificateHandle(PEM_read_bio_X509(bio, nullptr, no_password, &asked));
}

/// Whether reading ended because there is nothing more, and not because something is damaged.
bool is_at_end() {
  const auto error = ERR_peek_last_error();
  const bool at_end = ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  if (at_end) ERR_clear_error();
  return at_end;
}

Status use_certificates(SSL_CTX* context, const std::string& file) {
  ASSIGN_OR_RETURN(const Text text, Text::read(file));
  const BioHandle bio = text.open();
  ERR_clear_error();
  const CertificateHandle own = next_certificate(bio.get());
  if (!own) return refusal(with_reason(file + " is no certificate in PEM"));
  if (SSL_CTX_use_certificate(context, own.get()) != 1)
    return refusal(with_reason("the certificate in " + file + " cannot be used"));
  while (CertificateHandle above = next_certificate(bio.get())) {
    if (SSL_CTX_add1_chain_cert(context, above.get()) != 1)
      return refusal(with_reason("the chain in " + file + " cannot be used"));
  }
  return is_at_end() ? Status() : refusal(with_reason("the chain in " + file + " is damaged"));
}

Status use_key(SSL_CTX* context, const std::string& file, const std::string& certificate_file) {
  ASSIGN_OR_RETURN(const Text text, Text::read(file));
  ERR_clear_error();
  bool asked = false;
  const KeyHandle key(PEM_read_bio_PrivateKey(text.open().get(), nullptr, no_password, &asked));
  if (asked) return refusal("the key in " + file + " is encrypted: nobody is there to type its password");
  if (!key) return refusal(with_reason(file + " is no private key in PEM"));
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return refusal(
        with_reason("the key in " + file + " does not belong to the certificate in " + certificate_file));
  return {};
}

/// Of the protocols that a client offers, the one that is spoken here. One that offers others alone is told
/// so (RFC 7301, 3.2); one that offers none is not asked.
int choose_protocol(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned int offered_length, void* /*argument*/) {
  static constexpr std::array<unsigned char, 9> ours = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* match = nullptr;
  if (SSL_select_next_proto(&match, length, ours.data(), ours.size(), offered, offered_length) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = match;
  return SSL_TLSEXT_ERR_OK;
}

void set_rules(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // Forward secrecy and authenticated encryption; those of TLS 1.3 are all so.
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // Tickets hold what is needed to go on with a session; nothing is stored for them here but their keys.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
}

Instant to_instant(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return Instant{std::int64_t{::timegm(&parts)} * 1'000'000};
}

std::string text_of(const ASN1_STRING* string) {
  const auto* bytes = ASN1_STRING_get0_data(string);
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string address_of(const ASN1_OCTET_STRING* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  if (ASN1_STRING_length(bytes) != 4 && ASN1_STRING_length(bytes) != 16) return "?";
  ::inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size());
  return text.data();
}

std::vector<std::string> names_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> names;
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) names.push_back(text_of(name->d.dNSName));
    if (name->type == GEN_IPADD) names.push_back(address_of(name->d.iPAddress));
  }
  return names;
}

std::string pin_of(const X509* certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (length <= 0) return {};
  const Hash hash = crypto::sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(length)});
  OPENSSL_free(der);
  std::array<unsigned char, 45> base64{};  // 32 bytes are 44 characters
  EVP_EncodeBlock(base64.data(), reinterpret_cast<const unsigned char*>(hash.view().data()),
                  static_cast<int>(hash.view().size()));
  return std::string("sha256//") + reinterpret_cast<const char*>(base64.data());
}

}  // namespace

Result<TlsIdentity::Context> TlsIdentity::read(const std::string& certificate_file,
                                               const std::string& key_file, const Clock& clock) {
  // A context has keys of its own, so that no session goes on under another certificate.
  auto keys = std::make_shared<TicketKeys>(clock);
  const Context context(SSL_CTX_new(TLS_server_method()), [keys](SSL_CTX* made) { SSL_CTX_free(made); });
  if (!context) return Error(Errc::internal, "OpenSSL cannot start");
  set_rules(context.get());
  keys->serve(context.get());
  RETURN_IF_ERROR(use_certificates(context.get(), certificate_file));
  RETURN_IF_ERROR(use_key(context.get(), key_file, certificate_file));
  return context;
}

Result<std::shared_ptr<TlsIdentity>> TlsIdentity::load(std::string certificate_file, std::string key_file,
                                                       const Clock& clock) {
  ASSIGN_OR_RETURN(Context context, read(certificate_file, key_file, clock));
  return std::shared_ptr<TlsIdentity>(
      new TlsIdentity(std::move(certificate_file), std::move(key_file), clock, std::move(context)));
}

Status TlsIdentity::reload() {
  ASSIGN_OR_RETURN(Context fresh, read(certificate_file_, key_file_, clock_));
  const std::lock_guard lock(mutex_);
  context_.swap(fresh);
  return {};
}

TlsIdentity::Context TlsIdentity::context() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

Certificate TlsIdentity::certificate() const {
  const Context with = context();
  const X509* own = SSL_CTX_get0_certificate(with.get());
  return {names_of(own), to_instant(X509_get0_notBefore(own)), to_instant(X509_get0_notAfter(own)),
          pin_of(own)};
}

bool TlsIdentity::is_for(const std::string& host) const {
  const Context with = context();
  X509* own = SSL_CTX_get0_certificate(with.get());
  return X509_check_host(own, host.data(), host.size(), 0, nullptr) == 1 ||
         X509_check_ip_asc(own, host.c_str(), 0) == 1;
}

Status check_authorities(const std::string& file) {
  ASSIGN_OR_RETURN(const Text text, Text::read(file));
  const BioHandle bio = text.open();
  ERR_clear_error();
  if (!next_certificate(bio.get())) return refusal(with_reason(file + " holds no certificate in PEM"));
  while (next_certificate(bio.get())) {
  }
  return is_at_end() ? Status() : refusal(with_reason("a certificate in " + file + " is damaged"));
}

}  // namespace jangbu::http
