// The apps of the invoice door: sellers, and how their servers and pages are known. Small, held in memory,
// changed by records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "crypto/secret.h"
#include "door/apps.h"
#include "engine/sealed_secrets.h"
#include "invoice/requests.h"

namespace jangbu::invoice {

/// One of an app's secret keys, as its SHA-256: the key itself is shown once and kept nowhere. A rotated one
/// stays valid for a while beside the new one.
struct AppSecret {
  std::uint64_t number = 0;  // 1, 2, 3 ... within the app
  Hash digest;
  std::optional<Instant> until;  // wall time; empty: until further notice

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, digest, until);
  }
};

/// An app was issued or changed: the whole of it.
struct AppSet {
  AppId id = 0;
  std::string client_key;  // public: it stands in pages
  std::string name;        // of the seller, as customers see it
  bool suspended = false;
  std::uint64_t rate_per_s = 1000;
  std::uint64_t burst = 2000;
  std::string time_zone = "Asia/Seoul";  // in which months are counted
  std::string language = "ko";           // of mails to customers: "ko" or "en"
  std::string webhook_url;               // of invoices that name none; empty: none
  std::vector<std::string>
      origins;  // of the shop's pages; empty: none may open a checkout, or any in a sandbox
  std::vector<AppSecret> secrets;

  [[nodiscard]] const std::string& handle() const { return client_key; }
  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(id, client_key, name, suspended, rate_per_s, burst, time_zone, language, webhook_url, origins,
          secrets);
  }
};

using Apps = door::Apps<AppSet>;
using AppBoard = door::AppBoard<AppSet>;

/// A new pair of keys: the client key is 32 hex digits, the secret key 64.
std::string new_client_key(Random& random);
std::string new_secret_key(Random& random);

/// The keys that sign the apps' webhooks: sealed in the database (engine_secrets "invoice/app/{id}/webhook"),
/// open in memory. Thread-safe.
class WebhookKeys {
 public:
  WebhookKeys(const crypto::MasterKey& master, Random& random);

  /// Reads all of the database. Error: invalid_configuration when one does not open with this master key.
  Status load(store::Session& session) { return secrets_.load(session); }
  /// A new one ("whsec_..."), made with the app and known to this object at once; write() must make it
  /// durable with the record that issues the app.
  std::string generate(AppId app);
  /// Writes what is known of the app and not yet written; in the transaction of the session.
  Status write(store::Session& session, AppId app) const;
  [[nodiscard]] std::optional<std::string> find(AppId app) const;

 private:
  engine::SealedSecrets secrets_;
  Random& random_;
};

/// The name under which the postman asks for the key of an app's webhooks, and the app that a name means; 0
/// for another name.
std::string webhook_secret(AppId app);
AppId app_of_webhook_secret(std::string_view name);

}  // namespace jangbu::invoice
