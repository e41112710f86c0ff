#include "store/own_tables.hpp"

#include "base/text.hpp"

namespace portico::store {

void require_storable(std::string_view text) {
  if (text.find('\0') != std::string_view::npos || !base::is_utf8(text)) {
    throw std::invalid_argument("a text of a table of ours holds U+0000 or is no UTF-8");
  }
}

}  // namespace portico::store
