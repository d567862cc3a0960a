// How the numbered pages of the wire's lists are read where an index has all that narrows them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "invoice/queries.h"
#include "store/database.h"

namespace jangbu::invoice {

/// The numbers of a page's rows.
using Numbers = Page<std::uint64_t>;

/// Which rows a page has of those that fit.
struct Slice {
  std::uint64_t skipped = 0;
  std::uint64_t limit = 0;
};
template <typename List>
Slice slice_of(const List& list) {
  return {(list.page - 1) * list.limit, list.limit};
}

/// The first column of the first row; 0 when there is none.
Result<std::uint64_t> read_number(store::Session& session, const store::Sql& sql,
                                  std::span<const store::Value> parameters);

/// A page of what one statement counts and another reads: both take the same parameters, and the second a
/// LIMIT and an OFFSET behind them. Its rows are no more than entries of an index, of which a request walks
/// over as many as there are: less than a microsecond each.
Result<Numbers> page_in_index(store::Session& session, const store::Sql& count, const store::Sql& read,
                              std::vector<store::Value> parameters, Slice slice);

}  // namespace jangbu::invoice
