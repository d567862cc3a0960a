// Decisions about the passwords of brands' managers.
#include "hub/decide.h"
#include "hub/match.h"

namespace jangbu::hub {

using engine::Decision;
using engine::Unit;

namespace {

/// Of the link of a forgotten password: whoever asked for it waits for the mail.
constexpr Duration forgotten_life = Duration::seconds(3600);

}  // namespace

Decision SetPassword::decide_new(Unit& unit) {
  const InviteRow* row = state_.invite(unit, invite_);
  if (row == nullptr) return refuse(Errc::not_found);
  const InviteRow invite = *row;
  // A later invitation to the same manager ends this one.
  const bool counts = state_.manager(unit, invite.manager)->invite == invite_;
  if (invite.used || !counts || invite.expires_at <= unit.now()) return refuse(Errc::invite_ended);
  return accept(password_set_kind, PasswordSet{invite.manager, invite_, password_hash_});
}

void ForgetPassword::want(Unit& unit) {
  Write::want(unit);
  state_.want_email(email_);
}

Decision ForgetPassword::decide_new(Unit& unit) {
  const ManagerId id = state_.manager_of_email(unit, email_);
  if (id == 0) return refuse(Errc::not_found);
  const ManagerRow row = *state_.manager(unit, id);
  const bool takes_mail = state_.surroundings().mail && !is_placeholder_address(row.email);
  if (row.pending || !takes_mail) return refuse(Errc::not_found);
  PasswordForgotten forgotten{row.partner, id, new_invite(state_, unit, false, state_.link_base())};
  if (!row.password_hash.empty()) forgotten.invite.expires_at = unit.now() + forgotten_life;
  return accept(password_forgotten_kind, std::move(forgotten));
}

Decision ChangePassword::decide_new(Unit& unit) {
  const ManagerRow* row = state_.manager(unit, manager_);
  if (row == nullptr || row->password_hash != before_) return refuse(Errc::not_authenticated);
  const bool mail = state_.surroundings().mail && !is_placeholder_address(row->email);
  return accept(password_changed_kind, PasswordChanged{row->partner, manager_, password_hash_, mail});
}

}  // namespace jangbu::hub
