// All doors of a node: their routes, and what answers them.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "cli/serve/node.h"
#include "cli/serve/workers.h"
#include "http/router.h"

namespace jangbu::cli {

/// Lives as long as the server and the engine's threads.
class Doors {
 public:
  /// `is_ready`: whether the node serves. All that is passed in must outlive the doors.
  Doors(Node& node, Workers& workers, std::function<bool()> is_ready);

  [[nodiscard]] http::Router& router() { return router_; }

 private:
  void open_system(std::function<bool()> is_ready);
  void open_purchase();
  void open_checkout();
  void open_hub();
  void open_invoice();
  void open_affiliate();
  void open_ledger();
  void open_console();

  /// Makes a part of a door, keeps it, and adds its routes if it has any.
  template <typename Part, typename... Arguments>
  Part& open(Arguments&&... arguments) {
    auto part = std::make_shared<Part>(std::forward<Arguments>(arguments)...);
    if constexpr (requires { part->add_routes(router_); }) part->add_routes(router_);
    parts_.push_back(part);
    return *part;
  }

  Node& node_;
  Workers& workers_;
  http::Router router_;
  std::vector<std::shared_ptr<void>> parts_;
};

}  // namespace jangbu::cli
