#include "app/cli/extension_files.hpp"

#include <fstream>
#include <stdexcept>

#include "app/cli/description.hpp"

namespace portico::app {
namespace {

namespace fs = std::filesystem;

fs::path note_in(const fs::path& folder) {
  return folder / note_folder / "extension";
}

void write_file(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << bytes;
  if (!out.flush()) throw std::runtime_error(file.string() + " cannot be written");
}

/// What has been met so far; more than a commit takes is not read.
class Room {
 public:
  explicit Room(const base::Limits& limits) : limits_(limits) {}

  void take(const fs::path& file) {
    bytes_ += fs::file_size(file);
    if (++files_ > limits_.upload_files) {
      throw std::runtime_error("there are more than " + std::to_string(limits_.upload_files) +
                               " files (`upload_files`)");
    }
    if (bytes_ > limits_.upload_total_bytes) {
      throw std::runtime_error("there are more than " + std::to_string(limits_.upload_total_bytes) +
                               " bytes (`upload_total_bytes`)");
    }
  }

 private:
  const base::Limits& limits_;
  std::size_t files_ = 0;
  std::uintmax_t bytes_ = 0;
};

}  // namespace

std::vector<platform::UploadedFile> files_below(const fs::path& folder, const base::Limits& limits) {
  if (!fs::is_directory(folder)) throw std::runtime_error(folder.string() + " is no folder");
  std::vector<platform::UploadedFile> files;
  Room room(limits);
  for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path path = entry->path().lexically_relative(folder);
    const fs::file_status status = entry->symlink_status();
    if (path == note_folder) {
      entry.disable_recursion_pending();
    } else if (status.type() == fs::file_type::regular) {
      room.take(entry->path());
      files.push_back({.path = path.generic_string(), .bytes = read_file(entry->path().string())});
    } else if (status.type() != fs::file_type::directory) {
      throw std::runtime_error(entry->path().string() + " is no file: links are not followed");
    }
  }
  return files;
}

void require_empty(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  if (!fs::is_directory(folder)) throw std::runtime_error(folder.string() + " is no folder");
  if (fs::is_empty(folder)) return;
  throw std::runtime_error(folder.string() + " has something in it; name a folder that is empty or not there yet");
}

FirstFiles::FirstFiles(const fs::path& folder, const std::string& extension,
                       const std::vector<platform::UploadedFile>& files) {
  require_empty(folder);
  for (fs::path each = fs::absolute(folder).lexically_normal(); !each.empty() && !fs::exists(each);
       each = each.parent_path()) {
    if (each.has_filename()) made_ = each;
    if (each == each.parent_path()) break;
  }
  if (made_.empty()) inside_ = folder;
  try {
    for (const platform::UploadedFile& file : files) write_file(folder / file.path, file.bytes);
    write_file(note_in(folder), extension + '\n');
  } catch (...) {
    take_back();
    throw;
  }
}

FirstFiles::~FirstFiles() {
  if (!kept_) take_back();
}

void FirstFiles::take_back() noexcept {
  std::error_code ignored;  // what cannot be taken back is left
  if (!made_.empty()) fs::remove_all(made_, ignored);
  if (inside_.empty()) return;
  for (fs::directory_iterator entry(inside_, ignored); entry != fs::directory_iterator(); entry.increment(ignored)) {
    fs::remove_all(entry->path(), ignored);
  }
}

std::string noted_extension(const fs::path& folder) {
  const fs::path note = note_in(folder);
  if (!fs::exists(note)) {
    throw std::runtime_error(folder.string() + " does not say which extension it is (no " + note.string() +
                             "); say it with --extension");
  }
  std::string name = read_file(note.string());
  name.erase(name.find_last_not_of(" \r\n") + 1);
  return name;
}

}  // namespace portico::app
