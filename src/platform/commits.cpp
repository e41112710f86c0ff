#include <algorithm>
#include <utility>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "platform/file_types.hpp"
#include "platform/input_rules.hpp"
#include "platform/registry_impl.hpp"
#include "platform/secrets.hpp"

namespace portico::platform {
namespace {

using base::ErrorCode;

constexpr std::string_view start_page = "index.html";

constexpr std::string_view find_content =
    "SELECT f.path, f.type, f.hash, f.bytes, b.content FROM portico_commit_files f JOIN portico_blobs b ON b.hash = "
    "f.hash WHERE f.version = $1 AND f.commit_number = $2 AND f.path = $3";

FileEntry entry_of(store::OwnRow& row) {
  return {.path = text_of(row.at(0)),
          .type = text_of(row.at(1)),
          .hash = text_of(row.at(2)),
          .bytes = integer_of(row.at(3))};
}

base::Error no_such_commit() {
  return refused(ErrorCode::NotFound, "There is no such commit.");
}

base::Error not_shown() {
  return refused(ErrorCode::Forbidden, "Only its developer and operators see an extension's files.");
}

/// A path that no file could have is nobody's: texts that a store could not hold are never asked for.
bool is_text(std::string_view path) {
  return base::is_utf8(path) && path.find('\0') == std::string_view::npos;
}

std::vector<base::Fault> faults_of(const std::vector<UploadedFile>& files, std::string_view message) {
  std::vector<base::Fault> faults;
  check_text(message, {.field = "message", .least = 0, .most = message_characters_max, .lines = Lines::Many}, faults);
  const bool starts =
      std::any_of(files.begin(), files.end(), [](const UploadedFile& file) { return file.path == start_page; });
  if (!starts) faults.push_back({.path = {"files"}, .message = "There must be an index.html, which is what runs."});
  for (const UploadedFile& file : files) {
    if (!is_text(file.path) || media_type_of(file.path).empty()) {
      faults.push_back({.path = {"files"}, .message = "A file has a name whose type is not served."});
    }
  }
  return faults;
}

/// The commit is there and the actor may see what is in it.
base::Result<Registry::Impl::SeenVersion> see_commit(const Registry::Impl& ground, std::string_view actor,
                                                     std::string_view name, std::pair<int, int> number) {
  auto seen = ground.see_version(actor, name, number.first);
  if (!seen) return seen;
  if (!seen->sees_all()) return not_shown();
  if (!ground.first("SELECT 1 FROM portico_commits WHERE version = $1 AND number = $2",
                    {seen->version.id, std::int64_t{number.second}})) {
    return no_such_commit();
  }
  return seen;
}

}  // namespace

Commit Registry::Impl::add_commit(const NewCommit& wanted, const std::vector<UploadedFile>& files) const {
  Commit commit{.version = std::string(wanted.version),
                .number = wanted.number,
                .message = std::string(wanted.message),
                .author = std::string(wanted.author),
                .created = now(),
                .files = static_cast<std::int64_t>(files.size()),
                .bytes = 0};
  for (const UploadedFile& file : files) commit.bytes += static_cast<std::int64_t>(file.bytes.size());
  run("INSERT INTO portico_commits(version, number, message, author, created, files, bytes) VALUES ($1, $2, $3, $4, "
      "$5, "
      "$6, $7)",
      {commit.version, std::int64_t{commit.number}, commit.message, commit.author, commit.created, commit.files,
       commit.bytes});
  for (const UploadedFile& file : files) {
    const std::string hash = hash_of(file.bytes);
    // What is there already is not sent to the database again.
    if (!first("SELECT 1 FROM portico_blobs WHERE hash = $1", {hash})) {
      run("INSERT INTO portico_blobs(hash, content) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
          {hash, store::Bytes{file.bytes}});
    }
    run("INSERT INTO portico_commit_files(version, commit_number, path, type, hash, bytes) VALUES ($1, $2, $3, $4, "
        "$5, "
        "$6)",
        {commit.version, std::int64_t{commit.number}, file.path, bound(media_type_of(file.path)), hash,
         static_cast<std::int64_t>(file.bytes.size())});
  }
  return commit;
}

base::Result<Commit> Registry::commit(std::string_view actor, std::string_view name,
                                      const std::vector<UploadedFile>& files, std::string_view message) {
  return impl_->transact([&]() -> base::Result<Commit> {
    const auto seen = impl_->own(actor, name);
    if (!seen) return seen.error();
    auto faults = faults_of(files, message);
    if (!faults.empty()) return invalid(std::move(faults));
    const auto version = impl_->version_in(seen->extension.id, VersionStatus::Development);
    if (!version) return refused(ErrorCode::Conflict, "No version is in development; begin one first.");
    const auto last = impl_->first("SELECT max(number) FROM portico_commits WHERE version = $1", {version->id});
    const std::int64_t number = integer_of(last->at(0)) + 1;
    if (number > static_cast<std::int64_t>(impl_->rules.limits.extension_commits)) {
      return refused(ErrorCode::Conflict, "The version has as many commits as one may have.");
    }
    Commit commit = impl_->add_commit(
        {.version = version->id, .number = static_cast<int>(number), .author = seen->user.id, .message = message},
        files);
    impl_->run("UPDATE portico_versions SET running = $2 WHERE id = $1", {version->id, number});
    impl_->audit({.actor = actor,
                  .action = "commit",
                  .extension = seen->extension.id,
                  .version = version->id,
                  .to = said(std::to_string(version->number), ".", std::to_string(number)),
                  .reason = message});
    return commit;
  });
}

base::Result<std::vector<Commit>> Registry::commits(std::string_view actor, std::string_view name, int number) {
  const auto seen = impl_->see_version(actor, name, number);
  if (!seen) return seen.error();
  if (!seen->sees_all()) return not_shown();
  auto answer = impl_->run(
      "SELECT version, number, message, author, created, files, bytes FROM portico_commits WHERE version = $1 ORDER "
      "BY "
      "number DESC",
      {seen->version.id});
  std::vector<Commit> commits;
  commits.reserve(answer.rows.size());
  for (store::OwnRow& row : answer.rows) {
    commits.push_back({.version = text_of(row.at(0)),
                       .number = static_cast<int>(integer_of(row.at(1))),
                       .message = text_of(row.at(2)),
                       .author = text_of(row.at(3)),
                       .created = integer_of(row.at(4)),
                       .files = integer_of(row.at(5)),
                       .bytes = integer_of(row.at(6))});
  }
  return commits;
}

base::Result<std::vector<FileEntry>> Registry::files(std::string_view actor, std::string_view name, int number,
                                                     int commit) {
  const auto seen = see_commit(*impl_, actor, name, {number, commit});
  if (!seen) return seen.error();
  auto answer = impl_->run(
      "SELECT path, type, hash, bytes FROM portico_commit_files WHERE version = $1 AND commit_number = $2 ORDER BY "
      "path",
      {seen->version.id, std::int64_t{commit}});
  std::vector<FileEntry> entries;
  entries.reserve(answer.rows.size());
  for (store::OwnRow& row : answer.rows) entries.push_back(entry_of(row));
  return entries;
}

base::Result<std::string> Registry::file_bytes(std::string_view actor, std::string_view name, int number, int commit,
                                               std::string_view path) {
  const auto seen = see_commit(*impl_, actor, name, {number, commit});
  if (!seen) return seen.error();
  const base::Error nothing = refused(ErrorCode::NotFound, "There is no such file.");
  if (!is_text(path)) return nothing;
  auto row = impl_->first(find_content, {seen->version.id, std::int64_t{commit}, bound(path)});
  if (!row) return nothing;
  return std::move(std::get<store::Bytes>(row->at(4)).bytes);
}

std::optional<Registry::ServedFile> Registry::served_file(const Version& version, std::string_view path) {
  if (!is_text(path)) return std::nullopt;
  auto row = impl_->first(find_content, {version.id, std::int64_t{version.running}, bound(path)});
  if (!row) return std::nullopt;
  return ServedFile{.entry = entry_of(*row), .bytes = std::move(std::get<store::Bytes>(row->at(4)).bytes)};
}

}  // namespace portico::platform
