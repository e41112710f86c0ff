#pragma once

#include <functional>
#include <string>

#include "base/limits.hpp"
#include "http/server.hpp"
#include "server/metrics_page.hpp"

namespace portico::app {

/// What the system tells of this process, in the members that are about it; the others stay as they are. What it does
/// not tell is 0.
void read_process(server::ProcessFigures& figures);

/// Shows figures to programs that watch, under `/metrics` at an address of its own, without a key: whoever reaches
/// the address may read them. One loop, beside those that serve.
class MetricsListener {
 public:
  /// `place`: `127.0.0.1:9464`, `[::1]:9464`; throws MisuseError where it is none. `write_page` is called on the
  /// listener's thread.
  MetricsListener(const std::string& place, const base::Limits& limits, std::function<std::string()> write_page);

  /// Throws std::runtime_error as http::Server, and says that it is about this.
  void start();
  [[nodiscard]] std::string address() const;  ///< `http://127.0.0.1:9464/metrics`; after start()

 private:
  struct Place {
    std::string host;
    std::uint16_t port;
  };
  static Place parse(const std::string& place);

  Place place_;
  http::Server server_;
};

}  // namespace portico::app
