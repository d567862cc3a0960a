#include "engine/verify.h"

#include <cstdio>
#include <filesystem>
#include <thread>

#include "base/counted.h"
#include "cli/book_json.h"
#include "cli/commands.h"
#include "cli/installation.h"
#include "cli/progress.h"
#include "cli/terminal_text.h"
#include "engine/backup.h"
#include "purchase/receipt.h"

namespace jangbu::cli {
namespace {

int report(const Error& error) {
  // Names and ids in it are their clients' choice.
  const std::string what = on_one_line(error.detail.empty() ? error_message(error.code) : error.detail);
  std::printf("not verified: %s\n", what.c_str());
  return 1;
}

int verify_receipt_file(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return report(text.error());
  const auto receipt = purchase::verify_receipt(*text);
  if (!receipt) return report(receipt.error());
  std::printf(
      "verified receipt: purchase %s is transaction %llu of block %llu, signed by %s; block signed by %s\n",
      in_quotes(receipt->purchase_id).c_str(), static_cast<unsigned long long>(receipt->index),
      static_cast<unsigned long long>(receipt->height), receipt->signer.c_str(),
      receipt->block_signer.c_str());
  return 0;
}

/// What the book must have in it.
struct Noted {
  std::vector<std::string> checkpoints;
  std::string backup;  // a file; empty: none
};

Result<engine::Checkpoints> read_checkpoints(const Noted& noted) {
  engine::Checkpoints checkpoints;
  for (const std::string& each : noted.checkpoints) {
    ASSIGN_OR_RETURN(const auto checkpoint, engine::parse_checkpoint(each));
    checkpoints.add(checkpoint);
  }
  if (!noted.backup.empty()) RETURN_IF_ERROR(checkpoints.add_backup(noted.backup));
  return checkpoints;
}

int verify_backup_file(const std::string& path, const Noted& noted, int threads, bool as_json) {
  auto checkpoints = read_checkpoints(noted);
  if (!checkpoints) return report(checkpoints.error());
  const Books books = make_books();
  engine::ForkJoin fork_join(threads - 1);
  const SystemClock clock;
  Progress progress(clock);
  const auto manifest = engine::verify_backup(
      path, books.projections, fork_join,
      [&](std::uint64_t done, std::uint64_t total) { progress.update("records", done, total); },
      std::move(*checkpoints));
  if (!manifest) return report(manifest.error());
  const engine::Checkpoint head{manifest->records, manifest->root_hash};
  if (as_json) {
    print_book(manifest->records, manifest->epoch, head);
    return 0;
  }
  std::printf("verified backup of %s: %s; epoch %llu, head %s\n", to_rfc3339(manifest->created_at).c_str(),
              counted(manifest->records, "record").c_str(), static_cast<unsigned long long>(manifest->epoch),
              engine::to_string(head).c_str());
  return 0;
}

int verify_books(const std::string& place, const Noted& noted, int threads, bool as_json) {
  auto checkpoints = read_checkpoints(noted);
  if (!checkpoints) return report(checkpoints.error());
  const auto database = open_database(place, Access::read_only);
  if (!database) return report(database.error());
  Books books = make_books();
  engine::ForkJoin fork_join(threads - 1);
  const SystemClock clock;
  Progress progress(clock);
  const auto verified = engine::verify(
      **database, books.projections, fork_join,
      [&](std::string_view stage, std::uint64_t done, std::uint64_t total) {
        progress.update(stage, done, total);
      },
      std::move(*checkpoints));
  if (!verified) return report(verified.error());
  const engine::Checkpoint head{verified->records, verified->head.hash};
  if (as_json) {
    print_book(verified->records, verified->head.epoch, head);
    return 0;
  }
  std::printf("verified %s and %s; epoch %llu, head %s\n", counted(verified->records, "record").c_str(),
              counted(verified->rows, "row").c_str(), static_cast<unsigned long long>(verified->head.epoch),
              engine::to_string(head).c_str());
  return 0;
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
  struct Options {
    std::string place;
    Noted noted;
    bool as_json = false;
    int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  };
  auto options = std::make_shared<Options>();
  CLI::App* verify = app.add_subcommand(
      "verify", "Recompute every hash, signature, block and table, or check a backup or a receipt");
  verify
      ->add_option("place", options->place,
                   "A data directory, a postgresql:// URL, a backup or a receipt file")
      ->required();
  verify->add_option("--threads", options->threads, "Cores to use")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  verify
      ->add_option("--contains", options->noted.checkpoints,
                   "NUMBER:HASH of a record that must be in it, as `head` was printed earlier; as often as "
                   "there are")
      ->allow_extra_args(false)
      ->check([](const std::string& text) {
        const auto checkpoint = engine::parse_checkpoint(text);
        return checkpoint ? std::string() : checkpoint.error().detail;
      });
  verify
      ->add_option("--since", options->noted.backup,
                   "An earlier backup, kept elsewhere, whose records must all be in it")
      ->check([](const std::string& file) { return file.empty() ? "the name of a file is expected" : ""; });
  verify->add_flag("--json", options->as_json,
                   "Say of a book or a backup what was verified as one JSON object");
  verify->callback([options, &run] {
    run = [options] {
      const bool is_file =
          !is_database_url(options->place) && std::filesystem::is_regular_file(options->place);
      if (!is_file) return verify_books(options->place, options->noted, options->threads, options->as_json);
      if (engine::is_backup_file(options->place))
        return verify_backup_file(options->place, options->noted, options->threads, options->as_json);
      if (options->noted.checkpoints.empty() && options->noted.backup.empty())
        return verify_receipt_file(options->place);
      std::fputs("jangbu: --contains and --since are for a book or a backup\n", stderr);
      return exit_usage;
    };
  });
}

}  // namespace jangbu::cli
