// What the console's readers ask of a snapshot: accounts and what operators did. Any reader thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/operators.h"
#include "store/database.h"

namespace jangbu::console {

/// In the order of their ids.
Result<std::vector<OperatorSet>> all_operators(store::Session& session);
/// Error: not_found.
Result<OperatorSet> find_operator(store::Session& session, OperatorId id);
/// `email` in lower case. Error: not_found.
Result<OperatorSet> find_operator(store::Session& session, std::string_view email);

/// GET /api/audit
struct AuditList {
  std::optional<Instant> from;  // business time, this moment included
  std::optional<Instant> to;    // and this one not
  std::optional<OperatorId> actor;
  std::string actor_email;   // empty: anybody; in lower case
  std::string text;          // in path, document or address, in any case; empty: any
  std::uint64_t before = 0;  // 0: from the newest
  std::uint64_t limit = 25;
};
/// Error: invalid_parameters.
Result<AuditList> read_audit_list(std::string_view query);

struct AuditLine {
  std::uint64_t number = 0;  // of the record
  Instant at;
  Instant wall_at;
  Action action;
  std::uint64_t status = 0;  // 0: no answer is known
};
struct AuditPage {
  std::vector<AuditLine> lines;  // the newest first
  std::uint64_t next = 0;        // the cursor of the next page; 0: there is none
};
Result<AuditPage> audit_of(store::Session& session, const AuditList& list);

}  // namespace jangbu::console
