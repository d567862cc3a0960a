// jangbu bench: durable purchases a second, end to end, of a server that it starts itself.
#include <cstdio>

#include "cli/bench/child.h"
#include "cli/bench/interrupt.h"
#include "cli/bench/postgres.h"
#include "cli/bench/report.h"
#include "cli/bench/server.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "crypto/digest.h"
#include "crypto/signature.h"

namespace jangbu::cli {
namespace {

constexpr std::int64_t us_per_s = 1'000'000;
constexpr std::int64_t signing_us = us_per_s;
constexpr std::int64_t warm_up_us = us_per_s;
constexpr std::int64_t turn_us = 3 * us_per_s;
constexpr std::int64_t one_by_one_us = 3 * us_per_s;
/// Verify reads everything: a fixed patience, and so much for each purchase.
constexpr std::int64_t verify_patience_ms = 120'000;
constexpr std::uint64_t verify_purchases_per_ms = 1;

struct BenchOptions {
  bench::ServerOptions server;
  int connections = 64;
  int seconds = 10;
  int turns = 0;
  std::uint64_t users = 1;
  std::uint64_t prefill = 0;
  bool restart = false;
  bool one_by_one = false;
  bool json = false;
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

class Bench {
 public:
  explicit Bench(BenchOptions options) : options_(std::move(options)) {}
  Result<bench::Report> run();

 private:
  [[nodiscard]] bench::Load load_on(const bench::Server& server) const;
  Status measure_load();
  Status prefill(bench::Load& load);
  Status take_turns(bench::Load& load);
  Result<bench::Side> measure_side(bench::Server& server, bench::Load& load);
  Result<bench::Side> measure_new_book();
  Status verify();

  BenchOptions options_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<bench::Server> server_;
  bench::Report report_;
};

bench::Load Bench::load_on(const bench::Server& server) const {
  return {clock_, server.port(), options_.connections, server.purchases(options_.users)};
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

Result<bench::Side> Bench::measure_side(bench::Server& server, bench::Load& load) {
  ASSIGN_OR_RETURN(const auto before, server.usage());
  ASSIGN_OR_RETURN(const auto measured, load.run({.duration_us = turn_us}));
  ASSIGN_OR_RETURN(const auto after, server.usage());
  if (measured.failed != 0) return Error(Errc::internal, "a purchase failed: " + measured.first_failure);
  return bench::Side{measured.accepted, measured.accepted_per_s(), after.processor_us - before.processor_us};
}

Result<bench::Side> Bench::measure_new_book() {
  ASSIGN_OR_RETURN(const auto server, bench::Server::make(clock_, options_.server));
  RETURN_IF_ERROR(server->start());
  bench::Load load = load_on(*server);
  RETURN_IF_ERROR(load.run({.duration_us = warm_up_us}));
  return measure_side(*server, load);
}

/// Both sides of a turn see the same minute of a machine that is not steady, and each of them is the first
/// one in every second turn.
Status Bench::take_turns(bench::Load& load) {
  Progress progress(clock_);
  for (int i = 0; i < options_.turns; ++i) {
    bench::Turn turn;
    const auto measure_filled = [&]() -> Status {
      ASSIGN_OR_RETURN(turn.filled, measure_side(*server_, load));
      report_.acknowledged += turn.filled.purchases;
      return {};
    };
    if (i % 2 == 1) RETURN_IF_ERROR(measure_filled());
    ASSIGN_OR_RETURN(turn.new_book, measure_new_book());
    if (i % 2 == 0) RETURN_IF_ERROR(measure_filled());
    report_.turns.push_back(turn);
    progress.update("turns", static_cast<std::uint64_t>(i) + 1, static_cast<std::uint64_t>(options_.turns));
  }
  return {};
}

Status Bench::measure_load() {
  bench::Load load = load_on(*server_);
  if (options_.prefill != 0) RETURN_IF_ERROR(prefill(load));
  ASSIGN_OR_RETURN(const auto warm_up, load.run({.duration_us = warm_up_us}));
  RETURN_IF_ERROR(take_turns(load));

  ASSIGN_OR_RETURN(const auto metrics_before, server_->metrics());
  ASSIGN_OR_RETURN(const auto usage_before, server_->usage());
  ASSIGN_OR_RETURN(report_.load, load.run({.duration_us = options_.seconds * us_per_s}));
  ASSIGN_OR_RETURN(const auto usage_after, server_->usage());
  ASSIGN_OR_RETURN(const auto metrics_after, server_->metrics());
  report_.metrics = metrics_after.since(metrics_before);
  report_.processor_us = usage_after.processor_us - usage_before.processor_us;
  report_.peak_memory_kb = usage_after.peak_memory_kb;
  report_.memory_kb = usage_after.memory_kb;
  report_.acknowledged += warm_up.accepted + report_.load.accepted;
  return {};
}

Status Bench::verify() {
  const std::int64_t start_us = clock_.monotonic_us();
  ASSIGN_OR_RETURN(const auto child, bench::Child::start(clock_, {"verify", server_->place()}));
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
  ASSIGN_OR_RETURN(server_, bench::Server::make(clock_, options_.server));
  report_.database = options_.server.database.empty() ? "sqlite" : "postgresql";
  report_.connections = options_.connections;
  report_.users = options_.users;

  report_.signatures_before_per_s = measure_signatures_per_s(clock_, random_);
  // A new book on SQLite is empty; a database may hold anything.
  std::uint64_t bytes_before = 0;
  if (!options_.server.database.empty()) {
    ASSIGN_OR_RETURN(bytes_before, server_->book_bytes());
  }
  ASSIGN_OR_RETURN(report_.ready_us, server_->start());
  ASSIGN_OR_RETURN(const std::uint64_t sequence_before, server_->last_sequence());
  RETURN_IF_ERROR(measure_load());
  if (options_.restart) {
    server_->kill_now();
    ASSIGN_OR_RETURN(report_.ready_again_us, server_->start());
  }
  ASSIGN_OR_RETURN(const std::uint64_t sequence_after, server_->last_sequence());
  report_.stored = sequence_after - sequence_before;
  RETURN_IF_ERROR(server_->stop());
  report_.signatures_after_per_s = measure_signatures_per_s(clock_, random_);

  ASSIGN_OR_RETURN(const std::uint64_t bytes_after, server_->book_bytes());
  if (report_.stored != 0 && bytes_after > bytes_before)
    report_.bytes_per_purchase = (bytes_after - bytes_before) / report_.stored;
  if (options_.one_by_one) {
    ASSIGN_OR_RETURN(report_.one_by_one_per_s,
                     bench::postgres_one_by_one_per_s(options_.server.database, clock_, one_by_one_us));
  }
  RETURN_IF_ERROR(verify());
  return std::move(report_);
}

int run_bench(const BenchOptions& options) {
  if (options.one_by_one && options.server.database.empty()) {
    std::fputs("jangbu: --one-by-one needs --database\n", stderr);
    return 1;
  }
  if (options.turns != 0 && (options.prefill == 0 || !options.server.database.empty())) {
    std::fputs("jangbu: --turns needs --prefill, and SQLite\n", stderr);
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
  command
      ->add_option("--turns", options->turns,
                   "With --prefill: so many turns of 3 s on a new book and 3 s on this one, before the rest")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->add_option("--lanes", options->server.lanes, "HTTP threads of the server")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_option("--dir", options->server.parent,
                      "Where to make the data directory, which is removed again; default: the system's "
                      "directory for temporary files");
  command->add_option(
      "--database", options->server.database,
      "postgresql:// URL of an empty database, instead of SQLite; what is stored stays in it");
  command->add_flag("--restart", options->restart,
                    "Kill the server at the end and measure how soon it is ready again");
  command->add_flag("--one-by-one", options->one_by_one,
                    "Compare with PostgreSQL's own rate of transactions that insert one row");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &run] { run = [options] { return run_bench(*options); }; });
}

}  // namespace jangbu::cli
