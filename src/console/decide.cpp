#include "console/decide.h"

#include <algorithm>

namespace jangbu::console {

using engine::Accept;
using engine::Decision;
using engine::Refuse;
using engine::Unit;

Decision SetOperator::decide(Unit& unit) {
  const auto& all = state_.operators();
  const auto known = all.find(id_);
  if (id_ != 0 && known == all.end()) return Refuse{Error(Errc::not_found, "there is no such account")};
  set_ = id_ == 0 ? OperatorSet() : known->second;
  if (const Status changed = change_(set_); !changed) return Refuse{changed.error()};
  if (id_ == 0) {
    const auto has_email = [this](const auto& each) { return each.second.email == set_.email; };
    if (std::any_of(all.begin(), all.end(), has_email))
      return Refuse{Error(Errc::already_exists, "this e-mail address has an account")};
    if (all.size() >= max_operators)
      return Refuse{Error(Errc::already_exists, "there are as many accounts as there may be")};
    set_.id = unit.counters().last(engine::Counter::console_operator) + 1;
  }
  const auto is_other_owner = [this](const auto& each) {
    return each.first != set_.id && each.second.is_able_owner();
  };
  const bool was_owner = id_ != 0 && known->second.is_able_owner();
  if (was_owner && !set_.is_able_owner() && std::none_of(all.begin(), all.end(), is_other_owner))
    return Refuse{Errc::last_owner};
  return Accept{operator_kind, ledger::encode_fields(set_)};
}

Decision EndAction::decide(Unit& unit) {
  if (!state_.has_action(unit, ended_.action)) return Refuse{Errc::not_found};
  return Accept{action_ended_kind, ledger::encode_fields(ended_)};
}

}  // namespace jangbu::console
