#include "http/answer_batch.h"

#include "base/invariant.h"

namespace jangbu::http {
namespace {

thread_local AnswerBatch* current_batch = nullptr;

}  // namespace

AnswerBatch::AnswerBatch() {
  INVARIANT(current_batch == nullptr, "one batch of answers on a thread");
  current_batch = this;
}

AnswerBatch::~AnswerBatch() {
  current_batch = nullptr;
  for (const auto& wake : wakes_) wake();
}

AnswerBatch* AnswerBatch::current() { return current_batch; }

}  // namespace jangbu::http
