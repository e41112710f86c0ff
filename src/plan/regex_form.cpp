#include "plan/regex_form.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/ascii.hpp"
#include "base/fold_sources.hpp"
#include "base/text.hpp"

namespace portico::plan {
namespace {

using base::Case;
using model::Lookup;

/// A pattern of literal text, anchors, `.`, `\d` and the like, and `*`, `+`, `?`, in RE2's syntax.
struct SimplePattern {
  std::vector<std::string> runs;  ///< texts that stand in every match, one behind the other
  bool at_start = false;          ///< begins with ^
  bool at_end = false;            ///< ends with $, which without flags is the text's very end
  bool only_text = true;          ///< nothing else is in it
};

class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : rest_(pattern) {}

  std::optional<SimplePattern> read() {
    if (take('^')) pattern_.at_start = true;
    while (!rest_.empty()) {
      if (!read_one()) return std::nullopt;
    }
    end_run();
    return std::move(pattern_);
  }

 private:
  bool take(char letter) {
    if (rest_.empty() || rest_.front() != letter) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool read_one() {
    const char letter = rest_.front();
    rest_.remove_prefix(1);
    switch (letter) {
      case '(':
      case ')':
      case '[':
      case ']':
      case '{':
      case '}':
      case '|':
        return false;
      case '\\':
        return read_escape();
      case '*':
      case '?':
        drop_last();
        add_gap();
        return true;
      case '$':
        if (rest_.empty()) {
          pattern_.at_end = true;
        } else {
          add_gap();
        }
        return true;
      case '+':
      case '.':
      case '^':
        add_gap();
        return true;
      default:
        run_ += letter;
        return true;
    }
  }

  /// An escaped sign is itself; of the rest only those are known that take one character or none.
  bool read_escape() {
    if (rest_.empty()) return false;
    const char letter = rest_.front();
    rest_.remove_prefix(1);
    constexpr std::string_view signs = R"(\.+*?()|[]{}^$-/"'#%&,:;<=>@`~! )";
    if (signs.find(letter) != std::string_view::npos) {
      run_ += letter;
      return true;
    }
    add_gap();
    constexpr std::string_view classes = "dDsSwWbBAz";
    return classes.find(letter) != std::string_view::npos;
  }

  /// What may be there or not takes its last character out of the text before it.
  void drop_last() {
    while (!run_.empty() && (static_cast<unsigned char>(run_.back()) & 0xC0U) == 0x80U) run_.pop_back();
    if (!run_.empty()) run_.pop_back();
  }

  void end_run() {
    if (!run_.empty()) pattern_.runs.push_back(std::move(run_));
    run_.clear();
  }

  void add_gap() {
    end_run();
    pattern_.only_text = false;
  }

  std::string_view rest_;
  std::string run_;
  SimplePattern pattern_;
};

/// The longest stretch of ASCII: only there it is certain that what RE2 takes for the same letter folds alike.
std::string longest_ascii(std::string_view text) {
  std::string_view longest;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && base::is_ascii(text[end])) ++end;
    if (end - begin > longest.size()) longest = text.substr(begin, end - begin);
    begin = end + 1;
  }
  return std::string(longest);
}

struct Anchored {
  Lookup sensitive;
  Lookup insensitive;
};

/// By at_start, then by at_end.
constexpr std::array<Anchored, 4> anchored = {{{Lookup::Contains, Lookup::IContains},
                                               {Lookup::EndsWith, Lookup::IEndsWith},
                                               {Lookup::StartsWith, Lookup::IStartsWith},
                                               {Lookup::Exact, Lookup::IExact}}};

}  // namespace

std::optional<RegexForm> regex_form(std::string_view pattern, Case letters) {
  const auto simple = PatternReader(pattern).read();
  if (!simple) return std::nullopt;
  const Anchored& lookups = anchored.at((simple->at_start ? 2U : 0U) + (simple->at_end ? 1U : 0U));
  if (simple->only_text) {
    std::string text = simple->runs.empty() ? std::string() : simple->runs.front();
    if (letters == Case::Sensitive) {
      return RegexForm{.reach = RegexForm::Reach::Same, .lookup = lookups.sensitive, .text = std::move(text)};
    }
    // RE2 knows no foldings to several characters: the answers differ where one could take part.
    std::string folded = base::folded(text);
    if (base::is_ascii(text) && base::fold_sources(folded).expansions.empty()) {
      return RegexForm{.reach = RegexForm::Reach::Same, .lookup = lookups.insensitive, .text = std::move(folded)};
    }
  }
  std::string longest;
  for (const std::string& run : simple->runs) {
    std::string text = letters == Case::Sensitive ? run : base::folded(longest_ascii(run));
    if (text.size() > longest.size()) longest = std::move(text);
  }
  if (longest.empty()) return std::nullopt;
  const bool folds = letters == Case::Insensitive;
  return RegexForm{.lookup = folds ? Lookup::IContains : Lookup::Contains, .text = std::move(longest)};
}

}  // namespace portico::plan
