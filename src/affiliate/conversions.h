// The command behind the intake: an order or an action is attributed, rated, and becomes conversions.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "affiliate/requests.h"
#include "affiliate/state.h"
#include "affiliate/wire_intake.h"
#include "engine/command.h"

namespace jangbu::affiliate {

/// Takes what a merchant sent. A product of an order that came before is the same conversion: it is answered
/// as it stands, after what this request says of its cancellation and confirmation. Lines of the same product
/// are one conversion. A negative price takes back from the product's conversion, as a row of its own.
class TakeOrder final : public engine::Command {
 public:
  struct Told {
    std::vector<Item> items;  // of each product of the form, in its order
    std::string failure;      // why nothing of it could be taken, where that is for one reason
    std::string body;         // what `render` made of the two
  };
  using Render = std::function<std::string(const Told&)>;
  /// Called once, on the writer thread. Errors: the engine's; what the protocol says is no error.
  using Answered = std::function<void(Result<Told>)>;

  /// `form` has no fault of form. `render` may be empty; it runs on any thread.
  TakeOrder(State& state, OrderForm form, Render render, Answered answered)
      : state_(state), form_(std::move(form)), render_(std::move(render)), answered_(std::move(answered)) {}
  [[nodiscard]] std::size_t size_bytes() const override;
  void want(engine::Unit& unit) override;
  engine::Decision decide(engine::Unit& unit) override;
  void render(const engine::Record&) override {
    if (render_) told_.body = render_(told_);
  }
  void succeeded() noexcept override { answered_(std::move(told_)); }
  void failed(const Error& error) noexcept override;

 private:
  State& state_;
  OrderForm form_;
  Render render_;
  Answered answered_;
  Told told_;
  bool is_told_ = false;  // a refusal that told_ explains
};

}  // namespace jangbu::affiliate
