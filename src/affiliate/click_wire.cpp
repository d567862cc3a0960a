#include "affiliate/click_wire.h"

#include <array>
#include <vector>

#include "base/json.h"
#include "http/json_body.h"
#include "http/message.h"

namespace jangbu::affiliate {
namespace {

constexpr std::uint64_t max_clicks = 100;

struct MarkName {
  std::uint64_t mark;
  std::string_view name;
};
constexpr std::array mark_names = {MarkName{click_repeat, "repeat"}, MarkName{click_burst, "burst"},
                                   MarkName{click_bot, "bot"}, MarkName{click_program, "program"},
                                   MarkName{click_look_ahead, "look_ahead"}};

/// A list's query, read parameter by parameter; collects what is wrong.
class ClickListQuery {
 public:
  ClickListQuery(std::string_view query, const Config& config)
      : pairs_(http::parse_query(query)), config_(config) {}

  /// Asks `read` for each parameter: why it is wrong, or nothing. Error: invalid_parameters.
  template <typename Read>
  Status each(const Read& read) const {
    std::string wrong;
    for (const auto& [name, value] : pairs_)
      if (const std::string_view why = read(name, value); !why.empty())
        wrong += (wrong.empty() ? "" : "; ") + name + " " + std::string(why);
    if (wrong.empty()) return {};
    return Error(Errc::invalid_parameters, wrong);
  }

  /// Those that both lists have; false when it is another one.
  template <typename Filter>
  bool read_common(std::string_view name, const std::string& value, Filter& filter, std::size_t& limit,
                   std::string_view& why) const {
    if (name == "affiliate_id") {
      const AffiliateSet* affiliate = config_.affiliate(value);
      if (affiliate == nullptr) return why = "is no affiliate's", true;
      filter.affiliate = affiliate->number;
    } else if (name == "merchant_id") {
      const MerchantSet* merchant = config_.merchant(value);
      if (merchant == nullptr) return why = "is no merchant's", true;
      filter.merchant = merchant->number;
    } else if (name == "limit") {
      const auto wanted = http::whole_number(value, 1, max_clicks);
      if (!wanted) return why = "must be a whole number from 1 to 100", true;
      limit = *wanted;
    } else {
      return false;
    }
    return true;
  }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
  const Config& config_;
};

/// Three whole numbers with dots between them: how cursors are written.
std::optional<std::array<std::uint64_t, 3>> parse_cursor(std::string_view text) {
  std::array<std::uint64_t, 3> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t dot = text.find('.');
    const auto part = http::whole_number(text.substr(0, dot), 0, INT64_MAX);
    if (!part || (dot == std::string_view::npos) != (i + 1 == parts.size())) return std::nullopt;
    parts[i] = *part;
    text.remove_prefix(std::min(dot, text.size() - 1) + 1);
  }
  return parts;
}

std::string cursor_text(std::uint64_t first, std::uint64_t second, std::uint64_t third) {
  return std::to_string(first) + "." + std::to_string(second) + "." + std::to_string(third);
}

void put_cursor(json::Writer& out, const std::optional<std::string>& cursor) {
  out.key("next");
  cursor ? out.string(*cursor) : out.null();
}

std::string_view id_of_merchant(const Config& config, MerchantNumber number) {
  const MerchantSet* merchant = config.merchant(number);
  return merchant == nullptr ? std::string_view() : std::string_view(merchant->id);
}

void put_click(json::Writer& out, const ClickFound& found, const Config& config, ClickReader reader) {
  const Click& click = found.click;
  std::string id;
  append_click_id(found.id, id);
  out.begin_object().key("click_id").string(id).key("at").string(to_rfc3339(click.at));
  out.key("affiliate_id").string(affiliate_id(click.affiliate));
  out.key("merchant_id").string(id_of_merchant(config, click.merchant));
  out.key("l").string(click.l).key("l_cd1").string(click.l_cd1).key("l_cd2").string(click.l_cd2);
  out.key("u_id").string(click.user_id).key("device").string(device_name(click.device));
  if (reader == ClickReader::office) {
    Bytes visitor;
    ByteWriter(visitor).u64(click.visitor);
    out.key("visitor").string(to_hex(visitor));
  }
  out.key("marks").begin_array();
  for (const MarkName& mark : mark_names)
    if ((click.marks & mark.mark) != 0) out.string(mark.name);
  out.end_array().end_object();
}

std::string_view read_mark(std::string_view value, ClickFilter& filter) {
  if (value == "none") return filter.marks = 0, "";
  for (const MarkName& mark : mark_names)
    if (value == mark.name) return filter.marks = mark.mark, "";
  return "must be none, repeat, burst, bot, program or look_ahead";
}

std::string_view read_instant(std::string_view value, Instant& at) {
  const auto parsed = parse_rfc3339(value);
  if (!parsed) return "must be an instant with its offset: 2026-05-25T10:00:00+09:00";
  at = *parsed;
  return "";
}

std::string_view read_day(std::string_view value, Day& day) {
  const auto number = http::whole_number(value, 19'700'101, 99'991'231);
  if (!number || !start_of(static_cast<Day>(*number))) return "must be a day: 20260525";
  day = static_cast<Day>(*number);
  return "";
}

constexpr std::string_view wrong_cursor = "must be that of another page";
constexpr std::string_view unknown_parameter = "is no parameter of this list";

}  // namespace

Result<ClickList> read_click_list(std::string_view query, const Config& config) {
  ClickList list;
  const ClickListQuery pairs(query, config);
  RETURN_IF_ERROR(pairs.each([&](const std::string& name, const std::string& value) -> std::string_view {
    std::string_view why;
    if (pairs.read_common(name, value, list.filter, list.limit, why)) return why;
    if (name == "u_id") return list.filter.user_id = value, "";
    if (name == "mark") return read_mark(value, list.filter);
    if (name == "from") return read_instant(value, list.filter.from);
    if (name == "to") return read_instant(value, list.filter.to);
    if (name != "cursor") return unknown_parameter;
    const auto cursor = parse_cursor(value);
    if (!cursor || (*cursor)[0] >= click_minutes || (*cursor)[2] > clicks_of_a_record) return wrong_cursor;
    list.after = ClickPlace{static_cast<std::uint32_t>((*cursor)[0]), (*cursor)[1], (*cursor)[2]};
    return "";
  }));
  return list;
}

Result<ClickDayList> read_click_day_list(std::string_view query, const Config& config) {
  ClickDayList list;
  const ClickListQuery pairs(query, config);
  RETURN_IF_ERROR(pairs.each([&](const std::string& name, const std::string& value) -> std::string_view {
    std::string_view why;
    if (pairs.read_common(name, value, list.filter, list.limit, why)) return why;
    if (name == "from") return read_day(value, list.filter.from);
    if (name == "to") return read_day(value, list.filter.to);
    if (name != "cursor") return unknown_parameter;
    const auto cursor = parse_cursor(value);
    if (!cursor || (*cursor)[0] > UINT32_MAX) return wrong_cursor;
    list.after = ClickDayTraits::Key{static_cast<Day>((*cursor)[0]), (*cursor)[1], (*cursor)[2]};
    return "";
  }));
  return list;
}

std::string render_clicks(const ClickPage& page, const Config& config, ClickReader reader) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("clicks").begin_array();
  for (const ClickFound& found : page.clicks) put_click(out, found, config, reader);
  out.end_array();
  std::optional<std::string> next;
  if (page.next) next = cursor_text(page.next->minute, page.next->record, page.next->ordinal);
  put_cursor(out, next);
  out.end_object();
  return text;
}

std::string render_click(const ClickFound& found, const Config& config) {
  std::string text;
  json::Writer out(text);
  put_click(out, found, config, ClickReader::office);
  return text;
}

Result<Month> read_click_month(std::string_view query) {
  Month month = 0;
  for (const auto& [name, value] : http::parse_query(query)) {
    const auto number = http::whole_number(value, 197'001, 999'912);
    if (name != "month") return Error(Errc::invalid_parameters, name + " " + std::string(unknown_parameter));
    if (!number || !start_of(static_cast<Day>(*number * 100 + 1)))
      return Error(Errc::invalid_parameters, "month must be one: 202605");
    month = static_cast<Month>(*number);
  }
  if (month == 0) return Error(Errc::invalid_parameters, "month must be there");
  return month;
}

std::string render_click_sums(Month month, const std::vector<ClickDaySum>& sums) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("month").string(std::to_string(month)).key("days").begin_array();
  for (const ClickDaySum& sum : sums) {
    out.begin_object().key("day").string(std::to_string(sum.day));
    out.key("clicks").unsigned_number(sum.clicks);
    out.key("unique").unsigned_number(std::min(sum.visitors.count(), sum.clicks));
    out.key("marked").unsigned_number(sum.marked).end_object();
  }
  out.end_array().end_object();
  return text;
}

std::string render_click_days(const ClickDayPage& page, const Config& config) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("days").begin_array();
  for (const ClickDay& day : page.days) {
    out.begin_object().key("day").string(std::to_string(day.day));
    out.key("affiliate_id").string(affiliate_id(day.affiliate));
    out.key("merchant_id").string(id_of_merchant(config, day.merchant));
    out.key("clicks").unsigned_number(day.row.clicks);
    out.key("unique").unsigned_number(std::min(day.row.visitors.count(), day.row.clicks));
    out.key("marked").unsigned_number(day.row.marked).end_object();
  }
  out.end_array();
  std::optional<std::string> next;
  if (page.next) next = std::apply([](auto... part) { return cursor_text(part...); }, *page.next);
  put_cursor(out, next);
  out.end_object();
  return text;
}

}  // namespace jangbu::affiliate
