#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <unistd.h>

#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/cli/open_registry.hpp"
#include "app/cli/terminal.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace portico::app {
namespace {

using platform::Membership;
using platform::Registry;
using platform::Role;
using platform::User;

/// 128 random bits, in groups that can be read out.
std::string generated_password() {
  constexpr std::size_t group = 8;
  std::string password;
  const std::string digits = base::make_id();
  for (std::size_t at = 0; at < digits.size(); at += group) {
    if (!password.empty()) password += '-';
    password += digits.substr(at, group);
  }
  return password;
}

struct Password {
  std::string text;
  bool is_generated = false;
};

/// From the file, else asked for on a terminal, else made up.
Password password_for(const UsersOptions& options) {
  if (!options.password_file.empty()) {
    std::string text = read_file(options.password_file);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return {.text = std::move(text)};
  }
  if (::isatty(STDIN_FILENO) == 0) return {.text = generated_password(), .is_generated = true};
  std::string text = ask_secret("Password (nothing: one is made up): ");
  if (text.empty()) return {.text = generated_password(), .is_generated = true};
  if (ask_secret("Again: ") != text) throw std::runtime_error("the two passwords are not the same");
  return {.text = std::move(text)};
}

std::vector<std::string> role_names(const User& user) {
  std::vector<std::string> names;
  for (const Role role : user.roles) names.emplace_back(platform::name_of(role));
  return names;
}

std::string json_of(const User& user, const std::vector<Membership>& memberships) {
  std::string accounts;
  for (const Membership& member : memberships) {
    accounts.append(accounts.empty() ? "" : ",").append("{\"account\":" + json_text(member.account));
    accounts.append(",\"everything\":").append(member.everything ? "true" : "false");
    accounts.append(",\"scopes\":" + json_list(member.scopes) + "}");
  }
  return "\"id\":" + json_text(user.id) + ",\"email\":" + json_text(user.email) +
         ",\"name\":" + json_text(user.name) + ",\"roles\":" + json_list(role_names(user)) +
         ",\"locale\":" + json_text(user.locale) + ",\"created\":" + json_text(base::format_timestamp(user.created)) +
         ",\"removed\":" + (user.removed ? json_text(base::format_timestamp(*user.removed)) : "null") +
         ",\"accounts\":[" + accounts + "]";
}

std::string words_of(const Membership& member) {
  return member.everything ? member.account : member.account + " (" + base::joined(member.scopes, " ") + ")";
}

/// A password that was made up stands alone on standard output: it is shown once.
void print_password(const std::string& words, const Password& password) {
  if (password.is_generated) {
    std::cout << password.text << '\n';
    std::cerr << words << " The password is not shown again: keep it now.\n";
  } else {
    std::cout << words << '\n';
  }
}

std::string json_of(const Password& password) {
  return password.is_generated ? ",\"password\":" + json_text(password.text) : "";
}

/// Scopes alone make it less than everything.
Membership membership_of(const std::string& user, const std::string& account, const UsersOptions& options) {
  return {.user = user, .account = account, .everything = options.scopes.empty(), .scopes = options.scopes};
}

/// What was asked for and would change nothing is a mistake.
void require_account_for_scopes(const UsersOptions& options, const std::string& option) {
  if (options.scopes.empty() || !options.accounts.empty()) return;
  throw std::runtime_error("--scope says how far extensions may go for an account; name the account with " + option);
}

void check_accounts(const OpenRegistry& open, const User& user, const UsersOptions& options) {
  require_account_for_scopes(options, "--add");
  for (const std::string& account : options.accounts) require_account(open, account);
  const auto memberships = open.registry->memberships(user.id);
  for (const std::string& account : options.accounts_taken) {
    const auto& added = options.accounts;
    if (std::find(added.begin(), added.end(), account) != added.end()) {
      throw std::runtime_error("--add " + account + " and --take " + account + ": leave one of them out");
    }
    const bool acts = std::any_of(memberships.begin(), memberships.end(),
                                  [&](const Membership& member) { return member.account == account; });
    if (acts) continue;
    throw std::runtime_error("--take " + account + ": " + user.email +
                             " does not act for it; `portico users accounts " + user.email +
                             "` shows for whom they do");
  }
}

}  // namespace

ExitCode create_user(const UsersOptions& options) {
  const OpenRegistry open = open_registry(options.target, "users create");
  platform::NewUser wanted{.email = options.email,
                           .name = options.name,
                           .password = {},
                           .roles = {},
                           .memberships = {},
                           .locale = options.locale};
  require_account_for_scopes(options, "--account");
  for (const std::string& role : options.roles) wanted.roles.push_back(platform::find_role(role).value());
  for (const std::string& account : options.accounts) {
    require_account(open, account);
    wanted.memberships.push_back(membership_of({}, account, options));
  }
  Password password = password_for(options);
  wanted.password = password.text;
  const User user = value_or_throw(open.registry->create_user(wanted));
  if (options.output == Output::Json) {
    std::cout << "{" << json_of(user, open.registry->memberships(user.id)) << json_of(password) << "}\n";
    return ExitCode::Done;
  }
  print_password("User " + user.email + " is there, id " + user.id + ".", password);
  return ExitCode::Done;
}

ExitCode list_users(const UsersOptions& options) {
  const OpenRegistry open = open_registry(options.target, "users list");
  std::vector<std::vector<std::string>> rows = {{"EMAIL", "NAME", "ROLES", "ACCOUNTS", "CREATED", "REMOVED", "ID"}};
  std::string json;
  for (const User& user : open.registry->users()) {
    const auto memberships = open.registry->memberships(user.id);
    json += (json.empty() ? "{" : ",{") + json_of(user, memberships) + "}";
    std::vector<std::string> accounts;
    for (const Membership& member : memberships) accounts.push_back(words_of(member));
    rows.push_back({user.email, user.name, base::joined(role_names(user), " "), base::joined(accounts, ", "),
                    base::format_timestamp(user.created), user.removed ? base::format_timestamp(*user.removed) : "",
                    user.id});
  }
  if (options.output == Output::Json) {
    std::cout << "{\"users\":[" << json << "]}\n";
  } else {
    std::cout << (rows.size() > 1 ? table(rows) : "No users; `portico users create` makes one.\n");
  }
  return ExitCode::Done;
}

ExitCode remove_user(const UsersOptions& options) {
  const OpenRegistry open = open_registry(options.target, "users remove");
  const User user = user_named(*open.registry, options.email);
  value_or_throw(open.registry->remove_user(user.id));
  if (options.output == Output::Json) {
    std::cout << "{\"removed\":" << json_text(user.id) << "}\n";
  } else {
    std::cout << "User " << user.email << " is removed; sessions and tokens of theirs end with the next request.\n";
  }
  return ExitCode::Done;
}

ExitCode set_password(const UsersOptions& options) {
  const OpenRegistry open = open_registry(options.target, "users password");
  const User user = user_named(*open.registry, options.email);
  const Password password = password_for(options);
  value_or_throw(open.registry->set_password(user.id, password.text));
  if (options.output == Output::Json) {
    std::cout << "{\"id\":" << json_text(user.id) << json_of(password) << "}\n";
    return ExitCode::Done;
  }
  print_password("User " + user.email + " has another password, and is signed out everywhere.", password);
  return ExitCode::Done;
}

ExitCode show_accounts(const UsersOptions& options) {
  const OpenRegistry open = open_registry(options.target, "users accounts");
  const User user = user_named(*open.registry, options.email);
  check_accounts(open, user, options);
  for (const std::string& account : options.accounts) {
    value_or_throw(open.registry->set_membership(membership_of(user.id, account, options)));
  }
  for (const std::string& account : options.accounts_taken) {
    value_or_throw(
        open.registry->set_membership({.user = user.id, .account = account, .everything = false, .scopes = {}}));
  }
  const auto memberships = open.registry->memberships(user.id);
  if (options.output == Output::Json) {
    std::cout << "{" << json_of(user, memberships) << "}\n";
    return ExitCode::Done;
  }
  if (memberships.empty()) std::cout << user.email << " acts for no account; --add gives one.\n";
  for (const Membership& member : memberships) {
    std::cout << printable(member.account)
              << (member.everything ? "  everything" : "  " + base::joined(member.scopes, " ")) << '\n';
  }
  return ExitCode::Done;
}

}  // namespace portico::app
