#include "access/maintenance.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <stdexcept>

#include "access/key.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/terminal.hpp"
#include "app/store_location.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace portico::app {
namespace {

constexpr std::size_t message_bytes_max = 1'000;
constexpr std::array<model::Mode, 2> modes = {model::Mode::Production, model::Mode::Sandbox};

std::unique_ptr<store::KeyRegistry> opened(const MaintenanceOptions& options) {
  return open_keys({.store = options.target.store, .access = options.target.access, .schema = options.schema},
                   WhenMissing::Fail);
}

/// It goes into answers in JSON and XML: text, on one line.
void require_message(const std::string& message) {
  const bool is_blank = message.find_first_not_of(' ') == std::string::npos;
  const bool has_control = std::any_of(message.begin(), message.end(),
                                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (is_blank) throw std::runtime_error("--message is empty; it says what clients read: 'Back at six.'");
  if (has_control || !base::is_utf8(message)) {
    throw std::runtime_error("--message must be one line of UTF-8 without control characters");
  }
  if (message.size() > message_bytes_max) {
    throw std::runtime_error("--message has " + std::to_string(message.size()) + " bytes; at most " +
                             std::to_string(message_bytes_max));
  }
}

std::optional<base::Microseconds> end_of(const MaintenanceOptions& options) {
  if (options.until.empty()) return std::nullopt;
  const auto instant = base::parse_timestamp(options.until, base::TimeZone::utc());
  if (!instant) throw std::runtime_error("--until " + options.until + ": write it as 2030-01-31T06:00:00Z");
  if (*instant > base::now()) return instant;
  throw std::runtime_error("--until " + options.until + " has passed; it is " + base::format_timestamp(base::now()));
}

std::string json_of(const std::optional<access::Maintenance>& maintenance) {
  if (!maintenance) return "null";
  const auto until = maintenance->until ? json_text(base::format_timestamp(*maintenance->until)) : "null";
  return "{\"message\":" + json_text(maintenance->message) +
         ",\"since\":" + json_text(base::format_timestamp(maintenance->since)) + ",\"until\":" + until + "}";
}

std::string words_of(const std::optional<access::Maintenance>& maintenance) {
  if (!maintenance) return "served";
  std::string words = "under maintenance since " + base::format_timestamp(maintenance->since);
  if (maintenance->until) {
    words += *maintenance->until > base::now() ? ", until " : ", was to end at ";
    words += base::format_timestamp(*maintenance->until);
  }
  return words + ": " + maintenance->message;
}

void print(const access::MaintenanceState& state, Output output) {
  if (output == Output::Json) {
    std::cout << "{\"production\":" << json_of(state.production) << ",\"sandbox\":" << json_of(state.sandbox)
              << "}\n";
    return;
  }
  for (const model::Mode mode : modes) {
    std::cout << model::name_of(mode) << ": " << words_of(state.of(mode)) << '\n';
  }
}

}  // namespace

ExitCode begin_maintenance(const MaintenanceOptions& options) {
  require_message(options.message);
  const access::Maintenance maintenance = {
      .message = options.message, .until = end_of(options), .since = base::now()};
  const auto registry = opened(options);
  registry->set_maintenance(access::find_modes(options.mode).value(), maintenance);
  print(registry->maintenance(), options.output);
  return ExitCode::Done;
}

ExitCode end_maintenance(const MaintenanceOptions& options) {
  const auto registry = opened(options);
  registry->set_maintenance(access::find_modes(options.mode).value(), std::nullopt);
  print(registry->maintenance(), options.output);
  return ExitCode::Done;
}

ExitCode show_maintenance(const MaintenanceOptions& options) {
  print(opened(options)->maintenance(), options.output);
  return ExitCode::Done;
}

}  // namespace portico::app
