#include "cli/bench/report.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/json.h"

namespace jangbu::cli::bench {
namespace {

constexpr std::uint64_t p50_permille = 500;
constexpr std::uint64_t p90_permille = 900;
constexpr std::uint64_t p99_permille = 990;

/// How many thousandths of `whole` the part is.
std::uint64_t permille(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : (part * 1000 + whole / 2) / whole;
}

/// Three decimals from thousandths.
std::string decimals(std::uint64_t thousandths) {
  return fmt::format("{}.{:03}", thousandths / 1000, thousandths % 1000);
}

std::string milliseconds(std::int64_t us) {
  return decimals(static_cast<std::uint64_t>(std::max<std::int64_t>(0, us)));
}

std::string grouped(std::uint64_t number) {
  constexpr std::size_t group = 3;
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % group == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::uint64_t purchases_ratio(const Report& report) {
  return permille(report.load.accepted_per_s(), report.signatures_per_s());
}

std::uint64_t stage_share(const Report& report, std::size_t stage) {
  return permille(report.metrics.stage_us[stage], static_cast<std::uint64_t>(report.load.elapsed_us));
}

/// Of the writer's time that no stage took: it waited for commands.
std::uint64_t waiting_share(const Report& report) {
  std::uint64_t rest = 1000;
  for (std::size_t i = 0; i < stage_names.size(); ++i) rest -= std::min(rest, stage_share(report, i));
  return rest;
}

std::uint64_t processor_us_per_purchase(const Report& report) {
  return report.load.accepted == 0 ? 0 : report.processor_us / report.load.accepted;
}

std::uint64_t records_per_batch_permille(const Report& report) {
  return permille(report.metrics.records, report.metrics.batches);
}

std::string stage_line(const Report& report) {
  std::string line;
  const auto add = [&](std::string_view name, std::uint64_t share) {
    fmt::format_to(std::back_inserter(line), "{}{} {}.{} %", line.empty() ? "" : ", ", name, share / 10,
                   share % 10);
  };
  for (std::size_t i = 0; i < stage_names.size(); ++i) add(stage_names[i], stage_share(report, i));
  add("waiting", waiting_share(report));
  return line;
}

std::uint64_t processor_us(const Side& side) {
  return side.purchases == 0 ? 0 : side.processor_us / side.purchases;
}

/// In each turn, the filled book's rate as a share of the new one's, in ascending order.
std::vector<std::uint64_t> turn_permilles(const std::vector<Turn>& turns) {
  std::vector<std::uint64_t> permilles;
  permilles.reserve(turns.size());
  for (const Turn& turn : turns) permilles.push_back(permille(turn.filled.per_s, turn.new_book.per_s));
  std::sort(permilles.begin(), permilles.end());
  return permilles;
}

/// The lower one of the two in the middle.
std::uint64_t median(const std::vector<std::uint64_t>& sorted) { return sorted[(sorted.size() - 1) / 2]; }

std::string turns_line(const std::vector<std::uint64_t>& permilles) {
  return fmt::format("{} of a new book's rate by the median ({} to {})", decimals(median(permilles)),
                     decimals(permilles.front()), decimals(permilles.back()));
}

std::string turn_line(const Turn& turn) {
  return fmt::format("new {}/s, {} us; filled {}/s, {} us; {}", grouped(turn.new_book.per_s),
                     processor_us(turn.new_book), grouped(turn.filled.per_s), processor_us(turn.filled),
                     decimals(permille(turn.filled.per_s, turn.new_book.per_s)));
}

void write_side(json::Writer& writer, std::string_view name, const Side& side) {
  writer.key(name).begin_object();
  writer.key("purchases_per_s").unsigned_number(side.per_s);
  writer.key("server_processor_us_per_purchase").unsigned_number(processor_us(side)).end_object();
}

void write_turns(json::Writer& writer, const std::vector<Turn>& turns) {
  writer.key("turns").begin_array();
  for (const Turn& turn : turns) {
    writer.begin_object();
    write_side(writer, "new_book", turn.new_book);
    write_side(writer, "filled", turn.filled);
    writer.key("ratio").raw(decimals(permille(turn.filled.per_s, turn.new_book.per_s))).end_object();
  }
  writer.end_array();
}

}  // namespace

std::string to_text(const Report& report) {
  std::string out;
  const auto line = [&](std::string_view name, const std::string& text) {
    fmt::format_to(std::back_inserter(out), "  {:<20} {}\n", name, text);
  };
  fmt::format_to(std::back_inserter(out), "{}, {}, {} {}, {} {} stored before, {} s measured\n",
                 report.database, counted(static_cast<std::uint64_t>(report.connections), "connection"),
                 grouped(report.users), noun_for(report.users, "user"), grouped(report.prefilled),
                 noun_for(report.prefilled, "purchase"), milliseconds(report.load.elapsed_us / 1000));
  for (std::size_t i = 0; i < report.turns.size(); ++i)
    line(fmt::format("turn {}", i + 1), turn_line(report.turns[i]));
  if (!report.turns.empty()) line("in turns", turns_line(turn_permilles(report.turns)));
  line("durable purchases", fmt::format("{}/s", grouped(report.load.accepted_per_s())));
  line("one core signs",
       fmt::format("{}/s (before {}, after {})", grouped(report.signatures_per_s()),
                   grouped(report.signatures_before_per_s), grouped(report.signatures_after_per_s)));
  line("ratio", decimals(purchases_ratio(report)));
  const LatencyHistogram& latencies = report.load.latencies;
  line("latency, ms",
       fmt::format("p50 {}  p90 {}  p99 {}  max {}", milliseconds(latencies.at_permille_us(p50_permille)),
                   milliseconds(latencies.at_permille_us(p90_permille)),
                   milliseconds(latencies.at_permille_us(p99_permille)), milliseconds(latencies.max_us())));
  line("answers", fmt::format("{} accepted, {} unknown, {} failed", grouped(report.load.accepted),
                              grouped(report.load.unknown), grouped(report.load.failed)));
  if (!report.load.first_failure.empty()) line("first failure", report.load.first_failure);
  line("batch", fmt::format("{} records on average", decimals(records_per_batch_permille(report))));
  line("writer's time", stage_line(report));
  line("server's processor", fmt::format("{} us a purchase", processor_us_per_purchase(report)));
  line("server's memory",
       fmt::format("{} KB now, {} KB at most", grouped(report.memory_kb), grouped(report.peak_memory_kb)));
  line("stored", fmt::format("{} bytes a purchase", grouped(report.bytes_per_purchase)));
  line("ready after", fmt::format("{} ms", milliseconds(report.ready_us)));
  if (report.ready_again_us)
    line("ready after kill -9", fmt::format("{} ms", milliseconds(*report.ready_again_us)));
  if (report.one_by_one_per_s)
    line("PostgreSQL by itself",
         fmt::format("{}/s one by one; ratio {}", grouped(*report.one_by_one_per_s),
                     decimals(permille(report.load.accepted_per_s(), *report.one_by_one_per_s))));
  line("acknowledged", fmt::format("{}, stored {}", grouped(report.acknowledged), grouped(report.stored)));
  line("verify", fmt::format("{} ms: {}", milliseconds(report.verify_us), report.verified));
  return out;
}

std::string to_json(const Report& report) {
  std::string out;
  json::Writer writer(out);
  const auto count = [&](std::string_view name, std::uint64_t value) {
    writer.key(name).unsigned_number(value);
  };
  const auto decimal = [&](std::string_view name, std::uint64_t thousandths) {
    writer.key(name).raw(decimals(thousandths));
  };
  writer.begin_object().key("database").string(report.database);
  count("connections", static_cast<std::uint64_t>(report.connections));
  count("users", report.users);
  count("prefilled", report.prefilled);
  writer.key("measured_s").raw(milliseconds(report.load.elapsed_us / 1000));
  if (!report.turns.empty()) {
    write_turns(writer, report.turns);
    decimal("turns_ratio", median(turn_permilles(report.turns)));
  }
  count("purchases_per_s", report.load.accepted_per_s());
  count("signatures_before_per_s", report.signatures_before_per_s);
  count("signatures_after_per_s", report.signatures_after_per_s);
  count("signatures_per_s", report.signatures_per_s());
  decimal("ratio", purchases_ratio(report));
  writer.key("latency_ms").begin_object();
  for (const auto& [name, permille_of] :
       {std::pair{"p50", p50_permille}, {"p90", p90_permille}, {"p99", p99_permille}})
    writer.key(name).raw(milliseconds(report.load.latencies.at_permille_us(permille_of)));
  writer.key("max").raw(milliseconds(report.load.latencies.max_us())).end_object();
  count("accepted", report.load.accepted);
  count("unknown", report.load.unknown);
  count("failed", report.load.failed);
  if (!report.load.first_failure.empty()) writer.key("first_failure").string(report.load.first_failure);
  decimal("records_per_batch", records_per_batch_permille(report));
  writer.key("writer_time_share").begin_object();
  for (std::size_t i = 0; i < stage_names.size(); ++i) decimal(stage_names[i], stage_share(report, i));
  decimal("waiting", waiting_share(report));
  writer.end_object();
  count("server_processor_us_per_purchase", processor_us_per_purchase(report));
  count("server_memory_kb", report.memory_kb);
  count("server_peak_memory_kb", report.peak_memory_kb);
  count("bytes_per_purchase", report.bytes_per_purchase);
  writer.key("ready_ms").raw(milliseconds(report.ready_us));
  if (report.ready_again_us) writer.key("ready_again_ms").raw(milliseconds(*report.ready_again_us));
  if (report.one_by_one_per_s) {
    count("postgres_one_by_one_per_s", *report.one_by_one_per_s);
    decimal("postgres_ratio", permille(report.load.accepted_per_s(), *report.one_by_one_per_s));
  }
  count("acknowledged", report.acknowledged);
  count("stored", report.stored);
  writer.key("verify_ms").raw(milliseconds(report.verify_us));
  writer.key("verify_clean").boolean(report.verify_clean).end_object();
  return out + "\n";
}

}  // namespace jangbu::cli::bench
