#include <algorithm>

#include "base/json.h"
#include "delivery/admin.h"
#include "delivery/admin_read.h"
#include "delivery/admin_render.h"
#include "delivery/state.h"

namespace jangbu::delivery {
namespace {

using http::api_error;
using http::Effect;
using http::json_response;
using http::Method;
using Shared = std::shared_ptr<http::Responder>;

constexpr std::size_t shown_attempts = 100;
constexpr std::string_view resend_warning =
    "What is sent again may reach a receiver twice, which knows it by webhook-id, a reward by its trlog_id.";

const Error is_a_test{Errc::already_exists, "a test is not sent again: make another one"};

Shared share(http::Responder responder) { return std::make_shared<http::Responder>(std::move(responder)); }

std::function<void(const Error&)> answer_error(const Shared& shared) {
  return [shared](const Error& error) { shared->respond(api_error(error)); };
}

std::string resent_json(std::size_t count, bool more) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("resent").unsigned_number(count).key("more").boolean(more);
  writer.key("warning").string(resend_warning).end_object();
  return out;
}

/// A delivery; of others than the receiver's nobody learns that there are any.
Result<DeliveryRow> read_delivery_of(store::Session& session, std::uint64_t id, const Receiver& receiver) {
  ASSIGN_OR_RETURN(DeliveryRow row, read_delivery(session, id));
  if (!receiver.destination.empty() && row.event.event.destination != receiver.destination)
    return Error(Errc::not_found, "there is no such delivery");
  return row;
}

/// Submits the resend and answers with how many events it is about.
void submit_resend(engine::Engine& engine, const Shared& shared, std::vector<std::uint64_t> ids, bool more) {
  auto command = std::make_unique<Resend>(std::move(ids), [shared, more](Result<std::size_t> count) {
    if (!count) return shared->respond(api_error(count.error()));
    shared->respond(json_response(resent_json(*count, more)));
  });
  if (const Status queued = engine.submit(std::move(command)); !queued)
    shared->respond(api_error(queued.error()));
}

}  // namespace

void Admin::add(http::Router& router, Method method, const char* pattern, Effect effect, Handler handler) {
  router.add({method, pattern, effect, [this, handler](http::Responder responder) {
                if (!authorize_(responder.request()))
                  return responder.respond(api_error(Errc::not_authenticated));
                (handlers_.*handler)(std::move(responder), {});
              }});
}

void Admin::add_routes(http::Router& router) {
  add(router, Method::get, "/api/deliveries", Effect::read, &Handlers::list);
  add(router, Method::get, "/api/deliveries/{id}", Effect::read, &Handlers::show);
  add(router, Method::post, "/api/deliveries/{id}/resend", Effect::write, &Handlers::resend);
  add(router, Method::post, "/api/deliveries/resend", Effect::write, &Handlers::resend_many);
}

void Handlers::list(http::Responder responder, const Receiver& receiver) {
  auto request = read_list(responder.request().query());
  if (!request) return responder.respond(api_error(request.error()));
  if (!receiver.destination.empty()) request->filter.destination = receiver.destination;
  const Shared shared = share(std::move(responder));
  engine_.read(
      [this, shared, wanted = std::move(*request)](store::Session& session) {
        const auto page = list_deliveries(session, wanted.filter, wanted.before, wanted.limit, true);
        shared->respond(page ? json_response(render_page(*page, id_key_)) : api_error(page.error()));
      },
      answer_error(shared));
}

void Handlers::show(http::Responder responder, const Receiver& receiver) {
  const auto id = read_id(responder.request().path_parameter("id"));
  if (!id) return responder.respond(api_error(id.error()));
  const Shared shared = share(std::move(responder));
  engine_.read(
      [this, shared, id = *id, receiver](store::Session& session) {
        const auto row = read_delivery_of(session, id, receiver);
        if (!row) return shared->respond(api_error(row.error()));
        const auto attempts = read_attempts(session, id, shown_attempts);
        shared->respond(attempts ? json_response(render_one(*row, *attempts, templates_, id_key_))
                                 : api_error(attempts.error()));
      },
      answer_error(shared));
}

void Handlers::resend(http::Responder responder, const Receiver& receiver) {
  const auto id = read_id(responder.request().path_parameter("id"));
  if (!id) return responder.respond(api_error(id.error()));
  const Shared shared = share(std::move(responder));
  if (receiver.destination.empty()) return submit_resend(engine_, shared, {*id}, false);
  engine_.read(
      [this, shared, id = *id, receiver](store::Session& session) {
        const auto row = read_delivery_of(session, id, receiver);
        if (!row) return shared->respond(api_error(row.error()));
        if (row->event.event.topic == receiver.never_again) return shared->respond(api_error(is_a_test));
        submit_resend(engine_, shared, {id}, false);
      },
      answer_error(shared));
}

void Handlers::resend_many(http::Responder responder, const Receiver& receiver) {
  auto filter = read_resend(responder.request().body());
  if (!filter) return responder.respond(api_error(filter.error()));
  if (!receiver.destination.empty()) filter->destination = receiver.destination;
  filter->except_topic = receiver.never_again;
  const Shared shared = share(std::move(responder));
  engine_.read(
      [this, shared, wanted = std::move(*filter)](store::Session& session) {
        const auto page = list_deliveries(session, wanted, INT64_MAX, max_record_events, false);
        if (!page) return shared->respond(api_error(page.error()));
        if (page->rows.empty()) return shared->respond(json_response(resent_json(0, page->next != 0)));
        std::vector<std::uint64_t> ids;
        for (const DeliveryRow& row : page->rows) ids.push_back(row.event.id);
        std::reverse(ids.begin(), ids.end());
        submit_resend(engine_, shared, std::move(ids), page->next != 0);
      },
      answer_error(shared));
}

}  // namespace jangbu::delivery
