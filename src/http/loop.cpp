#include "http/loop.hpp"

#include <chrono>
#include <exception>
#include <iostream>
#include <iterator>
#include <utility>

#include <boost/asio/post.hpp>

#include "http/plain_transport.hpp"
#include "http/session.hpp"
#include "http/tls_transport.hpp"

namespace portico::http {
namespace {

using boost::system::error_code;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

/// `127.0.0.1`, also where an IPv6 socket took the connection as `::ffff:127.0.0.1`.
std::string peer_text(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

// system_clock, as std::time() may be some milliseconds behind it.
void LoopState::renew_date() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t at = std::chrono::floor<std::chrono::seconds>(now).count();
  if (at == dated) return;
  dated = at;
  date = http_date(at);
}

void Mailbox::post(std::function<void()> function) {
  const std::lock_guard lock(mutex_);
  if (io_ == nullptr) return;
  waiting_.push_back(std::move(function));
  if (waiting_.size() == 1) asio::post(*io_, [this] { deliver(); });
}

void Mailbox::deliver() {
  {
    const std::lock_guard lock(mutex_);
    std::swap(waiting_, delivering_);
  }
  std::size_t delivered = 0;
  try {
    while (delivered < delivering_.size()) {
      const std::function<void()> function = std::move(delivering_[delivered++]);
      function();
    }
  } catch (...) {  // of this one; those behind it come next
    put_back(delivered);
    throw;
  }
  delivering_.clear();
}

void Mailbox::put_back(std::size_t delivered) {
  delivering_.erase(delivering_.begin(), delivering_.begin() + static_cast<std::ptrdiff_t>(delivered));
  const std::lock_guard lock(mutex_);
  delivering_.insert(delivering_.end(), std::move_iterator(waiting_.begin()), std::move_iterator(waiting_.end()));
  waiting_ = std::exchange(delivering_, {});
  asio::post(*io_, [this] { deliver(); });
}

Mailbox::Functions Mailbox::end() {
  const std::lock_guard lock(mutex_);
  io_ = nullptr;
  return std::exchange(waiting_, {});
}

Loop::Loop(const base::Limits& limits, asio::ssl::context* tls, std::atomic<std::size_t>& connections)
    : io_(std::make_unique<asio::io_context>(1)),
      mailbox_(std::make_shared<Mailbox>(*io_)),
      tls_(tls),
      limits_(limits),
      connections_(connections) {}

void Loop::listen(const Tcp::endpoint& endpoint) {
  acceptor_.emplace(io_->get_executor());
  acceptor_->open(endpoint.protocol());
  acceptor_->set_option(Acceptor::reuse_address(true));
  acceptor_->set_option(ReusePort(true));
  acceptor_->bind(endpoint);
  acceptor_->listen();
}

void Loop::run(const std::function<Application(LoopHandle)>& make_application, std::promise<void>& ready) {
  try {
    state_.emplace();
    state_->limits = limits_;
    state_->connections = &connections_;
    state_->session_gone = [this] { session_gone(); };
    state_->held_answers.on_end_of_pass([this] { asio::post(*io_, [this] { state_->held_answers.end_pass(); }); });
    state_->application = make_application(
        {.post = [mailbox = mailbox_](std::function<void()> function) { mailbox->post(std::move(function)); },
         .io = *io_});
    timer_.emplace(io_->get_executor(), std::chrono::steady_clock::now());
    pass_second();
    accept();
  } catch (...) {
    finish();
    ready.set_exception(std::current_exception());
    return;
  }
  ready.set_value();
  serve();
  finish();
}

void Loop::serve() {
  for (;;) {
    try {
      io_->run();
      return;
    } catch (const std::exception& fault) {
      // No memory for a connection, or a fault in work posted to the loop: the others go on being served.
      std::cerr << "portico: a loop goes on after a fault: " << fault.what() << '\n';
    }
  }
}

/// In this order: nobody posts any more, sessions let go of the loop, so does the application, whose own sockets and
/// timers need it to end, and last goes what still waits to run.
void Loop::finish() {
  Mailbox::Functions waiting = mailbox_->end();
  if (state_) {
    state_->session_gone = nullptr;
    while (!state_->sessions.empty()) std::shared_ptr<Session>(state_->sessions.back())->abandon();
  }
  if (state_) state_->application = {};
  acceptor_.reset();
  timer_.reset();
  waiting.clear();
  io_.reset();
  state_.reset();
}

void Loop::accept() {
  if (accepting_ || state_->draining || state_->sessions.size() >= state_->limits.connections) return;
  accepting_ = true;
  acceptor_->async_accept(peer_, [this](const error_code& error, Socket socket) {
    accepting_ = false;
    if (!error) welcome(std::move(socket), peer_);
    if (state_->draining) return end_when_drained();
    if (error && error != asio::error::connection_aborted)
      return;  // no descriptors left: the next second tries again
    accept();
  });
}

void Loop::welcome(Socket socket, const Tcp::endpoint& peer) {
  error_code ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  auto session = std::make_shared<Session>(*state_, peer_text(peer.address()));
  session->start(tls_ == nullptr ? make_plain_transport(std::move(socket))
                                 : make_tls_transport(std::move(socket), *tls_));
}

void Loop::wait_for_second() {
  timer_->async_wait([this](const error_code& error) {
    if (error) return;
    ++state_->second;
    pass_second();
  });
}

/// One look at every connection instead of a timer for each operation.
void Loop::pass_second() {
  timer_->expires_at(timer_->expiry() + std::chrono::seconds(1));
  wait_for_second();
  for (std::size_t i = state_->sessions.size(); i > 0; --i) {
    if (i > state_->sessions.size()) continue;  // more than one went at once
    const std::shared_ptr<Session> session = state_->sessions[i - 1];
    session->tick();
  }
  if (state_->draining && state_->second >= drain_deadline_) return io_->stop();
  accept();
}

void Loop::drain() {
  mailbox_->post([this] { begin_drain(); });
}

void Loop::stop() {
  mailbox_->post([this] { io_->stop(); });
}

void Loop::begin_drain() {
  if (state_->draining) return;
  state_->draining = true;
  drain_deadline_ = state_->second + static_cast<std::uint64_t>(state_->limits.drain_timeout.count()) + 1;
  accept_waiting();
  error_code ignored;
  acceptor_->close(ignored);
  const std::vector<std::shared_ptr<Session>> sessions = state_->sessions;
  for (const std::shared_ptr<Session>& session : sessions) session->drain();
  end_when_drained();
}

/// Those whom the kernel has let in already are served as well.
void Loop::accept_waiting() {
  error_code error;
  acceptor_->non_blocking(true, error);
  while (state_->sessions.size() < state_->limits.connections) {
    Tcp::endpoint peer;
    Socket socket = acceptor_->accept(peer, error);
    if (error == asio::error::connection_aborted) continue;
    if (error) return;
    welcome(std::move(socket), peer);
  }
}

void Loop::end_when_drained() {
  if (state_->sessions.empty() && !accepting_) io_->stop();
}

void Loop::session_gone() {
  if (state_->draining) return end_when_drained();
  accept();
}

}  // namespace portico::http
