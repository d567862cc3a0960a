#include "ledger/explain.h"

#include <algorithm>
#include <deque>
#include <set>

#include "engine/unit.h"
#include "ledger/queries.h"
#include "ledger/touched.h"

namespace jangbu::ledger {

Result<Told> tell(store::Session& session, std::span<const Explainer* const> explainers,
                  const engine::Record& record) {
  for (const Explainer* explainer : explainers)
    if (explainer->owns(record.kind)) return explainer->tell(session, record);
  const std::string kind = std::to_string(record.kind);
  return Told{"record." + kind,
              {"A record of kind " + kind + " was made.", "종류 " + kind + "의 기록을 남겼습니다."},
              {},
              {}};
}

std::string korean_amount(Money amount, std::string_view currency) {
  std::string text = amount_text(amount, currency);
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  for (std::size_t at = std::min(text.find('.'), text.size()); at > first + 3;) text.insert(at -= 3, 1, ',');
  if (currency == "KRW") return text + "원";
  if (currency == "POINT") return text + "포인트";
  return text + " " + std::string(currency);
}

namespace {

/// The sum of the lines on one account.
template <typename Line>
Result<Money> sum_on(AccountRef account, const std::vector<Line>& lines) {
  Money sum;
  for (const Line& line : lines) {
    if (line.account != account) continue;
    ASSIGN_OR_RETURN(sum, sum.plus(line.amount));
  }
  return sum;
}

}  // namespace

Result<MovementPage> movements_of(store::Session& session, std::span<const Explainer* const> explainers,
                                  AccountRef account, std::uint64_t before, std::size_t limit) {
  MovementPage page;
  ASSIGN_OR_RETURN(auto numbers, records_touching(session, account, before, limit + 1));
  if (numbers.size() > limit) {
    numbers.pop_back();
    page.next = numbers.back();
  }
  for (const std::uint64_t number : numbers) {
    ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, number));
    ASSIGN_OR_RETURN(Told told, tell(session, explainers, record));
    ASSIGN_OR_RETURN(const Money amount, sum_on(account, told.entry.postings));
    ASSIGN_OR_RETURN(const Money held, sum_on(account, told.entry.holds));
    if (amount.is_zero() && held.is_zero()) continue;  // what it moved and took back
    page.movements.push_back({number, record.recorded_at, std::move(told), amount, held});
  }
  return page;
}

Result<Explanation> explain(store::Session& session, std::span<const Explainer* const> explainers,
                            std::uint64_t record) {
  Explanation explanation;
  std::deque<std::uint64_t> next{record};
  std::set<std::uint64_t> seen{record};
  while (!next.empty()) {
    if (explanation.path.size() == max_steps) {
      explanation.cut = true;
      break;
    }
    ASSIGN_OR_RETURN(const engine::Record found, engine::load_record(session, next.front()));
    next.pop_front();
    ASSIGN_OR_RETURN(Told told, tell(session, explainers, found));
    for (const std::uint64_t source : told.from) {
      INVARIANT(source < found.number, "record " + std::to_string(found.number) + " came from a later one");
      if (seen.insert(source).second) next.push_back(source);
    }
    explanation.path.push_back({found.number, found.recorded_at, std::move(told)});
  }
  return explanation;
}

}  // namespace jangbu::ledger
