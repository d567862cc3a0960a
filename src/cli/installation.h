// Where an installation keeps its things: what serve, verify, backup and the other commands share.
#pragma once

#include <memory>
#include <string>

#include "affiliate/clicks.h"
#include "affiliate/settlement.h"
#include "affiliate/state.h"
#include "base/result.h"
#include "console/state.h"
#include "crypto/secret.h"
#include "delivery/state.h"
#include "engine/projection.h"
#include "hub/state.h"
#include "invoice/state.h"
#include "invoice/subscriptions.h"
#include "ledger/book.h"
#include "payment/state.h"
#include "purchase/config.h"
#include "purchase/signers.h"
#include "purchase/state.h"
#include "store/database.h"

namespace jangbu::cli {

/// All projections of the product over one ledger, and the ones that others need by name.
struct Books {
  engine::Projections projections;
  ledger::Book* ledger = nullptr;
  payment::State* payment = nullptr;
  delivery::State* delivery = nullptr;
  hub::State* hub = nullptr;
  invoice::State* invoice = nullptr;
  invoice::SubscriptionBook* subscriptions = nullptr;
  affiliate::State* affiliate = nullptr;
  affiliate::ClickBook* clicks = nullptr;
  affiliate::SettlementBook* settlement = nullptr;
  purchase::State* purchase = nullptr;
  console::State* console = nullptr;
};

/// What projections of a node that serves publish to and open; a rebuild has none of it.
struct BookParts {
  purchase::ConfigBoard* board = nullptr;
  purchase::Signers* signers = nullptr;
  hub::AppBoard* apps = nullptr;
  hub::AppSecrets* app_secrets = nullptr;
  hub::Surroundings surroundings = {};
  invoice::AppBoard* invoice_apps = nullptr;
  invoice::WebhookKeys* invoice_keys = nullptr;
  invoice::Surroundings invoice_surroundings = {};
  affiliate::ConfigBoard* affiliate_board = nullptr;
  affiliate::Surroundings affiliate_surroundings = {};
};

Books make_books(const BookParts& parts = {});

/// The database at `place`: a data directory, or a postgresql:// URL.
enum class Access : bool { read_only, read_write };
Result<std::unique_ptr<store::Database>> open_database(const std::string& place, Access access);
bool is_database_url(const std::string& place);

/// The key that seals secrets: JANGBU_MASTER_KEY (64 hex digits) or DIR/master.key, made when missing. A
/// sandbox has a key that everybody knows, so that several nodes and restarts share it.
Result<crypto::MasterKey> load_master_key(const std::string& directory, bool sandbox, Random& random);

/// Writes a file so that it is there whole or not at all, with mode 0600. Error: io_error.
Status write_file_atomically(const std::string& path, std::string_view content);
/// Error: io_error.
Result<std::string> read_file(const std::string& path);

}  // namespace jangbu::cli
