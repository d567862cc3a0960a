// What conversions move in the ledger, and what is left of them when a part is cancelled.
#pragma once

#include <map>
#include <optional>
#include <string_view>

#include "affiliate/requests.h"
#include "affiliate/state.h"
#include "ledger/book.h"

namespace jangbu::affiliate {

/// The merchant's cost becomes the affiliate's pending commission and the house's fee; negative amounts go
/// back. Empty when nothing moves. Errors: amount_overflow.
Result<ledger::Entry> earned_entry(engine::Unit& unit, ledger::Book& book, std::string_view merchant_id,
                                   AffiliateNumber affiliate, Money commission, Money fee);
/// The same for several affiliates.
Result<ledger::Entry> earned_entry(engine::Unit& unit, ledger::Book& book, std::string_view merchant_id,
                                   const std::map<AffiliateNumber, Money>& commissions, Money fee);

/// The day on which a conversion counts: that of the purchase, as long as its month has not begun to be
/// settled (on the 20th of the next one); after that the day on which it came.
Day counting_day(Instant happened_at, Instant now);

/// What is left of a conversion of `whole` after the cancellation that `form` speaks of; a price of zero: it
/// is cancelled as a whole. `worth`: of the currency, see in_won(). Error: amount_overflow.
Result<Amounts> left_after_cancel(const ConversionPart& part, const Amounts& whole, const ProductForm& form,
                                  Money worth);

/// What a line of a negative `price` takes back of a conversion that stands at `now`, of which `gone` went
/// before (as positive amounts): what all that is cancelled so far earns, rounded once, without what went
/// before. So many small lines take back as much as one would, and all of it when nothing is left of the
/// price. No more items than are left are paid back. Error: amount_overflow.
Result<Amounts> taken_back_by(const ConversionPart& part, const Amounts& now, const Amounts& gone,
                              Money price, std::uint64_t quantity);

/// A conversion as it stands after what a merchant says of it; nothing when that changes nothing. One that is
/// final changes no more. `worth` may be unknown: then no part of it can be cancelled.
std::optional<Judged> judge(const Conversion& conversion, const ProductForm& form,
                            std::optional<Money> worth);

}  // namespace jangbu::affiliate
