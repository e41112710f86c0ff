#include <algorithm>
#include <iostream>
#include <optional>
#include <stdexcept>

#include "app/cli/commands.hpp"
#include "app/cli/open_registry.hpp"
#include "app/cli/terminal.hpp"
#include "base/time.hpp"
#include "base/web_address.hpp"
#include "platform/life_cycle.hpp"

namespace portico::app {
namespace {

using platform::Extension;
using platform::Runner;
using platform::User;
using platform::Version;
using platform::VersionStatus;

constexpr std::string_view usual_origin = "http://localhost:8080";

/// What the command is about.
struct Chosen {
  User user;
  Extension extension;
  Version version;
};

bool may_run(const Version& version, const User& user, const Extension& extension) {
  switch (platform::runner_of(version.status)) {
    case Runner::Anybody:
      return true;
    case Runner::Developer:
      return extension.owner == user.id;
    case Runner::Operator:
      return user.has(platform::Role::Operator);
    case Runner::Nobody:
      return false;
  }
  return false;
}

/// The version of that number, else the newest that the user may run.
Chosen choose(const OpenRegistry& open, const ExtensionOptions& options) {
  Chosen chosen;
  chosen.user = user_named(*open.registry, options.user);
  chosen.extension = value_or_throw(open.registry->find_extension(chosen.user.id, options.name));
  require_account(open, options.account);
  if (options.version != 0) {
    chosen.version = value_or_throw(open.registry->find_version(chosen.user.id, options.name, options.version));
    return chosen;
  }
  auto versions = value_or_throw(open.registry->versions(chosen.user.id, options.name));  // newest first
  const auto first = std::find_if(versions.begin(), versions.end(), [&](const Version& version) {
    return may_run(version, chosen.user, chosen.extension);
  });
  if (first == versions.end()) throw std::runtime_error(options.name + " has no version that you may run");
  chosen.version = std::move(*first);
  return chosen;
}

std::string label_of(const Version& version) {
  return std::to_string(version.number) + "." + std::to_string(version.running);
}

/// `merchant-operations` as people write it.
std::string spaced(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  return name;
}

/// In plain words, to standard error: an answer for programs stays one.
void show_what_it_asks_for(const platform::Site& site, const Chosen& chosen, const std::string& account) {
  std::cerr << chosen.extension.title << " (" << chosen.extension.name << ' ' << label_of(chosen.version)
            << ") asks to act for you and the account " << account << ":\n";
  if (chosen.version.scopes.empty()) std::cerr << "  nothing of the API\n";
  for (const model::ExtensionScope& scope : site.scopes) {
    const auto& asked = chosen.version.scopes;
    if (!std::binary_search(asked.begin(), asked.end(), scope.name)) continue;
    std::cerr << "  " << (scope.access == model::ScopeAccess::Read ? "See " : "Change ")
              << spaced(scope.resource->name) << " (" << scope.name << ')'
              << (scope.description.empty() ? "" : ": " + scope.description) << '\n';
  }
  for (const std::string& host : chosen.version.hosts) std::cerr << "  to send what it reads to " << host << '\n';
}

std::string console_of(const platform::Site& site) {
  const auto address = base::parse_web_address(site.public_url);
  if (!address) return std::string(usual_origin);
  return (address->is_secure ? "https://" : "http://") + address->host_field();
}

}  // namespace

ExitCode authorise_extension(const ExtensionOptions& options) {
  const OpenRegistry open = open_registry(options.target, "extension authorise");
  const Chosen chosen = choose(open, options);
  show_what_it_asks_for(*open.site, chosen, options.account);
  if (!options.agreed && !ask_yes("Do you agree?")) {
    throw std::runtime_error("nothing was authorised; say y, or --yes where there is no terminal");
  }
  const platform::Authorisation made =
      value_or_throw(open.registry->authorise(chosen.user.id, options.name, chosen.version.number, options.account));
  if (options.output == Output::Json) {
    std::cout << "{\"id\":" << json_text(made.id) << ",\"extension\":" << json_text(made.extension_name)
              << ",\"version\":" << made.version_number << ",\"account\":" << json_text(made.account)
              << ",\"scopes\":" << json_list(made.scopes) << "}\n";
  } else {
    std::cout << options.name << " version " << made.version_number << " may act for " << made.account << " now.\n";
  }
  return ExitCode::Done;
}

ExitCode make_test_token(const ExtensionOptions& options) {
  const OpenRegistry open = open_registry(options.target, "extension token", options.public_url);
  const User user = user_named(*open.registry, options.user);
  const platform::MintedToken made =
      value_or_throw(open.registry->test_token(user.id, options.name, options.account));
  const auto versions = value_or_throw(open.registry->versions(user.id, options.name));
  const auto version = std::find_if(versions.begin(), versions.end(),
                                    [](const Version& each) { return each.status == VersionStatus::Development; });
  const std::optional<std::string> url =
      platform::example_url(*open.site, console_of(*open.site), version == versions.end() ? Version() : *version);
  const std::string expires = base::format_timestamp(made.expires);
  if (options.output == Output::Json) {
    std::cout << "{\"token\":" << json_text(made.token) << ",\"expires\":" << json_text(expires)
              << ",\"url\":" << (url ? json_text(*url) : "null") << "}\n";
    return ExitCode::Done;
  }
  std::cout << made.token << '\n';
  std::cerr << "Good until " << expires << ", and not shown again. Put it into no file of the extension. ";
  if (url) {
    std::cerr << "Try it:\n  curl -H 'Authorization: Bearer TOKEN' " << *url << '\n';
  } else {
    std::cerr << "The version asks for no list that it could read.\n";
  }
  return ExitCode::Done;
}

ExitCode run_extension(const ExtensionOptions& options) {
  const OpenRegistry open = open_registry(options.target, "extension run", options.public_url);
  const Chosen chosen = choose(open, options);
  const std::string console = console_of(*open.site);
  const platform::Ticket ticket = value_or_throw(
      open.registry->run(chosen.user.id, options.name, chosen.version.number, options.account, console));
  const std::string origin = platform::extension_origin(
      *open.site, console, {.name = chosen.extension.name, .status = chosen.version.status});
  const std::string url = origin + "/?run=" + ticket.ticket;
  if (options.output == Output::Json) {
    std::cout << "{\"run\":" << json_text(ticket.run) << ",\"url\":" << json_text(url)
              << ",\"origin\":" << json_text(origin) << "}\n";
    return ExitCode::Done;
  }
  std::cout << url << '\n';
  std::cerr << "Open it within a minute; it is good once. Outside the developer space its token is not renewed.\n";
  return ExitCode::Done;
}

}  // namespace portico::app
