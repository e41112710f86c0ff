#include "store/postgres_address.hpp"

#include <algorithm>
#include <array>
#include <libpq-fe.h>
#include <memory>
#include <vector>

namespace portico::store {
namespace {

constexpr std::string_view hidden = "***";
// The parameters of a URL's query whose values are secrets.
constexpr std::array<std::string_view, 2> secrets = {"password=", "sslpassword="};

/// Where the first URL begins behind its scheme, whichever, or npos.
std::size_t authority_begin(std::string_view text) {
  constexpr std::string_view behind_scheme = "://";
  const std::size_t at = text.find(behind_scheme);
  return at == std::string_view::npos ? at : at + behind_scheme.size();
}

/// What stands between scheme and host: `user:password`. Up to the last `@` before the query: a password may hold one
/// that should have been escaped.
std::string_view user_part(std::string_view text) {
  const std::size_t begin = authority_begin(text);
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = text.substr(begin, text.find_first_of(" \n?", begin) - begin);
  const std::size_t at = rest.rfind('@');
  // An unescaped `?` in a password ends the search too early; then its `@` stands behind that.
  const std::size_t end = at == std::string_view::npos ? text.substr(begin).rfind('@') : at;
  return end == std::string_view::npos ? std::string_view() : text.substr(begin, end);
}

}  // namespace

std::string without_passwords(std::string_view text) {
  std::string out(text);
  const std::string_view user = user_part(text);
  if (const std::size_t colon = user.find(':'); colon != std::string_view::npos) {
    const auto begin = static_cast<std::size_t>(user.data() - text.data()) + colon + 1;
    out.replace(begin, user.size() - colon - 1, hidden);
  }
  for (const std::string_view name : secrets) {
    for (std::size_t at = out.find(name); at != std::string::npos; at = out.find(name, at + name.size())) {
      const std::size_t begin = at + name.size();
      out.replace(begin, std::min(out.find_first_of("& \n", begin), out.size()) - begin, hidden);
    }
  }
  return out;
}

std::string address_mistake(const std::string& url) {
  // libpq would take what stands behind the first `@` for a host, look for it, and name it in its messages.
  if (user_part(url).find('@') != std::string_view::npos) return "there are several @ before the host";
  char* words = nullptr;
  PQconninfoOption* const options = PQconninfoParse(url.c_str(), &words);
  const std::unique_ptr<char, void (*)(void*)> owned_words(words, PQfreemem);
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> owned(options, PQconninfoFree);
  if (options != nullptr) return {};
  std::string mistake = words == nullptr ? "it cannot be read" : words;
  while (!mistake.empty() && mistake.back() == '\n') mistake.pop_back();
  // libpq quotes what it stumbled over: the whole URL, or a part that may be a piece of a password.
  for (std::size_t begin = mistake.find('"'); begin != std::string::npos;) {
    const std::size_t end = mistake.find('"', begin + 1);
    if (end == std::string::npos) break;
    const std::string piece = mistake.substr(begin + 1, end - begin - 1);
    const bool secret = !user_part(url).empty() && user_part(url).find(piece) != std::string_view::npos;
    const std::string shown = secret ? std::string(hidden) : without_passwords(piece);
    mistake.replace(begin + 1, piece.size(), shown);
    begin = mistake.find('"', begin + shown.size() + 2);
  }
  return mistake;
}

}  // namespace portico::store
