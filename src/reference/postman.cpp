#include "reference/postman.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "base/text.hpp"
#include "contract/negotiate.hpp"
#include "reference/openapi.hpp"

namespace portico::reference {
namespace {

using base::Document;
using Kind = Document::Kind;

constexpr std::string_view collection_schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
constexpr std::size_t sample_depth_max = 8;

std::string_view text_of(const Document& object, std::string_view name) {
  const Document* found = object.find(name);
  return found == nullptr || found->kind != Kind::Text ? std::string_view() : std::string_view(found->text);
}

/// A member that is a list or an object; one that is missing holds nothing.
const Document& part_of(const Document& object, std::string_view name) {
  static const Document nothing;
  const Document* found = object.find(name);
  return found == nullptr ? nothing : *found;
}

bool lists(const Document& list, std::string_view text) {
  for (const Document& item : list.items) {
    if (item.kind == Kind::Text && item.text == text) return true;
  }
  return false;
}

/// Values that fit schemas, as far as a schema alone tells.
class Samples {
 public:
  explicit Samples(const Document& openapi) : openapi_(openapi) {}

  /// The schema itself where it is no reference.
  [[nodiscard]] const Document& resolved(const Document& schema) const {
    constexpr std::string_view components = "#/components/";
    const std::string_view reference = text_of(schema, "$ref");
    if (!reference.starts_with(components)) return schema;
    const std::string_view path = reference.substr(components.size());
    const std::size_t slash = path.find('/');
    return part_of(part_of(part_of(openapi_, "components"), path.substr(0, slash)), path.substr(slash + 1));
  }

  [[nodiscard]] Document of(const Document& given, std::size_t depth = 0) const {
    const Document& schema = resolved(given);
    if (const auto& either = part_of(schema, "anyOf").items; !either.empty()) return of(either.front(), depth);
    if (const auto& choices = part_of(schema, "enum").items; !choices.empty()) return choices.front();
    const Document& types = part_of(schema, "type");
    const std::string_view type = types.kind == Kind::Array && !types.items.empty()
                                      ? std::string_view(types.items.front().text)
                                      : text_of(schema, "type");
    if (type == "object") return object_of(schema, depth);
    if (type == "array") return list_of(schema, depth);
    if (type == "integer") return json::integer(std::max<std::int64_t>(part_of(schema, "minimum").integer, 1));
    if (type == "boolean") return json::boolean(false);
    if (type == "string") return json::text(text_for(schema));
    return json::object({});
  }

 private:
  /// What must be said; where nothing must, the first member that can be.
  [[nodiscard]] Document object_of(const Document& schema, std::size_t depth) const {
    Document made = json::object({});
    if (depth == sample_depth_max) return made;
    const Document& required = part_of(schema, "required");
    for (const base::Member& member : part_of(schema, "properties").members) {
      const bool is_first = required.items.empty() && made.members.empty() && depth == 0;
      if (is_first || lists(required, member.name))
        made.members.push_back({member.name, of(member.value, depth + 1)});
    }
    return made;
  }

  [[nodiscard]] Document list_of(const Document& schema, std::size_t depth) const {
    std::vector<Document> items;
    const std::int64_t least = std::max<std::int64_t>(part_of(schema, "minItems").integer, 1);
    for (std::int64_t i = 0; i < least && depth < sample_depth_max; ++i)
      items.push_back(of(part_of(schema, "items"), depth + 1));
    return json::list(std::move(items));
  }

  [[nodiscard]] static std::string text_for(const Document& schema) {
    static const std::map<std::string_view, std::string_view> by_format = {{"date-time", "2026-01-31T12:00:00Z"},
                                                                           {"date", "2026-01-31"},
                                                                           {"email", "ana@example.com"},
                                                                           {"uri", "https://example.com/"}};
    static const std::map<std::string_view, std::string_view> by_pattern = {
        {"^[0-9a-f]{32}$", "00000000000000000000000000000000"},
        {"^[A-Z]{3}$", "EUR"},
        {"^[A-Z]{2}$", "ES"},
        {"^[a-z]{2}$", "es"}};
    if (const auto found = by_format.find(text_of(schema, "format")); found != by_format.end())
      return std::string(found->second);
    if (const auto found = by_pattern.find(text_of(schema, "pattern")); found != by_pattern.end())
      return std::string(found->second);
    return "text";
  }

  const Document& openapi_;
};

class Collection {
 public:
  Collection(const Edition& edition, std::string_view public_url)
      : edition_(edition),
        public_url_(public_url),
        openapi_(openapi_document(edition, public_url)),
        samples_(openapi_) {}

  [[nodiscard]] Document write() const {
    const Document& info = part_of(openapi_, "info");
    ObjectWriter made;
    made.add("info", ObjectWriter()
                         .add("name", std::string(text_of(info, "title")) + ", version " +
                                          std::string(text_of(info, "version")))
                         .add("description", text_of(info, "description"))
                         .add("schema", collection_schema)
                         .take());
    made.add("auth",
             ObjectWriter()
                 .add("type", "bearer")
                 .add("bearer",
                      json::list(
                          {ObjectWriter().add("key", "token").add("value", "{{key}}").add("type", "string").take()}))
                 .take());
    made.add("variable", variables());
    made.add("item", folders());
    return made.take();
  }

 private:
  static Document variable(std::string_view key, std::string_view value, std::string_view description) {
    return ObjectWriter()
        .add("key", key)
        .add("value", value)
        .add("type", "string")
        .add("description", description)
        .take();
  }

  /// With media types these name the version; else the address does.
  [[nodiscard]] Document variables() const {
    const std::string base = edition_.surface.base == "/" ? std::string() : edition_.surface.base;
    const std::string version = edition_.is_envelope() ? "/v" + std::to_string(edition_.version) : std::string();
    std::vector<Document> made;
    made.push_back(variable("base_url", std::string(public_url_) + base + version, "Where the server is."));
    made.push_back(
        variable("key", "", edition_.is_envelope() ? "The token of a run, or a test token." : "A private key."));
    if (!edition_.is_envelope()) {
      const contract::Contract production{.surface = &edition_.surface, .version = edition_.version};
      made.push_back(
          variable("media_type", "application/vnd." + contract::media_type_name(edition_.api, production) + "+json",
                   edition_.api.has_sandbox() ? "Version and format; `.sandbox` before the version is the sandbox."
                                              : "Version and format."));
    }
    return json::list(std::move(made));
  }

  /// One for each tag, in the order of the description.
  [[nodiscard]] Document folders() const {
    std::map<std::string_view, std::vector<Document>> requests;
    for (const base::Member& path : part_of(openapi_, "paths").members) {
      for (const base::Member& method : path.value.members) {
        if (method.name == "parameters") continue;
        const Document& tags = part_of(method.value, "tags");
        const std::string_view tag =
            tags.items.empty() ? std::string_view() : std::string_view(tags.items.front().text);
        requests[tag].push_back(item(path, method));
      }
    }
    std::vector<Document> made;
    for (const Document& tag : part_of(openapi_, "tags").items) {
      const auto found = requests.find(text_of(tag, "name"));
      if (found == requests.end()) continue;
      ObjectWriter folder;
      folder.add("name", text_of(tag, "name"));
      if (const std::string_view words = text_of(tag, "description"); !words.empty())
        folder.add("description", words);
      folder.add("item", json::list(std::move(found->second)));
      made.push_back(folder.take());
    }
    return json::list(std::move(made));
  }

  [[nodiscard]] Document item(const base::Member& path, const base::Member& method) const {
    ObjectWriter request;
    std::string name = method.name;
    for (char& c : name) c = static_cast<char>(c - 'a' + 'A');  // of our own: get, patch
    request.add("method", name);
    std::vector<Document> headers;
    if (!edition_.is_envelope()) headers.push_back(header("Accept", "{{media_type}}", {}));
    add_body(method.value, request, headers);
    for (const Document& parameter : part_of(method.value, "parameters").items) {
      const Document& known = samples_.resolved(parameter);
      if (text_of(known, "in") == "header") headers.push_back(disabled(known));
    }
    request.add("header", json::list(std::move(headers)));
    request.add("url", url(path, method.value));
    if (const std::string_view words = text_of(method.value, "description"); !words.empty())
      request.add("description", words);
    return ObjectWriter()
        .add("name", text_of(method.value, "summary"))
        .add("request", request.take())
        .add("response", json::list({}))
        .take();
  }

  static Document header(std::string_view key, std::string_view value, std::string_view description) {
    ObjectWriter made;
    made.add("key", key).add("value", value);
    if (!description.empty()) made.add("description", description);
    return made.take();
  }

  /// There to be switched on.
  [[nodiscard]] static Document disabled(const Document& parameter) {
    Document made = header(text_of(parameter, "name"), "", text_of(parameter, "description"));
    made.members.push_back({"disabled", json::boolean(true)});
    return made;
  }

  void add_body(const Document& operation, ObjectWriter& request, std::vector<Document>& headers) const {
    const Document& content = part_of(part_of(operation, "requestBody"), "content");
    if (content.members.empty()) return;
    const Document* const json_content = content.find("application/json");
    ObjectWriter body;
    if (json_content == nullptr) {  // the bytes of a file
      headers.push_back(header("Content-Type", content.members.front().name, {}));
      body.add("mode", "file").add("file", json::object({}));
    } else {
      headers.push_back(header("Content-Type", "application/json", {}));
      std::string raw;
      base::append_json(samples_.of(part_of(*json_content, "schema")), raw);
      body.add("mode", "raw").add("raw", raw);
      body.add("options", json::object({{"raw", json::object({{"language", json::text("json")}})}}));
    }
    request.add("body", body.take());
  }

  [[nodiscard]] Document url(const base::Member& path, const Document& operation) const {
    std::string raw = "{{base_url}}";
    std::vector<Document> steps;
    for (std::string step : steps_of(path.name)) {
      if (step.starts_with('{')) step = ":" + step.substr(1, step.size() - 2);
      raw += "/" + step;
      steps.push_back(json::text(step));
    }
    ObjectWriter made;
    made.add("raw", raw)
        .add("host", json::list({json::text("{{base_url}}")}))
        .add("path", json::list(std::move(steps)));
    std::vector<Document> query;
    for (const Document& parameter : part_of(operation, "parameters").items) {
      const Document& known = samples_.resolved(parameter);
      if (text_of(known, "in") != "query") continue;
      query.push_back(part_of(known, "required").boolean ? asked(known) : disabled(known));
    }
    if (!query.empty()) made.add("query", json::list(std::move(query)));
    std::vector<Document> names;
    for (const Document& parameter : part_of(path.value, "parameters").items) {
      const Document& known = samples_.resolved(parameter);
      names.push_back(header(text_of(known, "name"), "", text_of(known, "description")));
    }
    if (!names.empty()) made.add("variable", json::list(std::move(names)));
    return made.take();
  }

  /// One without which there is no answer.
  [[nodiscard]] Document asked(const Document& parameter) const {
    const Document value = samples_.of(part_of(parameter, "schema"));
    return header(text_of(parameter, "name"),
                  value.kind == Kind::Integer ? std::to_string(value.integer) : value.text,
                  text_of(parameter, "description"));
  }

  static std::vector<std::string> steps_of(std::string_view path) {
    std::vector<std::string> steps;
    while (!path.empty()) {
      path.remove_prefix(1);  // the slash
      const std::size_t end = std::min(path.find('/'), path.size());
      steps.emplace_back(path.substr(0, end));
      path.remove_prefix(end);
    }
    return steps;
  }

  const Edition& edition_;
  const std::string_view public_url_;
  const Document openapi_;
  const Samples samples_;
};

}  // namespace

std::string postman(const Edition& edition, std::string_view public_url) {
  std::string text;
  base::append_json(Collection(edition, public_url).write(), text);
  return text;
}

}  // namespace portico::reference
