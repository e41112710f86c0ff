#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/bound_filter.hpp"
#include "plan/make_plan.hpp"
#include "plan/plan.hpp"
#include "plan/sql_source.hpp"
#include "plan/table_row.hpp"

namespace portico::plan {

/// A statement that reads, and how its columns are read.
struct RowQuery {
  Statement statement;
  std::size_t columns = 0;
  std::vector<Reading> readings = {};  ///< PostgreSQL: of the columns
};

/// How a row is kept as it is until the transaction ends. SQLite has one writer, and needs none.
enum class Lock : std::uint8_t {
  None,
  Share,   ///< it must not go: FOR KEY SHARE
  Hold,    ///< it must stay as it is: FOR SHARE
  Change,  ///< its key stays: FOR NO KEY UPDATE
  Remove,  ///< FOR UPDATE
};

/// Which row is meant.
struct RowName {
  std::optional<std::string> name;  ///< as the client wrote it (P9); nothing: the calling account itself
  /// The keys of the rows that it lies under, in the order of Resource::parents; of the first ones, or of none.
  std::vector<base::Value> parents = {};
};

/// A row's key: a value for each of Resource::key.
using RowKey = std::vector<base::Value>;

/// Which rows of a collection are meant.
struct RowChoice {
  BoundFilter filter;
  std::vector<base::Value> parents = {};  ///< as RowName's
  std::size_t most = 0;                   ///< candidates
};

/// Some rows of a collection, to be looked at one by one.
struct Candidates {
  /// The columns of each one's key, and behind them what `check` looks at. In the order of the key, and kept from
  /// others until the transaction ends.
  RowQuery query;
  RowCheck check;  ///< which of them are meant: gets the cells behind the key's
};

/// The statements of changes to one resource's rows, for one account in one mode: every one carries the owner's
/// condition, and a new row its owner. Refers to its arguments; writes text only. Rows have one value for columns
/// that several leaves share: the one that differs, else the first that is not null. PostgreSQL's texts hold no zero
/// byte: std::invalid_argument where a row has one.
class WriteStatements {
 public:
  WriteStatements(const Planner& planner, const model::Resource& resource, const Scope& scope);

  /// What the owner's column holds, in the account's rows. Null where there is no such column.
  [[nodiscard]] base::Value owner_value() const;
  /// All of Resource::leaves of the own table, in order (those of joins as null), of the row so named; none, or one.
  [[nodiscard]] RowQuery read_named(const RowName& row, Lock lock) const;
  /// The same by the key itself, which is one column.
  [[nodiscard]] RowQuery read_keyed(const base::Value& key, Lock lock) const;
  [[nodiscard]] Statement erase(const TableRow& row) const;  ///< by the row's key
  [[nodiscard]] Statement insert(const TableRow& row) const;
  /// Whether all that the view shows of a row is in the row itself.
  [[nodiscard]] bool shows_row_alone(const model::View& view) const;
  /// insert() and show() in one. Precondition: shows_row_alone(view).
  [[nodiscard]] RowQuery insert_and_show(const model::View& view, const TableRow& row) const;
  /// Sets what differs, by `before`'s key; never the owner. Precondition: differ(before, after).
  [[nodiscard]] Statement update(const TableRow& before, const TableRow& after) const;
  [[nodiscard]] bool differ(const TableRow& before, const TableRow& after) const;
  /// One row with one column where some row has one of `keys` in `leaf`: whether one of them is still referred to.
  /// Where all accounts see what the leaf refers to, in the rows of any of them.
  [[nodiscard]] RowQuery any_with(std::size_t leaf, const std::vector<base::Value>& keys) const;
  /// The rows that `choice` means: all that the database can judge.
  [[nodiscard]] Candidates candidates(RowChoice choice) const;
  /// As read_named, the rows that have these keys, in any order.
  [[nodiscard]] RowQuery read_all(std::span<const RowKey> keys) const;
  [[nodiscard]] Statement erase_all(std::span<const RowKey> keys) const;
  /// The lists of other resources' rows that a version shows of a row, by its key: as JSON, in the order of
  /// ViewName::rows.
  [[nodiscard]] RowQuery lists_of_rows(const model::View& view, const TableRow& row) const;
  /// A row as the answers show it, by the key of `row`: the select list of the view, as RetrievePlan's.
  [[nodiscard]] RowQuery show(const model::View& view, const TableRow& row) const;

 private:
  [[nodiscard]] const ResourceName& names() const;
  [[nodiscard]] SqlSource source() const;
  [[nodiscard]] const ViewName& name_of(const model::View& view) const;
  void write_insert(const TableRow& row, SqlWriter& sql) const;
  [[nodiscard]] RowQuery query(SqlWriter&& sql, const ViewName& columns) const;
  [[nodiscard]] base::Value stored(const StoredColumn& column, const base::Value& value) const;
  void write_key(const SqlSource& from, const TableRow& row, SqlWriter& sql) const;
  void write_keys(const SqlSource& from, std::span<const RowKey> keys, SqlWriter& sql) const;
  void write_lock(Lock lock, SqlWriter& sql) const;

  const Planner& planner_;
  const model::Resource& resource_;
  const Scope& scope_;
};

/// Where answers are kept for retries, beside the data.
inline constexpr std::string_view answers_table = "portico_answers";

/// An answer kept there.
struct KeptAnswer {
  std::string fingerprint;  ///< of the request: BLAKE2b-256, hex
  std::int64_t status = 0;
  std::string head;  ///< the response's own fields, as http::Response::head
  std::string body;
};

/// Of the account of `scope`, under the key that the client chose.
/// Cells: fingerprint, status, head, body.
[[nodiscard]] RowQuery find_answer(const Planner& planner, const Scope& scope, std::string_view key,
                                   base::Microseconds oldest);
/// Changes one row; none where there is one under that key that is not too old to count (Limits::idempotency_time).
[[nodiscard]] Statement keep_answer(const Planner& planner, const Scope& scope, std::string_view key,
                                    const KeptAnswer& answer, base::Microseconds now);
/// Removes some that are older, of all accounts.
[[nodiscard]] Statement forget_answers(const Planner& planner, const Scope& scope, base::Microseconds oldest);
/// PostgreSQL: one boolean cell, whether this transaction is the only one under way with that key, and keeps it so.
/// SQLite, with its one writer: an empty statement.
[[nodiscard]] RowQuery claim_key(const Planner& planner, const Scope& scope, std::string_view key);
/// PostgreSQL: waits until no other transaction is under way that has asked this for the account and the resource's
/// table, and is then the only one: several new rows of each would wait for one another where they come in another
/// order. SQLite, with its one writer: an empty statement.
[[nodiscard]] RowQuery await_bulk(const Planner& planner, const model::Resource& resource, const Scope& scope);

}  // namespace portico::plan
