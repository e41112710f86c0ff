#include "plan/name_condition.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "plan/bind_value.hpp"
#include "plan/comparison.hpp"
#include "plan/sql_filter.hpp"

namespace portico::plan {
namespace {

using model::Leaf;
using model::Lookup;
using model::Resource;

/// A leaf and what it has to be.
struct Named {
  std::size_t leaf = 0;
  base::Value value;
};

std::vector<std::string_view> split_at_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// As a number is written in one way only: `05` and `-0` name no row, or one row would have two addresses.
bool is_plain_integer(std::string_view text) {
  const auto number = base::parse_integer(text);
  return number && std::to_string(*number) == text;
}

/// Nothing where the column can hold no such value: it is not even asked.
std::optional<Named> named(const Leaf& leaf, std::size_t index, std::string_view text, const ValueRules& rules) {
  if (leaf.field->type == model::FieldType::Id && !base::is_id(text)) return std::nullopt;
  if (leaf.field->type == model::FieldType::Integer && !is_plain_integer(text)) return std::nullopt;
  TypedValues typed = bind_value(*leaf.field, Lookup::Exact, text, rules);
  auto* values = std::get_if<std::vector<base::Value>>(&typed);
  if (values == nullptr) return std::nullopt;
  return Named{index, std::move(values->front())};
}

void write_false(SqlWriter& sql) {
  sql.text(false_of(sql.flavor()));
}

}  // namespace

/// PostgreSQL: a column of type uuid has its index on that type alone. Other types read the text too, but for those
/// of choices.
void write_equal(const SqlSource& from, std::size_t leaf, const base::Value& value, SqlWriter& sql) {
  const model::Field& field = *from.resource().leaves[leaf].field;
  const auto* text = std::get_if<std::string>(&value);
  const bool by_type = sql.flavor() == SqlFlavor::Postgres && from.kind(leaf) == ColumnKind::CastText &&
                       field.type != model::FieldType::Choice && text != nullptr && is_uuid(*text);
  if (by_type) sql.text(from.column(leaf)).text(" = ").bind(*text).text(" AND ");
  const BoundTerm term{.leaves = {leaf}, .lookup = Lookup::Exact, .values = {value}};
  write_leaf(from, leaf, term, sql);
}

/// `1,23`: a value for each column of the key that the path does not name.
void NameCondition::write_parts(const SqlSource& from, std::string_view name, SqlWriter& sql) const {
  const Resource& resource = from.resource();
  const std::vector<std::size_t>& columns = resource.key_named;
  const auto parts = columns.size() == 1 ? std::vector{name} : split_at_commas(name);
  if (parts.size() != columns.size() || resource.is_keyless) return write_false(sql);
  std::vector<Named> all;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto part = named(resource.leaves[columns[i]], columns[i], parts[i], {api_.time_zone, api_.limits});
    if (!part) return write_false(sql);
    all.push_back(*std::move(part));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) sql.text(" AND ");
    write_equal(from, all[i].leaf, all[i].value, sql);
  }
}

/// `coalesce(…)`: the key of the row so named. One index lookup a name; those behind the first that is found are not
/// made.
void NameCondition::write_keys(const Resource& resource, std::string_view name, SqlWriter& sql) const {
  sql.text("coalesce(");
  for (const std::size_t leaf : resource.names) {
    const auto one = named(resource.leaves[leaf], leaf, name, {api_.time_zone, api_.limits});
    if (!one) continue;
    const SqlSource from(names_.of(resource), names_.rules(), scope_);
    sql.text("(SELECT ").text(from.column(resource.key.front()));
    from.write_from(sql);
    write_equal(from, one->leaf, one->value, sql.text(" AND "));
    sql.text("), ");
  }
  sql.text("NULL, NULL)");  // coalesce takes two arguments at least
}

void NameCondition::write(const SqlSource& from, std::string_view name, SqlWriter& sql) const {
  const Resource& resource = from.resource();
  if (resource.key.size() > 1) return write_parts(from, name, sql);
  std::vector<Named> all;
  for (const std::size_t leaf : resource.names) {
    auto one = named(resource.leaves[leaf], leaf, name, {api_.time_zone, api_.limits});
    if (one) all.push_back(*std::move(one));
  }
  const std::size_t key = resource.key.front();
  if (all.empty() || resource.is_keyless) return write_false(sql);
  if (sql.flavor() == SqlFlavor::Postgres && all.size() == 1 && all.front().leaf == key) {
    return write_equal(from, key, all.front().value, sql);
  }
  write_keys(resource, name, sql.text(from.column(key)).text(" = "));
}

void NameCondition::write_parents(const SqlSource& from, std::span<const std::string> parents, SqlWriter& sql) const {
  const auto& declared = from.resource().parents;
  for (std::size_t i = 0; i < std::min(parents.size(), declared.size()); ++i) {
    sql.text(" AND ").text(from.column(declared[i].leaf)).text(" = ");
    write_keys(*declared[i].resource, parents[i], sql);
  }
}

}  // namespace portico::plan
