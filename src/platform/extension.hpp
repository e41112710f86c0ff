#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace portico::platform {

/// Where a version stands. At most one of an extension's is in Development, one in Revision and one in Production.
enum class VersionStatus : std::uint8_t {
  Development,  ///< its developer changes it
  Revision,     ///< an operator looks at it; nothing of it changes
  Production,   ///< in the marketplace
  Denied,       ///< an operator refused it for good
  Down,         ///< was in production; taken down, or followed by another
};
[[nodiscard]] std::string_view name_of(VersionStatus status);  ///< `development`, …
[[nodiscard]] std::optional<VersionStatus> find_status(std::string_view name);

/// What moves a version from one status to another.
enum class Transition : std::uint8_t {
  Submit,   ///< Development -> Revision, by its developer
  Publish,  ///< Revision -> Production, by an operator; what was in production goes Down
  Return,   ///< Revision -> Development, by an operator with what is to be corrected
  Deny,     ///< Revision -> Denied, by an operator, with the reason
  Down,     ///< Production -> Down, by an operator or its developer, with the reason
};
[[nodiscard]] std::string_view name_of(Transition transition);  ///< `submit`, `publish`, `return`, `deny`, `down`
[[nodiscard]] std::optional<Transition> find_transition(std::string_view name);

struct Extension {
  std::string id;     ///< 32 hex digits
  std::string name;   ///< its own part of host names: [a-z][a-z0-9-]{1,38}[a-z0-9], no `--`; unique
  std::string title;  ///< for people
  std::string description;
  std::string image_type;  ///< `image/png`, … ; empty: it has no image
  std::string owner;       ///< the developer's user id
  base::Microseconds created = 0;
};

struct Version {
  std::string id;
  std::string extension;  ///< the extension's id
  int number = 1;         ///< 1, 2, …; `number.commit` is what people call a commit: 1.0, 1.1
  VersionStatus status = VersionStatus::Development;
  int running = 0;                  ///< the number of the commit that runs
  std::vector<std::string> scopes;  ///< sorted; what it asks for: `orders:read`
  std::vector<std::string> hosts;   ///< sorted; origins that its pages may call: `https://tiles.example.com`
  std::string words;                ///< the reviewer's last ones, or the reason it is down; may be empty
  base::Microseconds created = 0;
  base::Microseconds changed = 0;  ///< of its status
};

struct Commit {
  std::string version;  ///< the version's id
  int number = 0;       ///< 0 is the boilerplate
  std::string message;
  std::string author;  ///< a user's id
  base::Microseconds created = 0;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
};

/// A file of a commit. Its bytes are kept once for all commits that hold them.
struct FileEntry {
  std::string path;  ///< `index.html`, `js/plot.js`: checked by archive rules; `/` between folders
  std::string type;  ///< media type, by its name and its bytes: `text/html; charset=utf-8`
  std::string hash;  ///< BLAKE2b-256 of the bytes, in hex
  std::int64_t bytes = 0;
};

struct UploadedFile {
  std::string path;
  std::string bytes;
};

/// That a user lets a version act for an account, as far as these scopes.
struct Authorisation {
  std::string id;
  std::string user;
  std::string account;
  std::string extension;
  std::string extension_name;
  std::string version;
  int version_number = 0;
  VersionStatus version_status = VersionStatus::Development;
  std::vector<std::string> scopes;  ///< what was agreed to
  std::vector<std::string> hosts;   ///< the same
  base::Microseconds created = 0;
  std::optional<base::Microseconds> revoked = {};
};

/// Whether all that the version asks for was agreed to.
[[nodiscard]] bool covers(const Authorisation& authorisation, const Version& version);

/// Whether the version may run under it without asking again: it is for that version, or for an earlier one where
/// this one is in production, and covers it. Both are of one extension.
[[nodiscard]] bool admits(const Authorisation& authorisation, const Version& version);

/// Of an extension's history. Kept for ever.
struct AuditEntry {
  base::Microseconds at = 0;
  std::string actor;  ///< a user's id
  /// `declare`, `describe`, `image`, `begin-version`, `commit`, `run-commit`, `scopes`, `hosts`, `authorise`,
  /// `revoke`, `test-token`, or a transition's name.
  std::string action;
  std::string extension;
  std::string version;  ///< may be empty
  std::string from;     ///< a status or a value; may be empty
  std::string to;
  std::string reason;  ///< in the actor's words; may be empty
};

}  // namespace portico::platform
