// What the operator asks about clicks, of snapshots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "affiliate/click_records.h"
#include "affiliate/click_tables.h"
#include "store/database.h"

namespace jangbu::affiliate {

struct ClickFilter {
  AffiliateNumber affiliate = 0;  // 0: any
  MerchantNumber merchant = 0;
  std::optional<std::string> user_id;
  std::optional<std::uint64_t> marks;  // with one of these; 0: without any
  Instant from;
  Instant to{INT64_MAX};  // exclusive

  /// What was only looked ahead at is shown to who asks for it.
  [[nodiscard]] bool matches(const ClickView& click) const;
};

/// A place in the list: what comes after it are the clicks of earlier runs, and those of this run before the
/// ordinal.
struct ClickPlace {
  std::uint32_t minute = 0;
  std::uint64_t record = 0;
  std::uint64_t ordinal = 0;
};

struct ClickFound {
  ClickId id;
  Click click;
};
struct ClickPage {
  std::vector<ClickFound> clicks;
  std::optional<ClickPlace> next;
};

/// The newest first. A page looks at a bounded number of records: it may be short, or empty, and still have a
/// next one.
Result<ClickPage> list_clicks(store::Session& session, const ClickFilter& filter,
                              const std::optional<ClickPlace>& after, std::size_t limit);

struct ClickDayFilter {
  AffiliateNumber affiliate = 0;  // 0: any
  MerchantNumber merchant = 0;
  Day from = 0;
  Day to = 99'991'231;  // inclusive
};
struct ClickDay {
  Day day = 0;
  AffiliateNumber affiliate = 0;
  MerchantNumber merchant = 0;
  ClickDayRow row;
};

/// Counts by day, affiliate and merchant, ascending, after a place. A page looks at a bounded number of rows:
/// `next` says whether there are more, and may do so of an empty page.
struct ClickDayPage {
  std::vector<ClickDay> days;
  std::optional<ClickDayTraits::Key> next;
};
Result<ClickDayPage> list_click_days(store::Session& session, const ClickDayFilter& filter,
                                     const std::optional<ClickDayTraits::Key>& after, std::size_t limit);

/// What an affiliate's clicks of a day come to, those of all merchants together.
struct ClickDaySum {
  Day day = 0;
  std::uint64_t clicks = 0;
  std::uint64_t marked = 0;
  Visitors visitors;
};
/// Of the days of a month on which there were clicks, the newest first.
Result<std::vector<ClickDaySum>> click_day_sums(store::Session& session, AffiliateNumber affiliate,
                                                Month month);

}  // namespace jangbu::affiliate
