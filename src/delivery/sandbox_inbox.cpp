#include "delivery/sandbox_inbox.h"

#include "delivery/admin_read.h"
#include "delivery/sandbox_render.h"

namespace jangbu::delivery {
namespace {

using http::api_error;
using http::Effect;
using http::json_response;
using http::Method;
using Shared = std::shared_ptr<http::Responder>;

constexpr std::size_t shown_at_once = 20;

bool wants_html(const http::Request& request) {
  const std::string* accept = request.header("Accept");
  return accept != nullptr && accept->find("text/html") != std::string::npos;
}

/// There are links in it that open invitations and checkouts: nobody keeps or frames it.
http::Response private_response(http::Response response) {
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  return response;
}

http::Response html_response(std::string body) {
  http::Response response;
  response.body = std::move(body);
  response.content_type = "text/html; charset=utf-8";
  response.headers.push_back({"Content-Security-Policy",
                              "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; base-uri "
                              "'none'; form-action 'none'; "
                              "frame-ancestors 'none'"});
  return response;
}

template <typename Taken>
bool is_of(Channel channel) {
  return std::is_same_v<Taken, TakenMail> ? channel == Channel::mail : is_message(channel);
}

/// Nothing of what is in it when its template or secret is not known.
template <typename Taken>
Taken taken(const DeliveryRow& row, const SecretBook& secrets, const Templates& templates) {
  Taken out;
  out.id = row.event.id;
  out.at = row.finished_at;
  out.topic = row.event.event.topic;
  const auto delivery = decode(row.event.event.payload);
  if (!delivery) return out;
  Rendered words = templates.render(delivery->content()).value_or(Rendered{});
  const std::string secret =
      delivery->secret().empty() ? std::string() : secrets.find(delivery->secret()).value_or("");
  if constexpr (std::is_same_v<Taken, TakenMail>) {
    if (delivery->mail() != nullptr) out.letter = letter_of(*delivery->mail(), std::move(words), secret);
  } else {
    if (delivery->message() != nullptr) out.note = note_of(*delivery->message(), std::move(words), secret);
  }
  return out;
}

}  // namespace

void SandboxInbox::add_routes(http::Router& router) {
  router.add({Method::get, "/sandbox/mail", Effect::read,
              [this](http::Responder responder) { list<TakenMail>(std::move(responder)); }});
  router.add({Method::get, "/sandbox/mail/{id}", Effect::read,
              [this](http::Responder responder) { show<TakenMail>(std::move(responder)); }});
  router.add({Method::get, "/sandbox/messages", Effect::read,
              [this](http::Responder responder) { list<TakenMessage>(std::move(responder)); }});
  router.add({Method::get, "/sandbox/messages/{id}", Effect::read,
              [this](http::Responder responder) { show<TakenMessage>(std::move(responder)); }});
  // Takes every webhook, by every rule of what counts as taken; /api/deliveries shows what came.
  router.add({Method::post, "/sandbox/webhooks", Effect::read,
              [](http::Responder responder) { responder.respond(json_response("{\"success\":true}")); }});
}

template <typename Taken>
void SandboxInbox::list(http::Responder responder) {
  const auto request = read_list(responder.request().query());
  if (!request) return responder.respond(api_error(request.error()));
  const auto shared = std::make_shared<http::Responder>(std::move(responder));
  engine_.read(
      [this, shared, before = request->before](store::Session& session) {
        DeliveryFilter filter;
        filter.state = engine::EventState::delivered;
        for (const Channel channel : all_channels)
          if (is_of<Taken>(channel)) filter.channels.push_back(channel);
        const auto page = list_deliveries(session, filter, before, shown_at_once, false);
        if (!page) return shared->respond(api_error(page.error()));
        std::vector<Taken> all;
        for (const DeliveryRow& row : page->rows) all.push_back(taken<Taken>(row, secrets_, templates_));
        const std::span<const Taken> span(all);
        shared->respond(private_response(wants_html(shared->request())
                                             ? html_response(render_list_html(span, page->next))
                                             : json_response(render_list(span, page->next))));
      },
      [shared](const Error& error) { shared->respond(api_error(error)); });
}

template <typename Taken>
void SandboxInbox::show(http::Responder responder) {
  const auto id = read_id(responder.request().path_parameter("id"));
  if (!id) return responder.respond(api_error(id.error()));
  const auto shared = std::make_shared<http::Responder>(std::move(responder));
  engine_.read(
      [this, shared, id = *id](store::Session& session) {
        const auto row = read_delivery(session, id);
        if (!row) return shared->respond(api_error(row.error()));
        if (!is_of<Taken>(*channel_of(row->event.event.destination)))
          return shared->respond(api_error(Error(Errc::not_found, "there is no such mail or message here")));
        const auto one = taken<Taken>(*row, secrets_, templates_);
        shared->respond(private_response(wants_html(shared->request()) ? html_response(render_taken_html(one))
                                                                       : json_response(render_taken(one))));
      },
      [shared](const Error& error) { shared->respond(api_error(error)); });
}

}  // namespace jangbu::delivery
