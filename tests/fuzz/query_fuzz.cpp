// Queries: every one is planned or refused with a fault for each parameter to blame, on both stores alike. SQL that
// is planned holds no byte of the client's, and begins every FROM with the owner's condition. SQLite accepts its own;
// PostgreSQL's uses each bind that it has, and binds only what PostgreSQL's texts can hold.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include <sqlite3.h>

#include "base/text.hpp"
#include "operation/parse_operation.hpp"
#include "plan/make_plan.hpp"
#include "shipped_api.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_functions.hpp"
#include "store/sqlite_schema.hpp"

namespace {

using namespace portico;

const std::string account(32, 'a');

/// The one that ships, with a summary of orders whatever it has itself.
const std::shared_ptr<const model::Api>& shared_api() {
  static const std::shared_ptr<const model::Api> api = [] {
    constexpr std::string_view orders = "\n  orders:\n";
    std::string text = fuzz::shipped_description();
    const std::size_t at = text.find(orders);
    if (at != std::string::npos && text.find("\n    summary:") == std::string::npos) {
      text.insert(at + orders.size(),
                  "    summary: {fields: {n: count(), a: count(confirmed), b: sum(total_amount), c: min(mid), d: "
                  "max(created), e: sum(discount), f: min(customer.email)}}\n");
    }
    return fuzz::loaded_description(text);
  }();
  return api;
}

store::SqliteConnection& empty_database() {
  static store::FunctionRules rules;
  static store::SqliteConnection connection = [] {
    store::SqliteConnection made(":memory:",
                                 {.mode = store::OpenMode::Create, .durability = store::Durability::None});
    const store::Schema schema = store::wanted_schema(*shared_api(), plan::SqlFlavor::Sqlite);
    for (const auto& table : schema.tables) made.execute(store::sqlite_table_sql(table));
    store::define_functions(made, rules);
    return made;
  }();
  return connection;
}

void require(bool holds) {
  if (!holds) std::abort();
}

/// What may stand between double quotes.
const std::set<std::string, std::less<>>& known_names() {
  static const auto names = [] {
    const model::Api& api = *shared_api();
    std::set<std::string, std::less<>> known = {"C", "as text", api.database.schema};
    for (const auto& resource : api.resources) {
      known.insert({resource->table, resource->owner_column});
      for (const model::Leaf& leaf : resource->leaves) known.insert(leaf.column);
    }
    return known;
  }();
  return names;
}

/// A text of ours: a constant, or a part of the JSON that lists of rows are made as, names of fields included.
bool is_own_text(std::string_view text) {
  constexpr std::array<std::string_view, 15> texts = {"UTC",
                                                      "infinity",
                                                      "-infinity",
                                                      "text",
                                                      "integer",
                                                      "null",
                                                      "true",
                                                      "false",
                                                      "YYYY-MM-DD",
                                                      "YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"",
                                                      "0001-01-01 00:00:00",
                                                      "9999-12-31 23:59:59.999999",
                                                      "~0",
                                                      "~1",
                                                      ""};
  constexpr std::string_view json = "abcdefghijklmnopqrstuvwxyz0123456789_[]{},:\"|~";
  return std::find(texts.begin(), texts.end(), text) != texts.end() ||
         text.find_first_not_of(json) == std::string_view::npos;
}

/// Names in double quotes are the description's, texts in single ones ours, and nothing else is unusual.
void check_text(std::string_view sql) {
  constexpr std::string_view usual =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ ()?$,.:*<>=[]+|";
  for (std::size_t at = 0; at < sql.size(); ++at) {
    if (sql[at] == '"') {
      const std::size_t end = sql.find('"', at + 1);
      require(end != std::string_view::npos && known_names().contains(sql.substr(at + 1, end - at - 1)));
      at = end;
    } else if (sql[at] == '\'') {
      const std::size_t end = sql.find('\'', at + 1);
      require(end != std::string_view::npos && is_own_text(sql.substr(at + 1, end - at - 1)));
      at = end;
    } else {
      const bool is_sign = sql[at] == '-' && at + 1 < sql.size() && sql[at + 1] >= '0' && sql[at + 1] <= '9';
      require(is_sign || usual.find(sql[at]) != std::string_view::npos);
    }
  }
}

bool is_parameter(std::string_view text) {
  return text.starts_with("?") || text.starts_with("$") || text.starts_with("(SELECT $");
}

/// `"orders" AS j1 ON …`: rows of others than the owner are not joined.
void check_join(std::string_view join) {
  const std::size_t quote = join.find('"', 1);
  const std::size_t on = join.find(" ON ");
  require(join.starts_with('"') && quote != std::string_view::npos && on != std::string_view::npos);
  require(join.substr(quote).starts_with("\" AS "));
  const std::string_view table = join.substr(1, quote - 1);
  const std::string_view alias = join.substr(quote + 5, on - quote - 5);
  const auto& all = shared_api()->resources;
  const auto read = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each->table == table; });
  require(read != all.end());
  if ((*read)->owner_column.empty()) return;
  const std::string owner = " AND " + std::string(alias) + ".\"" + (*read)->owner_column + "\" = ";
  const std::size_t at = join.find(owner);
  require(at != std::string_view::npos && is_parameter(join.substr(at + owner.size())));
}

/// What stands behind the joins that `sql` begins with.
std::string_view behind_joins(std::string_view sql, std::string_view schema) {
  constexpr std::string_view word = " LEFT JOIN ";
  while (sql.starts_with(word)) {
    sql.remove_prefix(word.size());
    require(sql.starts_with(schema));
    sql.remove_prefix(schema.size());
    const std::size_t end = std::min(sql.find(word), sql.find(" WHERE "));
    require(end != std::string_view::npos);
    check_join(sql.substr(0, end));
    sql.remove_prefix(end);
  }
  return sql;
}

/// Every FROM reads a table of the description's under the owner's condition: the resource's own, or that of rows
/// which refer to it; or what was selected so, or arrays that were bound. So does what is joined to it.
void check_owners(const model::Resource& resource, std::string_view sql, std::string_view schema) {
  const auto reads = [&](std::string_view behind, const model::Resource& read, std::string_view alias) {
    std::string from(schema);
    from += "\"" + read.table + "\"";
    if (!alias.empty()) from.append(" AS ").append(alias);
    if (!behind.starts_with(from)) return false;
    behind = behind_joins(behind.substr(from.size()), schema);
    std::string where = " WHERE ";
    if (read.owner_column.empty()) return behind.starts_with(where + "1") || behind.starts_with(where + "TRUE");
    if (!alias.empty()) where.append(alias).append(".");
    where += "\"" + read.owner_column + "\" = ";
    return behind.starts_with(where) && is_parameter(behind.substr(where.size()));
  };
  constexpr std::string_view word = " FROM ";
  for (std::size_t at = sql.find(word); at != std::string_view::npos; at = sql.find(word, at + 1)) {
    const std::string_view behind = sql.substr(at + word.size());
    const std::size_t call = sql.rfind("extract(", at);  // `extract(month FROM …`
    const bool is_date_part = call != std::string_view::npos && sql.find(' ', call) == at;
    const bool own = reads(behind, resource, "") || reads(behind, resource, "t");
    const bool listed = std::any_of(resource.relations.begin(), resource.relations.end(),
                                    [&](const model::Relation& each) { return reads(behind, *each.resource, "r"); });
    const bool is_bound = behind.starts_with("unnest($");  // keys of several columns, of rows that were judged here
    require(own || listed || is_date_part || is_bound || behind.starts_with("(SELECT '{"));
  }
}

void check_sqlite(const model::Resource& resource, const plan::Statement& statement) {
  check_text(statement.sql);
  check_owners(resource, statement.sql, "");
  store::SqliteStatement prepared(empty_database(), statement.sql);  // throws for SQL that SQLite refuses
  prepared.bind_all(statement.binds);
  require(!prepared.step() || statement.sql.starts_with("SELECT count"));  // there are no rows
}

/// `open`: how many parameters get their values later.
void check_postgres(const model::Resource& resource, const plan::Statement& statement, std::size_t open) {
  const std::string_view sql = statement.sql;
  check_text(sql);
  check_owners(resource, sql, "\"" + shared_api()->database.schema + "\".");
  std::set<std::size_t> parameters;
  for (std::size_t at = sql.find('$'); at != std::string_view::npos; at = sql.find('$', at + 1)) {
    std::size_t number = 0;
    for (std::size_t digit = at + 1; digit < sql.size() && sql[digit] >= '0' && sql[digit] <= '9'; ++digit) {
      number = number * 10 + static_cast<std::size_t>(sql[digit] - '0');
    }
    parameters.insert(number);
  }
  require(parameters.size() == statement.binds.size() + open);
  require(parameters.empty() || *parameters.rbegin() == parameters.size());
  for (const base::Value& value : statement.binds) {
    const auto* text = std::get_if<std::string>(&value);
    require(text == nullptr || (text->find('\0') == std::string::npos && base::is_utf8(*text)));
  }
}

void check_postgres(const model::Resource& resource, const plan::ListPlan& list) {
  require(list.readings.size() == list.view->leaves.size());
  if (list.screening == nullptr) {
    for (const auto* statement : {&list.page, &list.count, &list.page_with_count}) {
      check_postgres(resource, *statement, 0);
    }
    return;
  }
  check_postgres(resource, list.screening->candidates, 0);
  check_postgres(resource, list.page, list.screening->keys);
  const std::vector<base::Cell> cells(list.screening->readings.size() - list.screening->keys);
  require(!list.screening->check.matches(cells));  // nulls match nothing
}

void check_summary(const model::Resource& resource, const plan::RetrievePlan& ours, const plan::RetrievePlan& other) {
  check_sqlite(resource, ours.row);
  require(ours.view == other.view && other.readings.size() == other.view->leaves.size());
  if (other.screening == nullptr) return check_postgres(resource, other.row, 0);
  check_postgres(resource, other.screening->candidates, 0);
  const std::vector<base::Cell> cells(other.screening->readings.size());
  require(cells.size() > other.screening->judged && !other.screening->check.matches(cells));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const model::Api& api = *shared_api();
  if (size < 2) return 0;
  const auto& resource = *api.resources[data[0] % api.resources.size()];
  if (!model::contains(resource.operations, model::OperationKind::List)) return 0;
  const plan::Scope scope{.account = account, .version = api.versions[data[1] % api.versions.size()]};
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const bool sums_up = resource.summary != nullptr && data[1] >= 128;
  using Kind = operation::Target::Kind;
  const operation::Target target{.kind = sums_up ? Kind::Summary : Kind::Collection, .resource = &resource};
  auto operation = operation::parse_operation(api.limits, target, http::Method::Get, operation::parse_query(text));
  if (!operation) std::abort();
  static const plan::Planner sqlite(shared_api(), plan::SqlFlavor::Sqlite);
  static const plan::Planner postgres(shared_api(), plan::SqlFlavor::Postgres);
  const auto planned = sqlite.make_plan(*operation, scope);
  const auto other = postgres.make_plan(std::move(*operation), scope);
  require(planned.has_value() == other.has_value());
  if (!planned) {
    require(planned.error().code == base::ErrorCode::InvalidData && !planned.error().faults.empty());
    require(planned.error().faults.size() == other.error().faults.size());
    return 0;
  }
  if (sums_up) {
    check_summary(resource, std::get<plan::RetrievePlan>(*planned), std::get<plan::RetrievePlan>(*other));
    return 0;
  }
  const auto& list = std::get<plan::ListPlan>(*planned);
  check_sqlite(resource, list.page);
  check_sqlite(resource, list.count);
  check_postgres(resource, std::get<plan::ListPlan>(*other));
  return 0;
}
