#include "delivery/template.h"

#include <algorithm>

#include "base/invariant.h"
#include "delivery/utf8.h"

namespace jangbu::delivery {
namespace {

constexpr std::size_t max_name_bytes = 64;
constexpr std::size_t max_fields = 64;
constexpr std::string_view plain_name = "plain";

Error wrong_template(std::string what) { return Error(Errc::invalid_parameters, std::move(what)); }

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= max_name_bytes && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

Status check_content(std::string_view what, std::string_view content) {
  if (content.size() > max_content_bytes)
    return wrong_template(std::string(what) + " is longer than 256 KiB");
  if (!is_utf8(content)) return wrong_template(std::string(what) + " is not valid UTF-8");
  return {};
}

std::string with_secret(std::string text, std::string_view secret) {
  for (std::size_t at = 0; (at = text.find(secret_placeholder, at)) != std::string::npos; at += secret.size())
    text.replace(at, secret_placeholder.size(), secret);
  return text;
}

std::string_view field(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

Content plain(std::string text) { return {std::string(plain_name), 1, {{"text", std::move(text)}}}; }

Content plain(std::string subject, std::string text, std::string html) {
  return {std::string(plain_name),
          1,
          {{"subject", std::move(subject)}, {"text", std::move(text)}, {"html", std::move(html)}}};
}

Status check(const Content& content) {
  if (!is_name(content.name))
    return wrong_template("a template's name has 1 to 64 of a-z, 0-9, \".\", \"_\", \"-\"");
  if (content.version == 0) return wrong_template("a template's version is 1 or more");
  if (content.fields.size() > max_fields)
    return wrong_template("a template is filled with at most 64 fields");
  for (const auto& [name, text] : content.fields) {
    if (!is_name(name)) return wrong_template("a field's name has 1 to 64 of a-z, 0-9, \".\", \"_\", \"-\"");
    RETURN_IF_ERROR(check_content("the " + name, text));
  }
  return {};
}

Templates::Templates() {
  add(std::string(plain_name), 1, [](const Fields& fields) {
    return Rendered{std::string(field(fields, "subject")), std::string(field(fields, "text")),
                    std::string(field(fields, "html"))};
  });
}

void Templates::add(std::string name, std::uint32_t version, Render render) {
  const std::lock_guard lock(mutex_);
  const bool is_new = renders_.emplace(std::pair(std::move(name), version), std::move(render)).second;
  INVARIANT(is_new, "a template's version is written once");
}

Result<Rendered> Templates::render(const Content& content) const {
  Render render;
  {
    const std::lock_guard lock(mutex_);
    const auto found = renders_.find({content.name, content.version});
    if (found == renders_.end())
      return Error(Errc::not_found, "the template " + content.name + "/" + std::to_string(content.version) +
                                        " is not known here");
    render = found->second;
  }
  return render(content.fields);
}

}  // namespace jangbu::delivery
