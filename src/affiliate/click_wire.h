// The operator's requests about clicks, read, and their answers, written. Pure.
#pragma once

#include <string>
#include <string_view>

#include "affiliate/click_queries.h"
#include "affiliate/config.h"

namespace jangbu::affiliate {

struct ClickList {
  ClickFilter filter;
  std::optional<ClickPlace> after;
  std::size_t limit = 20;
};
/// affiliate_id, merchant_id, u_id, mark, from, to, cursor, limit. Error: invalid_parameters, naming all that
/// is wrong, unknown parameters too.
Result<ClickList> read_click_list(std::string_view query, const Config& config);

struct ClickDayList {
  ClickDayFilter filter;
  std::optional<ClickDayTraits::Key> after;
  std::size_t limit = 100;
};
/// affiliate_id, merchant_id, from, to (days: 20260525), cursor, limit. Error: as above.
Result<ClickDayList> read_click_day_list(std::string_view query, const Config& config);

std::string render_clicks(const ClickPage& page, const Config& config);
std::string render_click(const ClickFound& found, const Config& config);
std::string render_click_days(const ClickDayPage& page, const Config& config);

}  // namespace jangbu::affiliate
