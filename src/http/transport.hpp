#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace portico::http {

class Session;

/// How an operation on a connection ended. Ended: the peer sends no more.
enum class Outcome : std::uint8_t { Done, Ended, Failed };
/// How a write began. Later: Session::on_written() will say how it ended.
enum class Sent : std::uint8_t { All, Later, Failed };

/// A connection's bytes, over TCP or TLS. Tells its session what happened, until the session detach()es itself.
/// Pending operations keep the transport alive, and it keeps the session's memory, which they may still read or
/// write: over TLS bytes can be decrypted into a buffer after close(). All on the loop's thread; one read and one
/// write at a time.
class Transport : public std::enable_shared_from_this<Transport> {
 public:
  virtual ~Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// The session hears on_open() once bytes may flow: at once over TCP, after the handshake over TLS.
  virtual void open() = 0;
  virtual void read(std::span<char> room) = 0;  ///< then Session::on_read(); `room` must stay
  /// Both parts, in that order; they must stay until the write has ended.
  [[nodiscard]] virtual Sent write(std::string_view first, std::string_view second) = 0;
  /// Tells the peer that nothing follows, then Session::on_finished(), maybe before this returns.
  virtual void finish() = 0;
  /// Reads what the peer still sends, only to drop it; then Session::on_read(). After on_finished().
  virtual void drop(std::span<char> scratch) = 0;
  virtual void close() = 0;  ///< at once; pending operations end
  [[nodiscard]] virtual bool encrypted() const = 0;
  [[nodiscard]] virtual int descriptor() = 0;  ///< the socket's, to look at

  void attach(std::shared_ptr<Session> session) noexcept {
    memory_ = std::move(session);
    session_ = memory_.get();
  }
  void detach() noexcept { session_ = nullptr; }

 protected:
  Transport() = default;
  [[nodiscard]] Session* session() const noexcept { return session_; }

 private:
  Session* session_ = nullptr;
  std::shared_ptr<Session> memory_ = nullptr;
};

}  // namespace portico::http
