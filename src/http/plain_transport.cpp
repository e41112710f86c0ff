#include "http/plain_transport.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>

#include "http/session.hpp"

namespace portico::http {
namespace {

using boost::system::error_code;

Outcome outcome_of(const error_code& error) {
  if (!error) return Outcome::Done;
  return error == asio::error::eof ? Outcome::Ended : Outcome::Failed;
}

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(Socket socket) : socket_(std::move(socket)) {}

  void open() override {
    error_code error;
    socket_.non_blocking(true, error);  // writes are tried at once; most answers fit the kernel's buffer
    session()->on_open(outcome_of(error));
  }

  void read(std::span<char> room) override {
    socket_.async_read_some(asio::buffer(room.data(), room.size()),
                            [self = shared_from_this(), this](const error_code& error, std::size_t count) {
                              if (session() != nullptr) session()->on_read(outcome_of(error), count);
                            });
  }

  Sent write(std::string_view first, std::string_view second) override {
    unsent_ = {first, second};
    const error_code error = write_some();
    if (error) return Sent::Failed;
    if (unsent_[0].empty() && unsent_[1].empty()) return Sent::All;
    write_when_possible();
    return Sent::Later;
  }

  void finish() override {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    session()->on_finished();
  }

  void drop(std::span<char> scratch) override { read(scratch); }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

  [[nodiscard]] bool encrypted() const override { return false; }
  [[nodiscard]] int descriptor() override { return socket_.native_handle(); }

 private:
  /// What the kernel takes now.
  error_code write_some() {
    error_code error;
    while (!unsent_[0].empty() || !unsent_[1].empty()) {
      const std::array<asio::const_buffer, 2> buffers = {asio::buffer(unsent_[0]), asio::buffer(unsent_[1])};
      std::size_t count = socket_.write_some(buffers, error);
      if (error == asio::error::would_block) return {};
      if (error) return error;
      for (std::string_view& part : unsent_) {
        const std::size_t taken = std::min(count, part.size());
        part.remove_prefix(taken);
        count -= taken;
      }
    }
    return {};
  }

  void write_when_possible() {
    socket_.async_wait(Socket::wait_write, [self = shared_from_this(), this](const error_code& waited) {
      if (session() == nullptr) return;
      const error_code error = waited ? waited : write_some();
      if (error) return session()->on_written(Outcome::Failed);
      if (unsent_[0].empty() && unsent_[1].empty()) return session()->on_written(Outcome::Done);
      write_when_possible();
    });
  }

  Socket socket_;
  std::array<std::string_view, 2> unsent_ = {};
};

}  // namespace

std::shared_ptr<Transport> make_plain_transport(Socket socket) {
  return std::make_shared<PlainTransport>(std::move(socket));
}

}  // namespace portico::http
