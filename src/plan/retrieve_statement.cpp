#include "plan/retrieve_statement.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "plan/bind_value.hpp"
#include "plan/comparison.hpp"
#include "plan/sql_filter.hpp"

namespace portico::plan {
namespace {

using model::Leaf;
using model::Lookup;
using model::Resource;

std::vector<std::string_view> split_at_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

class RowStatement {
 public:
  RowStatement(const StatementNames& names, const model::Api& api)
      : names_(names),
        resource_(*names.resource.resource),
        rules_{api.time_zone, api.limits},
        sql_(names.rules.flavor) {}

  Statement write(const std::optional<std::string>& name) && {
    SqlSource from = source();
    from.need(names_.view);
    write_select(names_, from, sql_);
    from.write_from(sql_);
    if (name) {
      sql_.text(" AND ");
      if (resource_.key.size() > 1) {
        write_parts(from, *name);
      } else {
        write_any_name(from, *name);
      }
    }
    return std::move(sql_).take();
  }

 private:
  /// A leaf and what it has to be.
  struct Named {
    std::size_t leaf = 0;
    BoundTerm term;
  };

  [[nodiscard]] SqlSource source() const { return {names_.resource, names_.rules, names_.scope}; }

  /// Nothing where the column can hold no such value: it is not even asked.
  [[nodiscard]] std::optional<Named> named(std::size_t index, std::string_view text) const {
    const Leaf& leaf = resource_.leaves[index];
    if (leaf.field->type == model::FieldType::Id && !base::is_id(text)) return std::nullopt;
    TypedValues typed = bind_value(*leaf.field, Lookup::Exact, text, rules_);
    auto* values = std::get_if<std::vector<base::Value>>(&typed);
    if (values == nullptr) return std::nullopt;
    return Named{index, {.leaves = {index}, .lookup = Lookup::Exact, .values = std::move(*values)}};
  }

  void write_false() { sql_.text(false_of(sql_.flavor())); }

  /// PostgreSQL: a column of type uuid has its index on that type alone. Other types read the text too, but for those
  /// of choices.
  void write_named(const SqlSource& from, const Named& named) {
    const model::Field& field = *resource_.leaves[named.leaf].field;
    const auto* text = std::get_if<std::string>(&named.term.values.front());
    const bool by_type = sql_.flavor() == SqlFlavor::Postgres && from.kind(named.leaf) == ColumnKind::CastText &&
                         field.type != model::FieldType::Choice && text != nullptr && is_uuid(*text);
    if (by_type) sql_.text(from.column(named.leaf)).text(" = ").bind(*text).text(" AND ");
    write_leaf(from, named.leaf, named.term, sql_);
  }

  /// `1,23`: a value for each column of the key.
  void write_parts(const SqlSource& from, std::string_view name) {
    const auto parts = split_at_commas(name);
    if (parts.size() != resource_.key.size() || resource_.is_keyless) return write_false();
    std::vector<Named> all;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      auto part = named(resource_.key[i], parts[i]);
      if (!part) return write_false();
      all.push_back(*std::move(part));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) sql_.text(" AND ");
      write_named(from, all[i]);
    }
  }

  /// By the first of the resource's names that has it (P9). One index lookup a name; those behind the first that is
  /// found are not made.
  void write_any_name(const SqlSource& from, std::string_view name) {
    std::vector<Named> all;
    for (const std::size_t leaf : resource_.names) {
      if (auto one = named(leaf, name)) all.push_back(*std::move(one));
    }
    const std::size_t key = resource_.key.front();
    if (all.empty() || resource_.is_keyless) return write_false();
    if (sql_.flavor() == SqlFlavor::Postgres && all.size() == 1 && all.front().leaf == key) {
      return write_named(from, all.front());
    }
    sql_.text(from.column(key)).text(" = coalesce(");
    for (const Named& one : all) {
      const SqlSource inner = source();
      sql_.text("(SELECT ").text(inner.column(key));
      inner.write_from(sql_);
      sql_.text(" AND ");
      write_named(inner, one);
      sql_.text("), ");
    }
    sql_.text("NULL, NULL)");  // coalesce takes two arguments at least
  }

  const StatementNames& names_;
  const Resource& resource_;
  ValueRules rules_;
  SqlWriter sql_;
};

}  // namespace

Statement row_statement(const StatementNames& names, const model::Api& api, const std::optional<std::string>& name) {
  return RowStatement(names, api).write(name);
}

}  // namespace portico::plan
