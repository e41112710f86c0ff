#pragma once

#include <arpa/inet.h>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace portico::http {

/// An answer as a client reads it.
struct Answer {
  int status = 0;
  std::string head;  ///< status line and fields
  std::string body;

  [[nodiscard]] std::string field(std::string_view name) const {
    const std::size_t at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + 4 + name.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

/// A blocking client that writes exactly the bytes it is told to, and waits no longer than ten seconds for any.
class Client {
 public:
  explicit Client(std::uint16_t port, std::string_view address = "127.0.0.1") {
    const bool six = address.find(':') != std::string_view::npos;
    socket_ = ::socket(six ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    const int yes = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in to4 = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    sockaddr_in6 to6 = {};
    to6.sin6_family = AF_INET6;
    to6.sin6_port = htons(port);
    to6.sin6_addr = in6addr_loopback;
    void* const to = six ? static_cast<void*>(&to6) : static_cast<void*>(&to4);
    connected_ = ::connect(socket_, static_cast<sockaddr*>(to), six ? sizeof to6 : sizeof to4) == 0;
  }
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int descriptor() const { return socket_; }

  /// Whether all was taken; false once the server has closed.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  void end_sending() { ::shutdown(socket_, SHUT_WR); }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  /// The next answer. `Bodiless` for HEAD.
  enum class Content : bool { Bodiless, AsAnnounced };
  Answer receive(Content content = Content::AsAnnounced) {
    std::size_t end = 0;
    while ((end = bytes_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) throw std::runtime_error("no whole answer came, but: " + bytes_);
    }
    Answer answer;
    answer.head = bytes_.substr(0, end + 2);
    answer.status = std::atoi(answer.head.c_str() + 9);
    bytes_.erase(0, end + 4);
    const std::string announced = answer.field("Content-Length");
    if (content == Content::Bodiless || announced.empty()) return answer;
    const std::size_t length = std::stoul(announced);
    while (bytes_.size() < length) {
      if (!fill()) throw std::runtime_error("the body ended early");
    }
    answer.body = bytes_.substr(0, length);
    bytes_.erase(0, length);
    return answer;
  }

  /// Whether the server closes without sending another byte.
  bool closes() { return bytes_.empty() && !fill() && ended_; }
  /// Whether neither a byte nor the end comes within `time`.
  bool hears_nothing(std::chrono::milliseconds time) const {
    pollfd entry = {.fd = socket_, .events = POLLIN, .revents = 0};
    return bytes_.empty() && ::poll(&entry, 1, static_cast<int>(time.count())) == 0;
  }

 private:
  bool fill() {
    if (hears_nothing_more()) return false;
    char room[65536];
    const ssize_t count = ::recv(socket_, room, sizeof room, 0);
    ended_ = count == 0;
    if (count > 0) bytes_.append(room, static_cast<std::size_t>(count));
    return count > 0;
  }

  bool hears_nothing_more() const {
    pollfd entry = {.fd = socket_, .events = POLLIN, .revents = 0};
    return ::poll(&entry, 1, 10'000) <= 0;
  }

  int socket_ = -1;
  bool connected_ = false;
  bool ended_ = false;
  std::string bytes_;
};

}  // namespace portico::http
