// Files of the terminal's commands that hold what is nobody else's business: keys, and buyers' data.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace jangbu::cli {

/// A file that is appended to and that its owner alone may read, also where it was there with other rights.
class PrivateFile {
 public:
  /// Makes it, or opens what is there. Error: io_error (no right to, or it is a link, a device or another
  /// user's).
  static Result<PrivateFile> open(const std::string& path);
  PrivateFile(PrivateFile&& other) noexcept;
  PrivateFile& operator=(PrivateFile&&) = delete;
  ~PrivateFile();

  /// Bytes that were in it.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Error: io_error.
  Status append(std::string_view text);
  /// What was appended is durable. Error: io_error.
  Status sync();

 private:
  PrivateFile(int file, std::uint64_t size, std::string path)
      : file_(file), size_(size), path_(std::move(path)) {}

  int file_;
  std::uint64_t size_;
  std::string path_;
};

}  // namespace jangbu::cli
