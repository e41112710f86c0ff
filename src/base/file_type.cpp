#include "base/file_type.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace portico::base {
namespace {

using std::string_view_literals::operator""sv;

/// A text at a place.
struct Mark {
  std::size_t at = 0;
  std::string_view bytes;
};

/// Both marks stand in a file of that type; the second may be empty.
struct Signature {
  FileType type;
  Mark first;
  Mark second = {};
};

// PNG (RFC 2083 §3.1, with its first chunk), JPEG (ITU-T T.81 B.1.1.3: SOI, and the next marker), GIF87a and GIF89a,
// WebP (RFC 9649 §2.4), PDF (ISO 32000-1 §7.5.2).
constexpr std::array<Signature, 6> signatures = {{
    {FileType::Png, {0, "\x89PNG\r\n\x1A\n"sv}, {12, "IHDR"sv}},
    {FileType::Jpeg, {0, "\xFF\xD8\xFF"sv}},
    {FileType::Gif, {0, "GIF87a"sv}},
    {FileType::Gif, {0, "GIF89a"sv}},
    {FileType::Webp, {0, "RIFF"sv}, {8, "WEBP"sv}},
    {FileType::Pdf, {0, "%PDF-"sv}},
}};

bool holds(std::string_view bytes, const Mark& mark) {
  return bytes.size() >= mark.at && bytes.substr(mark.at).starts_with(mark.bytes);
}

std::size_t big_endian(std::string_view four) {
  std::size_t number = 0;
  for (const char byte : four) number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

/// The first box of an ISO base media file (ISO/IEC 14496-12 §4.3) tells what it is: a major brand, a version, and
/// brands that it is compatible with. AVIF's are `avif`, and `avis` for sequences.
bool is_avif(std::string_view bytes) {
  constexpr std::size_t brands_at = 16;
  constexpr std::size_t brands_bytes_max = 256;  // some use a dozen
  if (bytes.size() < brands_at || bytes.substr(4, 4) != "ftyp") return false;
  const std::size_t box = std::min({big_endian(bytes.substr(0, 4)), bytes.size(), brands_bytes_max});
  const auto is_brand = [](std::string_view brand) { return brand == "avif" || brand == "avis"; };
  if (is_brand(bytes.substr(8, 4))) return true;
  for (std::size_t at = brands_at; at + 4 <= box; at += 4) {
    if (is_brand(bytes.substr(at, 4))) return true;
  }
  return false;
}

}  // namespace

std::optional<FileType> find_file_type(std::string_view name) {
  const auto same = [name](std::string_view known) {
    return std::equal(known.begin(), known.end(), name.begin(), name.end(),
                      [](char ours, char theirs) { return ours == to_ascii_lower(theirs); });
  };
  const auto* found = std::find_if(file_type_names.begin(), file_type_names.end(), same);
  if (found == file_type_names.end()) return std::nullopt;
  return static_cast<FileType>(found - file_type_names.begin());
}

std::optional<FileType> sniff_file_type(std::string_view bytes) {
  for (const Signature& signature : signatures) {
    if (holds(bytes, signature.first) && holds(bytes, signature.second)) return signature.type;
  }
  return is_avif(bytes) ? std::optional(FileType::Avif) : std::nullopt;
}

}  // namespace portico::base
