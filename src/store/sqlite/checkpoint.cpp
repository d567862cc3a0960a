// Checkpoints that cannot meet SQLite's WAL-reset fault.
//
// The fault (all releases before 3.51.3; Debian 12 has 3.40): a checkpoint reads from the log's header how
// many pages the log holds, and later notes that it copied that many. A writer that starts the log again at
// its beginning in between makes the note count pages of the new log, which then are never copied: the
// database is damaged. SQLite's locks do not keep the two apart, because a writer takes no checkpoint lock
// when it restarts the log.
//
// A writer restarts the log only in a transaction at whose start every page of the log was noted as copied
// (nBackfill == mxFrame). So no restart can meet the helper's checkpoint as long as some page is not noted as
// copied from the moment the helper is woken until it makes its own note, which is the last thing it does.
// That holds because
//   1. only the helper and the writer's finish() make notes, and they never overlap: the writer wakes the
//   helper only when
//      idle, and finishes only when the helper is done;
//   2. the helper is woken only by the writer, between transactions, after a commit that began after it saw
//   the end of the
//      last checkpoint. That commit wrote at least one page (SQLite calls the commit hook for no other),
//      behind every page that was noted as copied, or into a restarted log with none noted.
// finish() runs on the writer's own thread, where no restart can happen at the same time. Readers neither
// write nor checkpoint, not even when they close.
#include "store/sqlite/checkpoint.h"

#include <utility>

#include <spdlog/spdlog.h>
#include <sqlite3.h>

namespace jangbu::store::sqlite {
namespace {

/// PASSIVE: copies what no reader is in the way of and waits for nobody. Returns whether it succeeded.
bool checkpoint(Connection& connection) {
  const int code =
      sqlite3_wal_checkpoint_v2(connection.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code == SQLITE_OK) return true;
  spdlog::warn("checkpoint of the database failed, it will be tried again: {}",
               to_string(error_of(connection.handle(), code)));
  return false;
}

}  // namespace

Checkpointer::Checkpointer(Connection& writer, std::unique_ptr<Connection> helper, CheckpointPolicy policy)
    : writer_(writer), helper_(std::move(helper)), policy_(policy) {
  sqlite3_wal_hook(writer_.handle(), on_commit, this);
  if (helper_ != nullptr) thread_ = std::thread([this] { help(); });
}

Checkpointer::~Checkpointer() {
  if (thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  sqlite3_wal_hook(writer_.handle(), nullptr, nullptr);
}

int Checkpointer::on_commit(void* self, sqlite3* /*db*/, const char* /*name*/, int log_pages) {
  auto* checkpointer = static_cast<Checkpointer*>(self);
  if (log_pages < checkpointer->log_pages_) checkpointer->copied_pages_ = 0;
  checkpointer->log_pages_ = log_pages;
  checkpointer->committed_since_ = true;
  return SQLITE_OK;
}

void Checkpointer::after_commit() {
  std::unique_lock lock(mutex_);
  switch (stage_) {
    case Stage::copying:
      return;
    case Stage::copied:
      stage_ = Stage::idle;
      committed_since_ = false;
      if (log_pages_ >= policy_.finish_pages) finish();
      return;
    case Stage::idle:
      break;
  }
  if (!committed_since_ || log_pages_ - copied_pages_ < policy_.start_pages) return;
  if (helper_ == nullptr) {
    finish();
    return;
  }
  copied_pages_ = log_pages_;
  stage_ = Stage::copying;
  lock.unlock();
  wake_.notify_one();
}

void Checkpointer::finish() {
  checkpoint(writer_);
  // Also after a failure, so that it is tried again after the next pages and not at every commit.
  copied_pages_ = log_pages_;
  committed_since_ = false;
}

void Checkpointer::help() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stop_ || stage_ == Stage::copying; });
    if (stop_) return;
    lock.unlock();
    checkpoint(*helper_);
    lock.lock();
    stage_ = Stage::copied;
  }
}

}  // namespace jangbu::store::sqlite
