#include <algorithm>
#include <iostream>
#include <optional>

#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/cli/terminal.hpp"
#include "app/store_location.hpp"
#include "base/text.hpp"
#include "store/index_advice.hpp"

namespace portico::app {
namespace {

/// What a store adds to the check.
struct IndexReport {
  std::vector<store::MissingIndex> missing;
  std::vector<model::Lookup> unindexed;
};

store::Catalog catalog_of(const model::Api& api, const StoreLocation& location) {
  const store::DataPlace place = data_place(location);
  if (const auto* files = std::get_if<store::SqliteFiles>(&place)) return store::introspect_sqlite(files->production);
  std::vector<std::string> schemas = {api.database.schema};
  const auto add = [&](const std::string& schema) {
    const bool known = schema.empty() || std::find(schemas.begin(), schemas.end(), schema) != schemas.end();
    if (!known) schemas.push_back(schema);
  };
  for (const auto& resource : api.resources) {
    add(resource->schema);
    for (const model::Join& join : resource->joins) add(join.schema);
  }
  return store::introspect_postgres(
      {.address = std::get<store::PostgresAddress>(place).text, .schemas = std::move(schemas)});
}

IndexReport report_on(const model::Api& api, const std::string& store) {
  const StoreLocation location = existing_store(store, api);
  store::require_schema(api, schema_target(location));
  return {.missing = store::missing_indexes(api, catalog_of(api, location), flavor_of(location)),
          .unindexed = store::unindexed_lookups(api)};
}

std::vector<std::string> names_of(const std::vector<model::Lookup>& lookups) {
  std::vector<std::string> names;
  for (const model::Lookup lookup : lookups) names.emplace_back(model::name_of(lookup));
  return names;
}

void print(const IndexReport& report) {
  for (const store::MissingIndex& each : report.missing) {
    std::cout << each.resource->name << ": no index serves";
    if (each.for_ordering) std::cout << " the ordering by " << each.leaf->path;
    if (!each.lookups.empty()) {
      std::cout << (each.for_ordering ? ", nor" : "") << " the filters " << base::enumerated(names_of(each.lookups));
      if (!each.for_ordering) std::cout << " on " << each.leaf->path;
    }
    std::cout << "; " << (each.sql.empty() ? "none can" : base::joined(each.sql, "; ") + ";")
              << (each.obstacle.empty() ? "" : ": ") << each.obstacle << '\n';
  }
  if (report.missing.empty())
    std::cout << "Indexes serve every ordering, and every filter that an index can serve.\n";
  if (report.unindexed.empty()) return;
  std::cout << "Filters that no index serves, judged row by row among those that the owner and the others leave: "
            << base::joined(names_of(report.unindexed), ", ") << ".\n";
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? "," : "") + json_text(text);
  return out + "]";
}

void print_json(const IndexReport& report) {
  std::cout << ",\"indexes\":[";
  std::string_view separator;
  for (const store::MissingIndex& each : report.missing) {
    std::cout << separator << "{\"resource\":" << json_text(each.resource->name)
              << ",\"field\":" << json_text(each.leaf->path)
              << ",\"ordering\":" << (each.for_ordering ? "true" : "false")
              << ",\"filters\":" << json_list(names_of(each.lookups)) << ",\"sql\":" << json_list(each.sql)
              << ",\"obstacle\":" << json_text(each.obstacle) << '}';
    separator = ",";
  }
  std::cout << "],\"row_by_row\":" << json_list(names_of(report.unindexed));
}

void print_json(const model::Mistakes& mistakes, const std::optional<IndexReport>& report) {
  std::cout << "{\"mistakes\":[";
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    const model::Mistake& mistake = mistakes[i];
    std::cout << (i > 0 ? "," : "") << "{\"line\":" << mistake.position.line
              << ",\"column\":" << mistake.position.column << ",\"message\":" << json_text(mistake.message)
              << ",\"hint\":" << json_text(mistake.hint) << '}';
  }
  std::cout << ']';
  if (report) print_json(*report);
  std::cout << "}\n";
}

std::string summary(const model::Api& api) {
  std::string text = std::to_string(api.resources.size() + api.computed.size()) + " resources in " +
                     std::to_string(api.versions.size()) + (api.versions.size() == 1 ? " version" : " versions") +
                     ":";
  for (const auto* resources : {&api.resources, &api.computed}) {
    for (const auto& resource : *resources) text += " " + resource->name;
  }
  return text;
}

}  // namespace

ExitCode check(const CheckOptions& options) {
  if (options.subject == CheckSubject::Schema) {
    std::cout << model::description_schema();
    return ExitCode::Done;
  }
  const auto loaded = model::load_yaml(read_description(options.description));
  if (const auto* api = std::get_if<std::shared_ptr<const model::Api>>(&loaded)) {
    std::optional<IndexReport> report;
    if (!options.store.empty()) report = report_on(**api, options.store);
    if (options.output == Output::Json) {
      print_json({}, report);
    } else {
      std::cout << options.description << ": good. " << summary(**api) << '\n';
      if (report) print(*report);
    }
    return ExitCode::Done;
  }
  const auto& mistakes = std::get<model::Mistakes>(loaded);
  if (options.output == Output::Json) {
    print_json(mistakes, std::nullopt);
  } else {
    for (const model::Mistake& mistake : mistakes) std::cout << format_mistake(options.description, mistake) << '\n';
    std::cout << mistakes.size() << (mistakes.size() == 1 ? " mistake.\n" : " mistakes.\n");
  }
  return ExitCode::Misused;
}

}  // namespace portico::app
