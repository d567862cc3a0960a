// A fresh, empty database of each kind for tests.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "store/database.h"

namespace jangbu::store::test {

/// A directory that is removed with this object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The value, or a test failure that ends the test.
template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  return std::move(result).value();
}
inline void must(const Status& status) {
  if (!status) throw std::runtime_error(to_string(status.error()));
}
/// The code of an error; a success is a test failure.
template <typename T>
Errc code_of(const Result<T>& result) {
  if (result.ok()) throw std::runtime_error("an error was expected");
  return result.error().code;
}

inline constexpr const char* database_kinds[] = {"sqlite", "postgres"};
/// For tests above the engine, which care for SQL and not for files: "memory" is SQLite without one.
inline constexpr const char* book_kinds[] = {"memory", "postgres"};

/// An empty database that ends with this object.
class TestDatabase {
 public:
  TestDatabase() = default;
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase();
  /// false when that kind is not available here. `kind` is one of database_kinds or book_kinds.
  bool open(const std::string& kind);
  /// The same for fixtures that need some database before they can be skipped.
  bool open_or_memory(const std::string& kind) {
    const bool opened = open(kind);
    if (!opened) open("memory");
    return opened;
  }
  [[nodiscard]] Database& database() { return *database_; }
  [[nodiscard]] const std::string& directory() const { return directory_.path(); }

 private:
  TemporaryDirectory directory_;
  std::string schema_;  // PostgreSQL: dropped in the end
  std::unique_ptr<Database> database_;
};

/// Commits and expects that it worked.
void must_commit(Session& session);

/// The first column of the first row, which must exist.
std::int64_t integer_of(Session& session, const Sql& sql, std::initializer_list<Value> parameters = {});

}  // namespace jangbu::store::test
