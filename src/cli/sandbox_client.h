// A client of the sandbox's doors, as `jangbu trigger` needs one: it makes real requests through the real
// routes, with the credentials of DIR/sandbox.json.
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "cli/local_api.h"

namespace jangbu::cli {

/// An answer of success, parsed.
class Reply {
 public:
  explicit Reply(json::Document document) : document_(std::move(document)) {}
  [[nodiscard]] const json::Value& root() const { return document_.root(); }
  /// The text of a member, by its path through objects; empty when there is none.
  template <typename... Names>
  [[nodiscard]] std::string text(const Names&... names) const {
    const json::Value* at = &document_.root();
    ((at = at == nullptr ? nullptr : at->find(names)), ...);
    return at == nullptr ? std::string() : std::string(at->text);
  }

 private:
  json::Document document_;
};

/// Errors of every call, with the server's answer: io_error when there is none, already_exists for its 409,
/// invalid_parameters when it refuses otherwise. A server that says 429 is asked again, for some seconds.
class SandboxClient {
 public:
  /// Error: not_found when no server runs on the directory, or it is no sandbox's.
  static Result<SandboxClient> open(const std::string& directory);

  [[nodiscard]] const std::string& base_url() const { return control_.base_url; }
  /// A credential of sandbox.json: credential("hub", "webhook_secret").
  template <typename... Names>
  [[nodiscard]] std::string credential(const Names&... names) const {
    return credentials_.text(names...);
  }
  /// A call of the hub's sales site, with a token of its own. `key`: its Idempotency-Key.
  [[nodiscard]] Result<Reply> hub(const char* method, const std::string& path, const std::string& body,
                                  const std::string& key = {}) const;
  /// The same of the reviewer app.
  [[nodiscard]] Result<Reply> reviewer(const char* method, const std::string& path, const std::string& body,
                                       const std::string& key = {}) const;
  /// A call of the invoice door's seller.
  [[nodiscard]] Result<Reply> invoice(const char* method, const std::string& path, const std::string& body,
                                      const std::string& key = {}) const;
  /// A post of a shop's with that access key.
  [[nodiscard]] Result<Reply> purchase(const std::string& access_key, const std::string& path,
                                       const std::string& body) const;
  /// Where a link that a shopper follows leads, as it is written in the answer.
  [[nodiscard]] Result<std::string> follow(const std::string& path) const;
  /// A call of the operator's.
  [[nodiscard]] Result<Reply> operate(const char* method, const std::string& path,
                                      const std::string& body) const;
  /// What a page for people sends, with the header that no form of another site can send.
  [[nodiscard]] Result<Reply> page(const std::string& path, const std::string& body) const;
  /// A call of the sandbox, which asks for nothing.
  [[nodiscard]] Result<Reply> open_call(const char* method, const std::string& path,
                                        const std::string& body) const;
  /// Moves business time to a moment.
  [[nodiscard]] Status move_clock_to(Instant moment) const;

 private:
  SandboxClient(Control control, Reply credentials)
      : control_(std::move(control)), credentials_(std::move(credentials)) {}
  [[nodiscard]] Result<Reply> call(const char* method, const std::string& path,
                                   const std::string& authorization, const std::string& body,
                                   const std::string& header = {}) const;

  Control control_;  // with the operator's token
  Reply credentials_;
};

/// A token of one of the hub's apps in DIR/sandbox.json ("hub" or "reviewer"), for the next request.
Result<std::string> sandbox_token(const std::string& directory, const std::string& app);

}  // namespace jangbu::cli
