#include "clock.hpp"

#include <cstddef>
#include <cstdio>
#include <ctime>
#include <exception>
#include <thread>
#include <vector>

namespace portico::bench {
namespace {

double process_cpu_seconds() {
  timespec spent{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

}  // namespace

void run_and_report(int threads, std::chrono::duration<double> time, const std::function<Tally(Deadline)>& work) {
  const auto count = static_cast<std::size_t>(threads);
  std::vector<Tally> tallies(count);
  std::vector<std::exception_ptr> failures(count);
  const double cpu = process_cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  const Deadline deadline = begin + std::chrono::duration_cast<std::chrono::steady_clock::duration>(time);
  std::vector<std::thread> running;
  for (std::size_t at = 0; at < count; ++at) {
    running.emplace_back([&, at] {
      try {
        tallies[at] = work(deadline);
      } catch (...) {
        failures[at] = std::current_exception();
      }
    });
  }
  for (auto& thread : running) thread.join();
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  Tally all;
  for (const Tally& tally : tallies) {
    all.requests += tally.requests;
    all.rows += tally.rows;
    all.bytes += tally.bytes;
  }
  std::printf("{\"requests\": %llu, \"rows\": %llu, \"bytes\": %llu, \"seconds\": %.6f, \"cpu_seconds\": %.6f}\n",
              static_cast<unsigned long long>(all.requests), static_cast<unsigned long long>(all.rows),
              static_cast<unsigned long long>(all.bytes), took.count(), process_cpu_seconds() - cpu);
}

}  // namespace portico::bench
