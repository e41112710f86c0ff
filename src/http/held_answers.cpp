#include "http/held_answers.hpp"

#include <utility>

#include "http/session.hpp"

namespace portico::http {
namespace {

/// A pass's answers are sent in so many parts.
constexpr std::size_t parts = 2;

}  // namespace

bool HeldAnswers::hold(const std::shared_ptr<Session>& session, std::size_t connections) {
  if (connections < 2 * parts) return false;
  if (in_pass_ == 0) end_pass_soon_();
  ++in_pass_;
  send_long_held();
  if ((held_.size() + 1) * parts >= in_last_pass_) {
    send();
    return false;
  }
  if (held_.empty()) since_ = Clock::now();
  held_.push_back(session);
  return true;
}

void HeldAnswers::end_pass() {
  in_last_pass_ = std::exchange(in_pass_, 0);
  send();
}

void HeldAnswers::send() {
  std::vector<std::shared_ptr<Session>> sent;
  std::swap(sent, held_);
  for (const std::shared_ptr<Session>& session : sent) session->send_held();
  sent.clear();
  if (held_.empty()) std::swap(sent, held_);  // its room
}

}  // namespace portico::http
