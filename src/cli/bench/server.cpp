#include "cli/bench/server.h"

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "base/json.h"
#include "cli/installation.h"
#include "cli/local_api.h"

namespace jangbu::cli::bench {
namespace {

constexpr std::int64_t ready_patience_ms = 60'000;
constexpr std::int64_t stop_patience_ms = 60'000;
constexpr std::string_view ready_line = "listening on ";

}  // namespace

Result<std::unique_ptr<TemporaryDirectory>> TemporaryDirectory::make(const std::string& parent) {
  std::error_code error;
  const auto base =
      parent.empty() ? std::filesystem::temp_directory_path(error) : std::filesystem::path(parent);
  std::string path = (base / "jangbu-bench-XXXXXX").string();
  if (error || ::mkdtemp(path.data()) == nullptr)
    return Error(Errc::io_error, "cannot make a directory in " + base.string());
  return std::unique_ptr<TemporaryDirectory>(new TemporaryDirectory(std::move(path)));
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Result<std::unique_ptr<Server>> Server::make(const Clock& clock, const ServerOptions& options) {
  std::unique_ptr<Server> server(new Server(clock, options));
  ASSIGN_OR_RETURN(server->directory_, TemporaryDirectory::make(options.parent));
  return server;
}

Result<Server::Sandbox> Server::read_sandbox(const std::string& directory) {
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

Result<std::int64_t> Server::start() {
  const std::string& directory = directory_->path();
  std::vector<std::string> arguments = {"serve",    "--sandbox",   "--data",  directory,
                                        "--listen", "127.0.0.1:0", "--lanes", std::to_string(options_.lanes)};
  if (!options_.database.empty()) arguments.insert(arguments.end(), {"--database", options_.database});
  const std::int64_t start_us = clock_.monotonic_us();
  ASSIGN_OR_RETURN(child_, Child::start(clock_, arguments));
  RETURN_IF_ERROR(child_->await_line(ready_line, ready_patience_ms));
  const std::int64_t ready_us = clock_.monotonic_us() - start_us;
  ASSIGN_OR_RETURN(sandbox_, read_sandbox(directory));
  return ready_us;
}

void Server::kill_now() { child_->kill_now(); }

Status Server::stop() {
  child_->send_signal(SIGTERM);
  RETURN_IF_ERROR(child_->await_success(stop_patience_ms));
  child_.reset();
  return {};
}

PurchaseOptions Server::purchases(std::uint64_t users) const {
  PurchaseOptions purchases;
  purchases.host = sandbox_.base_url.substr(sandbox_.base_url.find("//") + 2);
  purchases.access_key = sandbox_.access_key;
  purchases.shop_id = sandbox_.shop_id;
  purchases.users = users;
  purchases.unix_seconds = clock_.wall_now().unix_seconds();
  return purchases;
}

Result<std::string> Server::get(const std::string& path) {
  ASSIGN_OR_RETURN(ApiAnswer answer, call_api({sandbox_.base_url, sandbox_.access_key, ""}, "GET", path, ""));
  if (answer.status != 200) return Error(Errc::io_error, path + " answers " + std::to_string(answer.status));
  return std::move(answer.body);
}

Result<ServerMetrics> Server::metrics() {
  ASSIGN_OR_RETURN(const std::string text, get("/metrics"));
  const auto parsed = parse_metrics(text);
  if (!parsed) return Error(Errc::invalid_encoding, "/metrics lacks a series");
  return *parsed;
}

Result<std::uint64_t> Server::last_sequence() {
  ASSIGN_OR_RETURN(const std::string text, get("/v1/tx/sequence"));
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(text));
  const json::Value* data = document.root().find("data");
  const json::Value* sequence = data == nullptr ? nullptr : data->find("sequence");
  if (sequence == nullptr) return Error(Errc::invalid_encoding, "/v1/tx/sequence has no sequence");
  return std::strtoull(std::string(sequence->text).c_str(), nullptr, 10);
}

Result<std::uint64_t> Server::book_bytes() const {
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

}  // namespace jangbu::cli::bench
