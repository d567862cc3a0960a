// When the write-ahead log is copied into the database, and by whom. See checkpoint.cpp for why this is safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "store/sqlite/connection.h"

namespace jangbu::store::sqlite {

struct CheckpointPolicy {
  /// A helper thread copies what it can while the writer goes on; the writer copies the rest.
  bool helper_thread = true;
  /// Pages committed since the last checkpoint that make the next one worth while.
  int start_pages = 1000;
  /// The helper goes on, round after round, until no more pages than this were committed behind its back; the
  /// writer copies those, and the log starts again at its beginning.
  int finish_pages = 300;
  /// A log of this many pages is finished whatever is left of it, because the helper does not keep up.
  int limit_pages = 50'000;
};

/// Belongs to the writer's connection and is used by its thread only.
class Checkpointer {
 public:
  /// `helper` is a second connection to the same database, for the helper thread alone; null when the policy
  /// has none.
  Checkpointer(Connection& writer, std::unique_ptr<Connection> helper, CheckpointPolicy policy);
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;
  /// Waits for a checkpoint that is under way.
  ~Checkpointer();

  /// Looks whether a checkpoint is due. Call it between transactions. A checkpoint that fails is logged and
  /// tried again later: the log still holds everything.
  void after_commit();

 private:
  enum class Stage : std::uint8_t {
    idle,     // no checkpoint is under way
    copying,  // the helper is inside its checkpoint
    copied,   // the helper is done; the writer's turn has not come yet
  };

  void start();
  static int on_commit(void* self, sqlite3* db, const char* name, int log_pages);
  void finish();
  void help();

  Connection& writer_;
  std::unique_ptr<Connection> helper_;
  const CheckpointPolicy policy_;
  // Pages in the log after the last commit, and when the last checkpoint began. The log starts again at its
  // beginning once all of it was copied, so the count of pages falls then.
  int log_pages_ = 0;
  int copied_pages_ = 0;
  bool committed_since_ = false;
  bool next_round_ = false;  // the helper was not quick enough and goes on after the next commit

  std::mutex mutex_;
  std::condition_variable wake_;
  Stage stage_ = Stage::idle;  // guarded by mutex_
  bool stop_ = false;          // guarded by mutex_
  std::thread thread_;
};

}  // namespace jangbu::store::sqlite
