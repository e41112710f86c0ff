#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/api.hpp"

namespace portico::model {

struct ResourceDraft;

/// The two things that a scope lets an extension do with a resource. Neither contains the other.
enum class ScopeAccess : std::uint8_t { Read, Write };
[[nodiscard]] std::string_view name_of(ScopeAccess access);  ///< `read`, `write`

/// What an extension may ask for, a user agree to, and a token do (E2): `orders:read`.
struct ExtensionScope {
  std::string name;  ///< RESOURCE:ACCESS
  const Resource* resource = nullptr;
  ScopeAccess access = ScopeAccess::Read;
  std::vector<std::string> operations;  ///< as `operations:` names them, of any version; and `summary`, `files`
  std::vector<std::string> actions;     ///< Write: all that there are. Read: those whose state GET tells
  std::vector<std::string> also;        ///< scopes without which not all of it works: those of the rows above it, and
                                        ///< of the other resources whose rows it shows
  std::string description;              ///< the resource's, may be empty
};

/// All scopes that a description has, sorted by name. Resource::read_scope and write_scope are places in it. A
/// resource of which nothing can be read has no scope to read it; the same of what writes.
[[nodiscard]] std::vector<ExtensionScope> scopes_of(const Api& api);

/// For the loader: gives resources their scopes, and views those of the rows that they show. Once views, actions and
/// paths are there.
void assign_scopes(std::span<ResourceDraft> drafts, std::span<ResourceDraft> computed);

}  // namespace portico::model
