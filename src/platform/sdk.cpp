#include "platform/sdk.hpp"

#include <array>
#include <initializer_list>
#include <utility>

#include "platform/sdk_text.hpp"

namespace portico::platform {
namespace {

using Member = std::pair<std::string_view, std::string_view>;

void append_members(std::string& out, std::initializer_list<Member> members) {
  std::string_view separator;
  for (const auto& [name, value] : members) {
    out.append(std::exchange(separator, ",")).append("\"").append(name).append("\":");
    append_script_text(out, value);
  }
}

/// JavaScript counts milliseconds.
std::string milliseconds(base::Microseconds instant) {
  return std::to_string(instant / 1'000);
}

std::string run_object(const RunWords& words) {
  std::string object = "{";
  append_members(object,
                 {{"token", words.token}, {"run", words.run}, {"console", words.console}, {"api", words.api}});
  object += ",\"expires\":" + milliseconds(words.expires) + ",\"now\":" + milliseconds(words.now);
  object += R"(,"context":{"user":{)";
  append_members(object, {{"id", words.user_id}, {"name", words.user_name}});
  object += R"(},"account":{)";
  append_members(object, {{"id", words.account_id}, {"name", words.account_name}});
  object += "},";
  append_members(object, {{"locale", words.locale},
                          {"extension", words.extension},
                          {"version", words.version},
                          {"status", words.status},
                          {"api", words.api}});
  return object + "}}";
}

}  // namespace

void append_script_text(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::string_view line_separators = "\xE2\x80";  // U+2028 and U+2029 are these and A8 or A9
  out += '"';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool ends_line = text.substr(at).starts_with(line_separators) && at + 2 < text.size() &&
                           (text[at + 2] == '\xA8' || text[at + 2] == '\xA9');
    if (ends_line) {
      out += text[at + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      at += 2;
    } else if (byte < 0x20 || byte == 0x7F || std::string_view("\"\\<>&'").find(text[at]) != std::string_view::npos) {
      out.append("\\u00").append(1, digits[byte >> 4U]).append(1, digits[byte & 0xFU]);
    } else {
      out += text[at];
    }
  }
  out += '"';
}

std::string first_script(const RunWords& words, std::string_view nonce) {
  std::string script = "<script nonce=\"";
  script.append(nonce).append("\">").append(sdk_text).append("(").append(run_object(words)).append(");</script>");
  return script;
}

}  // namespace portico::platform
