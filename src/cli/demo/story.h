// The story that `jangbu demo` plays: scenes with their days, told door by door.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/demo/journal.h"
#include "cli/sandbox_client.h"

namespace jangbu::cli::demo {

/// A month and a few days of all doors: the first bills of subscriptions fall due in it.
inline constexpr int days = 34;
/// Affiliates begin before day 0, soon enough for a month of theirs to be final and paid out whatever the
/// calendar says: a month is final some 36 days after its end.
inline constexpr int first_day = -50;
/// Of what is told below. What a directory's journal began to tell is not gone on with by another story.
inline constexpr int story_number = 2;

/// Whom the story lets into the pages for people, with the password of the sandbox's operator.
inline constexpr const char* manager_mail = "mone@brand.example";  // of the first brand, in its portal
inline constexpr const char* auditor_mail = "auditor@sandbox.jangbu";

/// Where a scene is played: the doors, the calendar, and what earlier scenes made.
class Stage {
 public:
  Stage(const SandboxClient& client, const Journal& journal) : client_(client), journal_(journal) {}

  [[nodiscard]] const SandboxClient& client() const { return client_; }
  /// A moment of the story, the same in every run.
  [[nodiscard]] Instant at(int day) const { return journal_.start() + Duration::days(day - first_day); }
  [[nodiscard]] std::string time(int day) const { return to_rfc3339(at(day)); }
  [[nodiscard]] const std::string& receiver() const { return journal_.receiver(); }
  void keep(const std::string& name, std::string value) { made_[name] = std::move(value); }
  [[nodiscard]] std::string note(const std::string& name) const {
    const auto found = made_.find(name);
    return found == made_.end() ? journal_.note(name) : found->second;
  }
  [[nodiscard]] const Notes& made() const { return made_; }

 private:
  const SandboxClient& client_;
  const Journal& journal_;
  Notes made_;
};

/// Its requests have ids and bodies of their own, the same in every run: played twice it changes nothing.
struct Scene {
  int day;
  std::string name;
  std::function<Status(Stage&)> play;
};
using Story = std::vector<Scene>;

void tell_hub(Story& story);
void tell_invoice(Story& story);
void tell_affiliate(Story& story);
void tell_purchase(Story& story);
void tell_office(Story& story);

/// `text` with each '~' replaced by the next part. The parts are our own and need no escaping in JSON.
std::string fill(std::string_view text, std::initializer_list<std::string> parts);
/// What was refused as done before is done.
Status done(const Result<Reply>& reply);

struct Person {
  const char* name;
  const char* mail;  // before the @
  const char* phone;
};
const Person& person(std::size_t number);  // any number: they come round

/// The same numbers for the same seed, everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  /// 0 to `sides` - 1.
  std::uint64_t roll(std::uint64_t sides);

 private:
  std::uint64_t state_;
};

}  // namespace jangbu::cli::demo
