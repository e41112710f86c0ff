#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace re2 {
class RE2;
}

namespace portico::base {

/// How letters compare.
enum class Case : bool { Sensitive, Insensitive };

/// A compiled regular expression: RE2 syntax, UTF-8, linear time, found anywhere unless anchored (P17). `.` does not
/// match a newline unless `(?s)` says so. Immutable, shared freely between threads.
class Regex {
 public:
  /// InvalidData, with RE2's own words, for a pattern that does not compile or needs more than `memory_bytes`.
  [[nodiscard]] static Result<Regex> compile(std::string_view pattern, Case letters, std::int64_t memory_bytes);

  /// Whether the pattern is found in `text`. Ill-formed UTF-8 in `text` never matches.
  [[nodiscard]] bool found_in(std::string_view text) const;

 private:
  explicit Regex(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace portico::base
