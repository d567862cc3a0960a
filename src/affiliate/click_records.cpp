#include "affiliate/click_records.h"

#include "affiliate/click_link.h"
#include "base/invariant.h"

namespace jangbu::affiliate {
namespace {

Instant start_of_minute(std::uint32_t minute) { return Instant{minute * minute_us}; }

}  // namespace

Click to_click(const ClickView& view) {
  return {view.affiliate,
          view.merchant,
          std::string(view.l),
          std::string(view.l_cd1),
          std::string(view.l_cd2),
          std::string(view.user_id),
          view.at,
          view.visitor,
          view.device,
          view.marks};
}

bool ClickRun::takes(std::uint32_t minute) const {
  return minute == first_.minute && count_ < clicks_of_a_record && first_.sequence + count_ < click_sequences;
}

ClickId ClickRun::add(const ClickView& click) {
  INVARIANT(takes(click_minute(click.at)), "a run of clicks is of one minute, and bounded");
  ByteWriter out(clicks_);
  out.varint(static_cast<std::uint64_t>((click.at - start_of_minute(first_.minute)).us));
  out.varint(click.affiliate);
  out.varint(click.merchant);
  out.text(click.l);
  out.text(click.l_cd1);
  out.text(click.l_cd2);
  out.text(click.user_id);
  out.u64(click.visitor);
  out.varint(static_cast<std::uint64_t>(click.device));
  out.varint(click.marks);
  return {first_.minute, first_.sequence + count_++};
}

bool ClickRun::holds(ClickId id) const {
  return id.minute == first_.minute && id.sequence >= first_.sequence &&
         id.sequence - first_.sequence < count_;
}

Bytes ClickRun::payload() const {
  INVARIANT(count_ > 0, "a record of clicks has some");
  Bytes payload;
  payload.reserve(clicks_.size() + 24);
  ByteWriter out(payload);
  out.varint(first_.minute);
  out.varint(first_.sequence);
  out.varint(count_);
  out.raw(clicks_);
  return payload;
}

Result<ClicksReader> ClicksReader::open(ByteView payload) {
  ClicksReader reader{ByteReader(payload)};
  const std::uint64_t minute = reader.in_.varint();
  reader.first_.sequence = reader.in_.varint();
  reader.count_ = reader.in_.varint();
  if (!reader.in_.ok() || minute >= click_minutes || reader.count_ == 0 ||
      reader.count_ > clicks_of_a_record || reader.first_.sequence > click_sequences - reader.count_)
    return Errc::invalid_encoding;
  reader.first_.minute = static_cast<std::uint32_t>(minute);
  return reader;
}

std::optional<ClickView> ClicksReader::next() {
  if (read_ == count_ || !in_.ok()) return std::nullopt;
  ++read_;
  const std::uint64_t after_us = in_.varint();
  ClickView click;
  click.affiliate = in_.varint();
  click.merchant = in_.varint();
  click.l = in_.text();
  click.l_cd1 = in_.text();
  click.l_cd2 = in_.text();
  click.user_id = in_.text();
  click.visitor = in_.u64();
  const std::uint64_t device = in_.varint();
  click.marks = in_.varint();
  if (after_us >= minute_us || click.affiliate == 0 || click.merchant == 0 || !is_link_kind(click.l) ||
      !is_link_code(click.l_cd1) || !is_link_code(click.l_cd2) || click.user_id.size() > max_user_id_bytes ||
      device > static_cast<std::uint64_t>(DeviceType::app_android) || click.marks > all_click_marks)
    in_.fail();
  if (!in_.ok()) return std::nullopt;
  click.at = start_of_minute(first_.minute) + Duration{static_cast<std::int64_t>(after_us)};
  click.device = static_cast<DeviceType>(device);
  return click;
}

Status ClicksReader::finish() const {
  if (read_ != count_) return Errc::invalid_encoding;
  return in_.finish();
}

Status check_clicks(ByteView payload) {
  ASSIGN_OR_RETURN(ClicksReader reader, ClicksReader::open(payload));
  while (reader.next()) continue;
  return reader.finish();
}

Result<std::optional<Click>> click_in(ByteView payload, ClickId id) {
  ASSIGN_OR_RETURN(ClicksReader reader, ClicksReader::open(payload));
  if (id.minute != reader.first().minute || id.sequence < reader.first().sequence ||
      id.sequence > reader.last_sequence())
    return std::optional<Click>();
  std::uint64_t sequence = reader.first().sequence;
  while (const auto click = reader.next())
    if (sequence++ == id.sequence) return std::optional<Click>(to_click(*click));
  return Errc::invalid_encoding;
}

}  // namespace jangbu::affiliate
