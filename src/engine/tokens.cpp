#include "engine/tokens.h"

namespace jangbu::engine {
namespace {

using store::Value;

/// Old tokens are removed a bounded piece at a time, so that no batch pays for a burst of long ago.
constexpr Duration sweep_pause = Duration::seconds(1);
constexpr std::int64_t sweep_rows = 4096;

const store::Sql write_token_sql{
    "INSERT INTO engine_tokens (digest, until) VALUES ($1, $2) ON CONFLICT (digest) DO UPDATE SET until = "
    "excluded.until"};
const store::Sql sweep_sql{
    "DELETE FROM engine_tokens WHERE digest IN (SELECT digest FROM engine_tokens WHERE until < $1 ORDER BY "
    "until LIMIT $2)"};

}  // namespace

const store::Sql TokenTraits::load{"SELECT until FROM engine_tokens WHERE digest = $1"};

Status TokenTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(write_token_sql, {Value::blob(key.view()), Value::integer(row.us)});
}

bool Tokens::take(store::Session& session, const KeyDigest& digest, Instant until, Instant wall_now) {
  const Instant* used_until = table_.find(session, digest);
  if (used_until != nullptr && *used_until >= wall_now) return false;
  table_.put(digest, until);
  ++taken_;
  return true;
}

void Tokens::flush(store::Session& session, Instant wall_now) {
  if (taken_ == 0) return;
  table_.flush(session);
  if (wall_now < swept_at_ + sweep_pause) return;
  swept_at_ = wall_now;
  throw_if_failed(session.execute(sweep_sql, {Value::integer(wall_now.us), Value::integer(sweep_rows)}));
}

void Tokens::committed() {
  taken_ = 0;
  table_.committed();
}

void Tokens::discard() {
  taken_ = 0;
  table_.discard();
}

}  // namespace jangbu::engine
