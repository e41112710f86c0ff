#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "base/result.hpp"

namespace portico::deliver {

/// The addresses of a host, each once, in the order of preference; of an address itself. Waits until `deadline` at
/// most: a name server that does not answer holds up a thread that nobody waits for. Unavailable, with why in
/// `detail`, where there is none.
[[nodiscard]] base::Result<std::vector<boost::asio::ip::address>> resolve(
    const std::string& host, std::chrono::steady_clock::time_point deadline);

}  // namespace portico::deliver
