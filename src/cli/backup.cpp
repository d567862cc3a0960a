#include "engine/backup.h"

#include <cstdio>

#include "base/counted.h"
#include "cli/book_json.h"
#include "cli/commands.h"
#include "cli/installation.h"
#include "cli/progress.h"

namespace jangbu::cli {
namespace {

int backup(const std::string& place, const std::string& file, engine::Overwrite overwrite, bool as_json) {
  const SystemClock clock;
  Progress progress(clock);
  const auto write = [&]() -> Result<engine::BackupManifest> {
    ASSIGN_OR_RETURN(const auto database, open_database(place, Access::read_only));
    return engine::backup(*database, clock, file, overwrite, [&](std::uint64_t done, std::uint64_t total) {
      progress.update("records", done, total);
    });
  };
  const auto manifest = write();
  if (!manifest) {
    std::fprintf(stderr, "no backup was made: %s\n", to_string(manifest.error()).c_str());
    return 1;
  }
  const engine::Checkpoint head{manifest->records, manifest->root_hash};
  if (as_json) {
    print_book(manifest->records, manifest->epoch, head);
    return 0;
  }
  std::printf("backed up %s to %s; epoch %llu, head %s\n", counted(manifest->records, "record").c_str(),
              file.c_str(), static_cast<unsigned long long>(manifest->epoch),
              engine::to_string(head).c_str());
  std::puts(
      "the master key (master.key of the data directory, or JANGBU_MASTER_KEY) is not in it: keep it apart, "
      "without it a\nrestored book cannot sign. A sandbox needs none.");
  return 0;
}

}  // namespace

void add_backup(CLI::App& app, Run& run) {
  struct Options {
    std::string place;
    std::string file;
    bool force = false;
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("backup", "Write the whole book to one file, beside a running server too");
  command->add_option("place", options->place, "A data directory or a postgresql:// URL")->required();
  command->add_option("file", options->file, "The file to write")->required();
  command->add_flag("--force", options->force, "Overwrite the file when there is one");
  command->add_flag("--json", options->as_json, "Say what was done as one JSON object");
  command->callback([options, &run] {
    run = [options] {
      return backup(options->place, options->file,
                    options->force ? engine::Overwrite::yes : engine::Overwrite::no, options->as_json);
    };
  });
}

}  // namespace jangbu::cli
