#include "console/desk_routes.h"
#include "delivery/queries.h"
#include "engine/unit.h"
#include "http/json_body.h"
#include "ledger/queries.h"

namespace jangbu::console {
namespace {

/// Accounts that a search shows at most.
constexpr std::size_t max_accounts = 5;

class HouseDesk final : public door::Desk {
 public:
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
    if (const auto number = http::whole_number(text, 1, INT64_MAX)) {
      if (const auto delivery = delivery::read_delivery(session, *number))
        found.push_back({"delivery", std::string(text), std::string(delivery->event.event.topic)});
      if (engine::load_record(session, *number)) found.push_back({"record", std::string(text), "record"});
      return {};
    }
    ASSIGN_OR_RETURN(const auto accounts, ledger::accounts_of(session, text, 0, max_accounts));
    for (const ledger::AccountView& account : accounts.accounts)
      found.push_back({"ledger.account", std::to_string(account.ref),
                       account.account.name + " " + account.account.currency});
    return {};
  }
};

}  // namespace

std::unique_ptr<door::Desk> make_house_desk() { return std::make_unique<HouseDesk>(); }

}  // namespace jangbu::console
