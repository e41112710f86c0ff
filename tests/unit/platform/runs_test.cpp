#include <map>
#include <thread>

#include "access/key.hpp"
#include "support/registry_ground.hpp"

namespace portico::platform {
namespace {

using base::ErrorCode;
using S = VersionStatus;

class RunsTest : public RegistryTest {
 protected:
  RunsTest()
      : owner_(add_user("owner@example.com", {Role::Developer})),
        member_(add_user("member@example.com", {})),
        operator_(add_user("operator@example.com", {Role::Operator})) {
    declare(owner_);
    ask_for(owner_, 1, {"orders:read"});
  }

  [[nodiscard]] auto authorise(const std::string& actor, int version = 1, std::string_view account = "shop") {
    return registry_->authorise(actor, "plot", version, account);
  }
  [[nodiscard]] auto run_it(const std::string& actor, int version = 1, std::string_view account = "shop") {
    return registry_->run(actor, "plot", version, account, console);
  }
  /// In production, and authorised and run by the member.
  Ticket running_in_production() {
    bring(owner_, 1, S::Production);
    EXPECT_TRUE(authorise(member_));
    return run_it(member_).value();
  }
  /// What a run's renewal needs, taken away; it is refused from then on.
  template <typename Take>
  void expect_ended_by(const Take& take) {
    const Ticket begun = running_in_production();
    const Ticket waiting = run_it(member_).value();
    ASSERT_TRUE(registry_->begin_run(begun.ticket, "plot", S::Production));
    ASSERT_TRUE(registry_->renew(member_, begun.run));
    take();
    EXPECT_EQ(code_of(registry_->renew(member_, begun.run)), ErrorCode::Forbidden);
    EXPECT_FALSE(registry_->begin_run(waiting.ticket, "plot", S::Production));
    EXPECT_FALSE(run_it(member_));
  }

  const std::string owner_;
  const std::string member_;
  const std::string operator_;
};
INSTANTIATE_TEST_SUITE_P(Stores, RunsTest, testing::Values(Kind::Sqlite, Kind::Postgres), name_of_kind);

TEST_P(RunsTest, WhoMayAuthoriseAndRunDependsOnWhereTheVersionStands) {
  struct Row {
    S status;
    std::string actor;
    std::optional<ErrorCode> code;
  };
  const std::vector<Row> table = {{S::Development, owner_, std::nullopt},
                                  {S::Development, member_, ErrorCode::NotFound},
                                  {S::Development, operator_, ErrorCode::Forbidden},
                                  {S::Revision, owner_, ErrorCode::Forbidden},
                                  {S::Revision, member_, ErrorCode::NotFound},
                                  {S::Revision, operator_, std::nullopt},
                                  {S::Production, owner_, std::nullopt},
                                  {S::Production, member_, std::nullopt},
                                  {S::Production, operator_, std::nullopt},
                                  {S::Denied, owner_, ErrorCode::Conflict},
                                  {S::Denied, member_, ErrorCode::NotFound},
                                  {S::Denied, operator_, ErrorCode::Conflict},
                                  {S::Down, owner_, ErrorCode::Conflict},
                                  {S::Down, member_, ErrorCode::NotFound},
                                  {S::Down, operator_, ErrorCode::Conflict}};
  std::map<S, std::string> names;
  for (const Row& row : table) {
    auto [name, is_new] = names.emplace(row.status, "in-" + std::string(name_of(row.status)));
    if (is_new) {
      declare(owner_, name->second);
      bring(owner_, 1, row.status, name->second);
    }
    SCOPED_TRACE(name->second);
    EXPECT_EQ(code_of(registry_->authorise(row.actor, name->second, 1, "shop")), row.code);
    EXPECT_EQ(code_of(registry_->run(row.actor, name->second, 1, "shop", console)), row.code);
    EXPECT_EQ(code_of(registry_->authorise(row.actor, name->second, 1, "foreign")).value_or(ErrorCode::Internal),
              row.code.value_or(ErrorCode::Forbidden));
  }
}

TEST_P(RunsTest, AnAuthorisationSaysWhatWasAgreedTo) {
  ask_for(owner_, 1, {"orders:read", "shops:read"}, {"https://a.example.com"});
  const Authorisation made = authorise(owner_).value();
  EXPECT_EQ(made.user, owner_);
  EXPECT_EQ(made.account, "shop");
  EXPECT_EQ(made.extension_name, "plot");
  EXPECT_EQ(made.version_number, 1);
  EXPECT_EQ(made.scopes, (std::vector<std::string>{"orders:read", "shops:read"}));
  EXPECT_EQ(made.hosts, std::vector<std::string>{"https://a.example.com"});
  ASSERT_EQ(registry_->authorisations(owner_).size(), 1U);
  EXPECT_EQ(registry_->authorisations(owner_)[0].id, made.id);
  EXPECT_TRUE(registry_->authorisations(member_).empty());
  const auto foreign = registry_->revoke(member_, made.id);
  const auto missing = registry_->revoke(member_, base::make_id());
  EXPECT_EQ(code_of(foreign), ErrorCode::NotFound);
  EXPECT_EQ(foreign.error().message, missing.error().message);
  ASSERT_TRUE(registry_->revoke(owner_, made.id));
  EXPECT_EQ(code_of(registry_->revoke(owner_, made.id)), ErrorCode::NotFound);
  EXPECT_TRUE(registry_->authorisations(owner_).empty());
}

TEST_P(RunsTest, TestTokensAreForTheDevelopersOwnAuthorisedVersion) {
  EXPECT_EQ(code_of(registry_->test_token(owner_, "plot", "shop")), ErrorCode::Forbidden);
  const Authorisation authorisation = authorise(owner_).value();
  EXPECT_EQ(code_of(registry_->test_token(owner_, "plot", "other")), ErrorCode::Forbidden);
  EXPECT_EQ(code_of(registry_->test_token(operator_, "plot", "shop")), ErrorCode::Forbidden);
  EXPECT_EQ(code_of(registry_->test_token(member_, "plot", "shop")), ErrorCode::NotFound);
  const MintedToken token = registry_->test_token(owner_, "plot", "shop").value();
  EXPECT_EQ(token.expires, now_ + base::Microseconds{86'400} * 1'000'000);
  EXPECT_TRUE(token.run.empty());
  const auto parts = access::parse_token(token.token);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->kind, access::KeyKind::Test);
  const auto kept =
      run("SELECT secret_hash, kind, authorisation, status, commit_number FROM portico_run_tokens WHERE id = $1",
          {std::string(parts->id)});
  ASSERT_EQ(kept.rows.size(), 1U);
  EXPECT_EQ(kept.rows[0], (store::OwnRow{store::Bytes{access::hash_of_secret(parts->secret)}, std::string("test"),
                                         authorisation.id, std::string("development"), std::int64_t{0}}));
  bring(owner_, 1, S::Revision);
  EXPECT_EQ(code_of(registry_->test_token(owner_, "plot", "shop")), ErrorCode::Forbidden);
}

TEST_P(RunsTest, MoreScopesOrHostsAreAskedForAgain) {
  const Authorisation first = authorise(owner_).value();
  ASSERT_TRUE(run_it(owner_));
  ask_for(owner_, 1, {"orders:read", "orders:write"});
  EXPECT_EQ(code_of(run_it(owner_)), ErrorCode::Forbidden);
  EXPECT_EQ(code_of(registry_->test_token(owner_, "plot", "shop")), ErrorCode::Forbidden);
  EXPECT_FALSE(covers(registry_->authorisations(owner_).at(0), registry_->find_version(owner_, "plot", 1).value()));
  EXPECT_EQ(authorise(owner_)->id, first.id);
  EXPECT_TRUE(run_it(owner_));
  ask_for(owner_, 1, {"orders:read", "orders:write"}, {"https://a.example.com"});
  EXPECT_EQ(code_of(run_it(owner_)), ErrorCode::Forbidden);
  ask_for(owner_, 1, {"orders:write"});
  EXPECT_TRUE(run_it(owner_));
}

TEST_P(RunsTest, WhatWasAgreedToCarriesOverToALaterVersionThatAsksForNoMore) {
  running_in_production();
  ASSERT_TRUE(authorise(owner_));
  ASSERT_TRUE(registry_->begin_version(owner_, "plot"));
  EXPECT_EQ(code_of(run_it(owner_, 2)), ErrorCode::Forbidden);  // only in production
  bring(owner_, 2, S::Production);
  EXPECT_TRUE(run_it(member_, 2));
  EXPECT_EQ(code_of(run_it(member_, 1)), ErrorCode::NotFound);
  ASSERT_TRUE(registry_->begin_version(owner_, "plot"));
  ask_for(owner_, 3, {"orders:read", "shops:read"});
  bring(owner_, 3, S::Production);
  EXPECT_EQ(code_of(run_it(member_, 3)), ErrorCode::Forbidden);
  const Authorisation third = authorise(member_, 3).value();
  EXPECT_TRUE(run_it(member_, 3));
  // A later version that asks for less: either would do, and revoking the last ends both.
  ASSERT_TRUE(registry_->begin_version(owner_, "plot"));
  ask_for(owner_, 4, {"orders:read"});
  bring(owner_, 4, S::Production);
  EXPECT_TRUE(run_it(member_, 4));
  ASSERT_TRUE(registry_->revoke(member_, third.id));
  EXPECT_EQ(code_of(run_it(member_, 4)), ErrorCode::Forbidden);
  EXPECT_TRUE(registry_->authorisations(member_).empty());
}

TEST_P(RunsTest, RevokingAnEarlierOneLeavesALaterOne) {
  const Authorisation first = authorise(owner_).value();
  bring(owner_, 1, S::Production);
  ASSERT_TRUE(registry_->begin_version(owner_, "plot"));
  ASSERT_TRUE(authorise(owner_, 2));
  ASSERT_TRUE(registry_->revoke(owner_, first.id));
  EXPECT_EQ(code_of(run_it(owner_, 1)), ErrorCode::Forbidden);
  EXPECT_TRUE(run_it(owner_, 2));
}

TEST_P(RunsTest, RevokingOneForAVersionThatWasNotPublishedLeavesWhatIsInProduction) {
  bring(owner_, 1, S::Production);
  ASSERT_TRUE(authorise(owner_));
  ASSERT_TRUE(registry_->begin_version(owner_, "plot"));
  ASSERT_TRUE(registry_->revoke(owner_, authorise(owner_, 2)->id));
  EXPECT_TRUE(run_it(owner_, 1));
  const Authorisation second = authorise(owner_, 2).value();
  bring(owner_, 2, S::Denied);
  ASSERT_TRUE(registry_->revoke(owner_, second.id));
  EXPECT_TRUE(run_it(owner_, 1));
  EXPECT_EQ(registry_->authorisations(owner_).size(), 1U);
}

TEST_P(RunsTest, ATicketIsGoodOnceAtItsOwnOriginAndForAMinute) {
  const Ticket ticket = running_in_production();
  EXPECT_EQ(ticket.ticket.size(), 64U);
  EXPECT_FALSE(registry_->begin_run(ticket.ticket, "plot", S::Development));
  EXPECT_FALSE(registry_->begin_run(ticket.ticket, "other", S::Production));
  EXPECT_FALSE(registry_->begin_run(ticket.run, "plot", S::Production));
  EXPECT_FALSE(registry_->begin_run("", "plot", S::Production));
  EXPECT_EQ(code_of(registry_->renew(member_, ticket.run)), ErrorCode::Forbidden);  // it has not begun
  const auto begun = registry_->begin_run(ticket.ticket, "plot", S::Production);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->user.id, member_);
  EXPECT_EQ(begun->account, "shop");
  EXPECT_EQ(begun->extension.name, "plot");
  EXPECT_EQ(begun->version.number, 1);
  EXPECT_EQ(begun->console, console);
  EXPECT_EQ(begun->token.run, ticket.run);
  EXPECT_EQ(begun->token.expires, now_ + 10 * minute);
  EXPECT_EQ(access::parse_token(begun->token.token)->kind, access::KeyKind::Run);
  EXPECT_FALSE(registry_->begin_run(ticket.ticket, "plot", S::Production));
  const Ticket late = run_it(member_).value();
  now_ += minute;
  EXPECT_FALSE(registry_->begin_run(late.ticket, "plot", S::Production));
  EXPECT_EQ(number("SELECT count(*) FROM portico_run_tokens"), 1);
}

TEST_P(RunsTest, OfManyWhoTakeATicketAtOnceOneGetsIt) {
  const Ticket ticket = running_in_production();
  std::vector<int> got(6, 0);
  std::vector<std::thread> threads;
  for (int& mine : got) {
    threads.emplace_back([&] { mine = open()->begin_run(ticket.ticket, "plot", S::Production).has_value() ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(got.begin(), got.end(), 1), 1);
  EXPECT_EQ(number("SELECT count(*) FROM portico_run_tokens"), 1);
}

TEST_P(RunsTest, ARunIsRenewedByItsUserAlone) {
  const Ticket ticket = running_in_production();
  const auto begun = registry_->begin_run(ticket.ticket, "plot", S::Production);
  ASSERT_TRUE(begun);
  now_ += 30 * minute;  // the page slept
  const MintedToken renewed = registry_->renew(member_, ticket.run).value();
  EXPECT_NE(renewed.token, begun->token.token);
  EXPECT_EQ(renewed.run, ticket.run);
  EXPECT_EQ(renewed.expires, now_ + 10 * minute);
  const auto foreign = registry_->renew(owner_, ticket.run);
  const auto missing = registry_->renew(member_, base::make_id());
  EXPECT_EQ(code_of(foreign), ErrorCode::Forbidden);
  EXPECT_EQ(foreign.error().message, missing.error().message);
}

TEST_P(RunsTest, EndWithAStatusThatTheVersionComesBackTo) {
  EXPECT_TRUE(authorise(owner_));
  const Ticket begun = run_it(owner_).value();
  const Ticket waiting = run_it(owner_).value();
  ASSERT_TRUE(registry_->begin_run(begun.ticket, "plot", S::Development));
  now_ += 1;
  ASSERT_TRUE(registry_->move(owner_, "plot", 1, Transition::Submit, ""));
  ASSERT_TRUE(registry_->move(operator_, "plot", 1, Transition::Return, "mend it"));
  EXPECT_EQ(code_of(registry_->renew(owner_, begun.run)), ErrorCode::Forbidden);
  EXPECT_FALSE(registry_->begin_run(waiting.ticket, "plot", S::Development));
  EXPECT_TRUE(run_it(owner_));
}

TEST_P(RunsTest, EndWithTheirAuthorisation) {
  expect_ended_by([&] { ASSERT_TRUE(registry_->revoke(member_, registry_->authorisations(member_).at(0).id)); });
}
TEST_P(RunsTest, EndWithTheirVersion) {
  expect_ended_by([&] { ASSERT_TRUE(registry_->move(owner_, "plot", 1, Transition::Down, "over")); });
}
TEST_P(RunsTest, EndWithTheirUser) {
  expect_ended_by([&] { ASSERT_TRUE(registry_->remove_user(member_)); });
}
TEST_P(RunsTest, EndWithTheMembership) {
  expect_ended_by([&] {
    ASSERT_TRUE(registry_->set_membership({.user = member_, .account = "shop", .everything = false, .scopes = {}}));
  });
}

TEST_P(RunsTest, TheConsoleIsAnOrigin) {
  ASSERT_TRUE(authorise(owner_));
  for (const std::string_view bad : {"", "*", "http://localhost:8080/", "http://localhost:80", "javascript:alert(1)",
                                     "http://localhost:8080/developers"}) {
    EXPECT_EQ(faults_of(registry_->run(owner_, "plot", 1, "shop", bad)), std::vector<std::string>{"console"}) << bad;
  }
}

TEST_P(RunsTest, WhatIsLongOverGoes) {
  const Ticket ticket = running_in_production();
  ASSERT_TRUE(registry_->begin_run(ticket.ticket, "plot", S::Production));
  now_ += 24 * 60 * minute;
  ASSERT_TRUE(run_it(member_));
  ASSERT_TRUE(registry_->renew(member_, ticket.run));
  EXPECT_EQ(number("SELECT count(*) FROM portico_run_tokens"), 2);
  now_ += 25 * 60 * minute;
  const Ticket later = run_it(member_).value();
  EXPECT_EQ(number("SELECT count(*) FROM portico_runs"), 1);
  ASSERT_TRUE(registry_->begin_run(later.ticket, "plot", S::Production));
  EXPECT_EQ(number("SELECT count(*) FROM portico_run_tokens"), 1);
  EXPECT_EQ(code_of(registry_->renew(member_, ticket.run)), ErrorCode::Forbidden);
}

}  // namespace
}  // namespace portico::platform
