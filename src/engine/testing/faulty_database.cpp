#include "engine/testing/faulty_database.h"

namespace jangbu::engine::testing {

using store::CommitOutcome;
using store::CommitResult;

/// A writer's session that asks its database whether it may work.
class FaultyDatabase::Session final : public store::WriterSession {
 public:
  Session(FaultyDatabase& database, std::unique_ptr<store::WriterSession> inner)
      : database_(database), inner_(std::move(inner)) {}
  ~Session() override {
    const std::lock_guard lock(database_.mutex_);
    database_.sessions_.erase(this);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Status begin() override {
    RETURN_IF_ERROR(alive());
    return inner_->begin();
  }
  Status begin_snapshot() override {
    RETURN_IF_ERROR(alive());
    return inner_->begin_snapshot();
  }
  void end_snapshot() override { inner_->end_snapshot(); }
  CommitResult commit() override {
    if (const Status status = alive(); !status) return {CommitOutcome::rolled_back, status.error()};
    Errc error{};
    switch (database_.take_commit_fault(error)) {
      case CommitFault::none:
        ++database_.commits_;
        return inner_->commit();
      case CommitFault::unknown_stored: {
        CommitResult result = inner_->commit();
        if (result.outcome != CommitOutcome::committed) return result;
        broken_ = true;
        return {CommitOutcome::unknown, Error(error)};
      }
      case CommitFault::unknown_lost:
        inner_->rollback();
        broken_ = true;
        return {CommitOutcome::unknown, Error(error)};
      case CommitFault::rolled_back:
        inner_->rollback();
        return {CommitOutcome::rolled_back, Error(error)};
    }
    return {CommitOutcome::unknown, Error(Errc::internal)};
  }
  void rollback() override { inner_->rollback(); }

  Status query(const store::Sql& sql, std::span<const store::Value> parameters,
               const store::RowHandler& on_row) override {
    RETURN_IF_ERROR(alive());
    return inner_->query(sql, parameters, on_row);
  }
  Status query_each(const store::Sql& sql, std::span<const std::vector<store::Value>> parameter_sets,
                    const std::function<void(std::size_t, const store::Row&)>& on_row) override {
    RETURN_IF_ERROR(alive());
    return inner_->query_each(sql, parameter_sets, on_row);
  }
  Status execute(const store::Sql& sql, std::span<const store::Value> parameters) override {
    RETURN_IF_ERROR(alive());
    {
      const std::lock_guard lock(database_.mutex_);
      if (database_.write_error_) return *database_.write_error_;
    }
    return inner_->execute(sql, parameters);
  }
  Status run_script(std::string_view sql) override {
    RETURN_IF_ERROR(alive());
    return inner_->run_script(sql);
  }
  Status query_text(std::string_view sql, std::span<const store::Value> parameters,
                    const store::RowHandler& on_row) override {
    RETURN_IF_ERROR(alive());
    return inner_->query_text(sql, parameters, on_row);
  }
  [[nodiscard]] bool holds_write_lock() const override { return !broken_ && inner_->holds_write_lock(); }
  Result<bool> try_write_lock() override {
    RETURN_IF_ERROR(alive());
    return inner_->try_write_lock();
  }
  Status begin_exclusive() override {
    RETURN_IF_ERROR(alive());
    return inner_->begin_exclusive();
  }
  Status make_durable() override {
    RETURN_IF_ERROR(alive());
    return database_.pretends_ ? Status() : inner_->make_durable();
  }
  void after_commit() override {
    if (broken_) return;
    ++database_.upkeeps_;
    inner_->after_commit();
  }

  void cut() { broken_ = true; }

 private:
  /// A session that is cut off lets go of the database, and with it of the right to write, at its next call.
  Status alive() {
    if (!broken_) return {};
    return Error(Errc::database_unavailable, "the connection is lost");
  }

  FaultyDatabase& database_;
  std::unique_ptr<store::WriterSession> inner_;
  std::atomic<bool> broken_{false};
};

FaultyDatabase::~FaultyDatabase() = default;

Result<std::unique_ptr<store::WriterSession>> FaultyDatabase::open_writer() {
  if (refuses_) return Error(Errc::database_unavailable, "sessions are refused");
  ASSIGN_OR_RETURN(auto inner, inner_.open_writer());
  auto session = std::make_unique<Session>(*this, std::move(inner));
  const std::lock_guard lock(mutex_);
  sessions_.insert(session.get());
  return std::unique_ptr<store::WriterSession>(std::move(session));
}

Result<std::unique_ptr<store::Session>> FaultyDatabase::open_reader() {
  if (refuses_) return Error(Errc::database_unavailable, "sessions are refused");
  return inner_.open_reader();
}

void FaultyDatabase::fail_commit(CommitFault fault, Errc error, int nth) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
  fault_error_ = error;
  fault_in_ = nth;
}

void FaultyDatabase::fail_writes(std::optional<Errc> error) {
  const std::lock_guard lock(mutex_);
  write_error_ = error;
}

void FaultyDatabase::cut_off() {
  refuses_ = true;
  const std::lock_guard lock(mutex_);
  for (Session* session : sessions_) session->cut();
}

CommitFault FaultyDatabase::take_commit_fault(Errc& error) {
  const std::lock_guard lock(mutex_);
  if (fault_ == CommitFault::none || --fault_in_ > 0) return CommitFault::none;
  error = fault_error_;
  return std::exchange(fault_, CommitFault::none);
}

}  // namespace jangbu::engine::testing
