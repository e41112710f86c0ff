#include "app/extension_side.hpp"

#include <chrono>
#include <iostream>
#include <utility>

#include "store/account_rows.hpp"

namespace portico::app {

namespace {

/// Who looks at an account's usage waits so long for the latest of it.
constexpr std::chrono::milliseconds usage_wait_most{2'000};

}  // namespace

std::shared_ptr<const platform::Site> ExtensionSide::prepare(const Sources& sources) {
  if (!sources.api->extensions) return nullptr;
  // Here, by one thread, before several open them: what is missing is made.
  static_cast<void>(open_own_tables(sources.keys, WhenMissing::Fail));
  return platform::make_site(sources.api, sources.public_url);
}

void ExtensionSide::take(const std::shared_ptr<const platform::Site>& site, const Sources& sources) {
  if (site == nullptr) return;
  if (usage_ == nullptr) {
    usage_ = std::make_unique<platform::UsageKeeper>(platform::UsageKeeperOptions{
        .open = [keys = sources.keys] { return open_own_tables(keys, WhenMissing::Fail); },
        .limits = site->api->limits,
        .report = [](const std::string& words) { std::cerr << "portico: " << words << '\n'; }});
  }
  const auto make_desk = [site, keys = sources.keys, data = sources.data, &usage = *usage_] {
    auto desk = std::make_unique<platform::Desk>();
    desk->registry = std::make_unique<platform::Registry>(open_own_tables(keys, WhenMissing::Fail),
                                                          platform::registry_rules(*site));
    desk->keys = open_keys(keys, WhenMissing::Fail);
    desk->tables = open_own_tables(keys, WhenMissing::Fail);
    desk->find_account = [rows = std::make_shared<store::AccountRows>(site->api, data)](
                             model::Mode mode, const std::string& id) { return rows->name(mode, id); };
    desk->bring_usage_up_to_date = [&usage] { usage.write_now(usage_wait_most); };
    return desk;
  };
  workers_.take(make_desk, site->api->limits);
}

std::shared_ptr<ExtensionSide::LoopSide> ExtensionSide::make_loop_side(const http::Post& post) {
  using platform::Errands;
  const auto errands = [&](Errands::Queries queries) {
    return std::make_shared<Errands>(
        Errands::Surroundings{.workers = workers_, .log = log_, .post = post, .queries = queries});
  };
  return std::make_shared<LoopSide>(
      LoopSide{.space = platform::DeveloperSpace(errands(Errands::Queries::Logged)),
               .origins = platform::ExtensionOrigins(errands(Errands::Queries::Hidden))});
}

}  // namespace portico::app
