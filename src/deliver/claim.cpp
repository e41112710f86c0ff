#include "deliver/claim.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

#include "change/part.hpp"
#include "plan/outbox_statements.hpp"

namespace portico::deliver {
namespace {

using change::Dialogue;
using change::Message;
using change::Part;
using store::Given;
using Step = store::Procedure::Step;

/// How many that are due are looked at; those of a host that has enough of them are left to the next claim.
constexpr std::size_t looked_at_once = 256;

Message message_of(std::span<const base::Cell> cells) {
  Message message;
  message.id = cells[0].text;
  message.account = cells[1].text;
  message.resource = cells[2].text;
  message.row = cells[3].text;
  message.webhook = cells[4].text;
  message.target = cells[5].text;
  message.body = cells[6].text;
  message.tries = cells[7].integer;
  message.expires = cells[8].integer;
  return message;
}

/// A course that asks one statement after the other.
class Asking : public store::Procedure {
 public:
  Step next(Given&& given) override {
    if (!course_) {
      course_.emplace(run());
      course_->begin();
    } else {
      dialogue_.answer(std::move(given));
    }
    return course_->is_done() ? course_->take() : Step::Ask;
  }
  [[nodiscard]] const store::Ask& ask() const override { return dialogue_.asked(); }
  void violated(const store::Violation& violation) override {
    throw std::logic_error("the outbox refuses what it holds: " + violation.table);
  }

 protected:
  virtual Part<Step> run() = 0;
  Dialogue dialogue_;

 private:
  std::optional<Part<Step>> course_;
};

struct Claimed {
  std::vector<Message> messages;
  bool leaves_some = false;
};

class Claiming final : public Asking {
 public:
  Claiming(const ClaimWish& wish, Claimed& claimed)
      : wish_(wish), claimed_(claimed), outbox_{.planner = *wish.planner, .mode = wish.mode} {}

 private:
  Part<Step> run() override {
    std::map<std::string, std::size_t> busy = wish_.busy;
    plan::RowQuery look = plan::due_entries(outbox_, due_wish());
    const Given due = co_await dialogue_.ask(std::move(look));
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < due.rows.size() && ids.size() < wish_.room; ++i) {
      std::size_t& of_host = busy[std::string(due.rows.row(i)[1].text)];
      if (of_host >= wish_.room_per_host) continue;
      ++of_host;
      ids.emplace_back(due.rows.row(i)[0].text);
    }
    claimed_.leaves_some = ids.size() < due.rows.size() || hosts_are_full();
    if (ids.empty()) co_return Step::RollBack;
    plan::RowQuery claim = plan::claim_entries(outbox_, ids, wish_.until);
    const Given given = co_await dialogue_.ask(std::move(claim));
    for (std::size_t i = 0; i < given.rows.size(); ++i) claimed_.messages.push_back(message_of(given.rows.row(i)));
    co_return Step::Commit;
  }

  [[nodiscard]] plan::DueWish due_wish() const {
    plan::DueWish wish;
    wish.now = wish_.now;
    wish.most = looked_at_once;
    for (const auto& [host, tries] : wish_.busy) {
      if (tries >= wish_.room_per_host) wish.hosts_left_out.push_back(host);
    }
    return wish;
  }
  [[nodiscard]] bool hosts_are_full() const { return !due_wish().hosts_left_out.empty(); }

  const ClaimWish& wish_;
  Claimed& claimed_;
  const plan::Outbox outbox_;
};

class RequestedClaim final : public Claim {
 public:
  explicit RequestedClaim(ClaimWish wish) : wish_(std::move(wish)) {}

  std::unique_ptr<store::Procedure> begin() override {
    claimed_ = {};
    return std::make_unique<Claiming>(wish_, claimed_);
  }
  [[nodiscard]] const std::vector<Message>& messages() const override { return claimed_.messages; }
  [[nodiscard]] bool leaves_some() const override { return claimed_.leaves_some; }

 private:
  const ClaimWish wish_;
  Claimed claimed_;
};

class Sweeping final : public Asking {
 public:
  explicit Sweeping(const SweepWish& wish) : wish_(wish) {}

 private:
  Part<Step> run() override {
    const plan::Outbox outbox{.planner = *wish_.planner, .mode = wish_.mode};
    plan::Statement sweep = plan::forget_entries(outbox, wish_.oldest);
    const Given given = co_await dialogue_.ask(std::move(sweep));
    co_return given.changed > 0 ? Step::Commit : Step::RollBack;
  }

  const SweepWish& wish_;
};

class RequestedSweep final : public store::Mutation {
 public:
  explicit RequestedSweep(SweepWish wish) : wish_(std::move(wish)) {}
  std::unique_ptr<store::Procedure> begin() override { return std::make_unique<Sweeping>(wish_); }

 private:
  const SweepWish wish_;
};

}  // namespace

std::shared_ptr<Claim> make_claim(ClaimWish wish) {
  return std::make_shared<RequestedClaim>(std::move(wish));
}

std::shared_ptr<store::Mutation> make_sweep(SweepWish wish) {
  return std::make_shared<RequestedSweep>(std::move(wish));
}

}  // namespace portico::deliver
