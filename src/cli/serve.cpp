#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include "affiliate/admin.h"
#include "affiliate/click_door.h"
#include "affiliate/intake.h"
#include "affiliate/payout_admin.h"
#include "affiliate/postback.h"
#include "affiliate/reconcile.h"
#include "affiliate/site_routes.h"
#include "cli/commands.h"
#include "cli/config.h"
#include "cli/explainers.h"
#include "cli/installation.h"
#include "cli/local_api.h"
#include "cli/log.h"
#include "cli/notify.h"
#include "cli/setup.h"
#include "console/account_routes.h"
#include "console/desk_routes.h"
#include "console/ledger_routes.h"
#include "console/system_routes.h"
#include "crypto/digest.h"
#include "crypto/passwords.h"
#include "delivery/post_office.h"
#include "http/answer_batch.h"
#include "http/forwarder.h"
#include "http/metrics.h"
#include "http/server.h"
#include "hub/admin.h"
#include "hub/door.h"
#include "hub/lists.h"
#include "hub/messages.h"
#include "hub/portal.h"
#include "invoice/admin.h"
#include "invoice/door.h"
#include "invoice/lists.h"
#include "invoice/messages.h"
#include "invoice/pdf_canvas.h"
#include "payment/checkout_routes.h"
#include "payment/sandbox.h"
#include "payment/toss.h"
#include "purchase/admin.h"
#include "purchase/door.h"
#include "purchase/lists.h"
#include "web/pages.h"
#include "web/sdk.h"

namespace jangbu::cli {
namespace {

/// What is in flight when the server is told to stop has this long.
constexpr std::int64_t drain_patience_ms = 10'000;
/// Entries of the key index that wait to be written together (on SQLite). The more there are, the more of
/// them share a page of a large index, and the more records a start after a crash reads again: twice as many
/// at most.
constexpr std::size_t waiting_keys = 131'072;
/// What is on its way to receivers then has this long; what is cut off is sent again after the next start.
constexpr std::int64_t delivery_patience_ms = 2'000;
/// How long an onboarding waits for its mail before it is answered.
constexpr Duration mail_patience = Duration::seconds(3);
/// The same for a test of a reward receiver, which has ten seconds itself.
constexpr Duration reward_patience = Duration::seconds(12);

struct ServeOptions {
  std::string config;
  std::string log_format = "text";
  std::string log_level = "info";
  std::string directory = "data";
  std::string listen = "127.0.0.1:8080";
  std::string database;
  std::string clock;
  std::string advertise;
  std::string public_url;
  std::string toss_client_key;
  std::string smtp;
  std::string mail_from;
  std::string message_url;
  bool sandbox = false;
  std::vector<std::string> trusted_proxies;
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
  for (const std::string& proxy : options.trusted_proxies) RETURN_IF_ERROR(server.trusted_proxies.add(proxy));
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
  Status open_post_office();
  void open_hub();
  void open_invoice();
  void open_clicks();
  Status open_reconciler();
  void open_affiliate();
  void open_ledger();
  void open_console(http::Router& router);
  http::Router make_router();
  Status open_cashier();
  void await_writer() const;
  void announce() const;

  ServeOptions options_;
  SystemClock clock_;
  SystemRandom random_;
  std::optional<crypto::MasterKey> master_;
  std::optional<purchase::Signers> signers_;
  purchase::ConfigBoard board_;
  std::optional<hub::AppSecrets> app_secrets_;
  hub::AppBoard apps_;
  std::optional<invoice::WebhookKeys> invoice_keys_;
  invoice::AppBoard invoice_apps_;
  affiliate::ConfigBoard affiliate_board_;
  purchase::PhoneBook phones_;
  http::Metrics metrics_;
  Hash node_key_;      // shared by the nodes of the installation
  std::string token_;  // of the operator on this machine, see local_api.h
  std::unique_ptr<store::Database> database_;
  delivery::State* delivery_state_ = nullptr;
  hub::State* hub_state_ = nullptr;
  invoice::State* invoice_state_ = nullptr;
  invoice::SubscriptionBook* subscriptions_ = nullptr;
  affiliate::ClickBook* click_book_ = nullptr;
  affiliate::State* affiliate_state_ = nullptr;
  affiliate::SettlementBook* settlement_ = nullptr;
  purchase::State* state_ = nullptr;
  console::State* console_state_ = nullptr;
  payment::State* payments_ = nullptr;
  std::unique_ptr<http::Links> links_;
  std::optional<payment::BillingKeys> billing_keys_;
  std::unique_ptr<payment::Cashier> cashier_;       // after the engine, which calls it back
  std::unique_ptr<affiliate::ClickBuffer> clicks_;  // the same
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<payment::CheckoutRoutes> checkout_routes_;
  std::unique_ptr<delivery::PostOffice> post_office_;
  std::unique_ptr<hub::Door> hub_door_;
  std::unique_ptr<hub::Admin> hub_admin_;
  std::unique_ptr<hub::Portal> portal_;
  std::unique_ptr<invoice::Door> invoice_door_;
  std::unique_ptr<invoice::Admin> invoice_admin_;
  std::unique_ptr<affiliate::ClickDoor> click_door_;
  std::unique_ptr<affiliate::Intake> intake_;
  std::unique_ptr<affiliate::Admin> affiliate_admin_;
  std::unique_ptr<affiliate::SiteRoutes> site_routes_;
  std::unique_ptr<affiliate::PayoutAdmin> payout_admin_;
  std::unique_ptr<affiliate::Reconciler> reconciler_;
  std::unique_ptr<console::LedgerRoutes> ledger_;
  std::unique_ptr<purchase::Door> door_;
  std::unique_ptr<purchase::Admin> admin_;
  std::optional<crypto::Passwords> passwords_;
  std::unique_ptr<console::Sessions> sessions_;
  std::unique_ptr<console::Access> access_;
  std::unique_ptr<console::DeskRoutes> desk_;
  std::unique_ptr<console::AccountRoutes> operators_;
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
  engine_options.writer.deferred_keys = waiting_keys;
  engine_options.writer.answer_together = [](const std::function<void()>& answer_all) {
    const http::AnswerBatch together;
    answer_all();
  };
  if (!options_.clock.empty()) {
    ASSIGN_OR_RETURN(engine_options.writer.start_at, parse_rfc3339(options_.clock));
  }
  app_secrets_.emplace(*master_, random_);
  invoice_keys_.emplace(*master_, random_);
  BookParts parts;
  parts.board = &board_;
  parts.signers = &*signers_;
  parts.apps = &apps_;
  parts.app_secrets = &*app_secrets_;
  parts.invoice_apps = &invoice_apps_;
  parts.invoice_keys = &*invoice_keys_;
  parts.surroundings.mail = options_.sandbox || !options_.smtp.empty();
  if (options_.sandbox) parts.surroundings.reach = delivery::Reach::loopback_too;
  parts.invoice_surroundings.mail = parts.surroundings.mail;
  parts.invoice_surroundings.messages = options_.sandbox || !options_.message_url.empty();
  parts.invoice_surroundings.reach = parts.surroundings.reach;
  parts.affiliate_board = &affiliate_board_;
  parts.affiliate_surroundings.reach = parts.surroundings.reach;
  parts.invoice_surroundings.sandbox = options_.sandbox;
  Books books = make_books(parts);
  hub_state_ = books.hub;
  invoice_state_ = books.invoice;
  subscriptions_ = books.subscriptions;
  delivery_state_ = books.delivery;
  click_book_ = books.clicks;
  affiliate_state_ = books.affiliate;
  settlement_ = books.settlement;
  state_ = books.purchase;
  payments_ = books.payment;
  console_state_ = books.console;
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
    ASSIGN_OR_RETURN(sandbox_,
                     prepare_sandbox({*engine_, *state_, *signers_, board_, *hub_state_, *app_secrets_, apps_,
                                      *invoice_state_, *invoice_keys_, invoice_apps_, *affiliate_state_,
                                      affiliate_board_, *console_state_, random_}));
    // The sandbox's master key is known to everybody; its password is not.
    node_key_ = crypto::hmac_sha256(sandbox_->operator_password, "nodes");
  } else if (engine_->is_writer()) {
    RETURN_IF_ERROR(ensure_block_signer(*engine_, *state_, *signers_, board_));
  }
  token_ = to_hex(crypto::hmac_sha256(node_key_.view(), "operator").view());
  return {};
}

/// Whoever takes money for us: in the sandbox a company that exists only there, and Toss Payments where it is
/// configured.
Status Program::open_cashier() {
  links_ = std::make_unique<http::Links>(options_.public_url, crypto::hmac_sha256(node_key_.view(), "links"));
  billing_keys_.emplace(*master_, random_);
  cashier_ = std::make_unique<payment::Cashier>(payment::books_of(*engine_), *payments_, *billing_keys_,
                                                clock_, payment::CashierOptions());
  engine_->hold_clock([this] { return cashier_->is_billing() || reconciler_->is_behind(); });
  payment::PayMethods methods;
  methods.sandbox = methods.card = options_.sandbox;
  if (options_.sandbox)
    cashier_->add(std::make_unique<payment::SandboxAcquirer>(payment::books_of(*engine_), clock_, random_));
  ASSIGN_OR_RETURN(auto toss, payment::TossOptions::from_environment());
  if (toss.secret_key.empty() != options_.toss_client_key.empty())
    return Error(Errc::invalid_configuration,
                 "Toss Payments needs both --toss-client-key and JANGBU_TOSS_SECRET_KEY");
  if (!toss.secret_key.empty()) {
    methods.toss_client_key = options_.toss_client_key;
    cashier_->add(payment::make_toss_acquirer(std::move(toss)));
  }
  checkout_routes_ = std::make_unique<payment::CheckoutRoutes>(*engine_, *cashier_, *links_, clock_, random_,
                                                               std::move(methods));
  return {};
}

/// A variable of the environment, or nothing. Secrets are given so: command lines can be seen by others.
std::string from_environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing changes the environment
  return value == nullptr ? std::string() : std::string(value);
}

Status Program::open_post_office() {
  delivery::PostOfficeOptions options;
  options.sandbox = options_.sandbox;
  options.id_key = crypto::hmac_sha256(node_key_.view(), "messages");
  if (!options_.smtp.empty()) {
    ASSIGN_OR_RETURN(options.smtp,
                     delivery::parse_smtp(options_.smtp, from_environment("JANGBU_SMTP_USER"),
                                          from_environment("JANGBU_SMTP_PASSWORD"), options_.mail_from));
  }
  if (!options_.message_url.empty())
    options.messages = {options_.message_url, from_environment("JANGBU_MESSAGE_KEY")};
  ASSIGN_OR_RETURN(post_office_,
                   delivery::PostOffice::open(*engine_, *delivery_state_, clock_, random_, metrics_,
                                              console::Access::admits, std::move(options)));
  return {};
}

/// The hub's door, and how the postman finds what its mails and webhooks need.
void Program::open_hub() {
  hub_state_->set_links(links_.get());
  hub::add_templates(post_office_->templates());
  post_office_->secrets().add("hub/", [this](std::string_view rest) -> std::optional<std::string> {
    const std::string name = "hub/" + std::string(rest);
    if (const hub::InviteId invite = hub::invite_of_secret(name); invite != 0)
      return links_->url(hub::invite_path, hub::invite_purpose, invite);
    if (const hub::AppId app = hub::app_of_webhook_secret(name); app != 0)
      return app_secrets_->webhook_key(app);
    return std::nullopt;
  });
  hub_door_ = std::make_unique<hub::Door>(
      hub::DoorParts{*engine_, *hub_state_, apps_, *app_secrets_, *links_, clock_,
                     [this](std::uint64_t event, std::function<void(bool)> tried) {
                       post_office_->postman().when_tried(event, mail_patience, std::move(tried));
                     }});
  hub_admin_ = std::make_unique<hub::Admin>(*engine_, *hub_state_, apps_, *app_secrets_, *links_, clock_,
                                            console::Access::admits);
  portal_ = std::make_unique<hub::Portal>(*engine_, *hub_state_, *passwords_, *links_, clock_, random_,
                                          crypto::hmac_sha256(node_key_.view(), "portal"));
}

/// The invoice door, and how the postman finds what its messages and webhooks need.
void Program::open_invoice() {
  invoice_state_->set_links(links_.get());
  invoice::add_templates(post_office_->templates());
  if (const Status fonts = invoice::check_pdf_fonts(); !fonts)
    spdlog::warn("invoices as PDF: {}", fonts.error().detail);
  post_office_->secrets().add("invoice/", [this](std::string_view rest) -> std::optional<std::string> {
    const std::string name = "invoice/" + std::string(rest);
    if (const std::uint64_t checkout = invoice::checkout_of_secret(name); checkout != 0)
      return links_->checkout_url(checkout);
    if (const invoice::AppId app = invoice::app_of_webhook_secret(name); app != 0)
      return invoice_keys_->find(app);
    return std::nullopt;
  });
  invoice_door_ = std::make_unique<invoice::Door>(invoice::DoorParts{
      *engine_, *invoice_state_, *subscriptions_, invoice_apps_, *links_, *cashier_, clock_, random_,
      crypto::hmac_sha256(node_key_.view(), "invoice tokens"), options_.sandbox});
  invoice_admin_ = std::make_unique<invoice::Admin>(*engine_, *invoice_state_, invoice_apps_, *invoice_keys_,
                                                    clock_, random_, console::Access::admits);
}

/// Where shoppers come by, and the buffer that brings them into the books.
void Program::open_clicks() {
  clicks_ = std::make_unique<affiliate::ClickBuffer>(
      *click_book_,
      [this](std::unique_ptr<engine::Command> command) { return engine_->submit(std::move(command)); },
      [this] { return engine_->business_now(); }, random_);
  const auto visitor_key = crypto::short_hash_key(crypto::hmac_sha256(node_key_.view(), "visitors"));
  click_door_ = std::make_unique<affiliate::ClickDoor>(
      affiliate::ClickDoorParts{*engine_, *clicks_, affiliate_board_, visitor_key}, metrics_,
      console::Access::admits);
}

/// Where merchants send what was bought, and the operator's side of it.
void Program::open_affiliate() {
  intake_ = std::make_unique<affiliate::Intake>(
      affiliate::IntakeParts{*engine_, *affiliate_state_, affiliate_board_, clock_,
                             [this](affiliate::ClickId click) { clicks_->bring(click); }});
  affiliate_admin_ = std::make_unique<affiliate::Admin>(*engine_, *affiliate_state_, affiliate_board_,
                                                        random_, console::Access::admits);
  affiliate::add_postback_template(post_office_->templates());
  site_routes_ = std::make_unique<affiliate::SiteRoutes>(affiliate::SiteParts{
      *engine_, *affiliate_state_, affiliate_board_, post_office_->desk(), *links_, console::Access::admits,
      [this](std::uint64_t event, std::function<void(bool)> tried) {
        post_office_->postman().when_logged(event, reward_patience, std::move(tried));
      }});
  payout_admin_ = std::make_unique<affiliate::PayoutAdmin>(*engine_, *settlement_, affiliate_board_,
                                                           console::Access::admits);
}

/// What asks merchants for their lists.
Status Program::open_reconciler() {
  ASSIGN_OR_RETURN(reconciler_, affiliate::Reconciler::make(*engine_, *settlement_, affiliate_board_, clock_,
                                                            affiliate::ReconcilerOptions()));
  return {};
}

/// Every folder explains its own records.
void Program::open_ledger() {
  const engine::PeekKey peek = [this](store::Session& session, const engine::KeyDigest& digest) {
    return engine_->peek_key(session, digest);
  };
  ledger_ = std::make_unique<console::LedgerRoutes>(*engine_, make_explainers(peek));
}

/// The question before all routes of operators, and the console's own routes. After all doors.
void Program::open_console(http::Router& router) {
  hub::add_lists(router, *engine_);
  invoice::add_lists(router, *engine_);
  purchase::add_lists(router, *engine_);
  std::vector<std::unique_ptr<door::Desk>> desks;
  desks.push_back(hub::make_desk());
  desks.push_back(invoice::make_desk(*engine_));
  desks.push_back(purchase::make_desk(*engine_));
  desks.push_back(console::make_house_desk());
  desk_ = std::make_unique<console::DeskRoutes>(*engine_, std::move(desks));
  desk_->add_routes(router);
  sessions_ = std::make_unique<console::Sessions>(
      node_key_, clock_, random_, [this] { return links_->base_url().starts_with("https://"); });
  access_ = std::make_unique<console::Access>(*engine_, *console_state_, *sessions_, token_);
  // An affiliate's own key opens what is its own.
  access_->guard(router, [](const http::Request& request) {
    return request.path().starts_with("/api/affiliates/") && !request.path_parameter("a_id").empty();
  });
  operators_ = std::make_unique<console::AccountRoutes>(*engine_, *console_state_, *access_, *sessions_,
                                                        *passwords_, clock_, random_);
  operators_->add_routes(router);
}

http::Router Program::make_router() {
  http::Router router;
  console::add_system_routes(router,
                             {*engine_, metrics_, [this] { return ready_.load(); }, options_.sandbox});
  console::add_engine_metrics(metrics_, *engine_);
  passwords_.emplace(random_);
  door_ = std::make_unique<purchase::Door>(*engine_, *state_, board_, phones_);
  door_->add_routes(router);
  admin_ = std::make_unique<purchase::Admin>(*engine_, *state_, *signers_, phones_, random_,
                                             console::Access::admits);
  admin_->add_routes(router);
  web::PageOptions pages;
  pages.toss = !options_.toss_client_key.empty();
  pages.checkout_frame_ancestors = [this](const http::Request& request,
                                          std::function<void(std::string_view)> answer) {
    invoice_door_->frame_ancestors(request, std::move(answer));
  };
  web::add_pages(router, pages);
  web::add_sdk(router);
  checkout_routes_->add_routes(router);
  open_hub();
  hub_door_->add_routes(router);
  hub_admin_->add_routes(router);
  portal_->add_routes(router);
  open_invoice();
  invoice_door_->add_routes(router);
  invoice_admin_->add_routes(router);
  open_clicks();
  click_door_->add_routes(router);
  open_affiliate();
  intake_->add_routes(router);
  affiliate_admin_->add_routes(router);
  site_routes_->add_routes(router);
  payout_admin_->add_routes(router);
  open_ledger();
  ledger_->add_routes(router);
  post_office_->add_routes(router);
  open_console(router);
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
  RETURN_IF_ERROR(open_reconciler());
  RETURN_IF_ERROR(open_cashier());
  RETURN_IF_ERROR(open_post_office());
  http::Router router = make_router();
  post_office_->begin();
  ASSIGN_OR_RETURN(forwarder_, http::Forwarder::start(router));
  const bool is_v6 = server_options.address.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + server_options.address + "]" : server_options.address;
  const auto url_at = [&host](std::uint16_t port) { return "http://" + host + ":" + std::to_string(port); };
  // Requests come as soon as the server listens, and the links in their answers are kept.
  const bool is_own_url = options_.public_url.empty();
  if (is_own_url && server_options.port != 0) links_->serve_at(url_at(server_options.port));
  ASSIGN_OR_RETURN(server_, http::Server::start(server_options, std::move(router)));
  base_url_ = url_at(server_->port());
  if (is_own_url) links_->serve_at(base_url_);
  engine_->advertise(options_.advertise.empty() ? base_url_ : options_.advertise);
  if (sandbox_) RETURN_IF_ERROR(write_sandbox_file(options_.directory, base_url_, *sandbox_));
  RETURN_IF_ERROR(write_control(options_.directory, {base_url_, token_}));
  cashier_->start();
  reconciler_->start();
  clicks_->start();
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
  post_office_->stop_feed();
  const bool engine_clean = server_->drain_and_stop(drain_patience_ms);
  forwarder_.reset();
  const bool clicks_clean = clicks_->stop(drain_patience_ms);
  passwords_->stop();
  cashier_->stop();
  reconciler_->stop();
  post_office_->postman().stop(delivery_patience_ms);
  const bool clean = engine_->drain(drain_patience_ms) && engine_clean && clicks_clean;
  remove_control(options_.directory);
  post_office_.reset();
  reconciler_.reset();
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
  notify_manager("READY=1");
  int signal_number = 0;
  sigwait(&signals, &signal_number);
  notify_manager("STOPPING=1");
  spdlog::info("stopping");
  if (!program.stop()) spdlog::warn("some requests were cut off");
  return 0;
}

}  // namespace

void add_serve(CLI::App& app, Run& run) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* serve_command = app.add_subcommand("serve", "Serve the doors over HTTP");
  serve_command->add_option("--config", options->config,
                            "TOML file of settings: these options by their names; the command line and the "
                            "environment (JANGBU_PUBLIC_URL) win over it");
  serve_command->add_option("--data", options->directory, "The data directory")->capture_default_str();
  serve_command->add_option("--listen", options->listen, "ADDRESS:PORT; port 0 picks a free one")
      ->capture_default_str();
  serve_command->add_option("--database", options->database,
                            "postgresql:// URL instead of SQLite in the data directory");
  serve_command->add_option("--advertise", options->advertise,
                            "Base URL at which other nodes reach this one");
  serve_command->add_option("--public-url", options->public_url,
                            "Base URL at which customers reach this installation; links are made of it");
  serve_command->add_option("--toss-client-key", options->toss_client_key,
                            "Client key of Toss Payments; its secret key is in JANGBU_TOSS_SECRET_KEY");
  CLI::Option* smtp = serve_command->add_option("--smtp", options->smtp,
                                                "Mail server: smtp[s]://HOST:PORT[?tls=required|offered]; "
                                                "JANGBU_SMTP_USER and JANGBU_SMTP_PASSWORD log in");
  serve_command
      ->add_option("--mail-from", options->mail_from, "Whom mail comes from: ADDRESS or \"NAME <ADDRESS>\"")
      ->needs(smtp);
  serve_command->add_option("--message-url", options->message_url,
                            "Where SMS, Kakao and push messages are POSTed; JANGBU_MESSAGE_KEY is the key");
  serve_command
      ->add_option("--trusted-proxy", options->trusted_proxies,
                   "Address or network (10.0.0.0/8) of proxies in front, whose X-Forwarded-For is believed")
      ->delimiter(',');
  serve_command->add_flag("--sandbox", options->sandbox,
                          "Ready-made credentials, open registration, a clock that can be moved");
  serve_command->add_option("--clock", options->clock,
                            "Business time at which a new sandbox starts (RFC 3339)");
  serve_command->add_option("--log-format", options->log_format, "Lines for people (text) or machines (json)")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  serve_command->add_option("--log-level", options->log_level, "What is worth a line, from here upwards")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "critical"}))
      ->capture_default_str();
  serve_command->add_option("--lanes", options->lanes, "HTTP threads")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  serve_command->add_option("--readers", options->readers, "Reader threads")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  serve_command->callback([options, serve_command, &run] {
    run = [options, serve_command] {
      Status settings = options->config.empty() ? Status() : apply_settings(*serve_command, options->config);
      if (settings) settings = set_log(options->log_format, options->log_level);
      if (!settings) {
        std::fprintf(stderr, "jangbu: %s\n", to_string(settings.error()).c_str());
        return exit_usage;
      }
      if (!options->clock.empty() && !options->sandbox) {
        std::fputs("jangbu: --clock needs --sandbox\n", stderr);
        return exit_usage;
      }
      return serve(*options);
    };
  });
}

}  // namespace jangbu::cli
