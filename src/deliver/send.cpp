#include "deliver/send.hpp"

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <openssl/ssl.h>

#include "deliver/resolve.hpp"

namespace portico::deliver {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::size_t reply_bytes_max = std::size_t{64} * 1024;
constexpr std::uint32_t reply_head_bytes_max = 16 * 1024;
constexpr int interim_replies_max = 8;

base::Error failure(std::string words) {
  return {.code = base::ErrorCode::Unavailable, .message = {}, .detail = std::move(words)};
}

std::string request_text(const Sending& sending) {
  std::string text = "POST " + sending.address.target + " HTTP/1.1\r\nHost: " + sending.address.host_field();
  text += "\r\nUser-Agent: Portico\r\nContent-Type: application/json\r\nAccept: application/json\r\n";
  text += "Accept-Encoding: identity\r\n";  // else a receiver may compress its answer, which is read as it is
  text += "Connection: close\r\nContent-Length: " + std::to_string(sending.body.size()) + "\r\n";
  return text.append(sending.fields).append("\r\n").append(sending.body);
}

/// One request and its reply: each step is waited for on this thread, until the deadline or an interruption.
class Exchange {
 public:
  explicit Exchange(const Sending& sending)
      : sending_(sending),
        socket_(io_),
        watch_(sending.interruption, [this] { asio::post(io_, [this] { close(); }); }) {}

  base::Result<Reply> run(const std::vector<asio::ip::address>& addresses) {
    if (auto connected = connect(addresses); !connected) return std::move(connected).error();
    if (!sending_.address.is_secure) return talk(socket_);
    asio::ssl::stream<tcp::socket&> stream(socket_, sending_.tls);
    if (auto secured = secure(stream); !secured) return std::move(secured).error();
    return talk(stream);
  }

 private:
  void close() {
    error_code ignored;
    socket_.close(ignored);
  }

  /// Starts an operation with a handler and waits for its end.
  template <typename Start>
  error_code wait(Clock::time_point until, const Start& start) {
    std::optional<error_code> ended;
    start([&ended](const error_code& error, const auto&...) { ended = error; });
    io_.restart();
    while (!ended && Clock::now() < until && io_.run_one_until(until) > 0) {
    }
    if (ended) return sending_.interruption.is_due() ? error_code(asio::error::operation_aborted) : *ended;
    close();
    io_.restart();
    while (!ended && io_.run_one() > 0) {
    }
    return sending_.interruption.is_due() ? asio::error::operation_aborted : asio::error::timed_out;
  }

  static base::Error failed(std::string_view step, const error_code& error) {
    std::string words(step);
    if (error == asio::error::timed_out) return failure(words + ": took too long");
    return failure(words.append(": ").append(error.message()));
  }

  /// What time there is is shared out among the addresses, as one may not answer at all.
  base::Status connect(const std::vector<asio::ip::address>& addresses) {
    error_code error = asio::error::host_not_found;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      const auto now = Clock::now();
      const auto share = (sending_.deadline - now) / static_cast<std::int64_t>(addresses.size() - i);
      close();
      error = wait(now + share, [&](auto handler) {
        socket_.async_connect({addresses[i], sending_.address.port}, std::move(handler));
      });
      if (!error) return base::ok();
    }
    return failed("cannot connect to " + sending_.address.authority(), error);
  }

  base::Status secure(asio::ssl::stream<tcp::socket&>& stream) {
    const std::string& host = sending_.address.host;
    error_code is_name;
    const asio::ip::address literal = asio::ip::make_address(host, is_name);
    static_cast<void>(literal);
    // RFC 6066 §3: an address is no server name.
    if (is_name)
      SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(host.c_str()));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    stream.set_verify_mode(asio::ssl::verify_peer);
    stream.set_verify_callback(asio::ssl::host_name_verification(host));
    const error_code error = wait(sending_.deadline, [&](auto handler) {
      stream.async_handshake(asio::ssl::stream_base::client, std::move(handler));
    });
    if (error) return failed("TLS with " + sending_.address.authority(), error);
    return base::ok();
  }

  template <typename Stream>
  base::Result<Reply> talk(Stream& stream) {
    const std::string text = request_text(sending_);
    error_code error = wait(sending_.deadline,
                            [&](auto handler) { asio::async_write(stream, asio::buffer(text), std::move(handler)); });
    if (error) return failed("cannot send", error);
    boost::beast::flat_buffer buffer;
    for (int interim = 0; interim < interim_replies_max; ++interim) {
      http::response_parser<http::string_body> parser;
      parser.header_limit(reply_head_bytes_max);
      parser.body_limit(reply_bytes_max);
      error = wait(sending_.deadline,
                   [&](auto handler) { http::async_read(stream, buffer, parser, std::move(handler)); });
      if (error == http::error::body_limit) {
        return failure("the answer is longer than " + std::to_string(reply_bytes_max) + " bytes");
      }
      if (error) return failed("no answer", error);
      const unsigned status = parser.get().result_int();
      if (status >= 200) return Reply{.status = static_cast<int>(status), .body = std::move(parser.get().body())};
    }
    return failure("no answer: only interim ones");
  }

  const Sending& sending_;
  asio::io_context io_{1};
  tcp::socket socket_;
  const Interruption::Watch watch_;
};

}  // namespace

void Interruption::interrupt() {
  const std::lock_guard lock(mutex_);
  due_ = true;
  for (const Watch* watch : watches_) watch->end()();
}

bool Interruption::is_due() const {
  const std::lock_guard lock(mutex_);
  return due_;
}

Interruption::Watch::Watch(Interruption& interruption, std::function<void()> end)
    : interruption_(interruption), end_(std::move(end)) {
  const std::lock_guard lock(interruption_.mutex_);
  interruption_.watches_.insert(this);
  if (interruption_.due_) end_();
}

Interruption::Watch::~Watch() {
  const std::lock_guard lock(interruption_.mutex_);
  interruption_.watches_.erase(this);
}

std::unique_ptr<asio::ssl::context> make_client_tls(const std::string& authorities_file) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_default_verify_paths();
  if (authorities_file.empty()) return context;
  error_code error;
  context->load_verify_file(authorities_file, error);
  if (error) {
    throw std::runtime_error("--webhook-ca " + authorities_file +
                             ": is no PEM file of certificates: " + error.message());
  }
  return context;
}

base::Result<Reply> send(const Sending& sending) {
  auto addresses = resolve(sending.address.host, sending.deadline);
  if (!addresses) return std::move(addresses).error();
  for (const asio::ip::address& address : *addresses) {
    const std::string refusal = sending.rules.refusal(address);
    if (!refusal.empty()) return failure("refused: " + refusal + ", and not in webhooks.allow");
  }
  return Exchange(sending).run(*addresses);
}

}  // namespace portico::deliver
