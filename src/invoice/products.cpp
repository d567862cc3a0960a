// Decisions about the catalogue and the apps.
#include "invoice/decide.h"

namespace jangbu::invoice {

using engine::Decision;
using engine::Unit;

Decision SetProduct::decide_new(Unit& unit) {
  ProductSet set;
  set.keyed = keyed_;
  set.deleted = deletes_;
  set.updated_at = unit.now();
  if (number_ == 0) {
    set.number = unit.counters().last(engine::Counter::invoice_product) + 1;
    set.created_at = unit.now();
  } else {
    const ProductRow* row = state_.product(unit, number_);
    if (row == nullptr || row->app != keyed_.app || row->deleted) return refuse(Errc::product_not_found);
    set.number = number_;
    set.created_at = row->created_at;
    set.product = said<ProductSet>(unit.record(row->record))->product;
  }
  change_(set.product);
  const std::string& id = set.product.seller_id;
  if (!id.empty() && !deletes_) {
    const ProductNumber taken = state_.product_of_id(unit, keyed_.app, id);
    if (taken != 0 && taken != set.number)
      return refuse(Error(Errc::already_exists, "another product has this ex_uid"));
  }
  return accept(product_kind, std::move(set));
}

Decision SetSeller::decide_new(Unit&) {
  if (state_.apps().find(seller_.app) == nullptr)
    return refuse(Error(Errc::not_found, "there is no such app"));
  return accept(seller_kind, seller_);
}

Decision SetApp::decide_new(Unit& unit) {
  const Apps& apps = state_.apps();
  const bool is_new = apps.find(app_.id) == nullptr;
  if (is_new && app_.id != unit.counters().last(engine::Counter::invoice_app) + 1)
    return refuse(Errc::already_exists);
  const AppSet* const of_key = apps.find(app_.client_key);
  if (of_key != nullptr && of_key->id != app_.id) return refuse(Errc::already_exists);
  const AppSet* const before = apps.find(app_.id);
  const bool is_resumed = before != nullptr && before->suspended && !app_.suspended;
  return accept(is_resumed ? app_resumed_kind : app_kind, app_);
}

}  // namespace jangbu::invoice
