#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portico::base {

/// What has to become what in a text, so that a needle that is folded already is found in it exactly where it would
/// be found in the folded text (P16): for databases that can replace characters but know no full case folding.
/// First every `expansions` replaces one character by several, then each character of `from` becomes the one at the
/// same place in `to`. No other character can be part of a match, so the others stay as they are.
struct FoldSources {
  struct Expansion {
    std::string_view from;  ///< one code point
    std::string_view to;    ///< its folding: two or three
  };
  std::vector<Expansion> expansions;  ///< lives for ever
  std::string from;                   ///< code points, as UTF-8
  std::string to;                     ///< as many

  [[nodiscard]] bool changes_nothing() const noexcept { return expansions.empty() && from.empty(); }
};

/// For finding `folded_needle` (from base::folded, well-formed) anywhere, at either end, or as the whole text.
[[nodiscard]] FoldSources fold_sources(std::string_view folded_needle);

}  // namespace portico::base
