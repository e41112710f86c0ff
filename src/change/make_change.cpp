#include "change/make_change.hpp"

#include "change/attempt.hpp"

namespace portico::change {
namespace {

class Requested final : public RequestedChange {
 public:
  explicit Requested(ChangeRequest request) : request_(std::move(request)) {}

  std::unique_ptr<store::Procedure> begin() override {
    outcome_ = {};
    return std::make_unique<Attempt>(request_, outcome_);
  }
  [[nodiscard]] const Outcome& outcome() const override { return outcome_; }

 private:
  const ChangeRequest request_;
  Outcome outcome_;
};

}  // namespace

std::shared_ptr<RequestedChange> make_change(ChangeRequest request) {
  return std::make_shared<Requested>(std::move(request));
}

}  // namespace portico::change
