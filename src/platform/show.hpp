#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/document.hpp"
#include "platform/call.hpp"

namespace portico::platform {

/// Whether a run of what stands in a version's place now would not ask again.
enum class Coverage : bool { Asks, Covers };

/// What the developer space shows of users, extensions, versions, commits and authorisations, as the caller may see
/// them. Asks the registry for what belongs to them, people once each; for one call, on its worker.
class Show {
 public:
  explicit Show(const Call& call) : call_(call) {}

  [[nodiscard]] base::Document person(const std::string& user);  ///< `{id, name}`
  [[nodiscard]] base::Document extension(const Extension& extension);
  /// The same, and further members behind its own.
  [[nodiscard]] base::Document extension(const Extension& extension, std::vector<base::Member> more);
  /// The extension with all of its versions, newest first.
  [[nodiscard]] base::Document extension_with_versions(const Extension& extension);
  [[nodiscard]] base::Document version(const Extension& extension, const Version& version);
  [[nodiscard]] base::Document commit(int version, const Commit& commit);
  /// Those of the caller for that extension; `version`: what they are to cover.
  [[nodiscard]] base::Document authorisations(const Extension& extension, const Version& version);
  [[nodiscard]] static base::Document authorisation(const Authorisation& authorisation, Coverage coverage);

 private:
  base::Document extension(const Extension& extension, const std::vector<Version>& versions,
                           std::vector<base::Member> more);
  [[nodiscard]] base::Document open_transitions(const Extension& extension, const Version& version) const;
  const std::vector<Authorisation>& authorised();

  const Call& call_;
  std::map<std::string, std::string> names_;              // user id -> name
  std::optional<std::vector<Authorisation>> authorised_;  // the caller's
};

}  // namespace portico::platform
