#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/load_yaml.hpp"

namespace portico::model {

/// `name` as messages show it: in single quotes, without control characters, shortened where it is very long.
[[nodiscard]] std::string quoted(std::string_view name);

/// Several names as messages show them: `'a', 'b' and 'c'`.
[[nodiscard]] std::string quoted_all(std::span<const std::string> names);

/// A name that stands where one of `known` should.
struct UnknownName {
  SourcePosition position;
  std::string_view what;  ///< `type`: the message reads `unknown type 'mony'`
  std::string_view name;
};

/// Collects the mistakes of one description.
class MistakeList {
 public:
  void add(SourcePosition position, std::string message, std::string hint = {});

  /// With the nearest of `known` as the hint, else with all of them.
  void add_unknown(const UnknownName& unknown, std::span<const std::string> known);

  [[nodiscard]] bool empty() const { return mistakes_.empty(); }

  /// In the order of the file, each once (a named type's mistakes are met wherever it is used).
  [[nodiscard]] Mistakes sorted() &&;

 private:
  Mistakes mistakes_;
  std::size_t left_out_ = 0;
};

}  // namespace portico::model
