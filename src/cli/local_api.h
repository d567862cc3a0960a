// How the other commands talk to a server on this machine: through DIR/control.json, which only its owner can
// read.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace jangbu::cli {

struct Control {
  std::string base_url;
  std::string token;
  /// What its server's public key must be, as http::Certificate says it; empty where it speaks HTTP. Names
  /// and authorities are not asked: the file is the server's own word, and the address is this machine's.
  std::string pin;
};

/// Written by serve when it is ready and when its certificate is another, removed when it stops.
Status write_control(const std::string& directory, const Control& control);
void remove_control(const std::string& directory);
/// Error: not_found when no server runs on that directory.
Result<Control> read_control(const std::string& directory);

struct ApiAnswer {
  int status = 0;
  std::string body;
  std::string location;  // where a redirect leads

  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
};
/// One request to anywhere, as it is said: for a person at the command line. Redirects are not followed.
struct ApiCall {
  std::string method = "POST";
  std::string url;
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  std::string pin;       // of the server's public key; empty: the system's authorities are asked
  long timeout_s = 600;  // a clock that moves by a year has much to do
};
/// Error: io_error when there is no answer.
Result<ApiAnswer> send(const ApiCall& call);

/// The same over a connection that is kept from one request to the next. One thread at a time.
class ApiConnection {
 public:
  ApiConnection();
  ~ApiConnection();
  ApiConnection(const ApiConnection&) = delete;
  ApiConnection& operator=(const ApiConnection&) = delete;
  Result<ApiAnswer> send(const ApiCall& call);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};
/// One request with the control token. Error: io_error when the server does not answer.
Result<ApiAnswer> call_api(const Control& control, const std::string& method, const std::string& path,
                           const std::string& body);

/// Reads the control file of `directory`, calls, prints the answer's body on stdout, or the error on stderr.
/// The exit status.
int call_and_print(const std::string& directory, const std::string& method, const std::string& path,
                   const std::string& body);

}  // namespace jangbu::cli
