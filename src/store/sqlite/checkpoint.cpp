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

/// PASSIVE: copies what no reader is in the way of, and waits for nobody.
void checkpoint(Connection& connection) {
  // Busy means that the header was read while the writer was changing it; nothing was done or noted then, so
  // that trying again is still the same checkpoint.
  constexpr int most_tries = 10;
  int code = SQLITE_BUSY;
  for (int tries = 0; code == SQLITE_BUSY && tries < most_tries; ++tries) {
    if (tries > 0) std::this_thread::yield();
    code =
        sqlite3_wal_checkpoint_v2(connection.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  }
  if (code == SQLITE_OK || code == SQLITE_BUSY) return;
  spdlog::warn("checkpoint of the database failed, it will be tried again: {}",
               to_string(error_of(connection.handle(), code)));
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
  const std::lock_guard lock(mutex_);
  if (stage_ == Stage::copying) return;
  const int uncopied_pages = log_pages_ - copied_pages_;
  if (stage_ == Stage::copied) {
    stage_ = Stage::idle;
    committed_since_ = false;
    next_round_ = uncopied_pages > policy_.finish_pages && log_pages_ < policy_.limit_pages;
    if (!next_round_) finish();
    return;
  }
  if (!committed_since_ || (uncopied_pages < policy_.start_pages && !next_round_)) return;
  if (helper_ == nullptr) {
    finish();
  } else {
    start();
  }
}

void Checkpointer::start() {
  copied_pages_ = log_pages_;
  next_round_ = false;
  stage_ = Stage::copying;
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
