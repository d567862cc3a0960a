// What every folder says of its own records, for walks through the book and for exports.
#pragma once

#include <memory>
#include <vector>

#include "engine/peek_key.h"
#include "ledger/explain.h"

namespace jangbu::cli {

/// `peek`: Engine::peek_key where there is an engine, Keys::find_stored where there is none; a source that it
/// does not find is not told.
std::vector<std::unique_ptr<ledger::Explainer>> make_explainers(const engine::PeekKey& peek);

}  // namespace jangbu::cli
