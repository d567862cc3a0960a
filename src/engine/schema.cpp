#include "engine/schema.h"

#include <array>

namespace jangbu::engine {

std::span<const store::Migration> migrations() {
  static constexpr std::array list = {store::Migration{"engine", 1, R"sql(
-- The only truth: append-only, hash-chained.
CREATE TABLE engine_records (
  number {ROWID_KEY},
  hash {BLOB} NOT NULL,
  body {BLOB} NOT NULL,
  seal {BLOB} NOT NULL
);
-- One row, written by every batch.
CREATE TABLE engine_head (
  id BIGINT PRIMARY KEY,
  epoch BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  number BIGINT NOT NULL,
  hash {BLOB} NOT NULL,
  business_at BIGINT NOT NULL,
  offset_us BIGINT NOT NULL
);
CREATE TABLE engine_keys (
  digest {BLOB} PRIMARY KEY NOT NULL,
  number BIGINT NOT NULL
) {WITHOUT_ROWID};
-- Not truth: every entry of engine_keys of a record up to keys_through is written; later ones may still wait in memory.
CREATE TABLE engine_recovery (
  id BIGINT PRIMARY KEY,
  keys_through BIGINT NOT NULL,
  proof {BLOB} NOT NULL
);
CREATE TABLE engine_counters (
  id BIGINT PRIMARY KEY,
  value BIGINT NOT NULL
);
CREATE TABLE engine_due (
  due_at BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (due_at, kind, first)
) {WITHOUT_ROWID};
CREATE TABLE engine_outbox (
  id {ROWID_KEY},
  record BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  destination {BLOB} NOT NULL,
  document {BLOB} NOT NULL,
  topic {BLOB} NOT NULL,
  payload {BLOB} NOT NULL
);
CREATE INDEX engine_outbox_document ON engine_outbox (destination, document, id);
-- Not truth: who writes now, for the nodes that forward to it.
CREATE TABLE engine_writer (
  id BIGINT PRIMARY KEY,
  url {BLOB} NOT NULL,
  since BIGINT NOT NULL,
  proof {BLOB} NOT NULL
);
-- Not truth: signing keys, sealed with the master key of the installation.
CREATE TABLE engine_secrets (
  name {BLOB} PRIMARY KEY NOT NULL,
  sealed {BLOB} NOT NULL,
  proof {BLOB} NOT NULL
);
)sql"},
                                      store::Migration{"engine", 2, R"sql(
ALTER TABLE engine_outbox ADD COLUMN state BIGINT NOT NULL DEFAULT 0;
ALTER TABLE engine_outbox ADD COLUMN finished_at BIGINT NOT NULL DEFAULT 0;
DROP INDEX engine_outbox_document;
CREATE INDEX engine_outbox_pending ON engine_outbox (destination, document, id) WHERE state = 0;
CREATE INDEX engine_outbox_queue ON engine_outbox (id) WHERE state = 0;
-- Not truth: ids of tokens that were used, until they expire.
CREATE TABLE engine_tokens (
  digest {BLOB} PRIMARY KEY NOT NULL,
  until BIGINT NOT NULL
) {WITHOUT_ROWID};
CREATE INDEX engine_tokens_until ON engine_tokens (until);
)sql"}};
  return list;
}

Result<bool> is_behind(store::Session& session, const Projections& projections) {
  static const store::Sql sql{"SELECT count(*) FROM schema_migration"};
  std::uint64_t known = migrations().size();
  for (const auto& projection : projections) known += projection->migrations().size();
  std::uint64_t applied = 0;
  const Status counted = session.query(sql, {}, [&](const store::Row& row) {
    applied = row.number(0);
    return false;
  });
  // Another node may be about to make the table.
  if (!counted && counted.error().code != Errc::database_error) return counted.error();
  return applied < known;
}

std::span<const TableSpec> tables() {
  static constexpr std::array list = {
      TableSpec{"schema_migration", "module*, version, script*", 2},
      TableSpec{"engine_head", "id, epoch, batch, number, hash*, business_at, offset_us"},
      TableSpec{"engine_counters", "id, value"},
      TableSpec{"engine_due", "due_at, kind, first, last", 3},
      TableSpec{"engine_outbox",
                "id, record, created_at, destination*, document*, topic*, payload*, state, "
                "finished_at"},
  };
  return list;
}

std::span<const TableSpec> proven_tables() {
  static constexpr std::array list = {
      TableSpec{"engine_recovery", "id, keys_through, proof*"},
      TableSpec{"engine_writer", "id, url*, since, proof*"},
      TableSpec{"engine_secrets", "name*, sealed*, proof*"},
  };
  return list;
}

}  // namespace jangbu::engine
