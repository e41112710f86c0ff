#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "base/result.hpp"
#include "base/web_address.hpp"
#include "deliver/address_rules.hpp"

namespace portico::deliver {

/// Ends what is being sent, from another thread. Thread-safe.
class Interruption {
 public:
  /// From now on nothing is sent, and what is under way ends soon.
  void interrupt();
  [[nodiscard]] bool is_due() const;

  /// Something under way, as long as this lives.
  class Watch {
   public:
    /// `end` is called at most once, on whatever thread interrupts, or here.
    Watch(Interruption& interruption, std::function<void()> end);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    [[nodiscard]] const std::function<void()>& end() const noexcept { return end_; }

   private:
    Interruption& interruption_;
    const std::function<void()> end_;
  };

 private:
  mutable std::mutex mutex_;
  std::set<const Watch*> watches_;  // guarded by mutex_
  bool due_ = false;                // guarded by mutex_
};

/// Authorities whose certificates count: the system's, and those in `authorities_file` (PEM; empty: none). TLS 1.2
/// and 1.3. Throws std::runtime_error where the file cannot be used.
[[nodiscard]] std::unique_ptr<boost::asio::ssl::context> make_client_tls(const std::string& authorities_file);

/// What is sent, and by which rules. Refers to its parts.
struct Sending {
  const base::WebAddress& address;
  const std::string&
      fields;  ///< header fields beside Host, Content-Type, Content-Length, …; each with its line's end
  const std::string& body;                         ///< JSON
  std::chrono::steady_clock::time_point deadline;  ///< for all of it
  const AddressRules& rules;
  boost::asio::ssl::context& tls;
  Interruption& interruption;
};

struct Reply {
  int status = 0;
  std::string body;  ///< 64 KiB at most
};

/// POST over a connection of its own to the very address that was judged. No redirects, no proxies. Waits until
/// `deadline` at most. Unavailable, with why in `detail`, where no whole answer came; an address that is refused is
/// one of the reasons.
[[nodiscard]] base::Result<Reply> send(const Sending& sending);

}  // namespace portico::deliver
