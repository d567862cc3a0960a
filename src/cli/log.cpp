#include "cli/log.h"

#include <chrono>

#include <spdlog/formatter.h>
#include <spdlog/spdlog.h>

#include "base/json.h"
#include "base/time.h"
#include "base/trace.h"

namespace jangbu::cli {
namespace {

std::int64_t us_of(const spdlog::details::log_msg& message) {
  return std::chrono::duration_cast<std::chrono::microseconds>(message.time.time_since_epoch()).count();
}

/// What both forms have: time, level, message, and the trace of the request whose work the thread does.
struct Line {
  explicit Line(const spdlog::details::log_msg& message)
      : at(to_rfc3339(Instant{us_of(message)})),
        level(spdlog::level::to_string_view(message.level).data()),
        text(message.payload.data(), message.payload.size()),
        trace(current_trace()) {}

  std::string at;
  std::string_view level;
  std::string_view text;
  Trace trace;
};

/// "2026-11-29T03:41:07.120453Z info the message trace_id=0af7..."
void write_text(const Line& line, std::string& out) {
  out.append(line.at).append(" ").append(line.level).append(" ").append(line.text);
  if (line.trace) out.append(" trace_id=").append(to_text(line.trace));
  out += '\n';
}

/// {"at":"...","level":"info","message":"...","trace_id":"..."} on a line of its own.
void write_json(const Line& line, std::string& out) {
  json::Writer writer(out);
  writer.begin_object().key("at").string(line.at).key("level").string(line.level);
  writer.key("message").string(line.text);
  if (line.trace) writer.key("trace_id").string(to_text(line.trace));
  writer.end_object();
  out += '\n';
}

class Formatter final : public spdlog::formatter {
 public:
  using Write = void (*)(const Line&, std::string&);
  explicit Formatter(Write write) : write_(write) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    std::string text;
    write_(Line(message), text);
    out.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<Formatter>(write_);
  }

 private:
  Write write_;
};

}  // namespace

Status set_log(const std::string& format, const std::string& level) {
  // spdlog reads "warning" and "critical"; what it does not know is "off".
  const auto wanted = spdlog::level::from_str(level);
  if (wanted == spdlog::level::off)
    return Error(Errc::invalid_configuration, "log-level is debug, info, warning, error or critical");
  spdlog::set_level(wanted);
  if (format != "json" && format != "text")
    return Error(Errc::invalid_configuration, "log-format is text or json");
  spdlog::set_formatter(std::make_unique<Formatter>(format == "json" ? write_json : write_text));
  return {};
}

}  // namespace jangbu::cli
