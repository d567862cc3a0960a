#include "door/listing.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/json.h"
#include "door/api.h"
#include "http/json_body.h"

namespace jangbu::door {
namespace {

constexpr std::uint64_t max_limit = 100;

bool same_letter(char a, char b) { return to_lower(a) == to_lower(b); }

}  // namespace

bool Wanted::fits(std::string_view name, std::string_view text) const {
  const auto it = filters.find(name);
  return it == filters.end() || it->second == text;
}

bool Wanted::is_in(std::string_view name, std::string_view text) const {
  const auto it = filters.find(name);
  if (it == filters.end()) return true;
  return std::search(text.begin(), text.end(), it->second.begin(), it->second.end(), same_letter) !=
         text.end();
}

Result<Wanted> read_wanted(std::string_view query, const std::vector<std::string_view>& filters) {
  Wanted wanted;
  std::string faults;
  const auto fault = [&](const std::string& name, std::string_view what) {
    faults.append(faults.empty() ? "" : "; ").append(name).append(" ").append(what);
  };
  for (const auto& [name, value] : http::parse_query(query)) {
    if (std::find(filters.begin(), filters.end(), name) != filters.end()) {
      if (!value.empty()) wanted.filters[name] = value;
    } else if (name == "cursor") {
      const auto cursor = http::whole_number(value, 1, INT64_MAX);
      if (!cursor) fault(name, "must be that of another page");
      wanted.before = cursor.value_or(INT64_MAX);
    } else if (name == "limit") {
      const auto limit = http::whole_number(value, 1, max_limit);
      if (!limit) fault(name, "must be a whole number from 1 to 100");
      wanted.limit = limit.value_or(1);
    } else {
      fault(name, "is no parameter of this list");
    }
  }
  if (!faults.empty()) return Error(Errc::invalid_parameters, faults);
  return wanted;
}

Result<std::string> page_of(store::Session& session, const NumberedList& list, const Wanted& wanted) {
  std::vector<std::uint64_t> numbers;
  std::uint64_t next = 0;
  std::uint64_t last = 0;
  std::uint64_t seen = 0;
  RETURN_IF_ERROR(session.query(list.sql,
                                {store::Value::number(wanted.before), store::Value::number(max_scanned + 1)},
                                [&](const store::Row& row) {
                                  const bool fits = list.fits(row);
                                  if (seen == max_scanned || (fits && numbers.size() == wanted.limit)) {
                                    next = last;
                                    return false;
                                  }
                                  ++seen;
                                  last = row.number(0);
                                  if (fits) numbers.push_back(last);
                                  return true;
                                }));
  std::string body;
  json::Writer out(body);
  out.begin_object().key(list.member).begin_array();
  for (const std::uint64_t number : numbers) {
    ASSIGN_OR_RETURN(const std::string item, list.render(number));
    out.raw(item);
  }
  out.end_array().key("next");
  next == 0 ? out.null() : out.string(std::to_string(next));
  out.end_object();
  return body;
}

std::string page_of_one(std::string_view member, const std::optional<std::string>& item) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key(member).begin_array();
  if (item) out.raw(*item);
  out.end_array().key("next").null().end_object();
  return body;
}

http::Handler list_of(engine::Engine& engine, std::vector<std::string_view> filters,
                      std::function<Result<std::string>(store::Session&, const Wanted&)> make) {
  return [&engine, filters = std::move(filters), make = std::move(make)](http::Responder responder) {
    const auto wanted = read_wanted(responder.request().query(), filters);
    if (!wanted) return responder.respond(http::api_error(wanted.error()));
    show(engine, std::move(responder),
         [wanted = *wanted, make](store::Session& session) { return make(session, wanted); });
  };
}

http::Handler one_of(engine::Engine& engine, std::string_view parameter,
                     std::function<Result<std::string>(store::Session&, std::string_view)> make) {
  return [&engine, name = std::string(parameter), make = std::move(make)](http::Responder responder) {
    const std::string id(responder.request().path_parameter(name));
    show(engine, std::move(responder), [id, make](store::Session& session) { return make(session, id); });
  };
}

}  // namespace jangbu::door
