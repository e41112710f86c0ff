#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/time.hpp"
#include "server/request_log.hpp"

namespace portico::server {

/// One request, as its account's usage and request log tell of it. No secrets, and no values but those that the
/// words of an error quote.
struct UsageEntry {
  base::Microseconds at = 0;  ///< when it was answered
  std::chrono::microseconds took{0};
  int status = 0;
  std::string_view account;
  std::string_view request_id;
  std::string_view method;
  std::string_view path;       ///< as sent, without the query
  std::string_view key_id;     ///< of the key or token
  std::string_view kind;       ///< of the key or token: `private`
  std::string_view extension;  ///< the one whose token it is, by its name; empty: none
  std::string_view type;       ///< of the error that the client got: `ApiValidationException`, or a code; else empty
  std::string_view message;    ///< the same
};

/// What one loop has answered, on its way to the thread that keeps it: bytes in a ring, made once, so that the loop
/// neither locks nor allocates. One thread adds, one other takes. Texts are cut where they are too long.
class UsageRing {
 public:
  static constexpr std::size_t default_bytes = std::size_t{2} * 1024 * 1024;

  /// `bytes` is a power of two. `fills` is called on the adding thread when the ring has come to be half full.
  explicit UsageRing(std::function<void()> fills, std::size_t bytes = default_bytes);
  UsageRing(const UsageRing&) = delete;
  UsageRing& operator=(const UsageRing&) = delete;

  /// Where there is no room the entry is dropped, and counted.
  void add(const UsageEntry& entry);
  /// What of a request, answered just now, is its account's to know. Precondition: it has an account.
  void add(const LogEntry& entry);

  /// Calls `taken` with each entry, the oldest first; its texts are valid only during the call.
  void take(const std::function<void(const UsageEntry&)>& taken);
  /// How many were dropped since this was asked last.
  [[nodiscard]] std::uint64_t take_dropped() { return dropped_.exchange(0); }

 private:
  void write(std::uint64_t at, std::string_view bytes);
  void read(std::uint64_t at, char* bytes, std::size_t size) const;

  const std::function<void()> fills_;
  const std::size_t size_;
  const std::unique_ptr<char[]> bytes_;
  std::atomic<std::uint64_t> written_ = 0;  // bytes ever; the adding thread's
  std::atomic<std::uint64_t> read_ = 0;     // bytes ever; the taking thread's
  std::atomic<std::uint64_t> dropped_ = 0;
};

}  // namespace portico::server
