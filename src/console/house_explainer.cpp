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
        return Told{"engine.genesis", {"The book was opened.", "장부를 열었습니다."}, {}, {}};
      case engine::clock_moved_kind:
        return Told{"engine.clock_moved",
                    {"Business time was moved forward.", "업무 시각을 앞으로 옮겼습니다."},
                    {},
                    {}};
      case engine::epoch_kind:
        return Told{
            "engine.epoch", {"The book went on from a backup.", "백업에서 장부를 이어 갔습니다."}, {}, {}};
      case delivery::delivered_kind:
        return Told{"delivery.delivered", {"Messages were delivered.", "전송을 전달했습니다."}, {}, {}};
      case delivery::given_up_kind:
        return Told{
            "delivery.given_up", {"Messages could not be delivered.", "전송을 전달하지 못했습니다."}, {}, {}};
      case delivery::resend_kind:
        return Told{
            "delivery.resend", {"Messages were to be sent again.", "전송을 다시 보내게 했습니다."}, {}, {}};
      case operator_kind:
        return Told{"console.operator",
                    {"An operator's account was made or changed.", "운영자 계정을 만들거나 변경했습니다."},
                    {},
                    {}};
      case action_kind:
        return Told{
            "console.action", {"An operator asked for a change.", "운영자가 변경을 요청했습니다."}, {}, {}};
      case action_ended_kind:
        return Told{"console.action_ended",
                    {"The operator's change was answered.", "운영자가 요청한 변경에 응답했습니다."},
                    {},
                    {}};
      case sign_in_kind:
        return Told{"console.sign_in",
                    {"An operator signed in, or somebody tried to.",
                     "운영자가 로그인했거나 누군가 로그인을 시도했습니다."},
                    {},
                    {}};
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
