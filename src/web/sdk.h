// The browser SDK, as shops' pages load it from this server.
#pragma once

#include "http/router.h"

namespace jangbu::web {

/// GET /sdk/{file}: commerce.js, commerce.mjs, commerce.d.ts. Any page may load them. With `?v=` and the
/// SDK's version they may be kept for a year; else they are asked for again after ten minutes.
void add_sdk(http::Router& router);

}  // namespace jangbu::web
