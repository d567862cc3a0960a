#include "engine/known_keys.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include <spdlog/spdlog.h>

namespace jangbu::engine {
namespace {

/// A larger filter would take more memory than looks into the table are worth: it only excludes less.
constexpr std::size_t most_entries = 1U << 26U;
/// Rows of one snapshot: a long one would keep the log from being put away.
constexpr std::int64_t page_rows = 20'000;
constexpr std::chrono::seconds pause_after_failure{1};
constexpr std::chrono::minutes patience{1};

constexpr unsigned bits_of_an_entry = 16;
constexpr unsigned bits_of_a_block = 512;
constexpr unsigned bits_set = 7;
constexpr unsigned bits_of_a_position = 9;  // 2^9 bits in a block

const store::Sql page_sql{"SELECT digest FROM engine_keys WHERE digest > $1 ORDER BY digest LIMIT $2"};

std::uint64_t half(const KeyDigest& digest, std::size_t at) {
  std::uint64_t value = 0;
  std::memcpy(&value, digest.bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

KeyFilter::KeyFilter(std::size_t entries)
    : entries_(std::max<std::size_t>(entries, 1)),
      blocks_(entries_ * bits_of_an_entry / bits_of_a_block + 1),
      words_(blocks_ * words_of_a_block) {}

std::size_t KeyFilter::block_of(const KeyDigest& digest) const noexcept {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>(Wide{half(digest, 0)} * blocks_ >> 64U);
}

void KeyFilter::add(const KeyDigest& digest) noexcept {
  std::atomic<std::uint64_t>* block = &words_[block_of(digest) * words_of_a_block];
  std::uint64_t positions = half(digest, 8);
  for (unsigned i = 0; i < bits_set; ++i, positions >>= bits_of_a_position) {
    const std::uint64_t bit = 1ULL << (positions & 63U);
    block[positions >> 6U & 7U].fetch_or(bit, std::memory_order_relaxed);
  }
}

bool KeyFilter::may_hold(const KeyDigest& digest) const noexcept {
  const std::atomic<std::uint64_t>* block = &words_[block_of(digest) * words_of_a_block];
  std::uint64_t positions = half(digest, 8);
  for (unsigned i = 0; i < bits_set; ++i, positions >>= bits_of_a_position) {
    const std::uint64_t bit = 1ULL << (positions & 63U);
    if ((block[positions >> 6U & 7U].load(std::memory_order_relaxed) & bit) == 0) return false;
  }
  return true;
}

KnownKeys::KnownKeys(store::Database& database, std::size_t least) : database_(database), least_(least) {}

KnownKeys::~KnownKeys() { rest(); }

void KnownKeys::rest() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = false;
  }
  current_.reset();
  next_.reset();
}

void KnownKeys::learn(std::uint64_t expected) {
  rest();
  const std::size_t entries =
      std::clamp<std::size_t>(static_cast<std::size_t>(expected) * 2, least_, most_entries);
  if (expected != 0) {
    begin(entries, expected);
    return;
  }
  current_ = std::make_unique<Learned>(entries, 0);
}

/// false: there is no memory or no thread for it. Everything is looked up then, as without a filter.
bool KnownKeys::begin(std::size_t entries, std::uint64_t expected) {
  try {
    next_ = std::make_unique<Learned>(entries, expected);
    thread_ = std::thread([this, into = next_.get()] { read_table(*into); });
    return true;
  } catch (const std::exception& failure) {
    spdlog::warn("the key index has no filter: {}", failure.what());
    next_.reset();
    return false;
  }
}

void KnownKeys::add(const KeyDigest& digest) {
  for (Learned* one : {current_.get(), next_.get()}) {
    if (one == nullptr) continue;
    one->filter.add(digest);
    ++one->held;
  }
}

void KnownKeys::follow() {
  if (!next_ || !next_->whole.load(std::memory_order_acquire)) return;
  thread_.join();
  current_ = std::move(next_);
}

bool KnownKeys::grow() {
  follow();
  if (!current_ || next_) return false;
  const std::size_t entries = current_->filter.entries();
  if (current_->held <= entries || entries >= most_entries) return false;
  return begin(std::min(entries * 2, most_entries), current_->held);
}

bool KnownKeys::excludes(const KeyDigest& digest) {
  follow();
  return current_ && !current_->filter.may_hold(digest);
}

bool KnownKeys::wait_until_learned() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience,
                           [&] { return !next_ || next_->whole.load(std::memory_order_acquire); });
}

/// What is put while this reads goes into the filter by add(): so each page may be of a moment of its own.
void KnownKeys::read_table(Learned& into) {
  KeyDigest after;
  // No key has the digest of zeros but by a chance of one in 2^128; it would be looked up for ever.
  into.filter.add(after);
  bool ended = false;
  while (!ended) {
    if (!read_page(into, after, ended) && !pause()) return;
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
  }
  {
    const std::lock_guard lock(mutex_);
    into.whole.store(true, std::memory_order_release);
  }
  changed_.notify_all();
}

bool KnownKeys::read_page(Learned& into, KeyDigest& after, bool& ended) {
  auto session = database_.open_reader();
  Status read = session ? Status() : Status(session.error());
  std::int64_t rows = 0;
  if (read) {
    read = (*session)->query(page_sql, {store::Value::blob(after.view()), store::Value::integer(page_rows)},
                             [&](const store::Row& row) {
                               const ByteView bytes = row.bytes(0);
                               std::copy_n(bytes.begin(), std::min(bytes.size(), after.bytes.size()),
                                           after.bytes.begin());
                               into.filter.add(after);
                               ++rows;
                               return true;
                             });
  }
  if (!read) {
    spdlog::warn("the key index cannot be read for its filter: {}", to_string(read.error()));
    return false;
  }
  ended = rows < page_rows;
  return true;
}

/// Before another try; false: it is time to stop.
bool KnownKeys::pause() {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, pause_after_failure, [&] { return stopping_; });
}

}  // namespace jangbu::engine
