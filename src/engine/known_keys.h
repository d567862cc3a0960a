// Which keys the key index surely does not hold, told without a look at its table.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/key_digest.h"
#include "store/database.h"

namespace jangbu::engine {

/// A Bloom filter whose bits for one digest share a line of the processor's cache (Putze, Sanders, Singler:
/// "Cache-, Hash- and Space-Efficient Bloom Filters", 2009). The digests are hashes already.
///
/// Thread-safe: any thread may add. A thread that asks sees what it added itself, and what another added
/// before it told so.
class KeyFilter {
 public:
  /// 16 bits for each of `entries`; with so many, one in a thousand that was never added seems to be there.
  explicit KeyFilter(std::size_t entries);

  void add(const KeyDigest& digest) noexcept;
  /// false: it was never added.
  [[nodiscard]] bool may_hold(const KeyDigest& digest) const noexcept;
  [[nodiscard]] std::size_t entries() const { return entries_; }

 private:
  static constexpr std::size_t words_of_a_block = 8;

  [[nodiscard]] std::size_t block_of(const KeyDigest& digest) const noexcept;

  std::size_t entries_;
  std::size_t blocks_;
  std::vector<std::atomic<std::uint64_t>> words_;
};

/// The filter in front of the table of the key index: a new id is the rule, and its look into a table of
/// millions finds nothing. Every entry that is put goes in at once; those that the table has already are read
/// by a thread of its own, a page at a time, and until it is through nothing is excluded.
///
/// What is excluded wrongly would be recorded twice; what is not excluded costs one look. So an entry that
/// was put and then discarded stays in.
///
/// The writer thread calls everything.
class KnownKeys {
 public:
  /// The smallest filter is made for `least` entries.
  explicit KnownKeys(store::Database& database, std::size_t least = 1U << 20U);
  ~KnownKeys();
  KnownKeys(const KnownKeys&) = delete;
  KnownKeys& operator=(const KnownKeys&) = delete;

  /// Begins to learn, and forgets what it knew: with the right to write, before the first entry is added.
  /// `expected` entries at most are in the table; with 0 of them there is nothing to read.
  void learn(std::uint64_t expected);
  void add(const KeyDigest& digest);
  /// When the filter holds more than it was made for, begins to learn a larger one, which then follows it,
  /// and returns true: all that waits to be written to the table is to be added once more.
  bool grow();
  /// true: the table does not hold it.
  [[nodiscard]] bool excludes(const KeyDigest& digest);
  /// Reads no more, and excludes nothing, until it is to learn again.
  void rest();
  /// Waits until the table has been read, for tests; false after a minute.
  [[nodiscard]] bool wait_until_learned();

 private:
  struct Learned {
    Learned(std::size_t entries, std::uint64_t expected) : filter(entries), held(expected) {}
    KeyFilter filter;
    std::uint64_t held;              // at most; for the writer thread
    std::atomic<bool> whole{false};  // every entry of the table is in
  };

  bool begin(std::size_t entries, std::uint64_t expected);
  /// The next filter takes the place of the current one when it is whole.
  void follow();
  void read_table(Learned& into);
  bool read_page(Learned& into, KeyDigest& after, bool& ended);
  bool pause();

  store::Database& database_;
  const std::size_t least_;
  std::unique_ptr<Learned> current_;  // whole
  std::unique_ptr<Learned> next_;     // being learned
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // guarded by mutex_
};

}  // namespace jangbu::engine
