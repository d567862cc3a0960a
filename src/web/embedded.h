// The built pages, inside the program. web/build.mjs makes the definitions as the program is built.
#pragma once

#include <span>
#include <string_view>

namespace jangbu::web {

struct EmbeddedFile {
  std::string_view name;
  std::string_view content_type;
  std::string_view etag;  // strong, of the plain bytes, with its quotes
  std::string_view bytes;
  std::string_view gzip;  // the same bytes compressed, or empty where that saves nothing
};

/// What pages load. A name that carries a hash stands for these bytes for ever.
std::span<const EmbeddedFile> embedded_assets();
/// The pages, each in each language: "checkout.ko.html"; and "openapi.json".
std::span<const EmbeddedFile> embedded_pages();
/// The browser SDK: "commerce.js" (a classic script), "commerce.mjs", and their types, "commerce.d.ts".
std::span<const EmbeddedFile> embedded_sdk();
/// The SDK's own version: "1.0.0".
std::string_view sdk_version();

}  // namespace jangbu::web
