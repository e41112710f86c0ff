#include "server/conditions.hpp"

#include <string>

#include "change/entity_tags.hpp"
#include "http/read_date.hpp"
#include "server/list_field.hpp"

namespace portico::server {

Verdict judge_conditions(const http::Request& request, std::string_view entity_tag) {
  std::string joined;
  const std::string_view if_match = list_field(request, "If-Match", joined);
  if (if_match.data() != nullptr && !change::names_tag(if_match, entity_tag, change::TagComparison::Strong))
    return Verdict::Failed;
  const std::string_view if_none_match = list_field(request, "If-None-Match", joined);
  if (if_none_match.data() != nullptr && change::names_tag(if_none_match, entity_tag, change::TagComparison::Weak)) {
    return Verdict::NotModified;
  }
  return Verdict::Send;
}

Verdict judge_conditions(const http::Request& request, const Validators& validators) {
  const Verdict by_tags = judge_conditions(request, validators.entity_tag);
  if (by_tags == Verdict::Failed) return by_tags;
  if (request.field("If-Match").data() == nullptr) {
    const auto unmodified_since = http::read_date(request.field("If-Unmodified-Since"));
    if (unmodified_since && validators.modified > *unmodified_since) return Verdict::Failed;
  }
  if (request.field("If-None-Match").data() != nullptr) return by_tags;
  const auto modified_since = http::read_date(request.field("If-Modified-Since"));
  return modified_since && validators.modified <= *modified_since ? Verdict::NotModified : Verdict::Send;
}

/// A weak tag names no representation byte for byte; a date has to be the very one that was sent.
bool range_holds(const http::Request& request, const Validators& validators) {
  const std::string_view wanted = request.field("If-Range");
  if (wanted.data() == nullptr || wanted == validators.entity_tag) return true;
  return http::read_date(wanted) == validators.modified;
}

}  // namespace portico::server
