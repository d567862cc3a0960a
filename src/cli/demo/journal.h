// DIR/demo.jsonl: when the story of `jangbu demo` began, which of its scenes were played, and what they made.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace jangbu::cli::demo {

/// What scenes made, by the names that later scenes ask for: "order 3" is "HUBPAY-20260525-4K7Q".
using Notes = std::map<std::string, std::string>;

/// Played scenes, one line each: a story that was interrupted goes on after the last of them.
class Journal {
 public:
  /// Reads it, or begins it with this moment, story and receiver. A last line that was not written to its end
  /// is dropped: its scene is played again. Errors: io_error, invalid_configuration when it is damaged.
  static Result<Journal> open(const std::string& path, Instant now, int story, const std::string& receiver);

  /// The number of the story that is told in it.
  [[nodiscard]] int story() const { return story_; }
  [[nodiscard]] Instant start() const { return start_; }
  /// Who hears of what the story makes; bodies that are sent again must say the same.
  [[nodiscard]] const std::string& receiver() const { return receiver_; }
  [[nodiscard]] bool has(const std::string& scene) const { return scenes_.contains(scene); }
  /// Empty when there is none.
  [[nodiscard]] std::string note(const std::string& name) const;
  Status add(const std::string& scene, const Notes& notes);

 private:
  Status read(const std::string& text);

  std::string path_;
  int story_ = 0;
  Instant start_;
  std::string receiver_;
  std::map<std::string, bool> scenes_;
  Notes notes_;
};

}  // namespace jangbu::cli::demo
