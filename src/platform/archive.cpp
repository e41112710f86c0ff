#include "platform/archive.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <sys/stat.h>
#include <zip.h>

#include "platform/upload_rules.hpp"

namespace portico::platform {
namespace {

struct Discard {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
struct Close {
  void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using OpenFile = std::unique_ptr<zip_file_t, Close>;

/// A file of the archive, as its directory tells.
struct Entry {
  zip_uint64_t index = 0;
  std::string_view path;           ///< the archive's own bytes
  std::uint64_t packed_bytes = 0;  ///< at most the archive's
};

/// Each entry has a record in the archive's directory, and each record begins so (APPNOTE 4.3.12). Counted before a
/// library makes room for as many as the archive says.
constexpr std::string_view record_mark = "PK\x01\x02";

std::size_t count_records(std::string_view zip) {
  std::size_t count = 0;
  const std::boyer_moore_horspool_searcher searcher(record_mark.begin(), record_mark.end());
  for (auto at = zip.begin(); (at = std::search(at, zip.end(), searcher)) != zip.end(); at += record_mark.size()) {
    ++count;
  }
  return count;
}

/// What it is in place of a file, by the mode that its maker gave it; empty: a file, or nothing said.
std::string_view other_kind(std::uint32_t mode) {
  switch (mode & S_IFMT) {
    case 0:
    case S_IFREG:
      return {};
    case S_IFLNK:
      return "is a symbolic link; only files are taken";
    case S_IFDIR:
      return "is a folder that is written as a file";
    default:
      return "is a device, a pipe or a socket; only files are taken";
  }
}

class Reader {
 public:
  Reader(std::string_view zip, const base::Limits& limits) : zip_(zip), limits_(limits) {}

  base::Result<std::vector<UploadedFile>> read() {
    open();
    if (faults_.any() || !list()) return std::move(faults_).error();
    std::vector<UploadedFile> files = inflate();
    judge_contents(files, faults_);
    if (faults_.any()) return std::move(faults_).error();
    for (UploadedFile& file : files) file.path.erase(0, wrapping_);
    return files;
  }

 private:
  void open() {
    const std::size_t records = count_records(zip_);
    if (records > limits_.upload_files) {
      return faults_.add("It holds " + std::to_string(records) + " files and folders; " +
                         std::to_string(limits_.upload_files) + " are allowed.");
    }
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const source = zip_source_buffer_create(zip_.data(), zip_.size(), 0, &error);
    if (source == nullptr) throw std::bad_alloc();
    archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));  // which has the source from then on
    if (archive_ == nullptr) {
      zip_source_free(source);
      const int code = zip_error_code_zip(&error);
      faults_.add(code == ZIP_ER_NOZIP ? "It is no zip archive."
                                       : "It is damaged: " + std::string(zip_error_strerror(&error)) + ".");
    }
    zip_error_fini(&error);
  }

  /// Whether it can be inflated: what is wrong with some files is no reason not to look at the others.
  bool list() {
    const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
    std::uint64_t packed = 0;
    std::vector<std::string_view> paths;
    for (zip_int64_t index = 0; index < count; ++index) {
      const char* const name = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(index), ZIP_FL_ENC_RAW);
      const std::string_view path = name == nullptr ? std::string_view() : name;
      if (path.ends_with('/') || is_left_out(path)) continue;
      paths.push_back(path);
      admit(static_cast<zip_uint64_t>(index), path);
    }
    for (const Entry& entry : entries_) packed += entry.packed_bytes;
    judge_paths(paths, limits_, faults_);
    wrapping_ = wrapping_folder_bytes(paths);
    if (packed <= zip_.size()) return !paths.empty() && paths.size() <= limits_.upload_files;
    faults_.add("Its files lie over each other: they are packed in more bytes than it has.");
    return false;
  }

  void admit(zip_uint64_t index, std::string_view path) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    constexpr zip_uint64_t needed = ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(archive_.get(), index, 0, &stat) != 0 || (stat.valid & needed) != needed) {
      return faults_.add(path, "is damaged");
    }
    if (stat.encryption_method != ZIP_EM_NONE) return faults_.add(path, "is encrypted");
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) {
      return faults_.add(path, "is packed in a way that is not read; stored and deflated are");
    }
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    zip_file_get_external_attributes(archive_.get(), index, 0, &system, &attributes);
    constexpr unsigned mode_at = 16;  // what Unix's archivers write there, whatever system the entry names
    if (const auto kind = other_kind(attributes >> mode_at); !kind.empty())
      return faults_.add(path, std::string(kind));
    entries_.push_back({index, path, std::min<std::uint64_t>(stat.comp_size, zip_.size())});
  }

  /// Those that nothing is known to be wrong with, whole or with a fault.
  std::vector<UploadedFile> inflate() {
    std::vector<UploadedFile> files;
    files.reserve(entries_.size());
    for (const Entry& entry : entries_) {
      if (faults_.blames(entry.path)) continue;
      files.push_back({.path = std::string(entry.path), .bytes = {}});
      inflate(entry, files.back().bytes);
      total_ += files.back().bytes.size();
      if (total_ <= limits_.upload_total_bytes) continue;
      files.pop_back();  // it may end anywhere
      return files;
    }
    return files;
  }

  void inflate(const Entry& entry, std::string& bytes) {
    const OpenFile file(zip_fopen_index(archive_.get(), entry.index, 0));
    if (file == nullptr) return faults_.add(entry.path, "is damaged: " + last_words(*archive_));
    std::array<char, std::size_t{64} * 1024> part;
    for (;;) {
      const zip_int64_t count = zip_fread(file.get(), part.data(), part.size());
      if (count == 0) return;
      if (count < 0) return faults_.add(entry.path, "is damaged: " + std::string(zip_file_strerror(file.get())));
      bytes.append(part.data(), static_cast<std::size_t>(count));
      if (!fits(entry, bytes.size())) return;
    }
  }

  bool fits(const Entry& entry, std::size_t bytes) {
    constexpr std::uint64_t always_allowed = std::uint64_t{64} * 1024;  // a page of blanks is no bomb
    if (bytes > limits_.upload_file_bytes) {
      faults_.add(entry.path, "inflates to more than " + std::to_string(limits_.upload_file_bytes) +
                                  " bytes, which are allowed for a file");
    } else if (total_ + bytes > limits_.upload_total_bytes) {
      faults_.add("Its files inflate to more than " + std::to_string(limits_.upload_total_bytes) +
                  " bytes together, which are allowed.");
    } else if (bytes > always_allowed + entry.packed_bytes * limits_.upload_ratio) {
      faults_.add(entry.path, "inflates to more than " + std::to_string(limits_.upload_ratio) +
                                  " times its packed size, as bombs do");
    } else {
      return true;
    }
    return false;
  }

  static std::string last_words(zip_t& archive) { return zip_error_strerror(zip_get_error(&archive)); }

  std::string_view zip_;
  const base::Limits& limits_;
  Archive archive_;
  UploadFaults faults_;
  std::vector<Entry> entries_;
  std::size_t wrapping_ = 0;  ///< bytes of the folder that holds all
  std::size_t total_ = 0;     ///< inflated so far
};

}  // namespace

base::Result<std::vector<UploadedFile>> read_archive(std::string_view zip, const base::Limits& limits) {
  if (zip.size() > limits.upload_bytes) {
    return base::Error{.code = base::ErrorCode::BodyTooLarge,
                       .message = "The archive has " + std::to_string(zip.size()) + " bytes; " +
                                  std::to_string(limits.upload_bytes) + " are allowed."};
  }
  return Reader(zip, limits).read();
}

}  // namespace portico::platform
