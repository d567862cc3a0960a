// Affiliates from another network.
#pragma once

#include "cli/commands.h"

namespace jangbu::cli {

/// Adds `affiliates` to `jangbu import`.
void add_import_affiliates(CLI::App& import, Run& run);

}  // namespace jangbu::cli
