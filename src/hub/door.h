// The hub's door as the program assembles it: routes over the engine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "engine/engine.h"
#include "http/links.h"
#include "http/router.h"
#include "hub/gate.h"
#include "hub/queries.h"
#include "hub/state.h"

namespace jangbu::hub {

/// Calls back when the first attempt to send an event of the outbox has ended, or a short patience is over,
/// with whether it was delivered. Any thread; the callback must not block.
using WhenTried = std::function<void(std::uint64_t event, std::function<void(bool sent)>)>;

/// What the door is made of; all of it outlives the door.
struct DoorParts {
  engine::Engine& engine;
  State& state;
  const AppBoard& board;
  const AppSecrets& secrets;
  const http::Links& links;
  const Clock& clock;
  WhenTried when_tried;
};

/// Lives as long as the server and the engine's threads. Handlers run on I/O threads. Every request carries a
/// token that is taken in the books, so that all routes change something and run on the node that writes.
class Door {
 public:
  explicit Door(DoorParts parts);

  void add_routes(http::Router& router);

 private:
  /// A request that came through the gate.
  struct Incoming;
  using Shared = std::shared_ptr<Incoming>;
  using Handle = void (Door::*)(const Shared&);
  using Query = std::function<Result<Answer>(store::Session&)>;

  void add(http::Router& router, http::Method method, std::string pattern, Scope scope, Dialect dialect,
           Handle handle);
  void enter(http::Responder responder, Scope scope, Dialect dialect, Handle handle);

  void create_order(const Shared& in);
  void get_order(const Shared& in);
  void list_orders(const Shared& in);
  void cancel_order(const Shared& in);
  void onboard(const Shared& in);
  void list_campaigns(const Shared& in);
  void get_campaign(const Shared& in);
  void ensure_partner(const Shared& in);
  void create_campaign(const Shared& in);
  void activate(const Shared& in);
  void get_status(const Shared& in);
  void apply(const Shared& in);
  void set_apply(const Shared& in);
  void write_review(const Shared& in);
  void judge_review(const Shared& in);

  /// Submits a write and answers with what became of it.
  template <typename Command, typename T, typename... Arguments>
  void submit(const Shared& in, Answer (*render)(const T&), Arguments&&... arguments);
  template <typename Command, typename T, typename... Arguments>
  void submit_rendered(const Shared& in, Render<T> render, Arguments&&... arguments);
  void submit(const Shared& in, std::unique_ptr<engine::Command> command);
  /// Takes the token, then runs the query and answers with it.
  void read(const Shared& in, Query query);
  /// Takes the token, then answers with what is wrong.
  void refuse(const Shared& in, http::Response response);
  /// The number in the path, or nothing when it was refused.
  std::optional<std::uint64_t> path_id(const Shared& in, std::string_view name);
  /// Answers an onboarding once it is known whether its mail went out.
  void answer_onboard(const Shared& in, const std::string& email, const OnboardAnswer& answer, bool replayed);

  DoorParts parts_;
  Gate gate_;
  AnswerLinks links_;
};

}  // namespace jangbu::hub
