#include "platform/upload_rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/code_points.hpp"
#include "base/file_name.hpp"
#include "base/text.hpp"
#include "platform/file_types.hpp"

namespace portico::platform {
namespace {

constexpr std::size_t faults_told = 20;
constexpr std::size_t shown_bytes = 200;
constexpr std::string_view first_page = "index.html";

/// A stranger's text that can be shown: characters that are not seen are U+FFFD, and it ends somewhere.
std::string shown(std::string_view path) {
  std::string text;
  for (std::size_t at = 0; at < path.size();) {
    if (text.size() >= shown_bytes) return text + "…";
    const base::CodePoint point = base::decode(path, at);
    const std::string_view bytes = path.substr(at, point.bytes);
    text += point.well_formed && base::is_printable(bytes) ? bytes : std::string_view("\xEF\xBF\xBD");
    at += point.bytes;
  }
  return text;
}

std::vector<std::string_view> names_of(std::string_view path) {
  std::vector<std::string_view> names;
  for (;;) {
    const std::size_t slash = path.find('/');
    names.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return names;
    path.remove_prefix(slash + 1);
  }
}

/// What is wrong with one name of a path; empty: nothing.
std::string name_fault(std::string_view name) {
  constexpr std::string_view refused = "<>:\"|?*";
  if (name.empty()) return "has an empty name between its slashes";
  if (name == ".." || name == ".") return "has `" + std::string(name) + "` in its path, which leads elsewhere";
  if (name == ".portico") return "lies in .portico/, which is reserved";
  if (name.front() == '.') return "has a name that begins with a dot; such files are not taken";
  if (name.front() == ' ' || name.back() == ' ') return "has a name that begins or ends with a space";
  if (name.back() == '.') return "has a name that ends with a dot";
  const std::size_t found = name.find_first_of(refused);
  if (found != std::string_view::npos && name[found] == ':') return "has a colon in its name, which is not allowed";
  if (found == std::string_view::npos) return {};
  return "has `" + std::string(1, name[found]) + "` in its name, which not every system takes";
}

/// What is wrong with a path by itself; empty: nothing.
std::string path_fault(std::string_view path, const base::Limits& limits) {
  if (path.empty()) return "has no name";
  if (path.size() > limits.upload_path_bytes) {
    return "has a path of " + std::to_string(path.size()) + " bytes; " + std::to_string(limits.upload_path_bytes) +
           " are allowed";
  }
  if (!base::is_utf8(path)) return "has a name that is not UTF-8; the archive has to be made with UTF-8 names";
  if (!base::is_printable(path)) return "has control characters, or others that are not seen, in its name";
  if (path.find('\\') != std::string_view::npos) return "has a backslash in its path; folders are parted by `/`";
  if (path.front() == '/') return "has an absolute path; paths begin in the archive's own top folder";
  if (!base::is_normalized(path)) return "has a name that is not in Unicode's normal form C (NFC)";
  const std::vector<std::string_view> names = names_of(path);
  for (const std::string_view name : names) {
    if (std::string fault = name_fault(name); !fault.empty()) return fault;
  }
  if (names.size() > limits.upload_path_depth) {
    return "lies " + std::to_string(names.size()) + " names deep; " + std::to_string(limits.upload_path_depth) +
           " are allowed";
  }
  if (media_type_of(path).empty()) return "is of no type that is taken; these are: " + taken_suffixes();
  return {};
}

/// Whether two paths would be one file, or a file and its folder, on some system.
void judge_clashes(const std::vector<std::string_view>& paths, UploadFaults& faults) {
  std::map<std::string, std::string_view> seen;
  for (const std::string_view path : paths) {
    const auto [other, is_new] = seen.emplace(base::caseless_name(path), path);
    if (is_new) continue;
    faults.add(path, other->second == path ? "is there twice"
                                           : "differs from `" + shown(other->second) +
                                                 "` only in the case of letters or in how they are composed");
  }
  for (const auto& [key, path] : seen) {
    for (std::size_t slash = key.find('/'); slash != std::string::npos; slash = key.find('/', slash + 1)) {
      const auto folder = seen.find(key.substr(0, slash));
      if (folder != seen.end()) faults.add(path, "lies in `" + shown(folder->second) + "`, which is a file");
    }
  }
}

/// `site/` where all lie in it.
std::string_view common_folder(const std::vector<std::string_view>& paths) {
  if (paths.empty()) return {};
  const std::string_view folder = paths.front().substr(0, paths.front().find('/') + 1);
  const bool all =
      std::all_of(paths.begin(), paths.end(), [folder](std::string_view path) { return path.starts_with(folder); });
  return all ? folder : std::string_view();
}

}  // namespace

void UploadFaults::add(std::string message) {
  if (faults_.size() == faults_told) return void(++untold_);
  faults_.push_back({.path = {"archive"}, .message = std::move(message)});
}

void UploadFaults::add(std::string_view path, std::string message) {
  if (faults_.size() == faults_told) return void(++untold_);
  faults_.push_back({.path = {"files", shown(path)}, .message = "It " + std::move(message) + "."});
}

bool UploadFaults::blames(std::string_view path) const {
  const std::vector<std::string> place = {"files", shown(path)};
  return untold_ > 0 ||
         std::any_of(faults_.begin(), faults_.end(), [&](const base::Fault& fault) { return fault.path == place; });
}

base::Error UploadFaults::error() && {
  if (untold_ > 0) {
    faults_.push_back(
        {.path = {"archive"},
         .message = "There is more wrong with it: " + std::to_string(untold_) + " faults are not told."});
  }
  return {.code = base::ErrorCode::InvalidData, .message = {}, .faults = std::move(faults_)};
}

bool is_left_out(std::string_view path) {
  constexpr std::array<std::string_view, 3> names = {".DS_Store", "Thumbs.db", "desktop.ini"};
  if (path.starts_with("__MACOSX/") || path.find("/__MACOSX/") != std::string_view::npos) return true;
  const std::string_view name = names_of(path).back();
  return std::find(names.begin(), names.end(), name) != names.end();
}

void judge_paths(const std::vector<std::string_view>& paths, const base::Limits& limits, UploadFaults& faults) {
  if (paths.empty()) return faults.add("It holds no files.");
  if (paths.size() > limits.upload_files) {
    return faults.add("It holds " + std::to_string(paths.size()) + " files; " + std::to_string(limits.upload_files) +
                      " are allowed.");
  }
  std::vector<std::string_view> right;
  for (const std::string_view path : paths) {
    if (std::string fault = path_fault(path, limits); !fault.empty()) {
      faults.add(path, std::move(fault));
    } else {
      right.push_back(path);
    }
  }
  judge_clashes(right, faults);
  const std::string page = std::string(common_folder(paths)) + std::string(first_page);
  const auto is_there = [&paths](std::string_view path) {
    return std::find(paths.begin(), paths.end(), path) != paths.end();
  };
  if (!is_there(first_page) && !is_there(page)) {
    faults.add("It holds no index.html at its top, the page that an extension begins with.");
  }
}

std::size_t wrapping_folder_bytes(const std::vector<std::string_view>& paths) {
  return common_folder(paths).size();
}

void judge_contents(const std::vector<UploadedFile>& files, UploadFaults& faults) {
  for (const UploadedFile& file : files) {
    if (faults.blames(file.path)) continue;
    if (std::string fault = content_fault(file.path, file.bytes); !fault.empty()) {
      faults.add(file.path, std::move(fault));
    }
  }
}

}  // namespace portico::platform
