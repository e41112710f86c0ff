#include "http/session.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "http/local_address.hpp"

namespace portico::http {
namespace {

using base::ErrorCode;

constexpr std::size_t input_bytes_kept = 4096;      // an idle connection's buffer
constexpr std::size_t chunk_room = 2048;            // least room to read the lines between chunks into
constexpr std::size_t body_first_room = 16 * 1024;  // a body's buffer grows as bytes come, not as they are announced
constexpr std::size_t copied_body_max = 4096;       // above it a body is sent from where it is
constexpr std::size_t batch_bytes_max = 16 * 1024;  // answers to pipelined requests that wait for each other
constexpr std::size_t spare_body_max = std::size_t{1024} * 1024;
constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Session::Session(LoopState& loop, std::string peer_address)
    : loop_(&loop), parser_(loop.limits), chunks_(loop.limits), peer_address_(std::move(peer_address)) {}

void Session::start(std::shared_ptr<Transport> transport) {
  transport_ = std::move(transport);
  transport_->attach(shared_from_this());
  index_ = loop_->sessions.size();
  loop_->sessions.push_back(shared_from_this());
  if (loop_->connections != nullptr) loop_->connections->fetch_add(1, std::memory_order_relaxed);
  deadline_ = deadline_after(loop_->limits.head_timeout);
  transport_->open();
}

void Session::complete() {
  if (loop_ == nullptr || phase_ != Phase::Handling || answer_ready_) return;
  answer_ready_ = true;
  if (gone_) gone_ = nullptr;
  advance();
}

/// Goes on until something must be waited for. A loop, not a recursion: thousands of pipelined requests may be
/// answered at once, each from within handle().
void Session::advance() {
  if (advancing_) return;
  const std::shared_ptr<Session> self = shared_from_this();
  advancing_ = true;
  try {
    while (step()) {
    }
  } catch (const std::exception&) {  // out of memory: this connection alone ends
    close();
  }
  advancing_ = false;
}

/// One step; whether another one may follow at once.
bool Session::step() {
  switch (phase_) {
    case Phase::Head:
      return read_head();
    case Phase::Body:
      return read_body();
    case Phase::Handling:
      if (answer_ready_) return send_answer();
      flush();  // answers to requests before this one need not wait for it
      return answer_ready_;
    case Phase::Sending:
      return !writing_ && answer_sent();
    case Phase::Opening:
    case Phase::Lingering:
    case Phase::Closed:
      break;
  }
  return false;
}

bool Session::read_head() {
  if (reading_ || writing_) return false;
  if (input_.empty()) return wait_for_head();
  switch (parser_.parse(input_.view())) {
    case HeadProgress::NeedMore:
      return wait_for_head();
    case HeadProgress::Refused:
      refuse(parser_.error());
      return true;
    case HeadProgress::Complete:
      break;
  }
  return take_head();
}

bool Session::wait_for_head() {
  if (held_) return false;  // send_held() goes on
  flush();
  if (writing_ || phase_ != Phase::Head) return false;
  if (!request_began_ && parser_.in_request()) {
    request_began_ = true;
    deadline_ = deadline_after(loop_->limits.head_timeout);
  }
  if (ended_ && request_began_) {
    refuse({.code = ErrorCode::MalformedRequest,
            .message = "The connection ended before the request's head was whole."});
    return true;
  }
  if (ended_ || (loop_->draining && !request_began_ && !may_ask())) {
    linger();
    return false;
  }
  if (!request_began_) {
    deadline_ = deadline_after(loop_->draining ? drain_patience : loop_->limits.idle_timeout);
    idle_since_ = loop_->second;
    if (input_.empty() && input_.capacity() != input_bytes_kept) input_.reset(input_bytes_kept);
  }
  if (input_.room().empty()) {
    input_.make_room(1, loop_->limits.head_bytes + chunk_room);
    parser_.restart();  // its views went with the old place
    if (parser_.parse(input_.view()) != HeadProgress::NeedMore) return true;
  }
  read_more(ReadInto::Input);
  return false;
}

/// A whole head: is its body wanted, and must the client be told so (RFC 9110 §10.1.1)?
bool Session::take_head() {
  Head& head = parser_.head();
  phase_ = Phase::Body;
  request_began_ = true;
  deadline_ = deadline_after(loop_->limits.body_timeout);
  received_before_ = received_;
  body_apart_ = false;
  if (head.framing == Framing::None) {
    request_bytes_ = head.bytes;
    return handle_request();
  }
  if (auto admitted = admit_body(head); !admitted) {
    refuse(std::move(admitted).error());
    return true;
  }
  if (head.framing == Framing::Chunked) chunks_.restart(body_bytes_max_);
  const bool nothing_came = input_.size() == head.bytes;
  const bool comes = head.framing == Framing::Chunked || head.content_length > 0;
  if (head.expects_continue && nothing_came && comes) output_.append(continue_line);
  return true;
}

/// One that may be longer than usual is let in as far as the loop has room for such bodies. The first of them always
/// is.
base::Status Session::admit_body(const Head& head) {
  const base::Limits& limits = loop_->limits;
  const bool is_sized = head.framing == Framing::Length;
  body_bytes_max_ = limits.body_bytes;
  if (is_sized && head.content_length <= body_bytes_max_) return base::ok();
  if (loop_->application.body_bytes_max) {
    body_bytes_max_ = std::max(body_bytes_max_, loop_->application.body_bytes_max(head.request));
  }
  if (is_sized && head.content_length > body_bytes_max_) {
    return base::Error{.code = ErrorCode::BodyTooLarge,
                       .message = "The body of " + std::to_string(head.content_length) + " bytes is longer than " +
                                  std::to_string(body_bytes_max_) + " bytes."};
  }
  if (body_bytes_max_ == limits.body_bytes) return base::ok();
  const std::size_t most = is_sized ? static_cast<std::size_t>(head.content_length) : body_bytes_max_;
  if (loop_->large_bodies_bytes != 0 && loop_->large_bodies_bytes + most > limits.large_bodies_bytes) {
    return base::Error{.code = ErrorCode::Unavailable,
                       .message = "Too many large bodies are coming in at once; try again in a few seconds.",
                       .detail = "large_bodies_bytes"};
  }
  loop_->large_bodies_bytes += most;
  large_body_bytes_ = most;
  return base::ok();
}

bool Session::read_body() {
  if (reading_ || writing_) return false;
  return parser_.head().framing == Framing::Chunked ? read_chunked_body() : read_sized_body();
}

/// The body stays behind the head where the buffer has the room, else it goes to a buffer of its own.
bool Session::read_sized_body() {
  Head& head = parser_.head();
  const auto length = static_cast<std::size_t>(head.content_length);
  if (!body_apart_) {
    if (input_.size() >= head.bytes + length) {
      head.request.body = input_.view().substr(head.bytes, length);
      request_bytes_ = head.bytes + length;
      return handle_request();
    }
    if (input_.reach() >= head.bytes + length) return wait_for_body(ReadInto::Input);
    body_apart_ = true;
    body_.clear();
    body_.append(input_.view().substr(head.bytes), length);
    input_.truncate(head.bytes);
  }
  if (body_.size() == length) {
    head.request.body = body_.view();
    request_bytes_ = head.bytes;
    return handle_request();
  }
  return wait_for_body(ReadInto::Body);
}

bool Session::read_chunked_body() {
  Head& head = parser_.head();
  if (!body_apart_) body_.clear();
  body_apart_ = true;
  switch (chunks_.decode(input_.view().substr(head.bytes), body_)) {
    case ChunkDecoder::Progress::Refused:
      refuse(chunks_.error());
      return true;
    case ChunkDecoder::Progress::Complete:
      head.request.body = body_.view();
      request_bytes_ = head.bytes + chunks_.used();
      return handle_request();
    case ChunkDecoder::Progress::NeedMore:
      break;
  }
  input_.truncate(head.bytes);
  if (input_.room().size() < chunk_room) {
    input_.make_room(chunk_room, loop_->limits.head_bytes + 2 * chunk_room);
    parser_.restart();  // its views went with the old place
    if (parser_.parse(input_.view()) != HeadProgress::Complete) throw std::logic_error("a head read twice differs");
  }
  return wait_for_body(ReadInto::Input);
}

bool Session::wait_for_body(ReadInto into) {
  flush();
  if (writing_ || phase_ != Phase::Body) return false;
  if (ended_) {
    refuse({.code = ErrorCode::MalformedRequest,
            .message = "The connection ended before the request's body was whole."});
    return true;
  }
  if (into == ReadInto::Body && body_.room().empty()) {
    const auto length = static_cast<std::size_t>(parser_.head().content_length);
    const std::size_t wanted = std::min(length, std::max(body_first_room, 2 * body_.size()));
    body_.make_room(wanted - body_.size(), length);
  }
  read_more(into);
  return false;
}

bool Session::handle_request() {
  phase_ = Phase::Handling;
  deadline_ = never;
  answer_ready_ = client_ended_ = false;
  Head& head = parser_.head();
  head.request.peer_address = peer_address_;
  head.request.encrypted = transport_->encrypted();
  if (head.request.host.empty()) head.request.host = local_host();
  keep_alive_ = head.keep_alive;
  loop_->held_answers.send_long_held();
  loop_->request_ids.next(request_id_);
  if (loop_->spare_body.capacity() > response_.body.capacity()) response_.body.swap(loop_->spare_body);
  try {
    loop_->application.handle(*this);
  } catch (const std::exception& exception) {
    refuse({.code = ErrorCode::Internal, .message = exception.what()});
  } catch (...) {
    refuse({.code = ErrorCode::Internal, .message = "something that is no std::exception was thrown"});
  }
  return true;
}

/// Where the connection came in: all that is known of the server's name where a client of HTTP/1.0 gives none.
std::string_view Session::local_host() {
  if (local_host_.empty()) local_host_ = local_address(transport_->descriptor());
  return local_host_;
}

/// Answers with `error` and closes after it; the next step sends the answer.
void Session::refuse(base::Error error) {
  if (phase_ != Phase::Handling) loop_->request_ids.next(request_id_);
  phase_ = Phase::Handling;
  deadline_ = never;
  keep_alive_ = false;
  Request& request = parser_.head().request;
  request.peer_address = peer_address_;
  request.encrypted = transport_ != nullptr && transport_->encrypted();
  response_.clear();
  try {
    loop_->application.refuse(*this, error);
  } catch (const std::exception&) {  // a refusal that fails too has nothing to say but that
    response_.clear();
    response_.status = 500;
  }
  answer_ready_ = true;
}

bool Session::send_answer() {
  if (writing_) return false;
  if (transport_ == nullptr) {
    tell_cut("the client went");
    close();
    return false;
  }
  const Request& asked = request();
  keep_alive_ = keep_alive_ && !response_.close && !loop_->draining;
  const Announce announce = !keep_alive_ ? Announce::Close : asked.http_1_0 ? Announce::KeepAlive : Announce::Nothing;
  loop_->renew_date();
  write_head(output_, response_, {.date = loop_->date, .request_id = request_id(), .announce = announce});
  std::string_view body = response_.body;
  if (asked.method == Method::Head || !has_content(response_.status)) body = {};
  if (body.size() <= copied_body_max) {
    output_.append(body);
    body = {};
  }
  answer_ready_ = false;
  phase_ = Phase::Sending;
  const bool more_waits = input_.size() > request_bytes_;
  if (keep_alive_ && body.empty() && output_.size() < batch_bytes_max && (more_waits || is_held()))
    return answer_sent();
  write(output_, body);
  return phase_ == Phase::Sending && !writing_;
}

bool Session::answer_sent() {
  if (!keep_alive_) {
    linger();
    return false;
  }
  finish_request();
  return true;
}

void Session::finish_request() {
  phase_ = Phase::Head;
  asked_before_ = true;
  response_.clear();
  leave_body_room();
  input_.take(request_bytes_);
  request_bytes_ = 0;
  request_began_ = false;
  began_ = read_at_;  // of bytes that came already, all are from the last read
  body_.clear();
  give_large_body_back(*loop_);
  parser_.restart();
}

void Session::give_large_body_back(LoopState& loop) {
  if (large_body_bytes_ == 0) return;
  loop.large_bodies_bytes -= std::exchange(large_body_bytes_, 0);
  body_.reset(0);
}

/// A loop answers one request after the other: one room for their bodies stays in the processor's cache, where one
/// for each connection would not. None of unusual size is kept for ever.
void Session::leave_body_room() {
  std::string& spare = loop_->spare_body;
  const std::size_t room = response_.body.capacity();
  if (room > spare.capacity() && room <= spare_body_max) spare.swap(response_.body);
}

void Session::tell_cut(std::string_view why) {
  if (loop_->application.cut) loop_->application.cut(*this, why);
}

std::uint64_t Session::deadline_after(std::chrono::seconds time) const {
  return loop_->second + static_cast<std::uint64_t>(time.count()) + 1;  // the second under way has partly gone
}

}  // namespace portico::http
