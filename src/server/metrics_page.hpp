#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/traffic.hpp"

namespace portico::server {

/// The type of what write_metrics() writes.
inline constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

/// What is shown beside the traffic.
struct ProcessFigures {
  std::string_view version = {};                      ///< of the program
  std::size_t connections = 0;                        ///< of clients, open now
  std::uint64_t loads_used = 0;                       ///< descriptions that were loaded and taken
  std::uint64_t loads_refused = 0;                    ///< by SIGHUP, and stayed without effect
  std::chrono::system_clock::time_point loaded = {};  ///< when the one in use was
  std::chrono::system_clock::time_point started = {};
  std::chrono::microseconds processor_time{0};
  std::uint64_t resident_bytes = 0;
  std::uint64_t descriptors = 0;  ///< open files
  std::uint64_t descriptors_max = 0;
};

/// Prometheus' text format: every metric with its help and type, names and units as its conventions have them.
[[nodiscard]] std::string write_metrics(const Traffic::Totals& traffic, const ProcessFigures& process);

}  // namespace portico::server
