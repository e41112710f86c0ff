#include "platform/usage_tables.hpp"

#include <algorithm>

namespace portico::platform {
namespace {

using store::OwnRow;
using store::OwnTables;
using store::OwnValue;

/// How often a batch is begun again where other servers write theirs at the same moment.
constexpr int attempts_most = 8;
/// Requests in one INSERT: a statement more is a round trip more.
constexpr std::size_t requests_at_once = 40;
/// An account's requests are counted when it may have so many times more of them than are kept.
constexpr std::int64_t sweeps_in = 4;

std::string placeholder(std::size_t number) {
  return "$" + std::to_string(number);
}

/// `, l0, l1, …` in a form in which # stands for the column's number.
std::string for_each_bucket(const std::string& form) {
  std::string all;
  for (std::size_t i = 0; i < latency_buckets; ++i) {
    std::string one = form;
    for (std::size_t at = one.find('#'); at != std::string::npos; at = one.find('#')) {
      one.replace(at, 1, std::to_string(i));
    }
    all += one;
  }
  return all;
}

std::string add_minute_sql() {
  std::string sql =
      "INSERT INTO portico_usage(account, minute, requests, errors" + for_each_bucket(", l#") + ") VALUES ($1";
  for (std::size_t i = 2; i <= latency_buckets + 4; ++i) sql += ", " + placeholder(i);
  return sql +
         ") ON CONFLICT (account, minute) DO UPDATE SET requests = portico_usage.requests + excluded.requests, "
         "errors = portico_usage.errors + excluded.errors" +
         for_each_bucket(", l# = portico_usage.l# + excluded.l#");
}

std::string add_requests_sql(std::size_t rows) {
  constexpr std::size_t columns = 12;
  std::string sql =
      "INSERT INTO portico_requests(account, at, request_id, method, path, status, type, message, microseconds, "
      "key_id, kind, extension) VALUES ";
  for (std::size_t row = 0; row < rows; ++row) {
    sql += row == 0 ? "(" : ", (";
    for (std::size_t i = 1; i <= columns; ++i) sql += (i == 1 ? "" : ", ") + placeholder(row * columns + i);
    sql += ')';
  }
  return sql;
}

void add_minute(OwnTables& tables, const std::string& account, base::Microseconds at, const MinuteUsage& usage) {
  static const std::string sql = add_minute_sql();
  std::vector<OwnValue> binds = {account, at, usage.requests, usage.errors};
  binds.insert(binds.end(), usage.latencies.begin(), usage.latencies.end());
  tables.run(sql, binds);
}

void add_binds(const std::string& account, const LoggedRequest& request, std::vector<OwnValue>& binds) {
  for (OwnValue value : {OwnValue(account), OwnValue(request.at), OwnValue(request.request_id),
                         OwnValue(request.method), OwnValue(request.path), OwnValue(std::int64_t{request.status}),
                         OwnValue(request.type), OwnValue(request.message), OwnValue(request.microseconds),
                         OwnValue(request.key), OwnValue(request.kind), OwnValue(request.extension)}) {
    binds.push_back(std::move(value));
  }
}

void add_requests(OwnTables& tables, const std::string& account, const UsageBatch::Account& added) {
  std::vector<OwnValue> binds;
  std::size_t gathered = 0;
  std::size_t left = added.requests.size();
  for (const LoggedRequest& request : added.requests) {
    add_binds(account, request, binds);
    --left;
    if (++gathered < requests_at_once && left > 0) continue;
    tables.run(add_requests_sql(gathered), binds);
    binds.clear();
    gathered = 0;
  }
}

/// All but the newest.
void forget_requests(OwnTables& tables, const std::string& account, std::size_t kept) {
  const std::vector<OwnValue> binds = {account, static_cast<std::int64_t>(kept)};
  tables.run(
      "DELETE FROM portico_requests WHERE account = $1 AND sequence <= (SELECT sequence FROM portico_requests WHERE "
      "account = $1 ORDER BY sequence DESC LIMIT 1 OFFSET $2)",
      binds);
}

/// One batch in some is judged by the account's newest row: there are gaps where other accounts have rows, so this
/// comes more often than it would have to, never less.
bool may_have_too_many(OwnTables& tables, const std::string& account, const UsageBatch::Account& added,
                       std::size_t kept) {
  const auto more = static_cast<std::int64_t>(added.requests.size());
  const std::int64_t often = std::max<std::int64_t>(static_cast<std::int64_t>(kept) / sweeps_in, 1);
  if (more >= often) return true;
  const std::vector<OwnValue> binds = {account};
  const store::OwnAnswer newest = tables.run("SELECT max(sequence) FROM portico_requests WHERE account = $1", binds);
  const auto* sequence = std::get_if<std::int64_t>(&newest.rows.at(0).at(0));
  return sequence != nullptr && *sequence % often < more;
}

void write_once(OwnTables& tables, const UsageBatch& batch, std::size_t requests_kept) {
  store::OwnTransaction transaction(tables);
  for (const auto& [account, added] : batch.accounts()) {
    for (const auto& [at, usage] : added.minutes) add_minute(tables, account, at, usage);
    add_requests(tables, account, added);
    if (may_have_too_many(tables, account, added, requests_kept)) forget_requests(tables, account, requests_kept);
  }
  transaction.commit();
}

std::int64_t integer(const OwnRow& row, std::size_t column) {
  return std::get<std::int64_t>(row.at(column));
}

std::string text(const OwnRow& row, std::size_t column) {
  return std::get<std::string>(row.at(column));
}

}  // namespace

void write_usage(OwnTables& tables, const UsageBatch& batch, std::size_t requests_kept) {
  for (int attempt = 1;; ++attempt) {
    try {
      return write_once(tables, batch, requests_kept);
    } catch (const store::OwnTablesBusy&) {
      if (attempt == attempts_most) throw;
    }
  }
}

void forget_usage(OwnTables& tables, base::Microseconds before) {
  const std::vector<OwnValue> binds = {before};
  tables.run("DELETE FROM portico_usage WHERE minute < $1", binds);
}

std::vector<UsagePoint> read_usage(OwnTables& tables, const UsageQuestion& question) {
  static const std::string sql =
      "SELECT minute / $4 * $4 AS step, CAST(sum(requests) AS bigint), CAST(sum(errors) AS bigint)" +
      for_each_bucket(", CAST(sum(l#) AS bigint)") +
      " FROM portico_usage WHERE account = $1 AND minute >= $2 AND minute < $3 GROUP BY 1 ORDER BY 1";
  const std::int64_t step = std::chrono::microseconds(question.step).count();
  const std::vector<OwnValue> binds = {question.account, question.since, question.until, step};
  std::vector<UsagePoint> points;
  for (const OwnRow& row : tables.run(sql, binds).rows) {
    UsagePoint& point = points.emplace_back();
    point.at = integer(row, 0);
    point.usage.requests = integer(row, 1);
    point.usage.errors = integer(row, 2);
    for (std::size_t i = 0; i < latency_buckets; ++i) point.usage.latencies[i] = integer(row, i + 3);
  }
  return points;
}

RequestsPage read_requests(OwnTables& tables, const RequestsQuestion& question) {
  std::vector<OwnValue> binds = {question.account, std::int64_t{question.status_from},
                                 std::int64_t{question.status_to}};
  RequestsPage page;
  page.count = integer(tables
                           .run("SELECT count(*) FROM portico_requests WHERE account = $1 AND status >= $2 AND "
                                "status < $3",
                                binds)
                           .rows.at(0),
                       0);
  binds.insert(binds.end(), {OwnValue(requests_on_page), OwnValue((question.page - 1) * requests_on_page)});
  const store::OwnAnswer found = tables.run(
      "SELECT at, request_id, method, path, status, type, message, microseconds, key_id, kind, extension FROM "
      "portico_requests WHERE account = $1 AND status >= $2 AND status < $3 ORDER BY at DESC, sequence "
      "DESC LIMIT $4 OFFSET $5",
      binds);
  for (const OwnRow& row : found.rows) {
    page.requests.push_back({.at = integer(row, 0),
                             .request_id = text(row, 1),
                             .method = text(row, 2),
                             .path = text(row, 3),
                             .status = static_cast<int>(integer(row, 4)),
                             .type = text(row, 5),
                             .message = text(row, 6),
                             .microseconds = integer(row, 7),
                             .key = text(row, 8),
                             .kind = text(row, 9),
                             .extension = text(row, 10)});
  }
  return page;
}

}  // namespace portico::platform
