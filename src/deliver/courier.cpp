#include "deliver/courier.hpp"

#include <array>
#include <condition_variable>
#include <exception>
#include <iostream>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include "base/web_address.hpp"
#include "deliver/back_off.hpp"
#include "deliver/claim.hpp"
#include "deliver/judge_reply.hpp"
#include "deliver/send.hpp"
#include "deliver/signature.hpp"
#include "deliver/try_threads.hpp"
#include "http/loop.hpp"

namespace portico::deliver {
namespace {

namespace asio = boost::asio;
using change::Message;
using change::Verdict;
using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

/// Between two looks for what nobody here has written: of other servers, and what is to be tried again.
constexpr seconds between_looks{1};
constexpr std::uint64_t looks_between_sweeps = 60;

/// How long what was interrupted has to be settled.
constexpr seconds settling_most{2};

constexpr std::array<model::Mode, 2> modes = {model::Mode::Production, model::Mode::Sandbox};

base::Microseconds microseconds(std::chrono::microseconds duration) {
  return duration.count();
}

/// As long as a try may take, and what it takes to settle it: then somebody else may try.
base::Microseconds lease_of(const model::Api& api) {
  return microseconds(2 * api.webhooks.timeout + seconds(1));
}

std::string_view words_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Taken:
    case Verdict::Answered:
      return "taken";
    case Verdict::Again:
      return "again";
    case Verdict::Released:
      return "released";
    case Verdict::GivenUp:
      return "given_up";
  }
  return "";
}

/// What tries of one edition share. Immutable but for its store, which is the courier's thread's.
struct Edition {
  explicit Edition(CourierEdition taken) : rules(taken.api->webhooks.allow), parts(std::move(taken)) {}
  const AddressRules rules;
  const CourierEdition parts;
  std::shared_ptr<store::Store> store = nullptr;
};

/// What a thread that tries needs; it may outlive the courier.
struct Equipment {
  std::function<std::string(const std::string&)> secret_of;
  std::unique_ptr<asio::ssl::context> tls;
  Interruption interruption;
};

/// A message under way.
struct Try {
  std::shared_ptr<Edition> edition;
  model::Mode mode = model::Mode::Production;
  Message message = {};
  std::string host = {};
  Clock::time_point began = {};
  base::Result<Reply> reply = base::Error{};
  bool is_hopeless = false;  ///< no later try can do better
};

/// On a thread of its own.
base::Result<Reply> deliver(const Try& one, Equipment& equipment) {
  const auto address = base::parse_web_address(one.message.target);
  if (!address) return base::Error{.message = {}, .detail = "the target is no URL of http or https"};
  try {
    const std::string secret = equipment.secret_of(one.message.account);
    const std::string fields = signature_fields({.header_prefix = one.edition->parts.header_prefix,
                                                 .secret = secret,
                                                 .id = one.message.id,
                                                 .timestamp = std::to_string(base::now() / 1'000'000),
                                                 .body = one.message.body});
    return send({.address = *address,
                 .fields = fields,
                 .body = one.message.body,
                 .deadline = one.began + one.edition->parts.api->webhooks.timeout,
                 .rules = one.edition->rules,
                 .tls = *equipment.tls,
                 .interruption = equipment.interruption});
  } catch (const std::exception& fault) {
    return base::Error{.message = {}, .detail = fault.what()};
  }
}

}  // namespace

class Courier::Impl {
 public:
  explicit Impl(CourierOptions options)
      : report_(std::move(options.report)), equipment_(std::make_shared<Equipment>()) {
    equipment_->secret_of = std::move(options.secret_of);
    equipment_->tls = make_client_tls(options.authorities_file);
    thread_ = std::thread([this] { run(); });
  }
  ~Impl() { drain(seconds(0)); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] http::LoopHandle loop() {
    return {.post = [mailbox = mailbox_](std::function<void()> function) { mailbox->post(std::move(function)); },
            .io = *io_};
  }

  void take(CourierEdition taken) {
    mailbox_->post([this, edition = std::make_shared<Edition>(std::move(taken))] {
      edition->store = edition->parts.make_store();
      edition_ = edition;
      std::erase_if(editions_, [](const auto& known) { return known.expired(); });
      editions_.push_back(edition);
      look();
    });
  }
  void wake() {
    mailbox_->post([this] { look(); });
  }
  void begin_drain() {
    mailbox_->post([this] {
      draining_ = true;
      tell_if_idle();
    });
  }

  void drain(seconds most) {
    if (!thread_.joinable()) return;
    begin_drain();
    if (!await_idle(most)) {
      equipment_->interruption.interrupt();
      await_idle(settling_most);
    }
    mailbox_->post([this] { io_->stop(); });
    thread_.join();
    threads_.end(Clock::now() + seconds(1));
  }

 private:
  using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, asio::io_context::executor_type>;

  void run() {
    const auto guard = asio::make_work_guard(*io_);
    Timer timer(io_->get_executor());
    wait(timer);
    io_->run();
    const http::Mailbox::Functions waiting = mailbox_->end();  // ends after the stores
    // What is left of tries may hold an edition longer than this thread lives; stores are its own.
    for (const std::weak_ptr<Edition>& known : editions_) {
      if (const auto edition = known.lock()) edition->store.reset();
    }
  }

  void wait(Timer& timer) {
    timer.expires_after(between_looks);
    timer.async_wait([this, &timer](const boost::system::error_code& error) {
      if (error) return;
      if (++looks_ % looks_between_sweeps == 0) sweep();
      look();
      wait(timer);
    });
  }

  bool await_idle(seconds most) {
    std::unique_lock lock(mutex_);
    return idle_.wait_for(lock, most, [this] { return is_idle_; });
  }
  void tell_if_idle() {
    if (!draining_ || under_way_ > 0 || claiming_) return;
    const std::lock_guard lock(mutex_);
    is_idle_ = true;
    idle_.notify_all();
  }

  // Claiming

  /// Both modes, one after the other, as long as there is something to claim.
  void look() {
    wanted_ = {true, true};
    claim_next();
  }

  void claim_next() {
    if (draining_ || claiming_ || edition_ == nullptr || !edition_->parts.api->has_webhooks()) return;
    const base::Limits& limits = edition_->parts.api->limits;
    if (under_way_ >= limits.webhook_tries) return;
    turn_ = wanted_[turn_ % 2] ? turn_ % 2 : (turn_ + 1) % 2;
    if (!std::exchange(wanted_[turn_], false)) return;
    claim(modes[turn_++ % 2], limits.webhook_tries - under_way_);
  }

  void claim(model::Mode mode, std::size_t room) {
    claiming_ = true;
    const model::Api& api = *edition_->parts.api;
    const base::Microseconds now = base::now();
    auto claim = make_claim({.planner = edition_->parts.planner,
                             .mode = mode,
                             .now = now,
                             .until = now + lease_of(api),
                             .room = room,
                             .room_per_host = api.limits.webhook_tries_per_host,
                             .busy = busy_});
    edition_->store->change(claim, mode, [this, edition = edition_, claim, mode](base::Status done) {
      claiming_ = false;
      tell_of_store(done);
      if (done) {
        for (const Message& message : claim->messages())
          begin({.edition = edition, .mode = mode, .message = message});
        const auto index = static_cast<std::size_t>(mode);
        leaves_some_[index] = claim->leaves_some();
        if (!claim->messages().empty()) wanted_[index] = true;
        claim_next();
      }
      tell_if_idle();
    });
  }

  /// Once for as long as it does not work.
  void tell_of_store(const base::Status& done) {
    if (done) {
      store_fails_ = false;
    } else if (!std::exchange(store_fails_, true)) {
      const base::Error& error = done.error();
      std::cerr << "portico: webhooks wait: " << (error.detail.empty() ? error.message : error.detail) << '\n';
    }
  }

  void sweep() {
    if (draining_ || edition_ == nullptr || !edition_->parts.api->has_webhooks()) return;
    const auto kept = std::chrono::duration_cast<std::chrono::microseconds>(edition_->parts.api->limits.webhook_time);
    for (const model::Mode mode : modes) {
      edition_->store->change(
          make_sweep({.planner = edition_->parts.planner, .mode = mode, .oldest = base::now() - kept.count()}), mode,
          [edition = edition_](const base::Status& /*done*/) {});
    }
  }

  // Trying

  void begin(Try started) {
    const auto one = std::make_shared<Try>(std::move(started));
    const auto address = base::parse_web_address(one->message.target);
    one->is_hopeless = !address;
    if (address) one->host = address->authority();
    one->began = Clock::now();
    ++under_way_;
    ++busy_[one->host];
    if (draining_) return settle(one, {.verdict = Verdict::Released});
    threads_.run([this, one, equipment = equipment_, mailbox = mailbox_] {
      one->reply = deliver(*one, *equipment);
      mailbox->post([this, one] { finish(one); });
    });
  }

  void finish(const std::shared_ptr<Try>& one) {
    if (!one->reply && equipment_->interruption.is_due()) return settle(one, {.verdict = Verdict::Released});
    const model::Resource* resource = one->edition->parts.api->find_resource(one->message.resource);
    const model::Webhook* webhook = resource == nullptr ? nullptr : resource->find_webhook(one->message.webhook);
    Judgement judgement = judge_reply(webhook, one->reply);
    const bool is_last = one->is_hopeless || base::now() >= one->message.expires;
    if (judgement.verdict == Verdict::Again && is_last) judgement.verdict = Verdict::GivenUp;
    settle(one, std::move(judgement));
  }

  void settle(const std::shared_ptr<Try>& one, Judgement judgement) {
    const base::Microseconds now = base::now();
    change::Settlement settlement{.api = one->edition->parts.api,
                                  .planner = one->edition->parts.planner,
                                  .mode = one->mode,
                                  .message = one->message,
                                  .verdict = judgement.verdict,
                                  .answer = judgement.answer,
                                  .next_try = now,
                                  .failure = judgement.failure,
                                  .now = now};
    if (judgement.verdict == Verdict::Again) {
      const auto pause = pause_after(one->message.tries, std::uniform_real_distribution<double>(0, 1)(random_));
      settlement.next_try =
          std::min(now + pause.count(), std::max(now + microseconds(seconds(1)), one->message.expires));
    }
    auto requested = change::make_settlement(std::move(settlement));
    one->edition->store->change(requested, one->mode,
                                [this, one, requested, judgement = std::move(judgement)](base::Status done) mutable {
                                  tell_of_store(done);
                                  if (done && !requested->fault().empty())
                                    return settle_without_row(one, judgement, requested->fault());
                                  end(*one, judgement);
                                });
  }

  /// What cannot become of the row will not, however often it is tried.
  void settle_without_row(const std::shared_ptr<Try>& one, const Judgement& judgement, const std::string& fault) {
    const bool is_given_up = judgement.verdict == Verdict::GivenUp;
    if (judgement.verdict != Verdict::Answered && !is_given_up) return end(*one, judgement);
    change::Settlement settlement{.api = one->edition->parts.api,
                                  .planner = one->edition->parts.planner,
                                  .mode = one->mode,
                                  .message = one->message,
                                  .verdict = Verdict::Taken,
                                  .failure = "the row could not be changed: " + fault};
    settlement.now = settlement.next_try = base::now();
    one->edition->store->change(change::make_settlement(std::move(settlement)), one->mode,
                                [this, one, fault, judgement](const base::Status& done) {
                                  tell_of_store(done);
                                  end(*one, {.verdict = judgement.verdict, .failure = "the row stays: " + fault});
                                });
  }

  void end(const Try& one, const Judgement& judgement) {
    report_({.id = one.message.id,
             .account = one.message.account,
             .resource = one.message.resource,
             .webhook = one.message.webhook,
             .host = one.host,
             .mode = one.mode,
             .tries = one.message.tries,
             .status = one.reply ? one.reply->status : 0,
             .result = words_of(judgement.verdict),
             .failure = judgement.failure,
             .took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - one.began)});
    --under_way_;
    const auto busy = busy_.find(one.host);
    if (--busy->second == 0) busy_.erase(busy);
    for (std::size_t i = 0; i < modes.size(); ++i) wanted_[i] = wanted_[i] || leaves_some_[i];
    claim_next();
    tell_if_idle();
  }

  const std::function<void(const TryReport&)> report_;
  const std::shared_ptr<Equipment> equipment_;
  const std::unique_ptr<asio::io_context> io_ = std::make_unique<asio::io_context>(1);
  const std::shared_ptr<http::Mailbox> mailbox_ = std::make_shared<http::Mailbox>(*io_);
  TryThreads threads_;

  // The thread's own:
  std::shared_ptr<Edition> edition_;
  std::vector<std::weak_ptr<Edition>> editions_;
  std::map<std::string, std::size_t> busy_;  // tries under way, by host
  std::size_t under_way_ = 0;
  std::array<bool, 2> wanted_ = {};       // by mode: there may be something to claim
  std::array<bool, 2> leaves_some_ = {};  // by mode: something waits for room
  std::size_t turn_ = 0;
  std::uint64_t looks_ = 0;
  std::minstd_rand random_{std::random_device()()};
  bool claiming_ = false;
  bool draining_ = false;
  bool store_fails_ = false;

  std::mutex mutex_;
  std::condition_variable idle_;
  bool is_idle_ = false;  // guarded by mutex_
  std::thread thread_;
};

Courier::Courier(CourierOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Courier::~Courier() = default;

http::LoopHandle Courier::loop() {
  return impl_->loop();
}
void Courier::take(CourierEdition edition) {
  impl_->take(std::move(edition));
}
void Courier::wake() {
  impl_->wake();
}
void Courier::begin_drain() {
  impl_->begin_drain();
}
void Courier::drain(std::chrono::seconds most) {
  impl_->drain(most);
}

}  // namespace portico::deliver
