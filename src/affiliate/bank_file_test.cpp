#include "affiliate/bank_file.h"

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

TEST(BankFile, LinesOfTransfers) {
  const std::vector<Transfer> transfers = {
      {12, 202605, "A100000001", "Blog", "국민", "012-34-567", "김가나", Money::from_units(1800)},
      {13, 202605, "A100000002", "a \"b\", c", "", "", "", Money::from_units(99999999999999)},
  };
  EXPECT_EQ(bank_file(transfers),
            "\xef\xbb\xbfpayout,month,affiliate,name,bank,account,holder,amount\r\n"
            "12,202605,\"A100000001\",\"Blog\",\"국민\",\"012-34-567\",\"김가나\",1800\r\n"
            "13,202605,\"A100000002\",\"a \"\"b\"\", c\",\"\",\"\",\"\",99999999999999\r\n");
  EXPECT_EQ(bank_file({}), "\xef\xbb\xbfpayout,month,affiliate,name,bank,account,holder,amount\r\n");
}

TEST(BankFile, NothingIsAFormula) {
  struct Row {
    std::string_view text;
    std::string_view cell;
  };
  const Row rows[] = {
      {"=1+1", "\"'=1+1\""},
      {"=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""},
      {"+82", "\"'+82\""},
      {"-1", "\"'-1\""},
      {"@SUM(A1)", "\"'@SUM(A1)\""},
      {"%0a=1", "\"'%0a=1\""},
      {" =1", "\"' =1\""},
      {"\t=1", "\"'\t=1\""},
      {"\r\n=1", "\"'\r\n=1\""},
      {"\tharmless", "\"'\tharmless\""},
      {"＝1", "\"'＝1\""},
      {"＠A1", "\"'＠A1\""},
      {"a=1", "\"a=1\""},
      {"\"=1", "\"\"\"=1\""},
      {"", "\"\""},
      {"   ", "\"   \""},
      {std::string_view("a\0=b", 4), "\"a=b\""},
      {std::string_view("\0=1", 3), "\"'=1\""},
      {std::string_view("\0\t1", 3), "\"'\t1\""},
  };
  for (const Row& row : rows) EXPECT_EQ(csv_cell(row.text), row.cell) << row.text;
}

}  // namespace
}  // namespace jangbu::affiliate
