#include <iostream>
#include <stdexcept>

#include "access/key.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/cli/terminal.hpp"
#include "app/store_location.hpp"
#include "base/time.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::app {
namespace {

bool has_account(const model::Api& api, const std::filesystem::path& file, const std::string& id) {
  store::SqliteConnection connection(file, {.mode = store::OpenMode::ReadOnly});
  store::SqliteStatement found(
      connection, "SELECT 1 FROM " + store::quoted_name(api.accounts->table) + " WHERE " +
                      store::quoted_name(api.accounts->leaves[api.accounts->key.front()].column) + " = ?");
  found.bind_text(1, id);
  return found.step();
}

/// A key for an account that does not exist would open nothing; where it is good, the account must be.
void require_account(const KeysOptions& options, access::KeyModes modes) {
  const auto api = load_description(options.target.description);
  const auto directory = existing_store(options.target.store);
  for (const model::Mode mode : {model::Mode::Production, model::Mode::Sandbox}) {
    if (!access::works_in(modes, mode)) continue;
    if (has_account(*api, store::database_file(directory, mode), options.account)) continue;
    throw std::runtime_error("there is no row '" + options.account + "' in " + api->accounts->name + " of the " +
                             std::string(model::name_of(mode)) + " database; `--account` is the id of one");
  }
}

std::optional<base::Microseconds> expiry_of(const KeysOptions& options) {
  if (options.expires.empty()) return std::nullopt;
  const auto instant = base::parse_timestamp(options.expires, base::TimeZone::utc());
  if (!instant) throw std::runtime_error("--expires " + options.expires + ": write it as 2030-01-31T00:00:00Z");
  return instant;
}

std::string shown(const std::optional<base::Microseconds>& instant) {
  return instant ? base::format_timestamp(*instant) : std::string();
}

std::string json_of(const access::KeyRecord& key) {
  const auto instant = [](const std::optional<base::Microseconds>& value) {
    return value ? json_text(base::format_timestamp(*value)) : std::string("null");
  };
  return "\"id\":" + json_text(key.id) + ",\"account\":" + json_text(key.account) +
         ",\"kind\":" + json_text(access::name_of(key.kind)) + ",\"mode\":" + json_text(access::name_of(key.modes)) +
         ",\"label\":" + json_text(key.label) + ",\"created\":" + instant(key.created) +
         ",\"expires\":" + instant(key.expires) + ",\"revoked\":" + instant(key.revoked);
}

void print_new(const access::NewKey& made, Output output) {
  if (output == Output::Json) {
    std::cout << "{\"token\":" << json_text(made.token) << ',' << json_of(made.record) << "}\n";
    return;
  }
  std::cout << made.token << '\n';
  std::cerr << "A " << access::name_of(made.record.kind) << " key of account " << made.record.account << ", id "
            << made.record.id << ". It is not shown again: keep it now.\n";
}

access::KeyRecord known_key(const store::KeyRegistry& registry, const std::string& id) {
  auto key = registry.find(id);
  if (!key) throw std::runtime_error("there is no key '" + id + "'; `portico keys list` shows their ids");
  if (key->revoked) throw std::runtime_error("key " + id + " was revoked at " + shown(key->revoked) + " already");
  return std::move(*key);
}

}  // namespace

ExitCode create_key(const KeysOptions& options) {
  const access::KeyModes modes = access::find_modes(options.mode).value();
  require_account(options, modes);
  const access::NewKey made = access::make_key({.account = options.account,
                                                .kind = access::find_kind(options.kind).value(),
                                                .modes = modes,
                                                .label = options.label,
                                                .expires = expiry_of(options),
                                                .now = base::now()});
  store::KeyRegistry(existing_store(options.target.store)).add(made.record);
  print_new(made, options.output);
  return ExitCode::Done;
}

ExitCode list_keys(const KeysOptions& options) {
  const store::KeyRegistry registry(existing_store(options.target.store));
  std::vector<std::vector<std::string>> rows = {
      {"ID", "KIND", "MODE", "ACCOUNT", "CREATED", "EXPIRES", "REVOKED", "LABEL"}};
  std::string json;
  for (const access::KeyRecord& key : registry.list()) {
    if (!options.account.empty() && key.account != options.account) continue;
    json += (json.empty() ? "{" : ",{") + json_of(key) + "}";
    rows.push_back({key.id, std::string(access::name_of(key.kind)), std::string(access::name_of(key.modes)),
                    key.account, base::format_timestamp(key.created), shown(key.expires), shown(key.revoked),
                    key.label});
  }
  if (options.output == Output::Json) {
    std::cout << "{\"keys\":[" << json << "]}\n";
  } else {
    std::cout << (rows.size() > 1 ? table(rows) : "No keys; `portico keys create` makes one.\n");
  }
  return ExitCode::Done;
}

ExitCode rotate_key(const KeysOptions& options) {
  store::KeyRegistry registry(existing_store(options.target.store));
  const access::KeyRecord old = known_key(registry, options.key_id);
  const access::NewKey made = access::make_key({.account = old.account,
                                                .kind = old.kind,
                                                .modes = old.modes,
                                                .label = old.label,
                                                .expires = old.expires,
                                                .now = base::now()});
  registry.add(made.record);  // the new one first: stopped in between, the account has two keys rather than none
  registry.revoke(old.id, base::now());
  print_new(made, options.output);
  return ExitCode::Done;
}

ExitCode revoke_key(const KeysOptions& options) {
  store::KeyRegistry registry(existing_store(options.target.store));
  const access::KeyRecord key = known_key(registry, options.key_id);
  registry.revoke(key.id, base::now());
  if (options.output == Output::Json) {
    std::cout << "{\"revoked\":" << json_text(key.id) << "}\n";
  } else {
    std::cout << "Key " << key.id << " is revoked; requests with it are refused from now on.\n";
  }
  return ExitCode::Done;
}

}  // namespace portico::app
