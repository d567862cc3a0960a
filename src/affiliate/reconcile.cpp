#include "affiliate/reconcile.h"

#include <algorithm>
#include <future>

#include <spdlog/spdlog.h>

#include "affiliate/conversions.h"
#include "affiliate/settlement_calendar.h"
#include "affiliate/wire_intake.h"
#include "base/counted.h"
#include "ledger/said.h"

namespace jangbu::affiliate {
namespace {

/// The books have all of a merchant's lists of a day.
class FinishList final : public engine::Command {
 public:
  FinishList(SettlementBook& book, ListFetched fetched, std::function<void(Status)> done)
      : book_(book), fetched_(fetched), done_(std::move(done)) {}
  engine::Decision decide(engine::Unit& unit) override {
    const ListProgressRow* progress = book_.progress(unit, fetched_.merchant);
    if (progress == nullptr) return engine::Refuse{Errc::not_found};
    if (fetched_.day <= progress->done) return engine::Beside{};
    return ledger::accept(list_fetched_kind, fetched_);
  }
  void succeeded() noexcept override { done_({}); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  SettlementBook& book_;
  ListFetched fetched_;
  std::function<void(Status)> done_;
};

/// Waits for what `begin` is told; unavailable when it does not come in time.
template <typename T, typename Begin>
Result<T> wait_for(Duration patience, Begin begin) {
  const auto told = std::make_shared<std::promise<Result<T>>>();
  auto future = told->get_future();
  begin([told](Result<T> result) { told->set_value(std::move(result)); });
  if (future.wait_for(std::chrono::microseconds(patience.us)) != std::future_status::ready)
    return Error(Errc::overloaded, "there was no answer in time");
  return future.get();
}

}  // namespace

std::string list_url(std::string_view base, ListKind kind, Day day) {
  const std::string number = std::to_string(day);
  std::string url(base);
  url += base.find('?') == std::string_view::npos ? '?' : '&';
  switch (kind) {
    case ListKind::paid:
      return url + "paid_ymd=" + number;
    case ListKind::confirmed:
      return url + "confirmed_ymd=" + number + "&comfirmed_ymd=" + number;
    case ListKind::canceled:
      return url + "canceled_ymd=" + number;
  }
  return url;
}

ListedOrders::ListedOrders(std::string_view body, std::string_view merchant_id)
    : items_(body), merchant_id_(merchant_id) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = body.find_first_not_of(blanks);
  is_empty_ = begin == std::string_view::npos ||
              body.substr(begin, body.find_last_not_of(blanks) + 1 - begin) == "null";
}

Result<ListedOrders::Item> ListedOrders::next() {
  if (is_empty_) return Item{true, {}};
  const auto text = items_.next();
  if (!text) return Error(Errc::invalid_parameters, "the list is no array");
  if (!*text) return Item{true, {}};
  ++count_;
  if ((*text)->size() <= max_listed_order_bytes) {
    const auto document = json::Document::parse(**text);
    if (!document) return Error(Errc::invalid_parameters, "the list is no JSON");
    IntakeRead read = read_listed(document->root());
    if (read.fault.empty() && read.form.merchant_id == merchant_id_) return Item{false, std::move(read.form)};
  }
  ++refused_;
  return Item{};
}

Result<std::unique_ptr<Reconciler>> Reconciler::make(engine::Engine& engine, SettlementBook& book,
                                                     const ConfigBoard& board, const Clock& clock,
                                                     ReconcilerOptions options) {
  options.client.reach = book.affiliates().surroundings().reach;
  ASSIGN_OR_RETURN(auto client, delivery::Client::start(options.client));
  return std::unique_ptr<Reconciler>(
      new Reconciler(engine, book, board, clock, std::move(options), std::move(client)));
}

Reconciler::Reconciler(engine::Engine& engine, SettlementBook& book, const ConfigBoard& board,
                       const Clock& clock, ReconcilerOptions options,
                       std::unique_ptr<delivery::Client> client)
    : engine_(engine),
      book_(book),
      board_(board),
      options_(std::move(options)),
      client_(std::move(client)),
      executor_(clock) {
  executor_.set_failed([](const char* what) { spdlog::critical("a merchant's list failed: {}", what); });
  book_.observe([this](const std::vector<WantedLists>& wanted) { want(wanted); });
}

Reconciler::~Reconciler() {
  book_.observe({});
  stop();
}

void Reconciler::start() {
  engine_.read(
      [this](store::Session& session) {
        const auto wanted = unfinished_lists(session);
        if (!wanted) return spdlog::warn("merchants' lists: {}", to_string(wanted.error()));
        want(*wanted);
      },
      [](const Error& error) { spdlog::warn("merchants' lists: {}", to_string(error)); });
  executor_.start(options_.threads);
}

void Reconciler::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  std::unique_ptr<delivery::Client> client;
  {
    const std::lock_guard lock(mutex_);
    client = std::move(client_);
  }
  client.reset();  // what is under way is answered with an error
  executor_.stop();
}

bool Reconciler::is_behind() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(jobs_.begin(), jobs_.end(), [](const auto& job) { return job.second.is_fresh; });
}

void Reconciler::want(const std::vector<WantedLists>& wanted) {
  for (const WantedLists& each : wanted) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      Job& job = jobs_[each.merchant];
      job.done = std::max(job.done, each.done);
      job.asked = std::max(job.asked, each.asked);
      job.tries = 0;
      job.is_fresh = true;
    }
    executor_.put({}, [this, merchant = each.merchant] { work(merchant); });
  }
}

void Reconciler::work(MerchantNumber number) {
  Job job;
  {
    const std::lock_guard lock(mutex_);
    const auto it = jobs_.find(number);
    if (it == jobs_.end() || it->second.waits || stopping_) return;
    it->second.waits = true;
    job = it->second;
  }
  Status taken;
  const auto config = board_.current();
  const MerchantSet* merchant = config->merchant(number);
  const bool has_list = merchant != nullptr && !merchant->list_url.empty() && engine_.is_writer();
  Day done = job.done;
  // The oldest first, one in a turn, so that no merchant's many days keep the others waiting; what lies too
  // far back is given up.
  if (has_list) {
    Day earliest = job.asked;
    for (int i = 1; i < options_.most_days && earliest > done; ++i) earliest = day_before(earliest);
    done = std::max(done, day_before(earliest));
    if (done < job.asked) {
      taken = take_day(*merchant, next_day(done));
      if (taken) done = next_day(done);
    }
  }
  std::optional<Duration> again;
  {
    const std::lock_guard lock(mutex_);
    Job& now = jobs_[number];
    now.waits = false;
    now.done = std::max(now.done, done);
    const bool more_came = now.asked > job.asked;
    if (taken) now.tries = 0;
    if (!has_list || (taken && now.done >= now.asked)) {
      jobs_.erase(number);
    } else if (taken || more_came) {
      again = Duration{};
    } else {
      now.is_fresh = false;
      if (++now.tries < options_.most_tries) again = delay_after(now.tries);
    }
  }
  if (!taken)
    spdlog::warn("the lists of merchant {} could not be had: {}", merchant->id, to_string(taken.error()));
  if (again) executor_.put(*again, [this, number] { work(number); });
}

Duration Reconciler::delay_after(int tries) const {
  Duration delay = options_.first_delay;
  for (int i = 1; i < tries && delay < options_.longest_delay; ++i) delay.us *= 2;
  return std::min(delay, options_.longest_delay);
}

Result<ListedOrders::Item> Reconciler::next_of(ListedOrders& listed) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Errc::shutting_down;
  }
  const std::lock_guard one_at_a_time(reading_);
  return listed.next();
}

Status Reconciler::take_list(const MerchantSet& merchant, ListKind kind, ListFetched& fetched) {
  ASSIGN_OR_RETURN(const std::string body, fetch(list_url(merchant.list_url, kind, fetched.day)));
  ListedOrders listed(body, merchant.id);
  while (true) {
    ASSIGN_OR_RETURN(auto item, next_of(listed));
    if (item.is_end) break;
    if (!item.order) continue;
    bool refused = false;
    RETURN_IF_ERROR(take_order(std::move(*item.order), refused));
    if (refused) ++fetched.refused;
  }
  fetched.orders += listed.count();
  fetched.refused += listed.refused();
  return {};
}

Status Reconciler::take_day(const MerchantSet& merchant, Day day) {
  ListFetched fetched{merchant.number, day, 0, 0};
  for (const ListKind kind : {ListKind::paid, ListKind::confirmed, ListKind::canceled})
    RETURN_IF_ERROR(take_list(merchant, kind, fetched));
  if (fetched.refused != 0)
    spdlog::warn("of {} in the lists of merchant {} for {}, {} could not be taken",
                 counted(fetched.orders, "order"), merchant.id, day, fetched.refused);
  const auto told = wait_for<bool>(options_.patience, [&](auto done) {
    auto command = std::make_unique<FinishList>(book_, fetched, [done](const Status& status) {
      done(status ? Result<bool>(true) : Result<bool>(status.error()));
    });
    if (const Status queued = engine_.submit(std::move(command)); !queued) done(queued.error());
  });
  if (!told) return told.error();
  return {};
}

Result<std::string> Reconciler::fetch(const std::string& url) {
  ASSIGN_OR_RETURN(delivery::Answer answer, wait_for<delivery::Answer>(options_.patience, [&](auto done) {
                     const std::lock_guard lock(mutex_);
                     if (!client_) return done(Errc::shutting_down);
                     client_->get(url, [done](delivery::Answer answered) { done(std::move(answered)); });
                   }));
  if (!answer.error.empty()) return Error(Errc::invalid_parameters, answer.error);
  if (answer.status < 200 || answer.status > 299)
    return Error(Errc::invalid_parameters, "status " + std::to_string(answer.status));
  if (answer.cut_off) return Error(Errc::invalid_parameters, "the list is too long");
  return std::move(answer.body);
}

Status Reconciler::take_order(OrderForm order, bool& refused) {
  const auto told = wait_for<TakeOrder::Told>(options_.patience, [&](auto done) {
    auto command =
        std::make_unique<TakeOrder>(book_.affiliates(), std::move(order), nullptr, std::move(done));
    if (const Status queued = engine_.submit(std::move(command)); !queued) done(queued.error());
  });
  if (!told) return told.error();
  refused =
      std::any_of(told->items.begin(), told->items.end(), [](const Item& item) { return !item.success; });
  return {};
}

}  // namespace jangbu::affiliate
