#include "affiliate/click_queries.h"

#include <algorithm>
#include <tuple>

#include "affiliate/clicks.h"
#include "engine/unit.h"

namespace jangbu::affiliate {
namespace {

using store::Value;

/// What one page looks at: rows of runs, records, rows of days.
constexpr std::uint64_t max_runs = 5000;
constexpr std::uint64_t max_records = 32;
constexpr std::uint64_t max_days = 2000;

const store::Sql runs_of_minute_sql{
    "SELECT minute, record, first, affiliates, merchants FROM affiliate_click_runs WHERE minute = $1 AND "
    "record <= $2 ORDER BY record DESC LIMIT $3"};
const store::Sql runs_before_sql{
    "SELECT minute, record, first, affiliates, merchants FROM affiliate_click_runs WHERE minute < $1 AND "
    "minute >= $2 ORDER BY minute DESC, record DESC LIMIT $3"};

#define JANGBU_CLICK_DAY_COLUMNS "day, affiliate, merchant, clicks, marked, visitors"
const store::Sql days_sql{
    "SELECT " JANGBU_CLICK_DAY_COLUMNS
    " FROM affiliate_click_days WHERE day >= $1 AND day <= $2 AND (day > $3 OR (day = $3 AND "
    "(affiliate > $4 OR (affiliate = $4 AND merchant > $5)))) ORDER BY day, affiliate, "
    "merchant LIMIT $6"};
const store::Sql days_of_affiliate_sql{
    "SELECT " JANGBU_CLICK_DAY_COLUMNS
    " FROM affiliate_click_days WHERE affiliate = $1 AND day >= $2 AND day <= $3 "
    "AND (day > $4 OR merchant > $5) ORDER BY day, merchant LIMIT $6"};
const store::Sql days_of_merchant_sql{
    "SELECT " JANGBU_CLICK_DAY_COLUMNS
    " FROM affiliate_click_days WHERE merchant = $1 AND day >= $2 AND day <= $3 "
    "AND (day > $4 OR affiliate > $5) ORDER BY day, affiliate LIMIT $6"};

const store::Sql days_of_month_sql{
    "SELECT " JANGBU_CLICK_DAY_COLUMNS
    " FROM affiliate_click_days WHERE affiliate = $1 AND day >= $2 AND day <= $3 ORDER BY day DESC"};

std::uint32_t minute_within(Instant at) {
  constexpr Instant end{(click_minutes - 1) * Duration::seconds(60).us};
  return click_minute(std::clamp(at, Instant{}, end));
}

struct Run {
  ClickPlace end;  // behind its last click
  std::uint64_t first = 0;
  bool may_match = false;
};

/// The runs after the place, the newest first, at most max_runs.
Result<std::vector<Run>> runs_after(store::Session& session, const ClickFilter& filter,
                                    const ClickPlace& place) {
  std::vector<Run> runs;
  const auto take = [&](const store::Row& row) {
    const bool may_match = (filter.affiliate == 0 || (row.number(3) & click_mask(filter.affiliate)) != 0) &&
                           (filter.merchant == 0 || (row.number(4) & click_mask(filter.merchant)) != 0);
    runs.push_back({{static_cast<std::uint32_t>(row.number(0)), row.number(1), clicks_of_a_record},
                    row.number(2),
                    may_match});
    return true;
  };
  RETURN_IF_ERROR(session.query(
      runs_of_minute_sql, {Value::number(place.minute), Value::number(place.record), Value::number(max_runs)},
      take));
  if (!runs.empty() && runs.front().end.record == place.record) runs.front().end.ordinal = place.ordinal;
  if (runs.size() < max_runs)
    RETURN_IF_ERROR(session.query(runs_before_sql,
                                  {Value::number(place.minute), Value::number(minute_within(filter.from)),
                                   Value::number(max_runs - runs.size())},
                                  take));
  return runs;
}

/// Adds those of a run that match, the newest first; false when the page is full before the run is at its
/// end.
Result<bool> add_clicks(store::Session& session, const ClickFilter& filter, const Run& run, std::size_t limit,
                        ClickPage& page) {
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, run.end.record));
  ASSIGN_OR_RETURN(ClicksReader reader, ClicksReader::open(record.payload));
  std::vector<std::pair<std::uint64_t, ClickView>> found;  // ordinal, click
  for (std::uint64_t ordinal = 0; ordinal < run.end.ordinal; ++ordinal) {
    const auto click = reader.next();
    if (!click) break;
    if (filter.matches(*click)) found.emplace_back(ordinal, *click);
  }
  for (auto it = found.rbegin(); it != found.rend(); ++it) {
    if (page.clicks.size() == limit) return false;
    page.clicks.push_back({{run.end.minute, run.first + it->first}, to_click(it->second)});
    page.next = {run.end.minute, run.end.record, it->first};
  }
  return true;
}

}  // namespace

bool ClickFilter::matches(const ClickView& click) const {
  if (affiliate != 0 && click.affiliate != affiliate) return false;
  if (merchant != 0 && click.merchant != merchant) return false;
  if (user_id && click.user_id != *user_id) return false;
  if (click.at < from || click.at >= to) return false;
  if (!marks) return click.is_counted();
  return *marks == 0 ? click.marks == 0 : (click.marks & *marks) != 0;
}

Result<ClickPage> list_clicks(store::Session& session, const ClickFilter& filter,
                              const std::optional<ClickPlace>& after, std::size_t limit) {
  const ClickPlace newest{minute_within(filter.to), INT64_MAX, clicks_of_a_record};
  ASSIGN_OR_RETURN(const auto runs, runs_after(session, filter, after.value_or(newest)));
  ClickPage page;
  std::uint64_t records = 0;
  for (const Run& run : runs) {
    if (run.may_match) {
      if (records++ == max_records) return page;
      ASSIGN_OR_RETURN(const bool whole, add_clicks(session, filter, run, limit, page));
      if (!whole) return page;
    }
    page.next = {run.end.minute, run.end.record, 0};
  }
  if (runs.size() < max_runs) page.next.reset();
  return page;
}

Result<ClickDayPage> list_click_days(store::Session& session, const ClickDayFilter& filter,
                                     const std::optional<ClickDayTraits::Key>& after, std::size_t limit) {
  const auto [day, affiliate, merchant] = after.value_or(ClickDayTraits::Key{0, 0, 0});
  const Day from = std::max(filter.from, day);
  ClickDayPage page;
  std::uint64_t seen = 0;
  std::optional<ClickDayTraits::Key> last;
  const auto take = [&](const store::Row& row) {
    const ClickDay found{static_cast<Day>(row.number(0)), row.number(1), row.number(2),
                         ClickDayTraits::read_from(row, 3)};
    const bool matches = filter.merchant == 0 || found.merchant == filter.merchant;
    if (seen++ == max_days || (matches && page.days.size() == limit)) {
      page.next = last;
      return false;
    }
    last = {found.day, found.affiliate, found.merchant};
    if (matches) page.days.push_back(found);
    return true;
  };
  const Value more = Value::number(max_days + 1);
  if (filter.affiliate != 0) {
    RETURN_IF_ERROR(
        session.query(days_of_affiliate_sql,
                      {Value::number(filter.affiliate), Value::number(from), Value::number(filter.to),
                       Value::number(day), Value::number(merchant), more},
                      take));
  } else if (filter.merchant != 0) {
    RETURN_IF_ERROR(
        session.query(days_of_merchant_sql,
                      {Value::number(filter.merchant), Value::number(from), Value::number(filter.to),
                       Value::number(day), Value::number(affiliate), more},
                      take));
  } else {
    RETURN_IF_ERROR(session.query(days_sql,
                                  {Value::number(from), Value::number(filter.to), Value::number(day),
                                   Value::number(affiliate), Value::number(merchant), more},
                                  take));
  }
  return page;
}

Result<std::vector<ClickDaySum>> click_day_sums(store::Session& session, AffiliateNumber affiliate,
                                                Month month) {
  std::vector<ClickDaySum> sums;
  RETURN_IF_ERROR(
      session.query(days_of_month_sql,
                    {Value::number(affiliate), Value::number(month * 100), Value::number(month * 100 + 99)},
                    [&](const store::Row& row) {
                      const auto day = static_cast<Day>(row.number(0));
                      if (sums.empty() || sums.back().day != day) sums.push_back({day, 0, 0, {}});
                      const ClickDayRow of_merchant = ClickDayTraits::read_from(row, 3);
                      sums.back().clicks += of_merchant.clicks;
                      sums.back().marked += of_merchant.marked;
                      sums.back().visitors.add(of_merchant.visitors);
                      return true;
                    }));
  return sums;
}

}  // namespace jangbu::affiliate
