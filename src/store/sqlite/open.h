// open_sqlite() with what only tests and measurements set.
#pragma once

#include "store/database.h"
#include "store/sqlite/checkpoint.h"

namespace jangbu::store::sqlite {

Result<std::unique_ptr<Database>> open_with_policy(const SqliteOptions& options, CheckpointPolicy policy);

}  // namespace jangbu::store::sqlite
