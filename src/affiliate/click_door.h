// The click: where shoppers come by on their way from an affiliate to a merchant; and what the operator sees
// of clicks.
#pragma once

#include <functional>
#include <string>

#include "affiliate/click_buffer.h"
#include "affiliate/click_link.h"
#include "affiliate/config.h"
#include "crypto/short_hash.h"
#include "engine/engine.h"
#include "http/metrics.h"
#include "http/operator_routes.h"

namespace jangbu::affiliate {

/// The merchant that the link leads to, when the affiliate may lead there. Error: invalid_parameters, with
/// why.
Result<const MerchantSet*> merchant_of_link(const Config& config, const ClickLink& link);

struct ClickDoorParts {
  engine::Engine& engine;
  ClickBuffer& buffer;
  const ConfigBoard& board;
  crypto::ShortHashKey visitor_key;  // the same on every node of an installation
};

/// Lives as long as the server.
class ClickDoor final : public http::OperatorRoutes {
 public:
  ClickDoor(ClickDoorParts parts, http::Metrics& metrics, http::Authorize authorize);

  void add_routes(http::Router& router);

 private:
  void click(http::Responder responder);
  void list(http::Responder responder);
  void list_days(http::Responder responder);
  void show(http::Responder responder);
  /// Answers with what `read` makes of a snapshot and its configuration, in which the clicks are that were
  /// answered before. On every node.
  using ClickRead = std::function<Result<std::string>(store::Session&, const Config&)>;
  void read_settled(http::Responder responder, ClickRead read);
  void add_metrics(http::Metrics& metrics);
  /// What the request says of whoever sent it.
  void note_visitor(const http::Request& request, ClickView& click) const;

  ClickDoorParts parts_;
  http::Counter& redirected_;
  http::Counter& refused_;
  http::Counter& overloaded_;
};

}  // namespace jangbu::affiliate
