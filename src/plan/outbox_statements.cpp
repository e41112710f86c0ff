#include "plan/outbox_statements.hpp"

#include <algorithm>
#include <array>

#include "plan/postgres_filter.hpp"
#include "plan/sql_names.hpp"
#include "plan/sql_writer.hpp"

namespace portico::plan {
namespace {

struct StateName {
  OutboxState state;
  std::string_view name;
};
constexpr std::array<StateName, 3> state_names = {
    {{OutboxState::Waiting, "waiting"}, {OutboxState::Done, "done"}, {OutboxState::GivenUp, "given_up"}}};

constexpr std::string_view forgotten_at_once = "100";

base::Value instant(SqlFlavor flavor, base::Microseconds value) {
  if (flavor == SqlFlavor::Postgres) return postgres_instant(value);
  return value;
}

base::Value state_value(OutboxState state) {
  return std::string(name_of(state));
}

/// A statement on the outbox of one mode.
class OutboxWriter {
 public:
  explicit OutboxWriter(const Outbox& outbox)
      : scope_{.account = {}, .version = 0, .mode = outbox.mode},
        source_(outbox.planner.names().outbox(), outbox.planner.names().rules(), scope_),
        sql_(outbox.planner.flavor()) {}
  OutboxWriter(const OutboxWriter&) = delete;
  OutboxWriter& operator=(const OutboxWriter&) = delete;

  OutboxWriter& text(std::string_view text) {
    sql_.text(text);
    return *this;
  }
  OutboxWriter& bind(base::Value value) {
    sql_.bind(std::move(value));
    return *this;
  }
  OutboxWriter& bind_instant(base::Microseconds value) { return bind(instant(sql_.flavor(), value)); }
  OutboxWriter& bind_all(std::span<const std::string> values) {
    std::string_view separator = "(";
    for (const std::string& value : values) {
      sql_.text(separator).bind(value);
      separator = ", ";
    }
    return text(")");
  }
  OutboxWriter& table() {
    source_.write_table(sql_);
    return *this;
  }
  /// ` FROM … WHERE TRUE`: more conditions follow with AND.
  OutboxWriter& from() {
    source_.write_from_all_accounts(sql_);
    return *this;
  }
  /// Of rows that another transaction keeps none; SQLite has one writer.
  OutboxWriter& skip_locked() { return text(is_postgres() ? " FOR UPDATE SKIP LOCKED" : ""); }
  OutboxWriter& lock() { return text(is_postgres() ? " FOR UPDATE" : ""); }

  Statement take() { return std::move(sql_).take(); }
  RowQuery query(std::vector<Reading> readings) {
    RowQuery query{.statement = take(), .columns = readings.size()};
    if (is_postgres()) query.readings = std::move(readings);
    return query;
  }

 private:
  [[nodiscard]] bool is_postgres() const { return sql_.flavor() == SqlFlavor::Postgres; }

  const Scope scope_;
  const SqlSource source_;
  SqlWriter sql_;
};

}  // namespace

std::string_view name_of(OutboxState state) {
  return state_names.at(static_cast<std::size_t>(state)).name;
}

std::optional<OutboxState> find_outbox_state(std::string_view name) {
  const auto found =
      std::find_if(state_names.begin(), state_names.end(), [name](const StateName& row) { return row.name == name; });
  return found == state_names.end() ? std::nullopt : std::optional(found->state);
}

Statement add_to_outbox(const Planner& planner, const Scope& scope, const OutboxEntry& entry) {
  SqlWriter sql(planner.flavor());
  const SqlSource into(planner.names().outbox(), planner.names().rules(), scope);
  into.write_table(sql.text("INSERT INTO "));
  sql.text(R"( ("account", "id", "resource", "row", "webhook", "target", "host", "body", "created", "expires", )"
           R"("tries", "next_try", "state", "changed", "failure") VALUES ()");
  sql.bind(into.owner_value());
  for (const std::string* text :
       {&entry.id, &entry.resource, &entry.row, &entry.webhook, &entry.target, &entry.host, &entry.body}) {
    sql.text(", ").bind(*text);
  }
  sql.text(", ").bind(instant(planner.flavor(), entry.created));
  sql.text(", ").bind(instant(planner.flavor(), entry.expires));
  sql.text(", 0, ").bind(instant(planner.flavor(), entry.created));
  sql.text(", ").bind(state_value(OutboxState::Waiting));
  sql.text(", ").bind(instant(planner.flavor(), entry.created)).text(", '')");
  return std::move(sql).take();
}

RowQuery due_entries(const Outbox& outbox, const DueWish& wish) {
  OutboxWriter sql(outbox);
  sql.text(R"(SELECT "id", "host")").from().text(R"( AND "state" = )").bind(state_value(OutboxState::Waiting));
  sql.text(R"( AND "next_try" <= )").bind_instant(wish.now);
  if (!wish.hosts_left_out.empty()) sql.text(R"( AND "host" NOT IN )").bind_all(wish.hosts_left_out);
  sql.text(R"( ORDER BY "next_try", "id" LIMIT )" + std::to_string(wish.most)).skip_locked();
  return sql.query({Reading::Text, Reading::Text});
}

RowQuery claim_entries(const Outbox& outbox, std::span<const std::string> ids, base::Microseconds until) {
  OutboxWriter sql(outbox);
  sql.text("UPDATE ").table().text(R"( SET "tries" = "tries" + 1, "next_try" = )").bind_instant(until);
  sql.text(R"( WHERE "id" IN )").bind_all(ids);
  sql.text(R"( RETURNING "id", "account", "resource", "row", "webhook", "target", "body", "tries", "expires")");
  return sql.query({Reading::Text, Reading::Text, Reading::Text, Reading::Text, Reading::Text, Reading::Text,
                    Reading::Text, Reading::Integer, Reading::Instant});
}

RowQuery hold_entry(const Outbox& outbox, const std::string& id) {
  OutboxWriter sql(outbox);
  sql.text(R"(SELECT "state", "tries")").from().text(R"( AND "id" = )").bind(id).lock();
  return sql.query({Reading::Text, Reading::Integer});
}

Statement settle_entry(const Outbox& outbox, const std::string& id, const OutboxProgress& progress) {
  OutboxWriter sql(outbox);
  sql.text("UPDATE ").table().text(R"( SET "state" = )").bind(state_value(progress.state));
  sql.text(R"(, "tries" = )").bind(progress.tries).text(R"(, "next_try" = )").bind_instant(progress.next_try);
  sql.text(R"(, "changed" = )").bind_instant(progress.changed).text(R"(, "failure" = )").bind(progress.failure);
  sql.text(R"( WHERE "id" = )").bind(id);
  return sql.take();
}

/// PostgreSQL: those that nobody else removes just now.
Statement forget_entries(const Outbox& outbox, base::Microseconds oldest) {
  OutboxWriter sql(outbox);
  sql.text("DELETE").from().text(R"( AND "id" IN (SELECT "id")").from();
  sql.text(R"( AND "state" IN ()").bind(state_value(OutboxState::Done));
  sql.text(", ").bind(state_value(OutboxState::GivenUp)).text(R"() AND "changed" < )").bind_instant(oldest);
  sql.text(" LIMIT ").text(forgotten_at_once).skip_locked().text(")");
  return sql.take();
}

RowQuery list_entries(const Outbox& outbox, std::optional<OutboxState> state, std::size_t most) {
  OutboxWriter sql(outbox);
  sql.text(R"(SELECT "id", "account", "resource", "row", "webhook", "target", "created", "tries", "next_try", )"
           R"("state", "failure")");
  sql.from();
  if (state) sql.text(R"( AND "state" = )").bind(state_value(*state));
  sql.text(R"( ORDER BY "created" DESC, "id" LIMIT )" + std::to_string(most));
  return sql.query({Reading::Text, Reading::Text, Reading::Text, Reading::Text, Reading::Text, Reading::Text,
                    Reading::Instant, Reading::Integer, Reading::Instant, Reading::Text, Reading::Text});
}

Statement retry_entry(const Outbox& outbox, const Retry& retry) {
  OutboxWriter sql(outbox);
  sql.text("UPDATE ").table().text(R"( SET "state" = )").bind(state_value(OutboxState::Waiting));
  sql.text(R"(, "next_try" = )").bind_instant(retry.now).text(R"(, "expires" = )").bind_instant(retry.expires);
  sql.text(R"(, "changed" = )").bind_instant(retry.now).text(R"( WHERE "id" = )").bind(retry.id);
  sql.text(R"( AND "state" <> )").bind(state_value(OutboxState::Done));
  return sql.take();
}

}  // namespace portico::plan
