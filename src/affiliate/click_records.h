// What is recorded of clicks: one record for all that were taken between two flushes of the buffer. Format:
// docs/formats/click-records.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "affiliate/lpinfo.h"
#include "affiliate/types.h"
#include "base/bytes.h"
#include "base/result.h"
#include "engine/record.h"

namespace jangbu::affiliate {

inline constexpr engine::RecordKind clicks_taken_kind = 65;
inline constexpr std::size_t clicks_of_a_record = 4096;

/// What is odd about a click, as bits; stored. A mark keeps a click out of nothing but the counts that say
/// so.
/// The visitor clicked for this affiliate and merchant within the ten seconds before.
inline constexpr std::uint64_t click_repeat = 1;
/// The visitor clicks faster than people do.
inline constexpr std::uint64_t click_burst = 2;
/// The agent says that it is a robot.
inline constexpr std::uint64_t click_bot = 4;
/// The agent is a library, or a browser without a screen.
inline constexpr std::uint64_t click_program = 8;
/// A HEAD, or a browser that prefetches: nobody has clicked yet, so it is not counted.
inline constexpr std::uint64_t click_look_ahead = 16;
inline constexpr std::uint64_t all_click_marks = 31;

inline constexpr std::int64_t minute_us = 60'000'000;

/// One click. `Text` is std::string, or a view into whatever it was read from.
template <typename Text>
struct BasicClick {
  AffiliateNumber affiliate = 0;
  MerchantNumber merchant = 0;
  Text l;
  Text l_cd1;
  Text l_cd2;
  Text user_id;
  Instant at;                 // business time
  std::uint64_t visitor = 0;  // a MAC of address and agent: tells visitors apart and names none
  DeviceType device = DeviceType::unknown;
  std::uint64_t marks = 0;  // bits of click_repeat and the others

  [[nodiscard]] bool is_counted() const { return (marks & click_look_ahead) == 0; }
  friend bool operator==(const BasicClick&, const BasicClick&) = default;
};
using Click = BasicClick<std::string>;
using ClickView = BasicClick<std::string_view>;

Click to_click(const ClickView& view);

/// The clicks of one minute with consecutive sequences, as they are collected.
class ClickRun {
 public:
  explicit ClickRun(ClickId first) : first_(first) {}

  /// Whether one more click, at this minute, belongs into the run.
  [[nodiscard]] bool takes(std::uint32_t minute) const;
  /// Its id. INVARIANT: takes() the minute of click.at.
  ClickId add(const ClickView& click);
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::size_t size_bytes() const { return clicks_.size(); }
  [[nodiscard]] ClickId first() const { return first_; }
  [[nodiscard]] bool holds(ClickId id) const;
  /// The record's payload. INVARIANT: there are clicks.
  [[nodiscard]] Bytes payload() const;

 private:
  ClickId first_;
  std::size_t count_ = 0;
  Bytes clicks_;
};

/// Reads a payload of clicks_taken_kind, click by click, without copying a text.
class ClicksReader {
 public:
  /// Error: invalid_encoding.
  static Result<ClicksReader> open(ByteView payload);

  [[nodiscard]] ClickId first() const { return first_; }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t last_sequence() const { return first_.sequence + count_ - 1; }
  /// The next click, whose texts live as long as the payload; nothing after the last one, or at one that does
  /// not read.
  std::optional<ClickView> next();
  /// After next() said nothing: whether all has been read and nothing is left over. Error: invalid_encoding.
  [[nodiscard]] Status finish() const;

 private:
  ClicksReader(ByteReader in) : in_(in) {}

  ByteReader in_;
  ClickId first_;
  std::uint64_t count_ = 0;
  std::uint64_t read_ = 0;
};

/// Whether the whole payload reads. Error: invalid_encoding.
Status check_clicks(ByteView payload);
/// One click of a payload; nothing when its id is of another run. Error: invalid_encoding.
Result<std::optional<Click>> click_in(ByteView payload, ClickId id);

}  // namespace jangbu::affiliate
