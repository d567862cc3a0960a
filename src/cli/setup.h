// The sandbox: credentials that are made once, kept in the book's database and written to DIR/sandbox.json.
#pragma once

#include <string>

#include "affiliate/state.h"
#include "base/random.h"
#include "base/result.h"
#include "console/state.h"
#include "engine/engine.h"
#include "hub/apps.h"
#include "hub/state.h"
#include "invoice/apps.h"
#include "invoice/state.h"
#include "purchase/signers.h"
#include "purchase/state.h"

namespace jangbu::cli {

struct SandboxCredentials {
  std::string access_key;
  std::string shop_id;
  std::string signer;
  std::string closed_access_key;  // of a holder whose shops must be registered before they are used
  std::string closed_shop_id;
  std::string operator_password;
  std::string hub_secret;          // of the sales site's app
  std::string hub_webhook_secret;  // what that app's webhooks are signed with
  std::string reviewer_secret;     // of the reviewer app
  std::string invoice_client_key;  // of the invoice door's seller
  std::string invoice_secret_key;
  std::string invoice_webhook_secret;
  std::string affiliate_auth_key;  // of the site that promotes the sandbox's merchant
};
inline constexpr std::string_view sandbox_sales_code = "pybk-sales";
inline constexpr std::string_view sandbox_reviewer_code = "reviewer-app";
inline constexpr std::string_view sandbox_merchant = "sandshop";
inline constexpr std::string_view sandbox_operator = "operator@sandbox.jangbu";

/// What a sandbox is set up in.
struct SandboxParts {
  engine::Engine& engine;
  purchase::State& purchase;
  purchase::Signers& signers;
  const purchase::ConfigBoard& board;
  hub::State& hub;
  hub::AppSecrets& app_secrets;
  const hub::AppBoard& apps;
  invoice::State& invoice;
  invoice::WebhookKeys& invoice_keys;
  const invoice::AppBoard& invoice_apps;
  affiliate::State& affiliate;
  const affiliate::ConfigBoard& affiliate_board;
  console::State& console;
  Random& random;
};

/// On the writer: makes what a sandbox has (a holder, a key, a shop, rates, two connected apps) when the book
/// has none yet. On another node: waits for the writer to have done so. Errors: the engine's;
/// invalid_configuration when the book is no sandbox's.
Result<SandboxCredentials> prepare_sandbox(const SandboxParts& parts);

/// Gives the book a key that signs blocks when it has none. On the writer.
Status ensure_block_signer(engine::Engine& engine, purchase::State& state, purchase::Signers& signers,
                           const purchase::ConfigBoard& board);

/// Writes DIR/sandbox.json.
Status write_sandbox_file(const std::string& directory, const std::string& base_url,
                          const SandboxCredentials& credentials);

}  // namespace jangbu::cli
