#include "store/test_database.h"

#include <cctype>
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

TestDatabase::~TestDatabase() {
  if (schema_.empty()) return;
  const Result<std::unique_ptr<WriterSession>> session = database_->open_writer();
  if (session) static_cast<void>(session.value()->run_script("DROP SCHEMA " + schema_ + " CASCADE"));
}

bool TestDatabase::open(const std::string& kind) {
  if (kind == "postgres") {
    const char* url = std::getenv("JANGBU_TEST_POSTGRES");
    if (url == nullptr || *url == '\0') return false;
    // Test programs run side by side on one server; the directory's name is nobody else's.
    std::string schema = "test_";
    for (const char c : directory_.path().substr(directory_.path().size() - 6)) {
      schema += std::isupper(static_cast<unsigned char>(c)) != 0
                    ? std::string("_") + static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                    : std::string(1, c);
    }
    PostgresOptions options;
    options.connection = url;
    options.schema = schema;
    database_ = must(open_postgres(options));
    schema_ = schema;
    return true;
  }
  if (kind == "memory") {
    database_ = must(open_sqlite_in_memory());
    return true;
  }
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
