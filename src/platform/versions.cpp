#include <utility>

#include "base/ids.hpp"
#include "platform/input_rules.hpp"
#include "platform/life_cycle.hpp"
#include "platform/registry_impl.hpp"

namespace portico::platform {
namespace {

using base::ErrorCode;
using SeenVersion = Registry::Impl::SeenVersion;

std::string label_of(int number, int commit) {
  return said(std::to_string(number), ".", std::to_string(commit));
}

base::Error stands_elsewhere(const Version& version, VersionStatus wanted) {
  return refused(ErrorCode::Conflict, said("Version ", std::to_string(version.number), " is ",
                                           standing_of(version.status), ", not ", standing_of(wanted), "."));
}

base::Error occupied(VersionStatus status) {
  return refused(ErrorCode::Conflict,
                 said("Another version of this extension is in ", std::string(name_of(status)), " already."));
}

/// As a verb: a version is taken down.
std::string_view deed_of(Transition transition) {
  return transition == Transition::Down ? "take down" : name_of(transition);
}

std::string who_may(const LifeStep& step) {
  switch (step.who) {
    case Mover::Developer:
      return "Only its developer may";
    case Mover::Operator:
      return "Only an operator may";
    case Mover::Either:
      return "Only its developer or an operator may";
  }
  return {};
}

/// Moves it where it still stands as it was seen.
base::Status set_status(const Registry::Impl& ground, const Version& version, VersionStatus to,
                        const std::string& words) {
  const auto moved = ground.attempt(
      "UPDATE portico_versions SET status = $2, words = $3, changed = $4 WHERE id = $1 AND status = $5",
      {version.id, bound(name_of(to)), words, ground.now(), bound(name_of(version.status))});
  if (moved.refusal == store::OwnRefusal::Unique) return occupied(to);
  if (moved.changed == 0) return stands_elsewhere(version, version.status);
  return base::ok();
}

/// What was in production makes room for its follower.
base::Status follow(const Registry::Impl& ground, const SeenVersion& seen) {
  const auto before = ground.version_in(seen.extension.id, VersionStatus::Production);
  if (!before) return base::ok();
  const std::string words = said("Followed by version ", std::to_string(seen.version.number), ".");
  auto down = set_status(ground, *before, VersionStatus::Down, words);
  if (!down) return down;
  ground.audit({.actor = seen.user.id,
                .action = name_of(Transition::Down),
                .extension = seen.extension.id,
                .version = before->id,
                .from = std::string(name_of(VersionStatus::Production)),
                .to = std::string(name_of(VersionStatus::Down)),
                .reason = words});
  return base::ok();
}

base::Status take(const Registry::Impl& ground, const SeenVersion& seen, const LifeStep& step,
                  std::string_view reason) {
  if (!may_take(step, seen.user, seen.extension)) {
    return refused(ErrorCode::Forbidden,
                   said(who_may(step), " ", std::string(deed_of(step.transition)), " a version."));
  }
  if (seen.version.status != step.from) return stands_elsewhere(seen.version, step.from);
  std::vector<base::Fault> faults;
  check_text(reason,
             {.field = "reason",
              .least = step.reason == Reason::Needed ? 1U : 0U,
              .most = reason_characters_max,
              .lines = Lines::Many},
             faults);
  if (!faults.empty()) return invalid(std::move(faults));
  if (step.to == VersionStatus::Production) {
    if (auto followed = follow(ground, seen); !followed) return followed;
  }
  // The reviewer's last words stay while its developer sends it again.
  const std::string words = step.transition == Transition::Submit ? seen.version.words : std::string(reason);
  if (auto moved = set_status(ground, seen.version, step.to, words); !moved) return moved;
  ground.audit({.actor = seen.user.id,
                .action = name_of(step.transition),
                .extension = seen.extension.id,
                .version = seen.version.id,
                .from = std::string(name_of(step.from)),
                .to = std::string(name_of(step.to)),
                .reason = reason});
  return base::ok();
}

/// What changes of one column of a version, for the history.
struct Alteration {
  std::string_view action;
  std::string_view column;
  store::OwnValue value;
  std::string from;
  std::string to;
};

base::Status alter(const Registry::Impl& ground, const SeenVersion& seen, const Alteration& alteration) {
  if (alteration.from == alteration.to) return base::ok();
  const auto altered = ground.run(said("UPDATE portico_versions SET ", std::string(alteration.column),
                                       " = $2 WHERE id = $1 AND status = 'development'"),
                                  {seen.version.id, alteration.value});
  if (altered.changed == 0) return stands_elsewhere(seen.version, VersionStatus::Development);
  ground.audit({.actor = seen.user.id,
                .action = alteration.action,
                .extension = seen.extension.id,
                .version = seen.version.id,
                .from = alteration.from,
                .to = alteration.to});
  return base::ok();
}

/// What the change makes of the version; all faults at once.
base::Result<std::vector<Alteration>> alterations_of(const Registry::Impl& ground, const Version& version,
                                                     const VersionChange& change) {
  std::vector<Alteration> all;
  std::vector<base::Fault> faults;
  if (change.running) {
    if (!ground.first("SELECT 1 FROM portico_commits WHERE version = $1 AND number = $2",
                      {version.id, std::int64_t{*change.running}})) {
      faults.push_back({.path = {"running"}, .message = "The version has no commit of that number."});
    }
    all.push_back({.action = "run-commit",
                   .column = "running",
                   .value = std::int64_t{*change.running},
                   .from = label_of(version.number, version.running),
                   .to = label_of(version.number, *change.running)});
  }
  if (change.scopes) {
    const std::string scopes = listed(checked_scopes(*change.scopes, ground.rules.scopes, faults));
    all.push_back(
        {.action = "scopes", .column = "scopes", .value = scopes, .from = listed(version.scopes), .to = scopes});
  }
  if (change.hosts) {
    const std::string hosts = listed(checked_hosts(*change.hosts, faults));
    all.push_back({.action = "hosts", .column = "hosts", .value = hosts, .from = listed(version.hosts), .to = hosts});
  }
  if (!faults.empty()) return invalid(std::move(faults));
  return all;
}

}  // namespace

Version version_of(store::OwnRow& row, std::size_t from) {
  Version version;
  version.id = text_of(row.at(from));
  version.extension = text_of(row.at(from + 1));
  version.number = static_cast<int>(integer_of(row.at(from + 2)));
  version.status = find_status(text_of(row.at(from + 3))).value();
  version.running = static_cast<int>(integer_of(row.at(from + 4)));
  version.scopes = items_of(text_of(row.at(from + 5)));
  version.hosts = items_of(text_of(row.at(from + 6)));
  version.words = text_of(row.at(from + 7));
  version.created = integer_of(row.at(from + 8));
  version.changed = integer_of(row.at(from + 9));
  return version;
}

std::optional<Version> Registry::Impl::version_in(std::string_view extension, VersionStatus status) const {
  auto row = first(said("SELECT ", version_columns,
                        " FROM portico_versions v WHERE v.extension = $1 AND v.status = $2 ORDER BY v.number DESC"),
                   {bound(extension), bound(name_of(status))});
  if (!row) return std::nullopt;
  return version_of(*row);
}

std::vector<Version> Registry::Impl::versions_of(std::string_view extension) const {
  auto answer =
      run(said("SELECT ", version_columns, " FROM portico_versions v WHERE v.extension = $1 ORDER BY v.number DESC"),
          {bound(extension)});
  std::vector<Version> versions;
  versions.reserve(answer.rows.size());
  for (store::OwnRow& row : answer.rows) versions.push_back(version_of(row));
  return versions;
}

base::Result<SeenVersion> Registry::Impl::see_version(std::string_view actor, std::string_view name,
                                                      int number) const {
  auto seen = see(actor, name);
  if (!seen) return std::move(seen).error();
  const base::Error nothing = refused(ErrorCode::NotFound, std::string(no_such_version));
  auto row =
      first(said("SELECT ", version_columns, " FROM portico_versions v WHERE v.extension = $1 AND v.number = $2"),
            {seen->extension.id, std::int64_t{number}});
  if (!row) return nothing;
  Version version = version_of(*row);
  if (!seen->sees_all() && version.status != VersionStatus::Production) return nothing;
  SeenVersion all;
  static_cast<Seen&>(all) = *std::move(seen);
  all.version = std::move(version);
  return all;
}

base::Result<SeenVersion> Registry::Impl::own_in_development(std::string_view actor, std::string_view name,
                                                             int number) const {
  auto seen = see_version(actor, name, number);
  if (!seen) return seen;
  if (!seen->is_owner()) return refused(ErrorCode::Forbidden, "Only its developer may change an extension.");
  if (seen->version.status != VersionStatus::Development) {
    return stands_elsewhere(seen->version, VersionStatus::Development);
  }
  return seen;
}

base::Result<std::vector<Version>> Registry::versions(std::string_view actor, std::string_view name) {
  const auto seen = impl_->see(actor, name);
  if (!seen) return seen.error();
  if (seen->sees_all()) return impl_->versions_of(seen->extension.id);
  std::vector<Version> public_one;
  if (auto version = impl_->version_in(seen->extension.id, VersionStatus::Production)) {
    public_one.push_back(*std::move(version));
  }
  return public_one;
}

base::Result<Version> Registry::find_version(std::string_view actor, std::string_view name, int number) {
  auto seen = impl_->see_version(actor, name, number);
  if (!seen) return std::move(seen).error();
  return std::move(seen->version);
}

base::Result<Version> Registry::begin_version(std::string_view actor, std::string_view name) {
  return impl_->transact([&]() -> base::Result<Version> {
    const auto seen = impl_->own(actor, name);
    if (!seen) return seen.error();
    const Version newest = impl_->versions_of(seen->extension.id).at(0);
    const base::Microseconds now = impl_->now();
    const std::string id = base::make_id();
    const int number = newest.number + 1;
    const auto added = impl_->attempt(
        "INSERT INTO portico_versions(id, extension, number, status, running, scopes, hosts, words, created, "
        "changed) "
        "VALUES ($1, $2, $3, $4, 0, $5, $6, '', $7, $7)",
        {id, seen->extension.id, std::int64_t{number}, bound(name_of(VersionStatus::Development)),
         listed(newest.scopes), listed(newest.hosts), now});
    if (added.refusal == store::OwnRefusal::Unique) return occupied(VersionStatus::Development);
    const std::string from = label_of(newest.number, newest.running);
    impl_->run(
        "INSERT INTO portico_commits(version, number, message, author, created, files, bytes) SELECT $1, 0, $2, $3, "
        "$4, files, bytes FROM portico_commits WHERE version = $5 AND number = $6",
        {id, said("As ", from), seen->user.id, now, newest.id, std::int64_t{newest.running}});
    impl_->run(
        "INSERT INTO portico_commit_files(version, commit_number, path, type, hash, bytes) SELECT $1, 0, path, type, "
        "hash, bytes FROM portico_commit_files WHERE version = $2 AND commit_number = $3",
        {id, newest.id, std::int64_t{newest.running}});
    impl_->audit({.actor = actor,
                  .action = "begin-version",
                  .extension = seen->extension.id,
                  .version = id,
                  .from = from,
                  .to = label_of(number, 0)});
    return impl_->version_in(seen->extension.id, VersionStatus::Development).value();
  });
}

base::Status Registry::change_version(std::string_view actor, std::string_view name, int number,
                                      const VersionChange& change) {
  return impl_->transact([&]() -> base::Status {
    const auto seen = impl_->own_in_development(actor, name, number);
    if (!seen) return seen.error();
    const auto alterations = alterations_of(*impl_, seen->version, change);
    if (!alterations) return alterations.error();
    for (const Alteration& alteration : *alterations) {
      if (auto altered = alter(*impl_, *seen, alteration); !altered) return altered;
    }
    return base::ok();
  });
}

base::Result<Version> Registry::move(std::string_view actor, std::string_view name, int number, Transition transition,
                                     std::string_view reason) {
  return impl_->transact([&]() -> base::Result<Version> {
    auto seen = impl_->see_version(actor, name, number);
    if (!seen) return std::move(seen).error();
    if (auto taken = take(*impl_, *seen, step_of(transition), reason); !taken) return std::move(taken).error();
    return std::move(impl_->see_version(actor, name, number).value().version);
  });
}

std::vector<Transition> Registry::transitions(const User& user, const Extension& extension,
                                              const Version& version) const {
  std::vector<Transition> all;
  for (const LifeStep& step : life_cycle()) {
    if (step.from == version.status && may_take(step, user, extension)) all.push_back(step.transition);
  }
  return all;
}

base::Result<std::vector<std::pair<Extension, Version>>> Registry::review_queue(std::string_view actor) {
  const auto user = impl_->acting(actor);
  if (!user) return user.error();
  if (!user->has(Role::Operator)) return refused(ErrorCode::Forbidden, "Only operators review.");
  auto answer = impl_->run(said("SELECT ", extension_columns, ", ", version_columns,
                                " FROM portico_versions v JOIN portico_extensions e ON e.id = v.extension WHERE "
                                "v.status = 'revision' ORDER BY v.changed, e.name"));
  std::vector<std::pair<Extension, Version>> all;
  for (store::OwnRow& row : answer.rows) {
    Extension extension = extension_of(row);
    all.emplace_back(std::move(extension), version_of(row, 7));
  }
  return all;
}

std::optional<Version> Registry::served_version(std::string_view name, VersionStatus status) {
  if (!is_extension_name(name)) return std::nullopt;
  auto row =
      impl_->first(said("SELECT ", version_columns,
                        " FROM portico_versions v JOIN portico_extensions e ON e.id = v.extension WHERE e.name "
                        "= $1 AND v.status = $2 ORDER BY v.number DESC"),
                   {bound(name), bound(name_of(status))});
  if (!row) return std::nullopt;
  return version_of(*row);
}

}  // namespace portico::platform
