#include "server/conditions.hpp"

#include <string>

#include "change/entity_tags.hpp"
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

}  // namespace portico::server
