// The post office: everything of delivery that a serving node has, put together.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/invariant.h"
#include "delivery/admin.h"
#include "delivery/client.h"
#include "delivery/feed.h"
#include "delivery/mail.h"
#include "delivery/message.h"
#include "delivery/postman.h"
#include "delivery/sandbox_inbox.h"
#include "delivery/secret_book.h"
#include "delivery/template.h"

namespace jangbu::delivery {

struct PostOfficeOptions {
  /// Receivers on this machine and plain http are allowed, and mail without a server and messages without a
  /// provider are kept to be looked at.
  bool sandbox = false;
  std::optional<SmtpOptions> smtp;
  std::optional<MessageProvider> messages;
  Hash id_key;  // for the ids by which receivers know repeats; the same on all nodes
};

/// Everything it is given must outlive it. First it is told what it needs, secrets(), templates() and
/// set_withdrawn(); then begin() lets things go out.
class PostOffice {
 public:
  static Result<std::unique_ptr<PostOffice>> open(engine::Engine& engine, State& state, const Clock& clock,
                                                  Random& random, http::Metrics& metrics,
                                                  http::Authorize authorize, PostOfficeOptions options);

  void add_routes(http::Router& router);
  [[nodiscard]] SecretBook& secrets() { return secrets_; }
  [[nodiscard]] Templates& templates() { return templates_; }
  [[nodiscard]] Handlers& handlers() { return *handlers_; }
  /// What must not be sent any more.
  void set_withdrawn(Withdrawn withdrawn) { withdrawn_ = std::move(withdrawn); }
  /// Starts the postman.
  void begin();
  /// After begin() (INVARIANT).
  [[nodiscard]] Postman& postman() {
    INVARIANT(postman_ != nullptr, "the post office is open");
    return *postman_;
  }
  /// Lets nobody wait for the next webhook any more: to be called before the server is drained.
  void stop_feed() { feed_->stop(); }
  /// How far requests may go: what doors check URLs with.
  [[nodiscard]] Reach reach() const { return reach_; }

 private:
  PostOffice() = default;

  Reach reach_ = Reach::public_https;
  SecretBook secrets_;
  Templates templates_;
  Withdrawn withdrawn_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<MailTransport> mail_;
  std::unique_ptr<MessageTransport> messages_;
  std::unique_ptr<Handlers> handlers_;
  std::unique_ptr<Admin> admin_;
  std::unique_ptr<Feed> feed_;
  std::unique_ptr<SandboxInbox> sandbox_inbox_;
  std::function<std::unique_ptr<Postman>()> make_postman_;
  std::unique_ptr<Postman> postman_;
};

}  // namespace jangbu::delivery
