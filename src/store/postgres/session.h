// A Session over one PostgreSQL connection: transactions, and what their failure means.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "store/database.h"
#include "store/postgres/connection.h"

namespace jangbu::store::postgres {

class PostgresSession final : public WriterSession {
 public:
  enum class Role : std::uint8_t { reader, writer };

  PostgresSession(Role role, std::string schema, std::unique_ptr<Connection> connection)
      : role_(role), schema_(std::move(schema)), connection_(std::move(connection)) {}

  /// Brings the connection into the state that every session relies on; a writer creates the schema when it
  /// is missing.
  Status configure();

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

  [[nodiscard]] bool holds_write_lock() const override { return locked_ && !connection_->lost(); }
  Result<bool> try_write_lock() override;
  Status begin_exclusive() override;
  /// Commits a message of our own. What is visible may be on this server only, when a connection ended while
  /// its commit waited for a synchronous standby; a later commit waits for all before it. A failed sync is no
  /// concern of ours: the server stops at it.
  Status make_durable() override;
  /// PostgreSQL checkpoints by itself.
  void after_commit() override {}

 private:
  enum class State : std::uint8_t { idle, transaction, snapshot };

  [[nodiscard]] Status usable() const;
  Status note(Status status);
  Status start(const Sql& sql, State state);
  Result<Answers> read();
  Status read_one(const RowHandler& on_row);

  const Role role_;
  const std::string schema_;
  const std::unique_ptr<Connection> connection_;
  State state_ = State::idle;
  std::optional<Error> failed_;  // the first error of the open transaction
  bool locked_ = false;
};

}  // namespace jangbu::store::postgres
