#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "platform/extension.hpp"

namespace portico::platform {

/// What is wrong with an upload, the first faults of it: who sent a thousand wrong files need not read of all.
class UploadFaults {
 public:
  /// Of the upload as a whole.
  void add(std::string message);
  /// Of a file; `path` as a stranger wrote it.
  void add(std::string_view path, std::string message);
  [[nodiscard]] bool any() const noexcept { return !faults_.empty(); }
  /// Whether something is wrong with that file. Where there are more faults than are told: with any.
  [[nodiscard]] bool blames(std::string_view path) const;
  [[nodiscard]] base::Error error() &&;

 private:
  std::vector<base::Fault> faults_;
  std::size_t untold_ = 0;
};

/// Whether it is something that file managers put into folders and archives, and nobody asked for.
[[nodiscard]] bool is_left_out(std::string_view path);

/// What is wrong with the paths, each by itself and those that are right together; whether index.html is there.
void judge_paths(const std::vector<std::string_view>& paths, const base::Limits& limits, UploadFaults& faults);

/// What the path has of the file when the one folder that holds all of them is taken away; where several stand at the
/// top, or index.html does, nothing is.
[[nodiscard]] std::size_t wrapping_folder_bytes(const std::vector<std::string_view>& paths);

/// Whether the contents are what the names say, of the files that nothing is known to be wrong with.
void judge_contents(const std::vector<UploadedFile>& files, UploadFaults& faults);

}  // namespace portico::platform
