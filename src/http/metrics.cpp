#include "http/metrics.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/invariant.h"

namespace jangbu::http {
namespace {

bool begins_name(char c) { return is_letter(c) || c == '_'; }

/// [a-zA-Z_][a-zA-Z0-9_]*: ":" is for recording rules, not for what a program exports.
bool is_name(std::string_view text) {
  return !text.empty() && begins_name(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return begins_name(c) || is_digit(c); });
}

std::string escape(std::string_view text, bool quotes_too) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\\\";
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (c == '"' && quotes_too) {
      escaped += "\\\"";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string render_labels(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    INVARIANT(is_name(name) && name != "le", "not a label name: " + name);
    if (!text.empty()) text += ',';
    text += name + "=\"" + escape(value, true) + '"';
  }
  return text;
}

/// Microseconds as a decimal number of seconds, exact and without trailing zeros.
std::string seconds(std::uint64_t us) {
  std::string text = std::to_string(us / 1'000'000);
  std::string fraction = std::to_string(us % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return fraction.empty() ? text : text + '.' + fraction;
}

void append_line(std::string_view name, std::string_view labels, std::string_view value, std::string& out) {
  out += name;
  if (!labels.empty()) {
    out += '{';
    out += labels;
    out += '}';
  }
  out += ' ';
  out += value;
  out += '\n';
}

void append_histogram(const std::string& name, const std::string& labels, const Histogram& histogram,
                      std::string& out) {
  const Histogram::Snapshot snapshot = histogram.snapshot();
  const std::string before = labels.empty() ? "" : labels + ",";
  const auto& bounds = histogram.bounds_us();
  for (std::size_t i = 0; i < snapshot.cumulative.size(); ++i) {
    const std::string bound = i < bounds.size() ? seconds(static_cast<std::uint64_t>(bounds[i])) : "+Inf";
    append_line(name + "_bucket", before + "le=\"" + bound + '"', std::to_string(snapshot.cumulative[i]),
                out);
  }
  append_line(name + "_sum", labels, seconds(snapshot.sum_us), out);
  append_line(name + "_count", labels, std::to_string(snapshot.cumulative.back()), out);
}

}  // namespace

Histogram::Histogram(std::vector<std::int64_t> bounds_us)
    : bounds_us_(std::move(bounds_us)), buckets_(bounds_us_.size() + 1) {
  INVARIANT(!bounds_us_.empty() && bounds_us_.front() >= 0, "a histogram needs bounds of zero and more");
  INVARIANT(
      std::adjacent_find(bounds_us_.begin(), bounds_us_.end(), std::greater_equal<>()) == bounds_us_.end(),
      "the bounds of a histogram ascend");
}

void Histogram::observe_us(std::int64_t duration_us) {
  const std::int64_t us = std::max<std::int64_t>(duration_us, 0);
  const auto bound = std::lower_bound(bounds_us_.begin(), bounds_us_.end(), us);
  buckets_[static_cast<std::size_t>(bound - bounds_us_.begin())].fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(static_cast<std::uint64_t>(us), std::memory_order_relaxed);
}

Histogram::Snapshot Histogram::snapshot() const {
  Snapshot snapshot;
  snapshot.cumulative.reserve(buckets_.size());
  std::uint64_t count = 0;
  for (const auto& bucket : buckets_) {
    count += bucket.load(std::memory_order_relaxed);
    snapshot.cumulative.push_back(count);
  }
  snapshot.sum_us = sum_us_.load(std::memory_order_relaxed);
  return snapshot;
}

std::vector<std::int64_t> default_latency_bounds_us() {
  return {100,    250,     500,     1'000,   2'500,     5'000,     10'000,    25'000,
          50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};
}

Metrics::Series& Metrics::add(Kind kind, std::string_view name, std::string_view help, const Labels& labels) {
  INVARIANT(is_name(name), "not a metric name: " + std::string(name));
  std::string text = render_labels(labels);
  auto place = families_.find(name);
  if (place == families_.end()) {
    place = families_.emplace(std::string(name), Family{kind, std::string(help), {}}).first;
  }
  Family& family = place->second;
  INVARIANT(family.kind == kind, "one name for two kinds of metric: " + std::string(name));
  INVARIANT(std::none_of(family.series.begin(), family.series.end(),
                         [&text](const Series& series) { return series.labels == text; }),
            "a series was made twice: " + std::string(name) + "{" + text + "}");
  Series& series = family.series.emplace_back();
  series.labels = std::move(text);
  return series;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock(mutex_);
  Series& series = add(Kind::counter, name, help, labels);
  series.counter = std::make_unique<Counter>();
  return *series.counter;
}

void Metrics::counter_from(std::string_view name, std::string_view help, Labels labels,
                           std::function<std::uint64_t()> read) {
  INVARIANT(read != nullptr, "a counter needs its callback: " + std::string(name));
  const std::lock_guard lock(mutex_);
  add(Kind::counter, name, help, labels).read_counter = std::move(read);
}

void Metrics::gauge(std::string_view name, std::string_view help, Labels labels,
                    std::function<std::int64_t()> read) {
  INVARIANT(read != nullptr, "a gauge needs its callback: " + std::string(name));
  const std::lock_guard lock(mutex_);
  add(Kind::gauge, name, help, labels).read_gauge = std::move(read);
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, Labels labels,
                              std::vector<std::int64_t> bounds_us) {
  INVARIANT(name.ends_with("_seconds"), "a histogram is written in seconds: " + std::string(name));
  auto histogram = std::make_unique<Histogram>(std::move(bounds_us));
  const std::lock_guard lock(mutex_);
  Series& series = add(Kind::histogram, name, help, labels);
  series.histogram = std::move(histogram);
  return *series.histogram;
}

std::string Metrics::render() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    static constexpr std::string_view kinds[] = {"counter", "gauge", "histogram"};
    out += "# HELP " + name + ' ' + escape(family.help, false) + '\n';
    out += "# TYPE " + name + ' ';
    out += kinds[static_cast<std::size_t>(family.kind)];
    out += '\n';
    for (const Series& series : family.series) {
      if (series.counter) append_line(name, series.labels, std::to_string(series.counter->value()), out);
      if (series.read_counter) append_line(name, series.labels, std::to_string(series.read_counter()), out);
      if (series.read_gauge) append_line(name, series.labels, std::to_string(series.read_gauge()), out);
      if (series.histogram) append_histogram(name, series.labels, *series.histogram, out);
    }
  }
  return out;
}

}  // namespace jangbu::http
