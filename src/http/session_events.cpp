// What happens to a session from outside: the transport's outcomes, time, the loop's end.
#include <exception>
#include <poll.h>
#include <utility>

#include "http/acknowledged.hpp"
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
  received_ += count;
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
      taken_before_ = never;
      return;
    case Sent::Failed:
      output_.clear();
      return fail();
  }
}

/// The connection is gone. A request that the application works on is let go when it has completed.
void Session::fail(std::string_view why) {
  const std::shared_ptr<Session> self = shared_from_this();
  if (phase_ == Phase::Sending) tell_cut(why);
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
  if (loop.connections != nullptr) loop.connections->fetch_sub(1, std::memory_order_relaxed);
  if (loop.session_gone) loop.session_gone();
}

void Session::tick() {
  if (idle_since_ != never && loop_->second >= idle_since_ + shrink_after_seconds) shrink();
  if (answer_is_taken_too_slowly()) return fail("the client took it too slowly");
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
      if (phase_ == Phase::Body && body_comes_fast_enough()) return;
      return refuse_late();
    case Phase::Handling:
    case Phase::Sending:
    case Phase::Closed:
      return;
  }
}

std::uint64_t Session::least_transferred(std::chrono::seconds time) const {
  return static_cast<std::uint64_t>(time.count()) * loop_->limits.transfer_rate;
}

/// A large body may take its time: then as much more, again and again.
bool Session::body_comes_fast_enough() {
  const std::chrono::seconds time = loop_->limits.body_timeout;
  if (received_ - received_before_ < least_transferred(time)) return false;
  received_before_ = received_;
  deadline_ = deadline_after(time);
  return true;
}

/// The same for a large answer. What counts is what has arrived: the kernel holds megabytes on their way, and for
/// minutes it may want no more from us.
bool Session::answer_is_taken_too_slowly() {
  if (write_deadline_ == never || transport_ == nullptr) return false;
  if (taken_before_ != never && write_deadline_ > loop_->second) return false;
  const std::uint64_t taken = acknowledged_bytes(transport_->descriptor());
  if (taken_before_ == never) taken_before_ = taken;
  if (write_deadline_ > loop_->second) return false;
  const std::chrono::seconds time = loop_->limits.write_timeout;
  if (taken - taken_before_ < least_transferred(time)) return true;
  taken_before_ = taken;
  write_deadline_ = deadline_after(time);
  return false;
}

void Session::refuse_late() {
  const bool in_head = phase_ == Phase::Head;
  const std::chrono::seconds time = in_head ? loop_->limits.head_timeout : loop_->limits.body_timeout;
  std::string message =
      in_head ? "The request's head did not arrive within " : "The request's body did not arrive within ";
  message.append(std::to_string(time.count())).append(time.count() == 1 ? " second" : " seconds");
  if (!in_head)
    message.append(", nor at ").append(std::to_string(loop_->limits.transfer_rate)).append(" bytes a second");
  message += '.';
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
