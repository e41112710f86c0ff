#pragma once

#include <cstdint>
#include <string_view>

namespace portico::base {

/// The lists of codes that fields are checked against.
enum class CodeList : std::uint8_t {
  Country,   ///< ISO 3166-1 alpha-2: `ES`
  Currency,  ///< ISO 4217, those in use, funds and metals included: `EUR`
  Language,  ///< ISO 639-1: `es`
};

/// Whether `text` is a code of the list, in the case that the list has it.
[[nodiscard]] bool is_code(CodeList list, std::string_view text);

}  // namespace portico::base
