// Queries: every one is planned or refused with a fault for each parameter to blame; SQL that is planned is accepted
// by SQLite, holds no byte of the client's, and begins every FROM with the owner's condition.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <sqlite3.h>

#include "operation/parse_operation.hpp"
#include "plan/make_plan.hpp"
#include "shipped_api.hpp"
#include "store/schema.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_functions.hpp"

namespace {

using namespace portico;

const std::string account(32, 'a');

store::SqliteConnection& empty_database() {
  static store::FunctionRules rules;
  static store::SqliteConnection connection = [] {
    store::SqliteConnection made(":memory:",
                                 {.mode = store::OpenMode::Create, .durability = store::Durability::None});
    for (const auto& table : store::sqlite_schema(fuzz::shipped_api()).tables) made.execute(table.sql);
    store::define_functions(made, rules);
    return made;
  }();
  return connection;
}

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

void check(const model::Resource& resource, const plan::Statement& statement) {
  const std::string from = " FROM \"" + resource.table + "\" WHERE \"" + resource.owner_column + "\" = ?";
  if (occurrences(statement.sql, " FROM ") != occurrences(statement.sql, from)) std::abort();
  store::SqliteStatement prepared(empty_database(), statement.sql);  // throws for SQL that SQLite refuses
  prepared.bind_all(statement.binds);
  if (prepared.step() && statement.sql.starts_with("SELECT \"")) std::abort();  // there are no rows
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const model::Api& api = fuzz::shipped_api();
  if (size < 2) return 0;
  const auto& resource = *api.resources[data[0] % api.resources.size()];
  const int version = api.versions[data[1] % api.versions.size()];
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const operation::Target target{.resource = &resource};
  auto operation = operation::parse_operation(api.limits, target, http::Method::Get, operation::parse_query(text));
  if (!operation) std::abort();
  static const plan::Planner planner(fuzz::shared_shipped_api(), plan::SqlFlavor::Sqlite);
  const auto planned = planner.make_plan(std::move(*operation), {.account = account, .version = version});
  if (!planned) {
    if (planned.error().code != base::ErrorCode::InvalidData || planned.error().faults.empty()) std::abort();
    return 0;
  }
  const auto& list = std::get<plan::ListPlan>(*planned);
  check(resource, list.page);
  check(resource, list.count);
  return 0;
}
