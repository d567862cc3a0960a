#include "engine/secrets.h"

#include <array>

#include "engine/proof.h"

namespace jangbu::engine {
namespace {

const store::Sql each_sql{"SELECT name, sealed FROM engine_secrets ORDER BY name"};
const store::Sql write_sql{
    "INSERT INTO engine_secrets (name, sealed, proof) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING"};

}  // namespace

Status write_secret(store::Session& session, std::string_view name, ByteView sealed) {
  const std::array row = {store::Value::blob(name), store::Value::blob(sealed)};
  const Hash proof = row_proof("engine_secrets", row);
  return session.execute(write_sql, {row[0], row[1], store::Value::blob(proof.view())});
}

Status each_secret(store::Session& session, std::string_view prefix,
                   const std::function<void(std::string_view name, ByteView sealed)>& on_secret) {
  return session.query(each_sql, {}, [&](const store::Row& row) {
    if (row.bytes(0).starts_with(prefix)) on_secret(row.bytes(0), row.bytes(1));
    return true;
  });
}

}  // namespace jangbu::engine
