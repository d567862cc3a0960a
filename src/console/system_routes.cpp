#include "console/system_routes.h"

#include "base/json.h"

namespace jangbu::console {
namespace {

using http::Effect;
using http::Method;
using http::Responder;
using http::Response;

Response text_response(std::string body, std::string content_type, int status = 200) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  response.content_type = std::move(content_type);
  return response;
}

std::string clock_json(Instant now) {
  std::string out;
  json::Writer(out).begin_object().key("now").string(to_rfc3339(now)).end_object();
  return out;
}

void advance_clock(engine::Engine& engine, Responder responder) {
  const auto document = json::Document::parse(responder.request().body());
  if (!document) return responder.respond(http::api_error(document.error()));
  const json::Value* advance = document->root().find("advance");
  if (advance == nullptr || !advance->is_string())
    return responder.respond(http::api_error(
        Error(Errc::invalid_parameters, "advance must be a duration: {\"advance\":\"30d\"}")));
  const auto by = parse_duration(advance->text);
  if (!by) return responder.respond(http::api_error(by.error()));
  auto shared = std::make_shared<Responder>(std::move(responder));
  const Status queued = engine.move_clock(*by, [shared](Result<Instant> now) {
    shared->respond(now ? http::json_response(clock_json(*now)) : http::api_error(now.error()));
  });
  if (!queued) shared->respond(http::api_error(queued.error()));
}

}  // namespace

void add_system_routes(http::Router& router, const SystemRoutes& system) {
  for (const char* prefix : {"/", "/api", "/sandbox"}) router.add_dialect({prefix, http::api_status});
  router.add({Method::get, "/healthz", Effect::read,
              [](Responder responder) { responder.respond(http::json_response("{\"status\":\"ok\"}")); }});
  router.add({Method::get, "/readyz", Effect::read,
              [ready = system.ready, &engine = system.engine](Responder responder) {
                if (!ready()) return responder.respond(http::api_status(503, "not ready"));
                // A follower serves reads and forwards writes: it is ready while it knows a writer.
                const bool writer = engine.is_writer();
                if (!writer && engine.writer_url().empty())
                  return responder.respond(http::api_status(503, "there is no writer"));
                responder.respond(http::json_response(std::string("{\"status\":\"ready\",\"role\":\"") +
                                                      (writer ? "writer" : "follower") + "\"}"));
              }});
  router.add({Method::get, "/metrics", Effect::read, [&metrics = system.metrics](Responder responder) {
                responder.respond(
                    text_response(metrics.render(), "text/plain; version=0.0.4; charset=utf-8"));
              }});
  router.add({Method::get, "/openapi.yaml", Effect::read, [](Responder responder) {
                responder.respond(
                    text_response(std::string(openapi_yaml()), "application/yaml; charset=utf-8"));
              }});
  if (!system.sandbox) return;
  router.add({Method::get, "/sandbox/clock", Effect::read, [&engine = system.engine](Responder responder) {
                responder.respond(http::json_response(clock_json(engine.business_now())));
              }});
  router.add({Method::post, "/sandbox/clock", Effect::write, [&engine = system.engine](Responder responder) {
                advance_clock(engine, std::move(responder));
              }});
}

void add_engine_metrics(http::Metrics& metrics, const engine::Engine& engine) {
  const auto counter = [&](std::string_view name, std::string_view help,
                           std::uint64_t (*read)(const engine::EngineStatus&)) {
    metrics.counter_from(name, help, {}, [&engine, read] { return read(engine.status()); });
  };
  const auto gauge = [&](std::string_view name, std::string_view help,
                         std::int64_t (*read)(const engine::EngineStatus&)) {
    metrics.gauge(name, help, {}, [&engine, read] { return read(engine.status()); });
  };
  using engine::EngineStatus;
  counter("jangbu_batches_total", "Batches committed.",
          [](const EngineStatus& s) { return s.writer.batches; });
  counter("jangbu_records_total", "Records committed.",
          [](const EngineStatus& s) { return s.writer.records; });
  counter("jangbu_commands_refused_total", "Commands that were refused by their door's rules.",
          [](const EngineStatus& s) { return s.writer.refused; });
  counter("jangbu_batches_failed_total", "Batches that were dropped.",
          [](const EngineStatus& s) { return s.writer.failed_batches; });
  counter("jangbu_invariant_violations_total", "Invariants found broken; each one is a bug.",
          [](const EngineStatus& s) { return s.writer.invariant_violations; });
  counter("jangbu_unknown_outcomes_total", "Commits whose outcome had to be looked for.",
          [](const EngineStatus& s) { return s.writer.unknown_outcomes; });
  counter("jangbu_refused_overload_total", "Commands refused because the queue was full.",
          [](const EngineStatus& s) { return s.refused_overload; });
  counter("jangbu_refused_deadline_total", "Commands that waited longer than their deadline.",
          [](const EngineStatus& s) { return s.refused_deadline; });
  gauge("jangbu_queued_commands", "Commands that wait for the writer.",
        [](const EngineStatus& s) { return static_cast<std::int64_t>(s.queued_commands); });
  gauge("jangbu_waiting_reads", "Reads that wait for a reader.",
        [](const EngineStatus& s) { return static_cast<std::int64_t>(s.waiting_reads); });
  gauge("jangbu_is_writer", "1 on the node that writes.",
        [](const EngineStatus& s) { return std::int64_t{s.is_writer ? 1 : 0}; });
  gauge("jangbu_last_record", "Number of the newest record.",
        [](const EngineStatus& s) { return static_cast<std::int64_t>(s.head.number); });
}

}  // namespace jangbu::console
