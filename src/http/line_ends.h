// How the lines of a message end, which http_parser does not say: it takes a bare LF for an end, what begins
// with a blank for more of the line before (obs-fold), and anything for the CR LF around chunks. A proxy in
// front may read such lines otherwise, and requests could be smuggled past it (RFC 9112 2.2, 5.2, 7.1). Looks
// at what stands between the texts that http_parser hands over. Internal to lane.cpp.
#pragma once

#include <cstdint>
#include <string_view>

namespace jangbu::http {

class LineEnds {
 public:
  /// The bytes that are parsed next. They stay where they are until leave().
  void take(std::string_view bytes) {
    here_ = bytes.data();
    end_ = here_ + bytes.size();
  }
  /// All of them were parsed.
  void leave() {
    if (watching_) walk_to(end_);
    here_ = end_ = nullptr;
  }
  /// A message begins, whose first line goes on with `at`.
  void begin(const char* at) {
    watching_ = true;
    sound_ = true;
    state_ = State::text;
    here_ = at;
  }
  /// A text of a line. False when it goes on with the line before, or a line did not end as it must.
  bool pass(std::string_view text) {
    walk_to(text.data());
    if (!text.empty()) step(text.front());
    here_ = text.data() + text.size();
    return sound_;
  }
  /// What a chunk holds, which may be anything. False as in pass().
  bool pass_data(std::string_view data) {
    walk_to(data.data());
    if (!data.empty()) state_ = State::data;
    here_ = data.data() + data.size();
    return sound_;
  }
  /// The lines up to the next empty one, which the bytes have. False as in pass().
  bool finish_block() {
    while (sound_ && state_ != State::end_of_block && here_ < end_) step(*here_++);
    state_ = State::line;
    return sound_;
  }
  /// What follows are no lines.
  void stop() { watching_ = false; }
  /// Whether the message's lines go on: of its body, when that comes in chunks.
  [[nodiscard]] bool watches() const { return watching_; }

 private:
  enum class State : std::uint8_t { text, data, line, cr, cr_of_empty_line, end_of_block };

  void walk_to(const char* at) {
    while (here_ < at) step(*here_++);
  }
  void step(char c) {
    if (state_ == State::cr || state_ == State::cr_of_empty_line) {
      sound_ = sound_ && c == '\n';
      state_ = state_ == State::cr ? State::line : State::end_of_block;
    } else if (c == '\r') {
      state_ = state_ == State::line ? State::cr_of_empty_line : State::cr;
    } else {
      const bool is_fold = state_ == State::line && (c == ' ' || c == '\t');
      if (is_fold || c == '\n' || state_ == State::data) sound_ = false;
      state_ = State::text;
    }
  }

  const char* here_ = nullptr;
  const char* end_ = nullptr;
  State state_ = State::text;
  bool watching_ = false;
  bool sound_ = true;
};

}  // namespace jangbu::http
