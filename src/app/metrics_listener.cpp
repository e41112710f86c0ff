#include "app/metrics_listener.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

#include "app/misuse.hpp"
#include "render/problem.hpp"

namespace portico::app {
namespace {

constexpr std::string_view path = "/metrics";
constexpr std::string_view allowed = "GET, HEAD";

std::chrono::microseconds duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

void say(http::Response& response, int status, std::string_view words) {
  response.status = status;
  response.add("Content-Type", "text/plain; charset=utf-8");
  response.body.assign(words).append("\n");
}

void answer(http::Exchange& exchange, const std::function<std::string()>& write_page) {
  const http::Request& request = exchange.request();
  http::Response& response = exchange.response();
  response.add("Cache-Control", "no-store");
  response.add("X-Content-Type-Options", "nosniff");
  if (request.path != path) {
    say(response, 404, "Figures are at /metrics.");
  } else if (request.method != http::Method::Get && request.method != http::Method::Head) {
    response.add("Allow", allowed);
    say(response, 405, "The method is not allowed; GET and HEAD are.");
  } else {
    response.add("Content-Type", server::metrics_type);
    response.body = write_page();
  }
  exchange.complete();
}

void refuse(http::Exchange& exchange, const base::Error& error) {
  say(exchange.response(), render::status_of(error.code, model::DialectKind::MediaType),
      error.message.empty() ? render::usual_message(error.code) : std::string_view(error.message));
}

}  // namespace

void read_process(server::ProcessFigures& figures) {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0)
    figures.processor_time = duration_of(usage.ru_utime) + duration_of(usage.ru_stime);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) figures.descriptors_max = limit.rlim_cur;
  std::ifstream memory("/proc/self/statm");
  std::uint64_t pages = 0;
  if (memory >> pages >> pages) figures.resident_bytes = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  std::error_code error;
  for (std::filesystem::directory_iterator each("/proc/self/fd", error), end; !error && each != end;
       each.increment(error))
    ++figures.descriptors;
  if (figures.descriptors > 0) --figures.descriptors;  // the one that looks
}

MetricsListener::MetricsListener(const std::string& place, const base::Limits& limits,
                                 std::function<std::string()> write_page)
    : place_(parse(place)),
      server_({.address = place_.host, .port = place_.port, .loops = 1, .limits = limits},
              [write_page = std::move(write_page)](std::size_t, const http::LoopHandle&) {
                return http::Application{
                    .handle = [write_page](http::Exchange& exchange) { answer(exchange, write_page); },
                    .refuse = refuse};
              }) {}

MetricsListener::Place MetricsListener::parse(const std::string& place) {
  const std::size_t colon = place.rfind(':');
  std::string host = place.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const char* const end = place.data() + place.size();
  const char* const digits = colon == std::string::npos ? end : place.data() + colon + 1;
  const auto [stopped, fault] = std::from_chars(digits, end, port);
  if (digits == end || stopped != end || fault != std::errc() || host.empty() ||
      bracketed != (host.find(':') != std::string::npos)) {
    throw MisuseError("--metrics " + place + ": not an address and a port such as 127.0.0.1:9464 or [::1]:9464");
  }
  return {.host = std::move(host), .port = port};
}

void MetricsListener::start() {
  try {
    server_.start();
  } catch (const std::exception& error) {
    throw std::runtime_error("--metrics: " + std::string(error.what()));
  }
}

std::string MetricsListener::address() const {
  const bool is_ipv6 = place_.host.find(':') != std::string::npos;
  return "http://" + (is_ipv6 ? "[" + place_.host + "]" : place_.host) + ":" + std::to_string(server_.port()) +
         std::string(path);
}

}  // namespace portico::app
