// A progress bar on stderr: rate and time left on a terminal, a plain line now and then elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace jangbu::cli {

class Progress {
 public:
  explicit Progress(const Clock& clock);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `unit` is what is counted: "records". Cheap to call often.
  void update(std::string_view unit, std::uint64_t done, std::uint64_t total);

 private:
  void line_end();

  const Clock& clock_;
  bool terminal_;
  std::string unit_;
  std::int64_t start_us_ = 0;
  std::int64_t shown_us_ = 0;
  bool line_open_ = false;
};

}  // namespace jangbu::cli
