#include "store/postgres/session.h"

#include <algorithm>
#include <utility>

#include <libpq-fe.h>

#include "store/migration.h"

namespace jangbu::store::postgres {
namespace {

constexpr Sql begin_read_committed("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
constexpr Sql begin_repeatable_read("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
constexpr Sql commit_transaction("COMMIT");
constexpr Sql rollback_transaction("ROLLBACK");
constexpr Sql try_lock("SELECT pg_try_advisory_lock($1)");
// Nothing reads it. A transaction that writes nothing to the server's log would be committed without a wait.
constexpr Sql write_a_message("SELECT pg_logical_emit_message(true, 'jangbu', '')");
constexpr Sql wait_a_minute_for_locks("SET LOCAL lock_timeout = '60s'");
constexpr Sql lock_until_the_end("SELECT pg_advisory_xact_lock($1)");

// Limits that keep a fault from becoming a stall. The keepalives are the server's: when the writer's host
// dies without a word, the server lets go of its advisory lock within seconds, and another node can take
// over.
constexpr std::string_view settings =
    "SET synchronous_commit = on;"
    "SET lock_timeout = '5s';"
    "SET statement_timeout = '30s';"
    "SET idle_in_transaction_session_timeout = '60s';"
    "SET client_min_messages = error;"
    "SET tcp_keepalives_idle = 5;"
    "SET tcp_keepalives_interval = 2;"
    "SET tcp_keepalives_count = 3;"
    "SET tcp_user_timeout = 10000;"
    // Compiling a plan costs more than any statement of ours takes.
    "SET jit = off;";

enum class LockKind : std::uint8_t { writer, migration, schema };

/// The key of an advisory lock: FNV-1a of its kind and the schema, because such locks span all schemas of a
/// database.
std::int64_t lock_key(LockKind kind, std::string_view schema) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto mix = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3U; };
  for (const char c : std::string_view("jangbu")) mix(static_cast<std::uint8_t>(c));
  mix(static_cast<std::uint8_t>(kind));
  for (const char c : schema) mix(static_cast<std::uint8_t>(c));
  return static_cast<std::int64_t>(hash);
}

/// Two sessions that create a schema at once may both find it missing, and the slower one would fail. An
/// existing one is left alone, since to ask for it again takes a right that the role may not have.
std::string create_schema(const std::string& schema) {
  return "DO $$ BEGIN"
         " IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = '" +
         schema +
         "') THEN"
         "  PERFORM pg_advisory_xact_lock(" +
         std::to_string(lock_key(LockKind::schema, schema)) +
         ");"
         "  CREATE SCHEMA IF NOT EXISTS \"" +
         schema +
         "\";"
         " END IF;"
         "END $$;";
}

}  // namespace

Status PostgresSession::configure() {
  RETURN_IF_ERROR(connection_->run_script(std::string(settings)));
  if (role_ == Role::writer) {
    RETURN_IF_ERROR(connection_->run_script(create_schema(schema_)));
  } else {
    RETURN_IF_ERROR(connection_->run_script("SET default_transaction_read_only = on"));
  }
  return connection_->run_script("SET search_path = \"" + schema_ + "\"");
}

Status PostgresSession::usable() const {
  if (connection_->lost()) return connection_->loss();
  if (failed_) return *failed_;
  return {};
}

/// Remembers the first error inside a transaction or snapshot: what follows is refused until its end.
Status PostgresSession::note(Status status) {
  if (!status && state_ != State::idle && !failed_) failed_ = status.error();
  return status;
}

/// The BEGIN waits in the pipeline for the first command that needs an answer.
Status PostgresSession::start(const Sql& sql, State state) {
  INVARIANT(state_ == State::idle, "a transaction is open already");
  RETURN_IF_ERROR(usable());
  RETURN_IF_ERROR(connection_->send(sql, {}, Answer::ignore));
  state_ = state;
  return {};
}

Status PostgresSession::begin() {
  if (role_ == Role::reader) return Error(Errc::database_error, "this session can only read");
  return start(begin_read_committed, State::transaction);
}

Status PostgresSession::begin_snapshot() { return start(begin_repeatable_read, State::snapshot); }

void PostgresSession::end_snapshot() {
  INVARIANT(state_ != State::transaction, "this is a transaction, not a snapshot");
  rollback();
}

Status PostgresSession::begin_exclusive() {
  RETURN_IF_ERROR(begin());
  RETURN_IF_ERROR(execute(wait_a_minute_for_locks, {}));
  // The wait for a lock counts as the statement's time.
  RETURN_IF_ERROR(note(connection_->send_text("SET LOCAL statement_timeout = 0", {}, Answer::ignore)));
  const Value key[] = {Value::integer(lock_key(LockKind::migration, schema_))};
  return execute(lock_until_the_end, key);
}

CommitResult PostgresSession::commit() {
  INVARIANT(state_ == State::transaction, "no transaction is open");
  if (const Status status = usable(); !status) {
    rollback();
    return {CommitOutcome::rolled_back, status.error()};
  }
  if (const Status sent = connection_->send(commit_transaction, {}, Answer::keep); !sent) {
    state_ = State::idle;
    return {CommitOutcome::unknown, sent.error()};
  }
  const std::size_t commands = connection_->queued_count();
  const Answers answers = connection_->sync(Patience::unbounded);
  if (answers.kept.size() == 1) {
    state_ = State::idle;
    // The server answers ROLLBACK to the COMMIT of a transaction that had failed.
    if (std::string_view(PQcmdStatus(answers.kept.front().get())) == "COMMIT") {
      return {CommitOutcome::committed, std::nullopt};
    }
    return {CommitOutcome::rolled_back,
            Error(Errc::database_error, "the server rolled the transaction back")};
  }
  // An error that the server reports for an earlier command means that it skipped the COMMIT. One that it
  // reports for the COMMIT itself means that it rolled back, unless the session was being ended. Without a
  // word of the server's, everything that was sent may have been done.
  const bool at_commit = answers.succeeded + 1 == commands;
  const bool ended = answers.error->code == Errc::database_unavailable;
  if (answers.silent_loss || (at_commit && ended)) {
    state_ = State::idle;
    return {CommitOutcome::unknown, answers.error};
  }
  rollback();
  return {CommitOutcome::rolled_back, answers.error};
}

void PostgresSession::rollback() {
  if (state_ != State::idle && !connection_->lost()) {
    // After an error the server skips what follows up to a sync, so what is queued is ended before the
    // ROLLBACK.
    if (connection_->queued_count() > 0) static_cast<void>(connection_->sync(Patience::bounded));
    if (connection_->send(rollback_transaction, {}, Answer::ignore)) {
      static_cast<void>(connection_->sync(Patience::bounded));
    }
  }
  state_ = State::idle;
  failed_.reset();
}

Result<Answers> PostgresSession::read() {
  Answers answers = connection_->sync(Patience::bounded);
  if (answers.error) {
    static_cast<void>(note(*answers.error));
    return *answers.error;
  }
  return answers;
}

Status PostgresSession::read_one(const RowHandler& on_row) {
  ASSIGN_OR_RETURN(const Answers answers, read());
  INVARIANT(answers.kept.size() == 1, "one query has one answer");
  for_each_row(*answers.kept.front(), on_row);
  return {};
}

Status PostgresSession::query(const Sql& sql, std::span<const Value> parameters, const RowHandler& on_row) {
  RETURN_IF_ERROR(usable());
  RETURN_IF_ERROR(note(connection_->send(sql, parameters, Answer::keep)));
  return read_one(on_row);
}

Status PostgresSession::query_each(const Sql& sql, std::span<const std::vector<Value>> parameter_sets,
                                   const std::function<void(std::size_t, const Row&)>& on_row) {
  // Bounds the answers that are held in memory.
  constexpr std::size_t sets_at_once = 1000;
  for (std::size_t first = 0; first < parameter_sets.size(); first += sets_at_once) {
    const auto part = parameter_sets.subspan(first, std::min(sets_at_once, parameter_sets.size() - first));
    RETURN_IF_ERROR(usable());
    for (const std::vector<Value>& parameters : part) {
      RETURN_IF_ERROR(note(connection_->send(sql, parameters, Answer::keep)));
    }
    ASSIGN_OR_RETURN(const Answers answers, read());
    INVARIANT(answers.kept.size() == part.size(), "each query has one answer");
    for (std::size_t i = 0; i < part.size(); ++i) {
      for_each_row(*answers.kept[i], [&](const Row& row) {
        on_row(first + i, row);
        return true;
      });
    }
  }
  return {};
}

Status PostgresSession::execute(const Sql& sql, std::span<const Value> parameters) {
  INVARIANT(state_ == State::transaction, "execute() outside a transaction");
  RETURN_IF_ERROR(usable());
  return note(connection_->send(sql, parameters, Answer::ignore));
}

Status PostgresSession::run_script(std::string_view sql) {
  RETURN_IF_ERROR(usable());
  if (connection_->queued_count() > 0) RETURN_IF_ERROR(read());
  return note(connection_->run_script(expand_macros(sql, Engine::postgres)));
}

Status PostgresSession::query_text(std::string_view sql, std::span<const Value> parameters,
                                   const RowHandler& on_row) {
  RETURN_IF_ERROR(usable());
  RETURN_IF_ERROR(note(connection_->send_text(sql, parameters, Answer::keep)));
  return read_one(on_row);
}

Status PostgresSession::make_durable() {
  RETURN_IF_ERROR(begin());
  Status written = query(write_a_message, {}, [](const Row&) { return true; });
  if (!written) {
    rollback();
    return written;
  }
  const CommitResult result = commit();
  return result.outcome == CommitOutcome::committed ? Status() : Status(*result.error);
}

Result<bool> PostgresSession::try_write_lock() {
  if (holds_write_lock()) return true;
  INVARIANT(state_ == State::idle, "the right to write is taken between transactions");
  if (role_ == Role::reader) return Error(Errc::database_error, "this session can only read");
  const Value key[] = {Value::integer(lock_key(LockKind::writer, schema_))};
  RETURN_IF_ERROR(query(try_lock, key, [this](const Row& row) {
    locked_ = row.integer(0) != 0;
    return true;
  }));
  return locked_;
}

}  // namespace jangbu::store::postgres
