#include "http/tls_transport.hpp"

#include <array>
#include <utility>

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "http/session.hpp"

namespace portico::http {
namespace {

using boost::system::error_code;

Outcome outcome_of(const error_code& error) {
  if (!error) return Outcome::Done;
  const bool ended = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
  return ended ? Outcome::Ended : Outcome::Failed;
}

class TlsTransport final : public Transport {
 public:
  TlsTransport(Socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

  void open() override {
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [self = shared_from_this(), this](const error_code& error) {
                              if (session() != nullptr) session()->on_open(outcome_of(error));
                            });
  }

  void read(std::span<char> room) override {
    stream_.async_read_some(asio::buffer(room.data(), room.size()),
                            [self = shared_from_this(), this](const error_code& error, std::size_t count) {
                              if (session() != nullptr) session()->on_read(outcome_of(error), count);
                            });
  }

  /// Always Later: a synchronous write that the kernel takes in part loses the rest in Asio's TLS stream.
  Sent write(std::string_view first, std::string_view second) override {
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(first), asio::buffer(second)};
    asio::async_write(stream_, buffers, [self = shared_from_this(), this](const error_code& error, std::size_t) {
      if (session() != nullptr) session()->on_written(error ? Outcome::Failed : Outcome::Done);
    });
    return Sent::Later;
  }

  /// close_notify, then TCP's own end. Where the client answers with data instead, the shutdown ends with an error:
  /// then the end has been said too.
  void finish() override {
    stream_.async_shutdown([self = shared_from_this(), this](const error_code&) {
      if (session() == nullptr) return;
      error_code ignored;
      stream_.next_layer().shutdown(Socket::shutdown_send, ignored);
      session()->on_finished();
    });
  }

  void drop(std::span<char> scratch) override {
    stream_.next_layer().async_read_some(
        asio::buffer(scratch.data(), scratch.size()),
        [self = shared_from_this(), this](const error_code& error, std::size_t count) {
          if (session() != nullptr) session()->on_read(outcome_of(error), count);
        });
  }

  void close() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

  [[nodiscard]] bool encrypted() const override { return true; }
  [[nodiscard]] int descriptor() override { return stream_.next_layer().native_handle(); }

 private:
  asio::ssl::stream<Socket> stream_;
};

}  // namespace

std::shared_ptr<Transport> make_tls_transport(Socket socket, asio::ssl::context& context) {
  return std::make_shared<TlsTransport>(std::move(socket), context);
}

}  // namespace portico::http
