#include "plan/resolve.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "plan/bind_value.hpp"
#include "plan/known_filters.hpp"

namespace portico::plan {
namespace {

using base::Fault;
using model::FieldType;
using model::Lookup;
using model::Resource;
using model::View;

/// What a parameter's name means: a leaf, and what is left behind it.
struct NamedPath {
  std::size_t leaf = 0;
  std::string_view rest;                      ///< empty: no lookup named
  const model::Relation* relation = nullptr;  ///< whose rows' leaf it is; null: the list's own
};

std::vector<std::string> names_of(const model::LookupSet& set) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < model::lookup_names.size(); ++i) {
    if (set.test(i)) names.emplace_back(model::lookup_names[i]);
  }
  return names;
}

class Resolver {
 public:
  Resolver(const model::Api& api, const View& view, operation::Extent extent, std::vector<Fault>& faults)
      : api_(api), view_(view), resource_(*view.resource), extent_(extent), faults_(faults) {}

  void add_filter(const operation::Filter& filter, BoundFilter& bound) {
    const auto path = find(filter.parameter);
    if (!path) return unknown_parameter(filter.parameter);
    const model::Leaf& leaf = leaf_of(*path);
    const model::Field& field = *leaf.field;
    if (path->relation != nullptr && leaf.relation != 0) {
      return blame(filter.parameter, "Filters go through one list of other rows, not through two.");
    }
    if (field.lookups.none()) {
      return blame(filter.parameter, "This field has no filters." + known_filters());
    }
    const auto lookup = path->rest.empty() ? Lookup::Exact : model::find_lookup(path->rest);
    if (!lookup || !model::allows(field.lookups, *lookup)) return wrong_lookup(filter, *path, lookup.has_value());
    const bool is_choice = field.type == FieldType::Choice && *lookup == Lookup::Exact;
    if (filter.bracketed && !is_choice) {
      return blame(filter.parameter, "Only a field of choices is given as a list; drop the brackets.");
    }
    if ((*lookup == Lookup::Regex || *lookup == Lookup::IRegex) && ++regexes_ > api_.limits.regex_terms) {
      return blame(filter.parameter,
                   "At most " + std::to_string(api_.limits.regex_terms) + " regular expressions in one request.");
    }
    TypedValues typed = bind_value(field, *lookup, filter.value, {api_.time_zone, api_.limits});
    if (auto* problem = std::get_if<std::string>(&typed)) return blame(filter.parameter, std::move(*problem));
    add_term(*path, *lookup, std::get<0>(std::move(typed)), bound);
  }

  /// The values of all filters together, those of every `in` counted.
  void check_size(const BoundFilter& bound) {
    std::size_t values = 0;
    for (const BoundTerm& term : bound.terms) values += term.values.size();
    if (values <= api_.limits.filter_terms || bound.terms.empty()) return;
    const BoundTerm& last = bound.terms.back();
    const std::size_t leaf = last.relation == 0 ? last.leaves.front() : resource_.relations[last.relation - 1].leaf;
    blame(resource_.leaves[leaf].path,
          "At most " + std::to_string(api_.limits.filter_terms) + " values in all the filters of a request.");
  }

  /// P15: every term of `q` must be found in some searched field.
  void add_search(std::string_view text, BoundFilter& bound) {
    if (resource_.searched.empty()) return blame("q", "Nothing can be searched here.");
    const std::vector<std::string> terms = base::query_terms(text);
    if (terms.size() > api_.limits.search_terms) {
      return blame("q", "At most " + std::to_string(api_.limits.search_terms) + " terms.");
    }
    for (const std::string& term : terms) {
      bound.terms.push_back({.leaves = resource_.searched, .lookup = Lookup::IContains, .values = {term}});
    }
  }

  void add_order(const operation::OrderName& name, std::vector<model::OrderTerm>& order) {
    const auto known = view_.paths.find(name.path);
    const auto& allowed = resource_.orderable;
    if (known == view_.paths.end() || std::find(allowed.begin(), allowed.end(), known->second) == allowed.end()) {
      return blame("ordering", "Cannot be sorted by '" + name.path + "'; by " +
                                   base::enumerated(orderable_paths(view_)) + (allowed.empty() ? "nothing." : "."));
    }
    order.push_back({known->second, name.direction});
  }

  std::int64_t page_size(const std::optional<std::int64_t>& asked) {
    const std::int64_t max = resource_.page_size.max;
    if (asked && *asked > max) blame("page_size", "At most " + std::to_string(max) + ".");
    return asked.value_or(resource_.page_size.usual);
  }

 private:
  /// By one of the filter's other names (Resource::filter_names), `end` long: the whole parameter where it names a
  /// lookup.
  [[nodiscard]] std::optional<NamedPath> find_other_name(const View& view, std::string_view parameter,
                                                         std::size_t end) const {
    for (const model::FilterName& name : view.resource->filter_names) {
      if (name.name != parameter.substr(0, end) || !knows(api_, view, name)) continue;
      NamedPath path{.leaf = name.leaf, .relation = relation_of(view, name)};
      path.rest = parameter.substr(std::min(end + 1, parameter.size()));
      if (!name.lookup) return path;
      path.rest = model::lookup_names.at(static_cast<std::size_t>(*name.lookup));
      if (end == parameter.size()) return path;
    }
    return std::nullopt;
  }

  /// The longest path that the view knows wins; what is left must be a lookup (contract.md, "Filters").
  [[nodiscard]] std::optional<NamedPath> find_path(const View& view, std::string_view parameter) const {
    for (std::size_t end = parameter.size(); end != std::string::npos && end > 0;
         end = parameter.rfind('-', end - 1)) {
      if (end + 1 == parameter.size()) continue;  // nothing is left behind the `-`
      const auto known = view.paths.find(std::string(parameter.substr(0, end)));
      if (known != view.paths.end()) {
        const std::size_t rest = std::min(end + 1, parameter.size());
        return NamedPath{.leaf = known->second, .rest = parameter.substr(rest)};
      }
      if (auto other = find_other_name(view, parameter, end)) return other;
    }
    return std::nullopt;
  }

  /// Behind a list of rows comes a path of theirs, or its own lookup.
  [[nodiscard]] std::optional<NamedPath> find(std::string_view parameter) const {
    const auto path = find_path(view_, parameter);
    if (!path || path->relation != nullptr) return path;
    const std::size_t number = resource_.leaves[path->leaf].relation;
    if (number == 0 || path->rest.empty()) return path;
    const model::Relation& relation = resource_.relations[number - 1];
    auto inner = find_path(view_of(relation), path->rest);
    if (!inner) return path->rest == model::name_of(Lookup::IsNull) ? path : std::nullopt;
    if (inner->relation != nullptr) return std::nullopt;
    inner->relation = &relation;
    return inner;
  }

  [[nodiscard]] const View& view_of(const model::Relation& relation) const {
    return api_.view(*relation.resource, view_.version);
  }
  [[nodiscard]] const model::Leaf& leaf_of(const NamedPath& path) const {
    return plan::leaf_of(view_, path.leaf, path.relation);
  }

  void blame(const std::string& parameter, std::string message) {
    faults_.push_back({{parameter}, std::move(message)});
  }

  /// Only the first few are worth a search for what was meant, and only one the list of all there is.
  void unknown_parameter(const std::string& parameter) {
    constexpr std::size_t helped_most = 8;
    if (++unknown_ > helped_most) return blame(parameter, "Unknown parameter.");
    const auto& known = known_parameters();
    // A name that stops at an object is most often one that goes on into it.
    const auto longer = std::lower_bound(known.begin(), known.end(), parameter + "-");
    const bool goes_on = longer != known.end() && longer->starts_with(parameter + "-");
    if (const auto meant = goes_on ? std::optional(*longer) : base::did_you_mean(parameter, known)) {
      return blame(parameter, "Unknown parameter; did you mean '" + *meant + "'?");
    }
    blame(parameter, "Unknown parameter." + (std::exchange(filters_listed_, true) ? "" : known_filters()));
  }

  /// Every name that a parameter may have here, in an order that is the same on every run.
  const std::vector<std::string>& known_parameters() {
    if (!known_parameters_.empty()) return known_parameters_;
    known_parameters_ = {"q"};
    if (extent_ == operation::Extent::Page) known_parameters_ = {"page", "page_size", "ordering", "q"};
    for (KnownFilter& filter : plan::known_filters(api_, view_)) {
      known_parameters_.push_back(std::move(filter.parameter));
    }
    std::sort(known_parameters_.begin(), known_parameters_.end());
    return known_parameters_;
  }

  /// The field is known, the rest of the name is no lookup, or none that this field allows (P20).
  void wrong_lookup(const operation::Filter& filter, const NamedPath& path, bool is_lookup) {
    const model::Field& field = *leaf_of(path).field;
    const std::string shown = path.rest.empty() ? "exact" : std::string(path.rest);
    const std::vector<std::string> allowed = names_of(field.lookups);
    std::string message = is_lookup ? "The filter '" + shown + "' is not allowed on this field"
                                    : "'" + shown + "' is neither a filter nor a field in it";
    if (const auto meant = base::did_you_mean(shown, allowed); meant && !is_lookup) {
      message += " (did you mean '" + *meant + "'?)";
    }
    blame(filter.parameter, message + "; allowed: " + base::enumerated(allowed) + ".");
  }

  std::string known_filters() const {
    std::vector<std::string> paths;
    for_each_path(api_, view_, [&paths](const std::string& path, const model::Leaf& leaf) {
      if (leaf.field->lookups.any()) paths.push_back(path);
    });
    for (const model::FilterName& name : resource_.filter_names) {
      if (knows(api_, view_, name)) paths.push_back(name.name);
    }
    std::sort(paths.begin(), paths.end());
    return paths.empty() ? " Nothing can be filtered here." : " Filters are on " + base::enumerated(paths) + ".";
  }

  /// A choice given several times matches any of its values: they gather in one term.
  void add_term(const NamedPath& path, Lookup lookup, std::vector<base::Value> values, BoundFilter& bound) const {
    const model::Leaf& leaf = leaf_of(path);
    BoundTerm made{.leaves = {path.leaf}, .lookup = lookup};
    if (path.relation != nullptr) made.relation = resource_.leaves[path.relation->leaf].relation;
    if (leaf.relation != 0) {
      made.relation = leaf.relation;
      made.leaves.clear();
    }
    if (lookup == Lookup::Exact && leaf.field->type == FieldType::Choice) {
      for (BoundTerm& term : bound.terms) {
        if (term.lookup != lookup || term.relation != made.relation || term.leaves != made.leaves) continue;
        term.values.push_back(std::move(values.front()));
        return;
      }
    }
    made.values = std::move(values);
    bound.terms.push_back(std::move(made));
  }

  const model::Api& api_;
  const View& view_;
  const Resource& resource_;
  const operation::Extent extent_;
  std::vector<Fault>& faults_;
  std::vector<std::string> known_parameters_;  // made when the first one is unknown
  std::size_t unknown_ = 0;
  std::size_t regexes_ = 0;
  bool filters_listed_ = false;
};

/// Makes an order total: the key breaks ties, in the direction of the last term so that one index serves both (P14).
void break_ties(const Resource& resource, std::vector<model::OrderTerm>& order) {
  std::vector<std::size_t> missing = resource.key;
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::erase(missing, order[i].leaf);
    if (!missing.empty()) continue;
    order.resize(i + 1);  // nothing is left to sort behind a unique key
    return;
  }
  const auto direction = order.empty() ? model::Direction::Ascending : order.back().direction;
  for (const std::size_t leaf : missing) order.push_back({leaf, direction});
}

}  // namespace

BoundList resolve(const model::Api& api, const View& view, const operation::List& list, std::vector<Fault>& faults) {
  Resolver resolver(api, view, list.extent, faults);
  BoundList bound{.page = list.page, .page_size = resolver.page_size(list.page_size)};
  for (const operation::Filter& filter : list.filters) resolver.add_filter(filter, bound.filter);
  resolver.check_size(bound.filter);
  if (list.search) resolver.add_search(*list.search, bound.filter);
  for (const operation::OrderName& name : list.ordering) resolver.add_order(name, bound.order);
  if (list.ordering.empty()) bound.order = view.resource->default_order;
  break_ties(*view.resource, bound.order);
  return bound;
}

}  // namespace portico::plan
