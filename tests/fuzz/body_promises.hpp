#pragma once

#include <cstdlib>
#include <string>

#include "base/document.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace portico::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline std::string json_of(const base::Document& document) {
  std::string out;
  base::append_json(document, out);
  return out;
}

/// What every refusal of a body keeps to: it speaks, in UTF-8, and not at the length of what was sent.
inline void require_words(const base::Error& error) {
  require(error.code == base::ErrorCode::MalformedBody);
  require(error.message.size() > 20 && error.message.size() < 6000 && base::is_utf8(error.message));
  for (const base::Fault& fault : error.faults) {
    require(!fault.path.empty() && !fault.message.empty() && base::is_utf8(fault.message));
    for (const std::string& step : fault.path) require(base::is_utf8(step));
  }
}

struct Extent {
  std::size_t depth = 0;
  std::size_t values = 1;
};

/// How deep a document is and how much it holds; its texts are UTF-8, and no object has a name twice.
inline Extent measured(const base::Document& document) {
  Extent extent;
  const auto add = [&](const base::Document& part) {
    const Extent inner = measured(part);
    extent.depth = std::max(extent.depth, inner.depth);
    extent.values += inner.values;
  };
  require(base::is_utf8(document.text));
  for (const base::Document& item : document.items) add(item);
  for (const base::Member& member : document.members) {
    require(base::is_utf8(member.name) && document.find(member.name) == &member.value);
    add(member.value);
  }
  using Kind = base::Document::Kind;
  if (document.kind == Kind::Array || document.kind == Kind::Object) ++extent.depth;
  return extent;
}

}  // namespace portico::fuzz
