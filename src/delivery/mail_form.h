// How our mails look: one form for every door's.
#pragma once

#include <string>

#include "delivery/template.h"

namespace jangbu::delivery {

/// What a mail says, in plain text. Control characters in it become spaces, so that nobody's name adds a
/// line.
struct MailWords {
  bool korean = true;
  std::string subject;
  std::string greeting;
  std::string body;
  std::string action;  // what the link does: "Open the invoice"
  std::string link;    // a URL or secret_placeholder; empty: neither link nor action
  std::string note;    // small print; may be empty
};

/// As text and as HTML, with the link as a button and in full.
Rendered render_mail(const MailWords& words);

/// The text with spaces in the place of control characters.
std::string one_line(std::string_view text);

}  // namespace jangbu::delivery
