#include <algorithm>

#include "base/text.hpp"
#include "platform/archive.hpp"
#include "platform/endpoints.hpp"
#include "platform/json.hpp"
#include "platform/life_cycle.hpp"
#include "platform/show.hpp"

namespace portico::platform {
namespace {

using base::Document;
using base::Error;
using base::ErrorCode;
using base::Result;

/// The commit that a path names: version, commit.
struct Place {
  int version = 0;
  int commit = 0;
};

Result<Place> place_of(const Call& call) {
  const auto version = call.number(1);
  const auto commit = call.number(2);
  if (!version || !commit) return nothing_there();
  return Place{.version = *version, .commit = *commit};
}

}  // namespace

Result<Reply> add_commit(Call& call) {
  const auto number = call.number(1);
  if (!number) return number.error();
  const auto version = call.registry().find_version(call.actor(), call.arguments[0], *number);
  if (!version) return version.error();
  if (version->status != VersionStatus::Development) {
    return Error{.code = ErrorCode::Conflict,
                 .message = "Only a version in development takes commits, and this one is " +
                            standing_of(version->status) + "."};
  }
  const auto files = read_archive(call.inquiry.body, call.site.api->limits);
  if (!files) return files.error();
  const auto made =
      call.registry().commit(call.actor(), call.arguments[0], *files, call.parameter("message").value_or(""));
  if (!made) return made.error();
  return with_document(201, Show(call).commit(*number, *made));
}

Result<Reply> list_files(Call& call) {
  const auto place = place_of(call);
  if (!place) return place.error();
  const auto found = call.registry().files(call.actor(), call.arguments[0], place->version, place->commit);
  if (!found) return found.error();
  std::vector<Document> shown;
  for (const FileEntry& each : *found) {
    shown.push_back(json::object({{"path", json::text(each.path)},
                                  {"type", json::text(each.type)},
                                  {"hash", json::text(each.hash)},
                                  {"bytes", json::integer(each.bytes)}}));
  }
  return with_document(200, json::results(std::move(shown)));
}

/// Here, on the console's own origin, a foreign file is only ever text, or bytes to keep: nothing of it runs.
Result<Reply> show_file(Call& call) {
  const auto place = place_of(call);
  if (!place) return place.error();
  auto bytes =
      call.registry().file_bytes(call.actor(), call.arguments[0], place->version, place->commit, call.arguments[3]);
  if (!bytes) return std::move(bytes).error();
  Reply reply = empty_reply(200);
  const bool is_text = base::is_utf8(*bytes) && bytes->find('\0') == std::string::npos;
  reply.response.add("Content-Type", is_text ? "text/plain; charset=utf-8" : "application/octet-stream");
  const std::string_view name = std::string_view(call.arguments[3]).substr(call.arguments[3].rfind('/') + 1);
  reply.response.add("Content-Disposition", "attachment; filename*=UTF-8''" + base::percent_encoded(name));
  reply.response.body = std::move(*bytes);
  return reply;
}

}  // namespace portico::platform
