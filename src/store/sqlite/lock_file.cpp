#include "store/sqlite/lock_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace jangbu::store::sqlite {
namespace {

Error failed(const std::string& path) { return Error(Errc::io_error, path + ": " + std::strerror(errno)); }

/// true when taken, false when somebody else is in the way.
Result<bool> lock(int descriptor, int mode, const std::string& path) {
  for (;;) {
    if (flock(descriptor, mode | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) return failed(path);
  }
}

}  // namespace

Result<std::unique_ptr<LockFile>> LockFile::take_exclusive(const std::string& directory) {
  const std::string path = directory + "/lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed(path);
  std::unique_ptr<LockFile> file(new LockFile(descriptor));
  ASSIGN_OR_RETURN(const bool taken, lock(descriptor, LOCK_EX, path));
  if (!taken) {
    return Error(Errc::database_busy,
                 "the directory " + directory + " is in use: is another jangbu serving or verifying it?");
  }
  return file;
}

Result<std::unique_ptr<LockFile>> LockFile::take_shared(const std::string& directory) {
  const std::string path = directory + "/lock";
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno != ENOENT) return failed(path);
  std::unique_ptr<LockFile> file(new LockFile(descriptor));
  if (descriptor < 0) return file;
  ASSIGN_OR_RETURN(const bool taken, lock(descriptor, LOCK_SH, path));
  if (!taken) file.reset();
  return file;
}

LockFile::~LockFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace jangbu::store::sqlite
