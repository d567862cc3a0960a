#include "engine/keys.h"

#include <algorithm>
#include <bit>

#include "crypto/digest.h"
#include "engine/known_keys.h"
#include "engine/store_failure.h"

namespace jangbu::engine {
namespace {

const store::Sql find_key_sql{"SELECT number FROM engine_keys WHERE digest = $1"};
const store::Sql insert_key_sql{
    "INSERT INTO engine_keys (digest, number) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING"};

/// Half of what a bucket holds when its turn comes.
constexpr std::size_t entries_of_a_bucket = 8;
constexpr std::size_t most_buckets = 1U << 16U;
/// How often through() moves while all buckets are written once.
constexpr std::size_t hints_of_a_round = 16;

void insert_sorted(store::Session& session, std::vector<std::pair<KeyDigest, std::uint64_t>> entries) {
  std::sort(entries.begin(), entries.end());
  for (const auto& [digest, number] : entries)
    throw_if_failed(
        session.execute(insert_key_sql, {store::Value::blob(digest.view()), store::Value::number(number)}));
}

}  // namespace

KeyDigest key_digest(KeyScope scope, std::uint64_t owner, ByteView text) {
  Bytes input;
  input.reserve(text.size() + 10);
  ByteWriter writer(input);
  writer.u16(static_cast<std::uint16_t>(scope));
  writer.u64(owner);
  writer.raw(text);
  const Hash hash = crypto::sha256(input);
  KeyDigest digest;
  std::copy_n(hash.bytes.begin(), digest.bytes.size(), digest.bytes.begin());
  return digest;
}

Result<std::optional<std::uint64_t>> Keys::find_stored(store::Session& session, const KeyDigest& digest) {
  std::optional<std::uint64_t> found;
  RETURN_IF_ERROR(
      session.query(find_key_sql, {store::Value::blob(digest.view())}, [&](const store::Row& row) {
        found = row.number(0);
        return false;
      }));
  return found;
}

Keys::Keys(std::size_t defer)
    : defer_(defer),
      bucket_bits_(static_cast<int>(
          std::bit_width(std::clamp<std::size_t>(defer / entries_of_a_bucket, 1, most_buckets)) - 1)),
      waiting_(std::size_t{1} << bucket_bits_) {}

/// The order of the buckets is the order of the digests.
std::size_t Keys::bucket_of(const KeyDigest& digest) const {
  const unsigned front = (static_cast<unsigned>(digest.bytes[0]) << 8U) | digest.bytes[1];
  return front >> static_cast<unsigned>(16 - bucket_bits_);
}

void Keys::wait(const KeyDigest& digest, std::uint64_t number) {
  waiting_[bucket_of(digest)].entries.emplace_back(digest, number);
  ++waiting_count_;
}

void Keys::set_through(std::uint64_t number) {
  through_ = flushed_through_ = number;
  // What a bucket knows better stays true, whatever made the unit load again.
  for (Bucket& bucket : waiting_) bucket.through = std::max(bucket.through, number);
}

std::optional<std::uint64_t> Keys::find_committed(const KeyDigest& digest) const {
  const std::shared_lock lock(mutex_);
  for (const auto& [waiting, number] : waiting_[bucket_of(digest)].entries)
    if (waiting == digest) return number;
  return std::nullopt;
}

std::optional<std::uint64_t> Keys::find(store::Session& session, const KeyDigest& digest) {
  if (const auto it = batch_.find(digest); it != batch_.end()) return it->second;
  if (auto waiting = find_committed(digest)) return waiting;
  if (const auto it = fetched_.find(digest); it != fetched_.end())
    return it->second == 0 ? std::nullopt : std::optional(it->second);
  if (surely_new(digest)) return std::nullopt;
  return value_or_throw(find_stored(session, digest));
}

bool Keys::surely_new(const KeyDigest& digest) const { return known_ != nullptr && known_->excludes(digest); }

void Keys::prefetch(store::Session& session) {
  std::erase_if(wanted_, [&](const KeyDigest& digest) {
    const bool is_new = surely_new(digest);
    if (is_new) fetched_.emplace(digest, 0);
    return is_new;
  });
  if (wanted_.empty()) return;
  std::vector<std::vector<store::Value>> parameters;
  parameters.reserve(wanted_.size());
  for (const KeyDigest& digest : wanted_) parameters.push_back({store::Value::blob(digest.view())});
  for (const KeyDigest& digest : wanted_) fetched_.emplace(digest, 0);
  throw_if_failed(session.query_each(find_key_sql, parameters, [&](std::size_t i, const store::Row& row) {
    fetched_[wanted_[i]] = row.number(0);
  }));
  wanted_.clear();
}

void Keys::put(const KeyDigest& digest, std::uint64_t number) {
  const bool fresh = batch_.emplace(digest, number).second;
  INVARIANT(fresh, "a key was taken twice in one batch");
  if (known_ != nullptr) known_->add(digest);
}

void Keys::flush(store::Session& session, std::uint64_t last_number) {
  batch_last_number_ = last_number;
  flushed_through_ = through_;
  if (defer_ != 0) return flush_buckets(session);
  insert_sorted(session, {batch_.begin(), batch_.end()});
  flushed_through_ = last_number;
}

void Keys::flush_buckets(store::Session& session) {
  const std::size_t waiting = waiting_count_ + batch_.size();
  const std::size_t over = waiting > defer_ ? waiting - defer_ : 0;
  // After a restart more may wait than should: twice the batch's own entries brings that down again.
  const std::size_t share = std::min(over, std::max<std::size_t>(batch_.size() * 2, 16));
  std::size_t written = 0;
  for (flushing_ = 0; written < share && flushing_ < waiting_.size(); ++flushing_) {
    const Entries& entries = waiting_[(next_ + flushing_) % waiting_.size()].entries;
    insert_sorted(session, entries);
    written += entries.size();
  }
  // The bucket whose turn comes next is the one that was written longest ago. It is told now and then only,
  // since each time costs a row.
  const std::size_t end = next_ + flushing_;
  const std::size_t step = std::max<std::size_t>(waiting_.size() / hints_of_a_round, 1);
  if (end / step == next_ / step) return;
  flushed_through_ = std::max(
      through_, flushing_ == waiting_.size() ? last_number_ : waiting_[end % waiting_.size()].through);
}

void Keys::flush_all(store::Session& session) {
  INVARIANT(batch_.empty(), "no batch is open");
  for (const Bucket& bucket : waiting_) insert_sorted(session, bucket.entries);
  flushed_through_ = known_through();
}

void Keys::committed_all() {
  const std::unique_lock lock(mutex_);
  through_ = flushed_through_;
  for (Bucket& bucket : waiting_) bucket = {{}, through_};
  waiting_count_ = flushing_ = 0;
}

void Keys::committed() {
  if (defer_ != 0) {
    const std::unique_lock lock(mutex_);
    for (; flushing_ != 0; --flushing_) {
      Bucket& bucket = waiting_[next_];
      waiting_count_ -= bucket.entries.size();
      // After a restart a bucket may hold far more than it will again: such room is given back.
      if (bucket.entries.capacity() > entries_of_a_bucket * 8) bucket.entries = Entries();
      bucket.entries.clear();
      bucket.through = last_number_;
      next_ = (next_ + 1) % waiting_.size();
    }
    for (const auto& [digest, number] : batch_) wait(digest, number);
    last_number_ = batch_last_number_;
  }
  through_ = flushed_through_;
  batch_.clear();
  fetched_.clear();
  if (known_ != nullptr && known_->grow()) tell_what_waits();
}

void Keys::learn_table(std::uint64_t expected) {
  known_->learn(expected);
  tell_what_waits();
}

/// What waits comes to the table after a filter has read it.
void Keys::tell_what_waits() {
  for (const Bucket& bucket : waiting_)
    for (const auto& [digest, number] : bucket.entries) known_->add(digest);
}

void Keys::discard() {
  // What waits is committed and stays; only the open batch goes.
  batch_.clear();
  fetched_.clear();
  wanted_.clear();
  flushing_ = 0;
  batch_last_number_ = last_number_;
  flushed_through_ = through_;
}

void Keys::recover(const KeyDigest& digest, std::uint64_t number) {
  const std::unique_lock lock(mutex_);
  wait(digest, number);
  last_number_ = batch_last_number_ = std::max(last_number_, number);
  if (known_ != nullptr) known_->add(digest);
}

}  // namespace jangbu::engine
