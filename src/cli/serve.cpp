#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include "cli/commands.h"
#include "cli/installation.h"
#include "cli/local_api.h"
#include "cli/setup.h"
#include "console/sessions.h"
#include "console/system_routes.h"
#include "crypto/digest.h"
#include "http/answer_batch.h"
#include "http/forwarder.h"
#include "http/metrics.h"
#include "http/server.h"
#include "purchase/admin.h"
#include "purchase/door.h"

namespace jangbu::cli {
namespace {

/// What is in flight when the server is told to stop has this long.
constexpr std::int64_t drain_patience_ms = 10'000;

struct ServeOptions {
  std::string directory = "data";
  std::string listen = "127.0.0.1:8080";
  std::string database;
  std::string clock;
  std::string advertise;
  bool sandbox = false;
  int lanes = 1;
  int readers = 2;
  int seal_helpers = std::max(0, static_cast<int>(std::thread::hardware_concurrency()) - 1);
};

/// As many connections as the limit on open files allows, up to a bound; the limit is raised as far as it may
/// be.
int connection_limit() {
  constexpr rlim_t wanted = 16'384;
  constexpr rlim_t other_files = 256;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 512;
  files.rlim_cur = std::min(files.rlim_max, wanted + other_files);
  setrlimit(RLIMIT_NOFILE, &files);
  getrlimit(RLIMIT_NOFILE, &files);
  return static_cast<int>(files.rlim_cur > 2 * other_files ? files.rlim_cur - other_files
                                                           : files.rlim_cur / 2);
}

Result<http::ServerOptions> parse_listen(const ServeOptions& options) {
  const auto colon = options.listen.rfind(':');
  http::ServerOptions server;
  server.lanes = options.lanes;
  server.max_connections = connection_limit();
  if (colon == std::string::npos) return Error(Errc::invalid_configuration, "--listen takes ADDRESS:PORT");
  server.address = options.listen.substr(0, colon);
  if (server.address.starts_with('[') && server.address.ends_with(']'))
    server.address = server.address.substr(1, server.address.size() - 2);
  const std::string port = options.listen.substr(colon + 1);
  char* end = nullptr;
  const unsigned long number = std::strtoul(port.c_str(), &end, 10);
  if (port.empty() || *end != '\0' || number > 65535)
    return Error(Errc::invalid_configuration, "--listen takes ADDRESS:PORT");
  server.port = static_cast<std::uint16_t>(number);
  return server;
}

/// The server with everything that it is made of, in the order in which it may be taken apart.
class Program {
 public:
  explicit Program(ServeOptions options) : options_(std::move(options)) {}
  Status start();
  /// Answers what is in flight, then stops. Returns true when nothing was cut off.
  bool stop();

 private:
  Status open_book();
  Status prepare_book();
  http::Router make_router();
  bool may_operate(const http::Request& request) const;
  void await_writer() const;
  void announce() const;

  ServeOptions options_;
  SystemClock clock_;
  SystemRandom random_;
  std::optional<crypto::MasterKey> master_;
  std::optional<purchase::Signers> signers_;
  purchase::ConfigBoard board_;
  purchase::PhoneBook phones_;
  http::Metrics metrics_;
  Hash node_key_;      // shared by the nodes of the installation
  std::string token_;  // of the operator on this machine, see local_api.h
  std::unique_ptr<store::Database> database_;
  purchase::State* state_ = nullptr;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<purchase::Door> door_;
  std::unique_ptr<purchase::Admin> admin_;
  std::unique_ptr<console::Sessions> sessions_;
  std::optional<http::Router> dialects_;  // for answers that no handler gives
  std::unique_ptr<http::Forwarder> forwarder_;
  std::unique_ptr<http::Server> server_;
  std::string base_url_;
  std::optional<SandboxCredentials> sandbox_;
  std::atomic<bool> ready_{false};
};

Status Program::open_book() {
  std::error_code error;
  if (std::filesystem::create_directories(options_.directory, error))
    std::filesystem::permissions(options_.directory, std::filesystem::perms::owner_all, error);
  if (error) return Error(Errc::io_error, "cannot make " + options_.directory + ": " + error.message());
  ASSIGN_OR_RETURN(auto master, load_master_key(options_.directory, options_.sandbox, random_));
  master_.emplace(std::move(master));
  signers_.emplace(*master_, random_);
  const std::string place = options_.database.empty() ? options_.directory : options_.database;
  ASSIGN_OR_RETURN(database_, open_database(place, Access::read_write));

  engine::EngineOptions engine_options;
  engine_options.reader_threads = options_.readers;
  engine_options.seal_helpers = options_.seal_helpers;
  engine_options.writer.answer_together = [](const std::function<void()>& answer_all) {
    const http::AnswerBatch together;
    answer_all();
  };
  if (!options_.clock.empty()) {
    ASSIGN_OR_RETURN(engine_options.writer.start_at, parse_rfc3339(options_.clock));
  }
  Books books = make_books(&board_, &*signers_);
  state_ = books.purchase;
  const auto stage = [&](const char* name) -> http::Histogram& {
    return metrics_.histogram("jangbu_batch_stage_seconds", "Time of a batch in each of its stages.",
                              {{"stage", name}});
  };
  ASSIGN_OR_RETURN(
      engine_, engine::Engine::start(
                   *database_, std::move(books.projections), clock_, random_, engine_options,
                   [&decide = stage("decide"), &seal = stage("seal"), &flush = stage("flush"),
                    &commit = stage("commit"), &answer = stage("answer")](const engine::BatchTimes& times) {
                     decide.observe_us(times.decide_us);
                     seal.observe_us(times.seal_us);
                     flush.observe_us(times.flush_us);
                     commit.observe_us(times.commit_us);
                     answer.observe_us(times.answer_us);
                   }));
  return {};
}

/// What a book needs before it is served: in the sandbox its credentials, elsewhere a key that signs blocks.
Status Program::prepare_book() {
  node_key_ = master_->derive("nodes");
  if (options_.sandbox) {
    ASSIGN_OR_RETURN(sandbox_, prepare_sandbox(*engine_, *state_, *signers_, board_, random_));
    // The sandbox's master key is known to everybody; its password is not.
    node_key_ = crypto::hmac_sha256(sandbox_->operator_password, "nodes");
  } else if (engine_->is_writer()) {
    RETURN_IF_ERROR(ensure_block_signer(*engine_, *state_, *signers_, board_));
  }
  token_ = to_hex(crypto::hmac_sha256(node_key_.view(), "operator").view());
  return {};
}

bool Program::may_operate(const http::Request& request) const {
  const auto token = console::bearer_token(request);
  return crypto::equal_constant_time(token, token_) || sessions_->is_open(token);
}

http::Router Program::make_router() {
  http::Router router;
  console::add_system_routes(router,
                             {*engine_, metrics_, [this] { return ready_.load(); }, options_.sandbox});
  console::add_engine_metrics(metrics_, *engine_);
  sessions_ = std::make_unique<console::Sessions>(*engine_, clock_, random_, node_key_);
  sessions_->add_routes(router);
  if (sandbox_)
    sessions_->set_operator(std::string(sandbox_operator),
                            crypto::hash_password(sandbox_->operator_password));
  door_ = std::make_unique<purchase::Door>(*engine_, *state_, board_, phones_);
  door_->add_routes(router);
  admin_ = std::make_unique<purchase::Admin>(
      *engine_, *state_, *signers_, phones_, random_,
      [this](const http::Request& request) { return may_operate(request); });
  admin_->add_routes(router);
  // A node that does not write passes changes on to the one that does.
  router.wrap_writes([this](http::Handler handler) -> http::Handler {
    return [this, handler = std::move(handler)](http::Responder responder) {
      if (engine_->is_writer()) return handler(std::move(responder));
      const std::string writer = engine_->writer_url();
      if (writer.empty()) {
        const std::string path(responder.request().path());
        return responder.respond(dialects_->render_error(path, 503, "there is no writer at the moment"));
      }
      forwarder_->forward(std::move(responder), writer);
    };
  });
  dialects_.emplace(router);
  return router;
}

/// A node that joins others knows its writer before it says that it is ready.
void Program::await_writer() const {
  for (int i = 0; i < 100 && !engine_->is_writer() && engine_->writer_url().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

Status Program::start() {
  ASSIGN_OR_RETURN(auto server_options, parse_listen(options_));
  RETURN_IF_ERROR(open_book());
  RETURN_IF_ERROR(prepare_book());
  http::Router router = make_router();
  ASSIGN_OR_RETURN(forwarder_, http::Forwarder::start(router));
  ASSIGN_OR_RETURN(server_, http::Server::start(server_options, std::move(router)));
  const bool is_v6 = server_options.address.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + server_options.address + "]" : server_options.address;
  base_url_ = "http://" + host + ":" + std::to_string(server_->port());
  engine_->advertise(options_.advertise.empty() ? base_url_ : options_.advertise);
  if (sandbox_) RETURN_IF_ERROR(write_sandbox_file(options_.directory, base_url_, *sandbox_));
  RETURN_IF_ERROR(write_control(options_.directory, {base_url_, token_}));
  await_writer();
  ready_ = true;
  announce();
  return {};
}

void Program::announce() const {
  if (sandbox_) {
    std::printf("sandbox: credentials are in %s/sandbox.json\n", options_.directory.c_str());
    std::printf("  access key  %s\n  shop        %s\n  signer      %s\n", sandbox_->access_key.c_str(),
                sandbox_->shop_id.c_str(), sandbox_->signer.c_str());
  }
  std::printf("listening on %s\n", base_url_.c_str());
  std::fflush(stdout);
}

bool Program::stop() {
  ready_ = false;
  const bool engine_clean = server_->drain_and_stop(drain_patience_ms);
  forwarder_.reset();
  const bool clean = engine_->drain(drain_patience_ms) && engine_clean;
  remove_control(options_.directory);
  engine_.reset();
  return clean;
}

int serve(const ServeOptions& options) {
  // Every thread inherits the mask: the signals are taken by sigwait below alone.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  Program program(options);
  if (const Status started = program.start(); !started) {
    std::fprintf(stderr, "jangbu: %s\n", to_string(started.error()).c_str());
    return 1;
  }
  int signal_number = 0;
  sigwait(&signals, &signal_number);
  spdlog::info("stopping");
  if (!program.stop()) spdlog::warn("some requests were cut off");
  return 0;
}

}  // namespace

void add_serve(CLI::App& app, Run& run) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* serve_command = app.add_subcommand("serve", "Serve the doors over HTTP");
  serve_command->add_option("--data", options->directory, "The data directory")->capture_default_str();
  serve_command->add_option("--listen", options->listen, "ADDRESS:PORT; port 0 picks a free one")
      ->capture_default_str();
  serve_command->add_option("--database", options->database,
                            "postgresql:// URL instead of SQLite in the data directory");
  serve_command->add_option("--advertise", options->advertise,
                            "Base URL at which other nodes reach this one");
  serve_command->add_flag("--sandbox", options->sandbox,
                          "Ready-made credentials, open registration, a clock that can be moved");
  serve_command->add_option("--clock", options->clock,
                            "Business time at which a new sandbox starts (RFC 3339)");
  serve_command->add_option("--lanes", options->lanes, "HTTP threads")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  serve_command->add_option("--readers", options->readers, "Reader threads")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  serve_command->callback([options, &run] {
    run = [options] {
      if (!options->clock.empty() && !options->sandbox) {
        std::fputs("jangbu: --clock needs --sandbox\n", stderr);
        return 1;
      }
      return serve(*options);
    };
  });
}

}  // namespace jangbu::cli
