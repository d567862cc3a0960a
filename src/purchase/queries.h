// Reads of the purchase door, on snapshots.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/engine.h"
#include "purchase/records.h"

namespace jangbu::purchase {

/// Where a purchase stands.
enum class PurchaseStatus : std::uint8_t { pending, provided, cancelled };
std::string_view status_name(PurchaseStatus status);
std::optional<PurchaseStatus> status_from_name(std::string_view name);

struct ListFilter {
  std::string shop_id;  // lower-case; empty: all
  std::string currency;
  std::string user_account;  // lower-case
  std::optional<PurchaseStatus> status;
  std::optional<std::uint64_t> from_timestamp;  // the client's timestamps, in seconds, both ends included
  std::optional<std::uint64_t> to_timestamp;
  std::size_t limit = 25;           // 1..100
  std::uint64_t before_record = 0;  // the cursor: only older records; 0: from the newest
};

/// Each function runs inside a read job of the engine. The holder is whose access key asks.
class Queries {
 public:
  explicit Queries(const engine::Engine& engine) : engine_(engine) {}

  /// Error: access_key_invalid.
  Result<HolderId> holder_of(store::Session& session, std::string_view access_key) const;
  Result<std::uint64_t> last_sequence(store::Session& session) const;
  /// The body of the answer. Error: not_found.
  Result<std::string> purchase(store::Session& session, HolderId holder, std::string_view purchase_id) const;
  /// Errors: not_found, not_in_a_block_yet.
  Result<std::string> receipt(store::Session& session, HolderId holder, std::string_view purchase_id) const;
  Result<std::string> list(store::Session& session, HolderId holder, const ListFilter& filter) const;
  /// What purchase() and list() answer, without the protocol's frame.
  Result<std::string> purchase_data(store::Session& session, HolderId holder,
                                    std::string_view purchase_id) const;
  Result<std::string> list_data(store::Session& session, HolderId holder, const ListFilter& filter) const;
  Result<std::string> block(store::Session& session, std::uint64_t height) const;

 private:
  Result<engine::Record> find(store::Session& session, HolderId holder, std::string_view purchase_id) const;
  Result<std::optional<std::uint64_t>> cancel_of(store::Session& session, HolderId holder,
                                                 std::string_view purchase_id) const;
  Result<PurchaseStatus> status_of(store::Session& session, const engine::Record& record,
                                   const Recorded& purchase) const;

  const engine::Engine& engine_;
};

/// A block with what its header's record says.
struct StoredBlock {
  BlockSealed block;
  Hash hash;
  crypto::Signature signature;
};

/// The block that holds the transaction of this record, or nothing when it is in none yet.
Result<std::optional<StoredBlock>> block_of_record(store::Session& session, std::uint64_t record);
/// Error: not_found.
Result<StoredBlock> block_at(store::Session& session, std::uint64_t height);
/// The newest one. Error: not_found.
Result<StoredBlock> last_block(store::Session& session);
/// The transaction hash of a record of this door that is a transaction.
std::optional<Hash> leaf_of(const engine::Record& record);

}  // namespace jangbu::purchase
