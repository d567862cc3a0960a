// A node of an installation without its doors: the open book, and what is known of it to every door.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "base/time.h"
#include "cli/installation.h"
#include "cli/serve/options.h"
#include "cli/setup.h"
#include "crypto/secret.h"
#include "engine/engine.h"
#include "http/links.h"
#include "http/metrics.h"
#include "purchase/phone.h"

namespace jangbu::cli {

struct Node {
  explicit Node(ServeOptions given) : options(std::move(given)) {}

  /// Opens the book and prepares it to be served. The rest of the node is there from then on.
  Status open();

  const ServeOptions options;
  SystemClock clock;
  SystemRandom random;
  http::Metrics metrics;
  std::optional<crypto::MasterKey> master;

  // What projections publish to the doors, and the secrets that they open.
  purchase::ConfigBoard purchase_board;
  std::optional<purchase::Signers> signers;
  purchase::PhoneBook phones;
  hub::AppBoard hub_apps;
  std::optional<hub::AppSecrets> hub_secrets;
  invoice::AppBoard invoice_apps;
  std::optional<invoice::WebhookKeys> invoice_keys;
  affiliate::ConfigBoard affiliate_board;

  std::optional<SandboxCredentials> sandbox;
  Hash key;           // shared by the nodes of the installation
  std::string token;  // of the operator on this machine, see local_api.h
  std::unique_ptr<http::Links> links;

  std::unique_ptr<store::Database> database;
  Books books;  // its projections are the engine's
  std::unique_ptr<engine::Engine> engine;

 private:
  Status open_book();
  Status start_engine();
  Status prepare_book();
  [[nodiscard]] BookParts book_parts();
};

}  // namespace jangbu::cli
