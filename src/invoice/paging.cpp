#include "invoice/paging.h"

namespace jangbu::invoice {

using store::Row;
using store::Session;
using store::Value;

Result<std::uint64_t> read_number(Session& session, const store::Sql& sql,
                                  std::span<const Value> parameters) {
  std::uint64_t number = 0;
  RETURN_IF_ERROR(session.query(sql, parameters, [&](const Row& row) {
    number = row.number(0);
    return false;
  }));
  return number;
}

Result<Numbers> page_in_index(Session& session, const store::Sql& count, const store::Sql& read,
                              std::vector<Value> parameters, Slice slice) {
  Numbers page;
  ASSIGN_OR_RETURN(page.count, read_number(session, count, parameters));
  if (page.count <= slice.skipped) return page;
  parameters.push_back(Value::number(slice.limit));
  parameters.push_back(Value::number(slice.skipped));
  RETURN_IF_ERROR(session.query(read, parameters, [&](const Row& row) {
    page.items.push_back(row.number(0));
    return true;
  }));
  return page;
}

}  // namespace jangbu::invoice
