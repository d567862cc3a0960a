#include "cli/export/rows.h"

#include <gtest/gtest.h>

namespace jangbu::cli {
namespace {

constexpr std::string_view columns[] = {"a", "b"};

struct RowCase {
  const char* name;
  std::vector<Cell> cells;
  const char* json;
  const char* csv;
};

class ExportRow : public testing::TestWithParam<RowCase> {};

TEST_P(ExportRow, IsWrittenInBothFormats) {
  std::string json;
  append_row(Format::json_lines, columns, GetParam().cells, json);
  EXPECT_EQ(json, GetParam().json);
  std::string csv;
  append_row(Format::csv, columns, GetParam().cells, csv);
  EXPECT_EQ(csv, GetParam().csv);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ExportRow,
    testing::Values(
        RowCase{"plain", {std::uint64_t{7}, std::string("x")}, "{\"a\":7,\"b\":\"x\"}\n", "7,x\n"},
        RowCase{"nothing", {Cell(), Cell()}, "{\"a\":null,\"b\":null}\n", ",\n"},
        RowCase{"a comma", {std::string("a,b"), std::string()}, "{\"a\":\"a,b\",\"b\":\"\"}\n", "\"a,b\",\n"},
        RowCase{"a quote",
                {std::string("say \"hi\""), std::uint64_t{0}},
                "{\"a\":\"say \\\"hi\\\"\",\"b\":0}\n",
                "\"say \"\"hi\"\"\",0\n"},
        RowCase{"a line break",
                {std::string("a\nb"), std::string("c\rd")},
                "{\"a\":\"a\\nb\",\"b\":\"c\\rd\"}\n",
                "\"a\nb\",\"c\rd\"\n"},
        RowCase{"a formula",
                {std::string("=1+1"), std::string("\t@A1")},
                "{\"a\":\"=1+1\",\"b\":\"\\t@A1\"}\n",
                "'=1+1,\"'\t@A1\"\n"},
        RowCase{"a text with a sign",
                {std::string("-12"), std::string("+82")},
                "{\"a\":\"-12\",\"b\":\"+82\"}\n",
                "'-12,'+82\n"},
        RowCase{"an amount with a sign",
                {Decimal{"-12.5"}, Decimal{"0"}},
                "{\"a\":\"-12.5\",\"b\":\"0\"}\n",
                "-12.5,0\n"},
        RowCase{"Korean", {std::string("장부"), Cell()}, "{\"a\":\"장부\",\"b\":null}\n", "장부,\n"}),
    [](const auto& each) {
      std::string name = each.param.name;
      for (char& letter : name)
        if (letter == ' ') letter = '_';
      return name;
    });

TEST(ExportCells, InstantsThatMeanNothingAreNothing) {
  EXPECT_EQ(instant_cell(Instant{0}), Cell());
  EXPECT_EQ(instant_cell(Instant{INT64_MAX}), Cell());
  EXPECT_EQ(instant_cell(Instant{1'000'000}), Cell(std::string("1970-01-01T00:00:01Z")));
  EXPECT_EQ(number_cell(0), Cell());
  EXPECT_EQ(text_cell(""), Cell());
}

}  // namespace
}  // namespace jangbu::cli
