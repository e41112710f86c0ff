#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace portico::base {

/// Every limit, its default, and the name it has in the description's `limits:` section (docs/operations.md lists
/// them).
struct Limits {
  // What a client may send.
  std::size_t head_bytes = 16 * 1024;                 ///< request line and fields together; 431
  std::size_t head_fields = 100;                      ///< header fields; 431
  std::size_t target_bytes = 8 * 1024;                ///< request target; 414
  std::size_t body_bytes = 1024 * 1024;               ///< also of a body once inflated; 413
  std::size_t body_depth = 32;                        ///< objects and lists within each other; 400
  std::size_t body_values = 100'000;                  ///< values, members and items together; 400
  std::size_t large_bodies_bytes = 64 * 1024 * 1024;  ///< bodies over body_bytes, together, on one loop; 503
  std::size_t bulk_rows = 1'000;                      ///< rows in one body; 400
  std::size_t clear_rows = 100'000;                   ///< rows that one request deletes of a collection; 400
  std::size_t filter_terms = 200;                     ///< filters in one request, each value of an `in` counted; 400
  std::size_t filter_depth = 16;                      ///< steps in one filter's path; 400
  std::size_t filter_value_bytes = 2048;              ///< one filter value, decoded; 400
  std::size_t order_terms = 8;                        ///< terms of `ordering`; 400
  std::size_t search_terms = 16;                      ///< words in `q` or in a `search` value; 400
  std::size_t accept_ranges = 32;                     ///< media ranges in `Accept`; 406
  std::size_t regex_terms = 4;                        ///< regular expressions in one request; 400
  std::int64_t regex_memory_bytes = 256 * 1024;       ///< RE2's budget for one compiled pattern; 400 over it
  // How long a client may take.
  std::chrono::seconds head_timeout{10};             ///< from a request's first byte to the end of its head; 408
  std::chrono::seconds body_timeout{30};             ///< from the head's end to the body's end; 408
  std::chrono::seconds idle_timeout{75};             ///< between requests; the connection closes
  std::chrono::seconds write_timeout{30};            ///< for the client to take an answer; the connection closes
  std::chrono::seconds drain_timeout{10};            ///< after SIGTERM, for the requests under way
  std::chrono::seconds query_timeout{30};            ///< for one request's statements; 503
  std::chrono::seconds idempotency_time{24 * 3600};  ///< how long a request's key and answer are kept
  std::chrono::seconds webhook_time{7 * 24 * 3600};  ///< how long a webhook's entry is kept once it is done
  // What the server holds.
  std::size_t queries_waiting = 1'000;          ///< growing queries that wait for a worker; 503 over it
  std::size_t connections = 10'000;             ///< open at once on one loop; more wait in the listen queue
  std::size_t counts_remembered = 4'096;        ///< exact counts a loop remembers while the database stays as it is
  std::size_t statements_prepared = 256;        ///< prepared statements a connection keeps
  std::size_t writes_waiting = 10'000;          ///< changes that wait for their turn; 503 over it
  std::size_t webhook_tries = 16;               ///< deliveries of webhooks under way at once
  std::size_t webhook_tries_per_host = 4;       ///< of these, to one host and port
  std::size_t rates_remembered = 100'000;       ///< keys whose `rates:` a process remembers
  std::size_t postgres_connections = 4;         ///< that a loop opens to PostgreSQL for each of two kinds of reading
  std::size_t postgres_writers = 16;            ///< that a loop opens for changes: so many transactions at once
  std::chrono::seconds postgres_idle_time{60};  ///< after which one without work is closed, all but a loop's first
  std::size_t postgres_pipeline = 16;           ///< statements sent on a connection before the first answer came
};

}  // namespace portico::base
