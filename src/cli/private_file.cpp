#include "cli/private_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace jangbu::cli {
namespace {

constexpr mode_t owner_alone = 0600;

Error cannot_write(const std::string& path, const std::string& why) {
  return {Errc::io_error, "cannot write " + path + ": " + why};
}
std::string why_not() { return std::strerror(errno); }  // NOLINT(concurrency-mt-unsafe): one thread

}  // namespace

Result<PrivateFile> PrivateFile::open(const std::string& path) {
  // Without O_NONBLOCK a pipe would wait for its reader before it could be refused.
  const int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  const int file = ::open(path.c_str(), flags, owner_alone);
  if (file < 0) return cannot_write(path, errno == ELOOP ? "it is a link" : why_not());
  PrivateFile opened(file, 0, path);
  struct stat found {};
  if (::fstat(file, &found) != 0) return cannot_write(path, why_not());
  if (!S_ISREG(found.st_mode)) return cannot_write(path, "it is no file");
  if (found.st_uid != ::geteuid()) return cannot_write(path, "it is another user's");
  const bool is_open_to_others = (found.st_mode & 07777U & ~owner_alone) != 0;
  if (is_open_to_others && ::fchmod(file, owner_alone) != 0) return cannot_write(path, why_not());
  opened.size_ = static_cast<std::uint64_t>(found.st_size);
  return opened;
}

PrivateFile::PrivateFile(PrivateFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), size_(other.size_), path_(std::move(other.path_)) {}

PrivateFile::~PrivateFile() {
  if (file_ >= 0) ::close(file_);
}

Status PrivateFile::append(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return cannot_write(path_, why_not());
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status PrivateFile::sync() { return ::fsync(file_) == 0 ? Status() : Status(cannot_write(path_, why_not())); }

}  // namespace jangbu::cli
