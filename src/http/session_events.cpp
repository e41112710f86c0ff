// What happens to a session from outside: the transport's outcomes, time, the loop's end.
#include <exception>
#include <poll.h>
#include <utility>

#include "http/session.hpp"

namespace portico::http {
namespace {

using base::ErrorCode;

// After the last answer: what the client still sends is read and dropped, so that the answer is not lost to a reset.
constexpr std::chrono::seconds linger_time{2};
constexpr std::size_t linger_bytes = std::size_t{16} * 1024 * 1024;
constexpr std::uint64_t shrink_after_seconds = 2;
constexpr std::size_t room_kept = 1024;  // of each string and buffer, while idle

enum class Client : std::uint8_t { There, Ended, Gone };

/// Whether bytes, or the end of them, wait in the kernel; reads nothing.
bool has_unread(int descriptor) {
  pollfd look{.fd = descriptor, .events = POLLIN, .revents = 0};
  return ::poll(&look, 1, 0) > 0;
}

/// What the kernel knows of the other end; reads nothing.
Client state_of_client(int descriptor) {
  pollfd look{.fd = descriptor, .events = POLLRDHUP, .revents = 0};
  if (::poll(&look, 1, 0) <= 0) return Client::There;
  return (look.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0 ? Client::Gone : Client::Ended;
}

void give_back(std::string& text) {
  if (text.capacity() > room_kept) std::string().swap(text);
}

}  // namespace

void Session::on_open(Outcome outcome) {
  if (outcome != Outcome::Done) return close();
  phase_ = Phase::Head;
  advance();
}

void Session::on_read(Outcome outcome, std::size_t count) {
  reading_ = false;
  if (phase_ == Phase::Lingering) {
    if (outcome != Outcome::Done || count >= linger_left_) return close();
    linger_left_ -= count;
    return drop_more();
  }
  if (outcome == Outcome::Failed) return fail();
  if (outcome == Outcome::Ended) ended_ = true;
  // A read may still end after its request was refused for being late; its bytes come too late as well.
  if (phase_ == Phase::Head || phase_ == Phase::Body) {
    read_at_ = std::chrono::steady_clock::now();
    if (!request_began_) began_ = read_at_;
    idle_since_ = never;
    (read_into_ == ReadInto::Input ? input_ : body_).commit(count);
  }
  advance();
}

void Session::on_written(Outcome outcome) {
  writing_ = false;
  write_deadline_ = never;
  output_.clear();
  if (outcome != Outcome::Done) return fail();
  advance();
}

void Session::on_finished() {
  if (phase_ != Phase::Lingering) return;
  if (ended_) return close();
  if (!reading_) drop_more();
}

void Session::read_more(ReadInto into) {
  reading_ = true;
  read_into_ = into;
  transport_->read(into == ReadInto::Input ? input_.room() : body_.room());
}

void Session::flush() {
  if (!output_.empty() && !writing_) write(output_, {});
}

/// Whether what is to be sent waits for others' answers: then nothing is read before it is sent.
bool Session::is_held() {
  held_ = loop_->held_answers.hold(shared_from_this(), loop_->sessions.size());
  return held_;
}

void Session::send_held() {
  if (!held_) return;
  try {
    flush();
  } catch (const std::exception&) {  // out of memory: this connection alone ends
    return close();
  }
  advance();
}

void Session::write(std::string_view first, std::string_view second) {
  held_ = false;
  if (transport_ == nullptr) return output_.clear();
  switch (transport_->write(first, second)) {
    case Sent::All:
      return output_.clear();
    case Sent::Later:
      writing_ = true;
      write_deadline_ = deadline_after(loop_->limits.write_timeout);
      return;
    case Sent::Failed:
      output_.clear();
      return fail();
  }
}

/// The connection is gone. A request that the application works on is let go when it has completed.
void Session::fail() {
  const std::shared_ptr<Session> self = shared_from_this();
  if (phase_ == Phase::Sending) tell_answered();
  if (phase_ != Phase::Handling) return close();
  if (transport_ != nullptr) {
    transport_->close();
    transport_->detach();
    transport_.reset();
  }
  writing_ = reading_ = false;
  write_deadline_ = never;
  if (answer_ready_) return advance();
  tell_gone();
}

/// Whether somebody still waits for the answer under way, where the application wants to know.
void Session::look_at_client() {
  if (phase_ != Phase::Handling || !gone_) return;
  if (transport_ == nullptr) return tell_gone();
  switch (state_of_client(transport_->descriptor())) {
    case Client::There:
      return;
    case Client::Ended:
      if (!std::exchange(client_ended_, true)) return;  // it may only have ended its sending: a second more
      return fail();
    case Client::Gone:
      return fail();
  }
}

void Session::tell_gone() {
  if (const auto gone = std::exchange(gone_, nullptr)) gone();
}

/// Says that nothing follows, then waits for the client to have read it (RFC 9112 §9.6).
void Session::linger() {
  phase_ = Phase::Lingering;
  deadline_ = deadline_after(linger_time);
  linger_left_ = linger_bytes;
  transport_->finish();
}

void Session::drop_more() {
  reading_ = true;
  transport_->drop(loop_->scratch);
}

void Session::close() {
  if (phase_ == Phase::Closed) return;
  const std::shared_ptr<Session> self = shared_from_this();
  phase_ = Phase::Closed;
  deadline_ = write_deadline_ = idle_since_ = never;
  if (transport_ != nullptr) {
    transport_->close();
    transport_->detach();
    transport_.reset();
  }
  LoopState& loop = *std::exchange(loop_, nullptr);
  give_large_body_back(loop);
  loop.sessions.back()->index_ = index_;
  std::swap(loop.sessions[index_], loop.sessions.back());
  loop.sessions.pop_back();
  if (loop.session_gone) loop.session_gone();
}

void Session::tick() {
  if (idle_since_ != never && loop_->second >= idle_since_ + shrink_after_seconds) shrink();
  if (write_deadline_ <= loop_->second) return fail();
  look_at_client();
  if (loop_ == nullptr) return;  // that ended it
  if (deadline_ > loop_->second) return;
  switch (phase_) {
    case Phase::Opening:
    case Phase::Lingering:
      return close();
    case Phase::Head:
    case Phase::Body:
      if (phase_ == Phase::Head && !request_began_) return linger();
      return refuse_late();
    case Phase::Handling:
    case Phase::Sending:
    case Phase::Closed:
      return;
  }
}

void Session::refuse_late() {
  const bool in_head = phase_ == Phase::Head;
  const std::chrono::seconds time = in_head ? loop_->limits.head_timeout : loop_->limits.body_timeout;
  std::string message = "The request's ";
  message.append(in_head ? "head" : "body").append(" did not arrive within ");
  message.append(std::to_string(time.count())).append(time.count() == 1 ? " second." : " seconds.");
  refuse({.code = ErrorCode::RequestTimeout, .message = std::move(message)});
  advance();
}

bool Session::is_idle() const {
  return phase_ == Phase::Head && !request_began_ && !writing_;
}

/// While draining: whether a request that nobody could answer elsewhere may be on its way. A client that never got an
/// answer here does not expect an end; any other learns of it from the end (RFC 9112 §9.5), unless it has sent
/// already.
bool Session::may_ask() const {
  return !asked_before_ || has_unread(transport_->descriptor());
}

void Session::drain() {
  send_held();
  const bool opening = phase_ == Phase::Opening;
  if (!opening && !is_idle()) return;
  if (opening || may_ask()) {
    deadline_ = std::min(deadline_, deadline_after(drain_patience));
    return;
  }
  if (transport_->encrypted()) return linger();  // TLS wants its end said
  close();
}

void Session::abandon() {
  if (held_) flush();
  fail();
  if (phase_ != Phase::Closed) close();
}

void Session::shrink() {
  idle_since_ = never;
  if (body_.capacity() > room_kept) body_.reset(0);
  give_back(output_);
  give_back(response_.head);
  give_back(response_.body);
  parser_.shrink();
}

}  // namespace portico::http
