// Certificates and clients for the tests of TLS.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "http/test_client.h"

namespace jangbu::http::test {

template <auto Free>
struct Release {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

struct Pem {
  std::string certificate;
  std::string key;
};

inline std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(length)};
}

/// A certificate that vouches for itself, for a host name and for 127.0.0.1, good from and until so many
/// seconds from now.
inline Pem make_certificate(const std::string& name, long from_s = -3600, long until_s = 3600,
                            const char* password = nullptr) {
  const std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>> key(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, Release<X509_free>> certificate(X509_new());
  X509* const it = certificate.get();
  X509_set_version(it, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(it), 1);
  X509_gmtime_adj(X509_getm_notBefore(it), from_s);
  X509_gmtime_adj(X509_getm_notAfter(it), until_s);
  X509_set_pubkey(it, key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(it), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(it, X509_get_subject_name(it));
  const std::string names = "DNS:" + name + ",IP:127.0.0.1";
  X509_EXTENSION* const extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  X509_add_ext(it, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(it, key.get(), EVP_sha256());
  const std::unique_ptr<BIO, Release<BIO_free>> certificate_text(BIO_new(BIO_s_mem()));
  const std::unique_ptr<BIO, Release<BIO_free>> key_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate_text.get(), it);
  PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), password == nullptr ? nullptr : EVP_aes_256_cbc(),
                                password, password == nullptr ? 0 : static_cast<int>(std::strlen(password)),
                                nullptr, nullptr);
  return {text_of(certificate_text.get()), text_of(key_text.get())};
}

/// A directory with the files of a server's certificate, gone with it.
class PemFiles {
 public:
  explicit PemFiles(const Pem& pem) : directory_(make()) { write(pem); }
  ~PemFiles() { std::filesystem::remove_all(directory_); }
  PemFiles(const PemFiles&) = delete;
  PemFiles& operator=(const PemFiles&) = delete;

  void write(const Pem& pem) const {
    write("certificate.pem", pem.certificate);
    write("key.pem", pem.key);
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return directory_ + "/" + name; }
  [[nodiscard]] std::string certificate() const { return path("certificate.pem"); }
  [[nodiscard]] std::string key() const { return path("key.pem"); }

 private:
  static std::string make() {
    std::string directory = (std::filesystem::temp_directory_path() / "jangbu-tls.XXXXXX").string();
    return ::mkdtemp(directory.data()) == nullptr ? std::string() : directory;
  }
  std::string directory_;
};

/// How a client goes about TLS.
struct TlsManner {
  int highest = 0;                 // version; 0: the newest
  std::string protocols;           // of ALPN, each behind its length
  SSL_SESSION* session = nullptr;  // to go on with
};

/// A connection over TLS. It believes every certificate, and keeps what it was shown.
class TlsClient : public RawClient {
 public:
  explicit TlsClient(std::uint16_t port, const TlsManner& manner = {}) : RawClient(port) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to a socket that its server has closed
    context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_security_level(context_.get(), 0);
    if (manner.highest != 0) SSL_CTX_set_max_proto_version(context_.get(), manner.highest);
    if (manner.highest != 0 && manner.highest < TLS1_2_VERSION)
      SSL_CTX_set_min_proto_version(context_.get(), manner.highest);
    ssl_.reset(SSL_new(context_.get()));
    if (!manner.protocols.empty())
      SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(manner.protocols.data()),
                          static_cast<unsigned>(manner.protocols.size()));
    if (manner.session != nullptr) SSL_set_session(ssl_.get(), manner.session);
    SSL_set_fd(ssl_.get(), descriptor());
    ERR_clear_error();
    secure_ = SSL_connect(ssl_.get()) == 1;
  }

  [[nodiscard]] bool secure() const { return secure_; }
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
  [[nodiscard]] bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  [[nodiscard]] std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &length);
    return {reinterpret_cast<const char*>(name), length};
  }
  /// The common name of the server's certificate.
  [[nodiscard]] std::string server() const {
    const std::unique_ptr<X509, Release<X509_free>> shown(SSL_get1_peer_certificate(ssl_.get()));
    if (!shown) return {};
    char name[256] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, name, sizeof name);
    return name;
  }
  /// Whether the server has said that nothing more comes, and did not just go.
  [[nodiscard]] bool told_the_end() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

 protected:
  ssize_t transmit(std::string_view text) override {
    ERR_clear_error();
    return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
  }
  ssize_t receive(char* into, std::size_t size) override {
    ERR_clear_error();
    errno = 0;
    const int got = SSL_read(ssl_.get(), into, static_cast<int>(size));
    if (got > 0) return got;
    const bool is_late = SSL_get_error(ssl_.get(), got) == SSL_ERROR_WANT_READ;
    errno = is_late ? EAGAIN : 0;
    return is_late ? -1 : 0;
  }

 private:
  std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, Release<SSL_free>> ssl_;
  bool secure_ = false;
};

}  // namespace jangbu::http::test
