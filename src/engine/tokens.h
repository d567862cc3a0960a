// Tokens that may be used once: their ids, until they expire. No truth of the book, but durable, so that a
// token is refused the second time after a restart and on another node, too.
#pragma once

#include <cstddef>

#include "base/time.h"
#include "engine/keys.h"
#include "engine/table.h"

namespace jangbu::engine {

struct TokenTraits {
  using Key = KeyDigest;
  using Row = Instant;  // wall time until which it counts
  static std::size_t hash(const Key& key) { return KeyDigest::Hasher()(key); }
  static std::vector<store::Value> key_values(const Key& key) { return {store::Value::blob(key.view())}; }
  static const store::Sql load;
  static Row read(const store::Row& row) { return Instant{row.integer(0)}; }
  static Status write(store::Session& session, const Key& key, const Row& row);
  static Status erase(store::Session&, const Key&) { INVARIANT(false, "tokens go by their age"); }
};

/// The table engine_tokens. Writer thread. A token counts as used also when the command that brought it is
/// refused.
class Tokens {
 public:
  void want(const KeyDigest& digest) { table_.want(digest); }
  void prefetch(store::Session& session) { table_.prefetch(session); }
  /// Marks it as used until `until`. false: it was used before, and that still counts at `wall_now`.
  bool take(store::Session& session, const KeyDigest& digest, Instant until, Instant wall_now);

  /// Whether the open batch has used one: then it must be committed although it holds no record.
  [[nodiscard]] bool changed() const { return taken_ != 0; }
  /// Writes what was taken; now and then removes some that no longer count.
  void flush(store::Session& session, Instant wall_now);
  void committed();
  void discard();

 private:
  static constexpr std::size_t cached_tokens = 20'000;
  CachedTable<TokenTraits> table_{cached_tokens};
  std::size_t taken_ = 0;
  Instant swept_at_;
};

}  // namespace jangbu::engine
