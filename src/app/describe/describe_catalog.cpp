#include "app/describe/describe_catalog.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

#include "app/describe/draft_field.hpp"
#include "app/describe/draft_names.hpp"
#include "app/describe/draft_reference.hpp"
#include "app/describe/ownership.hpp"
#include "base/text.hpp"

namespace portico::app {
namespace {

using store::Catalog;
using store::Column;
using store::Table;

bool is_small(const Table& table) {
  return !table.rows_are_more && table.rows <= store::rows_looked_at;
}

/// Whether a column's name says that it names rows, so that what holds no value twice now is meant to.
bool is_named_as_key(std::string_view column) {
  const std::string name = api_name(column, NameUse::Field);
  static constexpr std::array<std::string_view, 5> ends = {"id", "code", "key", "uuid", "number"};
  return std::any_of(ends.begin(), ends.end(), [&name](std::string_view end) {
    return name == end || name.ends_with(std::string("_").append(end)) || (end == "id" && name.ends_with(end));
  });
}

/// Which columns other tables refer to, one by one, and how often.
using Referred = std::map<std::string, int>;

Referred referred_columns(const Catalog& catalog, const Table& table) {
  Referred referred;
  for (const Table& other : catalog.tables) {
    for (const store::ForeignKey& key : other.foreign_keys) {
      const bool leads_here = key.schema == table.schema && key.table == table.name;
      if (leads_here && key.target_columns.size() == 1) ++referred[key.target_columns.front()];
    }
  }
  return referred;
}

/// The columns that a row is named by; none where nothing is known to be unique. What most others refer to comes
/// before the primary key, as only references to the key can be followed.
std::vector<std::string> key_of(const Catalog& catalog, const Table& table) {
  const auto is_fit = [&table](const std::vector<std::string>& columns) {
    return !columns.empty() && std::all_of(columns.begin(), columns.end(), [&table](const std::string& name) {
      const Column* column = table.find_column(name);
      return column != nullptr && !column->nullable && can_be_key(table, *column);
    });
  };
  std::vector<std::string> best;
  int most = 0;
  for (const auto& [column, times] : referred_columns(catalog, table)) {
    const bool is_unique = std::any_of(table.indexes.begin(), table.indexes.end(), [&](const store::Index& index) {
      return index.is_unique && index.columns == std::vector{column};
    });
    const bool is_better = times > most || (times == most && table.primary_key == std::vector{column});
    if (!is_unique || !is_better || !is_fit({column})) continue;
    best = {column};
    most = times;
  }
  if (!best.empty()) return best;
  if (is_fit(table.primary_key)) return table.primary_key;
  for (const store::Index& index : table.indexes) {
    const bool is_better = best.empty() || index.columns.size() < best.size();
    if (index.is_unique && is_better && is_fit(index.columns)) best = index.columns;
  }
  if (!best.empty() || table.kind != Table::Kind::View) return best;
  for (const std::string& column : table.seen_unique) {
    if (is_named_as_key(column)) return {column};
  }
  return {};
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Describer {
 public:
  Describer(const Catalog& catalog, const DescribeOptions& options)
      : catalog_(catalog), options_(options), ownership_(catalog, options) {}

  ApiDraft describe() {
    draft_.vendor = options_.vendor.empty() ? vendor_name(catalog_.database) : options_.vendor;
    if (!catalog_.schemas.empty()) draft_.schema = catalog_.schemas.front();
    for (const Table& table : catalog_.tables) add_table(table);
    if (draft_.resources.empty())
      throw DescribeError("nothing is left to serve: " + base::joined(draft_.left_out, "; "));
    for (Entry& entry : entries_) add_references(entry);
    set_owners();
    for (const store::LeftOut& table : catalog_.left_out) leave_out(table.schema, table.name, table.reason);
    write_heading();
    return std::move(draft_);
  }

 private:
  struct Entry {
    const Table* table;
    std::size_t resource;                                 ///< its place in the draft
    std::unordered_map<std::string, std::string> fields;  ///< column -> field
    NameBook names;                                       ///< of its fields
  };

  void leave_out(const std::string& schema, const std::string& name, const std::string& reason) {
    const bool is_elsewhere = !schema.empty() && schema != draft_.schema;
    draft_.left_out.push_back((is_elsewhere ? schema + "." : "") + name + ": " + reason);
  }

  void add_table(const Table& table) {
    if (const auto reason = ownership_.reason_to_leave_out(table)) {
      leave_out(table.schema, table.name, *reason);
      return;
    }
    if (table.name.empty()) {
      leave_out(table.schema, "\"\"", "a description could not name it");
      return;
    }
    std::string name = api_name(table.name, NameUse::Resource);
    if (names_.has(name) && !table.schema.empty() && table.schema != draft_.schema) {
      name = api_name(table.schema, NameUse::Resource) + "_" + name;
    }
    ResourceDraft resource{.name = {}, .table = table.name, .schema = {}};
    if (table.schema != draft_.schema) resource.schema = table.schema;
    resource.description = table.comment;
    resource.remarks.push_back(rows_remark(table));
    Entry entry{.table = &table, .resource = draft_.resources.size(), .fields = {}, .names = {}};
    const std::vector<std::string> key = key_of(catalog_, table);
    add_fields(entry, key, resource);
    const bool has_plain_field =
        std::any_of(resource.fields.begin(), resource.fields.end(),
                    [](const FieldDraft& field) { return field.type != "json" && !field.is_secret; });
    if (!has_plain_field) {
      leave_out(table.schema, table.name, "no column that its rows could be sorted by");
      return;
    }
    resource.name = names_.take(name);
    for (const std::string& column : key) resource.key.push_back(entry.fields.at(column));
    add_key_remark(table, key, resource);
    entries_.push_back(std::move(entry));
    draft_.resources.push_back(std::move(resource));
  }

  static std::string rows_remark(const Table& table) {
    const std::string what = table.kind == Table::Kind::View ? "A view, " : "";
    if (table.rows_are_more)
      return what + (what.empty() ? "More" : "more") + " than " + std::to_string(store::rows_looked_at) + " rows";
    const std::string about = table.rows > store::rows_looked_at ? (what.empty() ? "About " : "about ") : "";
    return what + about + std::to_string(table.rows) + (table.rows == 1 ? " row" : " rows");
  }

  static void add_key_remark(const Table& table, const std::vector<std::string>& key, ResourceDraft& resource) {
    if (key.empty() && !table.primary_key.empty()) {
      resource.remarks.emplace_back("The primary key holds nulls, or bytes: no row is retrieved by it");
    } else if (key.empty()) {
      resource.remarks.emplace_back("Nothing is known to be unique: rows are listed, not retrieved");
    } else if (table.kind == Table::Kind::View) {
      resource.remarks.push_back("The key is a guess: no value of " + key.front() + " stands there twice now");
    } else if (table.primary_key.empty()) {
      resource.remarks.emplace_back("No primary key; the key is that of a unique index");
    } else if (key != table.primary_key) {
      resource.remarks.push_back("The key is what other tables refer to; the primary key is " +
                                 base::enumerated(table.primary_key));
    }
  }

  void add_fields(Entry& entry, const std::vector<std::string>& key, ResourceDraft& resource) {
    const Table& table = *entry.table;
    std::set<std::string> linked(table.primary_key.begin(), table.primary_key.end());
    linked.insert(key.begin(), key.end());
    if (!table.schema.empty()) {  // SQLite's bytes have no text
      for (const store::ForeignKey& link : table.foreign_keys)
        linked.insert(link.columns.begin(), link.columns.end());
    } else {
      std::erase_if(linked, [&](const std::string& name) { return !contains(key, name); });
    }
    std::vector<std::string> hidden;
    for (const Column& column : table.columns) {
      // SQLite compares by bytes here, for which an index of another collation does not serve; PostgreSQL's equality
      // is of bytes in all.
      const auto serves = [&](const store::Index& index) {
        return index.columns.front() == column.name && (index.is_bytewise || !table.schema.empty());
      };
      const auto index = std::find_if(table.indexes.begin(), table.indexes.end(), serves);
      const bool is_indexed = index != table.indexes.end();
      auto field = draft_field(column, {.is_key = contains(key, column.name),
                                        .is_linked = linked.contains(column.name),
                                        .is_indexed = is_indexed});
      if (!field) {
        if (column.name.empty()) {
          resource.remarks.emplace_back(
              "Left out, as a description could not name it: the column whose name is empty");
          continue;
        }
        hidden.push_back(column.name + " (" + (column.declared_type.empty() ? "bytes" : column.declared_type) + ")");
        continue;
      }
      field->name = entry.names.take(api_name(column.name, NameUse::Field));
      entry.fields.emplace(column.name, field->name);
      const bool is_bytewise =
          std::any_of(table.indexes.begin(), table.indexes.end(),
                      [&](const store::Index& other) { return serves(other) && other.is_bytewise; });
      const bool has_order = is_bytewise && keeps_its_index(*field);
      field->is_secret = field->type == "string" && names_secret(column.name) && !contains(key, column.name);
      if (field->is_secret) field->remarks = {"its name says that it is a secret: not shown"};
      if (!field->is_secret && field->type != "json" && (has_order || is_small(table)))
        resource.orderable.push_back(field->name);
      resource.fields.push_back(*std::move(field));
    }
    if (!hidden.empty()) {
      resource.remarks.push_back("Left out, as no API shows such values: " + base::enumerated(hidden));
    }
  }

  /// Where a foreign key leads, if that can be shown.
  const Entry* target_of(const store::ForeignKey& key) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&key](const Entry& entry) {
      return entry.table->schema == key.schema && entry.table->name == key.table;
    });
    return found == entries_.end() ? nullptr : &*found;
  }

  void add_references(Entry& entry) {
    ResourceDraft& resource = draft_.resources[entry.resource];
    std::size_t references = 0;
    for (const store::ForeignKey& key : entry.table->foreign_keys) {
      const Entry* target = target_of(key);
      if (target == nullptr) {
        resource.remarks.push_back(base::joined(key.columns, ", ") + " -> " + key.table + ", which is not served");
        continue;
      }
      const ResourceDraft& other = draft_.resources[target->resource];
      if (key.columns.size() > 1) {
        resource.remarks.push_back(base::joined(key.columns, ", ") + " -> " + other.name +
                                   ": a key of several columns; filter by each");
        continue;
      }
      const auto own = entry.fields.find(key.columns.front());
      const auto theirs =
          key.target_columns.empty() ? target->fields.end() : target->fields.find(key.target_columns.front());
      const bool leads_to_key = theirs != target->fields.end() && other.key == std::vector{theirs->second};
      if (own == entry.fields.end() || !leads_to_key || references == references_max) {
        resource.remarks.push_back(key.columns.front() + " -> " + other.name + ": not by its key");
        continue;
      }
      const std::vector<std::string> shown = shown_fields(other);
      if (shown.size() < 2) continue;  // it would show nothing but the column itself
      const Column& column = *entry.table->find_column(key.columns.front());
      FieldDraft field{.name = reference_name({.field = own->second, .target = other.name}, entry.names),
                       .column = column.name,
                       .type = "reference",
                       .nullable = column.nullable || entry.table->schema.empty(),
                       .to = other.name,
                       .show = shown};
      resource.fields.push_back(std::move(field));
      ++references;
    }
  }

  void set_owners() {
    for (const Entry& entry : entries_) {
      ResourceDraft& resource = draft_.resources[entry.resource];
      resource.owner = ownership_.owner_of(*entry.table);
      if (resource.owner == ResourceDraft::Owner::Column) resource.owner_column = options_.owner;
      if (resource.owner == ResourceDraft::Owner::Account) draft_.accounts = resource.name;
      if (!options_.owner.empty() && resource.owner == ResourceDraft::Owner::Everybody) {
        resource.remarks.emplace_back("Every account sees all of it");
      }
    }
  }

  void write_heading() {
    const auto views = std::count_if(entries_.begin(), entries_.end(),
                                     [](const Entry& entry) { return entry.table->kind == Table::Kind::View; });
    const std::string schemas = catalog_.schemas.empty() ? "" : ", schema " + base::enumerated(catalog_.schemas);
    const auto tables = static_cast<std::ptrdiff_t>(entries_.size()) - views;
    draft_.heading = {"The API over the database " + catalog_.database + schemas + ": " + std::to_string(tables) +
                          (tables == 1 ? " table, " : " tables, ") + std::to_string(views) +
                          (views == 1 ? " view." : " views."),
                      "Written by `portico init`; it is yours to change. `portico check` names every mistake in it.",
                      "The database is only read: `existing: true`.", ""};
    for (std::string& line : ownership_.heading()) draft_.heading.push_back(std::move(line));
    draft_.heading.emplace_back("");
    draft_.heading.emplace_back(
        "`no index` behind a field: its filters read the whole table. `?ordering=` is allowed where an index gives "
        "the");
    draft_.heading.emplace_back("order, and for all fields of tables with up to " +
                                std::to_string(store::rows_looked_at) + " rows.");
  }

  const Catalog& catalog_;
  const DescribeOptions& options_;
  Ownership ownership_;
  ApiDraft draft_;
  NameBook names_;  // of resources
  std::vector<Entry> entries_;
};

}  // namespace

ApiDraft describe_catalog(const Catalog& catalog, const DescribeOptions& options) {
  return Describer(catalog, options).describe();
}

}  // namespace portico::app
