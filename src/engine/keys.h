// The key index: which record stands for a document's own id or an idempotency key. One index for all doors.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "engine/key_digest.h"
#include "store/database.h"

namespace jangbu::engine {

/// What a key names; numbers are part of the digest and never change.
enum class KeyScope : std::uint16_t {
  purchase = 1,                  // owner: holder; text: purchaseId
  purchase_cancel = 2,           // owner: holder; text: purchaseId
  payment_form = 3,              // owner: checkout; text: the key of one form that was sent
  payment_order = 4,             // owner: 0; text: the order id that an acquirer knows
  hub_idempotency = 10,          // owner: app; text: route, a line feed, Idempotency-Key
  hub_apply = 11,                // owner: campaign; text: reviewer
  hub_token = 12,                // owner: app; text: jti (in engine_tokens)
  hub_session = 13,              // owner: manager; text: the session's token (in engine_tokens)
  invoice_idempotency = 20,      // owner: app; text: route, a line feed, Idempotency-Key
  invoice_request = 21,          // owner: app; text: request_id of an invoice that a server made
  invoice_browser_request = 22,  // owner: app; text: request_id of an invoice that a page made
  affiliate_conversion = 30,     // owner: merchant; text: see affiliate::conversion_digest()
  console_session = 40,          // owner: account; text: the session's token (in engine_tokens)
};

class KnownKeys;

KeyDigest key_digest(KeyScope scope, std::uint64_t owner, ByteView text);

/// Deferred and sorted: a digest lands at a random page of its index, so entries wait in memory, in buckets
/// by their first bits. Once `defer` of them wait, every batch writes the next buckets in the order of the
/// table, round and round: so a bucket holds what came in one whole round, neighbours that share pages. The
/// records that the waiting entries came from are durable already; after a restart they are read again from
/// the first record that is not wholly in the table (`through()`), which is those of a round, twice `defer`
/// or so.
///
/// The writer thread calls everything but find_committed(), which readers may call at any time.
class Keys {
 public:
  /// `defer` entries wait before they are written; 0 writes every entry with its batch (PostgreSQL, rebuild).
  explicit Keys(std::size_t defer);
  /// A filter that is asked before the table, and told of every entry from now on.
  void ask_first(KnownKeys& known) { known_ = &known; }
  /// Has the filter learn the table, forgetting what it knew; `expected` entries at most are there. With
  /// every new session that may write, before recover().
  void learn_table(std::uint64_t expected);

  /// The record for the digest, as the batch sees it.
  std::optional<std::uint64_t> find(store::Session& session, const KeyDigest& digest);
  void want(const KeyDigest& digest) { wanted_.push_back(digest); }
  void prefetch(store::Session& session);
  /// INVARIANT at flush: a digest is put once.
  void put(const KeyDigest& digest, std::uint64_t number);

  /// Queues this batch's share of index writes.
  void flush(store::Session& session, std::uint64_t last_number);
  /// Queues everything that waits; for a clean stop, with committed_all() after the commit.
  void flush_all(store::Session& session);
  void committed_all();
  void committed();
  void discard();
  /// Every entry of a record up to this one is in the table.
  [[nodiscard]] std::uint64_t through() const { return flushed_through_; }
  /// Whether the open batch moves through(), so that it must be written.
  [[nodiscard]] bool through_moved() const { return defers() && flushed_through_ != through_; }
  [[nodiscard]] bool defers() const { return defer_ != 0; }
  void set_through(std::uint64_t number);
  /// Every entry of a record up to this one is in the table or waits in memory.
  [[nodiscard]] std::uint64_t known_through() const { return std::max(last_number_, through_); }
  /// Restores a waiting entry after a restart.
  void recover(const KeyDigest& digest, std::uint64_t number);

  /// For snapshot readers: an entry that is committed but may not be in the table yet.
  [[nodiscard]] std::optional<std::uint64_t> find_committed(const KeyDigest& digest) const;
  /// The table alone.
  static Result<std::optional<std::uint64_t>> find_stored(store::Session& session, const KeyDigest& digest);

 private:
  using Map = std::unordered_map<KeyDigest, std::uint64_t, KeyDigest::Hasher>;
  using Entries = std::vector<std::pair<KeyDigest, std::uint64_t>>;
  struct Bucket {
    Entries entries;
    std::uint64_t through = 0;  // its entries of records up to this one are in the table
  };

  [[nodiscard]] std::size_t bucket_of(const KeyDigest& digest) const;
  void wait(const KeyDigest& digest, std::uint64_t number);
  void flush_buckets(store::Session& session);
  void tell_what_waits();
  [[nodiscard]] bool surely_new(const KeyDigest& digest) const;

  std::size_t defer_;
  int bucket_bits_;
  KnownKeys* known_ = nullptr;
  Map batch_;    // this batch's entries
  Map fetched_;  // found in the table by prefetch; number 0 says that there is none
  std::vector<KeyDigest> wanted_;

  mutable std::shared_mutex mutex_;  // guards waiting_ against readers
  std::vector<Bucket> waiting_;      // committed, and not in the table yet
  std::size_t waiting_count_ = 0;
  std::size_t next_ = 0;               // the bucket that is written next
  std::size_t flushing_ = 0;           // so many buckets from there on are written by the batch that is open
  std::uint64_t last_number_ = 0;      // the last record whose entries are in waiting_
  std::uint64_t through_ = 0;          // as of the last commit
  std::uint64_t flushed_through_ = 0;  // as the open batch will leave it
  std::uint64_t batch_last_number_ = 0;
};

}  // namespace jangbu::engine
