// portico-bench-stages API.YAML STORE_DIRECTORY TOKEN ORDER_ID [--benchmark_…]: times the stages of a request one by
// one, on the real modules and the real data. bench/run starts it and makes a table of what it says.

#include <benchmark/benchmark.h>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <string>
#include <unistd.h>

#include "example.hpp"
#include "server/request_log.hpp"

namespace portico::bench {
namespace {

constexpr const char* json_type = "application/vnd.aplazame.v4+json";
constexpr const char* xml_type = "application/vnd.aplazame.v4+xml";

void time_stage(const std::string& name, std::function<void()> stage) {
  benchmark::RegisterBenchmark(name.c_str(), [stage = std::move(stage)](benchmark::State& state) {
    for (auto _ : state) stage();
  })->Unit(benchmark::kMicrosecond);
}

void write_log_line(server::RequestLog& log, const Example& example) {
  log.add({.request_id = "0123456789abcdef0123456789abcdef",
           .peer = "127.0.0.1",
           .method = example.request().method_name,
           .path = example.request().path,
           .query = example.request().query,
           .status = 200,
           .body_bytes = example.response().body.size(),
           .took = std::chrono::microseconds{100},
           .contract = "aplazame.v4",
           .account = example.principal().account,
           .key_id = example.principal().key_id});
}

/// Lines to nowhere. The log drops what its writer has no time for, and a dropped line costs nothing: so the writer
/// is given time, outside of the clock, before its buffer is full.
void time_log(const std::string& name, const Example& example) {
  benchmark::RegisterBenchmark(name.c_str(), [&example](benchmark::State& state) {
    constexpr int lines_at_once = 10'000;
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    auto log = std::make_unique<server::RequestLog>(nowhere);
    int lines = 0;
    for (auto _ : state) {
      write_log_line(*log, example);
      if (++lines % lines_at_once != 0) continue;
      state.PauseTiming();
      log = std::make_unique<server::RequestLog>(nowhere);
      state.ResumeTiming();
    }
    log.reset();
    ::close(nowhere);
  })->Unit(benchmark::kMicrosecond);
}

/// All stages in their order; `prefix` names the request.
void time_request(const std::string& prefix, Example& example) {
  time_stage(prefix + "/read the head", [&] { benchmark::DoNotOptimize(example.read_head()); });
  time_stage(prefix + "/agree on version, mode, format", [&] { example.agree(); });
  time_stage(prefix + "/find the key, compare its hash", [&] { example.authenticate(); });
  time_stage(prefix + "/parse path and query", [&] { example.understand(); });
  time_stage(prefix + "/plan: types, SQL, binds", [&] { example.make_plan(); });
  time_stage(prefix + "/read rows and count from SQLite", [&] { benchmark::DoNotOptimize(example.run()); });
  time_stage(prefix + "/links and header fields", [&] { example.make_links(); });
  benchmark::RegisterBenchmark((prefix + "/write the body").c_str(), [&](benchmark::State& state) {
    const store::Answer& answer = example.run();
    for (auto _ : state) example.render(answer);
    state.counters["bytes"] = static_cast<double>(example.response().body.size());
  })->Unit(benchmark::kMicrosecond);
  time_stage(prefix + "/write the head", [&] { example.write_head(); });
  time_log(prefix + "/one line of the log", example);
}

void time_count(Site& site, const Example& list) {
  const auto& plan = std::get<plan::ListPlan>(list.plan());
  benchmark::RegisterBenchmark("aside/count the merchant's orders anew", [&](benchmark::State& state) {
    store::Rows rows;
    for (auto _ : state) {
      if (!site.reader().read(plan.count, 1, rows)) state.SkipWithError("the count failed");
    }
  })->Unit(benchmark::kMicrosecond);
}

int run(int count, char** words) {
  benchmark::Initialize(&count, words);
  if (count != 5) {
    std::fprintf(stderr, "usage: portico-bench-stages API.YAML STORE_DIRECTORY TOKEN ORDER_ID [--benchmark_...]\n");
    return 2;
  }
  const std::string token = words[3];
  Site site(words[1], words[2]);
  Example list(site, {.target = "/orders", .accept = json_type, .token = token});
  Example one(site, {.target = std::string("/orders/") + words[4], .accept = json_type, .token = token});
  Example xml(site, {.target = "/orders", .accept = xml_type, .token = token});
  time_request("list", list);
  time_request("one", one);
  time_request("xml", xml);
  time_count(site, list);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace portico::bench

int main(int count, char** words) {
  try {
    return portico::bench::run(count, words);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "portico-bench-stages: %s\n", failure.what());
    return 1;
  }
}
