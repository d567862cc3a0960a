#include "purchase/decide.h"

#include <algorithm>

#include "base/ascii.h"
#include "crypto/digest.h"
#include "purchase/loyalty.h"

namespace jangbu::purchase {
namespace {

using engine::Accept;
using engine::Decision;
using engine::Refuse;
using engine::Repeat;
using ledger::Floor;

Recorded read_recorded(const engine::Record& record) {
  const auto purchase = recorded_of(record);
  INVARIANT(purchase.ok(), "a recorded purchase reads back");
  return (*purchase)->value;
}

std::shared_ptr<const crypto::Signer> require_signer(const State& state, const crypto::Address& address) {
  INVARIANT(state.signers() != nullptr, "only a node with signing keys decides");
  auto signer = state.signers()->find(address);
  INVARIANT(signer != nullptr,
            "the signing key " + address.to_checksum_text() + " is not in this installation");
  return signer;
}

/// Whose points they are now: a phone's points moved to its wallet when it was linked.
std::string beneficiary(State& state, engine::Unit& unit, const LoyaltyAnswer& loyalty,
                        const Hash& phone_hash) {
  if (loyalty.account_type == AccountType::address) return user_account(to_lower(loyalty.account));
  if (const auto wallet = state.linked_wallet(unit, phone_hash)) return user_account(to_lower(*wallet));
  return user_account(loyalty.account);
}

enum class Way : bool { forth, back };

/// Moves what one purchase earned from the shop to its user or back: points directly, tokens through the
/// exchange.
Status move_points(ledger::EntryBuilder& builder, const Recorded& purchase, const std::string& user,
                   Way way) {
  const LoyaltyAnswer& loyalty = purchase.loyalty;
  const auto moved = [&](Money amount) {
    return way == Way::back ? amount.negated() : Result<Money>(amount);
  };
  ASSIGN_OR_RETURN(const Money point, moved(loyalty.point));
  ASSIGN_OR_RETURN(const Money provided, moved(loyalty.to_be_provided));
  const auto issued =
      builder.account(issued_account(to_lower(purchase.tx.shop_id)), point_currency, Floor::none);
  if (loyalty.loyalty_type == 0)
    return builder.transfer(issued, builder.account(user, point_currency, Floor::zero), point);
  RETURN_IF_ERROR(
      builder.transfer(issued, builder.account(exchange_account, point_currency, Floor::none), point));
  const auto exchange = builder.account(exchange_account, token_currency, Floor::none);
  return builder.transfer(exchange, builder.account(user, token_currency, Floor::zero), provided);
}

/// What a waiting purchase holds in memory, about.
std::size_t size_of(const NewPurchase& request) {
  std::size_t size = 1024 + request.purchase_id.size();
  for (const Detail& detail : request.details) size += sizeof(Detail) + detail.product_id.size();
  return size;
}

}  // namespace

// ---- recording

RecordPurchase::RecordPurchase(State& state, NewPurchase request, const Hash& key_digest, HolderId holder,
                               Answer answer)
    : state_(state),
      request_(std::move(request)),
      key_digest_(key_digest),
      holder_(holder),
      answer_(std::move(answer)),
      size_bytes_(size_of(request_)),
      shop_lower_(to_lower(request_.shop_id)),
      wallet_lower_(to_lower(request_.user_account)),
      digest_(engine::key_digest(engine::KeyScope::purchase, holder, request_.purchase_id)),
      value_(loyalty_value(request_.details, request_.total_amount, request_.cash_amount)) {}

void RecordPurchase::want(engine::Unit& unit) {
  unit.keys().want(digest_);
  state_.want_shop(shop_lower_);
  if (!wallet_lower_.empty() && wallet_lower_ != zero_address) {
    state_.want_user(wallet_lower_);
    state_.book().want(user_account(wallet_lower_), point_currency);
  } else if (!request_.phone.international.empty()) {
    state_.want_phone(request_.phone.hash);
  }
}

bool RecordPurchase::same_content(const Recorded& first) const {
  return first.tx.purchase_id == request_.purchase_id && first.tx.timestamp == request_.timestamp &&
         first.tx.total_amount == request_.total_amount && first.tx.cash_amount == request_.cash_amount &&
         first.tx.currency == request_.currency && first.tx.shop_id == request_.shop_id &&
         first.tx.user_account ==
             (request_.user_account.empty() ? zero_address : std::string_view(request_.user_account)) &&
         first.tx.user_phone_hash == request_.phone.hash && first.tx.details == request_.details &&
         first.waiting_asked == request_.waiting_s.has_value() &&
         (!request_.waiting_s || first.waiting_s == *request_.waiting_s);
}

Result<LoyaltyAnswer> RecordPurchase::decide_loyalty(engine::Unit& unit) const {
  LoyaltyAnswer loyalty;
  ASSIGN_OR_RETURN(loyalty.value, value_);
  const auto rate = state_.config().rate(request_.currency);
  if (!rate) return Error(Errc::invalid_parameters, "the currency is not known any more");
  ASSIGN_OR_RETURN(loyalty.point, value_in_points(loyalty.value, *rate));

  std::string wallet;  // in the form that is answered
  if (!wallet_lower_.empty() && wallet_lower_ != zero_address) {
    wallet = request_.user_account;
  } else if (!request_.phone.international.empty()) {
    if (const auto linked = state_.linked_wallet(unit, request_.phone.hash)) {
      wallet = *linked;
    } else {
      loyalty.account_type = AccountType::phone;
      loyalty.account = to_hex_0x(request_.phone.hash.view());
    }
  } else {
    return loyalty;  // nobody to give it to
  }
  if (!wallet.empty()) {
    loyalty.account_type = AccountType::address;
    loyalty.account = wallet;
    loyalty.loyalty_type = state_.loyalty_type(unit, to_lower(wallet));
  }
  loyalty.to_be_provided = loyalty.point;
  if (loyalty.loyalty_type == 1) {
    const auto token_rate = state_.config().rate(token_code);
    if (!token_rate) return Error(Errc::invalid_configuration, "there is no rate for tokens");
    ASSIGN_OR_RETURN(loyalty.to_be_provided, points_in_tokens(loyalty.point, *token_rate));
  }
  const bool is_too_much = loyalty.point > most_earned || loyalty.to_be_provided > most_earned;
  if (is_too_much ||
      (earns_much(loyalty) && unit.counters().last(engine::Counter::purchase_large) == most_large))
    return Error(Errc::amount_overflow, "the purchase earns too much");
  loyalty.current_balance = state_.book().available(
      unit, beneficiary(state_, unit, loyalty, request_.phone.hash), loyalty_currency(loyalty.loyalty_type));
  return loyalty;
}

Decision RecordPurchase::decide(engine::Unit& unit) {
  signer_.reset();
  const Config& config = state_.config();
  const HolderSet* holder = config.holder_of(key_digest_);
  if (holder == nullptr || holder->id != holder_) return Refuse{Errc::access_key_invalid};

  const auto first = unit.keys().find(unit.session(), digest_);
  if (first) {
    const Recorded recorded = read_recorded(unit.record(*first));
    INVARIANT(recorded.tx.purchase_id == request_.purchase_id, "a digest stands for one purchaseId");
    if (same_content(recorded)) {
      return Repeat{*first};
    }
  }
  const auto shop = state_.shop(unit, shop_lower_);
  if (!shop && !holder->open_registration) return Refuse{Errc::shop_unregistered};
  if (shop && shop->holder != holder_) return Refuse{Errc::shop_not_allowed};
  if (shop && !shop->active) return Refuse{Errc::shop_unregistered};
  if (!request_.sum_matches) return Refuse{Errc::sum_mismatch};
  if (first) return Refuse{Errc::purchase_conflict};

  auto loyalty = decide_loyalty(unit);
  if (!loyalty) return Refuse{loyalty.error()};
  Recorded decided;
  decided.loyalty = std::move(*loyalty);
  decided.opens_shop = !shop.has_value();
  ledger::EntryBuilder builder(unit, state_.book());
  const auto issued =
      shop ? shop->issued : builder.account(issued_account(shop_lower_), point_currency, Floor::none);
  if (decided.earns())
    if (const Status held = builder.hold(issued, decided.loyalty.point); !held) return Refuse{held.error()};
  auto entry = builder.build();
  if (!entry) return Refuse{entry.error()};
  signer_ = require_signer(state_, holder->signer);

  // From here on nothing can be refused.
  decided.entry = std::move(*entry);
  decided.holder = holder_;
  decided.waiting_asked = request_.waiting_s.has_value();
  decided.waiting_s = request_.waiting_s.value_or(holder->waiting_s);
  NewTransaction& tx = decided.tx;
  tx.purchase_id = request_.purchase_id;
  tx.timestamp = request_.timestamp;
  tx.total_amount = request_.total_amount;
  tx.cash_amount = request_.cash_amount;
  tx.currency = request_.currency;
  tx.shop_id = request_.shop_id;
  tx.user_account = request_.user_account.empty() ? std::string(zero_address) : request_.user_account;
  tx.user_phone_hash = request_.phone.hash;
  tx.signer = holder->signer;
  tx.details = request_.details;
  tx.sequence = unit.counters().last(engine::Counter::purchase_sequence) + 1;
  decided_ = std::make_shared<const Derived<Recorded>>(derive(std::move(decided), signer_->address_text()));
  return Accept{recorded_kind, encode(decided_->value), decided_};
}

Bytes RecordPurchase::seal(const engine::Record&) {
  return Bytes(signer_->sign_personal(decided_->leaf).view());
}

void RecordPurchase::render(const engine::Record& record) {
  const auto purchase = recorded_of(record);
  const auto signature = crypto::Signature::from_bytes(record.seal);
  INVARIANT(purchase.ok() && signature.ok(), "a recorded purchase reads back and is signed");
  const NewTransaction& tx = (*purchase)->value.tx;
  body_.clear();
  render_new(tx, signer_ ? signer_->address_text() : tx.signer.to_checksum_text(), *signature,
             (*purchase)->value.loyalty, body_);
}

void RecordPurchase::succeeded() noexcept { answer_(std::move(body_)); }
void RecordPurchase::failed(const Error& error) noexcept { answer_(error); }

// ---- cancelling

CancelRecorded::CancelRecorded(State& state, CancelPurchase request, const Hash& key_digest, HolderId holder,
                               Answer answer)
    : state_(state),
      request_(std::move(request)),
      key_digest_(key_digest),
      holder_(holder),
      answer_(std::move(answer)),
      purchase_digest_(engine::key_digest(engine::KeyScope::purchase, holder, request_.purchase_id)),
      cancel_digest_(engine::key_digest(engine::KeyScope::purchase_cancel, holder, request_.purchase_id)) {}

void CancelRecorded::want(engine::Unit& unit) {
  unit.keys().want(purchase_digest_);
  unit.keys().want(cancel_digest_);
}

Result<ledger::Entry> CancelRecorded::undo(engine::Unit& unit, const engine::Record& record,
                                           const Recorded& purchase, CancelEffect& effect) const {
  ledger::EntryBuilder builder(unit, state_.book());
  effect = CancelEffect::nothing;
  if (purchase.earns()) {
    const Instant due_at =
        record.recorded_at + Duration::seconds(static_cast<std::int64_t>(purchase.waiting_s));
    const auto pending =
        unit.due().covering(unit.session(), due_at, engine::WorkKind::purchase_provide, record.number);
    if (pending) {
      effect = CancelEffect::void_hold;
      const auto issued =
          builder.account(issued_account(to_lower(purchase.tx.shop_id)), point_currency, Floor::none);
      RETURN_IF_ERROR(builder.release(issued, purchase.loyalty.point));
    } else {
      effect = CancelEffect::take_back;
      RETURN_IF_ERROR(move_points(builder, purchase,
                                  beneficiary(state_, unit, purchase.loyalty, purchase.tx.user_phone_hash),
                                  Way::back));
    }
  }
  return builder.build();
}

Decision CancelRecorded::decide(engine::Unit& unit) {
  const HolderSet* holder = state_.config().holder_of(key_digest_);
  if (holder == nullptr || holder->id != holder_) return Refuse{Errc::access_key_invalid};
  const auto number = unit.keys().find(unit.session(), purchase_digest_);
  if (!number) return Refuse{Error(Errc::cancel_refused, "There is no purchase with this purchaseId")};
  if (const auto earlier = unit.keys().find(unit.session(), cancel_digest_)) {
    auto cancel = decode<Cancelled>(unit.record(*earlier).payload);
    INVARIANT(cancel.ok() && cancel->tx.purchase_id == request_.purchase_id,
              "a digest stands for one cancelled purchaseId");
    if (cancel->tx.timestamp != request_.timestamp)
      return Refuse{
          Error(Errc::cancel_refused, "This purchase is already cancelled, with another timestamp")};
    return Repeat{*earlier};
  }
  const engine::Record record = unit.record(*number);
  const Recorded purchase = read_recorded(record);
  CancelEffect effect{};
  auto entry = undo(unit, record, purchase, effect);
  if (!entry) {
    if (entry.error().code != Errc::insufficient_balance) return Refuse{entry.error()};
    return Refuse{
        Error(Errc::cancel_refused, "The points of this purchase are spent: " + entry.error().detail)};
  }
  signer_ = require_signer(state_, holder->signer);

  // From here on nothing can be refused.
  Cancelled decided;
  decided.holder = holder_;
  decided.purchase = *number;
  decided.effect = effect;
  decided.entry = std::move(*entry);
  decided.tx.purchase_id = request_.purchase_id;
  decided.tx.timestamp = request_.timestamp;
  decided.tx.signer = holder->signer;
  decided.tx.sequence = unit.counters().last(engine::Counter::purchase_sequence) + 1;
  decided_ = std::make_shared<const Derived<Cancelled>>(derive(std::move(decided), signer_->address_text()));
  return Accept{cancelled_kind, encode(decided_->value), decided_};
}

Bytes CancelRecorded::seal(const engine::Record&) {
  return Bytes(signer_->sign_personal(decided_->leaf).view());
}

void CancelRecorded::render(const engine::Record& record) {
  auto cancel = decode<Cancelled>(record.payload);
  const auto signature = crypto::Signature::from_bytes(record.seal);
  INVARIANT(cancel.ok() && signature.ok(), "a recorded cancel reads back and is signed");
  body_.clear();
  render_cancel(cancel->tx, cancel->tx.signer.to_checksum_text(), *signature, body_);
}

void CancelRecorded::succeeded() noexcept { answer_(std::move(body_)); }
void CancelRecorded::failed(const Error& error) noexcept { answer_(error); }

// ---- blocks

Decision SealBlock::decide(engine::Unit& unit) {
  const OpenBlock& open = state_.open_block();
  const std::vector<Hash> hashes = open.next_hashes();
  BlockSealed block;
  block.header.previous = state_.last_block().hash;
  block.header.merkle_root = merkle_root(hashes);
  block.header.height = state_.last_block().height + 1;
  block.header.timestamp = static_cast<std::uint64_t>(unit.now().unix_seconds());
  block.signer = state_.config().settings.block_signer;
  block.first_record = open.leaves.front().record;
  block.last_record = open.leaves[hashes.size() - 1].record;
  block.first_sequence = open.leaves.front().sequence;
  block.count = hashes.size();
  signer_ = require_signer(state_, block.signer);
  header_hash_ = block.header.hash();
  return Accept{block_kind, encode(block)};
}

Bytes SealBlock::seal(const engine::Record&) { return Bytes(signer_->sign_personal(header_hash_).view()); }

// ---- providing

Decision ProvidePoints::decide(engine::Unit& unit) {
  Provided provided;
  provided.due_at = row_.due_at;
  provided.first = row_.first;
  provided.last = row_.last;
  const std::vector<std::uint64_t> voided = state_.voided_between(unit, row_.first, row_.last);
  ledger::EntryBuilder builder(unit, state_.book());
  unit.each_record(row_.first, row_.last, [&](const engine::Record& record) {
    if (record.kind != recorded_kind) return;
    const Recorded purchase = read_recorded(record);
    if (!purchase.earns()) return;
    if (record.recorded_at + Duration::seconds(static_cast<std::int64_t>(purchase.waiting_s)) != row_.due_at)
      return;
    if (std::find(voided.begin(), voided.end(), record.number) != voided.end()) {
      provided.voided.push_back(record.number);
      return;
    }
    provided.purchases.push_back(record.number);
    const auto issued =
        builder.account(issued_account(to_lower(purchase.tx.shop_id)), point_currency, Floor::none);
    Status moved = builder.release(issued, purchase.loyalty.point);
    if (moved)
      moved =
          move_points(builder, purchase,
                      beneficiary(state_, unit, purchase.loyalty, purchase.tx.user_phone_hash), Way::forth);
    INVARIANT(moved.ok(), "points that were held can be provided");
  });
  auto entry = builder.build();
  INVARIANT(entry.ok(), "points that were held can be provided: " + to_string(entry.error()));
  provided.entry = std::move(*entry);
  return Accept{provided_kind, encode(provided)};
}

}  // namespace jangbu::purchase
