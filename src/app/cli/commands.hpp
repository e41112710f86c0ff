#pragma once

#include <cstdint>
#include <string>

namespace portico::app {

/// What a command ends with; every command documents when it gives which.
enum class ExitCode : int {
  Done = 0,
  Failed = 1,   ///< it was understood, but could not be done
  Misused = 2,  ///< the command line, or the description it names, is wrong
};

/// Whom the output is for.
enum class Output : std::uint8_t { People, Json };

/// What most commands are given: a description, and where its data are.
struct Target {
  std::string description = "api.yaml";  ///< a file
  std::string store = "sqlite:data";     ///< `sqlite:DIRECTORY`
};

struct ServeOptions {
  Target target;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::size_t loops = 0;    ///< 0: one for each core
  std::string certificate;  ///< PEM file
  std::string key;          ///< PEM file
  std::string public_url;   ///< in place of the description's
  std::string log = "-";    ///< file, `-` for standard output, `none`
  std::string port_file;    ///< where the port is written once requests are taken
};
/// Serves until SIGTERM or SIGINT, then drains; reads the description again on SIGHUP. Failed: cannot start.
ExitCode serve(const ServeOptions& options);

enum class CheckSubject : std::uint8_t { Description, Schema };

struct CheckOptions {
  CheckSubject subject = CheckSubject::Description;
  std::string description = "api.yaml";
  Output output = Output::People;
};
/// Prints every mistake of a description (Misused: there are some), or the JSON Schema of all descriptions.
ExitCode check(const CheckOptions& options);

struct MigrateOptions {
  Target target;
  bool apply = false;  ///< do it, after showing it
};
/// Shows, then applies, what the database lacks of what the description needs.
ExitCode migrate(const MigrateOptions& options);

struct KeysOptions {
  Target target;
  std::string account;           ///< id
  std::string kind = "private";  ///< or `public`
  std::string mode = "both";     ///< or `production`, `sandbox`
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

struct ExplainOptions {
  Target target;
  std::string request;  ///< `GET /orders?page=2`, or only `/orders?page=2`
  std::string accept;
  std::string account;  ///< id; empty: the first account
  Output output = Output::People;
};
/// The statements of a request, the index each uses, and whether its cost grows with the table.
ExitCode explain(const ExplainOptions& options);

}  // namespace portico::app
