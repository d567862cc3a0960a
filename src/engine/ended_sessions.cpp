#include "engine/ended_sessions.h"

#include "engine/unit.h"

namespace jangbu::engine {

Decision EndSession::decide(Unit& unit) {
  unit.tokens().take(unit.session(), token_, until_, unit.wall_now());
  return Beside{};
}

Result<bool> session_ended(store::Session& session, const KeyDigest& token) {
  bool ended = false;
  RETURN_IF_ERROR(
      session.query(TokenTraits::load, {store::Value::blob(token.view())}, [&](const store::Row&) {
        ended = true;
        return false;
      }));
  return ended;
}

}  // namespace jangbu::engine
