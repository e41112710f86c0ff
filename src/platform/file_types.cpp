#include "platform/file_types.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/ascii.hpp"
#include "base/file_type.hpp"
#include "base/text.hpp"

namespace portico::platform {
namespace {

using base::FileType;
using std::string_view_literals::operator""sv;

/// What tells a kind of content from others.
enum class Content : std::uint8_t { Text, Svg, Picture, Signed };

/// A text at a place.
struct Mark {
  std::size_t at = 0;
  std::string_view bytes;
};

struct Kind {
  std::string_view suffix;
  std::string_view type;
  std::string_view name;  ///< for messages: `a PNG picture`
  Content content = Content::Text;
  std::optional<FileType> picture = {};  ///< of Picture
  std::array<Mark, 3> marks = {};        ///< of Signed: one of them holds, or the first and `also` do
  Mark also = {};
};

// Signatures: ICO; WOFF (W3C), WOFF2 (W3C), OpenType (`OTTO`, 1.0, `true`); MP3 (ID3v2, or a frame's sync word), ISO
// base media (ISO/IEC 14496-12), Matroska (EBML, RFC 8794), Ogg (RFC 3533), WAVE.
constexpr auto kinds = std::to_array<Kind>({
    {".html", "text/html; charset=utf-8", "text"},
    {".htm", "text/html; charset=utf-8", "text"},
    {".css", "text/css; charset=utf-8", "text"},
    {".js", "text/javascript; charset=utf-8", "text"},
    {".mjs", "text/javascript; charset=utf-8", "text"},
    {".json", "application/json; charset=utf-8", "text"},
    {".map", "application/json; charset=utf-8", "text"},
    {".webmanifest", "application/manifest+json; charset=utf-8", "text"},
    {".txt", "text/plain; charset=utf-8", "text"},
    {".md", "text/plain; charset=utf-8", "text"},
    {".csv", "text/csv; charset=utf-8", "text"},
    {".vtt", "text/vtt; charset=utf-8", "text"},
    {".svg", "image/svg+xml", "an SVG picture", Content::Svg},
    {".png", "image/png", "a PNG picture", Content::Picture, FileType::Png},
    {".jpg", "image/jpeg", "a JPEG picture", Content::Picture, FileType::Jpeg},
    {".jpeg", "image/jpeg", "a JPEG picture", Content::Picture, FileType::Jpeg},
    {".gif", "image/gif", "a GIF picture", Content::Picture, FileType::Gif},
    {".webp", "image/webp", "a WebP picture", Content::Picture, FileType::Webp},
    {".avif", "image/avif", "an AVIF picture", Content::Picture, FileType::Avif},
    {".pdf", "application/pdf", "a PDF document", Content::Picture, FileType::Pdf},
    {".ico", "image/x-icon", "an icon", Content::Signed, {}, {{{0, "\0\0\1\0"sv}}}},
    {".woff", "font/woff", "a WOFF font", Content::Signed, {}, {{{0, "wOFF"sv}}}},
    {".woff2", "font/woff2", "a WOFF2 font", Content::Signed, {}, {{{0, "wOF2"sv}}}},
    {".ttf", "font/ttf", "a TrueType font", Content::Signed, {}, {{{0, "\0\1\0\0"sv}, {0, "true"sv}}}},
    {".otf", "font/otf", "an OpenType font", Content::Signed, {}, {{{0, "OTTO"sv}, {0, "\0\1\0\0"sv}}}},
    {".mp3", "audio/mpeg", "MP3 sound", Content::Signed, {}, {{{0, "ID3"sv}, {0, "\xFF\xFB"sv}, {0, "\xFF\xF3"sv}}}},
    {".mp4", "video/mp4", "an MP4 film", Content::Signed, {}, {{{4, "ftyp"sv}}}},
    {".webm", "video/webm", "a WebM film", Content::Signed, {}, {{{0, "\x1A\x45\xDF\xA3"sv}}}},
    {".ogg", "audio/ogg", "Ogg sound", Content::Signed, {}, {{{0, "OggS"sv}}}},
    {".wav", "audio/wav", "WAVE sound", Content::Signed, {}, {{{0, "RIFF"sv}}}, {8, "WAVE"sv}},
});

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

const Kind* find_kind(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return nullptr;
  const std::string_view suffix = name.substr(dot);
  const auto found = std::find_if(kinds.begin(), kinds.end(), [suffix](const Kind& kind) {
    return std::equal(kind.suffix.begin(), kind.suffix.end(), suffix.begin(), suffix.end(),
                      [](char ours, char theirs) { return ours == base::to_ascii_lower(theirs); });
  });
  return found == kinds.end() ? nullptr : &*found;
}

bool holds(std::string_view bytes, const Mark& mark) {
  return bytes.size() >= mark.at && bytes.substr(mark.at).starts_with(mark.bytes);
}

bool is_control(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return (value < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f') || value == 0x7F;
}

std::string text_fault(std::string_view bytes) {
  if (!base::is_utf8(bytes)) return "is not UTF-8, as all text of an extension has to be";
  if (std::any_of(bytes.begin(), bytes.end(), is_control)) return "holds control characters, which no text does";
  return {};
}

/// The root element may stand behind a declaration, comments and a document type.
bool looks_like_svg(std::string_view bytes) {
  constexpr std::size_t looked_at = 4'096;
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  const std::size_t begin = bytes.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || bytes[begin] != '<') return false;
  return bytes.substr(begin, looked_at).find("<svg") != std::string_view::npos;
}

bool is_signed(const Kind& kind, std::string_view bytes) {
  const bool marked = std::any_of(kind.marks.begin(), kind.marks.end(),
                                  [bytes](const Mark& mark) { return !mark.bytes.empty() && holds(bytes, mark); });
  return marked && holds(bytes, kind.also);
}

}  // namespace

std::string_view media_type_of(std::string_view path) {
  const Kind* const kind = find_kind(path);
  return kind == nullptr ? std::string_view() : kind->type;
}

std::string content_fault(std::string_view path, std::string_view bytes) {
  const Kind* const kind = find_kind(path);
  if (kind == nullptr) return "is of no type that is taken";
  const auto unless = [kind](bool right) { return right ? "" : "does not hold " + std::string(kind->name); };
  switch (kind->content) {
    case Content::Text:
      return text_fault(bytes);
    case Content::Svg: {
      std::string fault = text_fault(bytes);
      return fault.empty() ? unless(looks_like_svg(bytes)) : fault;
    }
    case Content::Picture:
      return unless(base::sniff_file_type(bytes) == kind->picture);
    case Content::Signed:
      return unless(is_signed(*kind, bytes));
  }
  return {};
}

std::string taken_suffixes() {
  std::string all;
  for (const Kind& kind : kinds) all.append(all.empty() ? "" : ", ").append(kind.suffix);
  return all;
}

}  // namespace portico::platform
