#pragma once

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/server.hpp"

namespace portico::http {

/// A server whose answers tell what was asked:
///   /echo  "METHOD path query host body" · /bytes?N  N bytes · /status?N  that status · /close  asks to close
///   /wait  answers when let_go() is called, and counts clients that go before · /thread  answers by way of another
///   thread · /throw  throws
class EchoServer {
 public:
  explicit EchoServer(ServerOptions options = {}) : server_(with_any_port(std::move(options)), maker()) {
    server_.start();
  }
  ~EchoServer() {
    for (std::thread& worker : workers_) worker.join();
  }
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  Server& server() { return server_; }

  /// Completes every request to /wait that has come; waits until `count` have.
  void let_go(std::size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return waiting_.size() >= count; });
    for (auto& [post, exchange] : std::exchange(waiting_, {})) {
      post([held = std::move(exchange)] {
        held->response().body = std::string("waited ") + std::string(held->request().query);
        held->complete();
      });
    }
  }
  void await_waiting(std::size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return waiting_.size() >= count; });
  }
  /// Waits until `count` answers did not reach their client whole.
  void await_cuts(std::size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return cuts_.size() >= count; });
  }
  /// Waits until `count` clients went while they waited.
  void await_gone(std::size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return gone_ >= count; });
  }
  std::size_t gone() {
    const std::lock_guard lock(mutex_);
    return gone_;
  }
  /// Why, of each of them.
  std::vector<std::string> cuts() {
    const std::lock_guard lock(mutex_);
    return cuts_;
  }

 private:
  static ServerOptions with_any_port(ServerOptions options) {
    if (options.port == 8080) options.port = 0;
    return options;
  }

  Server::MakeApplication maker() {
    return [this](std::size_t, LoopHandle loop) {
      return Application{
          .handle = [this, post = std::move(loop.post)](Exchange& exchange) { handle(exchange, post); },
          .refuse = [](Exchange& exchange, const base::Error& error) { refuse(exchange, error); },
          .cut =
              [this](Exchange&, std::string_view why) {
                const std::lock_guard lock(mutex_);
                cuts_.emplace_back(why);
                came_.notify_all();
              }};
    };
  }

  void handle(Exchange& exchange, const Post& post) {
    const Request& request = exchange.request();
    Response& response = exchange.response();
    const std::size_t room = response.body.capacity();
    if (request.path == "/wait" || request.path == "/thread") {
      const std::lock_guard lock(mutex_);
      if (request.path == "/wait") {
        exchange.on_gone([this] {
          const std::lock_guard gone_lock(mutex_);
          ++gone_;
          came_.notify_all();
        });
        waiting_.emplace_back(post, exchange.hold());
        came_.notify_all();
      } else {
        workers_.emplace_back([post, held = exchange.hold()] {
          post([held] {
            held->response().body = "from a thread";
            held->complete();
          });
        });
      }
      return;
    }
    if (request.path == "/throw") throw std::runtime_error("a fault of ours");
    if (request.path == "/bytes") {
      response.body.assign(std::stoul(std::string(request.query)), 'x');
    } else if (request.path == "/status") {
      response.status = std::stoi(std::string(request.query));
      response.body = "no body of such an answer";
    } else {
      for (const std::string_view part :
           {request.method_name, request.path, request.query, request.host, request.body}) {
        response.body.append(part).append(" ");
      }
      response.body.pop_back();
    }
    response.add("X-Peer", request.peer_address);
    response.add("X-Room", std::to_string(room));
    if (request.encrypted) response.add("X-Encrypted", "yes");
    response.close = request.path == "/close";
    exchange.complete();
  }

  static int status_of(base::ErrorCode code) {
    if (code == base::ErrorCode::MalformedRequest) return 400;
    if (code == base::ErrorCode::RequestTimeout) return 408;
    if (code == base::ErrorCode::BodyTooLarge) return 413;
    if (code == base::ErrorCode::TargetTooLarge) return 414;
    return code == base::ErrorCode::HeadTooLarge ? 431 : 500;
  }

  static void refuse(Exchange& exchange, const base::Error& error) {
    exchange.response().status = status_of(error.code);
    exchange.response().add("X-Method", exchange.request().method_name);
    exchange.response().add("X-Path", exchange.request().path);
    exchange.response().add("X-Accept", exchange.request().field("accept"));
    exchange.response().body = error.message;
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::pair<Post, std::shared_ptr<Exchange>>> waiting_;
  std::vector<std::thread> workers_;
  std::vector<std::string> cuts_;
  std::size_t gone_ = 0;
  Server server_;
};

}  // namespace portico::http
