#include "plan/fault_list.hpp"

#include <utility>

namespace portico::plan {

void FaultList::add(std::string message) {
  if (is_full()) {
    ++untold_;
    return;
  }
  faults_.push_back({.path = path(), .message = std::move(message)});
}

void FaultList::add_at(std::string_view name, std::string message) {
  const Within member(*this, name);
  add(std::move(message));
}

void FaultList::add_below(const std::vector<std::string>& path, std::string message) {
  for (const std::string& step : path) steps_.push_back({.name = step});
  add(std::move(message));
  steps_.resize(steps_.size() - path.size());
}

void FaultList::finish() {
  if (untold_ == 0) return;
  // What is judged only where nothing else is wrong may find more: hence `at least`.
  faults_.push_back({.path = {},
                     .message = "Only the first " + std::to_string(rules_.most) +
                                " faults are listed; there are at least " + std::to_string(untold_) + " more."});
  untold_ = 0;
}

std::vector<std::string> FaultList::path() const {
  std::vector<std::string> path;
  path.reserve(rules_.path.size() + steps_.size());
  path = rules_.path;
  for (const Step& step : steps_) {
    path.push_back(step.name.data() == nullptr ? std::to_string(step.index) : std::string(step.name));
  }
  return path;
}

}  // namespace portico::plan
