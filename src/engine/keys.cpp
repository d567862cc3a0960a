#include "engine/keys.h"

#include <algorithm>

#include "crypto/digest.h"
#include "engine/known_keys.h"
#include "engine/store_failure.h"

namespace jangbu::engine {
namespace {

const store::Sql find_key_sql{"SELECT number FROM engine_keys WHERE digest = $1"};
const store::Sql insert_key_sql{
    "INSERT INTO engine_keys (digest, number) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING"};

Status insert(store::Session& session, const KeyDigest& digest, std::uint64_t number) {
  return session.execute(insert_key_sql, {store::Value::blob(digest.view()), store::Value::number(number)});
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

std::optional<std::uint64_t> Keys::find_committed(const KeyDigest& digest) const {
  const std::shared_lock lock(mutex_);
  if (const auto it = waiting_.find(digest); it != waiting_.end()) return it->second;
  if (const auto it = frozen_map_.find(digest); it != frozen_map_.end()) return it->second;
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

void Keys::freeze() {
  const std::unique_lock lock(mutex_);
  frozen_map_ = std::move(waiting_);
  waiting_ = {};
  frozen_.assign(frozen_map_.begin(), frozen_map_.end());
  std::sort(frozen_.begin(), frozen_.end());
  frozen_done_ = 0;
  frozen_through_ = last_number_;
}

void Keys::flush(store::Session& session, std::uint64_t last_number) {
  batch_last_number_ = last_number;
  flushed_through_ = through_;
  if (defer_ == 0) {
    std::vector<std::pair<KeyDigest, std::uint64_t>> entries(batch_.begin(), batch_.end());
    std::sort(entries.begin(), entries.end());
    for (const auto& [digest, number] : entries) throw_if_failed(insert(session, digest, number));
    flushed_through_ = last_number;
    return;
  }
  if (frozen_.empty() && waiting_.size() >= defer_) freeze();
  // Twice the batch's own entries keeps the frozen part shrinking faster than the next one grows.
  const std::size_t share = std::max<std::size_t>(batch_.size() * 2, 16);
  const std::size_t end = std::min(frozen_.size(), frozen_done_ + share);
  for (std::size_t i = frozen_done_; i < end; ++i)
    throw_if_failed(insert(session, frozen_[i].first, frozen_[i].second));
  frozen_flushing_ = end;
  if (!frozen_.empty() && end == frozen_.size()) flushed_through_ = frozen_through_;
}

void Keys::flush_all(store::Session& session) {
  INVARIANT(batch_.empty(), "no batch is open");
  std::vector<std::pair<KeyDigest, std::uint64_t>> entries(
      frozen_.begin() + static_cast<std::ptrdiff_t>(frozen_done_), frozen_.end());
  entries.insert(entries.end(), waiting_.begin(), waiting_.end());
  std::sort(entries.begin(), entries.end());
  for (const auto& [digest, number] : entries) throw_if_failed(insert(session, digest, number));
  flushed_through_ = known_through();
}

void Keys::committed_all() {
  const std::unique_lock lock(mutex_);
  waiting_ = {};
  frozen_map_ = {};
  frozen_.clear();
  frozen_done_ = frozen_flushing_ = 0;
  through_ = flushed_through_;
}

void Keys::committed() {
  if (defer_ != 0) {
    const std::unique_lock lock(mutex_);
    waiting_.insert(batch_.begin(), batch_.end());
    last_number_ = batch_last_number_;
    frozen_done_ = frozen_flushing_;
    if (!frozen_.empty() && frozen_done_ == frozen_.size()) {
      frozen_.clear();
      frozen_map_ = {};
      frozen_done_ = frozen_flushing_ = 0;
    }
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
  for (const auto& [digest, number] : waiting_) known_->add(digest);
  for (const auto& [digest, number] : frozen_map_) known_->add(digest);
}

void Keys::discard() {
  // What waits is committed and stays; only the open batch goes.
  batch_.clear();
  fetched_.clear();
  wanted_.clear();
  frozen_flushing_ = frozen_done_;
  flushed_through_ = through_;
}

void Keys::recover(const KeyDigest& digest, std::uint64_t number) {
  const std::unique_lock lock(mutex_);
  waiting_.emplace(digest, number);
  last_number_ = std::max(last_number_, number);
  if (known_ != nullptr) known_->add(digest);
}

}  // namespace jangbu::engine
