#include "platform/first_place.hpp"

#include <algorithm>
#include <optional>

#include "base/ascii.hpp"

namespace portico::platform {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view white_space = "\t\n\f\r ";
constexpr std::string_view comment_start = "<!--";
constexpr std::string_view doctype_start = "<!doctype";

bool begins_with(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(),
                    [](char ours, char theirs) { return ours == base::to_ascii_lower(theirs); });
}

std::optional<std::size_t> behind(std::string_view text, std::string_view end) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  return at + end.size();
}

/// How long the comment is that `text` begins with. `<!-->` and `<!--->` are whole ones; else `-->` and `--!>` end
/// it, whichever comes first (13.2.5.43 to 13.2.5.51).
std::optional<std::size_t> comment_bytes(std::string_view text) {
  const std::string_view content = text.substr(comment_start.size());
  for (const std::string_view abrupt : {">", "->"}) {
    if (content.starts_with(abrupt)) return comment_start.size() + abrupt.size();
  }
  const auto usual = behind(content, "-->");
  const auto odd = behind(content, "--!>");
  if (!usual && !odd) return std::nullopt;
  return comment_start.size() + std::min(usual.value_or(content.size()), odd.value_or(content.size()));
}

}  // namespace

// initial = [BOM] *( white-space / comment / bogus-comment ) [ doctype ]
//   bogus-comment = ( "<?" / "<!" ) *not-">" ">"     a doctype, too, ends at the first ">", even within its quotes
std::size_t first_place(std::string_view html) {
  std::size_t at = html.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  for (;;) {
    const std::size_t begin = std::min(html.find_first_not_of(white_space, at), html.size());
    const std::string_view rest = html.substr(begin);
    const bool is_comment = rest.starts_with(comment_start);
    if (!is_comment && !rest.starts_with("<!") && !rest.starts_with("<?")) return begin;
    const auto bytes = is_comment ? comment_bytes(rest) : behind(rest, ">");
    if (!bytes) return begin;
    at = begin + *bytes;
    if (begins_with(rest, doctype_start)) return at;
  }
}

}  // namespace portico::platform
