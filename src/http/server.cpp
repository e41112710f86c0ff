#include "http/server.hpp"

#include <atomic>
#include <exception>
#include <future>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "http/loop.hpp"
#include "http/tls_transport.hpp"

namespace portico::http {
namespace {

using boost::system::error_code;

std::string name_of(const Tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

[[noreturn]] void throw_unusable(const Tcp::endpoint& endpoint, const error_code& error) {
  const std::string name = name_of(endpoint);
  if (error == asio::error::address_in_use) {
    throw std::system_error(error, "Port " + std::to_string(endpoint.port()) +
                                       " is in use: another program listens on " + name +
                                       ". Stop it, or choose another port");
  }
  if (error == asio::error::access_denied) {
    throw std::system_error(error, "No permission to listen on " + name +
                                       ". Ports below 1024 need CAP_NET_BIND_SERVICE; choose a port above 1023");
  }
  throw std::system_error(error, "Cannot listen on " + name + ". Choose an address of this machine");
}

/// The endpoint to share between the loops, with the port filled in. With SO_REUSEPORT a second server of the same
/// user would silently take half of the connections; without it a bind fails where anybody listens already.
Tcp::endpoint reserve(Tcp::endpoint endpoint) {
  asio::io_context io(1);
  Acceptor probe(io.get_executor());
  error_code error;
  probe.open(endpoint.protocol(), error);
  if (!error) probe.set_option(Acceptor::reuse_address(true), error);
  if (!error) probe.bind(endpoint, error);
  if (error) throw_unusable(endpoint, error);
  return probe.local_endpoint();
}

Tcp::endpoint endpoint_of(const ServerOptions& options) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(options.address, error);
  if (error) {
    throw std::runtime_error("The address `" + options.address +
                             "` is no IPv4 or IPv6 address such as 127.0.0.1 or ::1.");
  }
  return {address, options.port};
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, MakeApplication make_application)
      : options_(std::move(options)), make_application_(std::move(make_application)) {}

  ~Impl() {
    for (const std::unique_ptr<Loop>& loop : loops_) loop->stop();
    join();
  }

  void start() {
    if (options_.loops == 0) throw std::runtime_error("A server needs at least one loop.");
    if (!options_.certificate_file.empty()) {
      tls_ = make_tls_context({.certificate = options_.certificate_file, .private_key = options_.private_key_file});
    }
    const Tcp::endpoint endpoint = reserve(endpoint_of(options_));
    port_ = endpoint.port();
    for (std::size_t i = 0; i < options_.loops; ++i) {
      loops_.push_back(std::make_unique<Loop>(options_.limits, tls_.get(), connections_));
      listen(*loops_.back(), endpoint);
    }
    std::vector<std::promise<void>> ready(options_.loops);
    std::vector<std::future<void>> readiness;
    for (std::promise<void>& promise : ready) readiness.push_back(promise.get_future());
    for (std::size_t i = 0; i < options_.loops; ++i) {
      threads_.emplace_back([this, i, promise = std::move(ready[i])]() mutable {
        loops_[i]->run([this, i](LoopHandle loop) { return make_application_(i, std::move(loop)); }, promise);
      });
    }
    for (std::future<void>& future : readiness) future.wait();
    for (std::future<void>& future : readiness) future.get();  // throws what an application's making threw
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::size_t connections() const { return connections_; }

  void drain() {
    for (const std::unique_ptr<Loop>& loop : loops_) loop->drain();
    join();
  }

 private:
  static void listen(Loop& loop, const Tcp::endpoint& endpoint) {
    try {
      loop.listen(endpoint);
    } catch (const boost::system::system_error& failure) {
      throw_unusable(endpoint, failure.code());
    }
  }

  void join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    loops_.clear();
  }

  ServerOptions options_;
  MakeApplication make_application_;
  std::unique_ptr<asio::ssl::context> tls_ = nullptr;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_ = 0;
  std::vector<std::unique_ptr<Loop>> loops_ = {};
  std::vector<std::thread> threads_ = {};
};

Server::Server(ServerOptions options, MakeApplication make_application)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(make_application))) {}

Server::~Server() = default;

void Server::start() {
  impl_->start();
}

std::uint16_t Server::port() const {
  return impl_->port();
}

std::size_t Server::connections() const {
  return impl_->connections();
}

void Server::drain() {
  impl_->drain();
}

}  // namespace portico::http
