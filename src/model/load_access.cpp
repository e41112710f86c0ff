#include "model/load_access.hpp"

namespace portico::model {
namespace {

// The bucket's arithmetic is exact up to here: requests times microseconds fit into 64 bits.
constexpr std::int64_t simultaneous_max = 1'000'000;
constexpr std::int64_t requests_max = 10'000'000;
constexpr std::int64_t rate_seconds_max = 86'400;
constexpr std::int64_t token_seconds_max = 30 * 86'400;

/// The integer from 1 to `max` under that key; 0 where there is none.
std::int64_t bounded(const KeyValues& keys, std::string_view name, std::int64_t max, MistakeList& mistakes) {
  const Entry* entry = keys.find(name);
  if (entry == nullptr) return 0;
  const std::int64_t value = integer_of(*entry->value).value_or(0);
  if (value >= 1 && value <= max) return value;
  add_shape_mistake(*entry->value, "an integer from 1 to " + std::to_string(max), mistakes);
  return 1;
}

Rate load_rate(const Entry& entry, MistakeList& mistakes) {
  Rate rate;
  const auto keys =
      read_keys({.node = *entry.value, .position = entry.position, .what = "a rate", .keys = rate_keys()}, mistakes);
  if (!keys) return rate;
  rate.simultaneous = bounded(*keys, "simultaneous", simultaneous_max, mistakes);
  rate.requests = bounded(*keys, "requests", requests_max, mistakes);
  const std::int64_t seconds = bounded(*keys, "seconds", rate_seconds_max, mistakes);
  if (seconds > 0) rate.seconds = std::chrono::seconds(seconds);
  if (keys->names("requests")) return rate;
  if (const Entry* alone = keys->find("seconds")) {
    mistakes.add(alone->position, "seconds say nothing without requests", "{requests: 6000, seconds: 60}");
  } else if (!keys->names("simultaneous")) {
    mistakes.add(entry.position, "this rate limits nothing",
                 "{simultaneous: 50}, {requests: 6000, seconds: 60}, or both");
  }
  return rate;
}

}  // namespace

Rates load_rates(const Entry& section, MistakeList& mistakes) {
  Rates rates;
  const auto keys = read_keys(
      {.node = *section.value, .position = section.position, .what = "rates", .keys = rates_keys()}, mistakes);
  if (!keys) return rates;
  if (const Entry* entry = keys->find("private")) rates.private_keys = load_rate(*entry, mistakes);
  if (const Entry* entry = keys->find("public")) rates.public_keys = load_rate(*entry, mistakes);
  if (const Entry* entry = keys->find("extension")) rates.extensions = load_rate(*entry, mistakes);
  return rates;
}

void refuse_rate_of_extensions(const Entry& section, MistakeList& mistakes) {
  if (section.value->kind != YamlNode::Kind::Map) return;
  MistakeList unread;  // whatever else is wrong was told when the rates were read
  for (const Entry& entry : read_entries(*section.value, unread)) {
    if (entry.name != "extension") continue;
    mistakes.add(entry.position, "a rate of extensions, of which there are none", "with extensions: {}");
  }
}

TokenIssue load_oauth(const Entry& section, const Served& served, MistakeList& mistakes) {
  TokenIssue issue;
  const auto keys = read_keys(
      {.node = *section.value, .position = section.position, .what = "oauth", .keys = oauth_keys()}, mistakes);
  if (!keys) return issue;
  SourcePosition position = section.position;
  if (const Entry* path = keys->find("path")) {
    issue.path = path->value->text;
    position = path->value->position;
  }
  check_path_beside(issue.path, position, served, mistakes);
  const std::int64_t seconds = bounded(*keys, "seconds", token_seconds_max, mistakes);
  if (seconds > 0) issue.seconds = std::chrono::seconds(seconds);
  return issue;
}

}  // namespace portico::model
