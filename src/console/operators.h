// Operators: the people who look after an installation, what they may do, and what is recorded of them.
// Format: docs/formats/console-records.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/record.h"
#include "http/message.h"
#include "ledger/fields.h"

namespace jangbu::console {

inline constexpr engine::RecordKind operator_kind = 220;      // OperatorSet
inline constexpr engine::RecordKind action_kind = 221;        // Action
inline constexpr engine::RecordKind action_ended_kind = 222;  // ActionEnded

inline constexpr engine::RecordKind sign_in_kind = 223;  // SignIn

/// Where operators sign in.
inline constexpr std::string_view sign_in_path = "/api/session";

/// From 1; 0 stands for whoever may read this machine's control.json (the command line).
using OperatorId = std::uint64_t;

/// Numbers are stored.
enum class Role : std::uint8_t {
  owner = 1,     // everything
  operates = 2,  // everything but accounts, apps and keys
  auditor = 3,   // reads
};
/// "owner", "operator" or "auditor".
std::string_view role_name(Role role);
std::optional<Role> role_of(std::string_view name);

/// An account was made or changed: the whole of it.
struct OperatorSet {
  OperatorId id = 0;
  std::string email;  // in lower case; never changes
  std::string name;
  Role role = Role::auditor;
  bool disabled = false;
  std::string password_hash;   // of crypto::hash_password
  std::uint64_t sessions = 0;  // grows when all open sessions are to end

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(id, email, name, role, disabled, password_hash, sessions);
  }
  [[nodiscard]] bool is_able_owner() const { return role == Role::owner && !disabled; }
};

/// An operator asked for a change. Recorded and durable before the change is begun.
struct Action {
  OperatorId actor = 0;
  std::string method;
  std::string path;      // as it came, percent-encoded, without the query
  std::string document;  // the path's parameters, a slash between two
  std::string address;   // whom the request came from

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(actor, method, path, document, address);
  }
};

/// What that change was answered with.
struct ActionEnded {
  std::uint64_t action = 0;  // the record
  std::uint64_t status = 0;  // of HTTP

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(action, status);
  }
};

/// Somebody signed in, or tried to. Failures are not recorded one by one: see AccountRoutes.
struct SignIn {
  OperatorId actor = 0;      // 0: no account has the address that was given
  std::uint64_t status = 0;  // of HTTP: 200 signed in, 401 refused, 429 locked out for a while
  std::string address;       // whom the request came from

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(actor, status, address);
  }
};

/// Whether somebody of that role may send requests to this route of the operator's API. The one place that
/// says so: reading is for all, but what is signed for receivers; accounts, apps and keys are for owners to
/// change, the rest for operators too. `pattern` is the route's and not the path that was sent, which says
/// the same in many ways ("/api/%6fperators").
bool may(Role role, http::Method method, std::string_view pattern);

}  // namespace jangbu::console
