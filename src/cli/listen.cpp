// `jangbu listen`: the webhooks of a running server, as they are told, at a developer's desk.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/local_api.h"

namespace jangbu::cli {
namespace {

constexpr int wait_s = 20;              // of one long poll
constexpr long forward_timeout_s = 10;  // as the postman's
constexpr std::size_t shown_answer_bytes = 200;
constexpr auto pause_after_failure = std::chrono::seconds(1);

struct Options {
  std::string directory = "data";
  std::string forward;
  std::string door;
  std::vector<std::string> events;
  std::string after;  // empty: from now
  bool as_json = false;
  bool once = false;
};

std::string text_of(const json::Value& object, const char* name) {
  const json::Value* value = object.find(name);
  return value == nullptr ? std::string() : std::string(value->text);
}

/// What came of forwarding one webhook.
struct Forwarded {
  int status = 0;     // 0: there was no answer
  std::string error;  // why
  std::string answer;
  std::int64_t ms = 0;
};

class Listening {
 public:
  explicit Listening(Options options) : options_(std::move(options)), after_(options_.after) {}

  int run() {
    bool is_away = false;
    for (;;) {
      const Status asked = ask();
      if (!asked && (options_.once || asked.error().code != Errc::io_error)) {
        std::fprintf(stderr, "jangbu: %s\n", to_string(asked.error()).c_str());
        return 1;
      }
      if (options_.once && (heard_ > 0 || !asked)) return failed_ == 0 ? 0 : 1;
      if (!asked && !is_away) std::fputs("waiting for the server\n", stderr);
      is_away = !asked.ok();
      if (is_away) std::this_thread::sleep_for(pause_after_failure);
    }
  }

 private:
  Status ask() {
    const auto control = read_control(options_.directory);
    // A server that starts again writes the file anew.
    if (!control) return is_ready_ ? Error(Errc::io_error, control.error().detail) : control.error();
    std::string path = "/api/deliveries/feed?wait=" + std::to_string(wait_s);
    if (!after_.empty()) path += "&after=" + after_;
    if (!options_.door.empty()) path += "&door=" + options_.door;
    ASSIGN_OR_RETURN(const ApiAnswer answer, call_api(*control, "GET", path, ""));
    if (answer.status == 503) return Error(Errc::io_error, "the server is busy");
    if (!answer.ok()) return Error(Errc::internal, answer.body);
    ASSIGN_OR_RETURN(const auto document, json::Document::parse(answer.body));
    const json::Value* events = document.root().find("events");
    const json::Value* last = document.root().find("last");
    if (events == nullptr || last == nullptr) return Error(Errc::internal, answer.body);
    ready(*control);
    for (std::uint32_t i = 0; i < events->size; ++i) {
      hear(events->items[i]);
      if (options_.once && heard_ > 0) break;
    }
    after_ = std::string(last->text);
    return {};
  }

  void ready(const Control& control) {
    if (is_ready_) return;
    is_ready_ = true;
    std::fprintf(stderr, "listening to %s%s%s\n", control.base_url.c_str(),
                 options_.forward.empty() ? "" : ", forwarding to ", options_.forward.c_str());
  }

  void hear(const json::Value& event) {
    const std::string topic = text_of(event, "topic");
    const auto& wanted = options_.events;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), topic) == wanted.end()) return;
    ++heard_;
    const auto forwarded = options_.forward.empty() ? std::optional<Forwarded>() : forward(event);
    if (forwarded && (forwarded->status < 200 || forwarded->status > 299)) ++failed_;
    options_.as_json ? print_json(event, forwarded) : print(event, forwarded);
    std::fflush(stdout);
  }

  [[nodiscard]] Forwarded forward(const json::Value& event) const {
    ApiCall call;
    call.url = options_.forward;
    call.timeout_s = forward_timeout_s;
    call.headers = {"Content-Type: application/json; charset=utf-8", "User-Agent: Jangbu", "Expect:"};
    if (const json::Value* headers = event.find("headers"))
      for (std::uint32_t i = 0; i < headers->size; ++i)
        call.headers.push_back(std::string(headers->members[i].name) + ": " +
                               std::string(headers->members[i].value.text));
    call.body = text_of(event, "body");
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = send(call);
    Forwarded out;
    out.ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun)
                 .count();
    if (!answer) {
      out.error = answer.error().detail;
      return out;
    }
    out.status = answer->status;
    out.answer = answer->body.substr(0, shown_answer_bytes);
    return out;
  }

  static void print(const json::Value& event, const std::optional<Forwarded>& forwarded) {
    std::printf("%s  %-10s %s  %s\n", text_of(event, "created_at").c_str(), text_of(event, "id").c_str(),
                text_of(event, "topic").c_str(), text_of(event, "document").c_str());
    std::printf("    %s\n", text_of(event, "body").c_str());
    if (!forwarded) return;
    if (forwarded->status == 0) {
      std::printf("    -> %s\n", forwarded->error.c_str());
    } else {
      std::printf("    -> %d in %lld ms %s\n", forwarded->status, static_cast<long long>(forwarded->ms),
                  forwarded->answer.c_str());
    }
  }

  static void print_json(const json::Value& event, const std::optional<Forwarded>& forwarded) {
    std::string out;
    json::Writer writer(out);
    writer.begin_object().key("id").raw(text_of(event, "id"));
    for (const char* name : {"created_at", "topic", "document", "destination", "body"})
      writer.key(name).string(text_of(event, name));
    writer.key("forwarded");
    if (!forwarded) {
      writer.null();
    } else {
      writer.begin_object().key("status").number(forwarded->status).key("ms").number(forwarded->ms);
      writer.key("error").string(forwarded->error).end_object();
    }
    writer.end_object();
    std::printf("%s\n", out.c_str());
  }

  const Options options_;
  std::string after_;
  bool is_ready_ = false;
  std::size_t heard_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace

void add_listen(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* listen = app.add_subcommand(
      "listen", "Print the webhooks of the running server as they are told, and forward them, signed");
  listen->add_option("--data", options->directory, "The server's data directory")->capture_default_str();
  listen->add_option("--forward", options->forward, "URL on your machine to which each is POSTed");
  listen->add_option("--door", options->door, "Only of this door")->check(CLI::IsMember({"hub", "invoice"}));
  listen->add_option("--events", options->events, "Only these: order.paid,PAYMENT_COMPLETED")->delimiter(',');
  listen->add_option("--after", options->after, "Go on after the event of this id; 0: from the first of all")
      ->check(CLI::NonNegativeNumber);
  listen->add_flag("--json", options->as_json, "One line of JSON for each");
  listen->add_flag("--once", options->once, "End after the first; the exit status says whether it was taken");
  listen->callback([options, &run] { run = [options] { return Listening(*options).run(); }; });
}

}  // namespace jangbu::cli
