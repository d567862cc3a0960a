// One PostgreSQL connection in libpq's pipeline mode. libpq-fe.h stays in the .cpp files of this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "store/database.h"

struct pg_conn;
struct pg_result;

namespace jangbu::store::postgres {

struct ResultDeleter {
  void operator()(pg_result* result) const;
};
using ResultPtr = std::unique_ptr<pg_result, ResultDeleter>;

/// Calls `on_row` for the rows of a result until it returns false.
void for_each_row(const pg_result& result, const RowHandler& on_row);

/// What came back for everything that was queued up to a sync.
struct Answers {
  /// The results of the commands that were queued with Answer::keep, in order; incomplete when there is an
  /// error.
  std::vector<ResultPtr> kept;
  /// The first error. The server has skipped every command behind the one that failed.
  std::optional<Error> error;
  /// The number of commands that succeeded before the first error.
  std::size_t succeeded = 0;
  /// The connection is lost, and no word of the server's told why the first unanswered command failed: it and
  /// those behind it may have run.
  bool silent_loss = false;
};

enum class Answer : std::uint8_t { ignore, keep };

/// How long to wait for the server once nothing more arrives.
enum class Patience : std::uint8_t {
  bounded,    // somewhat longer than the server's own limit for a statement
  unbounded,  // as long as the connection lives (its keepalives notice when it does not)
};

/// Not thread-safe. Once lost() every send is ignored and every sync() reports database_unavailable.
class Connection {
 public:
  /// `connection` is libpq's URL or keyword string. Error: database_unavailable.
  static Result<std::unique_ptr<Connection>> open(const std::string& connection);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Queues a statement, and its preparation when this connection has not prepared it yet. Copies the values.
  /// Error: database_error when the text is not portable SQL; nothing is queued then.
  Status send(const Sql& sql, std::span<const Value> parameters, Answer answer);
  Status send_text(std::string_view sql, std::span<const Value> parameters, Answer answer);
  /// Ends the pipeline and reads all answers.
  Answers sync(Patience patience);
  /// Commands that the next sync() will answer, preparations among them.
  [[nodiscard]] std::size_t queued_count() const { return pending_.size(); }

  /// Runs one or more statements with nothing else queued.
  Status run_script(const std::string& sql);

  [[nodiscard]] bool lost() const { return lost_.has_value(); }
  [[nodiscard]] const Error& loss() const { return *lost_; }

 private:
  struct Prepared {
    std::string name;
    std::vector<unsigned> types;
    bool sent = false;  // and not known to have failed
  };
  struct Pending {
    Prepared* prepares;  // set when this is the preparation of a statement
    Answer answer;
  };
  /// Parameters in the form that libpq takes; kept to spare allocations.
  struct Parameters {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    std::vector<std::uint64_t> integers;
    std::size_t bytes = 0;
    void set(std::span<const Value> parameters);
  };

  explicit Connection(pg_conn* connection) : connection_(connection) {}
  void lose(const std::string& why);
  void queued(Prepared* prepares, Answer answer, int sent, std::size_t bytes);
  bool flush(Patience patience);
  bool wait_for(short events, Patience patience);
  ResultPtr next_result(Patience patience);
  void read_command(const Pending& command, Answers& answers, Patience patience);
  void take(ResultPtr result, const Pending& command, Answers& answers);

  pg_conn* connection_;
  std::unordered_map<const Sql*, Prepared> prepared_;
  std::vector<Pending> pending_;
  Parameters parameters_;
  std::size_t unflushed_bytes_ = 0;
  std::optional<Error> lost_;
};

}  // namespace jangbu::store::postgres
