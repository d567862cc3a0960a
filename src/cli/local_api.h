// How the other commands talk to a server on this machine: through DIR/control.json, which only its owner can
// read.
#pragma once

#include <string>

#include "base/result.h"

namespace jangbu::cli {

struct Control {
  std::string base_url;
  std::string token;
};

/// Written by serve when it is ready, removed when it stops.
Status write_control(const std::string& directory, const Control& control);
void remove_control(const std::string& directory);
/// Error: not_found when no server runs on that directory.
Result<Control> read_control(const std::string& directory);

struct ApiAnswer {
  int status = 0;
  std::string body;
};
/// One request with the control token. Error: io_error when the server does not answer.
Result<ApiAnswer> call_api(const Control& control, const std::string& method, const std::string& path,
                           const std::string& body);

/// Reads the control file of `directory`, calls, prints the answer's body on stdout, or the error on stderr.
/// The exit status.
int call_and_print(const std::string& directory, const std::string& method, const std::string& path,
                   const std::string& body);

}  // namespace jangbu::cli
