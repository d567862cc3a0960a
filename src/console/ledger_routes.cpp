#include "console/ledger_routes.h"

#include <map>

#include "base/json.h"
#include "door/listing.h"
#include "engine/unit.h"
#include "http/json_body.h"
#include "ledger/queries.h"
#include "purchase/queries.h"

namespace jangbu::console {
namespace {

using http::api_error;
using http::Effect;
using http::Method;
using http::Responder;

constexpr std::uint64_t max_entries = 100;

struct AccountList {
  std::string prefix;
  ledger::AccountRef after = 0;
  std::uint64_t limit = 25;
};

Result<AccountList> read_account_list(std::string_view query) {
  AccountList list;
  for (const auto& pair : http::parse_query(query)) {
    const std::string& name = pair.first;
    if (name == "prefix") {
      list.prefix = pair.second;
    } else if (name == "cursor") {
      const auto cursor = http::whole_number(pair.second, 1, INT64_MAX);
      if (!cursor) return Error(Errc::invalid_parameters, "cursor must be that of another page");
      list.after = *cursor;
    } else if (name == "limit") {
      const auto limit = http::whole_number(pair.second, 1, max_entries);
      if (!limit) return Error(Errc::invalid_parameters, "limit must be a whole number from 1 to 100");
      list.limit = *limit;
    } else {
      return Error(Errc::invalid_parameters, name + " is no parameter of this list");
    }
  }
  return list;
}

void put_account(json::Writer& out, const ledger::AccountView& view) {
  const ledger::Account& account = view.account;
  const auto amount = [&](std::string_view name, Money value) {
    out.key(name).string(ledger::amount_text(value, account.currency));
  };
  out.begin_object().key("ref").unsigned_number(view.ref).key("name").string(account.name);
  out.key("currency").string(account.currency);
  out.key("floor").string(account.floor == ledger::Floor::zero ? "zero" : "none");
  amount("posted", account.posted);
  amount("held", account.held);
  amount("available", account.available());
  out.end_object();
}

using InLanguage = std::string ledger::Sentence::*;

/// In which language a sentence is asked for: "ko" or "en", which it is when nobody says. Error:
/// invalid_parameters.
Result<InLanguage> read_language(std::string_view wanted) {
  if (wanted.empty() || wanted == "en") return &ledger::Sentence::en;
  if (wanted == "ko") return &ledger::Sentence::ko;
  return Error(Errc::invalid_parameters, "lang must be ko or en");
}

/// Writes entries with the names of their accounts.
class EntryWriter {
 public:
  EntryWriter(store::Session& session, json::Writer& out) : session_(session), out_(out) {}

  /// Postings or holds.
  template <typename Line>
  Status put(std::string_view name, const std::vector<Line>& lines) {
    out_.key(name).begin_array();
    for (const Line& line : lines) {
      ASSIGN_OR_RETURN(const ledger::Account* account, find(line.account));
      out_.begin_object().key("account").string(account->name).key("currency").string(account->currency);
      out_.key("amount").string(ledger::amount_text(line.amount, account->currency)).end_object();
    }
    out_.end_array();
    return {};
  }

 private:
  Result<const ledger::Account*> find(ledger::AccountRef ref) {
    auto known = accounts_.find(ref);
    if (known == accounts_.end()) {
      ASSIGN_OR_RETURN(ledger::AccountView view, ledger::find_account(session_, ref));
      known = accounts_.emplace(ref, std::move(view.account)).first;
    }
    return &known->second;
  }

  store::Session& session_;
  json::Writer& out_;
  std::map<ledger::AccountRef, ledger::Account> accounts_;
};

Result<std::string> explanation_json(store::Session& session, std::uint64_t entry,
                                     const ledger::Explanation& explanation,
                                     std::string ledger::Sentence::*language) {
  std::string body;
  json::Writer out(body);
  EntryWriter entries(session, out);
  out.begin_object().key("entry").unsigned_number(entry).key("path").begin_array();
  for (const ledger::Step& step : explanation.path) {
    out.begin_object().key("record").unsigned_number(step.record).key("kind").string(step.told.kind);
    out.key("at")
        .string(to_rfc3339(step.at))
        .key("what")
        .string(step.told.what.*language)
        .key("from")
        .begin_array();
    for (const std::uint64_t source : step.told.from) out.unsigned_number(source);
    out.end_array();
    RETURN_IF_ERROR(entries.put("postings", step.told.entry.postings));
    RETURN_IF_ERROR(entries.put("holds", step.told.entry.holds));
    out.end_object();
  }
  out.end_array().key("cut").boolean(explanation.cut).end_object();
  return body;
}

std::string movements_json(const std::string& currency, const ledger::MovementPage& page,
                           std::string ledger::Sentence::*language) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("entries").begin_array();
  for (const ledger::Movement& movement : page.movements) {
    out.begin_object().key("record").unsigned_number(movement.record);
    out.key("at").string(to_rfc3339(movement.at)).key("kind").string(movement.told.kind);
    out.key("what").string(movement.told.what.*language).key("currency").string(currency);
    out.key("amount").string(ledger::amount_text(movement.amount, currency));
    out.key("held").string(ledger::amount_text(movement.held, currency)).end_object();
  }
  out.end_array().key("next");
  page.next == 0 ? out.null() : out.string(std::to_string(page.next));
  out.end_object();
  return body;
}

}  // namespace

LedgerRoutes::LedgerRoutes(engine::Engine& engine, std::vector<std::unique_ptr<ledger::Explainer>> explainers)
    : engine_(engine), owned_(std::move(explainers)) {
  for (const auto& explainer : owned_) explainers_.push_back(explainer.get());
}

void LedgerRoutes::add(http::Router& router, Method method, const char* pattern, Effect effect,
                       Handler handler) {
  router.add({method, pattern, effect,
              [this, handler](Responder responder) { (this->*handler)(std::move(responder)); }});
}

void LedgerRoutes::add_routes(http::Router& router) {
  add(router, Method::get, "/api/ledger/accounts", Effect::read, &LedgerRoutes::list_accounts);
  add(router, Method::get, "/api/ledger/accounts/{ref}", Effect::read, &LedgerRoutes::show_account);
  add(router, Method::get, "/api/ledger/accounts/{ref}/entries", Effect::read, &LedgerRoutes::list_entries);
  add(router, Method::get, "/api/ledger/status", Effect::read, &LedgerRoutes::show_status);
  add(router, Method::get, "/api/ledger/explain", Effect::read, &LedgerRoutes::explain);
}

void LedgerRoutes::show(Responder responder, Read read) {
  auto to = std::make_shared<Responder>(std::move(responder));
  engine_.read(
      [to, read = std::move(read)](store::Session& session) {
        auto body = read(session);
        to->respond(body ? http::json_response(std::move(*body)) : api_error(body.error()));
      },
      [to](const Error& error) { to->respond(api_error(error)); });
}

void LedgerRoutes::list_accounts(Responder responder) {
  auto list = read_account_list(responder.request().query());
  if (!list) return responder.respond(api_error(list.error()));
  show(std::move(responder), [list = std::move(*list)](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const ledger::AccountPage page,
                     ledger::accounts_of(session, list.prefix, list.after, list.limit));
    std::string body;
    json::Writer out(body);
    out.begin_object().key("accounts").begin_array();
    for (const ledger::AccountView& account : page.accounts) put_account(out, account);
    out.end_array().key("next");
    page.next == 0 ? out.null() : out.string(std::to_string(page.next));
    out.end_object();
    return body;
  });
}

void LedgerRoutes::show_account(Responder responder) {
  const auto ref = http::whole_number(responder.request().path_parameter("ref"), 1, INT64_MAX);
  if (!ref) return responder.respond(api_error(Error(Errc::not_found, "there is no such account")));
  show(std::move(responder), [ref = *ref](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const ledger::AccountView account, ledger::find_account(session, ref));
    std::string body;
    json::Writer out(body);
    put_account(out, account);
    return body;
  });
}

void LedgerRoutes::list_entries(Responder responder) {
  const auto ref = http::whole_number(responder.request().path_parameter("ref"), 1, INT64_MAX);
  if (!ref) return responder.respond(api_error(Error(Errc::not_found, "there is no such account")));
  const auto wanted = door::read_wanted(responder.request().query(), {"lang"});
  if (!wanted) return responder.respond(api_error(wanted.error()));
  const auto asked = wanted->filters.find("lang");
  const auto language = read_language(asked == wanted->filters.end() ? std::string_view() : asked->second);
  if (!language) return responder.respond(api_error(language.error()));
  show(std::move(responder),
       [this, ref = *ref, wanted = *wanted,
        language = *language](store::Session& session) -> Result<std::string> {
         ASSIGN_OR_RETURN(const ledger::AccountView account, ledger::find_account(session, ref));
         ASSIGN_OR_RETURN(const auto page,
                          ledger::movements_of(session, explainers_, ref, wanted.before, wanted.limit));
         return movements_json(account.account.currency, page, language);
       });
}

/// Where the book stands: what `jangbu verify` prints of it, and what a backup or a receipt is compared with.
void LedgerRoutes::show_status(Responder responder) {
  show(std::move(responder), [](store::Session& session) -> Result<std::string> {
    ASSIGN_OR_RETURN(const engine::Head head, engine::load_head(session));
    std::string body;
    json::Writer out(body);
    out.begin_object().key("epoch").unsigned_number(head.epoch).key("batch").unsigned_number(head.batch);
    out.key("record").unsigned_number(head.number).key("hash").string(to_hex_0x(head.hash.view()));
    out.key("businessAt").string(to_rfc3339(head.business_at)).key("block");
    const auto block = purchase::last_block(session);
    if (!block && block.error().code != Errc::not_found) return block.error();
    if (block) {
      out.begin_object().key("height").string(std::to_string(block->block.header.height));
      out.key("hash").string(to_hex_0x(block->hash.view())).key("lastRecord");
      out.unsigned_number(block->block.last_record).end_object();
    } else {
      out.null();
    }
    out.end_object();
    return body;
  });
}

void LedgerRoutes::explain(Responder responder) {
  std::optional<std::uint64_t> entry;
  std::string wanted;
  for (const auto& [name, value] : http::parse_query(responder.request().query())) {
    if (name == "entry") entry = http::whole_number(value, 1, INT64_MAX);
    if (name == "lang") wanted = value;
  }
  if (!entry)
    return responder.respond(
        api_error(Error(Errc::invalid_parameters, "entry must be the number of a record")));
  const auto language = read_language(wanted);
  if (!language) return responder.respond(api_error(language.error()));
  show(std::move(responder),
       [this, entry = *entry, language = *language](store::Session& session) -> Result<std::string> {
         ASSIGN_OR_RETURN(const auto explanation, ledger::explain(session, explainers_, entry));
         return explanation_json(session, entry, explanation, language);
       });
}

}  // namespace jangbu::console
