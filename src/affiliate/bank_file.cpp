#include "affiliate/bank_file.h"

#include "base/csv.h"

namespace jangbu::affiliate {
namespace {

constexpr std::string_view names = "payout,month,affiliate,name,bank,account,holder,amount\r\n";

}  // namespace

std::string bank_file(const std::vector<Transfer>& transfers) {
  std::string file(byte_order_mark);
  file += names;
  for (const Transfer& transfer : transfers) {
    file += std::to_string(transfer.payout) + "," + std::to_string(transfer.month);
    for (const std::string* text : {&transfer.affiliate_id, &transfer.affiliate_name, &transfer.bank,
                                    &transfer.account, &transfer.holder}) {
      file += ',';
      append_csv_cell(*text, Quotes::always, file);
    }
    file += "," + transfer.amount.to_units_text() + "\r\n";
  }
  return file;
}

}  // namespace jangbu::affiliate
