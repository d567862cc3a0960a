// Answers that become ready together wake their lanes once.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace jangbu::http {

/// While one lives on a thread, answers that this thread gives are queued at their lanes, and the lanes are
/// woken when it goes. Without it a lane is woken for each answer that finds its queue empty, which for the
/// answers of a batch is nearly every one: the lane empties its queue as fast as it is filled. Not copied,
/// not moved, at most one on a thread (INVARIANT).
class AnswerBatch {
 public:
  AnswerBatch();
  ~AnswerBatch();
  AnswerBatch(const AnswerBatch&) = delete;
  AnswerBatch& operator=(const AnswerBatch&) = delete;

  /// The one of this thread, or nullptr.
  static AnswerBatch* current();
  /// `wake` is called when the batch ends; it must not throw.
  void add(std::function<void()> wake) { wakes_.push_back(std::move(wake)); }

 private:
  std::vector<std::function<void()>> wakes_;
};

}  // namespace jangbu::http
