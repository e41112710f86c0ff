#include "plan/row_check.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/regex.hpp"
#include "base/text.hpp"

namespace portico::plan {

class RowCheck::Judge {
 public:
  Judge(Term term, const base::Limits& limits) : columns_(std::move(term.columns)), cells_(term.cells) {
    if (term.lookup == model::Lookup::Search) {
      for (const base::Value& word : term.values) words_.push_back(std::get<std::string>(word));
      return;
    }
    const base::Case letters = term.lookup == model::Lookup::IRegex ? base::Case::Insensitive : base::Case::Sensitive;
    regex_ =
        base::Regex::compile(std::get<std::string>(term.values.at(0)), letters, limits.regex_memory_bytes).value();
  }

  [[nodiscard]] bool matches(std::span<const base::Cell> cells) const {
    return std::any_of(columns_.begin(), columns_.end(), [&](std::size_t column) {
      const base::Cell& cell = cells[column];
      if (cell.is_null()) return false;
      return cells_ == Cells::One ? holds(cell.text) : holds_for_one(cell.text);
    });
  }

 private:
  [[nodiscard]] bool holds(std::string_view text) const {
    return regex_ ? regex_->found_in(text) : base::starts_word_parts(text, words_);
  }

  [[nodiscard]] bool holds_for_one(std::string_view texts) const {
    std::string text;
    for (std::size_t at = 0; at <= texts.size(); ++at) {
      text.clear();
      for (; at < texts.size() && texts[at] != '|'; ++at) {
        const bool is_escaped = texts[at] == '~' && at + 1 < texts.size();
        text += is_escaped ? (texts[++at] == '0' ? '~' : '|') : texts[at];
      }
      if (holds(text)) return true;
    }
    return false;
  }

  std::vector<std::size_t> columns_;
  Cells cells_;
  std::optional<base::Regex> regex_;  // or the words
  std::vector<std::string> words_;
};

RowCheck::RowCheck() = default;
RowCheck::RowCheck(std::vector<Term> terms, const base::Limits& limits) {
  judges_.reserve(terms.size());
  for (Term& term : terms) judges_.emplace_back(std::move(term), limits);
}
RowCheck::~RowCheck() = default;
RowCheck::RowCheck(RowCheck&&) noexcept = default;
RowCheck& RowCheck::operator=(RowCheck&&) noexcept = default;

bool RowCheck::matches(std::span<const base::Cell> cells) const {
  return std::all_of(judges_.begin(), judges_.end(), [&](const Judge& judge) { return judge.matches(cells); });
}

}  // namespace portico::plan
