// The parts of the bench that judge: what counts as stored, how latencies are told, what a report says.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "cli/bench/answer.h"
#include "cli/bench/latency.h"
#include "cli/bench/purchases.h"
#include "cli/bench/report.h"
#include "cli/bench/server_metrics.h"

namespace jangbu::cli::bench {
namespace {

TEST(BenchAnswer, IsJudgedByStatusAndCode) {
  struct Row {
    const char* name;
    std::string bytes;
    bool complete;
    std::size_t bytes_behind;  // of the next answer
    Verdict verdict;
    bool closes;
  };
  const std::string success = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"code\":0,1}";
  const Row rows[] = {
      {"nothing yet", "", false, 0, Verdict::failed, false},
      {"half a header", "HTTP/1.1 200 OK\r\nContent-Le", false, 0, Verdict::failed, false},
      {"a byte is missing", success.substr(0, success.size() - 1), false, 0, Verdict::failed, false},
      {"success", success, true, 0, Verdict::accepted, false},
      {"success and a byte more", success + "H", true, 1, Verdict::accepted, false},
      {"a header in lower case", "HTTP/1.1 200 OK\r\ncontent-length:12\r\n\r\n{\"code\":0,1}", true, 0,
       Verdict::accepted, false},
      {"another code", "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"code\":2001}", true, 0,
       Verdict::failed, false},
      {"a body that ends within the code", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{\"code\":0,", true,
       8, Verdict::failed, false},
      {"unknown outcome", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", true, 0,
       Verdict::unknown, false},
      {"closing", "HTTP/1.1 503 x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", true, 0,
       Verdict::unknown, true},
      {"another status", "HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n", true, 0, Verdict::failed, false},
      {"no length", "HTTP/1.1 200 OK\r\n\r\n", true, 0, Verdict::failed, true},
      {"a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", true, 0, Verdict::failed,
       true},
      {"the longest header without end", std::string(16 << 10, 'x'), false, 0, Verdict::failed, false},
      {"one byte past it", std::string((16 << 10) + 1, 'x'), true, 0, Verdict::failed, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto answer = read_answer(row.bytes);
    ASSERT_EQ(answer.has_value(), row.complete);
    if (!answer) continue;
    EXPECT_EQ(answer->size, row.bytes.size() - row.bytes_behind);
    EXPECT_EQ(answer->verdict, row.verdict);
    EXPECT_EQ(answer->closes, row.closes);
  }
}

TEST(BenchLatency, PercentilesAreExactWhenShortAndCloseWhenLong) {
  LatencyHistogram none;
  EXPECT_EQ(none.at_permille_us(990), 0);

  LatencyHistogram hundred;
  for (std::int64_t us = 1; us <= 100; ++us) hundred.record_us(us);
  EXPECT_EQ(hundred.at_permille_us(500), 50);
  EXPECT_EQ(hundred.at_permille_us(990), 99);
  EXPECT_EQ(hundred.at_permille_us(1000), 100);
  EXPECT_EQ(hundred.max_us(), 100);

  for (const std::int64_t us :
       {std::int64_t{-1}, std::int64_t{0}, std::int64_t{255}, std::int64_t{256}, std::int64_t{511},
        std::int64_t{512}, std::int64_t{12'345}, std::int64_t{30'000'000}, INT64_MAX}) {
    SCOPED_TRACE(us);
    LatencyHistogram one;
    one.record_us(us);
    one.record_us(INT64_MAX);  // so that the highest latency does not cut the bucket
    const std::int64_t told = one.at_permille_us(500);
    EXPECT_GE(told, std::max<std::int64_t>(0, us));
    EXPECT_LE(told - us, us / 128 + 1);
  }
}

TEST(BenchMetrics, AreReadBySeriesAndCompared) {
  const std::string text =
      "# TYPE jangbu_batches_total counter\n"
      "jangbu_batches_total 10\n"
      "jangbu_batch_stage_seconds_sum{stage=\"decide\"} 1.5\n"
      "jangbu_batch_stage_seconds_sum{stage=\"seal\"} 0.000001\n"
      "jangbu_batch_stage_seconds_sum{stage=\"flush\"} 2\n"
      "jangbu_batch_stage_seconds_sum{stage=\"commit\"} 0.25\n"
      "jangbu_batch_stage_seconds_sum{stage=\"answer\"} 0\n"
      "jangbu_records_total 640\n";
  const auto metrics = parse_metrics(text);
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->batches, 10U);
  EXPECT_EQ(metrics->records, 640U);
  EXPECT_THAT(metrics->stage_us, testing::ElementsAre(1'500'000, 1, 2'000'000, 250'000, 0));

  const ServerMetrics earlier{4, 40, {500'000, 1, 0, 0, 0}};
  const ServerMetrics difference = metrics->since(earlier);
  EXPECT_EQ(difference.batches, 6U);
  EXPECT_EQ(difference.records, 600U);
  EXPECT_THAT(difference.stage_us, testing::ElementsAre(1'000'000, 0, 2'000'000, 250'000, 0));

  for (const char* series : {"jangbu_batches_total 10", "jangbu_records_total 640", "{stage=\"seal\"}"}) {
    std::string without = text;
    without.erase(without.find(series), std::string_view(series).size());
    EXPECT_FALSE(parse_metrics(without)) << series;
  }
}

json::Document body_of(std::string_view request) {
  const std::size_t at = request.find("\r\n\r\n") + 4;
  EXPECT_NE(request.find("Content-Length: " + std::to_string(request.size() - at) + "\r\n"),
            std::string_view::npos);
  auto document = json::Document::parse(request.substr(at));
  EXPECT_TRUE(document.ok());
  return std::move(document).value();
}

TEST(BenchPurchases, HaveIdsOfTheirOwn) {
  Purchases purchases({"127.0.0.1:80", "key", "0x04", 1, 1'705'292'050});
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const auto document = body_of(purchases.next());
    ids.emplace(document.root().find("purchaseId")->text);
    EXPECT_EQ(document.root().find("userAccount")->text, "0x89e3b2D91ecaf08016eEDb966c1fecA1e326714e");
    EXPECT_EQ(document.root().find("details")->size, 6U);
  }
  EXPECT_EQ(ids.size(), 1000U);
  EXPECT_EQ(*ids.begin(), "170529205000000000");
}

TEST(BenchPurchases, DrawAccountsFromTheNumberThatIsAskedFor) {
  Purchases purchases({"127.0.0.1:80", "key", "0x04", 10, 1'705'292'050});
  std::set<std::string> accounts;
  for (int i = 0; i < 1000; ++i) {
    const auto document = body_of(purchases.next());
    accounts.emplace(document.root().find("userAccount")->text);
  }
  EXPECT_EQ(accounts.size(), 10U);
  for (const std::string& account : accounts) EXPECT_EQ(account.size(), 42U);
}

Report example() {
  Report report;
  report.database = "sqlite";
  report.connections = 64;
  report.users = 1;
  report.signatures_before_per_s = 29'000;
  report.signatures_after_per_s = 31'000;
  report.load.accepted = 30'000;
  report.load.elapsed_us = 2'000'000;
  report.metrics = {1'000, 32'500, {200'000, 800'000, 400'000, 400'000, 100'000}};
  report.processor_us = 3'000'000;
  report.acknowledged = report.stored = 30'000;
  report.verified = "verified 30000 records";
  report.verify_clean = true;
  return report;
}

TEST(BenchReport, SaysTheSameToPeopleAndPrograms) {
  Report report = example();
  report.one_by_one_per_s = 5'000;
  const std::string text = to_text(report);
  for (const char* part : {"15,000/s", "30,000/s (before 29,000, after 31,000)", "ratio                0.500",
                           "32.500 records", "decide 10.0 %, seal 40.0 %", "waiting 5.0 %",
                           "100 us a purchase", "5,000/s one by one; ratio 3.000"})
    EXPECT_THAT(text, testing::HasSubstr(part));
  const auto document = json::Document::parse(to_json(report));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->root().find("purchases_per_s")->text, "15000");
  EXPECT_EQ(document->root().find("ratio")->text, "0.500");
  EXPECT_EQ(document->root().find("postgres_ratio")->text, "3.000");
  EXPECT_EQ(document->root().find("writer_time_share")->find("seal")->text, "0.400");
  EXPECT_EQ(document->root().find("ready_again_ms"), nullptr);
}

TEST(BenchReport, ComparesBooksTurnByTurn) {
  Report report = example();
  report.prefilled = 1'000'000;
  report.turns = {{{30'000, 10'000, 3'000'000}, {27'000, 9'000, 2'970'000}},
                  {{30'000, 10'000, 3'000'000}, {33'000, 11'000, 3'300'000}},
                  {{30'000, 10'000, 3'000'000}, {28'500, 9'500, 2'850'000}}};
  const std::string text = to_text(report);
  for (const char* part : {"turn 1               new 10,000/s, 100 us; filled 9,000/s, 110 us; 0.900",
                           "0.950 of a new book's rate by the median (0.900 to 1.100)"})
    EXPECT_THAT(text, testing::HasSubstr(part));
  const auto document = json::Document::parse(to_json(report));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->root().find("turns_ratio")->text, "0.950");
  const json::Value& second = document->root().find("turns")->items[1];
  EXPECT_EQ(second.find("filled")->find("purchases_per_s")->text, "11000");
  EXPECT_EQ(second.find("new_book")->find("server_processor_us_per_purchase")->text, "100");
  EXPECT_EQ(json::Document::parse(to_json(example()))->root().find("turns"), nullptr);
}

TEST(BenchReport, IsGoodOnlyWhenNothingFailedAndNothingIsMissing) {
  EXPECT_TRUE(example().good());
  Report unknown = example();
  unknown.load.unknown = 5;
  EXPECT_TRUE(unknown.good());
  Report failed = example();
  failed.load.failed = 1;
  EXPECT_FALSE(failed.good());
  Report lost = example();
  lost.stored = lost.acknowledged - 1;
  EXPECT_FALSE(lost.good());
  Report broken = example();
  broken.verify_clean = false;
  EXPECT_FALSE(broken.good());
}

}  // namespace
}  // namespace jangbu::cli::bench
