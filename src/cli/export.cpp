// `jangbu export`: lists of the book as JSON lines or CSV, beside a running server too.
#include <cstdio>
#include <memory>

#include <unistd.h>

#include "base/counted.h"
#include "cli/commands.h"
#include "cli/export/sources.h"
#include "cli/installation.h"
#include "cli/progress.h"

namespace jangbu::cli {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// Rows are written to `path`.new, which becomes `path` when they are all there.
Result<std::uint64_t> export_rows(ExportSource& source, const std::string& place, std::FILE* file,
                                  Format format, Progress& progress) {
  ASSIGN_OR_RETURN(const auto database, open_database(place, Access::read_only));
  ASSIGN_OR_RETURN(const auto session, database->open_reader());
  ASSIGN_OR_RETURN(const std::uint64_t last, source.last(*session));
  const auto columns = source.columns();
  RowFile rows(file, format, {columns.begin(), columns.end()});
  std::uint64_t done = 0;
  while (done < last) {
    RETURN_IF_ERROR(session->begin_snapshot());
    const auto came_to =
        source.page(*session, done, last, [&](std::span<const Cell> cells) { return rows.put(cells); });
    session->end_snapshot();
    if (!came_to) return came_to.error();
    done = *came_to;
    progress.update("rows", done, last);
  }
  RETURN_IF_ERROR(rows.flush());
  return rows.rows();
}

Status keep(File file, const std::string& path) {
  const bool written = std::fflush(file.get()) == 0 && ::fsync(::fileno(file.get())) == 0;
  if (std::fclose(file.release()) != 0 || !written)
    return Error(Errc::io_error, path + " could not be written");
  if (std::rename((path + ".new").c_str(), path.c_str()) != 0)
    return Error(Errc::io_error, "cannot rename to " + path);
  return {};
}

int run_export(const ExportList& list, const std::string& place, const std::string& path, Format format) {
  const SystemClock clock;
  const auto export_all = [&]() -> Result<std::uint64_t> {
    Progress progress(clock);
    const auto source = list.open();
    if (path == "-") return export_rows(*source, place, stdout, format, progress);
    File file(std::fopen((path + ".new").c_str(), "wx"), &std::fclose);
    if (!file) return Error(Errc::io_error, "cannot make " + path + ".new: it must not be there yet");
    auto rows = export_rows(*source, place, file.get(), format, progress);
    if (!rows) {
      std::remove((path + ".new").c_str());
      return rows.error();
    }
    RETURN_IF_ERROR(keep(std::move(file), path));
    return *rows;
  };
  const auto rows = export_all();
  if (!rows) {
    std::fprintf(stderr, "jangbu: nothing was exported: %s\n", to_string(rows.error()).c_str());
    return 1;
  }
  std::fprintf(stderr, "exported %s of %s\n", counted(*rows, "row").c_str(), list.name);
  return 0;
}

}  // namespace

void add_export(CLI::App& app, Run& run) {
  struct Options {
    std::string place = "data";
    std::string format = "jsonl";
    std::string file = "-";
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "export", "Write a list of the book as JSON lines or CSV, beside a running server too");
  command->require_subcommand(1);
  for (const ExportList& list : export_lists()) {
    CLI::App* each = command->add_subcommand(list.name, list.what);
    each->add_option("--data", options->place, "A data directory or a postgresql:// URL")
        ->capture_default_str();
    each->add_option("--format", options->format, "jsonl or csv")
        ->check(CLI::IsMember({"jsonl", "csv"}))
        ->capture_default_str();
    each->add_option("--out,-o", options->file, "The file to write; - is standard output")
        ->capture_default_str();
    each->callback([options, &list, &run] {
      run = [options, &list] {
        return run_export(list, options->place, options->file,
                          options->format == "csv" ? Format::csv : Format::json_lines);
      };
    });
  }
}

}  // namespace jangbu::cli
