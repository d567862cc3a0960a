// A built file as an answer.
#pragma once

#include <span>
#include <string_view>

#include "http/message.h"
#include "web/embedded.h"

namespace jangbu::web {

const EmbeddedFile* find_file(std::span<const EmbeddedFile> files, std::string_view name);

/// The file, compressed for who takes that. Its Vary must name Accept-Encoding.
http::Response file_response(const EmbeddedFile& file, const http::Request& request);

/// The same for a file that clients keep: with its ETag, and 304 for who has it.
http::Response kept_file_response(const EmbeddedFile& file, const http::Request& request,
                                  std::string_view cache_control);

}  // namespace jangbu::web
