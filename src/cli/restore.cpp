#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/counted.h"
#include "cli/book_json.h"
#include "cli/commands.h"
#include "cli/installation.h"
#include "cli/progress.h"
#include "engine/backup.h"

namespace jangbu::cli {
namespace {

namespace fs = std::filesystem;

/// The database of a data directory (store/database.h). A book is built in a directory beside that name and
/// gets the name when it is whole.
constexpr const char* database_file = "jangbu.db";
constexpr const char* staging_directory = "restoring";
constexpr std::int64_t page_cache_kib = 256 * 1024;

Error directory_error(const std::string& path, const std::error_code& error) {
  return Error(Errc::io_error, path + ": " + error.message());
}

/// A data directory without a database, held against other restores and left as it was found unless keep() is
/// called.
class EmptyDirectory {
 public:
  static Result<std::unique_ptr<EmptyDirectory>> take(const std::string& path) {
    std::error_code error;
    const bool made = fs::create_directories(path, error);
    if (!error && made) fs::permissions(path, fs::perms::owner_all, error);
    if (error) return directory_error(path, error);
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return Error(Errc::io_error, path + ": " + std::strerror(errno));
    std::unique_ptr<EmptyDirectory> directory(new EmptyDirectory(path, descriptor, made));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      directory->made_ = false;
      directory->owned_ = false;
      return Error(Errc::database_busy, "another restore into " + path + " is under way");
    }
    RETURN_IF_ERROR(directory->check_empty());
    // What a restore left that was killed.
    fs::remove_all(directory->staging(), error);
    if (error) return directory_error(directory->staging(), error);
    return directory;
  }
  EmptyDirectory(const EmptyDirectory&) = delete;
  EmptyDirectory& operator=(const EmptyDirectory&) = delete;
  ~EmptyDirectory() {
    std::error_code ignored;
    if (owned_) fs::remove_all(staging(), ignored);
    if (made_) fs::remove(path_, ignored);
    ::close(descriptor_);
  }
  [[nodiscard]] std::string staging() const { return path_ + "/" + staging_directory; }

  /// Gives the book that was built its name. Its database must be closed.
  Status keep() {
    const std::string built = staging() + "/" + database_file;
    struct stat log {};
    if (::stat((built + "-wal").c_str(), &log) == 0 && log.st_size > 0)
      return Error(Errc::io_error, built + ": the database was not closed in one file");
    RETURN_IF_ERROR(check_empty());
    RETURN_IF_ERROR(engine::move_into_place(built, path_ + "/" + database_file, engine::Overwrite::no));
    made_ = false;
    return {};
  }

 private:
  EmptyDirectory(std::string path, int descriptor, bool made)
      : path_(std::move(path)), descriptor_(descriptor), made_(made) {}

  /// Neither a database nor the log of one, which the restored one would take for its own.
  [[nodiscard]] Status check_empty() const {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(path_, error))
      if (entry.path().filename().string().starts_with(database_file))
        return Error(Errc::already_exists,
                     entry.path().string() + ": a backup is restored only where there is no book");
    return error ? Status(directory_error(path_, error)) : Status();
  }

  std::string path_;
  int descriptor_;
  bool made_;
  bool owned_ = true;
};

using Restore = std::function<Result<engine::Restored>(store::Database&, engine::Commits)>;

Result<engine::Restored> restore_into_directory(const std::string& path, const Restore& restore) {
  ASSIGN_OR_RETURN(const auto directory, EmptyDirectory::take(path));
  store::SqliteOptions options;
  options.directory = directory->staging();
  options.page_cache_kib = page_cache_kib;
  ASSIGN_OR_RETURN(auto database, store::open_sqlite(options));
  ASSIGN_OR_RETURN(auto restored, restore(*database, engine::Commits::now_and_then));
  database.reset();
  RETURN_IF_ERROR(directory->keep());
  return restored;
}

Result<engine::Restored> restore_book(const std::string& file, const std::string& place) {
  const SystemClock clock;
  Progress progress(clock);
  const Restore restore = [&](store::Database& database,
                              engine::Commits commits) -> Result<engine::Restored> {
    ASSIGN_OR_RETURN(const auto session, database.open_writer());
    Books books = make_books();
    engine::ForkJoin fork_join(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())) - 1);
    return engine::restore(
        file, *session, books.projections, fork_join, clock, commits,
        [&](std::uint64_t done, std::uint64_t total) { progress.update("records", done, total); });
  };
  if (!is_database_url(place)) return restore_into_directory(place, restore);
  ASSIGN_OR_RETURN(const auto database, open_database(place, Access::read_write));
  return restore(*database, engine::Commits::once);
}

int run_restore(const std::string& file, const std::string& place, bool as_json) {
  ::umask(077);  // the book is its owner's alone
  const auto restored = restore_book(file, place);
  if (!restored) {
    std::fprintf(stderr, "nothing was restored: %s\n", to_string(restored.error()).c_str());
    return 1;
  }
  const engine::Checkpoint root{restored->manifest.records, restored->manifest.root_hash};
  const engine::Checkpoint head{restored->head.number, restored->head.hash};
  if (as_json) {
    print_book(restored->manifest.records, restored->head.epoch, head);
    return 0;
  }
  std::printf("restored %s up to %s; the book goes on as epoch %llu, head %s\n",
              counted(restored->manifest.records, "record").c_str(), engine::to_string(root).c_str(),
              static_cast<unsigned long long>(restored->head.epoch), engine::to_string(head).c_str());
  std::puts(
      "the master key is not part of a backup: put the original's in place (master.key of the data "
      "directory, "
      "or\nJANGBU_MASTER_KEY) before this book is served. A sandbox needs none.");
  return 0;
}

}  // namespace

void add_restore(CLI::App& app, Run& run) {
  struct Options {
    std::string file;
    std::string place;
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("restore", "Make the book of a backup again, where there is none");
  command->add_option("file", options->file, "The backup")->required();
  command->add_option("place", options->place, "A data directory or a postgresql:// URL, without a book")
      ->required();
  command->add_flag("--json", options->as_json, "Say what was done as one JSON object");
  command->callback([options, &run] {
    run = [options] { return run_restore(options->file, options->place, options->as_json); };
  });
}

}  // namespace jangbu::cli
