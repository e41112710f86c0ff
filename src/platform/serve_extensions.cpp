#include <algorithm>

#include "base/text.hpp"
#include "platform/endpoints.hpp"
#include "platform/json.hpp"
#include "platform/show.hpp"

namespace portico::platform {
namespace {

using base::Document;
using base::Result;

/// A version as a list of what can be run shows it.
Document offer(Show& show, const Extension& extension, const Version& version) {
  return show.extension(extension, {{"version", show.version(extension, version)},
                                    {"authorisations", show.authorisations(extension, version)}});
}

Document document_or_null(Show& show, const Extension& extension, const std::vector<Version>& versions) {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [](const Version& version) { return version.status == VersionStatus::Production; });
  return found == versions.end() ? json::null() : show.version(extension, *found);
}

/// Version id -> number; null where there is none.
Document number_of(const std::vector<Version>& versions, const std::string& id) {
  const auto found =
      std::find_if(versions.begin(), versions.end(), [&](const Version& version) { return version.id == id; });
  return found == versions.end() ? json::null() : json::integer(found->number);
}

}  // namespace

Result<Reply> list_extensions(Call& call) {
  const auto found = call.registry().extensions(call.actor());
  if (!found) return found.error();
  Show show(call);
  std::vector<Document> shown;
  for (const Extension& each : *found) shown.push_back(show.extension(each));
  return with_document(200, json::results(std::move(shown)));
}

Result<Reply> declare_extension(Call& call) {
  json::Fields fields(call.body);
  const auto name = fields.required_text("name");
  const auto title = fields.required_text("title");
  const auto description = fields.text("description");
  if (auto read = fields.end(); !read) return std::move(read).error();
  const auto made = call.registry().declare(
      call.actor(), {.name = *name, .title = *title, .description = description.value_or("")});
  if (!made) return made.error();
  Reply reply = with_document(201, Show(call).extension(*made));
  reply.response.add("Location", std::string(space_path) + "/extensions/" + base::percent_encoded(made->name));
  return reply;
}

Result<Reply> show_extension(Call& call) {
  const auto found = call.registry().find_extension(call.actor(), call.arguments[0]);
  if (!found) return found.error();
  return with_document(200, Show(call).extension_with_versions(*found));
}

Result<Reply> change_extension(Call& call) {
  auto found = call.registry().find_extension(call.actor(), call.arguments[0]);
  if (!found) return std::move(found).error();
  json::Fields fields(call.body);
  const auto title = fields.text("title");
  const auto description = fields.text("description");
  if (auto read = fields.end(); !read) return std::move(read).error();
  if (title) found->title = *title;
  if (description) found->description = *description;
  if (auto described = call.registry().describe(call.actor(), *found); !described) {
    return std::move(described).error();
  }
  return with_document(200, Show(call).extension(*found));
}

Result<Reply> show_history(Call& call) {
  const auto entries = call.registry().history(call.actor(), call.arguments[0]);
  if (!entries) return entries.error();
  const auto versions = call.registry().versions(call.actor(), call.arguments[0]);
  if (!versions) return versions.error();
  Show show(call);
  std::vector<Document> shown;
  for (const AuditEntry& each : *entries) {
    shown.push_back(json::object({{"at", json::instant(each.at)},
                                  {"actor", show.person(each.actor)},
                                  {"action", json::text(each.action)},
                                  {"version", number_of(*versions, each.version)},
                                  {"from", json::text(each.from)},
                                  {"to", json::text(each.to)},
                                  {"reason", json::text(each.reason)}}));
  }
  return with_document(200, json::results(std::move(shown)));
}

/// What is in production, then what the caller has in development.
Result<Reply> show_marketplace(Call& call) {
  Show show(call);
  std::vector<Document> shown;
  for (const auto& [extension, version] : call.registry().marketplace()) {
    shown.push_back(offer(show, extension, version));
  }
  const auto own = call.registry().extensions(call.actor());
  for (const Extension& extension : own ? *own : std::vector<Extension>{}) {
    if (extension.owner != call.actor()) continue;  // operators see all
    const auto versions = call.registry().versions(call.actor(), extension.name);
    for (const Version& version : versions ? *versions : std::vector<Version>{}) {
      if (version.status == VersionStatus::Development) shown.push_back(offer(show, extension, version));
    }
  }
  return with_document(200, json::results(std::move(shown)));
}

Result<Reply> show_review(Call& call) {
  const auto queue = call.registry().review_queue(call.actor());
  if (!queue) return queue.error();
  Show show(call);
  std::vector<Document> shown;
  for (const auto& [extension, version] : *queue) {
    const auto versions = call.registry().versions(call.actor(), extension.name);
    shown.push_back(json::object(
        {{"extension", show.extension(extension)},
         {"version", show.version(extension, version)},
         {"production", document_or_null(show, extension, versions ? *versions : std::vector<Version>{})}}));
  }
  return with_document(200, json::results(std::move(shown)));
}

}  // namespace portico::platform
