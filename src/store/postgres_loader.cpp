#include "store/postgres_loader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <libpq-fe.h>
#include <map>
#include <stdexcept>
#include <vector>

#include "base/text.hpp"
#include "base/time.hpp"
#include "store/own_schema.hpp"
#include "store/postgres_access.hpp"
#include "store/postgres_catalogue.hpp"
#include "store/postgres_schema.hpp"
#include "store/schema.hpp"

namespace portico::store {
namespace {

/// Rows of one table wait until there are so many bytes of them: each COPY costs a round trip.
constexpr std::size_t copy_bytes = 4 * 1024 * 1024;

constexpr std::array<model::Mode, 2> modes = {model::Mode::Production, model::Mode::Sandbox};

/// COPY's text format (protocol of COPY, "Text Format"): cells end with a tab or a newline, `\N` is null.
class CopyText {
 public:
  void add_null() { bytes_ += "\\N"; }
  void add_integer(std::int64_t value) {
    std::array<char, 24> digits{};
    bytes_.append(digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr);
  }
  void add_boolean(bool value) { bytes_ += value ? 't' : 'f'; }
  void add_instant(base::Microseconds instant) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + base::timestamp_length);
    base::write_timestamp(instant, bytes_.data() + at);
  }
  void add_text(std::string_view text) {
    for (;;) {
      const std::size_t plain = text.find_first_of(special);
      bytes_.append(text.substr(0, plain));
      if (plain == std::string_view::npos) return;
      bytes_ += '\\';
      bytes_ += escaped[special.find(text[plain])];
      text.remove_prefix(plain + 1);
    }
  }
  void end_cell() { bytes_ += '\t'; }
  void end_row() { bytes_.back() = '\n'; }  // in place of the last cell's tab

  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
  void clear() noexcept { bytes_.clear(); }
  /// To what it was when it had so many bytes.
  void cut(std::size_t bytes) { bytes_.resize(bytes); }

 private:
  static constexpr std::string_view special = "\\\t\n\r";
  static constexpr std::string_view escaped = "\\tnr";
  std::string bytes_;
};

[[noreturn]] void refuse(const std::string& column, const std::string& why) {
  throw std::runtime_error(column + ": " + why);
}

std::string_view wanted_for(ColumnType type) {
  switch (type) {
    case ColumnType::Text:
    case ColumnType::Date:
    case ColumnType::Json:
      return "a text";
    case ColumnType::Integer:
      return "an integer";
    case ColumnType::Boolean:
      return "0 or 1";
    case ColumnType::Timestamp:
      return "microseconds since 1970 of the years 1 to 9999";
    case ColumnType::Bytes:
      return "nothing from a row";
  }
  return {};
}

/// What PostgreSQL would refuse at the end of some megabytes is refused here, where the column is known.
void add_cell(CopyText& text, const base::Cell& cell, ColumnType type, const std::string& column) {
  using Kind = base::Cell::Kind;
  const auto require = [&](bool fits) {
    if (!fits) refuse(column, "takes " + std::string(wanted_for(type)));
  };
  if (cell.is_null()) return text.add_null();
  switch (type) {
    case ColumnType::Text:
    case ColumnType::Date:
    case ColumnType::Json:
      require(cell.kind == Kind::Text);
      if (cell.text.find('\0') != std::string_view::npos) {
        refuse(column, "the text has a NUL character (U+0000), which PostgreSQL's texts cannot hold");
      }
      if (!base::is_utf8(cell.text)) refuse(column, "the text is not UTF-8, and PostgreSQL holds nothing else");
      return text.add_text(cell.text);
    case ColumnType::Bytes:
      return require(false);
    case ColumnType::Integer:
      require(cell.kind == Kind::Integer);
      return text.add_integer(cell.integer);
    case ColumnType::Boolean:
      require(cell.kind == Kind::Integer && (cell.integer == 0 || cell.integer == 1));
      return text.add_boolean(cell.integer == 1);
    case ColumnType::Timestamp:
      require(cell.kind == Kind::Integer && cell.integer >= base::microseconds_min &&
              cell.integer <= base::microseconds_max);
      return text.add_instant(cell.integer);
  }
}

/// Rows of one table on their way.
struct Copy {
  LoadColumns columns;
  std::vector<ColumnType> types;    // by column
  std::vector<std::string> labels;  // by column, for messages: `orders.total`
  std::string sql;
  CopyText text;
};

}  // namespace

class PostgresLoader::Impl {
 public:
  Impl(const model::Api& api, const std::string& address)
      : api_(api), schema_(wanted_schema(api, plan::SqlFlavor::Postgres)), connection_(address) {
    connection_.run_script("BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'");
    const std::array<base::Value, 1> lock = {access_schema(api.database.schema)};  // as migrations do
    connection_.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock);
    for (const model::Mode mode : modes) make_tables(mode);
    for (const std::string& sql : access_tables_sql(api.database.schema)) connection_.run_script(sql);
    if (!api.extensions) return;
    for (const std::string& sql : own_schema_sql(api.database.schema)) connection_.run_script(sql);
  }

  void add(const LoadRow& row) {
    Copy& copy = copy_of(row);
    copy.columns.require_fit(row);
    const std::size_t before = copy.text.bytes().size();
    try {
      add_cells(copy, row);
    } catch (...) {
      copy.text.cut(before);
      throw;
    }
    if (copy.text.bytes().size() >= copy_bytes) send(copy);
  }

  void finish(const Progress& progress) {
    for (auto& [key, copy] : copies_) send(copy);
    const std::size_t all = schema_.indexes.size();
    for (const model::Mode mode : modes) {
      for (std::size_t done = 0; done < all; ++done) {
        progress(mode, done, all);
        const WantedIndex& index = schema_.indexes[done];
        connection_.run_script(PostgresSchemaWriter(postgres_schema(index.schema, mode)).create_index(index));
      }
      progress(mode, all, all);
    }
    connection_.run_script("COMMIT");
    // Marks the pages that everybody sees whole, without which a count reads the table, and gathers statistics.
    for (const model::Mode mode : modes) {
      for (const WantedTable& table : schema_.tables) {
        connection_.run_script("VACUUM (ANALYZE) " + postgres_name(postgres_schema(table.schema, mode), table.name));
      }
    }
  }

  Made made(model::Mode mode) {
    Made made{.name = "schema " + postgres_schema(api_.database.schema, mode)};
    for (const WantedTable& table : schema_.tables) {
      const std::array<base::Value, 1> name = {postgres_name(postgres_schema(table.schema, mode), table.name)};
      const PostgresResult size = connection_.run("SELECT pg_total_relation_size($1::regclass)", name);
      made.bytes += static_cast<std::uint64_t>(base::parse_integer(size.text(0, 0)).value_or(0));
    }
    return made;
  }

 private:
  void make_tables(model::Mode mode) {
    std::map<std::string, PresentSchema> present;
    for (const WantedTable& table : schema_.tables) {
      const std::string schema = postgres_schema(table.schema, mode);
      const PostgresSchemaWriter writer(schema);
      if (!present.contains(schema)) {
        present.emplace(schema, PostgresCatalogue(connection_, schema).read());
        if (!present.at(schema).exists) connection_.run_script(writer.create_schema());
      }
      const auto& there = present.at(schema).tables;
      if (std::any_of(there.begin(), there.end(), [&](const auto& other) { return other.name == table.name; })) {
        throw std::runtime_error("schema " + schema + ": table " + table.name +
                                 " exists already, and is not overwritten; drop it, or name another schema in the "
                                 "description (`database: {schema: …}`) or another database");
      }
      connection_.run_script(writer.create_table(table));
    }
  }

  void add_cells(Copy& copy, const LoadRow& row) {
    // Columns stand in the order of the leaves that fill them, the owner last.
    for (std::size_t leaf = 0; leaf < row.cells.size(); ++leaf) {
      const std::size_t column = copy.columns.of_leaf[leaf];
      if (column == LoadColumns::none) continue;
      add_cell(copy.text, row.cells[leaf], copy.types[column], copy.labels[column]);
      copy.text.end_cell();
    }
    if (const std::size_t column = copy.columns.of_owner; column != LoadColumns::none) {
      const base::Cell owner{.kind = base::Cell::Kind::Text, .text = row.owner};
      add_cell(copy.text, owner, copy.types[column], copy.labels[column]);
      copy.text.end_cell();
    }
    copy.text.end_row();
  }

  Copy& copy_of(const LoadRow& row) {
    const auto key = std::pair(row.mode, &row.resource);
    if (last_ != nullptr && last_key_ == key) return *last_;
    auto found = copies_.find(key);
    if (found == copies_.end()) found = copies_.emplace(key, make_copy(row)).first;
    last_key_ = key;
    last_ = &found->second;
    return found->second;
  }

  Copy make_copy(const LoadRow& row) {
    Copy copy{.columns = LoadColumns(row.resource), .types = {}, .labels = {}, .sql = {}, .text = {}};
    const std::string production = row.resource.schema.empty() ? api_.database.schema : row.resource.schema;
    const auto table = std::find_if(schema_.tables.begin(), schema_.tables.end(), [&](const WantedTable& wanted) {
      return wanted.schema == production && wanted.name == row.resource.table;
    });
    std::string names;
    for (const std::string& name : copy.columns.names) {
      const auto column = std::find_if(table->columns.begin(), table->columns.end(),
                                       [&](const WantedColumn& wanted) { return wanted.name == name; });
      copy.types.push_back(column->type);
      copy.labels.push_back(row.resource.table + "." + name);
      names += names.empty() ? "" : ", ";
      base::append_sql_quoted(names, name);
    }
    // Frozen: nobody can see the table before the rows are settled, so that they need no second look.
    copy.sql = "COPY " + postgres_name(postgres_schema(production, row.mode), table->name) + " (" + names +
               ") FROM STDIN (FREEZE)";
    return copy;
  }

  void send(Copy& copy) {
    if (copy.text.bytes().empty()) return;
    pg_conn* connection = connection_.get();
    require(PQexec(connection, copy.sql.c_str()), PGRES_COPY_IN);
    const std::string& bytes = copy.text.bytes();
    const bool sent = PQputCopyData(connection, bytes.data(), static_cast<int>(bytes.size())) == 1 &&
                      PQputCopyEnd(connection, nullptr) == 1;
    if (!sent) throw PostgresError(PQerrorMessage(connection), "");
    require(PQgetResult(connection), PGRES_COMMAND_OK);
    while (pg_result* result = PQgetResult(connection)) PQclear(result);
    copy.text.clear();
  }

  void require(pg_result* result, ExecStatusType status) {
    const PostgresResult owned(result);
    if (PQresultStatus(result) == status) return;
    const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    std::string words = PQerrorMessage(connection_.get());
    while (!words.empty() && words.back() == '\n') words.pop_back();
    throw PostgresError(words, sqlstate == nullptr ? "" : sqlstate);
  }

  const model::Api& api_;
  const Schema schema_;
  PostgresConnection connection_;
  std::map<std::pair<model::Mode, const model::Resource*>, Copy> copies_;
  std::pair<model::Mode, const model::Resource*> last_key_;
  Copy* last_ = nullptr;
};

PostgresLoader::PostgresLoader(const model::Api& api, const std::string& address)
    : impl_(std::make_unique<Impl>(api, address)) {}

PostgresLoader::~PostgresLoader() = default;

void PostgresLoader::add(const LoadRow& row) {
  impl_->add(row);
}

void PostgresLoader::finish(const Progress& progress) {
  impl_->finish(progress);
}

BulkLoader::Made PostgresLoader::made(model::Mode mode) {
  return impl_->made(mode);
}

}  // namespace portico::store
