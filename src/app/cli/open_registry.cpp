#include "app/cli/open_registry.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/cli/accounts.hpp"
#include "app/cli/description.hpp"
#include "app/store_location.hpp"
#include "base/text.hpp"

namespace portico::app {

OpenRegistry open_registry(const Target& target, const std::string& command, const std::string& public_url) {
  OpenRegistry open;
  open.api = load_description(target.description);
  if (!open.api->extensions) {
    throw std::runtime_error(target.description +
                             " has no `extensions:`, so there are neither users nor extensions; docs/description.md "
                             "says what to write");
  }
  const KeysLocation keys{.store = target.store, .access = target.access, .schema = open.api->database.schema};
  require_access(keys, *open.api, command);
  open.location = existing_store(target.store, *open.api);
  open.place = data_place(open.location);
  open.site = platform::make_site(open.api, public_url);
  open.registry = std::make_unique<platform::Registry>(open_own_tables(keys, WhenMissing::Make),
                                                       platform::registry_rules(*open.site));
  return open;
}

void require_account(const OpenRegistry& open, const std::string& account) {
  require_account({.api = *open.api, .location = open.location, .place = open.place}, account);
}

platform::User user_named(platform::Registry& registry, const std::string& email) {
  auto user = registry.find_user_by_email(email);
  if (!user) throw std::runtime_error("there is no user '" + email + "'; `portico users list` shows them");
  return *std::move(user);
}

namespace {

/// Where a fault lies, as who typed the command knows it: `--scope 2`, `js/plot.js`.
std::string place_of(const base::Fault& fault) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> places = {{{"scopes", "--scope"},
                                                                                    {"hosts", "--host"},
                                                                                    {"reason", "--reason"},
                                                                                    {"title", "--title"},
                                                                                    {"message", "--message"},
                                                                                    {"email", "--email"},
                                                                                    {"account", "--account"},
                                                                                    {"archive", "the files"}}};
  const std::vector<std::string>& path = fault.path;
  if (path.size() == 2 && path.front() == "files") return path.back();
  const auto* const place = std::find_if(places.begin(), places.end(),
                                         [&](const auto& each) { return !path.empty() && each.first == path[0]; });
  if (place == places.end()) return base::joined(path, ".");
  const auto item = path.size() == 2 ? base::parse_integer(path[1]) : std::nullopt;
  return std::string(place->second) + (item ? " " + std::to_string(*item + 1) : "");
}

}  // namespace

std::string words_of(const base::Error& error) {
  std::string words = error.message;
  if (words.empty() && error.faults.size() > 1) words = "it was refused:";
  const std::string_view before = error.faults.size() > 1 ? "\n  " : " ";
  for (const base::Fault& fault : error.faults) {
    if (fault.message == error.message) continue;
    if (!words.empty()) words += before;
    words.append(place_of(fault)).append(": ").append(fault.message);
  }
  return words.empty() ? "it was refused" : words;
}

}  // namespace portico::app
