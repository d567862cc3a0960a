#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <sys/stat.h>

#include "store/sqlite/connection.h"
#include "store/sqlite/lock_file.h"
#include "store/sqlite/open.h"
#include "store/sqlite/session.h"

namespace jangbu::store {
namespace sqlite {
namespace {

using Role = SqliteSession::Role;

std::uint64_t file_size(const std::string& path) {
  // stat, because opening and closing the file would drop the locks that SQLite holds on it in this process.
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

Status make_directory(const std::string& directory) {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::path(directory).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (error) return Error(Errc::io_error, parent.string() + ": " + error.message());
  if (::mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return Error(Errc::io_error, directory + ": " + std::strerror(errno));
}

/// The database of a data directory, to be written by this process.
class FileDatabase final : public Database {
 public:
  FileDatabase(SqliteOptions options, CheckpointPolicy policy)
      : options_(std::move(options)), policy_(policy) {}

  Result<std::unique_ptr<WriterSession>> open_writer() override {
    ASSIGN_OR_RETURN(std::shared_ptr<LockFile> lock, LockFile::take_exclusive(options_.directory));
    ConnectionOptions writer = connection_options();
    writer.access = Access::create;
    writer.checkpoint_on_close = true;
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Connection::open(writer));
    RETURN_IF_ERROR(connection->pragma("PRAGMA journal_mode=WAL"));
    // A log that grew while a reader held it back gives its space back when it starts again.
    RETURN_IF_ERROR(connection->pragma("PRAGMA journal_size_limit=268435456"));
    std::unique_ptr<Connection> helper;
    if (policy_.helper_thread) {
      ConnectionOptions second = connection_options();
      second.page_cache_kib = 64;  // a checkpoint reads no pages through the cache
      ASSIGN_OR_RETURN(helper, Connection::open(second));
      // A connection that has read nothing yet does not know of the log, and its checkpoint would do nothing.
      RETURN_IF_ERROR(helper->pragma("SELECT 1 FROM sqlite_schema"));
    }
    auto session = std::make_unique<SqliteSession>(Role::writer, std::move(lock), std::move(connection));
    session->start_checkpoints(std::move(helper), policy_);
    return std::unique_ptr<WriterSession>(std::move(session));
  }

  Result<std::unique_ptr<Session>> open_reader() override {
    ConnectionOptions reader = connection_options();
    reader.query_only = true;
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Connection::open(reader));
    return std::unique_ptr<Session>(
        std::make_unique<SqliteSession>(Role::reader, nullptr, std::move(connection)));
  }

  [[nodiscard]] Engine engine() const override { return Engine::sqlite; }
  [[nodiscard]] std::string display_name() const override { return "sqlite:" + path(); }
  [[nodiscard]] std::uint64_t size_bytes() const override {
    return file_size(path()) + file_size(path() + "-wal");
  }

 private:
  [[nodiscard]] std::string path() const { return options_.directory + "/jangbu.db"; }
  [[nodiscard]] ConnectionOptions connection_options() const {
    ConnectionOptions connection;
    connection.path = path();
    connection.vfs = options_.vfs;
    connection.synchronous_full = options_.synchronous_full;
    connection.page_cache_kib = options_.page_cache_kib;
    return connection;
  }

  const SqliteOptions options_;
  const CheckpointPolicy policy_;
};

/// The database of a data directory, only to be read; whether a server runs on it, was stopped or was killed.
class ReadOnlyFileDatabase final : public Database {
 public:
  /// `lock` keeps servers from starting; null when one is running.
  ReadOnlyFileDatabase(SqliteOptions options, std::shared_ptr<LockFile> lock)
      : options_(std::move(options)), lock_(std::move(lock)) {}

  Result<std::unique_ptr<WriterSession>> open_writer() override {
    return Error(Errc::database_error, display_name() + " was opened for reading only");
  }

  Result<std::unique_ptr<Session>> open_reader() override {
    ConnectionOptions reader;
    reader.path = path();
    reader.vfs = options_.vfs;
    reader.page_cache_kib = options_.page_cache_kib;
    reader.query_only = true;
    // Stopped cleanly: all is in the one file, and to read it the usual way would leave an empty log and
    // index behind. Killed, or running: what the log holds counts, and SQLite finds it through the index
    // beside it, which it mends when the directory can be written and otherwise builds in memory.
    const bool all_in_one_file = lock_ != nullptr && file_size(path() + "-wal") == 0;
    reader.access = all_in_one_file ? Access::immutable : Access::read_only;
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Connection::open(reader));
    return std::unique_ptr<Session>(
        std::make_unique<SqliteSession>(Role::reader, lock_, std::move(connection)));
  }

  [[nodiscard]] Engine engine() const override { return Engine::sqlite; }
  [[nodiscard]] std::string display_name() const override { return "sqlite:" + path() + " (read only)"; }
  [[nodiscard]] std::uint64_t size_bytes() const override {
    return file_size(path()) + file_size(path() + "-wal");
  }

 private:
  [[nodiscard]] std::string path() const { return options_.directory + "/jangbu.db"; }

  const SqliteOptions options_;
  const std::shared_ptr<LockFile> lock_;
};

class MemoryDatabase final : public Database {
 public:
  MemoryDatabase(std::string name, std::unique_ptr<Connection> keeper)
      : name_(std::move(name)), keeper_(std::move(keeper)) {}

  static Result<std::unique_ptr<Connection>> connect(const std::string& name, bool query_only) {
    ConnectionOptions options;
    options.path = name;
    options.vfs = "memdb";
    options.access = Access::create;
    options.query_only = query_only;
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Connection::open(options));
    RETURN_IF_ERROR(connection->limit_memory(max_bytes));
    // Its rollback journal need not survive anything, and pages need not leave the cache to reach another
    // memory.
    if (!query_only) RETURN_IF_ERROR(connection->pragma("PRAGMA journal_mode=MEMORY"));
    return connection;
  }

  Result<std::unique_ptr<WriterSession>> open_writer() override {
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, connect(name_, false));
    return std::unique_ptr<WriterSession>(
        std::make_unique<SqliteSession>(Role::writer, nullptr, std::move(connection)));
  }

  Result<std::unique_ptr<Session>> open_reader() override {
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, connect(name_, true));
    return std::unique_ptr<Session>(
        std::make_unique<SqliteSession>(Role::reader, nullptr, std::move(connection)));
  }

  [[nodiscard]] Engine engine() const override { return Engine::sqlite; }
  [[nodiscard]] std::string display_name() const override { return "sqlite: in memory"; }
  [[nodiscard]] std::uint64_t size_bytes() const override { return 0; }

 private:
  // SQLite allocates nothing of 2 GiB or more.
  static constexpr std::int64_t max_bytes = 0x7fff'0000;

  const std::string name_;
  // The data live as long as some connection to the name.
  const std::unique_ptr<Connection> keeper_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_with_policy(const SqliteOptions& options, CheckpointPolicy policy) {
  if (options.directory.empty()) return Error(Errc::invalid_configuration, "the data directory has no name");
  if (!options.read_only) {
    RETURN_IF_ERROR(make_directory(options.directory));
    return std::unique_ptr<Database>(std::make_unique<FileDatabase>(options, policy));
  }
  if (file_size(options.directory + "/jangbu.db") == 0) {
    return Error(Errc::database_unavailable, "there is no database in " + options.directory);
  }
  ASSIGN_OR_RETURN(std::shared_ptr<LockFile> lock, LockFile::take_shared(options.directory));
  return std::unique_ptr<Database>(std::make_unique<ReadOnlyFileDatabase>(options, std::move(lock)));
}

}  // namespace sqlite

Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options) {
  return sqlite::open_with_policy(options, sqlite::CheckpointPolicy{});
}

Result<std::unique_ptr<Database>> open_sqlite_in_memory() {
  static std::atomic<std::uint64_t> count{0};
  std::string name = "/jangbu-" + std::to_string(count.fetch_add(1));
  ASSIGN_OR_RETURN(std::unique_ptr<sqlite::Connection> keeper, sqlite::MemoryDatabase::connect(name, false));
  return std::unique_ptr<Database>(
      std::make_unique<sqlite::MemoryDatabase>(std::move(name), std::move(keeper)));
}

}  // namespace jangbu::store
