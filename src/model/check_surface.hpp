#pragma once

#include <string_view>
#include <vector>

#include "model/keys.hpp"

namespace portico::model {

/// A surface with the places of what it says.
struct SurfacePlace {
  Surface surface;
  SourcePosition base_position;
};

/// Whether `base` is `/`, or `/name` and so on, without a slash at the end.
void check_base(std::string_view base, SourcePosition position, MistakeList& mistakes);

/// Bases that are the same, or that lie where another surface has a resource, `me` or a version. `first_steps` are
/// those of the resources' paths.
void check_bases(const std::vector<SurfacePlace>& surfaces, const std::vector<std::string>& first_steps,
                 MistakeList& mistakes);

/// What an API serves.
struct Served {
  const std::vector<Surface>& surfaces;
  const std::vector<std::string>& first_steps;  ///< of the resources' paths
};

/// A path beside all APIs: lower case, of steps, and none where one of them begins or serves something.
void check_path_beside(std::string_view path, SourcePosition position, const Served& served, MistakeList& mistakes);

/// `https://api.example.com/base`: no query, no fragment.
[[nodiscard]] bool is_public_url(std::string_view url);

/// An IPv4 or IPv6 address, or a range of them as `10.0.0.0/8`.
[[nodiscard]] bool is_address_range(std::string_view text);

}  // namespace portico::model
