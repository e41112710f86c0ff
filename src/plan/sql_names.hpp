#pragma once

#include <array>
#include <bitset>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/api.hpp"
#include "plan/column_kind.hpp"
#include "plan/column_name.hpp"
#include "plan/make_plan.hpp"
#include "plan/plan.hpp"
#include "plan/sql_flavor.hpp"

namespace portico::plan {

/// Some of a resource's joins, by index; the loader allows no more.
using JoinSet = std::bitset<64>;

/// A leaf's column.
struct LeafName {
  ColumnName column;
  ColumnName shown;  ///< what is selected
  ColumnName order;  ///< what is sorted by
  ColumnKind kind = ColumnKind::Text;
};

/// How a column that holds accounts is compared with one.
enum class OwnerKind : std::uint8_t {
  None,  ///< there is no such column: all accounts see all rows
  Text,
  CastText,  ///< of some other type, perhaps uuid: its text counts
  Unknown,   ///< no field says; its text counts
  Integer,
};

struct OwnerName {
  OwnerKind kind = OwnerKind::None;
  ColumnName column;
};

/// Something for each model::Mode.
using ByMode = std::array<std::string, 2>;

struct JoinName {
  ByMode from;  ///< ` LEFT JOIN "s"."customers" AS j1 ON j1."id" = t."customer"`
  OwnerName owner;
};

/// A list of rows in a select list: SQL that changes with the account.
struct RowsPlace {
  std::size_t at = 0;        ///< where in ViewName::columns, qualified
  std::size_t relation = 0;  ///< index into ResourceName::relations
  std::string item;          ///< gives one of the rows as JSON text (plan/json_item)
};

struct ViewName {
  ColumnName columns;  ///< the select list
  JoinSet joins;       ///< that it needs
  std::vector<Reading> readings;
  std::vector<RowsPlace> rows = {};  ///< ascending; where there are some, columns are qualified
};

/// A column that changes write. Fields of different versions may share one.
struct StoredColumn {
  std::string name;  ///< `"total"`
  ColumnKind kind = ColumnKind::Text;
  std::vector<std::size_t> leaves;  ///< whose column it is; none: only the owner's
  bool is_owner = false;            ///< holds the account: written with a new row, and by nothing else
};

struct RelationName;

/// All names of one resource, quoted.
struct ResourceName {
  const model::Resource* resource = nullptr;
  ByMode table;           ///< `"s"."orders"`
  ByMode from;            ///< ` FROM "s"."orders"`
  ByMode from_qualified;  ///< ` FROM "s"."orders" AS t`
  OwnerName owner;
  std::vector<LeafName> leaves;
  std::vector<JoinName> joins;
  std::vector<ViewName> views;  ///< as Resource::views
  ViewName summary;             ///< the select list of Resource::summary
  ViewName row;                 ///< all leaves in their order, those of joins as null: a TableRow
  std::vector<StoredColumn> columns;
  std::string usual_limit;              ///< ` LIMIT 25`
  std::vector<RelationName> relations;  ///< as Resource::relations
};

/// The rows of another resource that refer to each row of one.
struct RelationName {
  const model::Relation* relation = nullptr;
  ResourceName rows;   ///< of the other resource: `r`, its joins `r1`, and names always qualified; without relations
  std::string refers;  ///< `r."order" = t."id"`
  std::string limit;   ///< ` LIMIT 100`
};

/// What every statement takes its names from: written once for one description and one kind of store, and copied for
/// each request. Immutable; thread-safe.
class Planner::Names {
 public:
  Names(const model::Api& api, SqlFlavor flavor);
  [[nodiscard]] const ResourceName& of(const model::Resource& resource) const { return names_.at(&resource); }
  /// The table of answers kept for retries: no resource, but it has an owner.
  [[nodiscard]] const ResourceName& answers() const noexcept { return answers_; }
  /// The table of messages that wait for their delivery: the same.
  [[nodiscard]] const ResourceName& outbox() const noexcept { return outbox_; }
  /// The table of files' bytes: no resource, and of all accounts. Who names a file has found it in a row of its own.
  [[nodiscard]] const ResourceName& files() const noexcept { return files_; }
  [[nodiscard]] const SqlRules& rules() const noexcept { return rules_; }

 private:
  SqlRules rules_;
  std::unordered_map<const model::Resource*, ResourceName> names_;
  ResourceName answers_;
  ResourceName outbox_;
  ResourceName files_;
};

}  // namespace portico::plan
