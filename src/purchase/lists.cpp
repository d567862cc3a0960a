#include "purchase/lists.h"

#include "base/ascii.h"
#include "base/json.h"
#include "door/api.h"
#include "door/listing.h"
#include "http/json_body.h"
#include "ledger/queries.h"
#include "purchase/config.h"
#include "purchase/queries.h"
#include "purchase/render.h"
#include "purchase/state.h"

namespace jangbu::purchase {
namespace {

using door::Wanted;
using http::Effect;
using http::Method;
using http::Responder;
using store::Session;
using store::Value;

const store::Sql shops_sql{
    "SELECT shop_id, holder, active, issued FROM purchase_shops WHERE shop_id > $1 ORDER BY shop_id LIMIT "
    "$2"};
const store::Sql shop_sql{"SELECT shop_id, holder, active, issued FROM purchase_shops WHERE shop_id = $1"};
const store::Sql blocks_sql{
    "SELECT height, tx_count FROM purchase_blocks WHERE height < $1 ORDER BY height DESC LIMIT $2"};

struct ShopLine {
  std::string id;
  HolderId holder = 0;
  bool active = false;
  ledger::AccountRef issued = 0;
};

ShopLine read_shop(const store::Row& row) {
  return {std::string(row.bytes(0)), row.number(1), row.integer(2) != 0, row.number(3)};
}

Status put_shop(json::Writer& out, Session& session, const ShopLine& shop) {
  ASSIGN_OR_RETURN(const ledger::AccountView account, ledger::find_account(session, shop.issued));
  const ledger::Account& issued = account.account;
  out.begin_object().key("shopId").string(shop.id).key("holder").unsigned_number(shop.holder);
  out.key("active").boolean(shop.active).key("currency").string(issued.currency);
  const auto negated = issued.posted.negated();
  out.key("issued").string(ledger::amount_text(negated ? *negated : issued.posted, issued.currency));
  out.key("promised").string(ledger::amount_text(issued.held, issued.currency));
  out.key("account").unsigned_number(shop.issued).end_object();
  return {};
}

Result<std::string> list_shops(Session& session, const Wanted& wanted) {
  const auto cursor = wanted.filters.find("cursor");
  const std::string after = cursor == wanted.filters.end() ? std::string() : cursor->second;
  std::vector<ShopLine> shops;
  std::string next;
  std::uint64_t seen = 0;
  RETURN_IF_ERROR(session.query(
      shops_sql, {Value::blob(after), Value::number(door::max_scanned + 1)}, [&](const store::Row& row) {
        ShopLine shop = read_shop(row);
        const bool fits = wanted.fits("holder", std::to_string(shop.holder)) && wanted.is_in("q", shop.id);
        if (seen == door::max_scanned || (fits && shops.size() == wanted.limit)) return false;
        ++seen;
        next = shop.id;
        if (fits) shops.push_back(std::move(shop));
        return true;
      }));
  bool more = false;
  RETURN_IF_ERROR(session.query(shops_sql, {Value::blob(next), Value::number(1)}, [&](const store::Row&) {
    more = true;
    return false;
  }));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("shops").begin_array();
  for (const ShopLine& shop : shops) RETURN_IF_ERROR(put_shop(out, session, shop));
  out.end_array().key("next");
  more && !next.empty() ? out.string(next) : out.null();
  out.end_object();
  return body;
}

Result<std::string> show_shop(Session& session, std::string_view id) {
  std::optional<ShopLine> shop;
  RETURN_IF_ERROR(session.query(shop_sql, {Value::blob(to_lower(id))}, [&](const store::Row& row) {
    shop = read_shop(row);
    return false;
  }));
  if (!shop) return Error(Errc::not_found, "there is no such shop");
  std::string body;
  json::Writer out(body);
  RETURN_IF_ERROR(put_shop(out, session, *shop));
  return body;
}

Result<std::string> list_blocks(Session& session, const Wanted& wanted) {
  const auto render = [&](std::uint64_t height) -> Result<std::string> {
    ASSIGN_OR_RETURN(const StoredBlock block, block_at(session, height));
    std::string body;
    json::Writer out(body);
    out.begin_object().key("header");
    render_header(out, block);
    out.key("count").unsigned_number(block.block.count);
    out.key("firstSequence").string(std::to_string(block.block.first_sequence)).end_object();
    return body;
  };
  return door::page_of(session, {"blocks", blocks_sql, [](const store::Row&) { return true; }, render},
                       wanted);
}

ListFilter filter_of(const Wanted& wanted) {
  ListFilter filter;
  const auto text = [&](const char* name) {
    const auto it = wanted.filters.find(name);
    return it == wanted.filters.end() ? std::string() : it->second;
  };
  filter.shop_id = to_lower(text("shop"));
  filter.user_account = to_lower(text("account"));
  filter.status = status_from_name(text("status"));
  filter.limit = wanted.limit;
  filter.before_record = wanted.before == INT64_MAX ? 0 : wanted.before;
  return filter;
}

void list_purchases(engine::Engine& engine, Responder responder) {
  const auto wanted = door::read_wanted(responder.request().query(), {"shop", "account", "status"});
  if (!wanted) return responder.respond(http::api_error(wanted.error()));
  const auto holder = http::whole_number(responder.request().path_parameter("holder"), 1, INT64_MAX);
  if (!holder) return responder.respond(http::api_error(Error(Errc::not_found, "there is no such holder")));
  door::show(engine, std::move(responder), [&engine, wanted = *wanted, holder = *holder](Session& session) {
    return Queries(engine).list_data(session, holder, filter_of(wanted));
  });
}

void show_purchase(engine::Engine& engine, Responder responder) {
  const http::Request& request = responder.request();
  const auto holder = http::whole_number(request.path_parameter("holder"), 1, INT64_MAX);
  if (!holder) return responder.respond(http::api_error(Error(Errc::not_found, "there is no such holder")));
  door::show(engine, std::move(responder),
             [&engine, holder = *holder, id = std::string(request.path_parameter("purchaseId"))](
                 Session& session) { return Queries(engine).purchase_data(session, holder, id); });
}

class Desk final : public door::Desk {
 public:
  explicit Desk(const engine::Engine& engine) : engine_(engine) {}

  Status add_waiting(Session&, std::vector<door::Waiting>&) const override { return {}; }

  Status find(Session& session, std::string_view text, std::vector<door::Found>& found) const override {
    ASSIGN_OR_RETURN(const auto shop, door::if_there(show_shop(session, text)));
    if (shop) found.push_back({"purchase.shop", to_lower(text), to_lower(text)});
    ASSIGN_OR_RETURN(const auto config, load_config(session));
    for (const auto& [holder, set] : config.holders) {
      const auto digest = engine::key_digest(engine::KeyScope::purchase, holder, text);
      ASSIGN_OR_RETURN(const auto record, engine_.peek_key(session, digest));
      if (record)
        found.push_back({"purchase.purchase", std::to_string(holder) + "/" + std::string(text), set.system});
    }
    return {};
  }

 private:
  const engine::Engine& engine_;
};

}  // namespace

void add_lists(http::Router& router, engine::Engine& engine) {
  router.add({Method::get, "/api/purchase/shops", Effect::read,
              door::list_of(engine, {"cursor", "holder", "q"}, list_shops)});
  const http::Handler shop = door::one_of(engine, "shopId", show_shop);
  router.add({Method::get, "/api/purchase/shops/{shopId}", Effect::read, shop});
  router.add({Method::get, "/api/purchase/blocks", Effect::read, door::list_of(engine, {}, list_blocks)});
  router.add({Method::get, "/api/purchase/holders/{holder}/purchases", Effect::read,
              [&engine](Responder responder) { list_purchases(engine, std::move(responder)); }});
  router.add({Method::get, "/api/purchase/holders/{holder}/purchases/{purchaseId}", Effect::read,
              [&engine](Responder responder) { show_purchase(engine, std::move(responder)); }});
}

std::unique_ptr<door::Desk> make_desk(const engine::Engine& engine) { return std::make_unique<Desk>(engine); }

}  // namespace jangbu::purchase
