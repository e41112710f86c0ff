#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace portico::store {

/// What accounts sign the messages with that webhooks send: kept beside the keys, as it is, since it must be known to
/// sign. Waits for what it asks; one thread at a time. Two implementations: SqliteWebhookSecrets and
/// PostgresWebhookSecrets. Every function throws std::runtime_error (SqliteError, PostgresError) where the secrets
/// cannot be read or written.
class WebhookSecrets {
 public:
  virtual ~WebhookSecrets() = default;
  WebhookSecrets(const WebhookSecrets&) = delete;
  WebhookSecrets& operator=(const WebhookSecrets&) = delete;

  [[nodiscard]] virtual std::optional<std::string> find(std::string_view account) const = 0;
  /// A random secret for an account that has none; durable when it returns, and the same for all who ask at once.
  [[nodiscard]] virtual std::string find_or_make(std::string_view account, base::Microseconds now) = 0;
  /// A new one in place of the old, from now on.
  [[nodiscard]] virtual std::string rotate(std::string_view account, base::Microseconds now) = 0;

 protected:
  WebhookSecrets() = default;
};

/// `webhook_` and 64 hex digits, 256 random bits.
[[nodiscard]] std::string new_webhook_secret();

/// In a directory's `access.db`, where they get a table when one is first made.
[[nodiscard]] std::unique_ptr<WebhookSecrets> open_sqlite_webhook_secrets(const std::filesystem::path& directory);

/// In the schema of keys of a PostgreSQL database; `schema` as Api::database names it.
[[nodiscard]] std::unique_ptr<WebhookSecrets> open_postgres_webhook_secrets(const std::string& address,
                                                                            std::string_view schema);
/// Its table, quoted and with its schema: `"portico_access"."webhook_secrets"`.
[[nodiscard]] std::string webhook_secrets_table(std::string_view schema);
/// The statements that make the schema and the table where they are missing, in order.
[[nodiscard]] std::vector<std::string> webhook_secrets_table_sql(std::string_view schema);

}  // namespace portico::store
