#include "purchase/state.h"

#include <algorithm>

#include "base/ascii.h"
#include "crypto/digest.h"
#include "purchase/decide.h"
#include "purchase/signers.h"
#include "purchase/spans.h"
#include "purchase/tables.h"

namespace jangbu::purchase {
namespace {

using engine::throw_if_failed;
using store::Value;

/// The open block is sealed when its first transaction is this old, in wall time.
constexpr Duration block_interval = Duration::seconds(1);
constexpr std::size_t cached_rows = 20'000;

const store::Sql last_sealed_sql{
    "SELECT height, hash, last_record FROM purchase_blocks ORDER BY height DESC LIMIT 1"};

const store::Sql write_holder_sql{
    "INSERT INTO purchase_holders (id, system, currency, waiting_s, signer, open_registration) VALUES ($1, "
    "$2, $3, $4, $5, $6) "
    "ON CONFLICT (id) DO UPDATE SET system = excluded.system, currency = excluded.currency, waiting_s = "
    "excluded.waiting_s, "
    "signer = excluded.signer, open_registration = excluded.open_registration"};
const store::Sql write_key_sql{
    "INSERT INTO purchase_access_keys (digest, holder, revoked, label) VALUES ($1, $2, $3, $4) ON CONFLICT "
    "(digest) DO UPDATE SET "
    "revoked = excluded.revoked, label = excluded.label"};
const store::Sql write_rate_sql{
    "INSERT INTO purchase_rates (code, points_per_unit) VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET "
    "points_per_unit = "
    "excluded.points_per_unit"};
const store::Sql write_settings_sql{
    "INSERT INTO purchase_settings (id, block_signer) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET "
    "block_signer = "
    "excluded.block_signer"};
const store::Sql write_run_sql{"INSERT INTO purchase_runs (holder, first, last) VALUES ($1, $2, $3)"};
const store::Sql runs_after_sql{
    "SELECT first, last FROM purchase_runs WHERE holder = $1 AND first > $2 ORDER BY first"};
const store::Sql voids_sql{
    "SELECT purchase FROM purchase_voids WHERE purchase >= $1 AND purchase <= $2 ORDER BY purchase"};
const store::Sql write_void_sql{"INSERT INTO purchase_voids (purchase) VALUES ($1)"};
const store::Sql erase_void_sql{"DELETE FROM purchase_voids WHERE purchase = $1"};
const store::Sql write_block_sql{
    "INSERT INTO purchase_blocks (height, hash, record, first_record, last_record, first_sequence, tx_count) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};

/// That a record of ours reads back is an invariant.
template <typename T>
T must_read(Result<T> value, const engine::Record& record) {
  INVARIANT(value.ok(),
            "record " + std::to_string(record.number) + " is of the purchase door and does not read");
  return std::move(*value);
}

template <typename T>
T read_payload(const engine::Record& record) {
  auto value = decode<T>(record.payload);
  INVARIANT(value.ok(),
            "record " + std::to_string(record.number) + " is of the purchase door and does not read");
  return std::move(*value);
}

}  // namespace

std::string issued_account(std::string_view shop_id) { return "shop:" + std::string(shop_id) + ":issued"; }
std::string user_account(std::string_view wallet_or_phone_hash) {
  return "user:" + std::string(wallet_or_phone_hash);
}

struct State::Tables {
  engine::CachedTable<ShopTraits> shops{cached_rows};
  engine::CachedTable<WalletTraits> wallets{cached_rows};
  engine::CachedTable<PhoneTraits> phones{cached_rows};

  // Written as they come, once each, by the batch that is open.
  std::map<HolderId, std::pair<std::uint64_t, std::uint64_t>> runs;  // first, last record of the batch
  std::set<std::uint64_t> voids;
  std::vector<std::uint64_t> ended_voids;
  std::vector<std::pair<std::uint64_t, BlockSealed>> blocks;  // record number, block
  OpenSpan span;                                              // longer than the batch
  std::vector<HolderSet> holders;
  std::vector<KeySet> keys;
  std::vector<RateSet> rates;
  bool settings = false;

  void clear_batch() {
    runs.clear();
    voids.clear();
    ended_voids.clear();
    blocks.clear();
    holders.clear();
    keys.clear();
    rates.clear();
    settings = false;
    if (span.full()) span = OpenSpan();
  }
};

State::State(ledger::Book& book, ConfigBoard* board, Signers* signers)
    : book_(book), board_(board), signers_(signers), tables_(std::make_unique<Tables>()) {}
State::~State() = default;

Config& State::edit_config() {
  if (!config_changed_) config_ = std::make_shared<Config>(*config_);
  config_changed_ = true;
  return *config_;
}

std::vector<Hash> OpenBlock::next_hashes() const {
  INVARIANT(!leaves.empty(), "a block has transactions");
  std::vector<Hash> hashes;
  for (std::size_t i = 0; i < std::min(leaves.size(), block_capacity); ++i) hashes.push_back(leaves[i].hash);
  return hashes;
}

void State::add_leaf(const Hash& leaf, std::uint64_t record, std::uint64_t sequence, Instant wall_at) {
  INVARIANT(open_.leaves.empty() || open_.leaves.back().sequence + 1 == sequence,
            "transactions are numbered without gaps");
  open_.leaves.push_back({leaf, record, sequence, wall_at});
}

void State::apply(engine::Unit& unit, const engine::Record& record) {
  switch (record.kind) {
    case recorded_kind:
      return apply_recorded(unit, record);
    case cancelled_kind:
      return apply_cancelled(unit, record);
    case block_kind:
      return apply_block(unit, record);
    case provided_kind:
      return apply_provided(unit, record);
    default:
      return apply_config(unit, record);
  }
}

void State::apply_recorded(engine::Unit& unit, const engine::Record& record) {
  const auto derived = must_read(recorded_of(record), record);
  const Recorded& purchase = derived->value;
  unit.take(engine::Counter::purchase_sequence, purchase.tx.sequence);
  if (earns_much(purchase.loyalty))
    unit.take(engine::Counter::purchase_large, unit.counters().last(engine::Counter::purchase_large) + 1);
  book_.post(unit, purchase.entry);
  if (purchase.opens_shop) {
    const std::string shop_id = to_lower(purchase.tx.shop_id);
    const auto issued = book_.find(unit, issued_account(shop_id), point_currency);
    INVARIANT(issued.has_value(), "a purchase that opens a shop opens its account");
    tables_->shops.put(shop_id, Shop{purchase.holder, true, *issued});
  }
  if (purchase.earns())
    unit.due().add(record.recorded_at + Duration::seconds(static_cast<std::int64_t>(purchase.waiting_s)),
                   engine::WorkKind::purchase_provide, record.number);
  const auto [run, fresh] = tables_->runs.try_emplace(purchase.holder, record.number, record.number);
  if (!fresh) run->second.second = record.number;
  tables_->span.add(record.number, purchase);
  add_leaf(derived->leaf, record.number, purchase.tx.sequence, record.wall_at);
}

void State::apply_cancelled(engine::Unit& unit, const engine::Record& record) {
  const auto derived = must_read(cancelled_of(record), record);
  const Cancelled& cancel = derived->value;
  unit.take(engine::Counter::purchase_sequence, cancel.tx.sequence);
  book_.post(unit, cancel.entry);
  if (cancel.effect == CancelEffect::void_hold) tables_->voids.insert(cancel.purchase);
  add_leaf(derived->leaf, record.number, cancel.tx.sequence, record.wall_at);
}

void State::apply_block(engine::Unit&, const engine::Record& record) {
  const BlockSealed block = read_payload<BlockSealed>(record);
  INVARIANT(block.header.height == last_.height + 1 && block.header.previous == last_.hash,
            "a block follows the one before");
  const std::vector<Hash> hashes = open_.next_hashes();
  INVARIANT(block.count == hashes.size(), "a block holds the oldest transactions that are in none");
  const OpenBlock::Leaf& first = open_.leaves.front();
  const OpenBlock::Leaf& last = open_.leaves[hashes.size() - 1];
  INVARIANT(block.first_record == first.record && block.first_sequence == first.sequence &&
                block.last_record == last.record,
            "a block holds the transactions since the one before");
  INVARIANT(block.header.merkle_root == merkle_root(hashes), "a block's root is that of its transactions");
  last_ = LastBlock{block.header.height, block.header.hash(), block.last_record};
  open_.leaves.erase(open_.leaves.begin(), open_.leaves.begin() + static_cast<std::ptrdiff_t>(hashes.size()));
  tables_->blocks.emplace_back(record.number, block);
}

void State::apply_provided(engine::Unit& unit, const engine::Record& record) {
  const Provided provided = read_payload<Provided>(record);
  book_.post(unit, provided.entry);
  unit.due().remove({provided.due_at, engine::WorkKind::purchase_provide, provided.first, provided.last});
  for (const std::uint64_t purchase : provided.voided)
    if (tables_->voids.erase(purchase) == 0) tables_->ended_voids.push_back(purchase);
}

void State::apply_config(engine::Unit& unit, const engine::Record& record) {
  switch (record.kind) {
    case holder_kind: {
      const auto holder = read_payload<HolderSet>(record);
      if (!config_->holders.contains(holder.id)) unit.take(engine::Counter::purchase_holder, holder.id);
      edit_config().holders[holder.id] = holder;
      tables_->holders.push_back(holder);
      return;
    }
    case key_kind: {
      const auto key = read_payload<KeySet>(record);
      edit_config().keys[key.digest] = AccessKey{key.holder, key.revoked, key.label};
      tables_->keys.push_back(key);
      return;
    }
    case rate_kind: {
      const auto rate = read_payload<RateSet>(record);
      edit_config().rates[rate.code] = rate.points_per_unit;
      tables_->rates.push_back(rate);
      return;
    }
    case shop_kind: {
      const auto shop = read_payload<ShopSet>(record);
      book_.post(unit, shop.entry);
      const auto issued = book_.find(unit, issued_account(shop.shop_id), point_currency);
      INVARIANT(issued.has_value(), "a shop has its account");
      tables_->shops.put(shop.shop_id, Shop{shop.holder, shop.active, *issued});
      return;
    }
    case wallet_kind: {
      const auto wallet = read_payload<WalletSet>(record);
      book_.post(unit, wallet.entry);
      tables_->wallets.put(wallet.wallet, wallet.loyalty_type);
      return;
    }
    case phone_kind: {
      const auto phone = read_payload<PhoneLinked>(record);
      book_.post(unit, phone.entry);
      tables_->phones.put(std::string(phone.phone_hash.view()), phone.wallet);
      return;
    }
    case settings_kind:
      edit_config().settings = read_payload<SettingsSet>(record);
      tables_->settings = true;
      return;
    default:
      INVARIANT(false, "a purchase record of unknown kind " + std::to_string(record.kind));
  }
}

void State::keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const {
  if (record.kind == recorded_kind || record.kind == cancelled_kind)
    out.push_back(must_read(key_of(record), record));
}

bool State::seals(engine::RecordKind kind) const {
  return kind == recorded_kind || kind == cancelled_kind || kind == block_kind;
}

Status State::check(const engine::Record& record) const {
  const auto failed = [&](const std::string& what) {
    return Error(Errc::verification_failed, "record " + std::to_string(record.number) + ": " + what);
  };
  const auto check_signature = [&](const Hash& hash, const crypto::Address& signer,
                                   std::string_view of) -> Status {
    const auto signature = crypto::Signature::from_bytes(record.seal);
    if (!signature) return failed("the signature of " + std::string(of) + " is not 65 bytes");
    const auto recovered = crypto::recover_personal(hash, *signature);
    if (!recovered || *recovered != signer)
      return failed("the signature of " + std::string(of) + " is not its signer's");
    return {};
  };
  switch (record.kind) {
    case recorded_kind: {
      const auto purchase = recorded_of(record);
      if (!purchase) return failed("a purchase that does not read");
      const NewTransaction& tx = (*purchase)->value.tx;
      return check_signature((*purchase)->leaf, tx.signer, "purchase " + tx.purchase_id);
    }
    case cancelled_kind: {
      const auto cancel = cancelled_of(record);
      if (!cancel) return failed("a cancel that does not read");
      const CancelTransaction& tx = (*cancel)->value.tx;
      return check_signature((*cancel)->leaf, tx.signer, "the cancel of " + tx.purchase_id);
    }
    case block_kind: {
      const auto block = decode<BlockSealed>(record.payload);
      if (!block) return failed("a block that does not read");
      return check_signature(block->header.hash(), block->signer,
                             "block " + std::to_string(block->header.height));
    }
    default:
      return {};
  }
}

void State::prefetch(engine::Unit& unit) {
  tables_->shops.prefetch(unit.session());
  tables_->wallets.prefetch(unit.session());
  tables_->phones.prefetch(unit.session());
}

void State::flush(engine::Unit& unit) {
  store::Session& session = unit.session();
  for (const HolderSet& h : tables_->holders)
    throw_if_failed(session.execute(
        write_holder_sql,
        {Value::number(h.id), Value::blob(h.system), Value::blob(h.currency), Value::number(h.waiting_s),
         Value::blob(address_view(h.signer)), Value::integer(h.open_registration ? 1 : 0)}));
  for (const KeySet& k : tables_->keys)
    throw_if_failed(
        session.execute(write_key_sql, {Value::blob(k.digest.view()), Value::number(k.holder),
                                        Value::integer(k.revoked ? 1 : 0), Value::blob(k.label)}));
  for (const RateSet& r : tables_->rates) {
    const auto amount = r.points_per_unit.to_sortable_bytes();
    throw_if_failed(
        session.execute(write_rate_sql, {Value::blob(r.code), Value::blob({amount.data(), amount.size()})}));
  }
  if (tables_->settings)
    throw_if_failed(
        session.execute(write_settings_sql, {Value::blob(address_view(config_->settings.block_signer))}));
  tables_->shops.flush(session);
  tables_->wallets.flush(session);
  tables_->phones.flush(session);
  for (const auto& [holder, run] : tables_->runs)
    throw_if_failed(session.execute(
        write_run_sql, {Value::number(holder), Value::number(run.first), Value::number(run.second)}));
  if (tables_->span.full()) tables_->span.write(session);
  for (const std::uint64_t purchase : tables_->voids)
    throw_if_failed(session.execute(write_void_sql, {Value::number(purchase)}));
  for (const std::uint64_t purchase : tables_->ended_voids)
    throw_if_failed(session.execute(erase_void_sql, {Value::number(purchase)}));
  for (const auto& [record, block] : tables_->blocks) {
    const Hash hash = block.header.hash();
    throw_if_failed(session.execute(
        write_block_sql, {Value::number(block.header.height), Value::blob(hash.view()), Value::number(record),
                          Value::number(block.first_record), Value::number(block.last_record),
                          Value::number(block.first_sequence), Value::number(block.count)}));
  }
}

void State::committed() {
  tables_->shops.committed();
  tables_->wallets.committed();
  tables_->phones.committed();
  const bool sealed = !tables_->blocks.empty();
  tables_->clear_batch();
  if (sealed && on_blocks_) on_blocks_();
  if (config_changed_ && board_ != nullptr) board_->publish(config_);
  config_changed_ = false;
}

void State::discard() {
  tables_->shops.discard();
  tables_->wallets.discard();
  tables_->phones.discard();
  tables_->clear_batch();
}

void State::load(engine::Unit& unit) {
  store::Session& session = unit.session();
  if (signers_ != nullptr) throw_if_failed(signers_->load(session));
  config_ = std::make_shared<Config>(engine::value_or_throw(load_config(session)));
  config_changed_ = false;
  if (board_ != nullptr) board_->publish(config_);

  last_ = LastBlock{};
  throw_if_failed(session.query(last_sealed_sql, {}, [&](const store::Row& row) {
    last_ = LastBlock{row.number(0), hash_from(row.bytes(1)), row.number(2)};
    return true;
  }));
  open_ = OpenBlock{};
  unit.each_record(last_.last_record + 1, unit.head().number, [&](const engine::Record& record) {
    if (record.kind == recorded_kind) {
      const auto purchase = must_read(recorded_of(record), record);
      add_leaf(purchase->leaf, record.number, purchase->value.tx.sequence, record.wall_at);
    } else if (record.kind == cancelled_kind) {
      const auto cancel = must_read(cancelled_of(record), record);
      add_leaf(cancel->leaf, record.number, cancel->value.tx.sequence, record.wall_at);
    }
  });
  load_span(unit);
}

/// Takes up again what the open span held.
void State::load_span(engine::Unit& unit) {
  store::Session& session = unit.session();
  const std::uint64_t end = engine::value_or_throw(end_of_spans(session));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> runs;
  for (const auto& [holder, set] : config_->holders)
    throw_if_failed(session.query(runs_after_sql, {Value::number(holder), Value::number(end)},
                                  [&](const store::Row& row) {
                                    runs.emplace_back(row.number(0), row.number(1));
                                    return true;
                                  }));
  // Runs of several holders in one batch overlap.
  std::sort(runs.begin(), runs.end());
  tables_->span = OpenSpan();
  std::uint64_t read_to = end;
  for (const auto& [first, last] : runs) {
    if (last <= read_to) continue;
    unit.each_record(std::max(first, read_to + 1), last, [&](const engine::Record& record) {
      if (record.kind == recorded_kind)
        tables_->span.add(record.number, must_read(recorded_of(record), record)->value);
    });
    read_to = last;
  }
}

std::unique_ptr<engine::Command> State::next_work(engine::Unit& unit) {
  const auto wake = next_wake();
  if (!wake || (open_.leaves.size() < block_capacity && unit.wall_now() < *wake)) return nullptr;
  return std::make_unique<SealBlock>(*this);
}

std::optional<Instant> State::next_wake() const {
  if (signers_ == nullptr || open_.leaves.empty() || config_->settings.block_signer == crypto::Address())
    return std::nullopt;
  return open_.leaves.front().wall_at + block_interval;
}

std::unique_ptr<engine::Command> State::due_work(engine::Unit&, const engine::DueRow& row) {
  return std::make_unique<ProvidePoints>(*this, row);
}

std::optional<Shop> State::shop(engine::Unit& unit, const std::string& shop_id_lower) {
  const Shop* found = tables_->shops.find(unit.session(), shop_id_lower);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::uint8_t State::loyalty_type(engine::Unit& unit, const std::string& wallet_lower) {
  const std::uint8_t* found = tables_->wallets.find(unit.session(), wallet_lower);
  return found == nullptr ? std::uint8_t{0} : *found;
}

std::optional<std::string> State::linked_wallet(engine::Unit& unit, const Hash& phone_hash) {
  const std::string* found = tables_->phones.find(unit.session(), std::string(phone_hash.view()));
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::vector<std::uint64_t> State::voided_between(engine::Unit& unit, std::uint64_t first,
                                                 std::uint64_t last) {
  std::vector<std::uint64_t> found;
  throw_if_failed(unit.session().query(voids_sql, {Value::number(first), Value::number(last)},
                                       [&](const store::Row& row) {
                                         found.push_back(row.number(0));
                                         return true;
                                       }));
  for (auto it = tables_->voids.lower_bound(first); it != tables_->voids.end() && *it <= last; ++it)
    found.push_back(*it);
  return found;
}

void State::want_shop(const std::string& shop_id_lower) { tables_->shops.want(shop_id_lower); }
void State::want_user(const std::string& wallet_lower) { tables_->wallets.want(wallet_lower); }
void State::want_phone(const Hash& phone_hash) { tables_->phones.want(std::string(phone_hash.view())); }

}  // namespace jangbu::purchase
