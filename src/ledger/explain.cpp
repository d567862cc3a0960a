#include "ledger/explain.h"

#include <algorithm>
#include <deque>
#include <set>

#include "engine/unit.h"

namespace jangbu::ledger {

Result<Told> tell(store::Session& session, std::span<const Explainer* const> explainers,
                  const engine::Record& record) {
  for (const Explainer* explainer : explainers)
    if (explainer->owns(record.kind)) return explainer->tell(session, record);
  const std::string kind = std::to_string(record.kind);
  return Told{"record." + kind, "A record of kind " + kind + " was made.", {}, {}};
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
  ASSIGN_OR_RETURN(const engine::Head head, engine::load_head(session));
  const std::uint64_t last = std::min(before - 1, head.number);
  const std::uint64_t first = last > max_scanned ? last - max_scanned + 1 : 1;
  std::vector<engine::Record> records;
  RETURN_IF_ERROR(engine::each_stored_record(session, first, last, [&](const engine::Record& record) {
    records.push_back(record);
    return true;
  }));
  page.next = first > 1 ? first : 0;
  for (auto it = records.rbegin(); it != records.rend(); ++it) {
    ASSIGN_OR_RETURN(Told told, tell(session, explainers, *it));
    ASSIGN_OR_RETURN(const Money amount, sum_on(account, told.entry.postings));
    ASSIGN_OR_RETURN(const Money held, sum_on(account, told.entry.holds));
    if (amount.is_zero() && held.is_zero()) continue;
    page.movements.push_back({it->number, it->recorded_at, std::move(told), amount, held});
    if (page.movements.size() < limit) continue;
    page.next = it->number > 1 ? it->number : 0;
    break;
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
