// The affiliate door's side of the operator's desk.
#pragma once

#include <memory>

#include "door/desk.h"

namespace jangbu::affiliate {

std::unique_ptr<door::Desk> make_desk();

}  // namespace jangbu::affiliate
