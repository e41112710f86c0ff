#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace portico::bench {

/// What one thread did.
struct Tally {
  std::uint64_t requests = 0;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< of all cells, so that each of them is looked at
};

using Deadline = std::chrono::steady_clock::time_point;

/// Runs `work` on `threads` threads at once until the deadline that each is given, and writes one line of JSON to
/// standard output: requests, rows, bytes, seconds, and cpu_seconds of the whole process. Throws what a thread threw.
void run_and_report(int threads, std::chrono::duration<double> time, const std::function<Tally(Deadline)>& work);

}  // namespace portico::bench
