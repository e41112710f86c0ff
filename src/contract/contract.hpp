#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/api.hpp"

namespace portico::contract {

enum class Format : std::uint8_t { Json, Xml };

/// How the client named the version; links in the answer stay in that style (P12).
enum class VersionStyle : std::uint8_t { Header, Url };

/// What was agreed with the client before anything of its request was looked at: all that an answer's form depends
/// on.
struct Contract {
  const model::Surface* surface = nullptr;
  int version = 0;
  VersionStyle version_style = VersionStyle::Header;
  model::Mode mode = model::Mode::Production;
  Format format = Format::Json;
  std::string_view content_type = "application/json; charset=utf-8";  ///< of the answer; static storage
};

}  // namespace portico::contract
