#include "platform/show.hpp"

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "platform/json.hpp"

namespace portico::platform {
namespace {

using base::Document;
using base::Member;

std::string label(int version, int commit) {
  return std::to_string(version) + '.' + std::to_string(commit);
}

/// The number of the version that stands so, or null.
Document standing(const std::vector<Version>& versions, VersionStatus status) {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [&](const Version& version) { return version.status == status; });
  return found == versions.end() ? json::null() : json::integer(found->number);
}

Document image_url(const Extension& extension) {
  if (extension.image_type.empty()) return json::null();
  return json::text(std::string(space_path) + "/extensions/" + base::percent_encoded(extension.name) + "/image");
}

}  // namespace

Document Show::person(const std::string& user) {
  const auto [place, is_new] = names_.try_emplace(user);
  if (is_new) {
    const auto found = call_.registry().find_user(user);
    if (found) place->second = found->name;
  }
  return json::object({{"id", json::text(user)}, {"name", json::text(place->second)}});
}

Document Show::extension(const Extension& extension) {
  return this->extension(extension, std::vector<Member>{});
}

Document Show::extension(const Extension& extension, std::vector<Member> more) {
  const auto versions = call_.registry().versions(call_.actor(), extension.name);
  return this->extension(extension, versions ? *versions : std::vector<Version>{}, std::move(more));
}

Document Show::extension(const Extension& extension, const std::vector<Version>& versions, std::vector<Member> more) {
  std::vector<Member> members = {
      {"id", json::text(extension.id)},
      {"name", json::text(extension.name)},
      {"title", json::text(extension.title)},
      {"description", json::text(extension.description)},
      {"image", image_url(extension)},
      {"owner", person(extension.owner)},
      {"created", json::instant(extension.created)},
      {"status", json::object({{"development", standing(versions, VersionStatus::Development)},
                               {"revision", standing(versions, VersionStatus::Revision)},
                               {"production", standing(versions, VersionStatus::Production)}})}};
  std::move(more.begin(), more.end(), std::back_inserter(members));
  return json::object(std::move(members));
}

Document Show::extension_with_versions(const Extension& extension) {
  const auto versions = call_.registry().versions(call_.actor(), extension.name);
  const std::vector<Version> known = versions ? *versions : std::vector<Version>{};
  std::vector<Document> shown;
  for (const Version& each : known) shown.push_back(version(extension, each));
  return this->extension(extension, known, {{"versions", json::list(std::move(shown))}});
}

Document Show::version(const Extension& extension, const Version& version) {
  std::vector<Document> commits;
  if (const auto made = call_.registry().commits(call_.actor(), extension.name, version.number)) {
    for (const Commit& each : *made) commits.push_back(commit(version.number, each));
  }
  return json::object({{"number", json::integer(version.number)},
                       {"label", json::text(label(version.number, version.running))},
                       {"status", json::text(name_of(version.status))},
                       {"running", json::integer(version.running)},
                       {"scopes", json::texts(version.scopes)},
                       {"hosts", json::texts(version.hosts)},
                       {"words", json::text(version.words)},
                       {"created", json::instant(version.created)},
                       {"changed", json::instant(version.changed)},
                       {"commits", json::list(std::move(commits))},
                       {"authorisations", authorisations(extension, version)},
                       {"transitions", open_transitions(extension, version)}});
}

Document Show::open_transitions(const Extension& extension, const Version& version) const {
  std::vector<Document> open;
  for (const Transition each : call_.registry().transitions(call_.user, extension, version)) {
    open.push_back(json::text(name_of(each)));
  }
  return json::list(std::move(open));
}

Document Show::commit(int version, const Commit& commit) {
  return json::object({{"number", json::integer(commit.number)},
                       {"label", json::text(label(version, commit.number))},
                       {"message", json::text(commit.message)},
                       {"author", person(commit.author)},
                       {"created", json::instant(commit.created)},
                       {"files", json::integer(commit.files)},
                       {"bytes", json::integer(commit.bytes)}});
}

const std::vector<Authorisation>& Show::authorised() {
  if (!authorised_) authorised_ = call_.registry().authorisations(call_.actor());
  return *authorised_;
}

Document Show::authorisations(const Extension& extension, const Version& version) {
  std::vector<Document> shown;
  for (const Authorisation& each : authorised()) {
    if (each.extension != extension.id) continue;
    shown.push_back(authorisation(each, admits(each, version) ? Coverage::Covers : Coverage::Asks));
  }
  return json::list(std::move(shown));
}

Document Show::authorisation(const Authorisation& authorisation, Coverage coverage) {
  return json::object({{"id", json::text(authorisation.id)},
                       {"account", json::text(authorisation.account)},
                       {"extension", json::text(authorisation.extension_name)},
                       {"version", json::integer(authorisation.version_number)},
                       {"scopes", json::texts(authorisation.scopes)},
                       {"hosts", json::texts(authorisation.hosts)},
                       {"created", json::instant(authorisation.created)},
                       {"covers", json::boolean(coverage == Coverage::Covers)}});
}

}  // namespace portico::platform
