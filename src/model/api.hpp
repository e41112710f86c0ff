#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/time.hpp"
#include "model/resource.hpp"

namespace portico::model {

/// Production, or the sandbox: the same API on separate data (P5).
enum class Mode : std::uint8_t { Production, Sandbox };
[[nodiscard]] std::string_view name_of(Mode mode);

/// The rules of one API on the wire. A closed set; what follows from it is tables in `contract/` and `render/`.
enum class DialectKind : std::uint8_t { MediaType, CodeEnvelope };

/// Where an API's reference is, below its base: `/api/openapi.json` (E6). No resource can have such a name.
inline constexpr std::string_view reference_step = "openapi.json";

/// Resources served under one base path in one dialect.
struct Surface {
  std::string name;  ///< `partner`
  std::string base;  ///< `/`, or `/api`: begins with a slash, ends without one unless it is the root
  DialectKind dialect = DialectKind::MediaType;
  bool has_reference = true;  ///< everybody may read what it offers, at `BASE/openapi.json` (E6)
};

/// Whose the tables are, and where. `database:` in the description.
struct Database {
  bool existing = false;           ///< others made it: only read, never migrated; no sandbox, keys are kept elsewhere
  std::string schema = "portico";  ///< PostgreSQL: production's; the sandbox's is `SCHEMA_sandbox`
};

/// What holds for all webhooks. `webhooks:` in the description.
struct WebhookRules {
  std::vector<std::string> allow;    ///< addresses or CIDR ranges that are no public ones and may be targets
                                     ///< all the same
  std::chrono::seconds timeout{10};  ///< for one try, from looking the name up to the answer's end
  std::chrono::seconds give_up_after{259200};  ///< since the message was written
};

/// What holds for third parties' extensions: their pages, their tokens, the developer space. `extensions:` in the
/// description.
struct ExtensionRules {
  std::string host = "ext.localhost";       ///< pages run on `NAME.HOST`, `dev--NAME.HOST` and `rev--NAME.HOST`
  std::chrono::seconds run_token{600};      ///< for which a run's token is good; its page renews it (E2)
  std::chrono::seconds test_token{86'400};  ///< the same of a test token (E3)
  std::chrono::seconds session{43'200};     ///< for which someone stays signed in to the developer space
};

/// How much each key of a kind may ask of one process. One of `rates:`.
struct Rate {
  std::int64_t simultaneous = 0;     ///< requests at once; 0: any number
  std::int64_t requests = 0;         ///< what a full bucket holds; 0: no bucket
  std::chrono::seconds seconds{60};  ///< in which an empty bucket fills, evenly
  [[nodiscard]] bool limits_anything() const noexcept { return simultaneous > 0 || requests > 0; }
};

/// `rates:`, by the kind of key.
struct Rates {
  Rate private_keys;
  Rate public_keys;
  Rate extensions;  ///< of each authorisation, whatever number of tokens was made under it
  [[nodiscard]] bool limit_anything() const noexcept {
    return private_keys.limits_anything() || public_keys.limits_anything() || extensions.limits_anything();
  }
};

/// Where a private key gets access tokens (RFC 6749 §4.4). `oauth:`.
struct TokenIssue {
  std::string path = "/oauth/token";   ///< beside the surfaces: in no version, under no base
  std::chrono::seconds seconds{3600};  ///< for which a token is good
};

/// What `api.yaml` says, checked. Immutable; shared between threads as std::shared_ptr<const Api>.
struct Api {
  std::string vendor;                        ///< `aplazame`: lower-case letters, digits, `.` and `-`
  std::vector<int> versions;                 ///< ascending, without gaps or repeats; the last is the latest
  std::string public_url;                    ///< without a trailing slash; empty: from the request (P12)
  std::vector<std::string> trusted_proxies;  ///< addresses or CIDR ranges whose X-Forwarded-* are believed (P12)
  base::TimeZone time_zone = base::TimeZone::utc();
  base::Limits limits;
  std::vector<Surface> surfaces;
  std::vector<std::unique_ptr<const Resource>> resources;
  std::vector<std::unique_ptr<const Resource>> computed;  ///< those without rows; find_resource finds none of them
  const Resource* accounts = nullptr;  ///< the resource whose rows are the tenants; null: `accounts: none`, where an
                                       ///< account is only a name, and owner columns hold it
  Database database;
  WebhookRules webhooks;
  Rates rates;
  std::optional<TokenIssue> oauth;  ///< none: no access tokens are issued
  std::optional<ExtensionRules>
      extensions;  ///< none: there is no developer space, and no API that takes their tokens
  std::string description;

  [[nodiscard]] int latest_version() const { return versions.back(); }
  /// P5; a database that others made has none.
  [[nodiscard]] bool has_sandbox() const { return !database.existing; }
  /// Whether any resource has one.
  [[nodiscard]] bool has_webhooks() const;
  /// Whether that API takes the tokens of extensions, and nothing else: the dialect code-envelope, with
  /// `extensions:`.
  [[nodiscard]] bool is_for_extensions(const Surface& surface) const;
  /// The first one that is; null without `extensions:`.
  [[nodiscard]] const Surface* extension_surface() const;
  /// The resource of that name, or null.
  [[nodiscard]] const Resource* find_resource(std::string_view name) const;
  /// `version` must be one of `versions`.
  [[nodiscard]] const View& view(const Resource& resource, int version) const;
};

}  // namespace portico::model
