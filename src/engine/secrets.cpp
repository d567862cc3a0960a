#include "engine/secrets.h"

#include <array>

#include "engine/proof.h"

namespace jangbu::engine {
namespace {

const store::Sql each_sql{"SELECT name, sealed FROM engine_secrets WHERE name >= $1 ORDER BY name"};
const store::Sql find_secret_sql{"SELECT sealed FROM engine_secrets WHERE name = $1"};
const store::Sql erase_sql{"DELETE FROM engine_secrets WHERE name = $1"};
const store::Sql all_sql{"SELECT name, sealed, proof FROM engine_secrets ORDER BY name"};
const store::Sql write_secret_sql{
    "INSERT INTO engine_secrets (name, sealed, proof) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING"};

Hash proof_of(ByteView name, ByteView sealed) {
  const std::array row = {store::Value::blob(name), store::Value::blob(sealed)};
  return row_proof("engine_secrets", row);
}

}  // namespace

Status write_secret(store::Session& session, std::string_view name, ByteView sealed) {
  const Hash proof = proof_of(name, sealed);
  return session.execute(write_secret_sql, {store::Value::blob(name), store::Value::blob(sealed),
                                            store::Value::blob(proof.view())});
}

Status each_secret(store::Session& session, std::string_view prefix,
                   const std::function<void(std::string_view name, ByteView sealed)>& on_secret) {
  return session.query(each_sql, {store::Value::blob(prefix)}, [&](const store::Row& row) {
    if (!row.bytes(0).starts_with(prefix)) return false;
    on_secret(row.bytes(0), row.bytes(1));
    return true;
  });
}

Status erase_secret(store::Session& session, std::string_view name) {
  return session.execute(erase_sql, {store::Value::blob(name)});
}

Result<std::optional<Bytes>> find_secret(store::Session& session, std::string_view name) {
  std::optional<Bytes> found;
  RETURN_IF_ERROR(session.query(find_secret_sql, {store::Value::blob(name)}, [&](const store::Row& row) {
    found = Bytes(row.bytes(0));
    return false;
  }));
  return found;
}

Result<std::vector<Secret>> read_secrets(store::Session& session) {
  std::vector<Secret> secrets;
  Status proven;
  RETURN_IF_ERROR(session.query(all_sql, {}, [&](const store::Row& row) {
    if (proof_of(row.bytes(0), row.bytes(1)).view() != row.bytes(2))
      proven = Error(Errc::verification_failed,
                     "engine_secrets: the row name 0x" + to_hex(row.bytes(0)) + " was changed");
    secrets.push_back({Bytes(row.bytes(0)), Bytes(row.bytes(1))});
    return proven.ok();
  }));
  RETURN_IF_ERROR(proven);
  return secrets;
}

}  // namespace jangbu::engine
