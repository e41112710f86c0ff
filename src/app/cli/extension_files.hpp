#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "platform/extension.hpp"

namespace portico::app {

/// What lies beside an extension's files and is not of them: which extension they are.
inline constexpr const char* note_folder = ".portico";

/// The files below the folder, as they lie there; links and devices are refused, not followed. Throws
/// std::runtime_error, also where there is more than the limits take.
[[nodiscard]] std::vector<platform::UploadedFile> files_below(const std::filesystem::path& folder,
                                                              const base::Limits& limits);

/// An extension's first files in a folder; taken back, with the folders that were made for them, unless kept.
class FirstFiles {
 public:
  /// Writes them and the note into the folder, which is made. Throws std::runtime_error, also where the folder has
  /// something in it already; then nothing is left.
  FirstFiles(const std::filesystem::path& folder, const std::string& extension,
             const std::vector<platform::UploadedFile>& files);
  ~FirstFiles();
  FirstFiles(const FirstFiles&) = delete;
  FirstFiles& operator=(const FirstFiles&) = delete;

  void keep() { kept_ = true; }

 private:
  void take_back() noexcept;

  std::filesystem::path made_;    ///< the outermost folder that was not there; empty: none
  std::filesystem::path inside_;  ///< the folder where it was there, without anything in it
  bool kept_ = false;
};

/// Throws std::runtime_error where there is something in the folder, or it is no folder.
void require_empty(const std::filesystem::path& folder);

/// The extension's name that the note has. Throws std::runtime_error where there is none.
[[nodiscard]] std::string noted_extension(const std::filesystem::path& folder);

}  // namespace portico::app
