#include "store/sqlite/page_cache.h"

#include <algorithm>
#include <new>

#include <sqlite3.h>

namespace jangbu::store::sqlite {
namespace {

/// SQLite's own; set before the first cache is made.
sqlite3_pcache_methods2 own;

struct SparingCache {
  sqlite3_pcache* pages;
  HighestPage highest;
};

SparingCache& sparing(sqlite3_pcache* cache) { return *reinterpret_cast<SparingCache*>(cache); }

int init(void*) { return own.xInit(own.pArg); }
void shut_down(void*) { own.xShutdown(own.pArg); }

sqlite3_pcache* create(int page_bytes, int extra_bytes, int purgeable) {
  auto* cache = new (std::nothrow) SparingCache{own.xCreate(page_bytes, extra_bytes, purgeable), {}};
  if (cache == nullptr || cache->pages != nullptr) return reinterpret_cast<sqlite3_pcache*>(cache);
  delete cache;
  return nullptr;
}

void destroy(sqlite3_pcache* cache) {
  own.xDestroy(sparing(cache).pages);
  delete &sparing(cache);
}

void set_size(sqlite3_pcache* cache, int pages) { own.xCachesize(sparing(cache).pages, pages); }
int page_count(sqlite3_pcache* cache) { return own.xPagecount(sparing(cache).pages); }
void shrink(sqlite3_pcache* cache) { own.xShrink(sparing(cache).pages); }

sqlite3_pcache_page* fetch(sqlite3_pcache* cache, unsigned number, int create_flag) {
  if (create_flag != 0) sparing(cache).highest.fetched(number);
  return own.xFetch(sparing(cache).pages, number, create_flag);
}

void unpin(sqlite3_pcache* cache, sqlite3_pcache_page* page, int discard) {
  own.xUnpin(sparing(cache).pages, page, discard);
}

void renumber(sqlite3_pcache* cache, sqlite3_pcache_page* page, unsigned from, unsigned to) {
  sparing(cache).highest.renumbered(from, to);
  own.xRekey(sparing(cache).pages, page, from, to);
}

void truncate(sqlite3_pcache* cache, unsigned limit) {
  if (!sparing(cache).highest.may_reach(limit)) return;
  own.xTruncate(sparing(cache).pages, limit);
  sparing(cache).highest.truncated(limit);
}

constexpr sqlite3_pcache_methods2 methods = {1,        nullptr,    init,  shut_down, create,
                                             set_size, page_count, fetch, unpin,     renumber,
                                             truncate, destroy,    shrink};

}  // namespace

void spare_page_cache_walks() {
  if (sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &own) == SQLITE_OK)
    sqlite3_config(SQLITE_CONFIG_PCACHE2, &methods);
}

void HighestPage::fetched(unsigned number) { highest_ = std::max(highest_, number); }

void HighestPage::renumbered(unsigned from, unsigned to) {
  if (from == parked_) parked_ = 0;
  if (to <= highest_) return;
  // One can be parked; a second one counts like any other.
  (parked_ == 0 ? parked_ : highest_) = to;
}

void HighestPage::truncated(unsigned limit) {
  highest_ = std::min(highest_, limit == 0 ? 0 : limit - 1);
  if (parked_ >= limit) parked_ = 0;
}

}  // namespace jangbu::store::sqlite
