#include "plan/judged_terms.hpp"

#include <optional>

#include "plan/regex_form.hpp"

namespace portico::plan {

using model::Lookup;

std::vector<BoundTerm> take_judged_terms(BoundFilter& filter) {
  std::vector<BoundTerm> judged;
  for (BoundTerm& term : filter.terms) {
    const bool is_regex = term.lookup == Lookup::Regex || term.lookup == Lookup::IRegex;
    if (!is_regex && term.lookup != Lookup::Search) continue;
    std::optional<RegexForm> form;
    if (is_regex) {
      const base::Case letters = term.lookup == Lookup::Regex ? base::Case::Sensitive : base::Case::Insensitive;
      form = regex_form(std::get<std::string>(term.values.front()), letters);
    }
    if (!form || form->reach == RegexForm::Reach::Beyond) judged.push_back(term);
    if (form) {
      term.lookup = form->lookup;
      term.values = {std::move(form->text)};
    } else {
      term.lookup = Lookup::IsNull;
      term.values = {std::int64_t{0}};
    }
  }
  return judged;
}

}  // namespace portico::plan
