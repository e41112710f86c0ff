#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "server/traffic.hpp"

namespace portico::server {

/// What the log says of one request. No secrets: neither credentials nor the values of parameters.
struct LogEntry {
  std::string_view request_id;
  std::string_view peer;
  std::string_view method;
  std::string_view path;   ///< as sent
  std::string_view query;  ///< as sent; only the parameters' names are written
  int status = 0;
  std::size_t body_bytes = 0;
  std::chrono::microseconds took{0};
  std::string_view contract;  ///< `aplazame.sandbox.v1`
  std::string_view account;   ///< empty: nobody known
  std::string_view key_id;
  std::string_view user = {};       ///< whose session or token it is; empty: a key, or nobody known
  std::string_view extension = {};  ///< its name; empty: a key
  // For the account's own eyes (UsageRing), not in the log:
  std::string_view key_kind = {};       ///< `private`
  std::string_view error_type = {};     ///< as the answer names it; empty: it is none
  std::string_view error_message = {};  ///< the same
  std::string_view fault;               ///< what is for us alone to read, with a status of 500
};

/// What the log says of one try to deliver a message. No secrets: of its target only the host.
struct DeliveryEntry {
  std::string_view message_id;
  std::string_view resource;
  std::string_view webhook;
  std::string_view account;
  std::string_view mode;
  std::string_view host;
  std::int64_t tries = 0;
  int status = 0;  ///< of the receiver's answer; 0: there was none
  std::chrono::microseconds took{0};
  std::string_view result;
  std::string_view failure;
};

/// What the log says, after a request's own line, of an answer that its client did not get whole.
struct CutEntry {
  std::string_view request_id;
  std::string_view peer;
  std::string_view why;
};

/// One JSON line for each request, written by a thread of its own so that no loop waits for a disk. Thread-safe.
/// Lines that find more than `buffer_bytes` unwritten are dropped, and the drop itself is logged.
class RequestLog {
 public:
  static constexpr std::size_t buffer_bytes = 8 * 1024 * 1024;

  /// Writes to `descriptor`, which stays the caller's; -1: nowhere. Counts in `traffic`, too; null: nobody looks.
  explicit RequestLog(int descriptor, Traffic* traffic = nullptr);
  ~RequestLog();  ///< writes what is left
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;

  void add(const LogEntry& entry);
  void add(const DeliveryEntry& entry);
  void add(const CutEntry& entry);

 private:
  template <typename Entry>
  void add_line(const Entry& entry);
  void write_until_stopped();
  void write_out(const std::string& lines) const;

  const int descriptor_;
  Traffic* const traffic_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::string pending_;        // guarded by mutex_
  std::uint64_t dropped_ = 0;  // guarded by mutex_
  bool stopping_ = false;      // guarded by mutex_
  std::thread writer_;
};

}  // namespace portico::server
