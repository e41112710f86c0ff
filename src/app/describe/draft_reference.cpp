#include "app/describe/draft_reference.hpp"

#include <algorithm>
#include <array>

namespace portico::app {
namespace {

constexpr std::size_t labels_max = 3;
constexpr std::int64_t label_length_max = 255;

/// What people know rows by, the best first.
constexpr std::array<std::string_view, 17> label_names = {
    "name",      "title", "label", "first_name", "last_name", "firstname", "lastname",   "full_name", "username",
    "user_name", "login", "email", "subject",    "symbol",    "code",      "short_name", "city"};

bool can_be_label(const FieldDraft& field) {
  return !field.is_reference() && !field.is_secret && (field.type == "string" || field.type == "choice");
}

}  // namespace

std::string reference_name(const ReferenceEnds& ends, NameBook& names) {
  const std::string one = singular_name(ends.target);
  std::vector<std::string> candidates;
  if (ends.field.ends_with("_id") && ends.field.size() > 3) {
    candidates.push_back(ends.field.substr(0, ends.field.size() - 3));
  } else if (ends.field.ends_with("id") && ends.target.starts_with(ends.field.substr(0, ends.field.size() - 2))) {
    candidates.push_back(ends.field.substr(0, ends.field.size() - 2));
  } else if (ends.field.ends_with(one + "id")) {
    candidates.push_back(ends.field.substr(0, ends.field.size() - 2));
  }
  candidates.push_back(one);
  candidates.push_back(ends.field + "_" + one);
  for (const std::string& candidate : candidates) {
    const bool is_good = candidate == api_name(candidate, NameUse::Field) && !names.has(candidate);
    if (is_good) return names.take(candidate);
  }
  return names.take(candidates.back());
}

std::vector<std::string> shown_fields(const ResourceDraft& target) {
  std::vector<std::string> shown = {target.key.front()};
  const auto is_shown = [&shown](const std::string& name) {
    return std::find(shown.begin(), shown.end(), name) != shown.end();
  };
  const auto add = [&](auto&& fits) {
    for (const FieldDraft& field : target.fields) {
      const bool is_new = can_be_label(field) && !is_shown(field.name) && fits(field);
      if (is_new && shown.size() <= labels_max) shown.push_back(field.name);
    }
  };
  for (const std::string_view label : label_names) {
    add([label](const FieldDraft& field) { return field.name == label; });
  }
  if (shown.size() == 1) add([](const FieldDraft& field) { return field.name.ends_with("name"); });
  if (shown.size() == 1) add([](const FieldDraft& field) { return field.name == "description"; });
  if (shown.size() > 1) return shown;
  const auto first = std::find_if(target.fields.begin(), target.fields.end(), [&](const FieldDraft& field) {
    const bool is_short = !field.max_length || *field.max_length <= label_length_max;
    return can_be_label(field) && is_short && !is_shown(field.name);
  });
  if (first != target.fields.end()) shown.push_back(first->name);
  return shown;
}

}  // namespace portico::app
