#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portico::app {

/// What a command ends with; every command documents when it gives which.
enum class ExitCode : int {
  Done = 0,
  Failed = 1,   ///< it was understood, but could not be done
  Misused = 2,  ///< the command line, or the description it names, is wrong
  Pending = 3,  ///< migrate: changes are needed, and not all were made
};

/// Whom the output is for.
enum class Output : std::uint8_t { People, Json };

/// What most commands are given: a description, and where its data are.
struct Target {
  std::string description = "api.yaml";  ///< a file
  std::string store = "sqlite:data";     ///< `sqlite:DIRECTORY`, `sqlite:FILE`, `postgres://…`
  std::string access = {};               ///< where keys are, `sqlite:DIRECTORY`; empty: in the store
};

struct ServeOptions {
  Target target;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::size_t loops = 0;            ///< 0: one for each core
  std::string certificate;          ///< PEM file
  std::string key;                  ///< PEM file
  std::string public_url;           ///< in place of the description's
  std::string log = "-";            ///< file, `-` for standard output, `none`
  std::string webhook_authorities;  ///< PEM file of authorities for targets, beside the system's
  std::string version;              ///< of the program
  std::string metrics;              ///< `127.0.0.1:9464`: where figures are shown; empty: nowhere
  std::string port_file;            ///< where the port is written once requests are taken
};
/// Serves until SIGTERM or SIGINT, then drains; reads the description again on SIGHUP. Failed: cannot start.
ExitCode serve(const ServeOptions& options);

enum class CheckSubject : std::uint8_t { Description, Schema };

struct CheckOptions {
  CheckSubject subject = CheckSubject::Description;
  std::string description = "api.yaml";
  std::string store;  ///< empty: the description alone is checked
  Output output = Output::People;
};
/// Prints every mistake of a description (Misused: there are some), or the JSON Schema of all descriptions. With a
/// store, also which declared filters and orderings no index of it serves.
ExitCode check(const CheckOptions& options);

/// How a reference is written.
enum class ReferenceForm : std::uint8_t { Openapi, Postman };

struct ReferenceOptions {
  ReferenceForm form = ReferenceForm::Openapi;
  std::string description = "api.yaml";
  std::string api;             ///< one of `apis:`; empty: the first
  std::optional<int> version;  ///< nothing: the latest
  std::string public_url;      ///< in place of the description's
};
/// Prints the reference of one of a description's APIs: as OpenAPI, as the server publishes it, or as a collection of
/// Postman. Throws MisuseError where there is no such API or version.
ExitCode write_reference(const ReferenceOptions& options);

struct MigrateOptions {
  Target target;
  bool yes = false;          ///< make what loses nothing, without asking
  bool allow_loss = false;   ///< with `yes`: what loses data, too
  bool drop_unused = false;  ///< what the description does not have is dropped, not only named
  Output output = Output::People;
};
/// Shows what the databases differ in from what the description needs, in words and SQL, and makes it: asks on a
/// terminal, else only with `yes`. Pending: there is something, and not all of it was made. Failed: it cannot be.
ExitCode migrate(const MigrateOptions& options);

struct ImportOptions {
  Target target;
  std::string file;
  std::string resource;             ///< empty: as the file is named
  std::string mode = "production";  ///< or `sandbox`
  std::string account;              ///< id that all rows belong to; empty: each row says it
  std::string format;               ///< `csv`, `tsv`, `jsonl`; empty: as the file is named
  std::string separator;            ///< one character, or `tab`; empty: the format's
  std::string refused;              ///< file for the rows that are not taken; empty: none
  Output output = Output::People;
};
/// Loads a file's rows into a store, which may be in use. Failed: not all of them were taken, or the store failed.
ExitCode import_rows(const ImportOptions& options);

struct KeysOptions {
  Target target;
  std::string schema = "portico";  ///< list, rotate, revoke on PostgreSQL: as the description's `database` names it
  std::string account;             ///< id
  std::string kind = "private";    ///< or `public`
  std::string mode;                ///< `production`, `sandbox` or `both`; empty: all that there is
  std::string label;
  std::string expires;  ///< timestamp; empty: never
  std::string key_id;   ///< rotate, revoke
  Output output = Output::People;
};
ExitCode create_key(const KeysOptions& options);
ExitCode list_keys(const KeysOptions& options);
/// A new key like the old one, which ends at once.
ExitCode rotate_key(const KeysOptions& options);
ExitCode revoke_key(const KeysOptions& options);

struct WebhooksOptions {
  Target target;
  std::string mode;        ///< `production` or `sandbox`; empty: both
  std::string state;       ///< list: `waiting`, `done`, `given_up`; empty: all
  std::size_t most = 100;  ///< list
  std::string message;     ///< retry: id
  std::string account;     ///< secret: id
  bool rotate = false;     ///< secret: a new one in place of the old
  Output output = Output::People;
};
/// The outbox's messages, the newest first.
ExitCode list_messages(const WebhooksOptions& options);
/// A message that waits, or was given up, is tried at once. Failed: there is none, or it is done.
ExitCode retry_message(const WebhooksOptions& options);
/// Prints what an account's messages are signed with; makes it where there is none.
ExitCode show_webhook_secret(const WebhooksOptions& options);

struct UsersOptions {
  Target target;
  std::string email;
  std::string name;                         ///< create
  std::vector<std::string> roles;           ///< create: `operator`, `developer`
  std::vector<std::string> accounts;        ///< create, accounts: ids that they act for
  std::vector<std::string> accounts_taken;  ///< accounts: ids that they act for no longer
  std::vector<std::string> scopes;          ///< how far, of all accounts given; empty: everything
  std::string locale = "en";                ///< create
  std::string password_file;                ///< create, password; empty: asked for on a terminal, else made up
  Output output = Output::People;
};
/// A password that was made up is printed, once.
ExitCode create_user(const UsersOptions& options);
ExitCode list_users(const UsersOptions& options);
/// With all their sessions and tokens; what they did stays in the history.
ExitCode remove_user(const UsersOptions& options);
/// Another password; all their sessions end.
ExitCode set_password(const UsersOptions& options);
/// Gives and takes accounts, and shows those that the user acts for.
ExitCode show_accounts(const UsersOptions& options);

struct ExtensionOptions {
  Target target;
  std::string user;                 ///< e-mail address of whom it is done as
  std::string name;                 ///< of the extension; push: empty: as the folder notes it
  std::string folder;               ///< new, push
  std::string title;                ///< new; empty: its name
  std::string description;          ///< new
  std::vector<std::string> scopes;  ///< new, push: what the version asks for, in place of what it asked for
  std::vector<std::string> hosts;   ///< new, push: the same of the hosts
  std::string message;              ///< push
  std::string account;              ///< authorise, token, run: id
  std::string reason;               ///< submit, publish, deny, return, down
  int version = 0;                  ///< its number; 0: the one that it can be about
  bool agreed = false;              ///< authorise: without asking
  std::string public_url;           ///< token, run: where the server is reached, in place of the description's
  Output output = Output::People;
};
/// Declares it, and writes its boilerplate into the folder.
ExitCode declare_extension(const ExtensionOptions& options);
/// The folder's files become a commit of the version in development, which is begun where there is none.
ExitCode push_extension(const ExtensionOptions& options);
ExitCode list_extensions(const ExtensionOptions& options);
/// Shows what the version asks for, asks, and agrees. Failed: nobody said yes.
ExitCode authorise_extension(const ExtensionOptions& options);
/// Prints a test token, once.
ExitCode make_test_token(const ExtensionOptions& options);
/// Prints the address of a run: good once, for a minute.
ExitCode run_extension(const ExtensionOptions& options);
/// `transition`: the name of one.
ExitCode move_extension(const ExtensionOptions& options, const std::string& transition);

struct MaintenanceOptions {
  Target target;
  std::string schema = "portico";  ///< PostgreSQL: as the description's `database` names it
  std::string mode = "both";       ///< `production`, `sandbox` or `both`
  std::string message;             ///< on
  std::string until;               ///< on: a timestamp; empty: no end is foreseen
  Output output = Output::People;
};
/// From the next second on all requests of that mode are answered 503, with that message. Done again, it says
/// something else. Failed: the message or the time is none.
ExitCode begin_maintenance(const MaintenanceOptions& options);
/// Ends it; nothing happens where there is none.
ExitCode end_maintenance(const MaintenanceOptions& options);
ExitCode show_maintenance(const MaintenanceOptions& options);

struct ExplainOptions {
  Target target;
  std::string request;  ///< `GET /orders?page=2`, or only `/orders?page=2`
  std::string accept;
  std::string account;  ///< id; empty: the first account, if accounts are rows
  Output output = Output::People;
};
/// The statements of a request, the index each uses, and whether its cost grows with the table.
ExitCode explain(const ExplainOptions& options);

struct InitOptions {
  std::string from;                  ///< `postgres://…`, `sqlite:FILE`; empty: a first description of nothing yet
  std::vector<std::string> schemas;  ///< PostgreSQL; empty: public
  std::string owner;                 ///< the column that holds a row's account; empty: all accounts see all rows
  std::vector<std::string> shared;   ///< tables without that column that all accounts may see
  std::string vendor;                ///< empty: from the database's name
  std::string output = "api.yaml";   ///< file, `-` for standard output
  bool force = false;                ///< write over a file that is there
};
/// Writes a description, and prints the commands that come next. Misused: the database has not what was named.
ExitCode init(const InitOptions& options);

}  // namespace portico::app
