#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>
#include <zip.h>

namespace portico::testing {

/// An entry of an archive that a test makes, by the library and then by hand.
struct MadeEntry {
  std::string name;
  std::string bytes = {};
  std::int32_t method = ZIP_CM_DEFLATE;
  std::uint32_t mode = 0;          ///< as Unix's archivers write it: 0120777 is a link; 0: none
  std::string_view password = {};  ///< encrypted with it, unless empty
};

namespace detail {

inline void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

inline void add(zip_t* archive, const MadeEntry& entry) {
  zip_source_t* const source = zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0);
  const zip_int64_t index =
      entry.name.ends_with('/')
          ? (zip_source_free(source), zip_dir_add(archive, entry.name.c_str(), ZIP_FL_ENC_UTF_8))
          : zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_GUESS);
  require(index >= 0, "the entry cannot be added");
  const auto at = static_cast<zip_uint64_t>(index);
  if (!entry.name.ends_with('/')) zip_set_file_compression(archive, at, entry.method, 0);
  if (entry.mode != 0) zip_file_set_external_attributes(archive, at, 0, ZIP_OPSYS_UNIX, entry.mode << 16U);
  if (!entry.password.empty()) {
    require(zip_file_set_encryption(archive, at, ZIP_EM_AES_256, entry.password.data()) == 0, "no encryption");
  }
}

}  // namespace detail

/// A zip archive of these entries. Each needs a name of its own here; see renamed().
inline std::string made_archive(const std::vector<MadeEntry>& entries) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(source);
  zip_t* const archive = zip_open_from_source(source, ZIP_TRUNCATE, &error);
  detail::require(archive != nullptr, "no archive");
  for (const MadeEntry& entry : entries) detail::add(archive, entry);
  detail::require(zip_close(archive) == 0, "the archive cannot be written");
  detail::require(zip_source_open(source) == 0, "the archive cannot be read");
  zip_stat_t stat;
  zip_source_stat(source, &stat);
  std::string bytes(stat.size, '\0');
  detail::require(zip_source_read(source, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size()),
                  "the archive is cut off");
  zip_source_close(source);
  zip_source_free(source);
  return bytes;
}

/// The archive with `from` replaced by `to`, of the same length, wherever it stands: names that no library writes.
inline std::string renamed(std::string archive, std::string_view from, std::string_view to) {
  detail::require(from.size() == to.size(), "names have to be as long");
  bool found = false;
  for (std::size_t at = 0; (at = archive.find(from, at)) != std::string::npos; at += to.size()) {
    archive.replace(at, to.size(), to);
    found = true;
  }
  detail::require(found, "the name is not there");
  return archive;
}

}  // namespace portico::testing
