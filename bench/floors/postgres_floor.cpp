// portico-bench-floor-postgres CONNECTION REQUESTS SECONDS THREADS DEPTH: runs prepared statements in libpq's
// pipeline mode, DEPTH requests under way on a connection, each with its own sync. Looks at every cell and does
// nothing with it: what a server over the same database cannot go below. One connection for each thread.

#include <cstdio>
#include <cstring>
#include <exception>
#include <libpq-fe.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "clock.hpp"
#include "requests.hpp"

namespace portico::bench {
namespace {

struct Close {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Close>;
using Result = std::unique_ptr<PGresult, Close>;

// The settings of a session of Portico's that bear upon speed.
constexpr const char* session =
    "SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET jit = off; "
    "SET default_transaction_read_only = on";

/// A request's parameters as libpq takes them.
struct Parameters {
  explicit Parameters(const Run& run) {
    for (const Bind& bind : run.binds) {
      if (const auto* integer = std::get_if<std::int64_t>(&bind)) texts.push_back(std::to_string(*integer));
      if (const auto* real = std::get_if<double>(&bind)) texts.push_back(std::to_string(*real));
      if (const auto* text = std::get_if<std::string>(&bind)) texts.push_back(*text);
      if (std::holds_alternative<std::monostate>(bind)) texts.emplace_back();
    }
    for (std::size_t at = 0; at < texts.size(); ++at) {
      pointers.push_back(std::holds_alternative<std::monostate>(run.binds[at]) ? nullptr : texts[at].c_str());
    }
  }
  std::vector<std::string> texts;
  std::vector<const char*> pointers;
};

class Pipeline {
 public:
  Pipeline(const std::string& address, const Requests& requests)
      : requests_(requests), connection_(PQconnectdb(address.c_str())) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) fail();
    const Result set(PQexec(connection_.get(), session));
    if (PQresultStatus(set.get()) != PGRES_COMMAND_OK) fail();
    for (std::size_t at = 0; at < requests.statements.size(); ++at) {
      names_.push_back("s" + std::to_string(at));
      const Result made(
          PQprepare(connection_.get(), names_.back().c_str(), requests.statements[at].c_str(), 0, nullptr));
      if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) fail();
    }
    if (PQenterPipelineMode(connection_.get()) != 1) fail();
  }

  void send() {
    for (const Run& run : requests_.requests[sent_ % requests_.requests.size()]) {
      const Parameters parameters(run);
      if (PQsendQueryPrepared(connection_.get(), names_[run.statement].c_str(),
                              static_cast<int>(parameters.pointers.size()), parameters.pointers.data(), nullptr,
                              nullptr, 0) != 1) {
        fail();
      }
    }
    if (PQpipelineSync(connection_.get()) != 1) fail();
    ++sent_;
  }

  /// Takes all results of the oldest request under way.
  void receive(Tally& tally) {
    for (;;) {
      const Result result(PQgetResult(connection_.get()));
      if (!result) continue;  // the end of one statement
      const ExecStatusType status = PQresultStatus(result.get());
      if (status == PGRES_PIPELINE_SYNC) break;
      if (status != PGRES_TUPLES_OK) fail();
      look_at(result.get(), tally);
    }
    ++tally.requests;
  }

 private:
  static void look_at(const PGresult* result, Tally& tally) {
    const int rows = PQntuples(result);
    const int columns = PQnfields(result);
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        if (PQgetisnull(result, row, column) != 0) continue;
        tally.bytes += static_cast<std::uint64_t>(PQgetlength(result, row, column));
        tally.bytes += PQgetvalue(result, row, column)[0] != 0 ? 1U : 0U;
      }
    }
    tally.rows += static_cast<std::uint64_t>(rows);
  }

  [[noreturn]] void fail() const { throw std::runtime_error(PQerrorMessage(connection_.get())); }

  const Requests& requests_;
  Connection connection_;
  std::vector<std::string> names_;
  std::size_t sent_ = 0;
};

struct Work {
  std::string address;
  const Requests& requests;
  int depth = 1;
};

Tally loop(const Work& work, Deadline deadline) {
  Pipeline pipeline(work.address, work.requests);
  Tally tally;
  for (int at = 0; at < work.depth; ++at) pipeline.send();
  while (std::chrono::steady_clock::now() < deadline) {
    pipeline.receive(tally);
    pipeline.send();
  }
  for (int at = 0; at < work.depth; ++at) pipeline.receive(tally);
  return tally;
}

int run(int count, char** words) {
  if (count != 6) {
    std::fprintf(stderr, "usage: portico-bench-floor-postgres CONNECTION REQUESTS SECONDS THREADS DEPTH\n");
    return 2;
  }
  const Requests requests = read_requests(words[2]);
  const Work work{.address = words[1], .requests = requests, .depth = std::stoi(words[5])};
  run_and_report(std::stoi(words[4]), std::chrono::duration<double>(std::stod(words[3])),
                 [&](Deadline deadline) { return loop(work, deadline); });
  return 0;
}

}  // namespace
}  // namespace portico::bench

int main(int count, char** words) {
  try {
    return portico::bench::run(count, words);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "portico-bench-floor-postgres: %s\n", failure.what());
    return 1;
  }
}
