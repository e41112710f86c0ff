#include "http/request.hpp"

#include "http/characters.hpp"

namespace portico::http {

bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::string_view Request::field(std::string_view name) const {
  for (const HeaderField& candidate : fields) {
    if (same_name(candidate.name, name)) return candidate.value;
  }
  return {};
}

}  // namespace portico::http
