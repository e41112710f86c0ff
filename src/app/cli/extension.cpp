#include <algorithm>
#include <iostream>
#include <optional>
#include <stdexcept>

#include "app/cli/commands.hpp"
#include "app/cli/extension_files.hpp"
#include "app/cli/open_registry.hpp"
#include "app/cli/terminal.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/archive.hpp"
#include "platform/boilerplate.hpp"
#include "platform/input_rules.hpp"
#include "platform/life_cycle.hpp"

namespace portico::app {
namespace {

using platform::Commit;
using platform::Extension;
using platform::Registry;
using platform::User;
using platform::Version;
using platform::VersionStatus;

std::string label_of(int version, int commit) {
  return std::to_string(version) + "." + std::to_string(commit);
}

/// The version of the extension that stands so, as far as the user sees it.
std::optional<Version> version_in(Registry& registry, const User& user, const std::string& name,
                                  VersionStatus status) {
  for (Version& version : value_or_throw(registry.versions(user.id, name))) {
    if (version.status == status) return std::move(version);
  }
  return std::nullopt;
}

/// What was given on the command line; what was not stays.
void ask_for(Registry& registry, const User& user, const Version& version, const ExtensionOptions& options) {
  platform::VersionChange change;
  if (!options.scopes.empty()) change.scopes = options.scopes;
  if (!options.hosts.empty()) change.hosts = options.hosts;
  if (!change.scopes && !change.hosts) return;
  value_or_throw(registry.change_version(user.id, options.name, version.number, change));
}

/// The option that a fault is about, with what was given: `--scope order:read`.
std::string option_of(const base::Fault& fault, const ExtensionOptions& options) {
  const bool is_scope = fault.path.front() == "scopes";
  if (!is_scope && fault.path.front() != "hosts") return "--" + fault.path.front();
  const std::string option = is_scope ? "--scope" : "--host";
  if (fault.path.size() == 1) return option;  // too many
  return option + " " + (is_scope ? options.scopes : options.hosts).at(std::stoul(fault.path[1]));
}

/// All that ask_for() and a commit would refuse of the command line, before anything is made.
void check_asked_for(const OpenRegistry& open, const ExtensionOptions& options) {
  const std::vector<std::string> known = platform::registry_rules(*open.site).scopes;
  std::vector<base::Fault> faults;
  static_cast<void>(platform::checked_scopes(options.scopes, known, faults));
  static_cast<void>(platform::checked_hosts(options.hosts, faults));
  platform::check_text(
      options.message,
      {.field = "message", .least = 0, .most = platform::message_characters_max, .lines = platform::Lines::Many},
      faults);
  if (faults.empty()) return;
  const base::Fault& first = faults.front();
  std::string words = option_of(first, options) + ": " + first.message;
  if (first.path.front() == "scopes" && !known.empty()) words += " This API has " + base::enumerated(known) + ".";
  throw std::runtime_error(words);
}

std::string json_of(const Extension& extension) {
  return "\"id\":" + json_text(extension.id) + ",\"name\":" + json_text(extension.name) +
         ",\"title\":" + json_text(extension.title) +
         ",\"created\":" + json_text(base::format_timestamp(extension.created));
}

/// `2.1`, the commit that runs; empty: none stands so.
std::string shown(const std::vector<Version>& versions, VersionStatus status) {
  for (const Version& version : versions) {
    if (version.status == status) return label_of(version.number, version.running);
  }
  return {};
}

std::string_view where(VersionStatus status) {
  switch (status) {
    case VersionStatus::Development:
      return " is in development again.";
    case VersionStatus::Revision:
      return " is in review now.";
    case VersionStatus::Production:
      return " is in production now.";
    case VersionStatus::Denied:
      return " is denied.";
    case VersionStatus::Down:
      return " is down.";
  }
  return {};
}

constexpr std::array<VersionStatus, 3> live_statuses = {VersionStatus::Development, VersionStatus::Revision,
                                                        VersionStatus::Production};

}  // namespace

ExitCode declare_extension(const ExtensionOptions& options) {
  const OpenRegistry open = open_registry(options.target, "extension new");
  const User user = user_named(*open.registry, options.user);
  check_asked_for(open, options);
  FirstFiles files(options.folder, options.name, platform::boilerplate());
  const Extension made =
      value_or_throw(open.registry->declare(user.id, {.name = options.name,
                                                      .title = options.title.empty() ? options.name : options.title,
                                                      .description = options.description}));
  ask_for(*open.registry, user, value_or_throw(open.registry->find_version(user.id, made.name, 1)), options);
  files.keep();
  if (options.output == Output::Json) {
    std::cout << "{" << json_of(made) << ",\"version\":\"1.0\",\"folder\":" << json_text(options.folder) << "}\n";
  } else {
    std::cout << made.name << " is declared; version 1.0 is in development. Its files are in " << options.folder
              << ":\nchange them, then `portico extension push " << options.folder << "`.\n";
  }
  return ExitCode::Done;
}

ExitCode push_extension(const ExtensionOptions& given) {
  ExtensionOptions options = given;
  const OpenRegistry open = open_registry(options.target, "extension push");
  const User user = user_named(*open.registry, options.user);
  if (options.name.empty()) options.name = noted_extension(options.folder);
  check_asked_for(open, options);
  const auto files =
      value_or_throw(platform::check_files(files_below(options.folder, open.api->limits), open.api->limits));
  auto version = version_in(*open.registry, user, options.name, VersionStatus::Development);
  const bool begins = !version;
  if (begins) version = value_or_throw(open.registry->begin_version(user.id, options.name));
  ask_for(*open.registry, user, *version, options);
  const Commit commit = value_or_throw(open.registry->commit(user.id, options.name, files, options.message));
  const std::string label = label_of(version->number, commit.number);
  if (options.output == Output::Json) {
    std::cout << "{\"extension\":" << json_text(options.name) << ",\"version\":" << version->number
              << ",\"commit\":" << commit.number << ",\"label\":" << json_text(label) << ",\"files\":" << commit.files
              << ",\"bytes\":" << commit.bytes << ",\"begun\":" << (begins ? "true" : "false") << "}\n";
    return ExitCode::Done;
  }
  if (begins) std::cout << "Version " << version->number << " begins.\n";
  std::cout << options.name << ' ' << label << " runs in development: " << commit.files << " files, " << commit.bytes
            << " bytes.\n";
  return ExitCode::Done;
}

ExitCode list_extensions(const ExtensionOptions& options) {
  const OpenRegistry open = open_registry(options.target, "extension list");
  const User user = user_named(*open.registry, options.user);
  std::vector<std::vector<std::string>> rows = {
      {"NAME", "TITLE", "DEVELOPER", "DEVELOPMENT", "REVISION", "PRODUCTION"}};
  std::string json;
  for (const Extension& extension : value_or_throw(open.registry->extensions(user.id))) {
    const auto versions = value_or_throw(open.registry->versions(user.id, extension.name));
    const auto owner = open.registry->find_user(extension.owner);
    std::vector<std::string> row = {extension.name, extension.title, owner ? owner->email : ""};
    json += (json.empty() ? "{" : ",{") + json_of(extension) + ",\"developer\":" + json_text(row[2]);
    for (const VersionStatus status : live_statuses) {
      row.push_back(shown(versions, status));
      json += "," + json_text(name_of(status)) + ":" + (row.back().empty() ? "null" : json_text(row.back()));
    }
    json += "}";
    rows.push_back(std::move(row));
  }
  if (options.output == Output::Json) {
    std::cout << "{\"extensions\":[" << json << "]}\n";
  } else {
    std::cout << (rows.size() > 1 ? table(rows) : "No extensions; `portico extension new` declares one.\n");
  }
  return ExitCode::Done;
}

ExitCode move_extension(const ExtensionOptions& options, const std::string& transition) {
  const OpenRegistry open = open_registry(options.target, "extension " + transition);
  const User user = user_named(*open.registry, options.user);
  const platform::LifeStep& step = platform::step_of(platform::find_transition(transition).value());
  int number = options.version;
  if (number == 0) {
    const auto version = version_in(*open.registry, user, options.name, step.from);
    if (!version) {
      throw std::runtime_error(options.name + " has no version in " + std::string(name_of(step.from)) + " to " +
                               transition);
    }
    number = version->number;
  }
  const Version moved =
      value_or_throw(open.registry->move(user.id, options.name, number, step.transition, options.reason));
  if (options.output == Output::Json) {
    std::cout << "{\"extension\":" << json_text(options.name) << ",\"version\":" << moved.number
              << ",\"status\":" << json_text(name_of(moved.status)) << ",\"words\":" << json_text(moved.words)
              << ",\"changed\":" << json_text(base::format_timestamp(moved.changed)) << "}\n";
  } else {
    std::cout << options.name << ' ' << label_of(moved.number, moved.running) << where(moved.status) << '\n';
  }
  return ExitCode::Done;
}

}  // namespace portico::app
