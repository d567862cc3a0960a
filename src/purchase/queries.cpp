#include "purchase/queries.h"

#include <vector>

#include "base/ascii.h"
#include "base/json.h"
#include "purchase/config.h"
#include "purchase/render.h"
#include "purchase/spans.h"
#include "purchase/state.h"

namespace jangbu::purchase {
namespace {

using store::Value;

/// A page looks at no more records than this, so that a filter that fits nothing answers soon, with a cursor
/// to go on.
constexpr std::size_t max_scanned_records = 5000;

const store::Sql holder_sql{"SELECT holder FROM purchase_access_keys WHERE digest = $1 AND revoked = 0"};
const store::Sql sequence_sql{"SELECT value FROM engine_counters WHERE id = $1"};
const store::Sql block_of_record_sql{
    "SELECT record, first_record FROM purchase_blocks WHERE last_record >= $1 ORDER BY last_record LIMIT 1"};
const store::Sql block_at_sql{"SELECT record FROM purchase_blocks WHERE height = $1"};
const store::Sql last_block_sql{"SELECT record FROM purchase_blocks ORDER BY height DESC LIMIT 1"};
const store::Sql runs_sql{
    "SELECT first, last FROM purchase_runs WHERE holder = $1 AND first < $2 ORDER BY first DESC LIMIT 1"};

Result<StoredBlock> read_block(store::Session& session, std::uint64_t record_number) {
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, record_number));
  StoredBlock stored;
  ASSIGN_OR_RETURN(stored.block, decode<BlockSealed>(record.payload));
  ASSIGN_OR_RETURN(stored.signature, crypto::Signature::from_bytes(record.seal));
  stored.hash = stored.block.header.hash();
  return stored;
}

/// What a list of one wallet's or one shop's purchases is spared; nothing for a list of all.
std::optional<SpanWalk> spans_of(HolderId holder, const ListFilter& filter) {
  if (!filter.user_account.empty()) return SpanWalk(account_mark(holder, filter.user_account));
  if (!filter.shop_id.empty()) return SpanWalk(shop_mark(holder, filter.shop_id));
  return std::nullopt;
}

/// The protocol's frame of what went well.
std::string framed(const std::string& data) {
  std::string body;
  json::Writer(body).begin_object().key("code").number(0).key("data").raw(data).end_object();
  return body;
}

}  // namespace

std::string_view status_name(PurchaseStatus status) {
  switch (status) {
    case PurchaseStatus::pending:
      return "pending";
    case PurchaseStatus::provided:
      return "provided";
    case PurchaseStatus::cancelled:
      return "cancelled";
  }
  return "";
}

std::optional<PurchaseStatus> status_from_name(std::string_view name) {
  for (const auto status : {PurchaseStatus::pending, PurchaseStatus::provided, PurchaseStatus::cancelled})
    if (name == status_name(status)) return status;
  return std::nullopt;
}

Result<std::optional<StoredBlock>> block_of_record(store::Session& session, std::uint64_t record) {
  std::optional<std::uint64_t> block_record;
  RETURN_IF_ERROR(session.query(block_of_record_sql, {Value::number(record)}, [&](const store::Row& row) {
    if (row.number(1) <= record) block_record = row.number(0);
    return false;
  }));
  if (!block_record) return std::optional<StoredBlock>();
  ASSIGN_OR_RETURN(StoredBlock stored, read_block(session, *block_record));
  return std::optional(std::move(stored));
}

Result<StoredBlock> block_at(store::Session& session, std::uint64_t height) {
  std::optional<std::uint64_t> record;
  RETURN_IF_ERROR(session.query(block_at_sql, {Value::number(height)}, [&](const store::Row& row) {
    record = row.number(0);
    return false;
  }));
  if (!record) return Error(Errc::not_found, "there is no block at this height");
  return read_block(session, *record);
}

Result<StoredBlock> last_block(store::Session& session) {
  std::optional<std::uint64_t> record;
  RETURN_IF_ERROR(session.query(last_block_sql, {}, [&](const store::Row& row) {
    record = row.number(0);
    return false;
  }));
  if (!record) return Error(Errc::not_found, "there is no block yet");
  return read_block(session, *record);
}

std::optional<Hash> leaf_of(const engine::Record& record) {
  if (record.kind == recorded_kind) {
    if (const auto purchase = recorded_of(record)) return (*purchase)->leaf;
  } else if (record.kind == cancelled_kind) {
    if (const auto cancel = cancelled_of(record)) return (*cancel)->leaf;
  }
  return std::nullopt;
}

Result<HolderId> Queries::holder_of(store::Session& session, std::string_view access_key) const {
  const Hash digest = access_key_digest(access_key);
  std::optional<HolderId> holder;
  RETURN_IF_ERROR(session.query(holder_sql, {Value::blob(digest.view())}, [&](const store::Row& row) {
    holder = row.number(0);
    return false;
  }));
  if (!holder) return Errc::access_key_invalid;
  return *holder;
}

Result<std::uint64_t> Queries::last_sequence(store::Session& session) const {
  std::uint64_t sequence = 0;
  const auto id = static_cast<std::int64_t>(engine::Counter::purchase_sequence);
  RETURN_IF_ERROR(session.query(sequence_sql, {Value::integer(id)}, [&](const store::Row& row) {
    sequence = row.number(0);
    return false;
  }));
  return sequence;
}

Result<engine::Record> Queries::find(store::Session& session, HolderId holder,
                                     std::string_view purchase_id) const {
  const auto digest = engine::key_digest(engine::KeyScope::purchase, holder, purchase_id);
  ASSIGN_OR_RETURN(const auto number, engine_.find_key(session, digest));
  if (!number) return Error(Errc::not_found, "there is no purchase with this purchaseId");
  return engine::load_record(session, *number);
}

Result<std::optional<std::uint64_t>> Queries::cancel_of(store::Session& session, HolderId holder,
                                                        std::string_view purchase_id) const {
  return engine_.peek_key(session,
                          engine::key_digest(engine::KeyScope::purchase_cancel, holder, purchase_id));
}

Result<PurchaseStatus> Queries::status_of(store::Session& session, const engine::Record& record,
                                          const Recorded& purchase) const {
  ASSIGN_OR_RETURN(const auto cancel, cancel_of(session, purchase.holder, purchase.tx.purchase_id));
  if (cancel) return PurchaseStatus::cancelled;
  if (!purchase.earns()) return PurchaseStatus::provided;
  const Instant due_at =
      record.recorded_at + Duration::seconds(static_cast<std::int64_t>(purchase.waiting_s));
  ASSIGN_OR_RETURN(const auto due, engine::Due::find_stored(
                                       session, due_at, engine::WorkKind::purchase_provide, record.number));
  return due ? PurchaseStatus::pending : PurchaseStatus::provided;
}

Result<std::string> Queries::purchase(store::Session& session, HolderId holder,
                                      std::string_view purchase_id) const {
  ASSIGN_OR_RETURN(const std::string data, purchase_data(session, holder, purchase_id));
  return framed(data);
}

Result<std::string> Queries::purchase_data(store::Session& session, HolderId holder,
                                           std::string_view purchase_id) const {
  ASSIGN_OR_RETURN(const engine::Record record, find(session, holder, purchase_id));
  ASSIGN_OR_RETURN(const Recorded purchase, decode<Recorded>(record.payload));
  ASSIGN_OR_RETURN(const PurchaseStatus status, status_of(session, record, purchase));
  ASSIGN_OR_RETURN(const auto block, block_of_record(session, record.number));
  std::optional<engine::Record> cancel_record;
  if (status == PurchaseStatus::cancelled) {
    ASSIGN_OR_RETURN(const auto number, cancel_of(session, holder, purchase_id));
    ASSIGN_OR_RETURN(cancel_record, engine::load_record(session, *number));
  }
  std::string body;
  json::Writer writer(body);
  render_purchase(writer, record, purchase, status, cancel_record ? &*cancel_record : nullptr);
  writer.key("block");
  if (block) {
    writer.begin_object().key("height").string(std::to_string(block->block.header.height));
    writer.key("hash").string(to_hex_0x(block->hash.view())).end_object();
  } else {
    writer.null();
  }
  writer.end_object();
  return body;
}

Result<std::string> Queries::receipt(store::Session& session, HolderId holder,
                                     std::string_view purchase_id) const {
  ASSIGN_OR_RETURN(const engine::Record record, find(session, holder, purchase_id));
  ASSIGN_OR_RETURN(const Recorded purchase, decode<Recorded>(record.payload));
  ASSIGN_OR_RETURN(const auto block, block_of_record(session, record.number));
  if (!block) return Errc::not_in_a_block_yet;
  std::vector<Hash> leaves;
  leaves.reserve(block->block.count);
  RETURN_IF_ERROR(engine::each_stored_record(session, block->block.first_record, block->block.last_record,
                                             [&](const engine::Record& each) {
                                               if (const auto leaf = leaf_of(each)) leaves.push_back(*leaf);
                                               return true;
                                             }));
  const std::uint64_t index = purchase.tx.sequence - block->block.first_sequence;
  if (index >= leaves.size()) return Error(Errc::database_corrupt, "a block does not hold its transactions");
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("code").number(0).key("data");
  render_receipt(writer, record, purchase, leaves[index], index, merkle_path(leaves, index), *block);
  writer.end_object();
  return body;
}

Result<std::string> Queries::list(store::Session& session, HolderId holder, const ListFilter& filter) const {
  ASSIGN_OR_RETURN(const std::string data, list_data(session, holder, filter));
  return framed(data);
}

Result<std::string> Queries::list_data(store::Session& session, HolderId holder,
                                       const ListFilter& filter) const {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("items").begin_array();
  std::size_t found = 0;
  std::size_t scanned = 0;
  std::uint64_t before =
      filter.before_record == 0 ? static_cast<std::uint64_t>(INT64_MAX) : filter.before_record;
  bool more = true;
  std::optional<SpanWalk> spans = spans_of(holder, filter);
  while (found < filter.limit && scanned < max_scanned_records && !(spans && spans->tired())) {
    std::optional<std::pair<std::uint64_t, std::uint64_t>> run;
    RETURN_IF_ERROR(
        session.query(runs_sql, {Value::number(holder), Value::number(before)}, [&](const store::Row& row) {
          run = {row.number(0), row.number(1)};
          return false;
        }));
    if (!run) {
      more = false;
      break;
    }
    if (spans) {
      ASSIGN_OR_RETURN(before, spans->pass(session, run->first, before));
      if (before <= run->first) continue;
    }
    std::vector<std::pair<engine::Record, Recorded>> records;  // oldest first, as they are stored
    Status decoded;
    RETURN_IF_ERROR(engine::each_stored_record(session, run->first, std::min(run->second, before - 1),
                                               [&](const engine::Record& record) {
                                                 ++scanned;
                                                 if (record.kind != recorded_kind) return true;
                                                 auto purchase = decode<Recorded>(record.payload);
                                                 if (!purchase) {
                                                   decoded = purchase.error();
                                                   return false;
                                                 }
                                                 if (purchase->holder == holder)
                                                   records.emplace_back(record, std::move(*purchase));
                                                 return true;
                                               }));
    RETURN_IF_ERROR(decoded);
    before = run->first;
    for (auto it = records.rbegin(); it != records.rend(); ++it) {
      const auto& [record, purchase] = *it;
      const NewTransaction& tx = purchase.tx;
      if (!filter.shop_id.empty() && to_lower(tx.shop_id) != filter.shop_id) continue;
      if (!filter.currency.empty() && tx.currency != filter.currency) continue;
      if (!filter.user_account.empty() && to_lower(tx.user_account) != filter.user_account) continue;
      if (filter.from_timestamp && tx.timestamp < *filter.from_timestamp) continue;
      if (filter.to_timestamp && tx.timestamp > *filter.to_timestamp) continue;
      ASSIGN_OR_RETURN(const PurchaseStatus status, status_of(session, record, purchase));
      if (filter.status && status != *filter.status) continue;
      render_purchase(writer, record, purchase, status, nullptr);
      writer.end_object();
      if (++found == filter.limit) {
        before = record.number;
        break;
      }
    }
  }
  writer.end_array().key("next");
  if (more) {
    writer.string(std::to_string(before));
  } else {
    writer.null();
  }
  writer.end_object();
  return body;
}

Result<std::string> Queries::block(store::Session& session, std::uint64_t height) const {
  ASSIGN_OR_RETURN(const StoredBlock stored, block_at(session, height));
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("code").number(0).key("data").begin_object().key("header");
  render_header(writer, stored);
  writer.key("count").unsigned_number(stored.block.count);
  writer.key("firstSequence").string(std::to_string(stored.block.first_sequence));
  writer.end_object().end_object();
  return body;
}

}  // namespace jangbu::purchase
