// Those who may call a door: few, held in memory, each changed as a whole by a record.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "door/board.h"
#include "engine/table_set.h"
#include "ledger/fields.h"

namespace jangbu::door {

/// The apps of one moment. `App` lists its fields (ledger/fields.h), has an `id`, and says by `handle()` the
/// text by which requests name it: a service code, a client key.
template <typename App>
struct Apps {
  std::map<std::uint64_t, App> by_id;
  std::map<std::string, std::uint64_t, std::less<>> by_handle;

  /// nullptr when there is none.
  [[nodiscard]] const App* find(std::uint64_t id) const {
    const auto it = by_id.find(id);
    return it == by_id.end() ? nullptr : &it->second;
  }
  [[nodiscard]] const App* find(std::string_view handle) const {
    const auto it = by_handle.find(handle);
    return it == by_handle.end() ? nullptr : find(it->second);
  }
  void put(App app) {
    by_handle[app.handle()] = app.id;
    const std::uint64_t id = app.id;
    by_id.insert_or_assign(id, std::move(app));
  }
  [[nodiscard]] std::uint64_t next_id() const { return by_id.empty() ? 1 : by_id.rbegin()->first + 1; }
};

template <typename App>
using AppBoard = Board<Apps<App>>;

/// All of a table whose rows are read by `sql` as "fields". Error: database_corrupt.
template <typename App>
Result<std::shared_ptr<Apps<App>>> read_apps(store::Session& session, const store::Sql& sql) {
  auto apps = std::make_shared<Apps<App>>();
  Status decoded;
  RETURN_IF_ERROR(session.query(sql, {}, [&](const store::Row& row) {
    auto app = ledger::decode_fields<App>(row.bytes(0));
    if (!app) {
      decoded = Error(Errc::database_corrupt, "the table of apps does not read");
      return false;
    }
    apps->put(std::move(*app));
    return true;
  }));
  RETURN_IF_ERROR(decoded);
  return apps;
}

/// The apps as their projection keeps them: changed in the open batch, published with its commit. Writer
/// thread.
template <typename App>
class AppTable final : public engine::BatchTable {
 public:
  /// `board` may be null: a rebuild publishes nothing. `load`: SELECT fields of all; `write`: upsert of ($1
  /// id, $2 fields).
  AppTable(engine::TableSet& tables, AppBoard<App>* board, const store::Sql& load, const store::Sql& write)
      : board_(board), load_(load), write_(write) {
    tables.add(*this);
  }

  [[nodiscard]] const Apps<App>& current() const { return *apps_; }
  void put(App app) {
    if (changed_.empty()) apps_ = std::make_shared<Apps<App>>(*apps_);  // what is published stays as it is
    changed_.insert(app.id);
    apps_->put(std::move(app));
  }

  /// Reads and publishes all, at the start and after discard().
  void load(store::Session& session) {
    apps_ = engine::value_or_throw(read_apps<App>(session, load_));
    if (board_ != nullptr) board_->publish(apps_);
  }
  void flush(store::Session& session) override {
    for (const std::uint64_t id : changed_) {
      const Bytes fields = ledger::encode_fields(apps_->by_id.at(id));
      engine::throw_if_failed(
          session.execute(write_, {store::Value::number(id), store::Value::blob(fields)}));
    }
  }
  void committed() override {
    if (!changed_.empty() && board_ != nullptr) board_->publish(apps_);
    changed_.clear();
  }
  void discard() override {
    apps_ = std::make_shared<Apps<App>>();
    changed_.clear();
  }

 private:
  AppBoard<App>* board_;
  const store::Sql& load_;
  const store::Sql& write_;
  std::shared_ptr<Apps<App>> apps_ = std::make_shared<Apps<App>>();
  std::set<std::uint64_t> changed_;  // by the open batch
};

}  // namespace jangbu::door
