#include <iostream>
#include <stdexcept>

#include "access/key.hpp"
#include "app/cli/accounts.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/cli/terminal.hpp"
#include "app/store_location.hpp"
#include "base/time.hpp"
#include "platform/input_rules.hpp"

namespace portico::app {
namespace {

/// In which modes the key is to be good. A database that others made has no sandbox.
access::KeyModes modes_of(const KeysOptions& options, const model::Api& api) {
  const access::KeyModes most = api.has_sandbox() ? access::KeyModes::Both : access::KeyModes::Production;
  if (options.mode.empty()) return most;
  const access::KeyModes modes = access::find_modes(options.mode).value();
  if (api.has_sandbox() || modes == access::KeyModes::Production) return modes;
  throw std::runtime_error("--mode " + options.mode +
                           ": a database that others made has no sandbox; leave it out, or say production");
}

/// A key for an account that does not exist would open nothing; where it is good, the account must be.
void require_accounts(const KeysOptions& options, const model::Api& api, access::KeyModes modes) {
  if (options.account.empty())
    throw std::runtime_error("--account is empty; it names the account that the key is for");
  const StoreLocation location = existing_store(options.target.store, api);
  const store::DataPlace place = data_place(location);
  for (const model::Mode mode : {model::Mode::Production, model::Mode::Sandbox}) {
    if (!access::works_in(modes, mode)) continue;
    require_account({.api = api, .location = location, .place = place, .mode = mode}, options.account);
  }
}

KeysLocation location_of(const KeysOptions& options) {
  return {.store = options.target.store, .access = options.target.access, .schema = options.schema};
}

std::optional<base::Microseconds> expiry_of(const KeysOptions& options) {
  if (options.expires.empty()) return std::nullopt;
  const auto instant = base::parse_timestamp(options.expires, base::TimeZone::utc());
  if (!instant) throw std::runtime_error("--expires " + options.expires + ": write it as 2030-01-31T00:00:00Z");
  if (*instant > base::now()) return instant;
  throw std::runtime_error("--expires " + options.expires + " has passed; it is " +
                           base::format_timestamp(base::now()));
}

/// It stands in tables, on a line of its own.
void check_label(const KeysOptions& options) {
  const std::string fault = options.label.empty() ? "" : platform::label_fault(options.label);
  if (!fault.empty()) throw std::runtime_error("--label '" + printable(options.label) + "': " + fault);
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

/// Others may have ended it since it was found.
std::runtime_error ended_already(const store::KeyRegistry& registry, const std::string& id) {
  const auto key = registry.find(id);
  const std::string when = key && key->revoked ? " at " + shown(key->revoked) : "";
  return std::runtime_error("key " + id + " was revoked" + when + " already");
}

/// A whole key that was pasted instead is not said again: terminals and logs keep what they are told.
access::KeyRecord known_key(const store::KeyRegistry& registry, const std::string& id) {
  if (id.find('_') != std::string::npos) {
    throw std::runtime_error(
        "that is more than a key's id, which is its second part, between the underscores; `portico keys list` shows "
        "the ids");
  }
  auto key = registry.find(id);
  if (!key) throw std::runtime_error("there is no key '" + id + "'; `portico keys list` shows their ids");
  if (key->revoked) throw ended_already(registry, id);
  return std::move(*key);
}

}  // namespace

ExitCode create_key(const KeysOptions& options) {
  const auto api = load_description(options.target.description);
  KeysLocation location = location_of(options);
  location.schema = api->database.schema;
  require_access(location, *api, "keys create " + options.target.description + " --account " + options.account);
  const access::KeyModes modes = modes_of(options, *api);
  const auto expires = expiry_of(options);
  check_label(options);
  require_accounts(options, *api, modes);
  const access::NewKey made = access::make_key({.account = options.account,
                                                .kind = access::find_kind(options.kind).value(),
                                                .modes = modes,
                                                .label = options.label,
                                                .expires = expires,
                                                .now = base::now()});
  open_keys(location, WhenMissing::Make)->add(made);
  print_new(made, options.output);
  return ExitCode::Done;
}

ExitCode list_keys(const KeysOptions& options) {
  const auto registry = open_keys(location_of(options), WhenMissing::Fail);
  std::vector<std::vector<std::string>> rows = {
      {"ID", "KIND", "MODE", "ACCOUNT", "CREATED", "EXPIRES", "REVOKED", "LABEL"}};
  std::string json;
  for (const access::KeyRecord& key : registry->list()) {
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
  const auto registry = open_keys(location_of(options), WhenMissing::Fail);
  const access::KeyRecord old = known_key(*registry, options.key_id);
  if (old.expires && *old.expires <= base::now()) {
    throw std::runtime_error("key " + old.id + " expired at " + shown(old.expires) +
                             ", and the new one would have the same end; `portico keys create` makes one that lasts");
  }
  const access::NewKey made = access::make_key({.account = old.account,
                                                .kind = old.kind,
                                                .modes = old.modes,
                                                .label = old.label,
                                                .expires = old.expires,
                                                .now = base::now()});
  if (!registry->replace(old.id, made)) throw ended_already(*registry, old.id);
  print_new(made, options.output);
  return ExitCode::Done;
}

ExitCode revoke_key(const KeysOptions& options) {
  const auto registry = open_keys(location_of(options), WhenMissing::Fail);
  const access::KeyRecord key = known_key(*registry, options.key_id);
  if (!registry->revoke(key.id, base::now())) throw ended_already(*registry, key.id);
  if (options.output == Output::Json) {
    std::cout << "{\"revoked\":" << json_text(key.id) << "}\n";
  } else {
    std::cout << "Key " << key.id << " is revoked; requests with it are refused from now on.\n";
  }
  return ExitCode::Done;
}

}  // namespace portico::app
