// An answer as the bytes of HTTP/1.1.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/message.h"

namespace jangbu::http {

std::string_view reason_phrase(int status);

/// Whether this is a token of RFC 9110, as names of headers are.
bool is_token(std::string_view text);

/// False when the answer cannot be written as HTTP: a status outside 200..599, or a header whose name is not
/// a token or whose value holds a line break (so that no value taken from a request can start a header of its
/// own).
bool is_writable(const Response& response);

/// Answers of /api and /partner/api are for their reader alone: unless one says otherwise itself, no cache
/// may keep it and no browser may guess what it is.
void add_privacy(std::string_view path, Response& response);

struct AnswerForm {
  bool head_only = false;         // the answer to HEAD: the headers of the GET, without its body
  bool close = false;             // says `Connection: close`
  bool say_keep_alive = false;    // HTTP/1.0 clients have to be told
  bool strict_transport = false;  // browsers shall come to this host over TLS alone (RFC 6797)
};

/// Appends status line and headers with the empty line after them. Content-Length is set here.
void append_head(const Response& response, const AnswerForm& form, std::string& out);
/// Whether a body follows the head.
bool has_body(const Response& response, const AnswerForm& form);

}  // namespace jangbu::http
