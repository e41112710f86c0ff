#include "server/prepare_change.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "access/grant.hpp"
#include "http/read_date.hpp"
#include "render/entity_tag.hpp"
#include "server/fingerprint.hpp"
#include "server/list_field.hpp"
#include "server/present_change.hpp"

namespace portico::server {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t key_characters_max = 255;

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char character) { return character > ' ' && character < '\x7F'; });
}

/// The key that the client chose; empty: none. Several fields are no list: which of them would count?
base::Result<std::string> idempotency_key(const http::Request& request) {
  std::optional<std::string_view> key;
  for (const http::HeaderField& field : request.fields) {
    if (!http::same_name(field.name, "Idempotency-Key")) continue;
    if (key) {
      return Error{.code = ErrorCode::MalformedRequest,
                   .message = "There are several Idempotency-Key fields; send one."};
    }
    key = field.value;
  }
  if (!key) return std::string();
  if (key->empty() || key->size() > key_characters_max || !is_visible_ascii(*key)) {
    return Error{.code = ErrorCode::MalformedRequest,
                 .message = "An Idempotency-Key consists of 1 to " + std::to_string(key_characters_max) +
                            " visible ASCII characters, without spaces."};
  }
  return std::string(*key);
}

/// The tags of a condition; empty: there is no such field. One that is there and says nothing would make a change
/// that was to depend on something unconditional.
base::Result<std::string> condition(const http::Request& request, std::string_view name) {
  std::string joined;
  const std::string_view tags = list_field(request, name, joined);
  if (tags.data() != nullptr && tags.empty()) {
    return Error{.code = ErrorCode::MalformedRequest,
                 .message = std::string(name) + " is empty; name entity tags, or '*'."};
  }
  return std::string(tags);
}

/// What has a collection for its target (RFC 9110 §7.1). Of its representations, pages, each has a tag of its own,
/// and none stands for all of it: that the collection is there, `*`, is what its changes can depend on.
base::Status check_condition_of_collection(std::string_view name, std::string_view tags) {
  if (tags.empty() || tags == "*") return base::ok();
  return Error{.code = ErrorCode::MalformedRequest,
               .message = std::string(name) +
                          " on a collection takes '*' alone; entity tags are conditions of single objects."};
}

/// What a change depends on beside what it does.
struct Wishes {
  std::string key;
  std::string if_match;
  std::string if_none_match;
};

base::Result<Wishes> wishes_of(const http::Request& request, model::OperationKind kind) {
  auto key = idempotency_key(request);
  if (!key) return std::move(key).error();
  auto if_match = condition(request, "If-Match");
  if (!if_match) return std::move(if_match).error();
  auto if_none_match = condition(request, "If-None-Match");
  if (!if_none_match) return std::move(if_none_match).error();
  if (kind == model::OperationKind::Create || kind == model::OperationKind::Clear) {
    base::Status fits = check_condition_of_collection("If-Match", *if_match);
    if (fits) fits = check_condition_of_collection("If-None-Match", *if_none_match);
    if (!fits) return std::move(fits).error();
  }
  return Wishes{std::move(*key), std::move(*if_match), std::move(*if_none_match)};
}

/// A key that a client chose is its own: those of an extension, per authorisation, are none of the account's. No
/// client's holds a space.
std::string kept_key(const std::string& chosen, const access::Principal& principal) {
  if (chosen.empty() || !access::is_of_extension(principal.kind)) return chosen;
  return principal.parent + " " + chosen;
}

/// The body as a file, where it is one: the change may outlive the request.
std::optional<change::NewFile> file_of(const operation::Change& operation) {
  if (!operation.file_body) return std::nullopt;
  const std::string_view bytes = operation.file_body->bytes;
  const std::string tag = render::entity_tag(bytes);
  return change::NewFile{
      .type = operation.file_body->type, .bytes = std::string(bytes), .entity_tag = tag.substr(1, tag.size() - 2)};
}

}  // namespace

operation::Change telling(operation::Retrieve state) {
  operation::Change change;
  change.resource = state.resource;
  change.kind = model::OperationKind::Retrieve;
  change.action = state.action;
  change.parents = std::move(state.parents);
  change.name = std::move(state.name);
  change.faults = std::move(state.faults);
  return change;
}

base::Result<std::shared_ptr<change::RequestedChange>> prepare_change(operation::Change operation,
                                                                      const ChangeOrigin& origin) {
  const http::Request& request = origin.origin.request;
  auto wishes = operation.kind == model::OperationKind::Retrieve ? Wishes() : wishes_of(request, operation.kind);
  if (!wishes) return std::move(wishes).error();
  const auto& publication = origin.publication;
  auto file = file_of(operation);
  const auto unmodified_since =
      operation.file ? http::read_date(request.field("If-Unmodified-Since")) : std::optional<std::int64_t>();
  return change::make_change({
      .api = {publication, &publication->api()},  // and so the planner
      .planner = publication->planner(),
      .operation = std::move(operation),
      .account = origin.principal.account,
      .version = origin.contract.version,
      .mode = origin.contract.mode,
      .now = base::now(),
      .if_match = std::move(wishes->if_match),
      .if_none_match = std::move(wishes->if_none_match),
      .if_unmodified_since = unmodified_since,
      .file = std::move(file),
      .idempotency_key = kept_key(wishes->key, origin.principal),
      .fingerprint = wishes->key.empty() ? "" : fingerprint_of(request, origin.origin.location, origin.contract),
      .presenter = make_presenter(publication, origin.contract, origin.origin),
  });
}

}  // namespace portico::server
