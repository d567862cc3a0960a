#include "store/sqlite/session.h"

#include <utility>

#include <sqlite3.h>

namespace jangbu::store::sqlite {
namespace {

constexpr Sql begin_immediate("BEGIN IMMEDIATE");
constexpr Sql begin_deferred("BEGIN");
constexpr Sql commit_transaction("COMMIT");
constexpr Sql rollback_transaction("ROLLBACK");

}  // namespace

SqliteSession::~SqliteSession() {
  rollback();
  checkpointer_.reset();
}

void SqliteSession::start_checkpoints(std::unique_ptr<Connection> helper, CheckpointPolicy policy) {
  checkpointer_ = std::make_unique<Checkpointer>(*connection_, std::move(helper), policy);
}

Status SqliteSession::usable() const {
  if (broken_)
    return Error(Errc::database_unavailable, "the outcome of a commit is unknown: open another session");
  if (failed_) return *failed_;
  return {};
}

/// Remembers the first error inside a transaction or snapshot: what follows is refused until its end, as in
/// PostgreSQL.
Status SqliteSession::note(Status status) {
  if (!status && state_ != State::idle && !failed_) failed_ = status.error();
  return status;
}

Status SqliteSession::begin() {
  INVARIANT(state_ == State::idle, "a transaction is open already");
  RETURN_IF_ERROR(usable());
  if (role_ == Role::reader) return Error(Errc::database_error, "this session can only read");
  RETURN_IF_ERROR(connection_->run(begin_immediate, {}, nullptr));
  state_ = State::transaction;
  return {};
}

Status SqliteSession::begin_snapshot() {
  INVARIANT(state_ == State::idle, "a transaction is open already");
  RETURN_IF_ERROR(usable());
  RETURN_IF_ERROR(connection_->run(begin_deferred, {}, nullptr));
  state_ = State::snapshot;
  return {};
}

void SqliteSession::end_snapshot() {
  INVARIANT(state_ != State::transaction, "this is a transaction, not a snapshot");
  rollback();
}

CommitResult SqliteSession::commit() {
  INVARIANT(state_ == State::transaction, "no transaction is open");
  if (const Status status = usable(); !status) {
    rollback();
    return {CommitOutcome::rolled_back, status.error()};
  }
  const Status committed = connection_->run(commit_transaction, {}, nullptr);
  if (committed) {
    state_ = State::idle;
    return {CommitOutcome::committed, std::nullopt};
  }
  // A full disk or a lock in the way shows before the log is synced, and nothing counts that was not. After
  // any other I/O error the commit's last page may be in the file, and a restart would find and keep it; and
  // when it was the sync that failed, another sync of the same file would report a success that says nothing.
  // So nothing is tried again here.
  const bool certain = (connection_->last_code() & 0xff) != SQLITE_IOERR;
  rollback();
  if (certain) return {CommitOutcome::rolled_back, committed.error()};
  broken_ = true;
  connection_->forbid_checkpoint_on_close();
  return {CommitOutcome::unknown, committed.error()};
}

void SqliteSession::rollback() {
  // SQLite has rolled back by itself after some errors. Its rollback writes nothing in WAL mode and cannot
  // fail in a way that keeps the transaction.
  if (connection_->in_transaction()) static_cast<void>(connection_->run(rollback_transaction, {}, nullptr));
  state_ = State::idle;
  failed_.reset();
}

Status SqliteSession::query(const Sql& sql, std::span<const Value> parameters, const RowHandler& on_row) {
  RETURN_IF_ERROR(usable());
  return note(connection_->run(sql, parameters, &on_row));
}

Status SqliteSession::query_each(const Sql& sql, std::span<const std::vector<Value>> parameter_sets,
                                 const std::function<void(std::size_t, const Row&)>& on_row) {
  std::size_t index = 0;
  const RowHandler handler = [&](const Row& row) {
    on_row(index, row);
    return true;
  };
  for (; index < parameter_sets.size(); ++index) RETURN_IF_ERROR(query(sql, parameter_sets[index], handler));
  return {};
}

Status SqliteSession::execute(const Sql& sql, std::span<const Value> parameters) {
  INVARIANT(state_ == State::transaction, "execute() outside a transaction");
  RETURN_IF_ERROR(usable());
  return note(connection_->run(sql, parameters, nullptr));
}

Status SqliteSession::run_script(std::string_view sql) {
  RETURN_IF_ERROR(usable());
  return note(connection_->run_script(sql));
}

Status SqliteSession::query_text(std::string_view sql, std::span<const Value> parameters,
                                 const RowHandler& on_row) {
  RETURN_IF_ERROR(usable());
  return note(connection_->run_text(sql, parameters, &on_row));
}

Status SqliteSession::make_durable() {
  if (lock_ == nullptr) return {};  // in memory nothing outlives the process
  RETURN_IF_ERROR(begin());
  const Status rewritten = connection_->rewrite_log();
  rollback();
  if (rewritten) return {};
  broken_ = true;
  connection_->forbid_checkpoint_on_close();
  return rewritten;
}

void SqliteSession::after_commit() {
  INVARIANT(state_ == State::idle, "after_commit() inside a transaction");
  if (checkpointer_ != nullptr && !broken_) checkpointer_->after_commit();
}

}  // namespace jangbu::store::sqlite
