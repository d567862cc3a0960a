// The engine as this folder's threads use it: behind functions, so that tests drive it by hand.
#pragma once

#include <functional>
#include <future>
#include <memory>

#include "engine/engine.h"

namespace jangbu::payment {

/// Each as the engine's function of that name. Thread-safe.
struct Books {
  std::function<Status(std::unique_ptr<engine::Command>)> submit;
  std::function<void(engine::Engine::ReadJob, engine::Engine::ReadFailed)> read;
  std::function<bool()> is_writer;
};
/// The engine must outlive what is returned.
Books books_of(engine::Engine& engine);

/// Runs `job` over a snapshot and waits for it. Not for the writer's or a reader's thread. `job` returns a
/// Result.
template <typename Job>
auto read_and_wait(const Books& books, Job job) -> std::invoke_result_t<Job, store::Session&> {
  using Answer = std::invoke_result_t<Job, store::Session&>;
  auto promise = std::make_shared<std::promise<Answer>>();
  auto future = promise->get_future();
  books.read([promise, job = std::move(job)](store::Session& session) { promise->set_value(job(session)); },
             [promise](const Error& error) { promise->set_value(Answer(error)); });
  return future.get();
}

}  // namespace jangbu::payment
