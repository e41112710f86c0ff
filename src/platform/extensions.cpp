#include <algorithm>
#include <array>
#include <utility>

#include "base/file_type.hpp"
#include "base/ids.hpp"
#include "platform/boilerplate.hpp"
#include "platform/input_rules.hpp"
#include "platform/registry_impl.hpp"

namespace portico::platform {
namespace {

using base::ErrorCode;

constexpr std::int64_t history_shown = 1'000;  // entries, the newest
constexpr std::string_view name_rule =
    "It must have 3 to 40 small letters, digits and single hyphens, begin with a letter and not end with a hyphen.";
constexpr std::array<base::FileType, 3> image_types = {base::FileType::Png, base::FileType::Jpeg,
                                                       base::FileType::Webp};

void check_words(std::string_view title, std::string_view description, std::vector<base::Fault>& faults) {
  check_text(title, {.field = "title", .least = 1, .most = title_characters_max}, faults);
  check_text(description,
             {.field = "description", .least = 0, .most = description_characters_max, .lines = Lines::Many}, faults);
}

std::vector<Extension> extensions_of(store::OwnAnswer answer) {
  std::vector<Extension> extensions;
  extensions.reserve(answer.rows.size());
  for (store::OwnRow& row : answer.rows) extensions.push_back(extension_of(row));
  return extensions;
}

/// An image's type is what its bytes are, and one that browsers show.
base::Status check_image(std::string_view type, std::string_view bytes, std::size_t bytes_max) {
  if (bytes.size() > bytes_max) {
    return refused(ErrorCode::BodyTooLarge, said("An image may have ", std::to_string(bytes_max), " bytes at most."));
  }
  const auto is = base::sniff_file_type(bytes);
  const bool taken = is && std::find(image_types.begin(), image_types.end(), *is) != image_types.end();
  if (!taken) return refused(ErrorCode::UnsupportedMediaType, "The image must be a PNG, a JPEG or a WebP file.");
  if (base::name_of(*is) != type) {
    return refused(ErrorCode::UnsupportedMediaType,
                   said("The image is sent as something else; it is ", std::string(base::name_of(*is)), "."));
  }
  return base::ok();
}

}  // namespace

Extension extension_of(store::OwnRow& row, std::size_t from) {
  return {.id = text_of(row.at(from)),
          .name = text_of(row.at(from + 1)),
          .title = text_of(row.at(from + 2)),
          .description = text_of(row.at(from + 3)),
          .image_type = text_of(row.at(from + 4)),
          .owner = text_of(row.at(from + 5)),
          .created = integer_of(row.at(from + 6))};
}

base::Result<Registry::Impl::Seen> Registry::Impl::see(std::string_view actor, std::string_view name) const {
  auto user = acting(actor);
  if (!user) return std::move(user).error();
  const base::Error nothing = refused(ErrorCode::NotFound, std::string(no_such_extension));
  if (!is_extension_name(name)) return nothing;
  auto row = first(said("SELECT ", extension_columns, " FROM portico_extensions e WHERE e.name = $1"), {bound(name)});
  if (!row) return nothing;
  Seen seen{.user = *std::move(user), .extension = extension_of(*row)};
  if (!seen.sees_all() && !version_in(seen.extension.id, VersionStatus::Production)) return nothing;
  return seen;
}

base::Result<Registry::Impl::Seen> Registry::Impl::own(std::string_view actor, std::string_view name) const {
  auto seen = see(actor, name);
  if (!seen || seen->is_owner()) return seen;
  return refused(ErrorCode::Forbidden, "Only its developer may change an extension.");
}

void Registry::Impl::audit(const Entry& entry) const {
  run("INSERT INTO portico_audit(at, actor, action, extension, version, from_value, to_value, reason) VALUES ($1, "
      "$2, "
      "$3, $4, $5, $6, $7, $8)",
      {now(), bound(entry.actor), bound(entry.action), bound(entry.extension), bound(entry.version), entry.from,
       entry.to, bound(entry.reason)});
}

base::Result<Extension> Registry::declare(std::string_view actor, const NewExtension& wanted) {
  std::vector<base::Fault> faults;
  if (!is_extension_name(wanted.name)) faults.push_back({.path = {"name"}, .message = std::string(name_rule)});
  check_words(wanted.title, wanted.description, faults);
  if (!faults.empty()) return invalid(std::move(faults));
  return impl_->transact([&]() -> base::Result<Extension> {
    const auto user = impl_->acting(actor);
    if (!user) return user.error();
    if (!user->has(Role::Developer)) return refused(ErrorCode::Forbidden, "Only developers may have extensions.");
    const auto count = impl_->first("SELECT count(*) FROM portico_extensions WHERE owner = $1", {user->id});
    if (integer_of(count->at(0)) >= static_cast<std::int64_t>(impl_->rules.limits.developer_extensions)) {
      return refused(ErrorCode::Conflict, "You have as many extensions as a developer may have.");
    }
    const base::Microseconds now = impl_->now();
    const std::string id = base::make_id();
    const std::string version = base::make_id();
    const auto added = impl_->attempt(
        "INSERT INTO portico_extensions(id, name, title, description, image_type, owner, created) VALUES ($1, $2, "
        "$3, "
        "$4, '', $5, $6)",
        {id, wanted.name, wanted.title, wanted.description, user->id, now});
    if (added.refusal == store::OwnRefusal::Unique) {
      return base::Error{.code = ErrorCode::Conflict,
                         .message = said("The name `", wanted.name, "` is taken."),
                         .faults = {{.path = {"name"}, .message = "This name is taken."}}};
    }
    impl_->run(
        "INSERT INTO portico_versions(id, extension, number, status, running, scopes, hosts, words, created, "
        "changed) "
        "VALUES ($1, $2, 1, $3, 0, '', '', '', $4, $4)",
        {version, id, bound(name_of(VersionStatus::Development)), now});
    static_cast<void>(impl_->add_commit(
        {.version = version, .number = 0, .author = user->id, .message = "Boilerplate"}, boilerplate()));
    impl_->audit({.actor = user->id, .action = "declare", .extension = id, .version = version, .to = wanted.name});
    return Extension{.id = id,
                     .name = wanted.name,
                     .title = wanted.title,
                     .description = wanted.description,
                     .image_type = {},
                     .owner = user->id,
                     .created = now};
  });
}

base::Result<std::vector<Extension>> Registry::extensions(std::string_view actor) {
  const auto user = impl_->acting(actor);
  if (!user) return user.error();
  const std::string all = said("SELECT ", extension_columns, " FROM portico_extensions e");
  if (user->has(Role::Operator)) return extensions_of(impl_->run(all + " ORDER BY e.name"));
  return extensions_of(impl_->run(all + " WHERE e.owner = $1 ORDER BY e.name", {user->id}));
}

base::Result<Extension> Registry::find_extension(std::string_view actor, std::string_view name) {
  auto seen = impl_->see(actor, name);
  if (!seen) return std::move(seen).error();
  return std::move(seen->extension);
}

base::Status Registry::describe(std::string_view actor, const Extension& changed) {
  return impl_->transact([&]() -> base::Status {
    const auto seen = impl_->own(actor, changed.name);
    if (!seen) return seen.error();
    std::vector<base::Fault> faults;
    check_words(changed.title, changed.description, faults);
    if (!faults.empty()) return invalid(std::move(faults));
    impl_->run("UPDATE portico_extensions SET title = $2, description = $3 WHERE id = $1",
               {seen->extension.id, changed.title, changed.description});
    impl_->audit({.actor = actor,
                  .action = "describe",
                  .extension = seen->extension.id,
                  .from = seen->extension.title,
                  .to = changed.title});
    return base::ok();
  });
}

base::Status Registry::set_image(std::string_view actor, std::string_view name, std::string_view type,
                                 std::string_view bytes) {
  return impl_->transact([&]() -> base::Status {
    const auto seen = impl_->own(actor, name);
    if (!seen) return seen.error();
    const std::string before = seen->extension.image_type;
    if (bytes.empty()) {
      impl_->run("UPDATE portico_extensions SET image = NULL, image_type = '' WHERE id = $1", {seen->extension.id});
    } else {
      if (auto good = check_image(type, bytes, impl_->rules.limits.image_bytes); !good) return good;
      impl_->run("UPDATE portico_extensions SET image = $2, image_type = $3 WHERE id = $1",
                 {seen->extension.id, store::Bytes{std::string(bytes)}, bound(type)});
    }
    impl_->audit({.actor = actor,
                  .action = "image",
                  .extension = seen->extension.id,
                  .from = before,
                  .to = bytes.empty() ? std::string() : std::string(type)});
    return base::ok();
  });
}

std::optional<std::pair<std::string, std::string>> Registry::image(std::string_view name) {
  if (!is_extension_name(name)) return std::nullopt;
  auto row = impl_->first("SELECT image_type, image FROM portico_extensions WHERE name = $1 AND image IS NOT NULL",
                          {bound(name)});
  if (!row) return std::nullopt;
  return std::pair(text_of(row->at(0)), std::move(std::get<store::Bytes>(row->at(1)).bytes));
}

std::vector<std::pair<Extension, Version>> Registry::marketplace() {
  auto answer = impl_->run(said("SELECT ", extension_columns, ", ", version_columns,
                                " FROM portico_versions v JOIN portico_extensions e ON e.id = v.extension WHERE "
                                "v.status = 'production' ORDER BY e.name"));
  std::vector<std::pair<Extension, Version>> all;
  for (store::OwnRow& row : answer.rows) {
    Extension extension = extension_of(row);
    all.emplace_back(std::move(extension), version_of(row, 7));
  }
  return all;
}

base::Result<std::vector<AuditEntry>> Registry::history(std::string_view actor, std::string_view name) {
  const auto seen = impl_->see(actor, name);
  if (!seen) return seen.error();
  if (!seen->sees_all()) return refused(ErrorCode::Forbidden, "Only its developer and operators see its history.");
  auto answer = impl_->run(
      "SELECT at, actor, action, extension, version, from_value, to_value, reason FROM portico_audit WHERE extension "
      "= "
      "$1 ORDER BY sequence DESC LIMIT $2",
      {seen->extension.id, history_shown});
  std::vector<AuditEntry> entries;
  entries.reserve(answer.rows.size());
  for (store::OwnRow& row : answer.rows) {
    entries.push_back({.at = integer_of(row.at(0)),
                       .actor = text_of(row.at(1)),
                       .action = text_of(row.at(2)),
                       .extension = text_of(row.at(3)),
                       .version = text_of(row.at(4)),
                       .from = text_of(row.at(5)),
                       .to = text_of(row.at(6)),
                       .reason = text_of(row.at(7))});
  }
  return entries;
}

}  // namespace portico::platform
