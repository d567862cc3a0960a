// Exports that walk the records themselves.
#include "purchase/records.h"

#include <unordered_map>

#include "cli/explainers.h"
#include "cli/export/sources.h"
#include "engine/keys.h"
#include "engine/unit.h"
#include "ledger/queries.h"

namespace jangbu::cli {
namespace {

using engine::Record;

constexpr std::uint64_t page_records = 1024;
/// Accounts whose names are remembered; then all are forgotten, so that memory stays bounded.
constexpr std::size_t max_known_accounts = 10'000;

/// A source whose numbers are those of records.
class RecordSource : public ExportSource {
 public:
  Result<std::uint64_t> last(store::Session& session) final {
    ASSIGN_OR_RETURN(const engine::Head head, engine::load_head(session));
    return head.number;
  }
  Result<std::uint64_t> page(store::Session& session, std::uint64_t after, std::uint64_t last,
                             const PutRow& put) final {
    last = std::min(last, after + page_records);
    // Rows are told when the page is read: telling one asks the same session.
    std::vector<Record> records;
    RETURN_IF_ERROR(engine::each_stored_record(session, after + 1, last, [&](const Record& record) {
      records.push_back(record);
      return true;
    }));
    for (const Record& record : records) RETURN_IF_ERROR(tell(session, record, put));
    return last;
  }

 protected:
  virtual Status tell(store::Session& session, const Record& record, const PutRow& put) = 0;
};

/// Every posting and every change of a hold, with the record that made it.
class Entries final : public RecordSource {
 public:
  Entries() : explainers_(make_explainers(&engine::Keys::find_stored)) {}

  [[nodiscard]] std::span<const std::string_view> columns() const override {
    static constexpr std::string_view names[] = {"record",  "at",       "kind",   "what",
                                                 "account", "currency", "amount", "held"};
    return names;
  }

 protected:
  Status tell(store::Session& session, const Record& record, const PutRow& put) override {
    for (const auto& explainer : explainers_) {
      if (!explainer->owns(record.kind)) continue;
      ASSIGN_OR_RETURN(const ledger::Told told, explainer->tell(session, record));
      for (const ledger::Posting& posting : told.entry.postings)
        RETURN_IF_ERROR(put_line(session, record, told, posting.account, posting.amount, false, put));
      for (const ledger::HoldChange& hold : told.entry.holds)
        RETURN_IF_ERROR(put_line(session, record, told, hold.account, hold.amount, true, put));
      return {};
    }
    return {};
  }

 private:
  Status put_line(store::Session& session, const Record& record, const ledger::Told& told,
                  ledger::AccountRef ref, Money amount, bool is_hold, const PutRow& put) {
    ASSIGN_OR_RETURN(const ledger::Account* account, account_of(session, ref));
    const Decimal text{ledger::amount_text(amount, account->currency)};
    const Cell cells[] = {record.number,
                          instant_cell(record.recorded_at),
                          told.kind,
                          told.what.en,
                          account->name,
                          account->currency,
                          is_hold ? Cell() : Cell(text),
                          is_hold ? Cell(text) : Cell()};
    return put(cells);
  }
  Result<const ledger::Account*> account_of(store::Session& session, ledger::AccountRef ref) {
    if (known_.size() >= max_known_accounts) known_.clear();
    auto found = known_.find(ref);
    if (found == known_.end()) {
      ASSIGN_OR_RETURN(ledger::AccountView view, ledger::find_account(session, ref));
      found = known_.emplace(ref, std::move(view.account)).first;
    }
    return &found->second;
  }

  std::vector<std::unique_ptr<ledger::Explainer>> explainers_;
  std::unordered_map<ledger::AccountRef, ledger::Account> known_;
};

/// Every signed transaction: a purchase, or the cancel of one.
class Purchases final : public RecordSource {
 public:
  [[nodiscard]] std::span<const std::string_view> columns() const override {
    static constexpr std::string_view names[] = {"record",       "at",          "type",         "sequence",
                                                 "purchase_id",  "holder",      "shop_id",      "currency",
                                                 "total_amount", "cash_amount", "user_account", "points"};
    return names;
  }

 protected:
  Status tell(store::Session& /*session*/, const Record& record, const PutRow& put) override {
    if (record.kind == purchase::recorded_kind) {
      ASSIGN_OR_RETURN(const auto recorded, purchase::decode<purchase::Recorded>(record.payload));
      const purchase::NewTransaction& tx = recorded.tx;
      const auto decimal = [](Money amount) {
        return Decimal{amount.to_decimal_text(purchase::amount_scale)};
      };
      const Cell cells[] = {record.number,
                            instant_cell(record.recorded_at),
                            std::string("purchase"),
                            tx.sequence,
                            tx.purchase_id,
                            recorded.holder,
                            tx.shop_id,
                            tx.currency,
                            decimal(tx.total_amount),
                            decimal(tx.cash_amount),
                            tx.user_account,
                            decimal(recorded.loyalty.point)};
      return put(cells);
    }
    if (record.kind != purchase::cancelled_kind) return {};
    ASSIGN_OR_RETURN(const auto cancelled, purchase::decode<purchase::Cancelled>(record.payload));
    const Cell cells[] = {record.number,
                          instant_cell(record.recorded_at),
                          std::string("cancel"),
                          cancelled.tx.sequence,
                          cancelled.tx.purchase_id,
                          cancelled.holder,
                          {},
                          {},
                          {},
                          {},
                          {},
                          {}};
    return put(cells);
  }
};

}  // namespace

std::unique_ptr<ExportSource> export_entries() { return std::make_unique<Entries>(); }
std::unique_ptr<ExportSource> export_purchases() { return std::make_unique<Purchases>(); }

}  // namespace jangbu::cli
