#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/api.hpp"
#include "plan/sql_source.hpp"
#include "plan/sql_writer.hpp"

namespace portico::plan {

/// Writes conditions on rows that a URL names (P9). Refers to its arguments.
class NameCondition {
 public:
  NameCondition(const Planner::Names& names, const model::Api& api, const Scope& scope)
      : names_(names), api_(api), scope_(scope) {}

  /// The row of the source's resource that `name` means: by the first of Resource::names that has it, or by the
  /// columns of a composite key that the path does not name, `1,23`. False where no row can have such a name.
  void write(const SqlSource& from, std::string_view name, SqlWriter& sql) const;

  /// ` AND ` and the condition, for each of Resource::parents that `parents` names: the row lies under the parent of
  /// that name that the account sees.
  void write_parents(const SqlSource& from, std::span<const std::string> parents, SqlWriter& sql) const;

 private:
  void write_parts(const SqlSource& from, std::string_view name, SqlWriter& sql) const;
  void write_keys(const model::Resource& resource, std::string_view name, SqlWriter& sql) const;

  const Planner::Names& names_;
  const model::Api& api_;
  const Scope& scope_;
};

/// ` = ` of a leaf and a value, as a condition.
void write_equal(const SqlSource& from, std::size_t leaf, const base::Value& value, SqlWriter& sql);

}  // namespace portico::plan
