#include <algorithm>

#include "platform/endpoints.hpp"
#include "platform/json.hpp"
#include "platform/show.hpp"

namespace portico::platform {
namespace {

using base::Document;
using base::Result;

/// Whether what it is for can be run without asking again: its own version, while that runs, else the one that is in
/// production.
Coverage coverage_of(const Call& call, const Authorisation& authorisation) {
  const auto versions = call.registry().versions(call.actor(), authorisation.extension_name);
  if (!versions) return Coverage::Asks;
  const bool covered = std::any_of(versions->begin(), versions->end(), [&](const Version& version) {
    const bool runs = version.status != VersionStatus::Denied && version.status != VersionStatus::Down;
    return runs && admits(authorisation, version);
  });
  return covered ? Coverage::Covers : Coverage::Asks;
}

}  // namespace

Result<Reply> authorise_version(Call& call) {
  const auto number = call.number(1);
  if (!number) return number.error();
  json::Fields fields(call.body);
  const auto account = fields.required_text("account");
  if (auto read = fields.end(); !read) return std::move(read).error();
  const auto made = call.registry().authorise(call.actor(), call.arguments[0], *number, *account);
  if (!made) return made.error();
  return with_document(201, Show::authorisation(*made, Coverage::Covers));
}

Result<Reply> list_authorisations(Call& call) {
  std::vector<Document> shown;
  for (const Authorisation& each : call.registry().authorisations(call.actor())) {
    shown.push_back(Show::authorisation(each, coverage_of(call, each)));
  }
  return with_document(200, json::results(std::move(shown)));
}

Result<Reply> revoke_authorisation(Call& call) {
  if (auto revoked = call.registry().revoke(call.actor(), call.arguments[0]); !revoked) {
    return std::move(revoked).error();
  }
  return empty_reply(204);
}

}  // namespace portico::platform
