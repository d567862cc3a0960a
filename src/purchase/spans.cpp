#include "purchase/spans.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/bytes.h"
#include "engine/store_failure.h"

namespace jangbu::purchase {
namespace {

using store::Value;

constexpr std::size_t span_purchases = 256;
constexpr std::size_t spans_of_a_page = 5000;
constexpr std::size_t mark_bytes = 4;

const store::Sql write_span_sql{"INSERT INTO purchase_spans (first, last, marks) VALUES ($1, $2, $3)"};
const store::Sql last_span_sql{"SELECT last FROM purchase_spans ORDER BY first DESC LIMIT 1"};
const store::Sql spans_sql{
    "SELECT first, last, marks FROM purchase_spans WHERE first <= $1 ORDER BY first DESC LIMIT $2"};

enum class MarkKind : std::uint8_t { account = 1, shop = 2 };

Mark mark_of(MarkKind kind, HolderId holder, std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto add = [&](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3U; };
  add(static_cast<std::uint8_t>(kind));
  for (unsigned shift = 0; shift < 64; shift += 8) add(static_cast<std::uint8_t>(holder >> shift));
  for (const char c : text) add(static_cast<std::uint8_t>(to_lower(c)));
  return static_cast<Mark>(static_cast<std::uint32_t>(hash));
}

bool holds(ByteView marks, Mark mark) {
  ByteReader in(marks);
  while (in.ok() && !in.at_end())
    if (static_cast<Mark>(in.u32()) == mark) return true;
  return false;
}

}  // namespace

Mark account_mark(HolderId holder, std::string_view user_account) {
  return mark_of(MarkKind::account, holder, user_account);
}
Mark shop_mark(HolderId holder, std::string_view shop_id) { return mark_of(MarkKind::shop, holder, shop_id); }

void OpenSpan::add(std::uint64_t record, const Recorded& purchase) {
  if (purchases_ == 0) first_ = record;
  last_ = record;
  ++purchases_;
  marks_.push_back(account_mark(purchase.holder, purchase.tx.user_account));
  marks_.push_back(shop_mark(purchase.holder, purchase.tx.shop_id));
}

bool OpenSpan::full() const { return purchases_ >= span_purchases; }

void OpenSpan::write(store::Session& session) const {
  INVARIANT(full(), "a span is written when it is full");
  std::vector<Mark> marks = marks_;
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  Bytes bytes;
  bytes.reserve(marks.size() * mark_bytes);
  ByteWriter out(bytes);
  for (const Mark mark : marks) out.u32(static_cast<std::uint32_t>(mark));
  engine::throw_if_failed(
      session.execute(write_span_sql, {Value::number(first_), Value::number(last_), Value::blob(bytes)}));
}

Result<std::uint64_t> end_of_spans(store::Session& session) {
  std::uint64_t last = 0;
  RETURN_IF_ERROR(session.query(last_span_sql, {}, [&](const store::Row& row) {
    last = row.number(0);
    return false;
  }));
  return last;
}

Result<std::uint64_t> SpanWalk::pass(store::Session& session, std::uint64_t run, std::uint64_t before) {
  if (run >= look_from_) return before;
  const std::uint64_t limit = spans_of_a_page - std::min(looked_, spans_of_a_page - 1);
  // Without any span the run is newer than all of them.
  look_from_ = 0;
  RETURN_IF_ERROR(
      session.query(spans_sql, {Value::number(run), Value::number(limit)}, [&](const store::Row& row) {
        const std::uint64_t first = row.number(0);
        const std::uint64_t last = row.number(1);
        ++looked_;
        if (last < run) {  // the run is in no span yet
          look_from_ = last + 1;
          return false;
        }
        look_from_ = first;
        if (holds(row.bytes(2), mark_)) {
          before = std::min(before, last + 1);
          return false;
        }
        before = first;
        return true;
      }));
  return before;
}

bool SpanWalk::tired() const { return looked_ >= spans_of_a_page; }

}  // namespace jangbu::purchase
