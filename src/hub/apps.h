// Connected apps: who may call the hub, with which secrets. Small, held in memory, changed by records; the
// secrets themselves are sealed beside the books.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "crypto/secret.h"
#include "door/apps.h"
#include "engine/sealed_secrets.h"
#include "hub/requests.h"
#include "store/database.h"

namespace jangbu::hub {

/// What an app may call.
enum class Scope : std::uint8_t {
  sales = 1,     // sales sites: orders, partners, campaigns
  reviewer = 2,  // the reviewer app: applications and reviews
};

/// One of an app's shared secrets. A rotated one stays valid for a while beside the new one.
struct AppSecret {
  std::uint64_t number = 0;      // 1, 2, 3 ... within the app
  std::optional<Instant> until;  // wall time; empty: until further notice

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, until);
  }
};

/// A connected app was issued or changed: the whole of it.
struct AppSet {
  AppId id = 0;
  std::string code;  // the service code, the `iss` of its tokens
  std::string label;
  Scope scope = Scope::sales;
  bool suspended = false;
  bool review_required = false;  // an operator looks at each campaign before it goes live
  std::uint64_t rate_per_s = 100;
  std::uint64_t burst = 200;
  std::uint64_t due_days = 14;            // from a campaign's end until reviews are due
  std::uint64_t unconsumed_minutes = 30;  // a paid order that waits longer is told to operators
  std::vector<AppSecret> secrets;

  [[nodiscard]] const std::string& handle() const { return code; }
  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(id, code, label, scope, suspended, review_required, rate_per_s, burst, due_days, unconsumed_minutes,
          secrets);
  }
};

using Apps = door::Apps<AppSet>;
using AppBoard = door::AppBoard<AppSet>;

/// The shared secrets of the apps and the keys that sign their webhooks: sealed in the database
/// (engine_secrets "hub/app/{id}/{number}" and "hub/app/{id}/webhook"), open in memory. Thread-safe.
class AppSecrets {
 public:
  AppSecrets(const crypto::MasterKey& master, Random& random);

  /// Reads all of the database. Error: invalid_configuration when one does not open with this master key.
  Status load(store::Session& session) { return secrets_.load(session); }
  /// A new secret (64 hex digits), known to this object at once; write() must make it durable with the record
  /// that first names it.
  std::string generate(AppId app, std::uint64_t number);
  /// The key of an app's webhooks ("whsec_..."); made with the app.
  std::string generate_webhook_key(AppId app);
  /// Writes what is known of the app and not yet written; in the transaction of the session.
  Status write(store::Session& session, AppId app) const;
  [[nodiscard]] std::optional<std::string> find(AppId app, std::uint64_t number) const;
  [[nodiscard]] std::optional<std::string> webhook_key(AppId app) const;

 private:
  engine::SealedSecrets secrets_;
  Random& random_;
};

}  // namespace jangbu::hub
