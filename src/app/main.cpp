#include <exception>
#include <functional>
#include <iostream>

#include <CLI/CLI.hpp>
#include <sodium.h>

#include "app/cli/commands.hpp"
#include "model/check_surface.hpp"

namespace {

using namespace portico::app;

/// The command that the line chose; set while it is parsed, run after.
using Chosen = std::function<ExitCode()>;

void add_store(CLI::App& command, Target& target) {
  command
      .add_option(
          "--store", target.store,
          "Where the data are: sqlite:DIRECTORY, postgres://USER@HOST/DATABASE, or, where the description says "
          "`database: {existing: true}`, sqlite:FILE")
      ->capture_default_str();
}

void add_access(CLI::App& command, Target& target) {
  command.add_option("--access", target.access,
                     "Where the keys are, if not in the store: sqlite:DIRECTORY; needed with `existing: true`");
}

void add_target(CLI::App& command, Target& target) {
  command.add_option("description", target.description, "The description of the API")->capture_default_str();
  add_store(command, target);
}

void add_json(CLI::App& command, Output& output) {
  command.add_flag_callback(
      "--json", [&output] { output = Output::Json; }, "Output for programs");
}

/// Empty: none.
std::string public_url_mistake(const std::string& url) {
  if (portico::model::is_public_url(url)) return {};
  return "`" + url + "` is no URL such as https://api.example.com: http or https, no query, no fragment";
}

void add_serve(CLI::App& app, ServeOptions& options, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("serve", "Serve the API until SIGTERM; SIGHUP reads the description again");
  add_target(command, options.target);
  add_access(command, options.target);
  command.add_option("--address", options.address, "Address to listen on")->capture_default_str();
  command.add_option("--port", options.port, "Port to listen on; 0: any that is free")->capture_default_str();
  command.add_option("--loops", options.loops, "Event loops; 0: one for each core")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  auto* certificate = command.add_option("--cert", options.certificate, "TLS certificate chain, a PEM file");
  auto* key = command.add_option("--key", options.key, "TLS private key, a PEM file");
  certificate->needs(key);
  key->needs(certificate);
  command.add_option("--public-url", options.public_url, "Where clients reach it, in place of the description's")
      ->check(CLI::Validator(public_url_mistake, ""));
  command.add_option(
      "--webhook-ca", options.webhook_authorities,
      "Authorities that webhooks' targets may have their certificates of, beside the system's, a PEM file");
  command.add_option("--log", options.log, "Request log: a file, - for standard output, none")->capture_default_str();
  command.add_option("--port-file", options.port_file, "File to write the port into once requests are taken");
  command.callback([&] { chosen = [&] { return serve(options); }; });
}

void add_check(CLI::App& app, CheckOptions& options, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("check", "Show every mistake of a description, with line and hint");
  command.add_option("description", options.description, "The description of the API")->capture_default_str();
  command.add_option("--store", options.store,
                     "Say, too, which declared filters and orderings no index of this store serves");
  add_json(command, options.output);
  command.callback([&] { chosen = [&] { return check(options); }; });
  command.add_flag_callback(
      "--schema", [&] { options.subject = CheckSubject::Schema; },
      "Print the JSON Schema of descriptions, for editors, and check nothing");
}

void add_migrate(CLI::App& app, MigrateOptions& options, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("migrate", "Show, then make, what the description needs of the database");
  add_target(command, options.target);
  command.add_flag("--yes", options.yes,
                   "Make what loses nothing, without asking; off a terminal nothing is made without");
  auto* loss = command.add_flag("--allow-loss", options.allow_loss, "With --yes: make what loses data, too");
  loss->needs("--yes");
  command.add_flag("--drop-unused", options.drop_unused,
                   "Drop tables, columns and indexes that the description does not have");
  add_json(command, options.output);
  command.footer(
      "Ends with 0 where nothing is left to do, 3 where changes are needed and not all were made, 1 where they "
      "cannot be made, 2 for a mistake in the command or the description.");
  command.callback([&] { chosen = [&] { return migrate(options); }; });
}

/// Where keys are, for commands that read no description.
/// Of keys, and of what is kept with them.
template <typename Options>
void add_place_of_keys(CLI::App& command, Options& options) {
  add_store(command, options.target);
  add_access(command, options.target);
  command.add_option("--schema", options.schema, "PostgreSQL: `schema` of the description's `database`")
      ->capture_default_str();
}

void add_keys(CLI::App& app, KeysOptions& options, Chosen& chosen) {
  CLI::App& keys = *app.add_subcommand("keys", "An account's keys")->require_subcommand(1);

  CLI::App& create = *keys.add_subcommand("create", "Make a key; it is shown once, now");
  add_target(create, options.target);
  add_access(create, options.target);
  create.add_option("--account", options.account, "The account's id; any name where the description has no accounts")
      ->required();
  create.add_option("--kind", options.kind, "private (server side) or public (browser side)")
      ->check(CLI::IsMember({"private", "public"}))
      ->capture_default_str();
  create
      .add_option("--mode", options.mode,
                  "Where it is good: production, sandbox or both; all that there is where not given")
      ->check(CLI::IsMember({"production", "sandbox", "both"}));
  create.add_option("--label", options.label, "What it is for, for people");
  create.add_option("--expires", options.expires, "Until when, as 2030-01-31T00:00:00Z; never where not given");
  add_json(create, options.output);
  create.callback([&] { chosen = [&] { return create_key(options); }; });

  CLI::App& list = *keys.add_subcommand("list", "Show the keys, without their secrets");
  add_place_of_keys(list, options);
  list.add_option("--account", options.account, "Only this account's");
  add_json(list, options.output);
  list.callback([&] { chosen = [&] { return list_keys(options); }; });

  CLI::App& rotate = *keys.add_subcommand("rotate", "Replace a key by a new one like it; the old one ends at once");
  rotate.add_option("key", options.key_id, "The key's id, as `keys list` shows it")->required();
  CLI::App& revoke = *keys.add_subcommand("revoke", "End a key at once");
  revoke.add_option("key", options.key_id, "The key's id, as `keys list` shows it")->required();
  for (CLI::App* command : {&rotate, &revoke}) {
    add_place_of_keys(*command, options);
    add_json(*command, options.output);
  }
  rotate.callback([&] { chosen = [&] { return rotate_key(options); }; });
  revoke.callback([&] { chosen = [&] { return revoke_key(options); }; });
}

void add_webhooks(CLI::App& app, WebhooksOptions& options, Chosen& chosen) {
  CLI::App& webhooks =
      *app.add_subcommand("webhooks", "Messages to others: what waits, and what they are signed with");
  webhooks.require_subcommand(1);
  CLI::App& list = *webhooks.add_subcommand("list", "Show the messages, the newest first");
  list.add_option("--state", options.state, "Only those that are waiting, done or given_up")
      ->check(CLI::IsMember({"waiting", "done", "given_up"}));
  list.add_option("--most", options.most, "How many of each mode")->capture_default_str();
  CLI::App& retry = *webhooks.add_subcommand("retry", "Try a message at once that waits or was given up");
  retry.add_option("message", options.message, "Its id, as `webhooks list` shows it")->required();
  for (CLI::App* command : {&list, &retry}) {
    command->add_option("--mode", options.mode, "Only this side: production or sandbox; both where not given")
        ->check(CLI::IsMember({"production", "sandbox"}));
  }
  CLI::App& secret = *webhooks.add_subcommand("secret", "Print what an account's messages are signed with");
  secret.add_option("--account", options.account, "The account's id")->required();
  secret.add_flag("--rotate", options.rotate, "Make a new one first; the old one ends at once");
  add_access(secret, options.target);
  for (CLI::App* command : {&list, &retry, &secret}) {
    add_target(*command, options.target);
    add_json(*command, options.output);
  }
  list.callback([&] { chosen = [&] { return list_messages(options); }; });
  retry.callback([&] { chosen = [&] { return retry_message(options); }; });
  secret.callback([&] { chosen = [&] { return show_webhook_secret(options); }; });
}

void add_maintenance(CLI::App& app, MaintenanceOptions& options, Chosen& chosen) {
  CLI::App& maintenance =
      *app.add_subcommand("maintenance", "Answer all requests with 503 for a while")->require_subcommand(1);
  CLI::App& on = *maintenance.add_subcommand("on", "Begin it, or say something else of it");
  on.add_option("--message", options.message, "What clients read")->required();
  on.add_option("--until", options.until,
                "When it will probably end, as 2030-01-31T06:00:00Z: for Retry-After. It lasts until `off`");
  CLI::App& off = *maintenance.add_subcommand("off", "End it");
  CLI::App& status = *maintenance.add_subcommand("status", "Show it");
  for (CLI::App* command : {&on, &off, &status}) {
    add_place_of_keys(*command, options);
    add_json(*command, options.output);
  }
  for (CLI::App* command : {&on, &off}) {
    command->add_option("--mode", options.mode, "production, sandbox or both")
        ->check(CLI::IsMember({"production", "sandbox", "both"}))
        ->capture_default_str();
  }
  on.callback([&] { chosen = [&] { return begin_maintenance(options); }; });
  off.callback([&] { chosen = [&] { return end_maintenance(options); }; });
  status.callback([&] { chosen = [&] { return show_maintenance(options); }; });
}

void add_explain(CLI::App& app, ExplainOptions& options, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("explain", "Show a request's SQL, its indexes, and whether its cost grows");
  command.add_option("request", options.request, "Such as 'GET /orders?status=ok'")->required();
  add_target(command, options.target);
  command.add_option("--accept", options.accept, "The Accept header to negotiate with");
  command.add_option("--account", options.account, "The id of the account that asks; the first one where not given");
  add_json(command, options.output);
  command.callback([&] { chosen = [&] { return explain(options); }; });
}

void add_init(CLI::App& app, InitOptions& options, Chosen& chosen) {
  CLI::App& command =
      *app.add_subcommand("init", "Write a first description: a small one, or over a database that exists");
  command.add_option("--from", options.from,
                     "Read it off a database, which stays as it is: postgres://USER@HOST/DATABASE or sqlite:FILE");
  command.add_option("--schema", options.schemas,
                     "PostgreSQL: the schema to read, several times for several; public");
  command.add_option("--owner", options.owner, "The column that holds whose a row is: no account sees another's");
  command.add_option("--shared", options.shared,
                     "With --owner: a table without that column that all accounts may see; repeatable");
  command.add_option("--vendor", options.vendor, "The name in media types; the database's where not given");
  command.add_option("--output", options.output, "File to write, - for standard output")->capture_default_str();
  command.add_flag("--force", options.force, "Write over a file that is there");
  command.callback([&] { chosen = [&] { return init(options); }; });
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {  // before any thread: every use after needs it
    std::cerr << "portico: libsodium cannot start: the system gives no random numbers\n";
    return static_cast<int>(ExitCode::Failed);
  }
  CLI::App app("Portico: a partner-grade API in front of your database.", "portico");
  app.set_version_flag("--version", PORTICO_VERSION);
  app.require_subcommand(1);
  app.footer("Start with `portico check api.yaml`; each command has its own --help.");

  Chosen chosen;
  ServeOptions serve_options;
  CheckOptions check_options;
  MigrateOptions migrate_options;
  KeysOptions keys_options;
  WebhooksOptions webhooks_options;
  MaintenanceOptions maintenance_options;
  ExplainOptions explain_options;
  InitOptions init_options;
  add_serve(app, serve_options, chosen);
  add_check(app, check_options, chosen);
  add_migrate(app, migrate_options, chosen);
  add_keys(app, keys_options, chosen);
  add_webhooks(app, webhooks_options, chosen);
  add_maintenance(app, maintenance_options, chosen);
  add_explain(app, explain_options, chosen);
  add_init(app, init_options, chosen);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::Misused);
  }
  try {
    return static_cast<int>(chosen());
  } catch (const std::exception& error) {
    std::cerr << "portico: " << error.what() << '\n';
    return static_cast<int>(ExitCode::Failed);
  }
}
