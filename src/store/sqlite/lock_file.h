// The file `lock` of a data directory: who holds it exclusively may write the database, in this process or
// any other.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace jangbu::store::sqlite {

/// An flock(2): it belongs to this open file, so that a second one in the same process is refused too, and it
/// ends with the process however that dies.
class LockFile {
 public:
  /// Creates the file when missing. Errors: database_busy when somebody else holds it in any mode, io_error.
  static Result<std::unique_ptr<LockFile>> take_exclusive(const std::string& directory);
  /// Keeps writers out while held; several may hold it. null when a writer holds it. Never creates the file;
  /// where there is none no writer ever was, and the lock returned guards nothing. Error: io_error.
  static Result<std::unique_ptr<LockFile>> take_shared(const std::string& directory);

  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;  // -1: nothing is held
};

}  // namespace jangbu::store::sqlite
