#include "base/csv.h"

#include <gtest/gtest.h>

namespace jangbu {
namespace {

std::string cell(std::string_view text, Quotes quotes) {
  std::string out;
  append_csv_cell(text, quotes, out);
  return out;
}

TEST(CsvCell, NothingIsAFormula) {
  struct CellCase {
    std::string_view text;
    std::string_view always;
    std::string_view where_needed;
  };
  const CellCase rows[] = {
      {"=1+1", "\"'=1+1\"", "'=1+1"},
      {"=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"", "'=cmd|' /C calc'!A0"},
      {"+82", "\"'+82\"", "'+82"},
      {"-1", "\"'-1\"", "'-1"},
      {"@SUM(A1)", "\"'@SUM(A1)\"", "'@SUM(A1)"},
      {"=HYPERLINK(\"http://x\",A1)", "\"'=HYPERLINK(\"\"http://x\"\",A1)\"",
       "\"'=HYPERLINK(\"\"http://x\"\",A1)\""},
      {"%0a=1", "\"'%0a=1\"", "'%0a=1"},
      {" =1", "\"' =1\"", "' =1"},
      {"\t=1", "\"'\t=1\"", "\"'\t=1\""},
      {"\r\n=1", "\"'\r\n=1\"", "\"'\r\n=1\""},
      {"\rharmless", "\"'\rharmless\"", "\"'\rharmless\""},
      {"\tharmless", "\"'\tharmless\"", "\"'\tharmless\""},
      {"＝1", "\"'＝1\"", "'＝1"},
      {"＠A1", "\"'＠A1\"", "'＠A1"},
      {"a=1", "\"a=1\"", "a=1"},
      {"a,b", "\"a,b\"", "\"a,b\""},
      {"\"=1", "\"\"\"=1\"", "\"\"\"=1\""},
      {"", "\"\"", ""},
      {"   ", "\"   \"", "   "},
      {std::string_view("a\0=b", 4), "\"a=b\"", "a=b"},
      {std::string_view("\0=1", 3), "\"'=1\"", "'=1"},
      {std::string_view("\0\t1", 3), "\"'\t1\"", "\"'\t1\""},
      {"x;=1", "\"x;=1\"", "\"x;=1\""},
      {"x\t=1", "\"x\t=1\"", "\"x\t=1\""},
  };
  for (const CellCase& row : rows) {
    EXPECT_EQ(cell(row.text, Quotes::always), row.always) << row.text;
    EXPECT_EQ(cell(row.text, Quotes::where_needed), row.where_needed) << row.text;
  }
}

}  // namespace
}  // namespace jangbu
