#include "console/ledger_routes.h"
#include "console/operators.h"
#include "delivery/records.h"

namespace jangbu::console {
namespace {

using ledger::Told;

class HouseExplainer final : public ledger::Explainer {
 public:
  [[nodiscard]] bool owns(engine::RecordKind kind) const override {
    return kind < 16 || kind >= operator_kind || is_delivery(kind);
  }
  Result<Told> tell(store::Session&, const engine::Record& record) const override {
    switch (record.kind) {
      case engine::genesis_kind:
        return Told{"engine.genesis", "The book was opened.", {}, {}};
      case engine::clock_moved_kind:
        return Told{"engine.clock_moved", "Business time was moved forward.", {}, {}};
      case engine::epoch_kind:
        return Told{"engine.epoch", "The book went on from a backup.", {}, {}};
      case delivery::delivered_kind:
        return Told{"delivery.delivered", "Messages were delivered.", {}, {}};
      case delivery::given_up_kind:
        return Told{"delivery.given_up", "Messages could not be delivered.", {}, {}};
      case delivery::resend_kind:
        return Told{"delivery.resend", "Messages were to be sent again.", {}, {}};
      case operator_kind:
        return Told{"console.operator", "An operator's account was made or changed.", {}, {}};
      case action_kind:
        return Told{"console.action", "An operator asked for a change.", {}, {}};
      case action_ended_kind:
        return Told{"console.action_ended", "The operator's change was answered.", {}, {}};
      case sign_in_kind:
        return Told{"console.sign_in", "An operator signed in, or somebody tried to.", {}, {}};
      default:
        INVARIANT(false, "the house has no records of kind " + std::to_string(record.kind));
    }
  }

 private:
  static bool is_delivery(engine::RecordKind kind) {
    return kind == delivery::delivered_kind || kind == delivery::given_up_kind ||
           kind == delivery::resend_kind;
  }
};

}  // namespace

std::unique_ptr<ledger::Explainer> make_house_explainer() { return std::make_unique<HouseExplainer>(); }

}  // namespace jangbu::console
