// Where money came from: the walk from a record back to those that it came from, through all doors.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record.h"
#include "ledger/entry.h"
#include "store/database.h"

namespace jangbu::ledger {

/// One sentence, in each language that operators read. The Korean one puts no particle behind a name or a
/// number, whose sound it does not know.
struct Sentence {
  std::string en;
  std::string ko;
};

/// What one record says, for people.
struct Told {
  std::string kind;  // "hub.review_judged"
  Sentence what;
  Entry entry;                      // may be empty
  std::vector<std::uint64_t> from;  // records that it came from, all of them older; the nearest first
};

/// "206,000원", "12.5포인트", "50 USD": an amount in a Korean sentence.
std::string korean_amount(Money amount, std::string_view currency);

/// Sources that one record names at most; of more it names some.
inline constexpr std::size_t max_sources = 20;

/// A folder's side of the walk: it knows its own records. Any reader thread.
class Explainer {
 public:
  virtual ~Explainer() = default;
  [[nodiscard]] virtual bool owns(engine::RecordKind kind) const = 0;
  /// `record` is of a kind that it owns.
  virtual Result<Told> tell(store::Session& session, const engine::Record& record) const = 0;
};

struct Step {
  std::uint64_t record = 0;
  Instant at;
  Told told;
};
struct Explanation {
  std::vector<Step> path;  // the nearest first, each record once
  bool cut = false;        // there is more than a walk looks at
};

/// What one record says. A kind that nobody explains has no sources. The errors of its explainer.
Result<Told> tell(store::Session& session, std::span<const Explainer* const> explainers,
                  const engine::Record& record);

/// A record that moved or held money on an account.
struct Movement {
  std::uint64_t record = 0;
  Instant at;
  Told told;
  Money amount;  // the posting on that account; zero: none
  Money held;    // the change of what is held there
};
struct MovementPage {
  std::vector<Movement> movements;  // the newest first
  std::uint64_t next = 0;           // the cursor of the next page; 0: there is none
};
/// Those of an account below record `before`. A record that took back what it had moved is left out: a page
/// may have fewer than `limit` and still a `next`.
Result<MovementPage> movements_of(store::Session& session, std::span<const Explainer* const> explainers,
                                  AccountRef account, std::uint64_t before, std::size_t limit);

/// Steps of one walk at most.
inline constexpr std::size_t max_steps = 100;

/// Walks back from a record. A kind that nobody explains is a step without sources. Errors: not_found, and
/// the session's. INVARIANT: sources are older than what came from them.
Result<Explanation> explain(store::Session& session, std::span<const Explainer* const> explainers,
                            std::uint64_t record);

}  // namespace jangbu::ledger
