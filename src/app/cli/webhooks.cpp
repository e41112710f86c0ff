#include <chrono>
#include <iostream>
#include <stdexcept>

#include "app/cli/accounts.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/cli/terminal.hpp"
#include "app/store_location.hpp"
#include "base/time.hpp"
#include "store/messages.hpp"

namespace portico::app {
namespace {

/// What the commands on messages work with.
struct Opened {
  std::shared_ptr<const model::Api> api;
  StoreLocation location;
  store::DataPlace place;
  plan::Planner planner;
};

std::unique_ptr<const Opened> open(const WebhooksOptions& options) {
  auto api = load_description(options.target.description);
  if (!api->has_webhooks()) {
    throw std::runtime_error(options.target.description + " declares no webhooks, so there are no messages");
  }
  StoreLocation location = existing_store(options.target.store, *api);
  store::DataPlace place = data_place(location);
  const plan::SqlFlavor flavor = flavor_of(location);
  return std::unique_ptr<const Opened>(new Opened{api, std::move(location), std::move(place), {api, flavor}});
}

std::vector<model::Mode> modes_of(const WebhooksOptions& options) {
  std::vector<model::Mode> modes;
  for (const model::Mode mode : {model::Mode::Production, model::Mode::Sandbox}) {
    if (options.mode.empty() || options.mode == model::name_of(mode)) modes.push_back(mode);
  }
  return modes;
}

/// A message as `list` shows it.
struct Shown {
  std::string_view mode;
  std::span<const base::Cell> cells;  ///< as plan::list_entries gives them

  [[nodiscard]] std::string text(std::size_t cell) const { return std::string(cells[cell].text); }
  [[nodiscard]] std::string instant(std::size_t cell) const { return base::format_timestamp(cells[cell].integer); }
  [[nodiscard]] std::string next_try() const { return text(9) == "waiting" ? instant(8) : std::string(); }
};

std::string json_of(const Shown& message) {
  const std::string next = message.next_try();
  return "{\"id\":" + json_text(message.text(0)) + ",\"mode\":" + json_text(message.mode) +
         ",\"state\":" + json_text(message.text(9)) + ",\"account\":" + json_text(message.text(1)) +
         ",\"resource\":" + json_text(message.text(2)) + ",\"row\":" + json_text(message.text(3)) +
         ",\"webhook\":" + json_text(message.text(4)) + ",\"target\":" + json_text(message.text(5)) +
         ",\"created\":" + json_text(message.instant(6)) + ",\"tries\":" + std::to_string(message.cells[7].integer) +
         ",\"next_try\":" + (next.empty() ? "null" : json_text(next)) +
         ",\"failure\":" + json_text(message.text(10)) + "}";
}

std::vector<std::string> row_of(const Shown& message) {
  return {message.text(0),
          std::string(message.mode),
          message.text(9),
          message.text(4),
          message.text(2) + "/" + message.text(3),
          message.instant(6),
          std::to_string(message.cells[7].integer),
          message.next_try(),
          message.text(10)};
}

/// A secret for nobody would sign nothing.
void require_account(const WebhooksOptions& options, const model::Api& api) {
  const StoreLocation location = existing_store(options.target.store, api);
  const store::DataPlace place = data_place(location);
  if (api.accounts == nullptr) return;  // an account is only a name
  for (const model::Mode mode : {model::Mode::Production, model::Mode::Sandbox}) {
    if (account_meant({.api = api, .location = location, .place = place, .mode = mode}, options.account) ==
        options.account) {
      return;
    }
  }
  throw std::runtime_error("there is no row '" + options.account + "' in " + api.accounts->name +
                           "; an account is named by the id of one");
}

}  // namespace

ExitCode list_messages(const WebhooksOptions& options) {
  const auto opened = open(options);
  std::optional<plan::OutboxState> state;
  if (!options.state.empty()) state = plan::find_outbox_state(options.state);
  std::vector<std::vector<std::string>> rows = {
      {"ID", "MODE", "STATE", "WEBHOOK", "ROW", "CREATED", "TRIES", "NEXT TRY", "FAILURE"}};
  std::string json;
  for (const model::Mode mode : modes_of(options)) {
    const store::Rows found =
        store::list_messages({.planner = opened->planner, .place = opened->place, .mode = mode}, state, options.most);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const Shown message{.mode = model::name_of(mode), .cells = found.row(i)};
      json += (json.empty() ? "" : ",") + json_of(message);
      rows.push_back(row_of(message));
    }
  }
  if (options.output == Output::Json) {
    std::cout << "{\"messages\":[" << json << "]}\n";
  } else {
    std::cout << (rows.size() > 1 ? table(rows) : "No messages.\n");
  }
  return ExitCode::Done;
}

ExitCode retry_message(const WebhooksOptions& options) {
  const auto opened = open(options);
  const base::Microseconds now = base::now();
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(opened->api->webhooks.give_up_after);
  for (const model::Mode mode : modes_of(options)) {
    const plan::Retry retry{.id = options.message, .now = now, .expires = now + time.count()};
    if (!store::retry_message({.planner = opened->planner, .place = opened->place, .mode = mode}, retry)) continue;
    if (options.output == Output::Json) {
      std::cout << "{\"retried\":" << json_text(options.message) << "}\n";
    } else {
      std::cout << "Message " << options.message << " is tried within a second, by the servers that are running.\n";
    }
    return ExitCode::Done;
  }
  throw std::runtime_error("there is no message '" + options.message +
                           "' that is not done; `portico webhooks list` shows them");
}

ExitCode show_webhook_secret(const WebhooksOptions& options) {
  const auto api = load_description(options.target.description);
  const KeysLocation location{
      .store = options.target.store, .access = options.target.access, .schema = api->database.schema};
  require_account(options, *api);
  const auto secrets = open_webhook_secrets(location);
  const std::string secret = options.rotate ? secrets->rotate(options.account, base::now())
                                            : secrets->find_or_make(options.account, base::now());
  if (options.output == Output::Json) {
    std::cout << "{\"account\":" << json_text(options.account) << ",\"secret\":" << json_text(secret) << "}\n";
  } else {
    std::cout << secret << '\n';
  }
  return ExitCode::Done;
}

}  // namespace portico::app
