#include "reference/openapi.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "contract/negotiate.hpp"
#include "model/scope.hpp"
#include "operation/path_pattern.hpp"
#include "reference/codes.hpp"
#include "reference/operations.hpp"
#include "reference/parameters.hpp"
#include "reference/schemas.hpp"

namespace portico::reference {
namespace {

using base::Document;
using model::OperationKind;
using operation::PathPattern;
using operation::TargetMethod;

constexpr model::OperationSet creating =
    model::operation_bit(OperationKind::Create) | model::operation_bit(OperationKind::Replace);
constexpr model::OperationSet updating = model::operation_bit(OperationKind::Update);

/// `capture-refunds` as `CaptureRefunds`.
std::string pascal_case(std::string_view name) {
  std::string made;
  bool starts = true;
  for (const char c : name) {
    const bool is_letter = c >= 'a' && c <= 'z';
    if (c == '-' || c == '_') {
      starts = true;
    } else {
      made += starts && is_letter ? static_cast<char>(c - 'a' + 'A') : c;
      starts = false;
    }
  }
  return made;
}

std::string lower_case(std::string_view name) {
  std::string made(name);
  for (char& c : made) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return made;
}

/// The document, put together part by part.
class Writer {
 public:
  Writer(const Edition& edition, std::string_view public_url)
      : edition_(edition), public_url_(public_url), scopes_(model::scopes_of(edition.api)) {
    for (const model::ExtensionScope& scope : scopes_) scope_names_.push_back(scope.name);
    for (const auto* resources : {&edition.api.resources, &edition.api.computed}) {
      for (const auto& resource : *resources) {
        if (resource->versions.contains(edition.version)) resources_.push_back(resource.get());
      }
    }
    name_schemas();
  }

  [[nodiscard]] Document write() {
    Document paths = write_paths();  // which finds the codes
    ObjectWriter made;
    made.add("openapi", "3.1.0");
    made.add("info", info());
    made.add("servers", json::list({json::object({{"url", json::text(server_url())}})}));
    made.add("tags", tags());
    made.add("paths", std::move(paths));
    made.add("components", components());
    if (edition_.is_envelope()) made.add("x-codes", code_list(edition_, codes_));
    return made.take();
  }

 private:
  [[nodiscard]] const model::Api& api() const { return edition_.api; }

  /// No two alike, those of bodies included.
  void name_schemas() {
    std::set<std::string> taken = {std::string(error_name)};
    for (const model::Resource* resource : resources_) {
      std::string name = pascal_case(resource->name);
      while (taken.contains(name) || taken.contains(body_name(name)) || taken.contains(patch_name(name))) name += "_";
      taken.insert({name, body_name(name), patch_name(name)});
      names_.emplace(resource, std::move(name));
    }
  }

  /// In the version's own address, which serves whatever `Accept` a client sends.
  [[nodiscard]] std::string server_url() const {
    const std::string base = edition_.surface.base == "/" ? std::string() : edition_.surface.base;
    return std::string(public_url_) + base + "/v" + std::to_string(edition_.version);
  }

  [[nodiscard]] Document info() const {
    ObjectWriter made;
    made.add("title", api().vendor + ", " + edition_.surface.name + " API");
    made.add("version", std::to_string(edition_.version));
    made.add("description", description());
    return made.take();
  }

  [[nodiscard]] std::string description() const {
    std::string words = api().description;
    if (!words.empty()) words += "\n\n";
    words += "This is version " + std::to_string(edition_.version) + " of " + std::to_string(api().versions.front()) +
             " to " + std::to_string(api().latest_version()) + ".";
    return words + (edition_.is_envelope() ? of_envelope() : of_media_types());
  }

  [[nodiscard]] std::string of_media_types() const {
    const contract::Contract production{.surface = &edition_.surface, .version = edition_.version};
    const std::string media_type = "`application/vnd." + contract::media_type_name(api(), production);
    std::string words = " It is at the address below, or without the version in the address where `Accept` reads " +
                        media_type + "+json` or `+xml`.";
    if (api().has_sandbox()) {
      contract::Contract sandbox = production;
      sandbox.mode = model::Mode::Sandbox;
      words += " With `Accept: application/vnd." + contract::media_type_name(api(), sandbox) +
               "+json` it is the same on separate data, the sandbox.";
    }
    return words +
           "\n\nAmounts and rates are integers with two implied decimals: 1250 is 12.50. Filters are combined with "
           "AND; what is unknown or does not fit is an error that says what would have been right.";
  }

  [[nodiscard]] static std::string of_envelope() {
    return "\n\nEvery answer but a file is JSON with a `code`: 0 where it worked, else the result, and `msg` says "
           "why. "
           "`x-codes` lists them all.";
  }

  [[nodiscard]] Document tags() const {
    std::vector<Document> list;
    for (const model::Resource* resource : resources_) {
      ObjectWriter tag;
      tag.add("name", resource->name);
      if (!resource->description.empty()) tag.add("description", resource->description);
      list.push_back(tag.take());
    }
    return json::list(std::move(list));
  }

  /// One path for all its methods; the first pattern that has a path has it.
  [[nodiscard]] Document write_paths() {
    const Commons commons{.edition = edition_, .names = names_, .scopes = scope_names_};
    ObjectWriter paths;
    std::vector<std::string> seen;
    operation::visit_patterns(api(), edition_.version, [&](const PathPattern& pattern) {
      const std::vector<TargetMethod> methods = operation::methods_of(pattern.target());
      PathTemplate path = path_template(pattern);
      if (methods.empty() || std::find(seen.begin(), seen.end(), path.text) != seen.end()) return;
      seen.push_back(path.text);
      ObjectWriter item;
      if (!path.parameters.empty()) item.add("parameters", json::list(std::move(path.parameters)));
      for (const TargetMethod& method : methods) {
        if (method.method == http::Method::Head) continue;  // what GET answers, without its body
        item.add(lower_case(method.name), operation_object(commons, pattern, method));
        note_codes(pattern, method);
      }
      paths.add(path.text, item.take());
    });
    return paths.take();
  }

  void note_codes(const PathPattern& pattern, const TargetMethod& method) {
    const OwnRefusals own = own_refusals(pattern, method);
    for (const auto* guards : {&own.guards, &own.checks}) {
      for (const model::Guard* guard : *guards) {
        if (guard->code != 0) codes_.push_back({.guard = guard, .operation = operation_id(pattern, method)});
      }
    }
  }

  [[nodiscard]] Document components() const {
    ObjectWriter made;
    made.add("schemas", schemas());
    made.add("responses", shared_responses(edition_));
    made.add("parameters", shared_parameters());
    made.add("securitySchemes", security_schemes());
    return made.take();
  }

  [[nodiscard]] Document schemas() const {
    ObjectWriter made;
    for (const model::Resource* resource : resources_) {
      if (resource->computation != nullptr) continue;
      const model::View& view = edition_.view(*resource);
      const std::string& name = names_.at(resource);
      made.add(name, row_schema(view, Side::Answer));
      if ((resource->operations & creating) != 0) made.add(body_name(name), row_schema(view, Side::Body));
      if ((resource->operations & updating) != 0) made.add(patch_name(name), row_schema(view, Side::Patch));
    }
    made.add(std::string(error_name), error_schema(edition_));
    return made.take();
  }

  [[nodiscard]] static Document bearer(std::string_view words) {
    return ObjectWriter().add("type", "http").add("scheme", "bearer").add("description", words).take();
  }

  [[nodiscard]] Document security_schemes() const {
    ObjectWriter made;
    if (api().is_for_extensions(edition_.surface)) {
      made.add(std::string(run_token_scheme),
               bearer("The token of an extension's run, or a test token: " + scope_words()));
      return made.take();
    }
    made.add(std::string(private_key_scheme), bearer("An account's private key. It belongs on servers."));
    made.add(std::string(public_key_scheme), bearer("An account's public key, for pages: it may do what names it."));
    if (api().oauth) {
      Document flow = json::object(
          {{"tokenUrl", json::text(std::string(public_url_) + api().oauth->path)}, {"scopes", json::object({})}});
      made.add(std::string(access_token_scheme),
               json::object({{"type", json::text("oauth2")},
                             {"flows", json::object({{"clientCredentials", std::move(flow)}})}}));
    }
    return made.take();
  }

  [[nodiscard]] std::string scope_words() const {
    return "what it may do are the scopes that its user agreed to, of " + base::enumerated(scope_names_) + ".";
  }

  const Edition& edition_;
  const std::string_view public_url_;
  const std::vector<model::ExtensionScope> scopes_;
  std::vector<std::string> scope_names_;
  std::vector<const model::Resource*> resources_;  // of this version, in the order of the description
  SchemaNames names_;
  std::vector<OwnCode> codes_;
};

}  // namespace

base::Document openapi_document(const Edition& edition, std::string_view public_url) {
  return Writer(edition, public_url).write();
}

std::string openapi(const Edition& edition, std::string_view public_url) {
  std::string text;
  base::append_json(openapi_document(edition, public_url), text);
  return text;
}

}  // namespace portico::reference
