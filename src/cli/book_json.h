// What commands say of a whole book, for machines.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace jangbu::cli {

/// {"records":15,"epoch":1,"head":"0x..."} on standard output.
void print_book(std::uint64_t records, std::uint64_t epoch, const Hash& head);

}  // namespace jangbu::cli
