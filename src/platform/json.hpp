#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.hpp"
#include "base/json_value.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace portico::platform::json {

// Values of an answer.

using base::json::boolean;
using base::json::integer;
using base::json::list;
using base::json::null;
using base::json::object;
using base::json::text;
using base::json::texts;

[[nodiscard]] base::Document instant(base::Microseconds value);  ///< ISO 8601
[[nodiscard]] base::Document instant(const std::optional<base::Microseconds>& value);
/// `{"results": […]}`
[[nodiscard]] base::Document results(std::vector<base::Document> items);

/// The fields of a body, taken out one by one; what is wrong with them is gathered, and told by end().
class Fields {
 public:
  /// `body` outlives it. `path`: where the object lies in the body; empty: it is the body.
  explicit Fields(const base::Document& body, std::vector<std::string> path = {});

  /// Nothing where it is missing, which is a fault; of another kind or too long, which is a fault too.
  [[nodiscard]] std::optional<std::string> required_text(std::string_view name);
  [[nodiscard]] std::optional<std::string> text(std::string_view name);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name);
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name);
  /// Null where it is missing, or no object.
  [[nodiscard]] const base::Document* object(std::string_view name);

  void blame(std::string_view name, std::string message);
  /// Takes the faults of an object within this one.
  void take(Fields&& inner);
  /// InvalidData with all faults, those of fields that nobody asked for among them.
  [[nodiscard]] base::Status end();

 private:
  const base::Document* take(std::string_view name, base::Document::Kind kind, std::string_view wanted);
  void find_unknown();

  const base::Document& body_;
  const std::vector<std::string> path_;
  std::vector<std::string> known_;
  std::vector<base::Fault> faults_;
};

}  // namespace portico::platform::json
