#include "platform/endpoints.hpp"
#include "platform/json.hpp"
#include "platform/show.hpp"

namespace portico::platform {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

/// The extension and the version that a path names.
struct Named {
  Extension extension;
  Version version;
};

Result<Named> find_named(const Call& call) {
  auto extension = call.registry().find_extension(call.actor(), call.arguments[0]);
  if (!extension) return std::move(extension).error();
  const auto number = call.number(1);
  if (!number) return number.error();
  auto version = call.registry().find_version(call.actor(), call.arguments[0], *number);
  if (!version) return std::move(version).error();
  return Named{.extension = std::move(*extension), .version = std::move(*version)};
}

Result<Reply> reply_with(const Call& call, int status) {
  const auto named = find_named(call);
  if (!named) return named.error();
  return with_document(status, Show(call).version(named->extension, named->version));
}

}  // namespace

Result<Reply> begin_version(Call& call) {
  const auto extension = call.registry().find_extension(call.actor(), call.arguments[0]);
  if (!extension) return extension.error();
  const auto begun = call.registry().begin_version(call.actor(), call.arguments[0]);
  if (!begun) return begun.error();
  return with_document(201, Show(call).version(*extension, *begun));
}

Result<Reply> show_version(Call& call) {
  return reply_with(call, 200);
}

Result<Reply> change_version(Call& call) {
  const auto named = find_named(call);
  if (!named) return named.error();
  json::Fields fields(call.body);
  const auto running = fields.integer("running");
  VersionChange change{.running = std::nullopt, .scopes = fields.texts("scopes"), .hosts = fields.texts("hosts")};
  if (running) {
    change.running = static_cast<int>(*running);
    if (*change.running != *running) fields.blame("running", "There is no such commit.");
  }
  if (auto read = fields.end(); !read) return std::move(read).error();
  auto changed = call.registry().change_version(call.actor(), call.arguments[0], named->version.number, change);
  if (!changed) return std::move(changed).error();
  return reply_with(call, 200);
}

Result<Reply> move_version(Call& call) {
  const auto named = find_named(call);
  if (!named) return named.error();
  json::Fields fields(call.body);
  const auto name = fields.required_text("transition");
  const auto reason = fields.text("reason");
  const auto transition = name ? find_transition(*name) : std::nullopt;
  if (name && !transition) fields.blame("transition", "Must be submit, publish, return, deny or down.");
  if (auto read = fields.end(); !read) return std::move(read).error();
  const auto moved =
      call.registry().move(call.actor(), call.arguments[0], named->version.number, *transition, reason.value_or(""));
  if (!moved) return moved.error();
  return with_document(200, Show(call).version(named->extension, *moved));
}

}  // namespace portico::platform
