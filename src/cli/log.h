// How the program's log looks: lines for people, or JSON for machines, on standard error.
#pragma once

#include <string>

#include "base/result.h"

namespace jangbu::cli {

/// `format`: "text" or "json"; `level`: "debug", "info", "warning", "error" or "critical". Error:
/// invalid_configuration for other words.
Status set_log(const std::string& format, const std::string& level);

}  // namespace jangbu::cli
