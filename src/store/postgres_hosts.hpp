#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/result.hpp"
#include "store/postgres_connection.hpp"

// libpq's own name, so that its header stays in the sources.
struct pg_conn;

namespace portico::store {

/// One of the hosts that an address names, as libpq's parameters of these names.
struct PostgresHost {
  std::string host;  ///< a name, an IP address, or the folder of a unix socket
  std::string hostaddr = {};
  std::string port = {};
};

/// A database's address, taken apart: what to give libpq, and which hosts to try in which order. Immutable.
class PostgresTarget {
 public:
  /// Throws PostgresError where libpq does not understand the address. No password is in the text.
  explicit PostgresTarget(const std::string& address);

  /// Empty: libpq's own default, or the hosts of a `service`.
  [[nodiscard]] const std::vector<PostgresHost>& hosts() const noexcept { return hosts_; }
  /// How long one attempt to connect may take: `connect_timeout`, else two seconds.
  [[nodiscard]] std::chrono::seconds connect_timeout() const noexcept { return connect_timeout_; }

  /// Begins to connect, as PQconnectStartParams does; null where there is no memory. Does not wait, as long as every
  /// host is a unix socket or has a `hostaddr`. To write, only to a host that is no standby, whatever the address
  /// says.
  [[nodiscard]] pg_conn* begin(const std::vector<PostgresHost>& hosts, SessionAccess access) const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;  // all but the hosts
  std::vector<PostgresHost> hosts_;
  std::chrono::seconds connect_timeout_{2};
};

/// Looks up the addresses of hosts that are given by name, on a thread of its own: the system's resolver waits.
/// Its end forgets the look-up, and does not wait for it.
class HostLookup {
 public:
  using Found = std::function<void(base::Result<std::vector<PostgresHost>>)>;

  explicit HostLookup(boost::asio::io_context& io);
  ~HostLookup();
  HostLookup(const HostLookup&) = delete;
  HostLookup& operator=(const HostLookup&) = delete;

  [[nodiscard]] static bool is_needed(const std::vector<PostgresHost>& hosts);
  /// Calls `found` on the loop: each name with one entry for each of its addresses, in the order given. Unavailable:
  /// none of the names has an address. Once per object. Throws std::system_error where no thread can be had.
  void start(std::vector<PostgresHost> hosts, Found found);

 private:
  class Bell;
  struct Search;
  boost::asio::io_context& io_;
  std::shared_ptr<Bell> bell_;
};

}  // namespace portico::store
