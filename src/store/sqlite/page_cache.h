// SQLite's own page cache, without a walk over all its pages at the commits that have nothing to remove from
// it.
//
// Format: sqlite3_pcache_methods2, https://www.sqlite.org/c3ref/pcache_methods2.html
#pragma once

namespace jangbu::store::sqlite {

/// A commit has the cache remove the pages beyond the end of the database. SQLite's own cache does nothing
/// then, unless its highest page ever was beyond it; and to put the siblings of a B-tree in order, SQLite
/// gives one of them for a moment the number of the page that holds the file's byte 2^30. So while a database
/// is smaller than 1 GiB, each commit that split a page looks at every cached page: 5 % of the writer's time.
/// This remembers that the page was given its own number again, and passes everything on to SQLite's cache.
///
/// To be called once, before SQLite is used for anything else.
void spare_page_cache_walks();

/// A bound of the page numbers in a cache: no page has a higher one. Numbers begin with 1.
class HighestPage {
 public:
  void fetched(unsigned number);
  void renumbered(unsigned from, unsigned to);
  /// All from `limit` on are gone.
  void truncated(unsigned limit);
  [[nodiscard]] bool may_reach(unsigned limit) const { return parked_ != 0 || limit <= highest_; }

 private:
  unsigned highest_ = 0;  // of all but the parked one
  unsigned parked_ =
      0;  // higher than any other when a page was given it, and not taken from it again; 0: none
};

}  // namespace jangbu::store::sqlite
