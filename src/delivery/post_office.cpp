#include "delivery/post_office.h"

namespace jangbu::delivery {

Result<std::unique_ptr<PostOffice>> PostOffice::open(engine::Engine& engine, State& state, const Clock& clock,
                                                     Random& random, http::Metrics& metrics,
                                                     http::Authorize authorize, PostOfficeOptions options) {
  std::unique_ptr<PostOffice> office(new PostOffice());
  ClientOptions client_options;
  office->reach_ = client_options.reach = options.sandbox ? Reach::loopback_too : Reach::public_https;
  ASSIGN_OR_RETURN(office->client_, Client::start(client_options));
  office->mail_ = options.smtp      ? smtp_transport(*office->client_, std::move(*options.smtp))
                  : options.sandbox ? sandbox_transport()
                                    : no_transport();
  if (options.messages) {
    RETURN_IF_ERROR(check(*options.messages, office->reach_));
    office->messages_ = provider_transport(*office->client_, std::move(*options.messages));
  } else {
    office->messages_ = options.sandbox ? sandbox_messages() : no_messages();
  }
  office->handlers_ = std::make_unique<Handlers>(engine, office->templates_, options.id_key);
  office->admin_ = std::make_unique<Admin>(*office->handlers_, authorize);
  office->feed_ = std::make_unique<Feed>(
      FeedParts{engine, office->secrets_, office->templates_, clock, options.id_key, std::move(authorize)});
  if (options.sandbox)
    office->sandbox_inbox_ = std::make_unique<SandboxInbox>(engine, office->secrets_, office->templates_);
  office->make_postman_ = [&engine, &state, &clock, &random, &metrics, id_key = options.id_key,
                           at = office.get()] {
    return std::make_unique<Postman>(
        PostmanParts{engine, state, *at->client_, *at->mail_, *at->messages_, at->templates_, clock, random,
                     metrics, [at](std::string_view name) { return at->secrets_.find(name); }, id_key,
                     BacklogLimits{}, at->withdrawn_});
  };
  return office;
}

void PostOffice::begin() {
  INVARIANT(postman_ == nullptr, "a post office opens once");
  postman_ = make_postman_();
}

void PostOffice::add_routes(http::Router& router) {
  admin_->add_routes(router);
  feed_->add_routes(router);
  if (sandbox_inbox_) sandbox_inbox_->add_routes(router);
}

}  // namespace jangbu::delivery
