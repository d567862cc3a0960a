// The server that is measured: this program, with a book of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "cli/bench/child.h"
#include "cli/bench/purchases.h"
#include "cli/bench/server_metrics.h"

namespace jangbu::cli::bench {

/// A new directory, removed with all that is in it.
class TemporaryDirectory {
 public:
  /// `parent`: where to make it; empty: the system's directory for temporary files. Error: io_error.
  static Result<std::unique_ptr<TemporaryDirectory>> make(const std::string& parent);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

struct ServerOptions {
  std::string parent;    // of its directory
  std::string database;  // a URL; empty: SQLite in its directory
  int lanes = 1;
};

/// It listens on a port of this machine's loopback, and is killed when this object goes.
class Server {
 public:
  /// Makes the directory; nothing runs yet. Error: io_error.
  static Result<std::unique_ptr<Server>> make(const Clock& clock, const ServerOptions& options);

  /// How long it took to be ready, us. Error: io_error; invalid_configuration for its sandbox.json.
  Result<std::int64_t> start();
  /// As a crash would.
  void kill_now();
  /// Lets it end in its own time, with success. Error: io_error.
  Status stop();

  [[nodiscard]] std::uint16_t port() const { return sandbox_.port; }
  /// What a load on it begins with.
  [[nodiscard]] PurchaseOptions purchases(std::uint64_t users) const;
  [[nodiscard]] Result<Child::Usage> usage() const { return child_->usage(); }
  Result<ServerMetrics> metrics();
  /// Of the last purchase. Error: io_error.
  Result<std::uint64_t> last_sequence();

  /// The directory or the URL, as the other commands take it.
  [[nodiscard]] const std::string& place() const {
    return options_.database.empty() ? directory_->path() : options_.database;
  }
  /// While it does not run. Error: io_error.
  [[nodiscard]] Result<std::uint64_t> book_bytes() const;

 private:
  /// The texts of DIR/sandbox.json that the load needs.
  struct Sandbox {
    std::string base_url;
    std::uint16_t port = 0;
    std::string access_key;
    std::string shop_id;
  };

  Server(const Clock& clock, ServerOptions options) : clock_(clock), options_(std::move(options)) {}
  static Result<Sandbox> read_sandbox(const std::string& directory);
  Result<std::string> get(const std::string& path);

  const Clock& clock_;
  ServerOptions options_;
  std::unique_ptr<TemporaryDirectory> directory_;
  std::unique_ptr<Child> child_;
  Sandbox sandbox_;
};

}  // namespace jangbu::cli::bench
