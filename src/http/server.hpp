#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace boost::asio {
class io_context;
}

namespace portico::http {

/// One request and its answer. Belongs to a connection; touched only on that connection's loop.
class Exchange {
 public:
  virtual ~Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  [[nodiscard]] virtual const Request& request() const = 0;
  [[nodiscard]] virtual Response& response() = 0;
  [[nodiscard]] virtual std::string_view request_id() const = 0;  ///< 32 hex digits, unique; sent as X-Request-Id
  /// When the request's first byte was read.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point began() const = 0;
  /// Keeps exchange, request and response alive past the handler's return, whatever the client does meanwhile.
  [[nodiscard]] virtual std::shared_ptr<Exchange> hold() = 0;
  /// `gone` is called on the loop's thread, at most once, where nobody waits for the answer that is under way: the
  /// connection was reset, or the client ended its side of it and there is no answer a second later (who ends only
  /// its sending still gets a quick one), or the loop ends. Looked at once a second. complete() is owed all the same;
  /// after it, or a second on_gone(), `gone` is dropped.
  virtual void on_gone(std::function<void()> gone) = 0;
  /// Sends the response. Exactly once for each handled request, on the loop's thread; at once or later.
  virtual void complete() = 0;

 protected:
  Exchange() = default;
};

/// What answers on one loop; called only on that loop's thread.
struct Application {
  /// A whole request. Must lead to exchange.complete().
  std::function<void(Exchange&)> handle;
  /// A request that HTTP itself refuses (MalformedRequest, RequestTimeout, BodyTooLarge, TargetTooLarge,
  /// HeadTooLarge, Unavailable); what was understood of it stands in request(), the rest is empty. Fills the response
  /// at once; must not call complete(): the connection sends it and closes.
  std::function<void(Exchange&, const base::Error&)> refuse;
  /// How long a body may be, by its request's head: asked for one that is longer than Limits::body_bytes, or does not
  /// say how long it is. Never less than Limits::body_bytes counts; empty: never more. Limits::large_bodies_bytes
  /// bounds what comes in so.
  std::function<std::size_t(const Request&)> body_bytes_max = {};
  /// The client does not get an answer whole, and why: it went, or took it too slowly. May be empty.
  std::function<void(Exchange&, std::string_view why)> cut = {};
};

/// A loop as the application sees it: how work done elsewhere comes back. Thread-safe.
using Post = std::function<void(std::function<void()>)>;

/// What an application is given of its loop.
struct LoopHandle {
  Post post;
  boost::asio::io_context& io;  ///< for sockets and timers of its own; used on the loop's thread only
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;          ///< 0: any; see Server::port()
  std::size_t loops = 1;              ///< one thread each, with its own socket (SO_REUSEPORT)
  std::string certificate_file = {};  ///< PEM chain; empty: no TLS
  std::string private_key_file = {};  ///< PEM
  base::Limits limits = {};
};

/// Listens, reads requests, writes answers: HTTP/1.1 and 1.0 over TCP or TLS, keep-alive and pipelining.
/// Throws std::system_error or std::runtime_error, with what to do in the text, where it cannot start.
class Server {
 public:
  /// `make_application(loop index, loop)` is called once on each loop's thread before it accepts.
  using MakeApplication = std::function<Application(std::size_t, LoopHandle)>;

  Server(ServerOptions options, MakeApplication make_application);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and starts the loops; returns when all accept.
  void start();
  [[nodiscard]] std::uint16_t port() const;       ///< the port listened on; after start()
  [[nodiscard]] std::size_t connections() const;  ///< open now, on all loops; thread-safe
  /// Stops accepting, lets requests under way finish (at most Limits::drain_timeout), closes idle connections, ends
  /// the loops. Blocks until done. Answers sent while draining carry `Connection: close`.
  void drain();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace portico::http
