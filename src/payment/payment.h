// Checkouts, attempts to pay them, and what a door has to say about both.
//
// A door opens a checkout in a record of its own, hands out its link, and is told what became of it. Between
// the two stand people, card networks and time-outs; they are this folder's business, and no door sees them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/record.h"
#include "engine/unit.h"
#include "ledger/book.h"

namespace jangbu::payment {

using CheckoutNumber = std::uint64_t;
using AttemptNumber = std::uint64_t;
using BillingKeyNumber = std::uint64_t;

/// Which door a checkout belongs to, and what in it; stored. Bills of subscriptions belong to the invoice
/// door and have a listener of their own.
enum class Door : std::uint8_t { hub = 1, invoice = 2, subscription = 3 };

/// What a checkout is for; stored.
enum class Purpose : std::uint8_t {
  pay = 0,
  pay_and_keep = 1,  // the card that pays it is kept, to be charged again without the customer
  keep = 2,          // a card is kept and nothing is charged: the amount is zero
};
/// "pay", "pay_and_keep", "keep".
std::string_view purpose_name(Purpose purpose);

/// A checkout that does not end by itself.
inline constexpr Instant never{INT64_MAX};

/// Stored. `paid` stays `paid` after a part was refunded; `refunding` only while the acquirer is asked.
enum class CheckoutStatus : std::uint8_t {
  open = 0,
  paying = 1,  // an attempt is under way
  paid = 2,
  cancelled = 3,
  expired = 4,
  refunding = 5,
  refunded = 6,
};
/// "open", "paying", ...
std::string_view checkout_status_name(CheckoutStatus status);

struct Item {
  std::string name;
  std::uint64_t quantity = 1;
  Money amount;  // of the whole line

  friend bool operator==(const Item&, const Item&) = default;
};

struct Buyer {
  std::string name;
  std::string email;
  std::string phone;

  friend bool operator==(const Buyer&, const Buyer&) = default;
};

/// What is to be paid once, and how far that has come. A door fills in the first part; the second is ours.
struct Checkout {
  CheckoutNumber number = 0;  // State::next_checkout()
  Door door = Door::hub;
  Purpose purpose = Purpose::pay;  // of the hub's always this
  std::uint64_t document = 0;      // the door's own number for what is paid
  std::string reference;           // what people see: the order code
  Money amount;                    // units of the currency: won for "KRW"; above zero, of `keep` zero
  std::string currency = "KRW";
  std::string name;         // of the goods
  std::vector<Item> items;  // may be empty
  Buyer buyer;
  std::string return_url;  // where the customer goes after paying; may be empty
  std::string cancel_url;  // may be empty
  Instant expires_at;      // business time, after now; or `never`

  CheckoutStatus status = CheckoutStatus::open;
  Money refunded;                    // what went back so far
  AttemptNumber open_attempt = 0;    // a charge or a refund under way; 0: none
  AttemptNumber charge = 0;          // the charge that paid it; 0: none
  std::uint64_t charges = 0;         // charges that were ever begun
  std::uint64_t declines = 0;        // charges that were declined
  BillingKeyNumber billing_key = 0;  // the card that was kept with it; 0: none
  Instant opened_wall_at;            // wall time of the record that opened it

  friend bool operator==(const Checkout&, const Checkout&) = default;
};

/// Stored.
enum class AttemptKind : std::uint8_t {
  charge = 0,
  refund = 1,
  keep = 2,  // a card is to be kept, and no money moves
};

/// Stored.
enum class AttemptStatus : std::uint8_t {
  open = 0,       // its outcome is not known yet
  approved = 1,   // money moved
  declined = 2,   // the acquirer refused
  abandoned = 3,  // the acquirer never heard of it, for so long that it never will
};
std::string_view attempt_status_name(AttemptStatus status);

/// One conversation with an acquirer about money. Its intent is durable before the acquirer hears of it. Of a
/// card it knows the brand and the last four digits.
struct Attempt {
  AttemptNumber number = 0;
  CheckoutNumber checkout = 0;
  AttemptKind kind = AttemptKind::charge;
  AttemptStatus status = AttemptStatus::open;
  /// Of a refund: nobody asked for it; a payment arrived that its checkout could not take any more.
  bool automatic = false;
  /// Of a charge: the kept card that is charged; 0 while there is none.
  BillingKeyNumber billing_key = 0;
  /// Of a charge: the customer is not there.
  bool unattended = false;
  std::string acquirer;
  std::string order_id;  // ours, one for each attempt; the acquirer knows it by this
  Money amount;
  AttemptNumber charge = 0;  // of a refund: the charge that goes back
  std::string reference;     // the acquirer's name for it
  std::string code;          // why it was declined
  std::string message;
  std::string card_brand;
  std::string card_last4;
  Instant opened_at;  // business time
  Instant opened_wall_at;
  Instant ended_at;                // business time; zero while it is open
  std::uint64_t ended_record = 0;  // the record of its outcome; 0 while it is open

  friend bool operator==(const Attempt&, const Attempt&) = default;
};

/// Stored.
enum class KeptCardStatus : std::uint8_t {
  kept = 0,
  forgetting = 1,  // not charged any more; the acquirer is to be told
  forgotten = 2,   // nobody has its key any more
};

/// A card that an acquirer keeps for us. Its key rests sealed beside the books (billing_keys.h).
struct KeptCard {
  BillingKeyNumber number = 0;
  CheckoutNumber checkout = 0;  // with which it was kept
  std::string acquirer;
  std::string card_brand;
  std::string card_last4;
  KeptCardStatus status = KeptCardStatus::kept;
  Instant kept_at;   // business time
  Instant ended_at;  // when it was to be forgotten; zero while it is kept

  friend bool operator==(const KeptCard&, const KeptCard&) = default;
};

/// A door's side of its checkouts. Registered with State::listen(). All calls on the writer thread, with the
/// rules of decide (writes nothing) and apply (looks at the record and at tables only) by their names. A fact
/// about money and the door's reaction to it are one record: apply_* is called from the record's apply.
///
/// Signs of postings: what an account gives is negative, what it gets is positive. Payment posts the
/// acquirer's side on clearing_account(); the door posts the rest, so that the entry balances.
class Listener {
 public:
  virtual ~Listener() = default;

  /// Whether an attempt may begin now. Its error is what the customer is told.
  virtual Status may_pay(engine::Unit& unit, const Checkout& checkout) = 0;

  /// The checkout is being paid: posts checkout.amount to accounts of the door. Returns what apply_paid()
  /// shall find in the record. An error, which must be rare, sends the money back to the customer.
  virtual Result<Bytes> decide_paid(engine::Unit& unit, const Checkout& checkout,
                                    ledger::EntryBuilder& entry) = 0;
  /// It is paid; `checkout` is as it now stands, and the entry is posted.
  virtual void apply_paid(engine::Unit& unit, const engine::Record& record, const Checkout& checkout,
                          ByteView note) = 0;

  /// refund.amount went back to the customer: takes it from accounts of the door. It cannot be refused any
  /// more: a door keeps what it may have to give back, by a hold for instance (INVARIANT).
  virtual Bytes decide_refunded(engine::Unit& unit, const Checkout& checkout, const Attempt& refund,
                                ledger::EntryBuilder& entry) = 0;
  virtual void apply_refunded(engine::Unit& unit, const engine::Record& record, const Checkout& checkout,
                              const Attempt& refund, ByteView note) = 0;
  /// The acquirer does not give the money back (refund.code, refund.message): what State::begin_refund()
  /// announced will not happen. `entry` gives back what the door had set aside for it.
  virtual Bytes decide_refund_failed(engine::Unit& unit, const Checkout& checkout, const Attempt& refund,
                                     ledger::EntryBuilder& entry) = 0;
  virtual void apply_refund_failed(engine::Unit& unit, const engine::Record& record, const Checkout& checkout,
                                   const Attempt& refund, ByteView note) = 0;

  /// A checkout that only keeps a card (`checkout` is as it now stands) has kept this one. A checkout that
  /// pays and keeps says so in apply_paid(): checkout.billing_key.
  virtual void apply_card_kept(engine::Unit& unit, const engine::Record& record, const Checkout& checkout,
                               const KeptCard& card);
  /// What State::begin_charge() began did not pay: the acquirer declined (attempt.code), never heard of it,
  /// or took money that this checkout could not take any more and that is on its way back. `checkout` is as
  /// it now stands.
  virtual void apply_not_charged(engine::Unit& unit, const engine::Record& record, const Checkout& checkout,
                                 const Attempt& attempt);

  /// A charge that the customer began was declined; the checkout may be tried again.
  virtual void apply_declined(engine::Unit&, const engine::Record&, const Checkout&, const Attempt&) {}

  /// It was not paid in time.
  virtual void apply_expired(engine::Unit& unit, const engine::Record& record, const Checkout& checkout) = 0;
};

/// What an acquirer took for us and has not paid out: negative by what it owes us. Floor::none.
std::string clearing_account(std::string_view acquirer);
/// Payments that nothing could be done with, on their way back to the customer. Floor::zero.
inline constexpr std::string_view returning_account = "payment:returning";

}  // namespace jangbu::payment
