#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace portico::bench {

/// What one statement's parameter is.
using Bind = std::variant<std::monostate, std::int64_t, double, std::string>;

struct Run {
  std::size_t statement = 0;  ///< index into Requests::statements
  std::vector<Bind> binds;
};

/// SQL, and what to run of it, in turn.
struct Requests {
  std::vector<std::string> statements;
  std::vector<std::vector<Run>> requests;  ///< the statements of one request each
};

/// Reads what portico-bench-statements wrote. Throws std::runtime_error with the line that is wrong.
///
///     file      = { "sql " TEXT LF } { request }        sql SELECT "id" FROM "orders" WHERE "merchant" = ?
///     request   = "request" LF { run }                  request
///     run       = "run " NUMBER LF { bind }             run 0
///     bind      = "integer " NUMBER LF | "real " NUMBER LF | "text " TEXT LF | "null" LF
Requests read_requests(const std::string& file);

}  // namespace portico::bench
