#include "app/describe/draft_names.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/text.hpp"

namespace portico::app {
namespace {

constexpr std::size_t name_bytes = 60;  // a description takes 100; some are left for what is put behind

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}

/// `InvoiceLine` as `Invoice_Line`, `HTTPServer` as `HTTP_Server`.
std::string with_humps_parted(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool after_small = i > 0 && (is_small(name[i - 1]) || is_digit(name[i - 1]));
    const bool ends_capitals =
        i > 1 && is_upper(name[i - 1]) && is_upper(name[i - 2]) && i + 1 < name.size() && is_small(name[i + 1]);
    if (is_upper(name[i]) && (after_small || ends_capitals)) out += '_';
    out += name[i];
  }
  return out;
}

/// Small letters, digits and single `separator` between them.
std::string reduced(std::string_view name, char separator) {
  std::string out;
  for (const char c : base::folded_plain(with_humps_parted(name))) {
    if (is_small(c) || is_digit(c)) {
      out += c;
    } else if (!out.empty() && out.back() != separator) {
      out += separator;
    }
    if (out.size() == name_bytes) break;
  }
  while (!out.empty() && out.back() == separator) out.pop_back();
  return out;
}

bool is_version(std::string_view name) {
  return name.size() > 1 && name.front() == 'v' && std::all_of(name.begin() + 1, name.end(), is_digit);
}

bool is_reserved(std::string_view name, NameUse use) {
  static constexpr std::array<std::string_view, 4> parameters = {"page", "page_size", "ordering", "q"};
  switch (use) {
    case NameUse::Resource:
      return name == "me" || is_version(name);
    case NameUse::Field:
      return std::find(parameters.begin(), parameters.end(), name) != parameters.end();
  }
  return false;
}

}  // namespace

std::string api_name(std::string_view name, NameUse use) {
  const bool is_resource = use == NameUse::Resource;
  std::string out = reduced(name, '_');
  if (out.empty()) return is_resource ? "table" : "column";
  if (is_digit(out.front())) out.insert(0, "n");
  if (is_reserved(out, use)) out += is_resource ? "_table" : "_value";
  return out;
}

std::string vendor_name(std::string_view name) {
  std::string out = reduced(name.substr(0, name.find_last_of('.')), '-');
  if (out.empty() || is_digit(out.front())) out.insert(0, "db");
  const bool reads_as_more = out == "sandbox" || is_version(out);
  return reads_as_more ? out + "-api" : out;
}

std::string singular_name(const std::string& name) {
  const auto cut = [&name](std::size_t bytes, std::string_view end) {
    return name.substr(0, name.size() - bytes).append(end);
  };
  if (name.size() > 4 && name.ends_with("ies")) return cut(3, "y");
  for (const std::string_view end : {"sses", "xes", "ches", "shes"}) {
    if (name.size() > end.size() && name.ends_with(end)) return cut(2, "");
  }
  const bool is_plural = name.size() > 2 && name.ends_with('s') && !name.ends_with("ss") && !name.ends_with("us") &&
                         !name.ends_with("is");
  return is_plural ? cut(1, "") : name;
}

bool names_secret(std::string_view column) {
  static constexpr std::array<std::string_view, 9> words = {"passw",   "pwd",         "secret", "token", "psk",
                                                            "api_key", "private_key", "salt",   "apikey"};
  const std::string name = api_name(column, NameUse::Field);
  return std::any_of(words.begin(), words.end(), [&name](std::string_view word) {
    const std::size_t at = name.find(word);
    return at != std::string::npos && (at == 0 || name[at - 1] == '_' || word.size() > 4);
  });
}

std::string NameBook::take(const std::string& name) {
  std::string free = name;
  for (int number = 2; taken_.contains(free); ++number) free = name + "_" + std::to_string(number);
  taken_.insert(free);
  return free;
}

}  // namespace portico::app
