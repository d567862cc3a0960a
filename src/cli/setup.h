// The sandbox: credentials that are made once, kept in the book's database and written to DIR/sandbox.json.
#pragma once

#include <string>

#include "base/random.h"
#include "base/result.h"
#include "engine/engine.h"
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
};
inline constexpr std::string_view sandbox_operator = "operator@sandbox.jangbu";

/// On the writer: makes a holder, a key, a shop and the rates of the sandbox when the book has none yet. On
/// another node: waits for the writer to have done so. Errors: the engine's; invalid_configuration when the
/// book is no sandbox's.
Result<SandboxCredentials> prepare_sandbox(engine::Engine& engine, purchase::State& state,
                                           purchase::Signers& signers, const purchase::ConfigBoard& board,
                                           Random& random);

/// Gives the book a key that signs blocks when it has none. On the writer.
Status ensure_block_signer(engine::Engine& engine, purchase::State& state, purchase::Signers& signers,
                           const purchase::ConfigBoard& board);

/// Writes DIR/sandbox.json.
Status write_sandbox_file(const std::string& directory, const std::string& base_url,
                          const SandboxCredentials& credentials);

}  // namespace jangbu::cli
