// The server as a whole: a node, its workers and doors, and the HTTP server before them; started and stopped.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "cli/serve/doors.h"
#include "cli/serve/node.h"
#include "cli/serve/options.h"
#include "cli/serve/workers.h"
#include "http/forwarder.h"
#include "http/server.h"
#include "http/tls.h"

namespace jangbu::cli {

class Program {
 public:
  explicit Program(ServeOptions options) : node_(std::move(options)) {}
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Serves from then on, and says so on stdout.
  Status start();
  /// Reads the certificate again, if there is one, and says what came of it in the log.
  void reload();
  /// Answers what is in flight, then stops. Returns true when nothing was cut off.
  bool stop();

 private:
  Status open_tls();
  void tell_certificate() const;
  [[nodiscard]] Status write_control_file() const;
  void pass_writes_on();
  Status listen(http::ServerOptions options);
  void await_writer() const;
  void announce() const;

  Node node_;
  Workers workers_{node_};
  std::unique_ptr<Doors> doors_;
  std::shared_ptr<http::TlsIdentity> tls_;  // null: HTTP in the clear
  std::unique_ptr<http::Forwarder> forwarder_;
  std::unique_ptr<http::Server> server_;
  std::string base_url_;
  std::atomic<bool> ready_{false};
};

}  // namespace jangbu::cli
