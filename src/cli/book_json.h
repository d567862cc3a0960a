// What commands say of a whole book, for machines.
#pragma once

#include <cstdint>

#include "engine/checkpoints.h"

namespace jangbu::cli {

/// {"records":15,"epoch":1,"head":"0x...","checkpoint":"15:0x..."} on standard output.
void print_book(std::uint64_t records, std::uint64_t epoch, const engine::Checkpoint& head);

}  // namespace jangbu::cli
