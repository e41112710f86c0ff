#include "deliver/resolve.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <thread>

namespace portico::deliver {
namespace {

namespace ip = boost::asio::ip;
using Found = base::Result<std::vector<ip::address>>;

Found failure(std::string words) {
  return base::Error{.code = base::ErrorCode::Unavailable, .message = {}, .detail = std::move(words)};
}

std::optional<ip::address> address_of(const addrinfo& info) {
  if (info.ai_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, info.ai_addr, sizeof four);
    return ip::address_v4(ntohl(four.sin_addr.s_addr));
  }
  if (info.ai_family != AF_INET6) return std::nullopt;
  sockaddr_in6 six{};
  std::memcpy(&six, info.ai_addr, sizeof six);
  ip::address_v6::bytes_type bytes{};
  std::copy(std::begin(six.sin6_addr.s6_addr), std::end(six.sin6_addr.s6_addr), bytes.begin());
  return ip::address_v6(bytes, six.sin6_scope_id);
}

Found look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (code != 0) return failure(host + " has no address: " + ::gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(list, ::freeaddrinfo);
  std::vector<ip::address> addresses;
  for (const addrinfo* info = list; info != nullptr; info = info->ai_next) {
    const auto address = address_of(*info);
    const bool is_known = address && std::find(addresses.begin(), addresses.end(), *address) != addresses.end();
    if (address && !is_known) addresses.push_back(*address);
  }
  if (addresses.empty()) return failure(host + " has no address");
  return addresses;
}

/// Between who asks and the thread that looks.
struct Question {
  std::mutex mutex;
  std::condition_variable answered;
  std::optional<Found> found;
};

}  // namespace

Found resolve(const std::string& host, std::chrono::steady_clock::time_point deadline) {
  boost::system::error_code error;
  const ip::address literal = ip::make_address(host, error);
  if (!error) return std::vector{literal};
  const auto question = std::make_shared<Question>();
  std::thread([question, host] {
    Found found = look_up(host);
    const std::lock_guard lock(question->mutex);
    question->found = std::move(found);
    question->answered.notify_one();
  }).detach();
  std::unique_lock lock(question->mutex);
  if (!question->answered.wait_until(lock, deadline, [&] { return question->found.has_value(); })) {
    return failure("the name server did not answer for " + host + " in time");
  }
  return *std::move(question->found);
}

}  // namespace portico::deliver
