#include "cli/explainers.h"

#include "affiliate/explain.h"
#include "affiliate/settlement_explain.h"
#include "console/ledger_routes.h"
#include "hub/explain.h"
#include "invoice/explain.h"
#include "invoice/subscription_queries.h"
#include "payment/explain.h"
#include "purchase/explain.h"

namespace jangbu::cli {

std::vector<std::unique_ptr<ledger::Explainer>> make_explainers(const engine::PeekKey& peek) {
  std::vector<std::unique_ptr<ledger::Explainer>> explainers;
  explainers.push_back(std::make_unique<hub::Explainer>(peek));
  explainers.push_back(std::make_unique<invoice::Explainer>());
  explainers.push_back(std::make_unique<affiliate::Explainer>());
  explainers.push_back(std::make_unique<affiliate::SettlementExplainer>());
  explainers.push_back(std::make_unique<purchase::Explainer>());
  explainers.push_back(std::make_unique<payment::Explainer>(
      peek, [](store::Session& session, const payment::Checkout& checkout) -> Result<std::uint64_t> {
        switch (checkout.door) {
          case payment::Door::hub:
            return hub::order_record(session, checkout.document);
          case payment::Door::invoice:
            return invoice::invoice_record(session, checkout.document);
          case payment::Door::subscription:
            break;
        }
        // A page that only keeps a card is a subscription's, and no bill's.
        if (checkout.purpose == payment::Purpose::keep) return std::uint64_t{0};
        return invoice::bill_record(session, checkout.document);
      }));
  explainers.push_back(console::make_house_explainer());
  return explainers;
}

}  // namespace jangbu::cli
