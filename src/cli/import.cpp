// `jangbu import`: what another system recorded goes through the running server's own routes, so that it is
// checked, signed and chained as everything else is. A repeat changes nothing: the doors know what they have.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/import/affiliates.h"
#include "cli/import/purchase_rows.h"
#include "cli/installation.h"
#include "cli/local_api.h"
#include "cli/private_file.h"
#include "cli/progress.h"

namespace jangbu::cli {
namespace {

/// Purchases between two notes of how far it came.
constexpr std::size_t window_rows = 512;
/// A server that is busy or restarts is asked again after 0.1, 0.2, 0.4 ... s, at most 3.2.
constexpr int max_attempts = 10;

struct ImportOptions {
  std::string directory = "data";
  std::string file;
  std::string format;  // empty: by the file's name
  std::string key;
  int jobs = 8;
  bool restart = false;
};

/// What the door said of a body: nothing when it was taken.
struct Refusal {
  std::uint64_t line = 0;
  std::string body;
  std::string answer;
};

/// How far an earlier run came: the lines up to there were taken or refused.
class Checkpoint {
 public:
  explicit Checkpoint(const std::string& file) : path_(file + ".imported") {}
  Result<std::uint64_t> read() const {
    const auto text = read_file(path_);
    if (!text) return std::uint64_t{0};  // the first run
    char* end = nullptr;
    const unsigned long long line = std::strtoull(text->c_str(), &end, 10);
    if (end == text->c_str() || *end != '\n')
      return Error(Errc::invalid_configuration, path_ + " is damaged; remove it to begin anew");
    return std::uint64_t{line};
  }
  Status write(std::uint64_t line) const { return write_file_atomically(path_, std::to_string(line) + "\n"); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

bool is_taken(const ApiAnswer& answer) {
  if (!answer.ok()) return false;
  const auto document = json::Document::parse(answer.body);
  const json::Value* code = document ? document->root().find("code") : nullptr;
  return code != nullptr && code->text == "0";
}

/// Posts a body until the server has an opinion. Error: io_error when it has none for too long.
Result<ApiAnswer> post(ApiConnection& connection, const ApiCall& call) {
  for (int tries = 1;; ++tries) {
    auto answer = connection.send(call);
    const bool may_pass = !answer || answer->status == 503 || answer->status == 429;
    if (!may_pass) return answer;
    if (tries == max_attempts)
      return answer ? Error(Errc::io_error, call.url + ": " + answer->body) : answer.error();
    std::this_thread::sleep_for(std::chrono::milliseconds(100 << std::min(tries - 1, 5)));
  }
}

/// Sends a window of purchases over several connections. The refused ones, in order of their lines.
Result<std::vector<Refusal>> send_window(const std::vector<PurchaseBody>& window,
                                         const ImportOptions& options, const Control& control,
                                         std::vector<std::unique_ptr<ApiConnection>>& connections) {
  std::vector<Result<ApiAnswer>> answers(window.size(), Result<ApiAnswer>(Errc::internal));
  std::atomic<std::size_t> next{0};
  const auto work = [&](ApiConnection& connection) {
    for (std::size_t i = next++; i < window.size(); i = next++) {
      ApiCall call;
      call.url = control.base_url + "/v1/tx/purchase/new";
      call.pin = control.pin;
      call.headers = {"Authorization: " + options.key, "Content-Type: application/json"};
      call.body = window[i].json;
      call.timeout_s = 60;
      answers[i] = post(connection, call);
      if (!answers[i]) next = window.size();  // nobody answers the others either
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < connections.size(); ++i)
    threads.emplace_back([&work, &connection = *connections[i]] { work(connection); });
  work(*connections.front());
  for (std::thread& thread : threads) thread.join();
  std::vector<Refusal> refused;
  for (std::size_t i = 0; i < window.size(); ++i) {
    if (!answers[i]) return answers[i].error();
    if (!is_taken(*answers[i])) refused.push_back({window[i].line, window[i].json, answers[i]->body});
  }
  return refused;
}

/// Appends {"line":...,"answer":...,"body":...} for each.
Status note_refused(const std::string& path, const std::vector<Refusal>& refused) {
  if (refused.empty()) return {};
  std::string text;
  for (const Refusal& each : refused) {
    json::Writer out(text);
    out.begin_object().key("line").unsigned_number(each.line).key("answer").string(each.answer);
    out.key("body").string(each.body).end_object();
    text += '\n';
  }
  // Bodies have buyers' phones in them.
  ASSIGN_OR_RETURN(PrivateFile file, PrivateFile::open(path));
  return file.append(text);
}

struct Imported {
  std::uint64_t taken = 0;
  std::uint64_t refused = 0;
  std::uint64_t passed_over = 0;  // an earlier run had them
};

std::unique_ptr<PurchaseRows> rows_of(const ImportOptions& options, std::istream& in) {
  const bool is_csv = options.format.empty() ? options.file.ends_with(".csv") : options.format == "csv";
  return is_csv ? purchases_of_csv(in) : purchases_of_json_lines(in);
}

Result<Imported> import_purchases(const ImportOptions& options, Progress& progress) {
  ASSIGN_OR_RETURN(const Control control, read_control(options.directory));
  std::ifstream in(options.file, std::ios::binary | std::ios::ate);
  if (!in) return Error(Errc::io_error, "cannot read " + options.file);
  const auto bytes = static_cast<std::uint64_t>(in.tellg());
  in.seekg(0);
  const Checkpoint checkpoint(options.file);
  std::uint64_t done_line = 0;
  if (!options.restart) {
    ASSIGN_OR_RETURN(done_line, checkpoint.read());
  }
  const auto rows = rows_of(options, in);
  std::vector<std::unique_ptr<ApiConnection>> connections;
  for (int i = 0; i < options.jobs; ++i) connections.push_back(std::make_unique<ApiConnection>());
  Imported imported;
  std::vector<PurchaseBody> window;
  bool more = true;
  while (more) {
    window.clear();
    while (more && window.size() < window_rows) {
      ASSIGN_OR_RETURN(auto body, rows->next());
      more = body.has_value();
      if (more && body->line <= done_line) ++imported.passed_over;
      if (more && body->line > done_line) window.push_back(std::move(*body));
    }
    if (window.empty()) break;
    ASSIGN_OR_RETURN(const auto refused, send_window(window, options, control, connections));
    RETURN_IF_ERROR(note_refused(options.file + ".refused", refused));
    RETURN_IF_ERROR(checkpoint.write(window.back().line));
    imported.refused += refused.size();
    imported.taken += window.size() - refused.size();
    progress.update("bytes", in.good() ? static_cast<std::uint64_t>(in.tellg()) : bytes, bytes);
  }
  return imported;
}

int run_import(ImportOptions options) {
  if (options.key.empty()) {
    const char* key = std::getenv("JANGBU_ACCESS_KEY");  // NOLINT(concurrency-mt-unsafe): no thread yet
    options.key = key == nullptr ? "" : key;
  }
  if (options.key.empty()) {
    std::fputs("jangbu: an access key is needed, in JANGBU_ACCESS_KEY (see `jangbu key create`)\n", stderr);
    return exit_usage;
  }
  const SystemClock clock;
  const auto imported = [&] {
    Progress progress(clock);
    return import_purchases(options, progress);
  }();
  if (!imported) {
    std::fprintf(stderr, "jangbu: the import stopped: %s\nRun it again to go on from where it came to.\n",
                 to_string(imported.error()).c_str());
    return exit_failed;
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("taken").unsigned_number(imported->taken);
  out.key("refused").unsigned_number(imported->refused);
  out.key("passed_over").unsigned_number(imported->passed_over).end_object();
  std::printf("%s\n", text.c_str());
  if (imported->refused == 0) return 0;
  std::fprintf(stderr, "jangbu: %s.refused says which, and why\n", options.file.c_str());
  return exit_failed;
}

}  // namespace

void add_import(CLI::App& app, Run& run) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command =
      app.add_subcommand("import", "Bring what another system recorded into the running server's book");
  command->require_subcommand(1);
  add_import_affiliates(*command, run);
  CLI::App* purchases = command->add_subcommand(
      "purchases", "Purchases: the purchase door's bodies as JSON lines, or as CSV with their fields");
  purchases->add_option("file", options->file, "FILE.jsonl or FILE.csv")->required();
  purchases->add_option("--data", options->directory, "The server's data directory")->capture_default_str();
  purchases->add_option("--format", options->format, "jsonl or csv; by the file's name unless said")
      ->check(CLI::IsMember({"jsonl", "csv"}));
  purchases->add_option("--jobs", options->jobs, "Requests at once; 1 keeps the order of the file")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  purchases->add_flag("--restart", options->restart,
                      "From the first line, although FILE.imported says that an earlier run came further");
  purchases->callback([options, &run] { run = [options] { return run_import(*options); }; });
}

}  // namespace jangbu::cli
