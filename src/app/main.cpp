#include <algorithm>
#include <array>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <sodium.h>

#include "app/cli/commands.hpp"
#include "app/cli/terminal.hpp"
#include "app/misuse.hpp"
#include "base/text.hpp"
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
  command.add_option("--port", options.port, "Port to listen on; 0: any that is free")
      ->check(CLI::Range(0, 65'535))
      ->capture_default_str();
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
  command.add_option("--metrics", options.metrics,
                     "Where figures are shown to Prometheus, without a key: 127.0.0.1:9464; not where not given");
  options.version = PORTICO_VERSION;
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

void add_reference(CLI::App& command, ReferenceOptions& options, Chosen& chosen) {
  command.add_option("description", options.description, "The description of the API")->capture_default_str();
  command.add_option("--api", options.api, "Which of `apis:`; the first one where not given");
  command.add_option("--version", options.version, "Which version; the latest where not given");
  command.add_option("--public-url", options.public_url, "Where clients reach it, in place of the description's")
      ->check(CLI::Validator(public_url_mistake, ""));
  command.callback([&] { chosen = [&] { return write_reference(options); }; });
}

void add_openapi(CLI::App& app, ReferenceOptions& options, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("openapi", "Print the reference of exactly this API, as OpenAPI 3.1");
  add_reference(command, options, chosen);
  command.footer("The server publishes the same at /openapi.json, /v1/openapi.json and below the other APIs' bases.");
}

void add_postman(CLI::App& app, ReferenceOptions& options, Chosen& chosen) {
  CLI::App& command =
      *app.add_subcommand("postman", "Print a collection of requests to exactly this API, for Postman");
  options.form = ReferenceForm::Postman;
  add_reference(command, options, chosen);
  command.footer("Import it into Postman, or what reads its collections (format 2.1), and set the variable `key`.");
}

void add_import(CLI::App& app, ImportOptions& options, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("import", "Load rows of a resource from a file: orders.csv, orders.jsonl");
  command.add_option("file", options.file, "The file; .csv, .tsv and .jsonl tell its format")->required();
  add_target(command, options.target);
  command.add_option("--resource", options.resource, "Whose rows they are; as the file is named where not given");
  command.add_option("--account", options.account,
                     "The id of the account that all rows belong to; else each row says it");
  command.add_option("--mode", options.mode, "production or sandbox")
      ->check(CLI::IsMember({"production", "sandbox"}))
      ->capture_default_str();
  command.add_option("--format", options.format, "csv, tsv or jsonl, where the file's name does not tell");
  command.add_option("--separator", options.separator, "Between the cells of a table: one character, or tab");
  command.add_option("--refused", options.refused, "A new file for the rows that are not taken, to be mended there");
  add_json(command, options.output);
  command.footer(
      "The first line of a table names its columns: id, total_amount, customer.email, articles.0.name. A line of "
      "JSON is a "
      "row as the latest version shows it. Rows are checked as those of clients are, but may say what is read-only; "
      "what they leave out gets its default. What is wrong with a row keeps no other one out.");
  command.callback([&] { chosen = [&] { return import_rows(options); }; });
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
  list.add_option("--most", options.most, "How many of each mode")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
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

void add_users(CLI::App& app, UsersOptions& options, Chosen& chosen) {
  CLI::App& users = *app.add_subcommand("users", "Who may sign in to the developer space")->require_subcommand(1);
  CLI::App& create = *users.add_subcommand("create", "Make a user");
  create.add_option("--email", options.email, "Their e-mail address, to sign in with")->required();
  create.add_option("--name", options.name, "Their name")->required();
  create
      .add_option("--role", options.roles,
                  "operator (reviews and publishes) or developer (has extensions); repeatable; neither for who only "
                  "uses extensions")
      ->check(CLI::IsMember({"operator", "developer"}));
  create.add_option("--account", options.accounts, "The id of an account that they act for; repeatable");
  create.add_option("--locale", options.locale, "Their language: en or es")
      ->check(CLI::IsMember({"en", "es"}))
      ->capture_default_str();
  CLI::App& list = *users.add_subcommand("list", "Show the users, with what they may");
  CLI::App& remove = *users.add_subcommand("remove", "End a user; their tokens end with the next request");
  CLI::App& password = *users.add_subcommand("password", "Give a user another password, and sign them out");
  CLI::App& accounts = *users.add_subcommand("accounts", "Show, give and take the accounts that a user acts for");
  for (CLI::App* command : {&remove, &password, &accounts}) {
    command->add_option("email", options.email, "The user's e-mail address")->required();
  }
  accounts.add_option("--add", options.accounts, "The id of an account to act for; repeatable");
  accounts.add_option("--take", options.accounts_taken, "The id of an account to act for no longer; repeatable");
  for (CLI::App* command : {&create, &accounts}) {
    command->add_option("--scope", options.scopes,
                        "How far extensions may go for them, such as orders:read; repeatable; everything where not "
                        "given");
  }
  for (CLI::App* command : {&create, &password}) {
    command->add_option("--password-file", options.password_file,
                        "The password's file; asked for on a terminal where not given, else made up and printed");
  }
  for (CLI::App* command : {&create, &list, &remove, &password, &accounts}) {
    add_target(*command, options.target);
    add_access(*command, options.target);
    add_json(*command, options.output);
  }
  create.callback([&] { chosen = [&] { return create_user(options); }; });
  list.callback([&] { chosen = [&] { return list_users(options); }; });
  remove.callback([&] { chosen = [&] { return remove_user(options); }; });
  password.callback([&] { chosen = [&] { return set_password(options); }; });
  accounts.callback([&] { chosen = [&] { return show_accounts(options); }; });
}

void add_extension_files(CLI::App& extension, ExtensionOptions& options, Chosen& chosen) {
  CLI::App& declare =
      *extension.add_subcommand("new", "Declare an extension, and write its first files into a folder");
  declare.add_option("name", options.name, "Its name: its part of addresses, such as orders-by-week")->required();
  declare.add_option("folder", options.folder, "A folder that is empty or not there yet")->required();
  declare.add_option("--title", options.title, "What people call it; its name where not given");
  declare.add_option("--about", options.description, "What it does");
  CLI::App& push = *extension.add_subcommand("push", "Make a folder's files the commit that runs");
  push.add_option("folder", options.folder, "The folder, index.html at its top")->required();
  push.add_option("--extension", options.name, "Its name; as `extension new` noted it in the folder");
  push.add_option("--message", options.message, "What is different");
  for (CLI::App* command : {&declare, &push}) {
    command->add_option("--scope", options.scopes, "What the version asks for, such as orders:read; repeatable");
    command->add_option("--host", options.hosts, "An origin that its pages call, such as https://tiles.example.com");
  }
  declare.callback([&] { chosen = [&] { return declare_extension(options); }; });
  push.callback([&] { chosen = [&] { return push_extension(options); }; });
}

void add_extension_runs(CLI::App& extension, ExtensionOptions& options, Chosen& chosen) {
  CLI::App& authorise = *extension.add_subcommand("authorise", "Let a version act for an account");
  authorise.add_flag("--yes", options.agreed, "Agree without being asked; needed where there is no terminal");
  CLI::App& token = *extension.add_subcommand("token", "Make a test token of the version in development");
  CLI::App& run = *extension.add_subcommand("run", "Print the address of a run: good once, for a minute");
  for (CLI::App* command : {&authorise, &token, &run}) {
    command->add_option("name", options.name, "The extension's name")->required();
    command->add_option("--account", options.account, "The id of the account to act for")->required();
  }
  for (CLI::App* command : {&authorise, &run}) {
    command->add_option("--version", options.version,
                        "The version's number; where not given, your own in development, else the one in production");
  }
  for (CLI::App* command : {&token, &run}) {
    command
        ->add_option(
            "--public-url", options.public_url,
            "Where the server is reached, in place of the description's; http://localhost:8080 where neither "
            "says it")
        ->check(CLI::Validator(public_url_mistake, ""));
  }
  authorise.callback([&] { chosen = [&] { return authorise_extension(options); }; });
  token.callback([&] { chosen = [&] { return make_test_token(options); }; });
  run.callback([&] { chosen = [&] { return run_extension(options); }; });
}

void add_extension_moves(CLI::App& extension, ExtensionOptions& options, Chosen& chosen) {
  constexpr std::array<std::pair<const char*, const char*>, 5> moves = {
      {{"submit", "Send the version in development to review"},
       {"publish", "Put the version in review into production; by an operator"},
       {"return", "Give the version in review back for corrections; by an operator"},
       {"deny", "Refuse the version in review for good; by an operator"},
       {"down", "Take the version in production down; by its developer or an operator"}}};
  for (const auto& [name, words] : moves) {
    CLI::App& move = *extension.add_subcommand(name, words);
    move.add_option("name", options.name, "The extension's name")->required();
    move.add_option("--version", options.version, "The version's number; the one that stands so, where not given");
    move.add_option("--reason", options.reason, "Why; needed to return, deny and take down");
    move.callback([&options, &chosen, transition = std::string(name)] {
      chosen = [&options, transition] { return move_extension(options, transition); };
    });
  }
}

void add_extension(CLI::App& app, ExtensionOptions& options, Chosen& chosen) {
  CLI::App& extension = *app.add_subcommand("extension", "Extensions of third parties, from the shell");
  extension.require_subcommand(1);
  add_extension_files(extension, options, chosen);
  CLI::App& list = *extension.add_subcommand("list", "Show the extensions: a developer's own, an operator's all");
  list.callback([&] { chosen = [&] { return list_extensions(options); }; });
  add_extension_runs(extension, options, chosen);
  add_extension_moves(extension, options, chosen);
  for (CLI::App* command : extension.get_subcommands([](const CLI::App*) { return true; })) {
    command->add_option("--user", options.user, "The e-mail address of whom it is done as")->required();
    add_target(*command, options.target);
    add_access(*command, options.target);
    add_json(*command, options.output);
  }
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

/// Options that may come several times take one value each time: what stands after it is another argument.
void take_one_value_each(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->nonpositional()) option->allow_extra_args(false);
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App* /*command*/) { return true; })) {
    take_one_value_each(*command);
  }
}

/// A word where a command must stand, and that is none: nothing where the line went wrong elsewhere.
std::optional<std::string> unknown_command(const CLI::App& app, int argc, char** argv) {
  const auto all = [](const CLI::App* /*command*/) { return true; };
  const CLI::App* at = &app;
  for (const std::string& word : std::vector<std::string>(argv + 1, argv + argc)) {
    const auto commands = at->get_subcommands(all);
    if (commands.empty() || word.starts_with('-')) return std::nullopt;
    const auto found = std::find_if(commands.begin(), commands.end(),
                                    [&](const CLI::App* command) { return command->get_name() == word; });
    if (found != commands.end()) {
      at = *found;
      continue;
    }
    std::vector<std::string> names;
    for (const CLI::App* command : commands) names.push_back(command->get_name());
    const auto near = portico::base::did_you_mean(word, names);
    const std::string command = at == &app ? "portico" : "portico " + at->get_name();
    return "portico: there is no command '" + printable(word) + "'" +
           (near ? "; did you mean `" + command + " " + *near + "`?" : "") + "\nRun `" + command +
           " --help` to see all of them.";
  }
  return std::nullopt;
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
  ReferenceOptions openapi_options;
  ReferenceOptions postman_options;
  MigrateOptions migrate_options;
  ImportOptions import_options;
  KeysOptions keys_options;
  WebhooksOptions webhooks_options;
  UsersOptions users_options;
  ExtensionOptions extension_options;
  MaintenanceOptions maintenance_options;
  ExplainOptions explain_options;
  InitOptions init_options;
  add_serve(app, serve_options, chosen);
  add_check(app, check_options, chosen);
  add_openapi(app, openapi_options, chosen);
  add_postman(app, postman_options, chosen);
  add_migrate(app, migrate_options, chosen);
  add_import(app, import_options, chosen);
  add_keys(app, keys_options, chosen);
  add_webhooks(app, webhooks_options, chosen);
  add_users(app, users_options, chosen);
  add_extension(app, extension_options, chosen);
  add_maintenance(app, maintenance_options, chosen);
  add_explain(app, explain_options, chosen);
  add_init(app, init_options, chosen);
  take_one_value_each(app);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const auto unknown = error.get_exit_code() == 0 ? std::nullopt : unknown_command(app, argc, argv);
    if (!unknown) return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::Misused);
    std::cerr << *unknown << '\n';
    return static_cast<int>(ExitCode::Misused);
  }
  try {
    return static_cast<int>(chosen());
  } catch (const MisuseError& error) {
    std::cerr << "portico: " << error.what() << '\n';
    return static_cast<int>(ExitCode::Misused);
  } catch (const std::exception& error) {
    std::cerr << "portico: " << error.what() << '\n';
    return static_cast<int>(ExitCode::Failed);
  }
}
