#include "engine/verify.h"

#include <algorithm>
#include <compare>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "base/counted.h"
#include "engine/engine_records.h"
#include "engine/integrity.h"
#include "engine/proof.h"
#include "engine/rebuild.h"
#include "engine/schema.h"
#include "engine/stored_schema.h"

namespace jangbu::engine {
namespace {

using store::Value;

/// Records that are read, checked in parallel and applied at a time.
constexpr std::uint64_t records_at_once = 2048;
constexpr std::uint64_t rows_at_once = 4096;

Error not_verified(std::string what) { return Error(Errc::verification_failed, std::move(what)); }

/// Reads, checks and applies records from the one after `head` up to `last`.
class RecordPass {
 public:
  RecordPass(Projections& projections, ForkJoin& fork_join, Rebuild& rebuild, const VerifyProgress& progress,
             Checkpoints& checkpoints)
      : projections_(projections),
        fork_join_(fork_join),
        rebuild_(rebuild),
        progress_(progress),
        checkpoints_(checkpoints) {}

  Status run(store::Session& session, std::uint64_t last) {
    while (number_ < last) {
      RETURN_IF_ERROR(page(session, std::min(last, number_ + records_at_once)));
      progress_("records", number_, last);
    }
    return {};
  }
  [[nodiscard]] const Hash& hash() const { return hash_; }
  [[nodiscard]] std::uint64_t number() const { return number_; }

 private:
  Status page(store::Session& session, std::uint64_t last) {
    std::vector<Record> records;
    records.reserve(last - number_);
    std::uint64_t next = number_;
    Status read = each_stored_record(session, number_ + 1, last, [&](const Record& record) {
      records.push_back(record);
      return record.number == ++next;
    });
    if (!read && read.error().code == Errc::invalid_encoding)
      read = not_verified("engine_records: " + read.error().detail);
    // What was read in order is checked first, so that the first fault is the one that is named.
    RETURN_IF_ERROR(check_page(records));
    RETURN_IF_ERROR(read);
    if (number_ < last)
      return not_verified("engine_records: record " + std::to_string(number_ + 1) +
                          " is missing, engine_head says that there is one");
    return {};
  }

  Status check_page(const std::vector<Record>& records) {
    std::vector<Hash> body_hashes(records.size());
    std::vector<Status> checked(records.size());
    fork_join_.run(records.size(), [&](std::size_t i) {
      body_hashes[i] = body_hash(records[i].body());
      checked[i] = check_record(records[i], projections_);
    });
    for (std::size_t i = 0; i < records.size(); ++i) {
      const Record& record = records[i];
      if (record.number != number_ + 1)
        return not_verified("engine_records: record " + std::to_string(number_ + 1) + " is missing");
      if (chain_hash_of(hash_, record.number, body_hashes[i]) != record.hash)
        return not_verified("engine_records: record " + std::to_string(record.number) +
                            ": its hash does not follow from the record before and its body");
      if (!checked[i]) return not_verified("engine_records: " + checked[i].error().detail);
      RETURN_IF_ERROR(checkpoints_.check(record));
      RETURN_IF_ERROR(rebuild_.apply(record));
      hash_ = record.hash;
      number_ = record.number;
    }
    return {};
  }

  Projections& projections_;
  ForkJoin& fork_join_;
  Rebuild& rebuild_;
  const VerifyProgress& progress_;
  Checkpoints& checkpoints_;
  Hash hash_{};
  std::uint64_t number_ = 0;
};

struct Column {
  std::string name;
  bool is_bytes;
};

std::vector<Column> split_columns(std::string_view list) {
  std::vector<Column> columns;
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto name = list.substr(0, comma);
    name.remove_prefix(name.find_first_not_of(' '));
    const bool is_bytes = name.ends_with('*');
    if (is_bytes) name.remove_suffix(1);
    columns.push_back({std::string(name), is_bytes});
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return columns;
}

/// One value of a row; integers, texts and bytes in one type that orders as the databases do and prints.
struct Cell {
  bool is_null = false;
  bool is_blob = false;
  std::int64_t integer = 0;
  Bytes bytes;

  friend bool operator==(const Cell&, const Cell&) = default;
  friend auto operator<=>(const Cell&, const Cell&) = default;
};
using Cells = std::vector<Cell>;

std::string cell_text(const Cell& cell, bool is_bytes) {
  if (cell.is_null) return "null";
  if (!is_bytes) return std::to_string(cell.integer);
  return (cell.is_blob ? "0x" : "the text 0x") + to_hex(cell.bytes);
}

Value value_of(const Cell& cell, bool is_bytes) {
  if (cell.is_null) return Value::null();
  if (!is_bytes) return Value::integer(cell.integer);
  return cell.is_blob ? Value::blob(cell.bytes) : Value::text(cell.bytes);
}

/// Whether SQLite keeps the key of a table in an index and the rows elsewhere.
Result<bool> has_key_index(store::Session& session, store::Engine engine, std::string_view table) {
  static const store::Sql sql{
      "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = $1 AND sql IS NULL"};
  bool found = false;
  if (engine != store::Engine::sqlite) return found;
  RETURN_IF_ERROR(session.query(sql, {Value::text(table)}, [&](const store::Row& row) {
    found = row.integer(0) != 0;
    return false;
  }));
  return found;
}

/// Streams one table in the order of its key, a page at a time. The key is the first columns of the
/// specification. What is read are the table's own bytes: SQLite, left alone, takes the columns of a key from
/// the index by which it orders, and a table that differs from its index would look right.
class TableStream {
 public:
  static Result<TableStream> open(store::Session& session, store::Engine engine, const TableSpec& spec) {
    ASSIGN_OR_RETURN(const bool by_place, has_key_index(session, engine, spec.name));
    return TableStream(session, spec, by_place);
  }

  /// The next row, or nothing at the end.
  Result<std::optional<Cells>> next() {
    if (position_ == rows_.size() && !at_end_) RETURN_IF_ERROR(fetch());
    if (position_ == rows_.size()) return std::optional<Cells>();
    return std::optional(rows_[position_++]);
  }
  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
  [[nodiscard]] std::size_t key_size() const { return key_size_; }

 private:
  /// `by_place`: the index says only where the rows are.
  TableStream(store::Session& session, const TableSpec& spec, bool by_place)
      : session_(&session),
        table_(spec.name),
        columns_(split_columns(spec.columns)),
        key_size_(spec.key_columns) {
    std::string all;
    std::string key;
    std::string places;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      all += (i == 0 ? "" : ", ") + columns_[i].name;
      if (i >= key_size_) continue;
      key += (i == 0 ? "" : ", ") + columns_[i].name;
      places += (i == 0 ? "$" : ", $") + std::to_string(i + 1);
    }
    const std::string own_rows = table_ + " {NOT_INDEXED}";
    const std::string head =
        "SELECT " + all + " FROM " + (by_place ? "(SELECT rowid AS row_place FROM " + table_ : own_rows);
    const std::string tail =
        " ORDER BY " + key + " LIMIT " + std::to_string(rows_at_once) +
        (by_place ? ") CROSS JOIN " + own_rows + " ON " + table_ + ".rowid = row_place" : "");
    first_sql_ = head + tail;
    next_sql_ = head + " WHERE (" + key + ") > (" + places + ")" + tail;
  }

  Status fetch() {
    const Cells last = rows_.empty() ? Cells() : std::move(rows_.back());
    rows_.clear();
    position_ = 0;
    std::vector<Value> parameters;
    for (std::size_t i = 0; i < key_size_ && !last.empty(); ++i)
      parameters.push_back(value_of(last[i], columns_[i].is_bytes));
    Status readable;
    RETURN_IF_ERROR(
        session_->query_text(last.empty() ? first_sql_ : next_sql_, parameters, [&](const store::Row& row) {
          Cells cells(columns_.size());
          for (std::size_t i = 0; i < cells.size(); ++i) {
            const int column = static_cast<int>(i);
            cells[i].is_null = row.is_null(column);
            if (cells[i].is_null) continue;
            try {
              if (columns_[i].is_bytes) {
                cells[i].is_blob = row.is_blob(column);
                cells[i].bytes = Bytes(row.bytes(column));
              } else {
                cells[i].integer = row.integer(column);
              }
            } catch (const InvariantViolation&) {
              readable = not_verified(table_ + ": a value of " + columns_[i].name + " is of another type");
              return false;
            }
          }
          rows_.push_back(std::move(cells));
          return true;
        }));
    at_end_ = rows_.size() < rows_at_once;
    return readable;
  }

  store::Session* session_;
  std::string table_;
  std::vector<Column> columns_;
  std::size_t key_size_;
  std::string first_sql_;
  std::string next_sql_;
  std::vector<Cells> rows_;
  std::size_t position_ = 0;
  bool at_end_ = false;
};

std::string row_name(const TableStream& stream, const Cells& row) {
  std::string name;
  for (std::size_t i = 0; i < stream.key_size(); ++i)
    name += (i == 0 ? "" : ", ") + stream.columns()[i].name + " " +
            cell_text(row[i], stream.columns()[i].is_bytes);
  return name;
}

std::strong_ordering compare_keys_of(const Cells& a, const Cells& b, std::size_t key_size) {
  for (std::size_t i = 0; i < key_size; ++i)
    if (const auto order = a[i] <=> b[i]; order != 0) return order;
  return std::strong_ordering::equal;
}

Status compare_table(store::Session& stored, store::Engine engine, store::Session& rebuilt,
                     const TableSpec& spec, std::uint64_t& rows) {
  ASSIGN_OR_RETURN(TableStream left, TableStream::open(stored, engine, spec));
  ASSIGN_OR_RETURN(TableStream right, TableStream::open(rebuilt, store::Engine::sqlite, spec));
  const std::string table(spec.name);
  while (true) {
    ASSIGN_OR_RETURN(const auto is, left.next());
    ASSIGN_OR_RETURN(const auto should, right.next());
    if (!is && !should) return {};
    const auto order = !is       ? std::strong_ordering::greater
                       : !should ? std::strong_ordering::less
                                 : compare_keys_of(*is, *should, left.key_size());
    if (order > 0) return not_verified(table + ": the row " + row_name(right, *should) + " is missing");
    if (order < 0) return not_verified(table + ": the row " + row_name(left, *is) + " comes from no record");
    ++rows;
    for (std::size_t i = 0; i < is->size(); ++i) {
      const Column& column = left.columns()[i];
      if ((*is)[i] != (*should)[i])
        return not_verified(table + ": row " + row_name(right, *should) + ": " + column.name + " is " +
                            cell_text((*is)[i], column.is_bytes) + ", the records say " +
                            cell_text((*should)[i], column.is_bytes));
    }
  }
}

/// Checks every row against the proof in its last column.
Status check_proofs(store::Session& stored, store::Engine engine, const TableSpec& spec,
                    std::uint64_t& rows) {
  ASSIGN_OR_RETURN(TableStream stream, TableStream::open(stored, engine, spec));
  while (true) {
    ASSIGN_OR_RETURN(const auto row, stream.next());
    if (!row) return {};
    ++rows;
    std::vector<Value> values;
    bool are_typed = true;  // a proof does not tell a text from the same bytes
    for (std::size_t i = 0; i < row->size(); ++i) {
      const bool is_bytes = stream.columns()[i].is_bytes;
      are_typed = are_typed && (*row)[i].is_blob == is_bytes && !(*row)[i].is_null;
      if (i + 1 < row->size()) values.push_back(value_of((*row)[i], is_bytes));
    }
    if (!are_typed || row_proof(spec.name, values).view() != ByteView(row->back().bytes))
      return not_verified(std::string(spec.name) + ": the row " + row_name(stream, *row) + " was changed");
  }
}

/// The key index may lack entries that still wait in the writer's memory: those of records above
/// keys_through.
Status compare_keys(store::Session& stored, store::Session& rebuilt, std::uint64_t keys_through,
                    std::uint64_t& rows) {
  static const store::Sql first_sql{"SELECT digest, number FROM engine_keys ORDER BY digest LIMIT $1"};
  static const store::Sql next_sql{
      "SELECT digest, number FROM engine_keys WHERE digest > $1 ORDER BY digest LIMIT $2"};
  struct Stream {
    store::Session& session;
    std::vector<std::pair<Bytes, std::uint64_t>> page;
    std::size_t position = 0;
    Bytes last;
    bool at_end = false;

    Result<const std::pair<Bytes, std::uint64_t>*> peek() {
      if (position == page.size() && !at_end) RETURN_IF_ERROR(fetch());
      return position == page.size() ? nullptr : &page[position];
    }
    Status fetch() {
      page.clear();
      position = 0;
      bool are_typed = true;
      const auto take = [&](const store::Row& row) {
        are_typed = row.is_blob(0);
        if (are_typed) page.emplace_back(Bytes(row.bytes(0)), row.number(1));
        return are_typed;
      };
      const Value limit = Value::number(rows_at_once);
      try {
        RETURN_IF_ERROR(last.empty() ? session.query(first_sql, {limit}, take)
                                     : session.query(next_sql, {Value::blob(last), limit}, take));
      } catch (const InvariantViolation&) {
        are_typed = false;
      }
      if (!are_typed) return not_verified("engine_keys: a value is of another type");
      at_end = page.size() < rows_at_once;
      if (!page.empty()) last = page.back().first;
      return {};
    }
  };
  Stream left{stored, {}, 0, {}, false};
  Stream right{rebuilt, {}, 0, {}, false};
  while (true) {
    ASSIGN_OR_RETURN(const auto* is, left.peek());
    ASSIGN_OR_RETURN(const auto* should, right.peek());
    if (is == nullptr && should == nullptr) return {};
    if (should == nullptr || (is != nullptr && is->first < should->first))
      return not_verified("engine_keys: the digest 0x" + to_hex(is->first) + " comes from no record");
    if (is == nullptr || should->first < is->first) {
      if (should->second <= keys_through)
        return not_verified("engine_keys: the digest 0x" + to_hex(should->first) + " of record " +
                            std::to_string(should->second) + " is missing");
      ++right.position;
      continue;
    }
    if (is->second != should->second)
      return not_verified("engine_keys: the digest 0x" + to_hex(is->first) + " leads to record " +
                          std::to_string(is->second) + ", the records say " + std::to_string(should->second));
    ++rows;
    ++left.position;
    ++right.position;
  }
}

Result<std::uint64_t> read_keys_through(store::Session& session) {
  static const store::Sql sql{"SELECT keys_through FROM engine_recovery WHERE id = 1"};
  std::uint64_t through = 0;
  RETURN_IF_ERROR(session.query(sql, {}, [&](const store::Row& row) {
    through = row.number(0);
    return false;
  }));
  return through;
}

Result<Head> stored_head(store::Session& session) {
  try {
    return load_head(session);
  } catch (const InvariantViolation&) {
    return not_verified("engine_head: a value is of another type");
  }
}

/// `integrity` is begun when it is known that the book is of this program's schema.
Result<Verified> verify_rows(store::Database& database, Projections& projections, ForkJoin& fork_join,
                             const VerifyProgress& progress, Checkpoints& checkpoints,
                             std::future<Status>& integrity) {
  const store::Engine engine = database.engine();
  ASSIGN_OR_RETURN(const auto session, database.open_reader());
  ASSIGN_OR_RETURN(const auto scratch, store::open_sqlite_in_memory());
  ASSIGN_OR_RETURN(const auto scratch_session, scratch->open_writer());
  ASSIGN_OR_RETURN(const auto earlier, database.open_reader());
  Rebuild rebuild(*scratch_session, projections, Records::left_out, Commits::now_and_then, earlier.get());
  RETURN_IF_ERROR(rebuild.begin());
  RETURN_IF_ERROR(check_schema_version(*session, *scratch_session));
  integrity = start_integrity_check(database, fork_join.has_helpers());
  RETURN_IF_ERROR(check_schema_objects(*session, engine, *scratch_session));
  RecordPass pass(projections, fork_join, rebuild, progress, checkpoints);

  // The bulk of the records without a snapshot that lasts: they never change. Then the rest and the tables as
  // of one moment.
  const auto first_head = stored_head(*session);
  if (!first_head && first_head.error().code == Errc::not_found)
    return not_verified("engine_head: there is no head in this database");
  ASSIGN_OR_RETURN(const Head early_head, first_head);
  RETURN_IF_ERROR(pass.run(*session, early_head.number));
  RETURN_IF_ERROR(session->begin_snapshot());
  ASSIGN_OR_RETURN(const Head head, stored_head(*session));
  RETURN_IF_ERROR(pass.run(*session, head.number));
  RETURN_IF_ERROR(checkpoints.finish(head.number));
  RETURN_IF_ERROR(rebuild.finish());
  if (pass.hash() != head.hash) return not_verified("engine_head: its hash is not that of the last record");

  static const store::Sql count_sql{"SELECT count(*), max(number) FROM engine_records"};
  Status tail;
  RETURN_IF_ERROR(session->query(count_sql, {}, [&](const store::Row& row) {
    if (row.number(0) != head.number)
      tail = not_verified("engine_records: it has " + counted(row.number(0), "record") + ", the head says " +
                          std::to_string(head.number));
    return false;
  }));
  RETURN_IF_ERROR(tail);

  Verified verified{head, head.number, 0};
  std::vector<TableSpec> specs(tables().begin(), tables().end());
  for (const auto& projection : projections)
    specs.insert(specs.end(), projection->tables().begin(), projection->tables().end());
  std::uint64_t compared = 0;
  for (const TableSpec& spec : specs) {
    RETURN_IF_ERROR(compare_table(*session, engine, *scratch_session, spec, verified.rows));
    progress("tables", ++compared, specs.size() + 1);
  }
  for (const TableSpec& spec : proven_tables())
    RETURN_IF_ERROR(check_proofs(*session, engine, spec, verified.rows));
  std::uint64_t keys_through = head.number;
  if (engine == store::Engine::sqlite) {
    ASSIGN_OR_RETURN(keys_through, read_keys_through(*session));
  }
  RETURN_IF_ERROR(compare_keys(*session, *scratch_session, keys_through, verified.rows));
  progress("tables", ++compared, specs.size() + 1);
  // Last, because a row that is wrong says more.
  RETURN_IF_ERROR(check_nothing_added(*session, engine, *scratch_session));
  session->end_snapshot();
  return verified;
}

Result<Verified> verify_caught(store::Database& database, Projections& projections, ForkJoin& fork_join,
                               const VerifyProgress& progress, Checkpoints& checkpoints,
                               std::future<Status>& integrity) {
  try {
    return verify_rows(database, projections, fork_join, progress, checkpoints, integrity);
  } catch (const InvariantViolation& violation) {
    // What is stored is not even of the form that the program writes.
    return not_verified(violation.what());
  } catch (const StoreFailure& failure) {
    return failure.error();
  }
}

}  // namespace

Result<Verified> verify(store::Database& database, Projections& projections, ForkJoin& fork_join,
                        const VerifyProgress& progress, Checkpoints checkpoints) {
  std::future<Status> integrity;
  auto verified = verify_caught(database, projections, fork_join, progress, checkpoints, integrity);
  // A row that is wrong says more than a page that is; an error of the database says less.
  if (!verified && (verified.error().code == Errc::verification_failed ||
                    verified.error().code == Errc::invalid_configuration))
    return verified;
  const Status sound = integrity.valid() ? integrity.get() : check_integrity(database);
  if (!sound && (verified || sound.error().code == Errc::verification_failed)) return sound.error();
  return verified;
}

}  // namespace jangbu::engine
