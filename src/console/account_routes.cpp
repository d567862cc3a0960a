#include "console/account_routes.h"

#include <map>

#include "base/ascii.h"
#include "base/json.h"
#include "console/decide.h"
#include "console/queries.h"
#include "engine/ended_sessions.h"
#include "http/api.h"
#include "http/json_body.h"
#include "http/other_sites.h"
#include "hub/password_rules.h"
#include "hub/wire_json.h"

namespace jangbu::console {
namespace {

using http::api_error;
using http::Effect;
using http::Method;
using http::Responder;

constexpr std::size_t max_body = 4096;
constexpr std::size_t max_email_bytes = 254;
constexpr std::size_t max_name_bytes = 100;
constexpr int tries_of_own_password = 10;  // in a minute, of whoever is signed in
constexpr Duration noted_every = Duration::seconds(900);
constexpr std::size_t password_bytes = 12;  // of one that is made here

/// What an answer says is for its reader alone.
http::Response private_response(std::string body, int status = 200) {
  http::Response response = http::json_response(std::move(body), status);
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

void put_account(json::Writer& out, const OperatorSet& account) {
  out.key("id").string(std::to_string(account.id)).key("email").string(account.email);
  out.key("name").string(account.name).key("role").string(role_name(account.role));
  out.key("status").string(account.disabled ? "DISABLED" : "ACTIVE");
}

/// `password`: shown once, where it was made here.
std::string account_json(const OperatorSet& account, std::string_view password = {}) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  put_account(out, account);
  if (!password.empty()) out.key("password").string(password);
  out.end_object();
  return body;
}

std::string read_email(http::JsonBody& body) {
  std::string email = to_lower(hub::trimmed(body.string("email", std::nullopt, max_email_bytes)));
  if (!body.error() && !hub::is_email(email)) body.fail("email", "must be an e-mail address");
  return email;
}

Role read_role(http::JsonBody& body, Role otherwise) {
  const auto role = role_of(body.string("role", std::string(role_name(otherwise))));
  if (!role) body.fail("role", "must be owner, operator or auditor");
  return role.value_or(otherwise);
}

Status check_new_password(std::string_view password, std::string_view email) {
  const auto fault = hub::password_fault(password, email, "jangbu");
  if (fault.empty()) return {};
  return Error(Errc::invalid_parameters, "password " + std::string(fault));
}

void put_actor(json::Writer& out, OperatorId id, const std::map<OperatorId, std::string>& emails) {
  out.key("actor").begin_object().key("id").string(std::to_string(id)).key("email");
  const auto found = emails.find(id);
  found == emails.end() ? out.null() : out.string(found->second);
  out.end_object();
}

std::string audit_json(const AuditPage& page, const std::vector<OperatorSet>& operators) {
  std::map<OperatorId, std::string> emails;
  for (const OperatorSet& each : operators) emails[each.id] = each.email;
  std::string body;
  json::Writer out(body);
  out.begin_object().key("actions").begin_array();
  for (const AuditLine& line : page.lines) {
    out.begin_object().key("number").unsigned_number(line.number).key("at").string(to_rfc3339(line.at));
    out.key("wallAt").string(to_rfc3339(line.wall_at));
    put_actor(out, line.action.actor, emails);
    out.key("method").string(line.action.method).key("path").string(line.action.path);
    out.key("document").string(line.action.document).key("address").string(line.action.address).key("status");
    line.status == 0 ? out.null() : out.unsigned_number(line.status);
    out.end_object();
  }
  out.end_array().key("next");
  page.next == 0 ? out.null() : out.string(std::to_string(page.next));
  out.end_object();
  return body;
}

std::optional<OperatorId> id_of(const http::Request& request) {
  return http::whole_number(request.path_parameter("id"), 1, INT64_MAX);
}

const Error no_account(Errc::not_found, "there is no such account");

}  // namespace

AccountRoutes::AccountRoutes(engine::Engine& engine, State& state, Access& access, const Sessions& sessions,
                             crypto::Passwords& passwords, const Clock& clock, Random& random,
                             http::Metrics& metrics)
    : engine_(engine),
      state_(state),
      access_(access),
      sessions_(sessions),
      passwords_(passwords),
      clock_(clock),
      random_(random),
      sign_ins_(clock),
      sign_in_log_(metrics, "console", clock),
      tries_of_own_password_(clock, tries_of_own_password),
      refusals_noted_(clock, 1, noted_every) {}

void AccountRoutes::add(http::Router& router, Method method, const char* pattern, Effect effect,
                        Handler handler) {
  router.add({method, pattern, effect,
              access_.guarded(pattern, effect,
                              [this, handler](Responder responder, const Identity& who) {
                                (this->*handler)(std::move(responder), who);
                              }),
              max_body});
}

void AccountRoutes::add_routes(http::Router& router) {
  router.add({Method::post, "/api/session", Effect::write,
              [this](Responder responder) { sign_in(std::move(responder)); }, max_body});
  add(router, Method::get, "/api/session", Effect::read, &AccountRoutes::show_own);
  add(router, Method::del, "/api/session", Effect::write, &AccountRoutes::sign_out);
  add(router, Method::put, "/api/session/password", Effect::write, &AccountRoutes::change_own_password);
  add(router, Method::get, "/api/operators", Effect::read, &AccountRoutes::list);
  add(router, Method::post, "/api/operators", Effect::write, &AccountRoutes::create);
  add(router, Method::put, "/api/operators/{id}", Effect::write, &AccountRoutes::update);
  add(router, Method::post, "/api/operators/{id}/password", Effect::write, &AccountRoutes::reset_password);
  add(router, Method::get, "/api/audit", Effect::read, &AccountRoutes::list_actions);
}

// ---- sessions

void AccountRoutes::sign_in(Responder responder) {
  const http::Request& request = responder.request();
  if (http::may_be_of_another_site(request))
    return responder.respond(api_error(Error(Errc::invalid_parameters, "send JSON as application/json")));
  http::JsonBody body(request.body());
  std::string email = to_lower(hub::trimmed(body.string("email")));
  std::string password = body.string("password");
  if (body.error()) return responder.respond(api_error(*body.error()));
  auto [tried, limit, refusal] = sign_ins_.begin(request.peer(), email);
  if (limit == http::SignInTries::Limit::account || limit == http::SignInTries::Limit::network)
    sign_in_log_.limited(request.peer());
  if (limit == http::SignInTries::Limit::account) return lock_out(std::move(responder), email, refusal);
  auto to = std::make_shared<Responder>(std::move(responder));
  if (limit == http::SignInTries::Limit::network) return turn_away(to, 0, std::move(refusal));
  if (!tried) return to->respond(std::move(refusal));
  engine_.read([this, to, tried = tried, email = std::move(email), password = std::move(password)](
                   store::Session& session) { check_password(to, tried, session, email, password); },
               [to, tried = tried](const Error& error) {
                 tried->undo();
                 to->respond(api_error(error));
               });
}

void AccountRoutes::check_password(const Shared& to, const Tried& tried, store::Session& session,
                                   const std::string& email, std::string password) {
  const auto fail = [&](const Error& error) {
    tried->undo();
    to->respond(api_error(error));
  };
  auto account = find_operator(session, email);
  if (!account && account.error().code != Errc::not_found) return fail(account.error());
  // An unknown address takes as long as a wrong password.
  const std::string hashed = account && !account->disabled ? account->password_hash : std::string();
  const OperatorSet known = account ? std::move(*account) : OperatorSet();
  const Status taken = passwords_.verify(hashed, std::move(password), [this, to, tried, known](bool right) {
    if (!right) {
      sign_in_log_.refused(known.email, to->request().peer());
      return turn_away(to, known.id, api_error(Errc::not_authenticated));
    }
    tried->succeed();
    let_in(to, known);
  });
  if (!taken) fail(taken.error());
}

void AccountRoutes::let_in(const Shared& to, const OperatorSet& account) {
  const auto recorded = [this, to, account](const Status& done) {
    if (done) sign_in_log_.signed_in(account.email, to->request().peer());
    to->respond(done ? signed_in(account) : api_error(done.error()));
  };
  auto command = std::make_unique<NoteSignIn>(SignIn{account.id, 200, to->request().peer()}, recorded);
  if (const Status queued = engine_.submit(std::move(command)); !queued) recorded(queued);
}

void AccountRoutes::turn_away(const Shared& to, OperatorId actor, http::Response response,
                              const std::string& also_taken) {
  const auto status = static_cast<std::uint64_t>(response.status);
  const std::string address = to->request().peer();
  // Before the record is durable: a refusal changes nothing, and waiting would tell whose account there is.
  to->respond(std::move(response));
  const std::string name = "account " + std::to_string(actor) + " " + std::to_string(status);
  if (!refusals_noted_.take(name)) return;
  const auto recorded = [this, name, also_taken](const Status& done) {
    if (done) return;
    refusals_noted_.give_back(name);
    refusals_noted_.give_back(also_taken);
  };
  auto command = std::make_unique<NoteSignIn>(SignIn{actor, status, address}, recorded);
  if (const Status queued = engine_.submit(std::move(command)); !queued) recorded(queued);
}

void AccountRoutes::lock_out(Responder responder, const std::string& email, const http::Response& refusal) {
  // Only who is locked out for the first time in a while is looked up.
  const std::string name = "email " + email;
  if (!refusals_noted_.take(name)) return responder.respond(refusal);
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [this, to, email, name, refusal](store::Session& session) {
        const auto account = find_operator(session, email);
        turn_away(to, account ? account->id : 0, refusal, name);
      },
      [this, to, name, refusal](const Error&) {
        refusals_noted_.give_back(name);
        to->respond(refusal);
      });
}

http::Response AccountRoutes::signed_in(const OperatorSet& account) const {
  const std::string token = sessions_.open(account);
  std::string body;
  json::Writer(body).begin_object().key("token").string(token).end_object();
  http::Response response = private_response(std::move(body));
  response.headers.push_back(sessions_.cookie_of(token));
  return response;
}

void AccountRoutes::show_own(Responder responder, const Identity& who) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("id").string(std::to_string(who.id)).key("email");
  who.id == 0 ? out.null() : out.string(who.email);
  out.key("name").string(who.name).key("role").string(role_name(who.role)).end_object();
  responder.respond(private_response(std::move(body)));
}

void AccountRoutes::sign_out(Responder responder, const Identity& who) {
  auto to = std::make_shared<Responder>(std::move(responder));
  const auto answer = [this, to](const Status& ended) {
    if (!ended) return to->respond(api_error(ended.error()));
    http::Response response = private_response("{}");
    response.headers.push_back(sessions_.no_cookie());
    to->respond(std::move(response));
  };
  if (who.id == 0) return answer({});
  const Instant until = clock_.wall_now() + session_life;
  auto command = std::make_unique<engine::EndSession>(who.session, until, answer);
  if (const Status queued = engine_.submit(std::move(command)); !queued) answer(queued);
}

void AccountRoutes::change_own_password(Responder responder, const Identity& who) {
  http::JsonBody body(responder.request().body());
  std::string current = body.string("current");
  const std::string password = body.string("password");
  if (body.error()) return responder.respond(api_error(*body.error()));
  if (who.id == 0) return responder.respond(api_error(no_account));
  if (const Status good = check_new_password(password, who.email); !good)
    return responder.respond(api_error(good.error()));
  const std::string tried = std::to_string(who.id);
  if (!tries_of_own_password_.take(tried)) return responder.respond(tries_of_own_password_.too_many());
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [this, to, tried, id = who.id, current = std::move(current), password](store::Session& session) {
        const auto account = find_operator(session, id);
        if (!account) return to->respond(api_error(account.error()));
        const auto checked = [this, to, id, password](bool right) {
          if (!right)
            return to->respond(api_error(Error(Errc::invalid_parameters, "current is not your password")));
          submit_with_password(
              to, id, password, [](OperatorSet&) { return Status(); },
              [this, to](const OperatorSet& set) { to->respond(signed_in(set)); });
        };
        const Status taken = passwords_.verify(account->password_hash, current, checked);
        if (taken) return;
        tries_of_own_password_.give_back(tried);
        to->respond(api_error(taken.error()));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

// ---- accounts

void AccountRoutes::submit(const Shared& to, OperatorId id, std::function<Status(OperatorSet&)> change,
                           const Done& done) {
  auto command = std::make_unique<SetOperator>(
      state_, id, std::move(change),
      [to, done](Result<OperatorSet> set) { set ? done(*set) : to->respond(api_error(set.error())); });
  if (const Status queued = engine_.submit(std::move(command)); !queued)
    to->respond(api_error(queued.error()));
}

void AccountRoutes::submit_with_password(const Shared& to, OperatorId id, const std::string& password,
                                         std::function<Status(OperatorSet&)> change, const Done& done) {
  const Status taken =
      passwords_.hash(password, [this, to, id, change = std::move(change), done](std::string hashed) {
        submit(
            to, id,
            [change, hashed = std::move(hashed)](OperatorSet& set) -> Status {
              RETURN_IF_ERROR(change(set));
              set.password_hash = hashed;
              ++set.sessions;
              return {};
            },
            done);
      });
  if (!taken) to->respond(api_error(taken.error()));
}

void AccountRoutes::list(Responder responder, const Identity&) {
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [to](store::Session& session) {
        const auto all = all_operators(session);
        if (!all) return to->respond(api_error(all.error()));
        std::string body;
        json::Writer out(body);
        out.begin_object().key("operators").begin_array();
        for (const OperatorSet& account : *all) {
          out.begin_object();
          put_account(out, account);
          out.end_object();
        }
        out.end_array().end_object();
        to->respond(private_response(std::move(body)));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

void AccountRoutes::create(Responder responder, const Identity&) {
  http::JsonBody body(responder.request().body());
  OperatorSet wanted;
  wanted.email = read_email(body);
  wanted.name = body.text("name", "", max_name_bytes);
  body.check_line("name");
  wanted.role = read_role(body, Role::auditor);
  std::string password = body.string("password", "");
  if (body.error()) return responder.respond(api_error(*body.error()));
  const bool made_here = password.empty();
  if (made_here) password = to_hex(random_.bytes(password_bytes));
  if (const Status good = check_new_password(password, wanted.email); !good)
    return responder.respond(api_error(good.error()));
  auto to = std::make_shared<Responder>(std::move(responder));
  submit_with_password(
      to, 0, password,
      [wanted](OperatorSet& set) {
        set = wanted;
        return Status();
      },
      [to, shown = made_here ? password : std::string()](const OperatorSet& set) {
        to->respond(private_response(account_json(set, shown), 201));
      });
}

void AccountRoutes::update(Responder responder, const Identity&) {
  const auto id = id_of(responder.request());
  if (!id) return responder.respond(api_error(no_account));
  // Read for its faults now, and over the account when that is decided.
  struct Wanted {
    std::optional<std::string> name;
    std::optional<Role> role;
    std::optional<bool> disabled;
  } wanted;
  http::JsonBody body(responder.request().body());
  const std::string absent(1, '\0');
  if (std::string name = body.text("name", absent, max_name_bytes); name != absent) wanted.name = name;
  body.check_line("name");
  if (const std::string role = body.string("role", absent); role != absent)
    wanted.role = read_role(body, Role::auditor);
  if (const std::string status = body.string("status", absent); status != absent) {
    if (status != "ACTIVE" && status != "DISABLED") body.fail("status", "must be ACTIVE or DISABLED");
    wanted.disabled = status == "DISABLED";
  }
  if (body.error()) return responder.respond(api_error(*body.error()));
  auto to = std::make_shared<Responder>(std::move(responder));
  submit(
      to, *id,
      [wanted](OperatorSet& set) {
        if (wanted.name) set.name = *wanted.name;
        if (wanted.role) set.role = *wanted.role;
        if (wanted.disabled && *wanted.disabled && !set.disabled) ++set.sessions;
        if (wanted.disabled) set.disabled = *wanted.disabled;
        return Status();
      },
      [to](const OperatorSet& set) { to->respond(private_response(account_json(set))); });
}

void AccountRoutes::reset_password(Responder responder, const Identity&) {
  const auto id = id_of(responder.request());
  if (!id) return responder.respond(api_error(no_account));
  const std::string password = to_hex(random_.bytes(password_bytes));
  auto to = std::make_shared<Responder>(std::move(responder));
  submit_with_password(
      to, *id, password, [](OperatorSet&) { return Status(); },
      [to, password](const OperatorSet& set) { to->respond(private_response(account_json(set, password))); });
}

void AccountRoutes::list_actions(Responder responder, const Identity&) {
  auto wanted = read_audit_list(responder.request().query());
  if (!wanted) return responder.respond(api_error(wanted.error()));
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [to, list = std::move(*wanted)](store::Session& session) {
        const auto page = audit_of(session, list);
        if (!page) return to->respond(api_error(page.error()));
        const auto operators = all_operators(session);
        to->respond(operators ? private_response(audit_json(*page, *operators))
                              : api_error(operators.error()));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

}  // namespace jangbu::console
