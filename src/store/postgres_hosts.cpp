#include "store/postgres_hosts.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <libpq-fe.h>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <string_view>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "store/postgres_address.hpp"

namespace portico::store {
namespace {

namespace asio = boost::asio;

// Where several hosts are named, this one is meant: none is written to that is still a standby.
constexpr const char* attributes = "target_session_attrs";
const std::string primary = "primary";

struct Default {
  const char* name;
  const char* value;
};

/// What holds where the address says nothing else. A network that swallows what is sent must not be waited for; and
/// GSSAPI asks servers of its own, which libpq waits for.
constexpr std::array<Default, 6> defaults = {{
    {"fallback_application_name", "portico"},
    {"gssencmode", "disable"},
    {"tcp_user_timeout", "5000"},  // milliseconds
    {"keepalives_idle", "5"},      // seconds
    {"keepalives_interval", "2"},
    {"keepalives_count", "3"},
}};

using Options = std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)>;

std::vector<std::string> parts(std::string_view list) {
  std::vector<std::string> items;
  for (;;) {
    const std::size_t comma = list.find(',');
    items.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return items;
    list.remove_prefix(comma + 1);
  }
}

/// What the environment (PGHOST, PGSERVICE …) says for an option, or empty.
std::string environment_value(std::string_view name) {
  const Options options(PQconndefaults(), PQconninfoFree);
  for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
    if (option->keyword == name) return option->val == nullptr ? "" : option->val;
  }
  return {};
}

bool is_ip_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

bool needs_lookup(const PostgresHost& host) {
  if (!host.hostaddr.empty() || host.host.empty()) return false;
  return host.host.front() != '/' && host.host.front() != '@' && !is_ip_address(host.host);
}

/// The host once for each of its addresses; nothing where it has none, and then why.
std::vector<PostgresHost> addresses_of(const PostgresHost& host, std::string& why) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  if (const int error = ::getaddrinfo(host.host.c_str(), nullptr, &hints, &first); error != 0) {
    why += (why.empty() ? "" : "; ") + ("the host name " + host.host + " has no address: ") + ::gai_strerror(error);
    return {};
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(first, ::freeaddrinfo);
  std::vector<PostgresHost> found;
  for (const addrinfo* item = first; item != nullptr; item = item->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(item->ai_addr, item->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) {
      continue;
    }
    found.push_back({.host = host.host, .hostaddr = text.data(), .port = host.port});
  }
  return found;
}

std::string joined_by(const std::vector<PostgresHost>& hosts, std::string PostgresHost::*part) {
  std::string list;
  for (const PostgresHost& host : hosts) {
    if (&host != &hosts.front()) list += ',';
    list += host.*part;
  }
  return list;
}

bool any(const std::vector<PostgresHost>& hosts, std::string PostgresHost::*part) {
  return std::any_of(hosts.begin(), hosts.end(), [&](const PostgresHost& host) { return !(host.*part).empty(); });
}

/// `host`, `hostaddr` and `port` are lists of the same length; of ports there may be one for all.
std::vector<PostgresHost> hosts_of(const std::string& host, const std::string& hostaddr, const std::string& port) {
  std::vector<PostgresHost> hosts;
  if (host.empty() && hostaddr.empty()) return hosts;
  const std::vector<std::string> names = parts(host);
  const std::vector<std::string> addresses = parts(hostaddr);
  const std::vector<std::string> ports = parts(port);
  const std::size_t count = hostaddr.empty() ? names.size() : addresses.size();
  for (std::size_t i = 0; i < count; ++i) {
    hosts.push_back({.host = i < names.size() ? names[i] : "",
                     .hostaddr = i < addresses.size() ? addresses[i] : "",
                     .port = ports.size() == 1 ? ports.front() : (i < ports.size() ? ports[i] : "")});
  }
  return hosts;
}

}  // namespace

PostgresTarget::PostgresTarget(const std::string& address) {
  if (const std::string mistake = address_mistake(address); !mistake.empty()) {
    throw PostgresError("the database's address is not understood: " + mistake, "");
  }
  const Options options(PQconninfoParse(address.c_str(), nullptr), PQconninfoFree);
  if (options == nullptr) throw std::bad_alloc();
  std::string host;
  std::string hostaddr;
  std::string port;
  bool service = false;
  for (const Default& usual : defaults) parameters_.emplace_back(usual.name, usual.value);
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view name = option->keyword;
    if (name == "host") {
      host = option->val;
    } else if (name == "hostaddr") {
      hostaddr = option->val;
    } else if (name == "port") {
      port = option->val;
    } else {
      service = service || name == "service";
      parameters_.emplace_back(name, option->val);
    }
    if (name == "connect_timeout") {
      const long seconds = std::strtol(option->val, nullptr, 10);
      if (seconds > 0) connect_timeout_ = std::chrono::seconds(std::min(seconds, 3600L));
    }
  }
  if (host.empty() && hostaddr.empty() && !service) host = environment_value("host");
  if (port.empty() && !service) port = environment_value("port");
  hosts_ = hosts_of(host, hostaddr, port);
  if (hosts_.empty() && !port.empty()) parameters_.emplace_back("port", port);
}

pg_conn* PostgresTarget::begin(const std::vector<PostgresHost>& hosts, SessionAccess access) const {
  const std::string names = joined_by(hosts, &PostgresHost::host);
  const std::string addresses = joined_by(hosts, &PostgresHost::hostaddr);
  const std::string ports = joined_by(hosts, &PostgresHost::port);
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  const auto add = [&](const char* keyword, const std::string& value) {
    keywords.push_back(keyword);
    values.push_back(value.c_str());
  };
  for (const auto& [keyword, value] : parameters_) add(keyword.c_str(), value);
  if (access == SessionAccess::ReadWrite) add(attributes, primary);
  if (any(hosts, &PostgresHost::host)) add("host", names);
  if (any(hosts, &PostgresHost::hostaddr)) add("hostaddr", addresses);
  if (any(hosts, &PostgresHost::port)) add("port", ports);
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  return PQconnectStartParams(keywords.data(), values.data(), 0);
}

/// Rung from the thread, heard on the loop. Belongs to the loop; the thread holds its own copy of the descriptor, so
/// neither needs the other to live.
class HostLookup::Bell : public std::enable_shared_from_this<Bell> {
 public:
  Bell(asio::io_context& io, int event, Found found)
      : descriptor_(io.get_executor(), event), found_(std::move(found)) {}

  void wait(std::shared_ptr<Search> search);
  void forget() {
    found_ = nullptr;
    boost::system::error_code ignored;
    descriptor_.close(ignored);
  }

 private:
  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor_;
  Found found_;
};

struct HostLookup::Search {
  explicit Search(std::vector<PostgresHost> names) : hosts(std::move(names)), event(::eventfd(0, EFD_CLOEXEC)) {
    if (event < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  ~Search() { ::close(event); }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  void run() {
    std::vector<PostgresHost> all;
    std::string words;
    for (const PostgresHost& host : hosts) {
      if (!needs_lookup(host)) {
        all.push_back(host);
      } else {
        std::vector<PostgresHost> more = addresses_of(host, words);
        all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
      }
    }
    const std::lock_guard lock(mutex);
    hosts = std::move(all);
    why = std::move(words);
  }

  /// After the bell: the thread has done its work.
  base::Result<std::vector<PostgresHost>> take() {
    const std::lock_guard lock(mutex);
    if (hosts.empty()) return base::Error{.code = base::ErrorCode::Unavailable, .detail = why};
    return std::move(hosts);
  }

  std::mutex mutex;
  std::vector<PostgresHost> hosts;
  std::string why;
  const int event;
};

void HostLookup::Bell::wait(std::shared_ptr<Search> search) {
  descriptor_.async_wait(descriptor_.wait_read, [self = weak_from_this(), search = std::move(search)](auto error) {
    const auto bell = self.lock();
    if (error || bell == nullptr || bell->found_ == nullptr) return;
    const Found found = std::exchange(bell->found_, nullptr);
    found(search->take());
  });
}

HostLookup::HostLookup(asio::io_context& io) : io_(io) {}

HostLookup::~HostLookup() {
  if (bell_ != nullptr) bell_->forget();
}

bool HostLookup::is_needed(const std::vector<PostgresHost>& hosts) {
  return std::any_of(hosts.begin(), hosts.end(), needs_lookup);
}

void HostLookup::start(std::vector<PostgresHost> hosts, Found found) {
  const auto search = std::make_shared<Search>(std::move(hosts));
  const int event = ::dup(search->event);
  if (event < 0) throw std::system_error(errno, std::generic_category(), "dup");
  bell_ = std::make_shared<Bell>(io_, event, std::move(found));
  bell_->wait(search);
  std::thread([search] {
    try {
      search->run();
    } catch (const std::exception& fault) {  // no memory: no host was found
      const std::lock_guard lock(search->mutex);
      search->hosts.clear();
    }
    static_cast<void>(::eventfd_write(search->event, 1));
  }).detach();
}

}  // namespace portico::store
