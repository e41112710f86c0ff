#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "operation/json_body.hpp"
#include "plan/apply_defaults.hpp"
#include "plan/read_document.hpp"
#include "support/loaded_api.hpp"

namespace portico::plan {

/// What became of a document: the row, and the faults as `path: message`.
struct Taken {
  TableRow row;
  LeafSet left_out;
  std::vector<std::string> faults;
  bool operator==(const Taken&) const = default;
};

inline std::string shown(const base::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return "null";
}

/// Takes documents in, for tests that look at rows and faults.
class Taking {
 public:
  explicit Taking(std::shared_ptr<const model::Api> api, std::string_view resource = "orders")
      : api_(std::move(api)), resource_(*api_->find_resource(resource)), version_(api_->latest_version()) {}

  void use_version(int version) { version_ = version; }
  void use_forms() { writing_ = operation::Writing::Form; }
  void use_path(std::vector<std::string> path) { path_ = std::move(path); }

  [[nodiscard]] TableRow blank() const { return TableRow(resource_.leaves.size()); }
  [[nodiscard]] const model::Resource& resource() const { return resource_; }
  [[nodiscard]] const model::View& view() const { return api_->view(resource_, version_); }

  /// The leaf's index by its path.
  [[nodiscard]] std::size_t leaf(std::string_view path) const {
    for (std::size_t i = 0; i < resource_.leaves.size(); ++i) {
      if (resource_.leaves[i].path == path) return i;
    }
    ADD_FAILURE() << "no leaf " << path;
    return 0;
  }

  [[nodiscard]] Taken take(model::OperationKind kind, TableRow row, std::string_view json) const {
    auto document = operation::read_json(json, api_->limits);
    EXPECT_TRUE(document.has_value()) << json;
    std::vector<base::Fault> faults;
    const DocumentRules rules{.api = *api_, .view = view(), .kind = kind, .writing = writing_};
    Taken taken{.row = std::move(row)};
    FaultList list(faults, {.most = faults_max, .path = path_});
    taken.left_out = read_document(rules, *document, taken.row, list);
    list.finish();
    for (const base::Fault& fault : faults)
      taken.faults.push_back(base::joined(fault.path, ".") + ": " + fault.message);
    return taken;
  }
  [[nodiscard]] Taken create(std::string_view json) const {
    return take(model::OperationKind::Create, blank(), json);
  }
  [[nodiscard]] Taken replace(TableRow row, std::string_view json) const {
    return take(model::OperationKind::Replace, std::move(row), json);
  }
  [[nodiscard]] Taken update(TableRow row, std::string_view json) const {
    return take(model::OperationKind::Update, std::move(row), json);
  }

  /// One leaf of a row, `null` where it is.
  [[nodiscard]] std::string value(const Taken& taken, std::string_view path) const {
    return shown(taken.row[leaf(path)]);
  }
  [[nodiscard]] bool is_left_out(const Taken& taken, std::string_view path) const {
    return taken.left_out[leaf(path)];
  }

 private:
  std::shared_ptr<const model::Api> api_;
  const model::Resource& resource_;
  int version_;
  operation::Writing writing_ = operation::Writing::Json;
  std::vector<std::string> path_;
};

using Faults = std::vector<std::string>;

/// Notes of shops, in versions 1 to 3; `fields` are theirs besides id, which is read-only.
inline std::shared_ptr<const model::Api> notes_api(const std::string& fields, const std::string& rest = "") {
  return support::loaded_api(
      "vendor: acme\nversions: [1, 2, 3]\napis:\n  partner: {base: /, dialect: media-type}\naccounts: shops\n"
      "resources:\n"
      "  notes:\n    owner: shop\n    operations: [list, retrieve, create, replace, update, delete]\n" +
      rest + "    fields:\n      id: {type: id, read_only: true}\n" + fields +
      "  shops:\n    operations: [retrieve]\n    fields:\n      id: {type: id}\n");
}

/// What a note with one field `x` makes of a value: its text, or the fault.
class OneField {
 public:
  explicit OneField(const std::string& declaration)
      : taking_(notes_api("      x: {" + declaration + "}\n"), "notes") {}

  [[nodiscard]] std::string json(std::string_view value) const { return of("{\"x\":" + std::string(value) + "}"); }
  /// Precondition: nothing in it that JSON escapes.
  [[nodiscard]] std::string form(std::string_view value) {
    taking_.use_forms();
    return of("{\"x\":\"" + std::string(value) + "\"}");
  }

 private:
  [[nodiscard]] std::string of(const std::string& json) const {
    const Taken taken = taking_.create(json);
    if (taken.faults.empty()) return taking_.value(taken, "x");
    return base::joined(taken.faults, " | ");
  }
  Taking taking_;
};

}  // namespace portico::plan
