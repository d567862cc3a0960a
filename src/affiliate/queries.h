// Conversions as the operator sees them, from a snapshot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "affiliate/state.h"
#include "base/result.h"
#include "store/database.h"

namespace jangbu::affiliate {

/// ?merchant=&site=&from=&to=&order_code=&u_id=&status=&before=&limit=
struct ConversionList {
  std::string merchant;   // its id; empty: any
  std::string affiliate;  // likewise
  std::string order_code;
  std::string u_id;
  std::optional<ConversionStatus> status;
  Day from = 0;
  Day to = 99'999'999;  // inclusive
  /// Where the page before this one ended: its last row's day and number.
  std::pair<Day, ConversionNumber> before{99'999'999, INT64_MAX};
  std::uint64_t limit = 50;
};
/// Error: invalid_parameters, naming all that is wrong.
Result<ConversionList> read_conversion_list(std::string_view query);

/// {"conversions":[...],"next":"20260525-17"}, the newest first; one page looks at 5,000 rows at most, so
/// that it may have fewer than `limit` although there are more. Errors: not_found (merchant or affiliate),
/// and the session's.
Result<std::string> conversions_json(store::Session& session, const ConversionList& list);

/// One conversion, and the records that it came from and that changed it, the newest first. Errors:
/// not_found, and the session's.
Result<std::string> conversion_json(store::Session& session, ConversionNumber number);

}  // namespace jangbu::affiliate
