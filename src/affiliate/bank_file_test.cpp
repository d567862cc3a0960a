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
  const std::string file =
      bank_file({{1, 202605, "A1", "=1+1", "@bank", "-12", "\t+82", Money::from_units(-5)}});
  EXPECT_NE(file.find("\r\n1,202605,\"A1\",\"'=1+1\",\"'@bank\",\"'-12\",\"'\t+82\",-5\r\n"),
            std::string::npos)
      << file;
}

}  // namespace
}  // namespace jangbu::affiliate
