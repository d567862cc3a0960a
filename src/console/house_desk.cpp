#include "base/ascii.h"
#include "console/desk_routes.h"
#include "console/queries.h"
#include "delivery/attempts.h"
#include "delivery/postman.h"
#include "delivery/queries.h"
#include "engine/keys.h"
#include "engine/unit.h"
#include "http/json_body.h"
#include "ledger/queries.h"

namespace jangbu::console {
namespace {

/// Accounts that a search shows at most.
constexpr std::size_t max_accounts = 5;

class HouseDesk final : public door::Desk {
 public:
  explicit HouseDesk(const engine::Engine& engine) : engine_(engine) {}

  Status add_waiting(store::Session& session, std::vector<door::Waiting>& list) const override {
    delivery::DeliveryFilter failed;
    failed.state = engine::EventState::given_up;
    ASSIGN_OR_RETURN(const auto page,
                     delivery::list_deliveries(session, failed, INT64_MAX, door::max_counted, false));
    if (!page.rows.empty()) list.push_back({"deliveries.failed", page.rows.size(), page.next != 0});
    return {};
  }

  Status find(store::Session& session, std::string_view text,
              std::vector<door::Found>& found) const override {
    RETURN_IF_ERROR(find_charge(session, text, found));
    if (const auto number = http::whole_number(text, 1, INT64_MAX)) {
      add_delivery(session, *number, found);
      if (engine::load_record(session, *number))
        found.push_back({"record", std::string(text), "#" + std::string(text)});
      return {};
    }
    if (const auto message = delivery::message_of_id(text)) {
      ASSIGN_OR_RETURN(const std::uint64_t event, delivery::event_of_message(session, *message));
      if (event != 0) add_delivery(session, event, found);
      return {};
    }
    const auto account = find_operator(session, to_lower(text));
    if (!account && account.error().code != Errc::not_found) return account.error();
    if (account)
      found.push_back(
          {"console.operator", account->email, account->name.empty() ? account->email : account->name});
    ASSIGN_OR_RETURN(const auto accounts, ledger::accounts_of(session, text, 0, max_accounts));
    for (const ledger::AccountView& account : accounts.accounts)
      found.push_back({"ledger.account", std::to_string(account.ref),
                       account.account.name + " " + account.account.currency});
    return {};
  }

 private:
  static void add_delivery(store::Session& session, std::uint64_t event, std::vector<door::Found>& found) {
    if (const auto delivery = delivery::read_delivery(session, event))
      found.push_back({"delivery", std::to_string(event), std::string(delivery->event.event.topic)});
  }

  /// What an acquirer was asked for under an order id, as its own pages know it.
  Status find_charge(store::Session& session, std::string_view text, std::vector<door::Found>& found) const {
    const auto digest = engine::key_digest(engine::KeyScope::payment_order, 0, text);
    ASSIGN_OR_RETURN(const auto record, engine_.peek_key(session, digest));
    if (record) found.push_back({"record", std::to_string(*record), std::string(text)});
    return {};
  }

  const engine::Engine& engine_;
};

}  // namespace

std::unique_ptr<door::Desk> make_house_desk(const engine::Engine& engine) {
  return std::make_unique<HouseDesk>(engine);
}

}  // namespace jangbu::console
