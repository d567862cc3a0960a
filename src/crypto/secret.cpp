#include "crypto/secret.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/digest.h"

namespace jangbu::crypto {
namespace {

constexpr std::size_t nonce_size = crypto_secretbox_NONCEBYTES;
constexpr std::size_t tag_size = crypto_secretbox_MACBYTES;
constexpr std::size_t key_text_size = 2 * crypto_secretbox_KEYBYTES;

constexpr unsigned long long password_passes = 2;
constexpr std::size_t password_memory_bytes = 19 * 1024 * 1024;

void require_sodium() {
  static const bool ready = sodium_init() >= 0;
  INVARIANT(ready, "libsodium starts");
}

void wipe(Bytes& bytes) { sodium_memzero(bytes.data(), bytes.size()); }

unsigned char* unsigned_data(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* unsigned_data(ByteView view) {
  return reinterpret_cast<const unsigned char*>(view.data());
}

Error io_failure(const char* what, const std::string& path, int cause) {
  return {Errc::io_error, std::string(what) + " " + path + ": " + std::generic_category().message(cause)};
}

/// Closes the file when it goes.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// False, with errno set, when not all of it was written.
  [[nodiscard]] bool write_all(ByteView data) const {
    while (!data.empty()) {
      const ssize_t written = ::write(descriptor_, data.data(), data.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) data.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  /// At most `limit` bytes, or nothing with errno set.
  [[nodiscard]] std::optional<Bytes> read_up_to(std::size_t limit) const {
    Bytes data(limit, '\0');
    std::size_t filled = 0;
    while (filled < limit) {
      const ssize_t got = ::read(descriptor_, data.data() + filled, limit - filled);
      if (got < 0 && errno != EINTR) {
        wipe(data);
        return std::nullopt;
      }
      if (got == 0) break;
      if (got > 0) filled += static_cast<std::size_t>(got);
    }
    data.resize(filled);
    return data;
  }

 private:
  int descriptor_;
};

/// Makes the names in the directory of `path` survive a power loss.
Status sync_directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File file(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open()) return io_failure("opening", directory, errno);
  // EINVAL and EROFS: this file system has nothing to write back.
  if (fsync(file.descriptor()) != 0 && errno != EINVAL && errno != EROFS)
    return io_failure("syncing", directory, errno);
  return {};
}

/// The key in the file; nothing when there is no such file.
Result<std::optional<Bytes>> read_key_file(const std::string& path) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT) return std::optional<Bytes>();
    return io_failure("opening", path, errno);
  }
  struct stat status {};
  if (fstat(file.descriptor(), &status) != 0) return io_failure("reading", path, errno);
  if (!S_ISREG(status.st_mode)) return Error(Errc::invalid_configuration, path + " is not a file");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error(Errc::invalid_configuration, path + " is open to others than its owner; chmod it to 600");
  }
  // One more than a key and its newline, so that a longer file shows.
  std::optional<Bytes> text = file.read_up_to(key_text_size + 2);
  if (!text) return io_failure("reading", path, errno);
  const bool has_newline = text->size() == key_text_size + 1 && text->back() == '\n';
  Result<Bytes> key = from_hex(ByteView(*text).substr(0, text->size() - (has_newline ? 1 : 0)));
  wipe(*text);
  if (!key || key->size() != crypto_secretbox_KEYBYTES) {
    return Error(Errc::invalid_configuration, path + " does not hold 64 hex digits");
  }
  return std::optional<Bytes>(std::move(key).value());
}

/// Makes the key file under a name of its own and links it to `path` when it is complete and on the disk. So
/// `path` never holds half a key, and of two processes that race the slower one finds the other's file; that
/// is no error here.
Status create_key_file(const std::string& path, ByteView key) {
  std::string temporary = path + ".XXXXXX";
  const File file(mkostemp(temporary.data(), O_CLOEXEC));  // O_EXCL, mode 0600
  if (!file.is_open()) return io_failure("creating", temporary, errno);
  std::string text = to_hex(key);
  text += '\n';
  const bool is_linked = file.write_all(text) && fsync(file.descriptor()) == 0 &&
                         (link(temporary.c_str(), path.c_str()) == 0 || errno == EEXIST);
  const int cause = errno;
  wipe(text);
  unlink(temporary.c_str());
  if (!is_linked) return io_failure("writing", path, cause);
  return {};
}

/// argon2id takes its memory for as long as it runs: one at a time keeps the sum of it bounded.
std::mutex& password_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

Result<MasterKey> MasterKey::from_bytes(ByteView key) {
  require_sodium();
  MasterKey master;
  if (key.size() != master.key_.size() || sodium_is_zero(unsigned_data(key), key.size()) == 1) {
    return Error(Errc::invalid_configuration, "a master key has 32 bytes, not all zero");
  }
  std::copy(key.begin(), key.end(), reinterpret_cast<char*>(master.key_.data()));
  return master;
}

Result<MasterKey> MasterKey::load_or_create(const std::string& path, Random& random) {
  require_sodium();
  ASSIGN_OR_RETURN(std::optional<Bytes> key, read_key_file(path));
  if (!key) {
    Bytes fresh = random.bytes(crypto_secretbox_KEYBYTES);
    const Status created = create_key_file(path, fresh);
    wipe(fresh);
    RETURN_IF_ERROR(created);
    // Read back rather than kept: another process may have been faster.
    ASSIGN_OR_RETURN(key, read_key_file(path));
    if (!key) return io_failure("opening", path, ENOENT);
  }
  // Also for a file that was there: its maker may have died before this, and what the key seals must not
  // outlive it.
  const Status synced = sync_directory_of(path);
  Result<MasterKey> master = from_bytes(*key);
  wipe(*key);
  RETURN_IF_ERROR(synced);
  return master;
}

MasterKey::MasterKey(MasterKey&& other) noexcept : key_(other.key_) {
  sodium_memzero(other.key_.data(), other.key_.size());
}

MasterKey& MasterKey::operator=(MasterKey&& other) noexcept {
  if (this != &other) {
    key_ = other.key_;
    sodium_memzero(other.key_.data(), other.key_.size());
  }
  return *this;
}

MasterKey::~MasterKey() { sodium_memzero(key_.data(), key_.size()); }

Hash MasterKey::derive(std::string_view purpose) const {
  return hmac_sha256({reinterpret_cast<const char*>(key_.data()), key_.size()}, purpose);
}

Bytes MasterKey::seal(ByteView secret, Random& random) const {
  INVARIANT(sodium_is_zero(key_.data(), key_.size()) == 0, "this master key was moved away");
  Bytes sealed = random.bytes(nonce_size);
  INVARIANT(sealed.size() == nonce_size, "a source of randomness gives what it is asked for");
  sealed.resize(nonce_size + tag_size + secret.size());
  unsigned char* const nonce = unsigned_data(sealed);
  crypto_secretbox_easy(nonce + nonce_size, unsigned_data(secret), secret.size(), nonce, key_.data());
  return sealed;
}

Result<Bytes> MasterKey::open(ByteView sealed) const {
  INVARIANT(sodium_is_zero(key_.data(), key_.size()) == 0, "this master key was moved away");
  if (sealed.size() < nonce_size + tag_size) return Errc::invalid_encoding;
  Bytes secret(sealed.size() - nonce_size - tag_size, '\0');
  const unsigned char* const nonce = unsigned_data(sealed);
  if (crypto_secretbox_open_easy(unsigned_data(secret), nonce + nonce_size, sealed.size() - nonce_size, nonce,
                                 key_.data()) != 0) {
    return Errc::invalid_encoding;
  }
  return secret;
}

std::string hash_password(std::string_view password) {
  require_sodium();
  std::array<char, crypto_pwhash_STRBYTES> text{};
  const std::lock_guard lock(password_mutex());
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), password_passes,
                            password_memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();  // the only way it fails
  }
  return text.data();
}

bool verify_password(std::string_view hashed, std::string_view password) {
  require_sodium();
  const std::string text(hashed);  // with the zero at its end that libsodium reads to
  const std::lock_guard lock(password_mutex());
  return crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) == 0;
}

}  // namespace jangbu::crypto
