// What the sandbox took instead of sending it: mail at /sandbox/mail, messages at /sandbox/messages. And a
// receiver of webhooks for those who have none yet: /sandbox/webhooks.
#pragma once

#include "delivery/queries.h"
#include "delivery/secret_book.h"
#include "delivery/template.h"
#include "engine/engine.h"
#include "http/api.h"
#include "http/router.h"

namespace jangbu::delivery {

/// Shows every mail and message that the sandbox took, as its receiver would see it: links and all. For
/// everybody; only in the sandbox. Lives as long as the server.
class SandboxInbox {
 public:
  SandboxInbox(engine::Engine& engine, const SecretBook& secrets, const Templates& templates)
      : engine_(engine), secrets_(secrets), templates_(templates) {}
  void add_routes(http::Router& router);

 private:
  /// The two kinds of what is taken; each has its list and its page.
  template <typename Taken>
  void list(http::Responder responder);
  template <typename Taken>
  void show(http::Responder responder);

  engine::Engine& engine_;
  const SecretBook& secrets_;
  const Templates& templates_;
};

}  // namespace jangbu::delivery
