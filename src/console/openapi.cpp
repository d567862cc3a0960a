#include "console/system_routes.h"

// The file goes into the program as it stands; CMake rebuilds this object when it changes.
__asm__(
    ".section .rodata\n"
    ".global jangbu_openapi_begin\n"
    ".global jangbu_openapi_end\n"
    "jangbu_openapi_begin:\n"
    ".incbin \"" JANGBU_OPENAPI_PATH
    "\"\n"
    "jangbu_openapi_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" const char jangbu_openapi_begin[];
extern "C" const char jangbu_openapi_end[];

namespace jangbu::console {

std::string_view openapi_yaml() {
  return {jangbu_openapi_begin, static_cast<std::size_t>(jangbu_openapi_end - jangbu_openapi_begin)};
}

}  // namespace jangbu::console
