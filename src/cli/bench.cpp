// jangbu bench: durable purchases a second, end to end, of a server that it starts itself.
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/json.h"
#include "cli/bench/child.h"
#include "cli/bench/interrupt.h"
#include "cli/bench/postgres.h"
#include "cli/bench/report.h"
#include "cli/commands.h"
#include "cli/installation.h"
#include "cli/local_api.h"
#include "cli/progress.h"
#include "crypto/digest.h"
#include "crypto/signature.h"

namespace jangbu::cli {
namespace {

using bench::Child;

constexpr std::int64_t us_per_s = 1'000'000;
constexpr std::int64_t signing_us = us_per_s;
constexpr std::int64_t warm_up_us = us_per_s;
constexpr std::int64_t one_by_one_us = 3 * us_per_s;
constexpr std::int64_t ready_patience_ms = 60'000;
constexpr std::int64_t stop_patience_ms = 60'000;
/// Verify reads everything: a fixed patience, and so much for each purchase.
constexpr std::int64_t verify_patience_ms = 120'000;
constexpr std::uint64_t verify_purchases_per_ms = 1;
constexpr std::string_view ready_line = "listening on ";

struct BenchOptions {
  std::string directory;
  std::string database;
  int connections = 64;
  int seconds = 10;
  int lanes = 1;
  std::uint64_t users = 1;
  std::uint64_t prefill = 0;
  bool restart = false;
  bool one_by_one = false;
  bool json = false;
};

/// A new directory, removed with all that is in it.
class TemporaryDirectory {
 public:
  static Result<std::unique_ptr<TemporaryDirectory>> make(const std::string& parent) {
    std::error_code error;
    const auto base =
        parent.empty() ? std::filesystem::temp_directory_path(error) : std::filesystem::path(parent);
    std::string path = (base / "jangbu-bench-XXXXXX").string();
    if (error || ::mkdtemp(path.data()) == nullptr)
      return Error(Errc::io_error, "cannot make a directory in " + base.string());
    return std::unique_ptr<TemporaryDirectory>(new TemporaryDirectory(std::move(path)));
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// Signatures of distinct hashes that one core makes in a second.
std::uint64_t measure_signatures_per_s(const Clock& clock, Random& random) {
  Bytes private_key;
  const auto signer = crypto::Signer::generate(random, private_key);
  Hash hash = crypto::sha256(private_key);
  const std::int64_t start_us = clock.monotonic_us();
  std::int64_t elapsed_us = 0;
  std::uint64_t count = 0;
  for (; elapsed_us < signing_us; elapsed_us = clock.monotonic_us() - start_us, ++count) {
    // Each signature's first half is the next hash, so none can be left out.
    const crypto::Signature signature = signer->sign_personal(hash);
    std::copy_n(signature.bytes.begin(), hash.bytes.size(), hash.bytes.begin());
  }
  return count * us_per_s / static_cast<std::uint64_t>(elapsed_us);
}

/// The texts of DIR/sandbox.json that the load needs.
struct Sandbox {
  std::string base_url;
  std::uint16_t port = 0;
  std::string access_key;
  std::string shop_id;
};

Result<Sandbox> read_sandbox(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::string text, read_file(directory + "/sandbox.json"));
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(text));
  const json::Value* purchase = document.root().find("purchase");
  const auto member = [](const json::Value* object, const char* name) {
    const json::Value* value = object == nullptr ? nullptr : object->find(name);
    return value == nullptr ? std::string() : std::string(value->text);
  };
  Sandbox sandbox;
  sandbox.base_url = member(&document.root(), "base_url");
  sandbox.access_key = member(purchase, "access_key");
  sandbox.shop_id = member(purchase, "shop_id");
  const std::string port = sandbox.base_url.substr(sandbox.base_url.rfind(':') + 1);
  if (std::from_chars(port.data(), port.data() + port.size(), sandbox.port).ec != std::errc{} ||
      sandbox.access_key.empty())
    return Error(Errc::invalid_configuration, directory + "/sandbox.json is damaged");
  return sandbox;
}

class Bench {
 public:
  explicit Bench(BenchOptions options) : options_(std::move(options)) {}
  Result<bench::Report> run();

 private:
  Result<std::int64_t> start_server();
  Status measure_load();
  Status prefill(bench::Load& load);
  Status crash_and_restart();
  Status stop_server();
  Status verify();
  Result<std::string> get(const std::string& path);
  Result<bench::ServerMetrics> metrics();
  Result<std::uint64_t> last_sequence();
  [[nodiscard]] std::string place() const {
    return options_.database.empty() ? directory_->path() : options_.database;
  }
  /// While no server runs on it.
  [[nodiscard]] Result<std::uint64_t> book_bytes() const;

  BenchOptions options_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<TemporaryDirectory> directory_;
  std::unique_ptr<Child> server_;
  Sandbox sandbox_;
  bench::Report report_;
};

/// How long it took to be ready.
Result<std::int64_t> Bench::start_server() {
  std::vector<std::string> arguments = {"serve",    "--sandbox",   "--data",  directory_->path(),
                                        "--listen", "127.0.0.1:0", "--lanes", std::to_string(options_.lanes)};
  if (!options_.database.empty()) arguments.insert(arguments.end(), {"--database", options_.database});
  const std::int64_t start_us = clock_.monotonic_us();
  ASSIGN_OR_RETURN(server_, Child::start(clock_, arguments));
  RETURN_IF_ERROR(server_->await_line(ready_line, ready_patience_ms));
  const std::int64_t ready_us = clock_.monotonic_us() - start_us;
  ASSIGN_OR_RETURN(sandbox_, read_sandbox(directory_->path()));
  return ready_us;
}

Result<std::string> Bench::get(const std::string& path) {
  ASSIGN_OR_RETURN(ApiAnswer answer, call_api({sandbox_.base_url, sandbox_.access_key, ""}, "GET", path, ""));
  if (answer.status != 200) return Error(Errc::io_error, path + " answers " + std::to_string(answer.status));
  return std::move(answer.body);
}

Result<bench::ServerMetrics> Bench::metrics() {
  ASSIGN_OR_RETURN(const std::string text, get("/metrics"));
  const auto parsed = bench::parse_metrics(text);
  if (!parsed) return Error(Errc::invalid_encoding, "/metrics lacks a series");
  return *parsed;
}

Result<std::uint64_t> Bench::last_sequence() {
  ASSIGN_OR_RETURN(const std::string text, get("/v1/tx/sequence"));
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(text));
  const json::Value* data = document.root().find("data");
  const json::Value* sequence = data == nullptr ? nullptr : data->find("sequence");
  if (sequence == nullptr) return Error(Errc::invalid_encoding, "/v1/tx/sequence has no sequence");
  return std::strtoull(std::string(sequence->text).c_str(), nullptr, 10);
}

Result<std::uint64_t> Bench::book_bytes() const {
  ASSIGN_OR_RETURN(const auto database, open_database(place(), Access::read_only));
  if (database->engine() != store::Engine::sqlite) return database->size_bytes();
  // The log beside the database's file holds pages that will take the place of others: they count once.
  std::uint64_t bytes = 0;
  ASSIGN_OR_RETURN(const auto session, database->open_reader());
  RETURN_IF_ERROR(
      session->query_text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", {},
                          [&](const store::Row& row) {
                            bytes = row.number(0);
                            return false;
                          }));
  return bytes;
}

Status Bench::prefill(bench::Load& load) {
  Progress progress(clock_);
  ASSIGN_OR_RETURN(const auto filled, load.run({.purchases = options_.prefill}, [&](std::uint64_t accepted) {
    progress.update("purchases", accepted, options_.prefill);
  }));
  report_.prefilled = filled.accepted;
  report_.acknowledged += filled.accepted;
  if (filled.failed != 0) return Error(Errc::internal, "a purchase failed: " + filled.first_failure);
  return {};
}

Status Bench::measure_load() {
  bench::PurchaseOptions purchases;
  purchases.host = sandbox_.base_url.substr(sandbox_.base_url.find("//") + 2);
  purchases.access_key = sandbox_.access_key;
  purchases.shop_id = sandbox_.shop_id;
  purchases.users = options_.users;
  purchases.unix_seconds = clock_.wall_now().unix_seconds();
  bench::Load load(clock_, sandbox_.port, options_.connections, purchases);
  if (options_.prefill != 0) RETURN_IF_ERROR(prefill(load));
  ASSIGN_OR_RETURN(const auto warm_up, load.run({.duration_us = warm_up_us}));

  ASSIGN_OR_RETURN(const auto metrics_before, metrics());
  ASSIGN_OR_RETURN(const auto usage_before, server_->usage());
  ASSIGN_OR_RETURN(report_.load, load.run({.duration_us = options_.seconds * us_per_s}));
  ASSIGN_OR_RETURN(const auto usage_after, server_->usage());
  ASSIGN_OR_RETURN(const auto metrics_after, metrics());
  report_.metrics = metrics_after.since(metrics_before);
  report_.processor_us = usage_after.processor_us - usage_before.processor_us;
  report_.peak_memory_kb = usage_after.peak_memory_kb;
  report_.memory_kb = usage_after.memory_kb;
  report_.acknowledged += warm_up.accepted + report_.load.accepted;
  return {};
}

Status Bench::crash_and_restart() {
  server_->kill_now();
  ASSIGN_OR_RETURN(report_.ready_again_us, start_server());
  return {};
}

Status Bench::stop_server() {
  server_->send_signal(SIGTERM);
  RETURN_IF_ERROR(server_->await_success(stop_patience_ms));
  server_.reset();
  return {};
}

Status Bench::verify() {
  const std::int64_t start_us = clock_.monotonic_us();
  ASSIGN_OR_RETURN(const auto child, Child::start(clock_, {"verify", place()}));
  const auto patience_ms =
      verify_patience_ms + static_cast<std::int64_t>(report_.stored / verify_purchases_per_ms);
  const auto said = child->await_success(patience_ms);
  report_.verify_us = clock_.monotonic_us() - start_us;
  report_.verify_clean = said.ok();
  report_.verified = said.ok() ? *said : said.error().detail;
  while (report_.verified.ends_with('\n')) report_.verified.pop_back();
  return {};
}

Result<bench::Report> Bench::run() {
  ASSIGN_OR_RETURN(directory_, TemporaryDirectory::make(options_.directory));
  report_.database = options_.database.empty() ? "sqlite" : "postgresql";
  report_.connections = options_.connections;
  report_.users = options_.users;

  report_.signatures_before_per_s = measure_signatures_per_s(clock_, random_);
  // A new book on SQLite is empty; a database may hold anything.
  std::uint64_t bytes_before = 0;
  if (!options_.database.empty()) {
    ASSIGN_OR_RETURN(bytes_before, book_bytes());
  }
  ASSIGN_OR_RETURN(report_.ready_us, start_server());
  ASSIGN_OR_RETURN(const std::uint64_t sequence_before, last_sequence());
  RETURN_IF_ERROR(measure_load());
  if (options_.restart) RETURN_IF_ERROR(crash_and_restart());
  ASSIGN_OR_RETURN(const std::uint64_t sequence_after, last_sequence());
  report_.stored = sequence_after - sequence_before;
  RETURN_IF_ERROR(stop_server());
  report_.signatures_after_per_s = measure_signatures_per_s(clock_, random_);

  ASSIGN_OR_RETURN(const std::uint64_t bytes_after, book_bytes());
  if (report_.stored != 0 && bytes_after > bytes_before)
    report_.bytes_per_purchase = (bytes_after - bytes_before) / report_.stored;
  if (options_.one_by_one) {
    ASSIGN_OR_RETURN(report_.one_by_one_per_s,
                     bench::postgres_one_by_one_per_s(options_.database, clock_, one_by_one_us));
  }
  RETURN_IF_ERROR(verify());
  return std::move(report_);
}

int run_bench(const BenchOptions& options) {
  if (options.one_by_one && options.database.empty()) {
    std::fputs("jangbu: --one-by-one needs --database\n", stderr);
    return 1;
  }
  bench::hold_interrupts();
  const auto report = Bench(options).run();
  if (!report) {
    std::fprintf(stderr, "jangbu: %s\n", to_string(report.error()).c_str());
    return 1;
  }
  std::fputs((options.json ? bench::to_json(*report) : bench::to_text(*report)).c_str(), stdout);
  return report->good() ? 0 : 1;
}

}  // namespace

void add_bench(CLI::App& app, Run& run) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command = app.add_subcommand(
      "bench", "Measure durable purchases a second, on a server of its own with a book of its own");
  command->add_option("--connections", options->connections, "Clients, each with one purchase at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--seconds", options->seconds, "How long to measure, after a second of warming up")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command->add_option("--users", options->users, "Accounts that get the points, drawn at random")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
      ->capture_default_str();
  command->add_option("--prefill", options->prefill, "Purchases to store before")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{90'000'000}))
      ->capture_default_str();
  command->add_option("--lanes", options->lanes, "HTTP threads of the server")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_option("--dir", options->directory,
                      "Where to make the data directory, which is removed again; default: the system's "
                      "directory for temporary files");
  command->add_option(
      "--database", options->database,
      "postgresql:// URL of an empty database, instead of SQLite; what is stored stays in it");
  command->add_flag("--restart", options->restart,
                    "Kill the server at the end and measure how soon it is ready again");
  command->add_flag("--one-by-one", options->one_by_one,
                    "Compare with PostgreSQL's own rate of transactions that insert one row");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &run] { run = [options] { return run_bench(*options); }; });
}

}  // namespace jangbu::cli
