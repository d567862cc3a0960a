#include "store/test_database.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace jangbu::store::test {

TemporaryDirectory::TemporaryDirectory() : path_(testing::TempDir() + "jangbu-store-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory: " + path_);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

bool TestDatabase::open(const std::string& kind) {
  if (kind != "sqlite") return false;
  SqliteOptions options;
  options.directory = directory_.path() + "/data";
  database_ = must(open_sqlite(options));
  return true;
}

void must_commit(Session& session) {
  const CommitResult result = session.commit();
  if (result.outcome != CommitOutcome::committed) throw std::runtime_error(to_string(*result.error));
}

std::int64_t integer_of(Session& session, const Sql& sql, std::initializer_list<Value> parameters) {
  std::optional<std::int64_t> found;
  must(session.query(sql, parameters, [&](const Row& row) {
    found = row.integer(0);
    return false;
  }));
  if (!found) throw std::runtime_error("the query found no row");
  return *found;
}

}  // namespace jangbu::store::test
