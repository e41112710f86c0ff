#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.hpp"

namespace portico::base::json {

// Documents of what we say ourselves.

[[nodiscard]] Document null();
[[nodiscard]] Document boolean(bool value);
[[nodiscard]] Document integer(std::int64_t value);
[[nodiscard]] Document text(std::string_view value);  ///< what is no UTF-8 is repaired
[[nodiscard]] Document texts(const std::vector<std::string>& values);
[[nodiscard]] Document object(std::vector<Member> members);
[[nodiscard]] Document list(std::vector<Document> items);

}  // namespace portico::base::json
