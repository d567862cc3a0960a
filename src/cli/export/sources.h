// What can be exported: rows read page by page from a book, on a session that only reads.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "cli/export/rows.h"
#include "store/database.h"

namespace jangbu::cli {

/// Takes one row.
using PutRow = std::function<Status(std::span<const Cell>)>;

/// A list of the book in the order of its numbers. Each page is a moment of its own, so that a server that
/// writes meanwhile is never held up.
class ExportSource {
 public:
  virtual ~ExportSource() = default;
  [[nodiscard]] virtual std::span<const std::string_view> columns() const = 0;
  /// The number of the last one that there is now; 0: none. Nothing that comes later is exported.
  virtual Result<std::uint64_t> last(store::Session& session) = 0;
  /// Puts those after `after` and up to `last`, at most a page of them. How far it came: `last` at the end.
  virtual Result<std::uint64_t> page(store::Session& session, std::uint64_t after, std::uint64_t last,
                                     const PutRow& put) = 0;
};

struct ExportList {
  const char* name;
  const char* what;
  std::unique_ptr<ExportSource> (*open)();
};
/// In the order of help.
std::span<const ExportList> export_lists();

// Made of records: entries of the ledger, and the transactions of the purchase door.
std::unique_ptr<ExportSource> export_entries();
std::unique_ptr<ExportSource> export_purchases();
// A table of the affiliate door.
std::unique_ptr<ExportSource> export_conversions();

}  // namespace jangbu::cli
