// The operator's requests about clicks, read, and their answers, written. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

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

/// Who sees a click: visitors are told apart for the operator alone.
enum class ClickReader : bool { affiliate, office };
std::string render_clicks(const ClickPage& page, const Config& config, ClickReader reader);
std::string render_click(const ClickFound& found, const Config& config);
/// "202605" of ?month=. Error: invalid_parameters, also of other parameters.
Result<Month> read_click_month(std::string_view query);
std::string render_click_sums(Month month, const std::vector<ClickDaySum>& sums);
std::string render_click_days(const ClickDayPage& page, const Config& config);

}  // namespace jangbu::affiliate
