// What is said outside: an event names a template, its version and what fills it, and the words are found
// when it is sent. So a word that changes changes no book.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace jangbu::delivery {

/// Longest field, body, text or HTML.
inline constexpr std::size_t max_content_bytes = 256 * 1024;
/// A rendered text is UTF-8 and at most so long. Error: invalid_parameters.
Status check_content(std::string_view what, std::string_view content);

/// What fills a template, by name.
using Fields = std::map<std::string, std::string, std::less<>>;
/// The field, or an empty text.
std::string_view field(const Fields& fields, std::string_view name);

/// A template and what fills it, as it stands in an event. What a version is filled with never changes; its
/// words may.
struct Content {
  std::string name;  // "hub.invitation": the folder, a point, the event
  std::uint32_t version = 1;
  Fields fields;

  friend bool operator==(const Content&, const Content&) = default;
};

/// What comes out. A webhook's body and a message are `text`; a mail has all three, `html` may be empty.
struct Rendered {
  std::string subject;
  std::string text;
  std::string html;

  friend bool operator==(const Rendered&, const Rendered&) = default;
};

/// What stands in a rendered text for a link that must not rest in a record.
inline constexpr std::string_view secret_placeholder = "{{secret}}";
/// The text with `secret` in the place of every placeholder.
std::string with_secret(std::string text, std::string_view secret);

/// A text that stands as it is: template "plain", version 1.
Content plain(std::string text);
Content plain(std::string subject, std::string text, std::string html);

/// Error: invalid_parameters: a name that is none (1 to 64 of a-z, 0-9, ".", "_", "-"), version 0, more than
/// 64 fields, a field's text that is longer than max_content_bytes or no UTF-8.
Status check(const Content& content);

/// The templates that this program knows. Doors put in theirs. Thread-safe.
class Templates {
 public:
  /// Must not block; throws nothing.
  using Render = std::function<Rendered(const Fields& fields)>;

  /// Knows "plain".
  Templates();
  /// INVARIANT: there is none yet of that name and version.
  void add(std::string name, std::uint32_t version, Render render);
  /// Error: not_found: an event of a newer program, or of one that is gone.
  [[nodiscard]] Result<Rendered> render(const Content& content) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::uint32_t>, Render> renders_;
};

}  // namespace jangbu::delivery
