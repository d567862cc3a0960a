// What affiliates' servers and their people ask: conversions, merchants, and with the affiliate's own key or
// as the operator its reward API, the log of its postbacks, clicks, links and codes, statements and where
// payouts go.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "affiliate/config.h"
#include "affiliate/settlement.h"
#include "affiliate/settlement_records.h"
#include "delivery/admin.h"
#include "engine/engine.h"
#include "http/api.h"
#include "http/links.h"
#include "http/router.h"
#include "http/tries.h"

namespace jangbu::affiliate {

struct SiteParts {
  engine::Engine& engine;
  State& state;
  const ConfigBoard& board;
  delivery::Handlers& deliveries;
  const http::Links& links;
  http::Authorize authorize;  // as the operator
  /// Calls back when the first attempt of an event stands in the log, or after some seconds.
  std::function<void(std::uint64_t event, std::function<void(bool)>)> when_tried;
  const Clock& clock;
};

inline constexpr int tests_of_a_reward_each_minute = 5;

/// Lives as long as the server.
class SiteRoutes {
 public:
  explicit SiteRoutes(SiteParts parts)
      : parts_(std::move(parts)), tests_(parts_.clock, tests_of_a_reward_each_minute) {}
  void add_routes(http::Router& router);

 private:
  /// What a node that does not write read last.
  struct ReadConfig {
    std::mutex mutex;
    std::shared_ptr<const Config> config;
    std::int64_t read_us = 0;
  };
  struct Caller {
    AffiliateNumber affiliate = 0;
    By by = By::office;
    std::shared_ptr<const Config> config;
  };
  using Handle = void (SiteRoutes::*)(http::Responder, const Caller&);

  void add(http::Router& router, http::Method method, const char* pattern, http::Effect effect,
           Handle handle);
  /// The board is kept on the node that writes; another one reads what its database has, once a second at
  /// most, because whoever asks has shown no key yet.
  void with_config(std::function<void(const std::shared_ptr<const Config>&)> then,
                   std::function<void(const Error&)> failed);
  void list_conversions(http::Responder responder);
  void list_merchants(http::Responder responder, bool detail);

  void show_reward(http::Responder responder, const Caller& caller);
  void set_reward(http::Responder responder, const Caller& caller);
  void test_reward(http::Responder responder, const Caller& caller);
  void show_test(http::Responder responder, std::uint64_t event);
  void list_deliveries(http::Responder responder, const Caller& caller);
  void show_delivery(http::Responder responder, const Caller& caller);
  void resend_delivery(http::Responder responder, const Caller& caller);
  void resend_deliveries(http::Responder responder, const Caller& caller);
  void list_own_clicks(http::Responder responder, const Caller& caller);
  void sum_own_clicks(http::Responder responder, const Caller& caller);
  void list_promotable(http::Responder responder, const Caller& caller);
  void make_link(http::Responder responder, const Caller& caller);
  void list_own_promos(http::Responder responder, const Caller& caller);
  void list_statements(http::Responder responder, const Caller& caller);
  void show_bank_account(http::Responder responder, const Caller& caller);
  void set_bank_account(http::Responder responder, const Caller& caller);

  SiteParts parts_;
  ReadConfig read_config_;
  http::Tries tests_;  // by affiliate: the receiver is somebody's server
};

}  // namespace jangbu::affiliate
