#include <thread>

#include "platform/input_rules.hpp"
#include "platform/passwords.hpp"
#include "support/registry_ground.hpp"

namespace portico::platform {
namespace {

using base::ErrorCode;

class UsersTest : public RegistryTest {
 protected:
  User ana() { return registry_->create_user(wanted()).value(); }
  static NewUser wanted() {
    return {.email = "Ana@Example.com",
            .name = "Ana Núñez",
            .password = std::string(password),
            .roles = {Role::Developer},
            .memberships = {Membership{.user = {}, .account = "shop", .everything = true, .scopes = {}}}};
  }
  [[nodiscard]] auto sign_in(std::string_view email, std::string_view with, std::string_view peer = "10.0.0.1") {
    return registry_->sign_in(email, with, peer);
  }
  static constexpr std::string_view password = "correct horse battery";
};
INSTANTIATE_TEST_SUITE_P(Stores, UsersTest, testing::Values(Kind::Sqlite, Kind::Postgres), name_of_kind);

TEST_P(UsersTest, AreFoundAsTheyWereMade) {
  const User made = ana();
  EXPECT_EQ(made.email, "Ana@Example.com");
  EXPECT_EQ(made.created, now_);
  EXPECT_TRUE(made.has(Role::Developer));
  EXPECT_FALSE(made.has(Role::Operator));
  EXPECT_EQ(registry_->find_user_by_email("ANA@example.COM")->id, made.id);
  EXPECT_EQ(registry_->find_user(made.id)->name, "Ana Núñez");
  const auto memberships = registry_->memberships(made.id);
  ASSERT_EQ(memberships.size(), 1U);
  EXPECT_EQ(memberships[0].account, "shop");
  EXPECT_TRUE(memberships[0].everything);
  const auto again = registry_->create_user(wanted());
  EXPECT_EQ(code_of(again), ErrorCode::Conflict);
  EXPECT_EQ(faults_of(again), std::vector<std::string>{"email"});
}

TEST_P(UsersTest, AllFaultsAreSaidAtOnce) {
  NewUser bad = wanted();
  bad.email = "ana";
  bad.name = " ";
  bad.password = "short";
  bad.locale = "fr";
  bad.memberships[0].scopes = {"order:read"};
  const auto made = registry_->create_user(bad);
  EXPECT_EQ(faults_of(made), (std::vector<std::string>{"email", "name", "password", "locale", "scopes.0"}));
  EXPECT_NE(made.error().faults[4].message.find("orders:read"), std::string::npos);
}

TEST_P(UsersTest, KeepArgon2idAloneOfAPassword) {
  const User user = ana();
  const std::string kept =
      std::get<std::string>(run("SELECT password FROM portico_users WHERE id = $1", {user.id}).rows.at(0).at(0));
  EXPECT_TRUE(kept.starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << kept;  // as that of nobody
  EXPECT_FALSE(is_password(password, ""));
}

TEST_P(UsersTest, SignInAndOut) {
  const User user = ana();
  const SignedIn signed_in = sign_in("ana@example.com", password).value();
  EXPECT_EQ(signed_in.user.id, user.id);
  EXPECT_EQ(signed_in.cookie.size(), 64U);
  EXPECT_EQ(signed_in.session.csrf.size(), 64U);
  EXPECT_NE(signed_in.session.hash, signed_in.cookie);
  const auto found = open()->find_session(signed_in.cookie);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->first.csrf, signed_in.session.csrf);
  EXPECT_EQ(found->second.id, user.id);
  EXPECT_FALSE(registry_->find_session(signed_in.session.hash));
  registry_->sign_out(signed_in.cookie);
  EXPECT_FALSE(registry_->find_session(signed_in.cookie));
  const SignedIn later = sign_in("ana@example.com", password).value();
  now_ += base::Microseconds{12} * 3'600 * 1'000'000 - 1;
  EXPECT_TRUE(registry_->find_session(later.cookie));
  now_ += 1;
  EXPECT_FALSE(registry_->find_session(later.cookie));
}

TEST_P(UsersTest, WhoIsNotThereIsRefusedInTheSameWordsAsAWrongPassword) {
  const User user = ana();
  const auto wrong = sign_in("ana@example.com", "correct horse batterz");
  const auto unknown = sign_in("eva@example.com", password);
  const auto no_address = sign_in("' OR 1=1 --", password);
  ASSERT_TRUE(registry_->remove_user(user.id));
  const auto removed = sign_in("ana@example.com", password);
  for (const auto& refused : {wrong, unknown, no_address, removed}) {
    EXPECT_EQ(code_of(refused), ErrorCode::Forbidden);
    EXPECT_EQ(refused.error().message, wrong.error().message);
    EXPECT_TRUE(refused.error().faults.empty());
  }
}

TEST_P(UsersTest, TooManyWrongPasswordsForAnAddressWait) {
  ana();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(code_of(sign_in("ana@example.com", "wrong password")), ErrorCode::Forbidden);
    EXPECT_EQ(code_of(sign_in("nobody@example.com", "wrong password")), ErrorCode::Forbidden);
    now_ += minute;
  }
  // The right one, from elsewhere, by another process: it waits all the same.
  const auto refused = open()->sign_in("ANA@example.com", password, "10.9.9.9");
  EXPECT_EQ(code_of(refused), ErrorCode::TooManyRequests);
  EXPECT_EQ(refused.error().retry_after, 600);
  EXPECT_EQ(code_of(sign_in("nobody@example.com", password)), ErrorCode::TooManyRequests);
  now_ += 10 * minute - 1;
  EXPECT_EQ(code_of(sign_in("ana@example.com", password)), ErrorCode::TooManyRequests);
  now_ += 1;
  EXPECT_TRUE(sign_in("ana@example.com", password));
  // It is as if there had been none.
  for (int i = 0; i < 4; ++i) EXPECT_EQ(code_of(sign_in("ana@example.com", "wrong")), ErrorCode::Forbidden);
  EXPECT_TRUE(sign_in("ana@example.com", password));
}

TEST_P(UsersTest, OnePeerMayNotTryManyAddresses) {
  rules_.limits.sign_in_peer_failures = 3;
  registry_ = open();
  ana();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(code_of(sign_in("user" + std::to_string(i) + "@example.com", "wrong")), ErrorCode::Forbidden);
  }
  EXPECT_EQ(code_of(sign_in("ana@example.com", password)), ErrorCode::TooManyRequests);
  EXPECT_TRUE(sign_in("ana@example.com", password, "10.0.0.2"));
}

TEST_P(UsersTest, ManyTriesAtOnceAreNoMoreThanOneAfterTheOther) {
  ana();
  std::vector<std::optional<ErrorCode>> codes(8);
  std::vector<std::thread> threads;
  for (auto& code : codes) {
    threads.emplace_back([this, &code] { code = code_of(open()->sign_in("ana@example.com", "wrong", "10.0.0.1")); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(codes.begin(), codes.end(), ErrorCode::Forbidden), 5);
  EXPECT_EQ(std::count(codes.begin(), codes.end(), ErrorCode::TooManyRequests), 3);
}

TEST_P(UsersTest, AnotherPasswordEndsTheOtherSessions) {
  const User user = ana();
  const SignedIn here = sign_in("ana@example.com", password).value();
  const SignedIn there = sign_in("ana@example.com", password).value();
  const PasswordChange wrong{.user = user.id, .current = "no", .wanted = "a better password", .session_hash = {}};
  EXPECT_EQ(faults_of(registry_->change_password(wrong)), std::vector<std::string>{"current"});
  PasswordChange right = wrong;
  right.current = std::string(password);
  right.session_hash = here.session.hash;
  ASSERT_TRUE(registry_->change_password(right));
  EXPECT_TRUE(registry_->find_session(here.cookie));
  EXPECT_FALSE(registry_->find_session(there.cookie));
  EXPECT_EQ(code_of(sign_in("ana@example.com", password)), ErrorCode::Forbidden);
  EXPECT_TRUE(sign_in("ana@example.com", "a better password"));
  ASSERT_TRUE(registry_->set_password(user.id, "given by the operator"));
  EXPECT_FALSE(registry_->find_session(here.cookie));
  EXPECT_EQ(faults_of(registry_->set_password(user.id, "short")), std::vector<std::string>{"password"});
}

TEST_P(UsersTest, ARemovedUserIsNobodyAndTheAddressIsFree) {
  const User user = ana();
  const SignedIn signed_in = sign_in("ana@example.com", password).value();
  now_ += 5;
  ASSERT_TRUE(registry_->remove_user(user.id));
  EXPECT_EQ(code_of(registry_->remove_user(user.id)), ErrorCode::NotFound);
  EXPECT_EQ(code_of(registry_->remove_user("x")), ErrorCode::NotFound);
  EXPECT_FALSE(registry_->find_session(signed_in.cookie));
  EXPECT_FALSE(registry_->find_user_by_email("ana@example.com"));
  EXPECT_EQ(registry_->find_user(user.id)->removed, now_);
  EXPECT_EQ(code_of(registry_->extensions(user.id)), ErrorCode::Forbidden);
  EXPECT_EQ(code_of(registry_->set_password(user.id, "another password")), ErrorCode::NotFound);
  EXPECT_NE(registry_->create_user(wanted())->id, user.id);
}

TEST_P(UsersTest, MembershipsAreGivenChangedAndTaken) {
  const User user = ana();
  Membership membership{.user = user.id, .account = "other", .everything = false, .scopes = {"shops:read"}};
  ASSERT_TRUE(registry_->set_membership(membership));
  membership.account = "shop";
  membership.scopes = {"orders:read", "orders:read"};
  ASSERT_TRUE(registry_->set_membership(membership));
  auto all = registry_->memberships(user.id);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].scopes, std::vector<std::string>{"orders:read"});
  EXPECT_FALSE(all[1].everything);
  membership.scopes.clear();
  ASSERT_TRUE(registry_->set_membership(membership));
  EXPECT_EQ(registry_->memberships(user.id).size(), 1U);
  membership.user = base::make_id();
  EXPECT_EQ(code_of(registry_->set_membership(membership)), ErrorCode::NotFound);
  EXPECT_TRUE(registry_->set_profile(user.id, "Ana N.", "es"));
  EXPECT_EQ(registry_->find_user(user.id)->locale, "es");
  EXPECT_EQ(faults_of(registry_->set_profile(user.id, "", "de")), (std::vector<std::string>{"name", "locale"}));
}

std::string judged_host(const std::string& host) {
  std::vector<base::Fault> faults;
  const auto hosts = checked_hosts({host}, faults);
  return faults.empty() ? hosts.at(0) : "";
}

TEST(InputRules, HostsAreOriginsThatPagesMayCall) {
  EXPECT_EQ(judged_host("https://Tiles.example.com"), "https://tiles.example.com");
  EXPECT_EQ(judged_host("https://tiles.example.com:443"), "https://tiles.example.com");
  EXPECT_EQ(judged_host("https://tiles.example.com:8443"), "https://tiles.example.com:8443");
  EXPECT_EQ(judged_host("https://*.example.com"), "https://*.example.com");
  EXPECT_EQ(judged_host("http://localhost:3000"), "http://localhost:3000");
  EXPECT_EQ(judged_host("http://maps.localhost"), "http://maps.localhost");
  EXPECT_EQ(judged_host("http://[::1]:3000"), "http://[::1]:3000");
  for (const std::string bad : {"http://tiles.example.com",
                                "https://tiles.example.com/",
                                "https://tiles.example.com/a",
                                "tiles.example.com",
                                "https://*",
                                "https://*.com",
                                "https://*.*.example.com",
                                "https://a.*.example.com",
                                "http://*.localhost",
                                "https://*.10.0.0.1",
                                "https://user@example.com",
                                "https://example.com;",
                                "https://example.com 'unsafe-eval'",
                                "https://example.com?x",
                                "https://example.com#x",
                                "wss://example.com",
                                "data:",
                                "'self'",
                                "*",
                                "",
                                "https://example.com.",
                                "https://exa\nmple.com",
                                "javascript://localhost"}) {
    EXPECT_EQ(judged_host(bad), "") << bad;
  }
}

TEST(InputRules, NamesArePartsOfHostNames) {
  for (const std::string_view good : {"abc", "a-b", "plot-2", "a123456789012345678901234567890123456789"}) {
    EXPECT_TRUE(is_extension_name(good)) << good;
  }
  for (const std::string_view bad : {"", "ab", "Abc", "1abc", "-abc", "abc-", "a--b", "dev--abc", "a.b", "a_b", "añb",
                                     "a1234567890123456789012345678901234567890"}) {
    EXPECT_FALSE(is_extension_name(bad)) << bad;
  }
}

}  // namespace
}  // namespace portico::platform
