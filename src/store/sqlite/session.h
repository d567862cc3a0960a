// A Session over one SQLite connection: transactions, and what their failure means.
#pragma once

#include <memory>
#include <optional>

#include "store/database.h"
#include "store/sqlite/checkpoint.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/lock_file.h"

namespace jangbu::store::sqlite {

/// The writer's session when it has a lock file or is the in-memory database's; else a reader's, whose
/// begin() is refused.
class SqliteSession final : public WriterSession {
 public:
  enum class Role : std::uint8_t { reader, writer };

  SqliteSession(Role role, std::shared_ptr<LockFile> lock, std::unique_ptr<Connection> connection)
      : role_(role), lock_(std::move(lock)), connection_(std::move(connection)) {}
  SqliteSession(const SqliteSession&) = delete;
  SqliteSession& operator=(const SqliteSession&) = delete;
  ~SqliteSession() override;

  /// Only for the writer of a file; without it the log is copied when the session closes.
  void start_checkpoints(std::unique_ptr<Connection> helper, CheckpointPolicy policy);

  Status begin() override;
  Status begin_snapshot() override;
  void end_snapshot() override;
  CommitResult commit() override;
  void rollback() override;
  Status query(const Sql& sql, std::span<const Value> parameters, const RowHandler& on_row) override;
  Status query_each(const Sql& sql, std::span<const std::vector<Value>> parameter_sets,
                    const std::function<void(std::size_t, const Row&)>& on_row) override;
  Status execute(const Sql& sql, std::span<const Value> parameters) override;
  Status run_script(std::string_view sql) override;
  Status query_text(std::string_view sql, std::span<const Value> parameters,
                    const RowHandler& on_row) override;

  [[nodiscard]] bool holds_write_lock() const override { return role_ == Role::writer && !broken_; }
  Result<bool> try_write_lock() override { return holds_write_lock(); }
  Status begin_exclusive() override { return begin(); }
  Status make_durable() override;
  void after_commit() override;

 private:
  enum class State : std::uint8_t { idle, transaction, snapshot };

  [[nodiscard]] Status usable() const;
  Status note(Status status);

  const Role role_;
  // Declared first, so that it is released last, when nothing of ours touches the files any more.
  std::shared_ptr<LockFile> lock_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Checkpointer> checkpointer_;
  State state_ = State::idle;
  std::optional<Error> failed_;  // the first error of the open transaction
  bool broken_ = false;
};

}  // namespace jangbu::store::sqlite
