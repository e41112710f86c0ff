#include "platform/archive.hpp"
#include "platform/upload_rules.hpp"

namespace portico::platform {
namespace {

void judge_sizes(const std::vector<UploadedFile>& files, const base::Limits& limits, UploadFaults& faults) {
  std::size_t total = 0;
  for (const UploadedFile& file : files) {
    total += file.bytes.size();
    if (file.bytes.size() <= limits.upload_file_bytes) continue;
    faults.add(file.path, "has " + std::to_string(file.bytes.size()) + " bytes; " +
                              std::to_string(limits.upload_file_bytes) + " are allowed");
  }
  if (total <= limits.upload_total_bytes) return;
  faults.add("Its files have " + std::to_string(total) + " bytes together; " +
             std::to_string(limits.upload_total_bytes) + " are allowed.");
}

}  // namespace

base::Result<std::vector<UploadedFile>> check_files(std::vector<UploadedFile> files, const base::Limits& limits) {
  UploadFaults faults;
  std::erase_if(files, [](const UploadedFile& file) { return is_left_out(file.path); });
  std::vector<std::string_view> paths;
  paths.reserve(files.size());
  for (const UploadedFile& file : files) paths.emplace_back(file.path);
  judge_paths(paths, limits, faults);
  judge_sizes(files, limits, faults);
  judge_contents(files, faults);
  if (faults.any()) return std::move(faults).error();
  const std::size_t wrapping = wrapping_folder_bytes(paths);
  for (UploadedFile& file : files) file.path.erase(0, wrapping);
  return files;
}

}  // namespace portico::platform
