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
  // What an extension's archive may hold; 400, but for `upload_bytes`.
  std::size_t upload_bytes = 16 * 1024 * 1024;        ///< the archive as it is sent; 413
  std::size_t upload_files = 1'000;                   ///< files in it, folders counted too
  std::size_t upload_file_bytes = 8 * 1024 * 1024;    ///< one of them, inflated
  std::size_t upload_total_bytes = 32 * 1024 * 1024;  ///< all of them, inflated
  std::size_t upload_ratio = 200;                     ///< how many bytes a byte of the archive may become
  std::size_t upload_path_bytes = 200;                ///< a file's path
  std::size_t upload_path_depth = 8;                  ///< names in a path, its own counted
  // How long a client may take.
  std::chrono::seconds head_timeout{10};             ///< from a request's first byte to the end of its head; 408
  std::chrono::seconds body_timeout{30};             ///< in which a body comes, or transfer_rate of it; 408
  std::chrono::seconds idle_timeout{75};             ///< between requests; the connection closes
  std::chrono::seconds write_timeout{30};            ///< in which a client takes an answer, or transfer_rate of it
  std::size_t transfer_rate = 500;                   ///< bytes a second: whoever is slower has these times for all
  std::chrono::seconds drain_timeout{10};            ///< after SIGTERM, for the requests under way
  std::chrono::seconds query_timeout{30};            ///< for one request's statements; 503
  std::chrono::seconds idempotency_time{24 * 3600};  ///< how long a request's key and answer are kept
  std::chrono::seconds webhook_time{7 * 24 * 3600};  ///< how long a webhook's entry is kept once it is done
  std::chrono::seconds usage_kept{90 * 24 * 3600};   ///< how long each minute's requests of an account are counted
  std::chrono::seconds usage_interval{10};           ///< at the latest it is written after so long
  // What a user of the developer space may do; docs/operations.md says what a limit met there is answered with.
  std::size_t password_characters = 12;      ///< of a password, at least
  std::size_t sign_in_failures = 5;          ///< passwords that were wrong for an address within sign_in_window; 429
  std::size_t sign_in_peer_failures = 50;    ///< of one peer, whatever the addresses
  std::chrono::seconds sign_in_window{900};  ///< how long a failure counts
  std::size_t developer_extensions = 100;    ///< extensions of one developer
  std::size_t extension_commits = 1'000;     ///< commits of one version
  // What the server holds.
  std::size_t queries_waiting = 1'000;          ///< growing queries that wait for a worker; 503 over it
  std::size_t connections = 10'000;             ///< open at once on one loop; more wait in the listen queue
  std::size_t counts_remembered = 4'096;        ///< exact counts a loop remembers while the database stays as it is
  std::size_t statements_prepared = 256;        ///< prepared statements a connection keeps
  std::size_t writes_waiting = 10'000;          ///< changes that wait for their turn; 503 over it
  std::size_t changes_per_commit = 512;         ///< that share a commit on SQLite: the first waits for the last
  std::size_t webhook_tries = 16;               ///< deliveries of webhooks under way at once
  std::size_t webhook_tries_per_host = 4;       ///< of these, to one host and port
  std::size_t requests_kept = 500;              ///< requests of each account that its request log tells of
  std::size_t rates_remembered = 100'000;       ///< keys whose `rates:` a process remembers
  std::size_t postgres_connections = 4;         ///< that a loop opens to PostgreSQL for each of two kinds of reading
  std::size_t postgres_writers = 16;            ///< that a loop opens for changes: so many transactions at once
  std::chrono::seconds postgres_idle_time{60};  ///< after which one without work is closed, all but a loop's first
  std::size_t postgres_pipeline = 16;           ///< statements sent on a connection before the first answer came
  // Of the developer space.
  std::size_t image_bytes = 1024 * 1024;  ///< an extension's image; 413
  std::size_t developer_threads = 4;      ///< that work for it, each with connections of its own
  std::size_t developer_waiting = 200;    ///< requests that wait for one of them; 503 over it
};

}  // namespace portico::base
