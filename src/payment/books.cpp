#include "payment/books.h"

namespace jangbu::payment {

Books books_of(engine::Engine& engine) {
  return {[&engine](std::unique_ptr<engine::Command> command) { return engine.submit(std::move(command)); },
          [&engine](engine::Engine::ReadJob job, engine::Engine::ReadFailed failed) {
            engine.read(std::move(job), std::move(failed));
          },
          [&engine] { return engine.is_writer(); }};
}

}  // namespace jangbu::payment
