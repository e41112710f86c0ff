#include "base/fold_sources.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/code_points.hpp"
#include "base/fold_table.hpp"

namespace portico::base {
namespace {

constexpr char32_t first_surrogate = 0xD800;
constexpr char32_t behind_surrogates = 0xE000;
constexpr char32_t behind_unicode = 0x110000;

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> points;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode(text, at);
    if (point.well_formed) points.push_back(point.value);
    at += point.bytes;
  }
  return points;
}

/// The folding read backwards.
class Sources {
 public:
  struct Expanding {
    std::string from;
    std::string to;
  };

  [[nodiscard]] static const Sources& all() {
    static const Sources sources;
    return sources;
  }

  /// The code points whose folding is that one, each as UTF-8; null: only itself.
  [[nodiscard]] const std::vector<std::string>* of(char32_t folded) const {
    const auto found = single_.find(folded);
    return found == single_.end() ? nullptr : &found->second;
  }
  /// Those whose folding is more than one code point.
  [[nodiscard]] const std::vector<Expanding>& expanding() const { return expanding_; }

 private:
  Sources() {
    const FoldTable& table = FoldTable::folding();
    for (char32_t point = 0; point < behind_unicode; ++point) {
      if (point >= first_surrogate && point < behind_surrogates) continue;
      const FoldTable::Entry& entry = table[point];
      if (entry.bytes == FoldTable::Entry::unchanged) continue;
      const std::string_view folded(entry.text.data(), entry.bytes);
      const std::vector<char32_t> points = code_points(folded);
      if (points.size() == 1) {
        single_[points.front()].push_back(encoded(point));
      } else {
        expanding_.push_back({encoded(point), std::string(folded)});
      }
    }
  }

  std::unordered_map<char32_t, std::vector<std::string>> single_;
  std::vector<Expanding> expanding_;
};

/// Whether a match of `needle` can take in something of `part`, which stands in the folded text as a whole: it lies
/// inside the needle, holds all of it, or they overlap at an end. Bytes serve, since both are well-formed.
bool can_touch(std::string_view part, std::string_view needle) {
  if (needle.find(part) != std::string_view::npos || part.find(needle) != std::string_view::npos) return true;
  const std::size_t most = std::min(part.size(), needle.size()) - 1;
  for (std::size_t length = 1; length <= most; ++length) {
    if (part.ends_with(needle.substr(0, length)) || needle.ends_with(part.substr(0, length))) return true;
  }
  return false;
}

}  // namespace

FoldSources fold_sources(std::string_view folded_needle) {
  FoldSources sources;
  if (folded_needle.empty()) return sources;
  std::vector<char32_t> points = code_points(folded_needle);
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  const Sources& all = Sources::all();
  for (const char32_t point : points) {
    const std::vector<std::string>* from = all.of(point);
    if (from == nullptr) continue;
    for (const std::string& source : *from) {
      sources.from += source;
      sources.to += encoded(point);
    }
  }
  for (const Sources::Expanding& expanding : all.expanding()) {
    if (can_touch(expanding.to, folded_needle)) sources.expansions.push_back({expanding.from, expanding.to});
  }
  return sources;
}

}  // namespace portico::base
