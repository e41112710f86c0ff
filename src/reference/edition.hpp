#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_value.hpp"
#include "model/api.hpp"

namespace portico::reference {

namespace json = base::json;

/// What a reference is of: one of a description's APIs, in one of its versions. Points into the Api.
struct Edition {
  const model::Api& api;
  const model::Surface& surface;
  int version = 0;  ///< one of Api::versions

  [[nodiscard]] bool is_envelope() const { return surface.dialect == model::DialectKind::CodeEnvelope; }
  [[nodiscard]] const model::View& view(const model::Resource& resource) const { return api.view(resource, version); }
};

/// A JSON object that is put together member by member; what is empty is left out by those who add it.
class ObjectWriter {
 public:
  ObjectWriter& add(std::string name, base::Document value) {
    members_.push_back({.name = std::move(name), .value = std::move(value)});
    return *this;
  }
  ObjectWriter& add(std::string name, std::string_view text) { return add(std::move(name), json::text(text)); }
  ObjectWriter& add(std::string name, const char* text) { return add(std::move(name), json::text(text)); }
  [[nodiscard]] bool empty() const noexcept { return members_.empty(); }
  [[nodiscard]] base::Document take() { return json::object(std::move(members_)); }

 private:
  std::vector<base::Member> members_;
};

/// `{"type": "integer"}`
[[nodiscard]] inline base::Document typed(std::string_view type) {
  return json::object({{"type", json::text(type)}});
}

/// A field of an answer's head.
[[nodiscard]] inline base::Document header(std::string_view type, std::string_view description) {
  return json::object({{"description", json::text(description)}, {"schema", typed(type)}});
}

/// `{"$ref": "#/components/KIND/NAME"}`
[[nodiscard]] inline base::Document reference_to(std::string_view kind, std::string_view name) {
  return json::object({{"$ref", json::text("#/components/" + std::string(kind) + "/" + std::string(name))}});
}

}  // namespace portico::reference
