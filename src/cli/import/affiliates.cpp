// `jangbu import affiliates`: registers sites, one after the other, and keeps the keys that are shown once.
#include "cli/import/affiliates.h"

#include <charconv>
#include <cstdio>
#include <fstream>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/import/purchase_rows.h"
#include "cli/installation.h"
#include "cli/local_api.h"
#include "cli/private_file.h"
#include "cli/progress.h"

namespace jangbu::cli {
namespace {

/// FILE.keys: a line for each affiliate that was registered, {"line":3,"affiliate":{...}} with its auth_key.
/// It is also the note of how far an earlier run came.
class KeyFile {
 public:
  static Result<KeyFile> open(const std::string& path) {
    ASSIGN_OR_RETURN(PrivateFile file, PrivateFile::open(path));
    std::uint64_t done = 0;
    if (file.size() != 0) {
      ASSIGN_OR_RETURN(const std::string text, read_file(path));
      ASSIGN_OR_RETURN(done, last_line_of(text, path));
    }
    return KeyFile(std::move(file), done);
  }

  /// Lines of the source up to this one are registered.
  [[nodiscard]] std::uint64_t done() const { return done_; }
  /// Durable before the next one is asked for: a key that is lost cannot be asked for again.
  Status keep(std::uint64_t line, const std::string& answer) {
    RETURN_IF_ERROR(file_.append("{\"line\":" + std::to_string(line) + ",\"affiliate\":" + answer + "}\n"));
    return file_.sync();
  }

 private:
  KeyFile(PrivateFile file, std::uint64_t done) : file_(std::move(file)), done_(done) {}
  static Result<std::uint64_t> last_line_of(const std::string& text, const std::string& path) {
    if (text.empty()) return std::uint64_t{0};
    const auto begin = text.rfind('\n', text.size() - 2) + 1;  // after the line before; npos + 1 is 0
    const auto document =
        json::Document::parse(std::string_view(text).substr(begin, text.size() - 1 - begin));
    const json::Value* line = document ? document->root().find("line") : nullptr;
    const std::string_view digits = line == nullptr ? std::string_view() : line->text;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (!text.ends_with('\n') || number == 0 || error != std::errc() || end != digits.data() + digits.size())
      return Error(Errc::invalid_configuration,
                   path +
                       " is damaged at its end, which says how far an earlier run came; it holds keys that "
                       "are shown once, so keep a copy before you mend its last line");
    return number;
  }

  PrivateFile file_;
  std::uint64_t done_ = 0;
};

/// What was registered.
Result<std::uint64_t> register_all(const std::string& directory, const std::string& path,
                                   Progress& progress) {
  ASSIGN_OR_RETURN(const Control control, read_control(directory));
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return Error(Errc::io_error, "cannot read " + path);
  const auto bytes = static_cast<std::uint64_t>(in.tellg());
  in.seekg(0);
  ASSIGN_OR_RETURN(KeyFile keys, KeyFile::open(path + ".keys"));
  const auto rows = purchases_of_json_lines(in);
  ApiConnection connection;
  std::uint64_t registered = 0;
  while (true) {
    ASSIGN_OR_RETURN(const auto row, rows->next());
    if (!row) return registered;
    if (row->line <= keys.done()) continue;
    ApiCall call;
    call.url = control.base_url + "/api/affiliates";
    call.pin = control.pin;
    call.headers = {"Authorization: Bearer " + control.token, "Content-Type: application/json"};
    call.body = row->json;
    call.timeout_s = 60;
    const auto answer = connection.send(call);
    const std::string at = "line " + std::to_string(row->line) + ": ";
    // Nobody knows a repeat of these: whoever runs it again looks first.
    if (!answer || answer->status == 503)
      return Error(Errc::io_error, at + "no answer; it may be registered: look before you run this again");
    if (!answer->ok()) return Error(Errc::invalid_parameters, at + answer->body);
    RETURN_IF_ERROR(keys.keep(row->line, answer->body));
    ++registered;
    progress.update("bytes", in.good() ? static_cast<std::uint64_t>(in.tellg()) : bytes, bytes);
  }
}

int run_import(const std::string& directory, const std::string& path) {
  const SystemClock clock;
  const auto registered = [&] {
    Progress progress(clock);
    return register_all(directory, path, progress);
  }();
  if (!registered) {
    std::fprintf(stderr, "jangbu: the import stopped: %s\n", to_string(registered.error()).c_str());
    return exit_failed;
  }
  std::printf("{\"registered\":%llu,\"keys\":", static_cast<unsigned long long>(*registered));
  std::string name;
  json::append_string(name, path + ".keys");
  std::printf("%s}\n", name.c_str());
  return 0;
}

}  // namespace

void add_import_affiliates(CLI::App& import, Run& run) {
  struct Options {
    std::string directory = "data";
    std::string file;
  };
  auto options = std::make_shared<Options>();
  CLI::App* affiliates = import.add_subcommand(
      "affiliates", "Affiliates: bodies of POST /api/affiliates as JSON lines; FILE.keys gets their keys");
  affiliates->add_option("file", options->file, "FILE.jsonl")->required();
  affiliates->add_option("--data", options->directory, "The server's data directory")->capture_default_str();
  affiliates->callback(
      [options, &run] { run = [options] { return run_import(options->directory, options->file); }; });
}

}  // namespace jangbu::cli
