#include "hub/portal.h"

#include "engine/ended_sessions.h"
#include "http/api.h"
#include "http/json_body.h"
#include "http/proxies.h"
#include "hub/decide.h"
#include "hub/messages.h"
#include "hub/password_rules.h"
#include "hub/portal_wire.h"

namespace jangbu::hub {
namespace {

using http::api_error;
using http::Effect;
using http::Method;
using http::Responder;

constexpr std::size_t max_body = 4096;
constexpr int tries_of_own_password = 10;  // in a minute, of whoever is signed in
constexpr int links_of_a_network = 20;
constexpr int links_of_an_account = 3;
constexpr Duration links_within = Duration::seconds(3600);
constexpr std::uint64_t moves_per_page = 20;
constexpr std::uint64_t reviews_per_page = 20;

/// What an answer says is for its reader alone.
http::Response private_response(std::string body, int status = 200) {
  http::Response response = http::json_response(std::move(body), status);
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

bool may_change(const http::Request& request) {
  const std::string* header = request.header("X-Jangbu-Csrf");
  return header != nullptr && *header == "1";
}

/// An invitation with whom it is for.
struct Invitation {
  InviteRow invite;
  ManagerRow manager;
  PartnerRow partner;
};

Result<Invitation> find_invitation(store::Session& session, InviteId id) {
  Invitation found;
  ASSIGN_OR_RETURN(found.invite, find_invite(session, id));
  ASSIGN_OR_RETURN(found.manager, find_manager(session, found.invite.manager));
  ASSIGN_OR_RETURN(found.partner, find_partner(session, found.manager.partner));
  return found;
}

Result<std::string> show_campaigns(store::Session& session, PartnerId partner, std::string_view query) {
  ASSIGN_OR_RETURN(const PageRequest page, parse_page(query));
  ASSIGN_OR_RETURN(const CampaignPage found, page_of_partner(session, partner, page));
  return render_campaigns(found.campaigns, page, found.total).body;
}

Result<std::string> show_deposit(store::Session& session, PartnerId partner, std::string_view query) {
  std::uint64_t before = 0;
  for (const auto& [name, value] : http::parse_query(query)) {
    if (name != "cursor") continue;
    ASSIGN_OR_RETURN(before, parse_id(value));
  }
  ASSIGN_OR_RETURN(auto moves, deposit_moves(session, partner, before, moves_per_page + 1));
  std::uint64_t next = 0;
  if (moves.size() > moves_per_page) {
    moves.pop_back();
    next = moves.back().number;
  }
  ASSIGN_OR_RETURN(const std::vector<DepositLine> lines, with_order_codes(session, moves));
  ASSIGN_OR_RETURN(const ledger::Account deposit, deposit_of(session, partner));
  return deposit_json(deposit, lines, next);
}

Result<std::string> show_reviews(store::Session& session, PartnerId partner, std::string_view query) {
  ASSIGN_OR_RETURN(const ReviewsAsked asked, read_reviews_asked(query));
  ASSIGN_OR_RETURN(auto reviews,
                   reviews_of_partner(session, partner, asked.filter, asked.before, reviews_per_page + 1));
  ReviewId next = 0;
  if (reviews.size() > reviews_per_page) {
    reviews.pop_back();
    next = reviews.back().id;
  }
  return reviews_json(reviews, next);
}

Result<std::string> show_managers(store::Session& session, PartnerId partner, const PartnerRow& row) {
  ASSIGN_OR_RETURN(const auto managers, managers_of(session, partner, row));
  return managers_json(managers);
}

Result<std::string> show_access_requests(store::Session& session, PartnerId partner) {
  ASSIGN_OR_RETURN(const auto requests, access_requests(session, partner));
  return access_requests_json(requests);
}

}  // namespace

Portal::Portal(engine::Engine& engine, State& state, crypto::Passwords& passwords, const http::Links& links,
               const Clock& clock, Random& random, const Hash& key, http::Metrics& metrics)
    : engine_(engine),
      state_(state),
      passwords_(passwords),
      links_(links),
      sessions_(key, clock, random, [&links] { return links.base_url().starts_with("https://"); }),
      clock_(clock),
      sign_ins_(clock),
      sign_in_log_(metrics, "portal", clock),
      tries_of_own_password_(clock, tries_of_own_password),
      links_of_network_(clock, links_of_a_network, links_within),
      links_of_account_(clock, links_of_an_account, links_within) {}

void Portal::add_routes(http::Router& router) {
  const auto to = [this](void (Portal::*handler)(Responder)) {
    return [this, handler](Responder responder) { (this->*handler)(std::move(responder)); };
  };
  const auto view = [this](const View& make) {
    return [this, make](Responder responder) { show(std::move(responder), make); };
  };
  router.add({Method::get, "/partner/api/invites/{token}", Effect::read, to(&Portal::show_invite)});
  const auto accept = to(&Portal::accept_invite);
  router.add({Method::post, "/partner/api/invites/{token}", Effect::write, accept, max_body});
  router.add({Method::post, "/partner/api/session", Effect::read, to(&Portal::sign_in), max_body});
  router.add({Method::del, "/partner/api/session", Effect::write, to(&Portal::sign_out)});
  const auto forget = to(&Portal::forget_password);
  router.add({Method::post, "/partner/api/password/forgotten", Effect::write, forget, max_body});
  const auto change = to(&Portal::change_password);
  router.add({Method::put, "/partner/api/password", Effect::write, change, max_body});
  router.add({Method::get, "/partner/api/me", Effect::read,
              view([](store::Session&, const SignedIn& who, const http::Request&) -> Result<std::string> {
                return me_json(who.partner_id, who.partner, who.manager, who.contact);
              })});
  router.add({Method::get, "/partner/api/campaigns", Effect::read,
              view([](store::Session& session, const SignedIn& who, const http::Request& request) {
                return show_campaigns(session, who.partner_id, request.query());
              })});
  router.add({Method::get, "/partner/api/campaigns/{id}", Effect::read,
              view([](store::Session& session, const SignedIn& who,
                      const http::Request& request) -> Result<std::string> {
                ASSIGN_OR_RETURN(const CampaignId id, parse_id(request.path_parameter("id")));
                ASSIGN_OR_RETURN(const auto found, campaign_of_partner(session, who.partner_id, id));
                return render_campaign(found).body;
              })});
  router.add({Method::get, "/partner/api/reviews", Effect::read,
              view([](store::Session& session, const SignedIn& who, const http::Request& request) {
                return show_reviews(session, who.partner_id, request.query());
              })});
  router.add({Method::get, "/partner/api/reviews/{id}", Effect::read,
              view([](store::Session& session, const SignedIn& who,
                      const http::Request& request) -> Result<std::string> {
                ASSIGN_OR_RETURN(const ReviewId id, parse_id(request.path_parameter("id")));
                ASSIGN_OR_RETURN(const ReviewView found, review_of_partner(session, who.partner_id, id));
                return review_json(found);
              })});
  router.add({Method::get, "/partner/api/managers", Effect::read,
              view([](store::Session& session, const SignedIn& who, const http::Request&) {
                return show_managers(session, who.partner_id, who.partner);
              })});
  const auto withdraw = to(&Portal::withdraw_access);
  router.add({Method::post, "/partner/api/managers/{id}/withdraw", Effect::write, withdraw, max_body});
  router.add({Method::get, "/partner/api/access-requests", Effect::read,
              view([](store::Session& session, const SignedIn& who, const http::Request&) {
                return show_access_requests(session, who.partner_id);
              })});
  const auto confirm = to(&Portal::confirm_access);
  router.add({Method::post, "/partner/api/access-requests/{id}/confirm", Effect::write, confirm, max_body});
  const auto decline = to(&Portal::decline_access);
  router.add({Method::post, "/partner/api/access-requests/{id}/decline", Effect::write, decline, max_body});
  router.add({Method::get, "/partner/api/deposit", Effect::read,
              view([](store::Session& session, const SignedIn& who, const http::Request& request) {
                return show_deposit(session, who.partner_id, request.query());
              })});
}

// ---- invitations

void Portal::show_invite(Responder responder) {
  const auto id = links_.open(invite_purpose, responder.request().path_parameter("token"));
  if (!id) return responder.respond(api_error(Error(Errc::not_found, "there is no such invitation")));
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [this, to, id = *id](store::Session& session) {
        const auto found = find_invitation(session, id);
        if (!found) return to->respond(api_error(found.error()));
        const auto status = invite_status(id, found->invite, found->manager, engine_.business_now());
        to->respond(
            private_response(invite_json(found->partner, found->manager, status, found->invite.expires_at)));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

void Portal::accept_invite(Responder responder) {
  const http::Request& request = responder.request();
  if (!may_change(request)) return responder.respond(api_error(Errc::header_missing));
  const auto id = links_.open(invite_purpose, request.path_parameter("token"));
  if (!id) return responder.respond(api_error(Error(Errc::not_found, "there is no such invitation")));
  auto password = read_password(request.body());
  if (!password) return responder.respond(api_error(password.error()));
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [this, to, id = *id, password = std::move(*password)](store::Session& session) {
        const auto found = find_invitation(session, id);
        if (!found) return to->respond(api_error(found.error()));
        if (invite_status(id, found->invite, found->manager, engine_.business_now()) != InviteStatus::open)
          return to->respond(api_error(Errc::invite_ended));
        const auto fault = password_fault(password, found->manager.email, found->partner.company_name);
        if (!fault.empty()) return to->respond(field_response("password", fault));
        const Status taken = passwords_.hash(
            password, [this, to, id](std::string hashed) { set_password(to, id, std::move(hashed)); });
        if (!taken) to->respond(api_error(taken.error()));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

void Portal::set_password(Shared to, InviteId invite, std::string password_hash) {
  // Filled in by the command when it is recorded, read when it is answered.
  auto cookie = std::make_shared<http::Header>();
  auto command = std::make_unique<SetPassword>(
      state_, invite, std::move(password_hash),
      [this, cookie](const PasswordSet& set) {
        *cookie = sessions_.open(set.manager, set.password_hash);
        return Answer{200, "{\"redirect\":\"" + std::string(portal_path) + "\"}"};
      },
      [to, cookie](std::variant<SetPassword::Done, Refused> outcome) {
        if (const auto* refused = std::get_if<Refused>(&outcome))
          return to->respond(api_error(refused->error));
        Answer& answer = std::get<SetPassword::Done>(outcome).answer;
        http::Response response = private_response(std::move(answer.body), answer.status);
        response.headers.push_back(std::move(*cookie));
        to->respond(std::move(response));
      });
  if (const Status queued = engine_.submit(std::move(command)); !queued)
    to->respond(api_error(queued.error()));
}

// ---- access

void Portal::confirm_access(Responder responder) {
  judge_access<ConfirmAccess>(std::move(responder), &access_confirmed_json);
}

void Portal::decline_access(Responder responder) {
  judge_access<DeclineAccess>(std::move(responder), &access_declined_json);
}

void Portal::withdraw_access(Responder responder) {
  judge_access<WithdrawAccess>(std::move(responder), &access_withdrawn_json);
}

template <typename Command, typename T>
void Portal::judge_access(Responder responder, std::string (*said_as)(const T&)) {
  if (!may_change(responder.request())) return responder.respond(api_error(Errc::header_missing));
  const auto claim = sessions_.claim_of(responder.request());
  if (!claim) return responder.respond(api_error(Errc::not_authenticated));
  const auto about = parse_id(responder.request().path_parameter("id"));
  if (!about) return responder.respond(api_error(Errc::not_found));
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [this, to, said_as, claim = *claim, about = *about](store::Session& session) {
        const auto who = signed_in(session, claim);
        if (!who) return to->respond(api_error(who.error()));
        submit_judgement<Command, T>(to, about, {who->partner_id, claim.manager, who->manager.password_hash},
                                     said_as);
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

template <typename Command, typename T>
void Portal::submit_judgement(const Shared& to, ManagerId about, AccessJudge by,
                              std::string (*said_as)(const T&)) {
  const Render<T> render = [said_as](const T& judged) { return Answer{200, said_as(judged)}; };
  auto command = std::make_unique<Command>(
      state_, about, std::move(by), render, [to](std::variant<typename Command::Done, Refused> outcome) {
        if (const auto* refused = std::get_if<Refused>(&outcome))
          return to->respond(api_error(refused->error));
        Answer& answer = std::get<typename Command::Done>(outcome).answer;
        to->respond(private_response(std::move(answer.body), answer.status));
      });
  if (const Status queued = engine_.submit(std::move(command)); !queued)
    to->respond(api_error(queued.error()));
}

// ---- sessions

void Portal::sign_in(Responder responder) {
  const http::Request& request = responder.request();
  if (!may_change(request)) return responder.respond(api_error(Errc::header_missing));
  auto asked = read_sign_in(request.body());
  if (!asked) return responder.respond(api_error(asked.error()));
  auto [tried, limit, refusal] = sign_ins_.begin(request.peer(), asked->email);
  if (limit == http::SignInTries::Limit::account || limit == http::SignInTries::Limit::network)
    sign_in_log_.limited(request.peer());
  if (!tried) return responder.respond(std::move(refusal));
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [this, to, tried = tried, asked = std::move(*asked)](store::Session& session) {
        check_password(to, tried, session, asked.email, asked.password);
      },
      [to, tried = tried](const Error& error) {
        tried->undo();
        to->respond(api_error(error));
      });
}

void Portal::check_password(const Shared& to, const std::shared_ptr<http::SignInTries::Try>& tried,
                            store::Session& session, const std::string& email, std::string password) {
  const auto fail = [&](const Error& error) {
    tried->undo();
    to->respond(api_error(error));
  };
  const auto id = find_email(session, email);
  if (!id) return fail(id.error());
  std::string hashed;
  if (*id != 0) {
    auto manager = find_manager(session, *id);
    if (!manager) return fail(manager.error());
    hashed = std::move(manager->password_hash);
  }
  // An unknown address takes as long as a wrong password.
  const Status taken =
      passwords_.verify(hashed, std::move(password), [this, to, tried, id = *id, email, hashed](bool right) {
        if (!right) {
          sign_in_log_.refused(id == 0 ? std::string() : email, to->request().peer());
          return to->respond(api_error(Errc::not_authenticated));
        }
        tried->succeed();
        sign_in_log_.signed_in(email, to->request().peer());
        http::Response response = private_response("{}");
        response.headers.push_back(sessions_.open(id, hashed));
        to->respond(std::move(response));
      });
  if (!taken) fail(taken.error());
}

void Portal::sign_out(Responder responder) {
  if (!may_change(responder.request())) return responder.respond(api_error(Errc::header_missing));
  const auto claim = sessions_.claim_of(responder.request());
  auto to = std::make_shared<Responder>(std::move(responder));
  const auto answer = [this, to](const Status& ended) {
    if (!ended) return to->respond(api_error(ended.error()));
    http::Response response = private_response("{}");
    response.headers.push_back(sessions_.close());
    to->respond(std::move(response));
  };
  if (!claim) return answer({});
  const Instant until = clock_.wall_now() + portal_session_life;
  auto command = std::make_unique<engine::EndSession>(claim->token, until, answer);
  if (const Status queued = engine_.submit(std::move(command)); !queued) answer(queued);
}

// ---- passwords

void Portal::forget_password(Responder responder) {
  const http::Request& request = responder.request();
  if (!may_change(request)) return responder.respond(api_error(Errc::header_missing));
  auto email = read_email(request.body());
  if (!email) return responder.respond(api_error(email.error()));
  if (!state_.surroundings().mail)
    return responder.respond(api_error(Error(Errc::not_found, "no mail is sent from here")));
  if (!links_of_network_.take(http::network_of(request.peer())))
    return responder.respond(links_of_network_.too_many());
  if (!links_of_account_.take(*email)) return responder.respond(links_of_account_.too_many());
  auto command = std::make_unique<ForgetPassword>(
      state_, std::move(*email), [](const PasswordForgotten&) { return Answer{}; },
      [](const std::variant<ForgetPassword::Done, Refused>&) {});
  // Answered before it is decided: not even the time tells whether the address is a manager's.
  const Status queued = engine_.submit(std::move(command));
  responder.respond(queued ? private_response("{}", 202) : api_error(queued.error()));
}

void Portal::change_password(Responder responder) {
  const http::Request& request = responder.request();
  if (!may_change(request)) return responder.respond(api_error(Errc::header_missing));
  const auto claim = sessions_.claim_of(request);
  if (!claim) return responder.respond(api_error(Errc::not_authenticated));
  auto asked = read_password_change(request.body());
  if (!asked) return responder.respond(api_error(asked.error()));
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [this, to, claim = *claim, asked = std::move(*asked)](store::Session& session) {
        const auto who = signed_in(session, claim);
        if (!who) return to->respond(api_error(who.error()));
        const ManagerRow& manager = who->manager;
        const auto fault = password_fault(asked.password, manager.email, who->partner.company_name);
        if (!fault.empty()) return to->respond(field_response("password", fault));
        const std::string tried = std::to_string(claim.manager);
        if (!tries_of_own_password_.take(tried)) return to->respond(tries_of_own_password_.too_many());
        const auto hashed = [this, to, id = claim.manager, before = manager.password_hash](std::string hash) {
          submit_password(to, id, before, std::move(hash));
        };
        const auto checked = [this, to, hashed, password = asked.password](bool right) {
          if (!right) return to->respond(field_response("current", "is not your password"));
          if (const Status taken = passwords_.hash(password, hashed); !taken)
            to->respond(api_error(taken.error()));
        };
        const Status taken = passwords_.verify(manager.password_hash, asked.current, checked);
        if (taken) return;
        tries_of_own_password_.give_back(tried);
        to->respond(api_error(taken.error()));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

void Portal::submit_password(const Shared& to, ManagerId manager, std::string before,
                             std::string password_hash) {
  // The session that asked goes on; all others end with the password that opened them.
  auto cookie = std::make_shared<http::Header>();
  auto command = std::make_unique<ChangePassword>(
      state_, manager, std::move(before), std::move(password_hash),
      [this, cookie](const PasswordChanged& changed) {
        *cookie = sessions_.open(changed.manager, changed.password_hash);
        return Answer{200, "{}"};
      },
      [to, cookie](std::variant<ChangePassword::Done, Refused> outcome) {
        if (const auto* refused = std::get_if<Refused>(&outcome))
          return to->respond(api_error(refused->error));
        http::Response response =
            private_response(std::move(std::get<ChangePassword::Done>(outcome).answer.body));
        response.headers.push_back(std::move(*cookie));
        to->respond(std::move(response));
      });
  if (const Status queued = engine_.submit(std::move(command)); !queued)
    to->respond(api_error(queued.error()));
}

Result<Portal::SignedIn> Portal::signed_in(store::Session& session,
                                           const PortalSessions::Claim& claim) const {
  SignedIn who;
  ASSIGN_OR_RETURN(who.manager, find_manager(session, claim.manager));
  if (!sessions_.holds(claim, who.manager)) return Errc::not_authenticated;
  ASSIGN_OR_RETURN(const bool ended, engine::session_ended(session, claim.token));
  if (ended) return Errc::not_authenticated;
  who.partner_id = who.manager.partner;
  ASSIGN_OR_RETURN(who.partner, find_partner(session, who.partner_id));
  who.contact = who.partner.manager == claim.manager;
  return who;
}

void Portal::show(Responder responder, View view) {
  const auto claim = sessions_.claim_of(responder.request());
  if (!claim) return responder.respond(api_error(Errc::not_authenticated));
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [this, to, claim = *claim, view = std::move(view)](store::Session& session) {
        const auto who = signed_in(session, claim);
        if (!who) return to->respond(api_error(who.error()));
        auto body = view(session, *who, to->request());
        to->respond(body ? private_response(std::move(*body)) : api_error(body.error()));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

}  // namespace jangbu::hub
