#include "cli/demo/story.h"

#include <array>

namespace jangbu::cli::demo {

std::string fill(std::string_view text, std::initializer_list<std::string> parts) {
  std::string out;
  const auto* part = parts.begin();
  for (const char letter : text) {
    if (letter == '~' && part != parts.end()) {
      out += *part++;
    } else {
      out += letter;
    }
  }
  return out;
}

Status done(const Result<Reply>& reply) {
  if (reply || reply.error().code == Errc::already_exists) return {};
  return reply.error();
}

const Person& person(std::size_t number) {
  static constexpr std::array people = {
      Person{"김민준", "minjun", "010-2301-1101"},     Person{"이서연", "seoyeon", "010-2302-1102"},
      Person{"Emma Clarke", "emma", "010-2303-1103"},  Person{"박도윤", "doyun", "010-2304-1104"},
      Person{"최하은", "haeun", "010-2305-1105"},      Person{"Liam Walsh", "liam", "010-2306-1106"},
      Person{"정지우", "jiwoo", "010-2307-1107"},      Person{"강시우", "siwoo", "010-2308-1108"},
      Person{"Sofia Rossi", "sofia", "010-2309-1109"}, Person{"조유나", "yuna", "010-2310-1110"},
      Person{"Noah Fischer", "noah", "010-2311-1111"}, Person{"윤채원", "chaewon", "010-2312-1112"},
  };
  return people[number % people.size()];
}

std::uint64_t Dice::roll(std::uint64_t sides) {
  // SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine.
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
  return (mixed ^ (mixed >> 31U)) % sides;
}

}  // namespace jangbu::cli::demo
