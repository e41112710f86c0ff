#pragma once

#include <vector>

#include "platform/extension.hpp"

namespace portico::platform {

/// The files of the folder `boilerplate`, which are in the program: what a new extension begins with. They run.
[[nodiscard]] std::vector<UploadedFile> boilerplate();

}  // namespace portico::platform
