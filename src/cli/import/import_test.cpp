#include <sstream>

#include <gtest/gtest.h>

#include "cli/import/csv.h"
#include "cli/import/purchase_rows.h"

namespace jangbu::cli {
namespace {

using Records = std::vector<std::vector<std::string>>;

struct CsvCase {
  const char* name;
  const char* text;
  Records records;
  const char* error;  // in it; null: none
};

TEST(Csv, IsReadRecordByRecord) {
  const CsvCase cases[] = {
      {"nothing", "", {}, nullptr},
      {"two lines", "a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}, nullptr},
      {"no last line feed", "a,b\n1,2", {{"a", "b"}, {"1", "2"}}, nullptr},
      {"carriage returns", "a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}, nullptr},
      {"an empty line", "a\n\nb\n", {{"a"}, {"b"}}, nullptr},
      {"empty fields", "a,,\n", {{"a", "", ""}}, nullptr},
      {"quotes", "\"a,b\",\"say \"\"hi\"\"\"\n", {{"a,b", "say \"hi\""}}, nullptr},
      {"a quoted line break", "\"a\nb\",c\nd,e\n", {{"a\nb", "c"}, {"d", "e"}}, nullptr},
      {"a quote inside", "5\" disk,x\n", {{"5\" disk", "x"}}, nullptr},
      {"a byte order mark",
       "\xef\xbb\xbf"
       "a,b\n",
       {{"a", "b"}},
       nullptr},
      {"an open quote", "a\n\"b\n", {{"a"}}, "line 2: a quote is not closed"},
      {"after a quote", "\"a\"b\n", {}, "line 1: something follows a quote"},
  };
  for (const CsvCase& each : cases) {
    SCOPED_TRACE(each.name);
    std::istringstream in(each.text);
    CsvReader reader(in);
    Records records;
    std::string error;
    while (true) {
      const auto record = reader.next();
      if (!record) error = record.error().detail;
      if (!record || !*record) break;
      records.push_back(**record);
    }
    EXPECT_EQ(records, each.records);
    EXPECT_EQ(error, each.error == nullptr ? "" : each.error);
  }
}

struct Read {
  std::vector<std::pair<std::uint64_t, std::string>> bodies;
  std::string error;
};

Read read_all(PurchaseRows& rows) {
  Read read;
  while (true) {
    auto body = rows.next();
    if (!body) read.error = body.error().detail;
    if (!body || !*body) return read;
    read.bodies.emplace_back((*body)->line, (*body)->json);
  }
}

TEST(PurchaseRows, JsonLinesAreTakenAsTheyStand) {
  std::istringstream in("{\"purchaseId\":1,\"totalAmount\":0.10}\n\n{\"a\":2}\r\n[]\n");
  const Read read = read_all(*purchases_of_json_lines(in));
  ASSERT_EQ(read.bodies.size(), 2U);
  EXPECT_EQ(read.bodies[0],
            std::pair(std::uint64_t{1}, std::string("{\"purchaseId\":1,\"totalAmount\":0.10}")));
  EXPECT_EQ(read.bodies[1].first, 3U);
  EXPECT_EQ(read.error, "line 4: this is no JSON object");
}

TEST(PurchaseRows, LinesOfCsvWithOneIdAreOnePurchase) {
  std::istringstream in(
      "purchaseId,totalAmount,productId,amount,providePercent,waiting\n"
      "7,3.5,A,1.5,10,\n"
      "7,3.5,B,2,0,\n"
      "8,1,C,1,5,60\n");
  const Read read = read_all(*purchases_of_csv(in));
  EXPECT_EQ(read.error, "");
  ASSERT_EQ(read.bodies.size(), 2U);
  EXPECT_EQ(read.bodies[0].first, 2U);
  EXPECT_EQ(read.bodies[0].second,
            R"({"purchaseId":"7","totalAmount":"3.5","userAccount":"","userPhone":"","details":[)"
            R"({"productId":"A","amount":"1.5","providePercent":"10"},)"
            R"({"productId":"B","amount":"2","providePercent":"0"}]})");
  EXPECT_EQ(read.bodies[1].first, 4U);
  EXPECT_EQ(
      read.bodies[1].second,
      R"({"purchaseId":"8","totalAmount":"1","userAccount":"","userPhone":"","waiting":"60","details":[)"
      R"({"productId":"C","amount":"1","providePercent":"5"}]})");
}

TEST(PurchaseRows, CsvThatCannotBeMeantIsRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "line 1: there is no header"},
      {"amount\n1\n", "line 1: the header has no purchaseId"},
      {"purchaseId,price\n", "line 1: \"price\" is no field of a purchase"},
      {"purchaseId,amount\n1\n", "line 2: 1 field, and the header has 2"},
  };
  for (const auto& [text, error] : cases) {
    std::istringstream in(text);
    EXPECT_EQ(read_all(*purchases_of_csv(in)).error, error) << text;
  }
}

}  // namespace
}  // namespace jangbu::cli
