#include "cli/demo/journal.h"

#include <cstdlib>
#include <fstream>

#include "base/json.h"
#include "cli/installation.h"

namespace jangbu::cli::demo {
namespace {

std::string text_of(const json::Value& object, const char* name) {
  const json::Value* value = object.find(name);
  return value == nullptr ? std::string() : std::string(value->text);
}

}  // namespace

Result<Journal> Journal::open(const std::string& path, Instant now, int story, const std::string& receiver) {
  Journal journal;
  journal.path_ = path;
  auto text = read_file(path);
  if (text) {
    const std::size_t end = text->rfind('\n') + 1;  // npos + 1 is 0
    if (end < text->size()) {
      text->resize(end);
      RETURN_IF_ERROR(write_file_atomically(path, *text));
    }
  }
  if (!text || text->empty()) {
    std::string line;
    json::Writer out(line);
    out.begin_object().key("story").number(story);
    out.key("start").string(to_rfc3339(Instant{now.unix_seconds() * 1'000'000}));
    out.key("receiver").string(receiver).end_object();
    text = line + "\n";
    RETURN_IF_ERROR(write_file_atomically(path, *text));
  }
  RETURN_IF_ERROR(journal.read(*text));
  return journal;
}

Status Journal::read(const std::string& text) {
  const Error damaged(Errc::invalid_configuration, path_ + " is damaged");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const auto document = json::Document::parse(std::string_view(text).substr(at, end - at));
    if (!document) return damaged;
    const json::Value& line = document->root();
    if (at == 0) {
      ASSIGN_OR_RETURN(start_, parse_rfc3339(text_of(line, "start")));
      receiver_ = text_of(line, "receiver");
      // The first story had no number.
      const json::Value* story = line.find("story");
      story_ = story == nullptr ? 1 : std::atoi(std::string(story->text).c_str());
    } else {
      const std::string scene = text_of(line, "scene");
      const json::Value* notes = line.find("notes");
      if (scene.empty() || notes == nullptr) return damaged;
      scenes_[scene] = true;
      for (std::uint32_t i = 0; i < notes->size; ++i)
        notes_[std::string(notes->members[i].name)] = std::string(notes->members[i].value.text);
    }
    at = end + 1;
  }
  return {};
}

std::string Journal::note(const std::string& name) const {
  const auto found = notes_.find(name);
  return found == notes_.end() ? std::string() : found->second;
}

Status Journal::add(const std::string& scene, const Notes& notes) {
  std::string line;
  json::Writer out(line);
  out.begin_object().key("scene").string(scene).key("notes").begin_object();
  for (const auto& [name, value] : notes) out.key(name).string(value);
  out.end_object().end_object();
  std::ofstream file(path_, std::ios::app | std::ios::binary);
  file << line << '\n' << std::flush;
  if (!file) return Error(Errc::io_error, "cannot write " + path_);
  scenes_[scene] = true;
  for (const auto& [name, value] : notes) notes_[name] = value;
  return {};
}

}  // namespace jangbu::cli::demo
