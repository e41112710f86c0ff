#include "platform/endpoints.hpp"
#include "platform/json.hpp"

namespace portico::platform {

base::Result<Reply> list_scopes(Call& call) {
  std::vector<base::Document> shown;
  for (const model::ExtensionScope& each : call.site.scopes) {
    shown.push_back(json::object({{"name", json::text(each.name)},
                                  {"resource", json::text(each.resource->name)},
                                  {"access", json::text(name_of(each.access))},
                                  {"description", json::text(each.description)},
                                  {"operations", json::texts(each.operations)},
                                  {"actions", json::texts(each.actions)}}));
  }
  return with_document(200, json::results(std::move(shown)));
}

}  // namespace portico::platform
