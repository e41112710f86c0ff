#include "platform/life_cycle.hpp"

#include <map>
#include <optional>
#include <thread>

#include "support/registry_ground.hpp"

namespace portico::platform {
namespace {

using base::ErrorCode;
using S = VersionStatus;
using T = Transition;

class LifeCycleTest : public RegistryTest {};
INSTANTIATE_TEST_SUITE_P(Stores, LifeCycleTest, testing::Values(Kind::Sqlite, Kind::Postgres), name_of_kind);

constexpr std::array<S, 5> all_statuses = {S::Development, S::Revision, S::Production, S::Denied, S::Down};
constexpr std::array<T, 5> all_transitions = {T::Submit, T::Publish, T::Return, T::Deny, T::Down};

enum class Who : std::uint8_t { Owner, OtherDeveloper, Operator, OwnerAndOperator, Member, Removed, Nobody };
constexpr std::array<Who, 7> everybody = {Who::Owner,  Who::OtherDeveloper, Who::Operator, Who::OwnerAndOperator,
                                          Who::Member, Who::Removed,        Who::Nobody};

/// Where it goes; written anew here, not taken from the table that the program has.
std::optional<S> goes_to(S from, T transition) {
  static const std::map<std::pair<S, T>, S> ways = {{{S::Development, T::Submit}, S::Revision},
                                                    {{S::Revision, T::Publish}, S::Production},
                                                    {{S::Revision, T::Return}, S::Development},
                                                    {{S::Revision, T::Deny}, S::Denied},
                                                    {{S::Production, T::Down}, S::Down}};
  const auto found = ways.find({from, transition});
  return found == ways.end() ? std::nullopt : std::optional(found->second);
}

bool may(Who who, T transition) {
  const bool owns = who == Who::Owner || who == Who::OwnerAndOperator;
  const bool operates = who == Who::Operator || who == Who::OwnerAndOperator;
  if (transition == T::Submit) return owns;
  if (transition == T::Down) return owns || operates;
  return operates;
}

/// What is expected of one cell of the table; nothing: it is done.
std::optional<ErrorCode> expected(Who who, S from, T transition) {
  if (who == Who::Removed || who == Who::Nobody) return ErrorCode::Forbidden;
  const bool sees_all = who == Who::Owner || who == Who::OwnerAndOperator || who == Who::Operator;
  if (!sees_all && from != S::Production) return ErrorCode::NotFound;
  if (!may(who, transition)) return ErrorCode::Forbidden;
  if (!goes_to(from, transition)) return ErrorCode::Conflict;
  return std::nullopt;
}

TEST_P(LifeCycleTest, EveryTransitionFromEveryStatusByEverybody) {
  rules_.limits.developer_extensions = 1'000;
  registry_ = open();
  const std::string plain_owner = add_user("owner@example.com", {Role::Developer});
  const std::string owner_operator = add_user("both@example.com", {Role::Developer, Role::Operator});
  std::map<Who, std::string> ids = {{Who::Owner, plain_owner},
                                    {Who::OtherDeveloper, add_user("other@example.com", {Role::Developer})},
                                    {Who::Operator, add_user("operator@example.com", {Role::Operator})},
                                    {Who::OwnerAndOperator, owner_operator},
                                    {Who::Member, add_user("member@example.com", {})},
                                    {Who::Removed, add_user("removed@example.com", {Role::Operator})},
                                    {Who::Nobody, base::make_id()}};
  ASSERT_TRUE(registry_->remove_user(ids[Who::Removed]));
  int number = 0;
  for (const S from : all_statuses) {
    for (const T transition : all_transitions) {
      for (const Who who : everybody) {
        const std::string owner = who == Who::OwnerAndOperator ? owner_operator : plain_owner;
        const std::string name = "extension-" + std::to_string(++number);
        declare(owner, name);
        bring(owner, 1, from, name);
        const auto moved = registry_->move(ids[who], name, 1, transition, "a reason");
        SCOPED_TRACE(std::string(name_of(from)) + " " + std::string(name_of(transition)) + " by " +
                     std::to_string(static_cast<int>(who)));
        EXPECT_EQ(code_of(moved), expected(who, from, transition));
        const Version version = registry_->find_version(owner, name, 1).value();
        EXPECT_EQ(version.status, moved ? goes_to(from, transition).value() : from);
        if (moved) {
          EXPECT_EQ(moved->status, version.status);
        }
      }
    }
  }
}

TEST_P(LifeCycleTest, TheStepsOfTheTableAreThoseThatAreOffered) {
  const std::string owner = add_user("owner@example.com", {Role::Developer});
  const std::string both = add_user("both@example.com", {Role::Developer, Role::Operator});
  const User user = registry_->find_user(both).value();
  const Extension extension = declare(both);
  for (const S status : all_statuses) {
    Version version;
    version.status = status;
    std::vector<T> wanted;
    for (const T transition : all_transitions) {
      if (goes_to(status, transition)) wanted.push_back(transition);
    }
    EXPECT_EQ(registry_->transitions(user, extension, version), wanted) << name_of(status);
    EXPECT_TRUE(registry_->transitions(User{.id = owner}, extension, version).empty());
  }
}

TEST_P(LifeCycleTest, ReasonsAreAskedForWhereWordsAreOwed) {
  const std::string owner = add_user("owner@example.com", {Role::Developer});
  const std::string reviewer = add_user("operator@example.com", {Role::Operator});
  declare(owner);
  ASSERT_TRUE(registry_->move(owner, "plot", 1, T::Submit, ""));
  for (const T transition : {T::Return, T::Deny}) {
    EXPECT_EQ(faults_of(registry_->move(reviewer, "plot", 1, transition, " \n")), std::vector<std::string>{"reason"});
  }
  const std::string words = "The plot has no axis.\nPlease add one.";
  const Version back = registry_->move(reviewer, "plot", 1, T::Return, words).value();
  EXPECT_EQ(back.words, words);
  EXPECT_EQ(registry_->move(owner, "plot", 1, T::Submit, "Done")->words, words);
  EXPECT_EQ(registry_->move(reviewer, "plot", 1, T::Publish, "")->words, "");
  EXPECT_EQ(faults_of(registry_->move(owner, "plot", 1, T::Down, "")), std::vector<std::string>{"reason"});
  EXPECT_EQ(faults_of(registry_->move(owner, "plot", 1, T::Down, std::string("a\0b", 3))),
            std::vector<std::string>{"reason"});
  EXPECT_EQ(registry_->move(owner, "plot", 1, T::Down, "Old")->words, "Old");
}

TEST_P(LifeCycleTest, PublishingTakesTheFormerOneDownInTheSameBreath) {
  const std::string owner = add_user("owner@example.com", {Role::Developer});
  declare(owner);
  bring(owner, 1, S::Production);
  ASSERT_TRUE(registry_->begin_version(owner, "plot"));
  EXPECT_EQ(code_of(registry_->begin_version(owner, "plot")), ErrorCode::Conflict);
  EXPECT_EQ(registry_->find_version(owner, "plot", 1)->status, S::Production);
  bring(owner, 2, S::Revision);
  EXPECT_EQ(registry_->find_version(owner, "plot", 1)->status, S::Production);
  now_ += minute;
  const std::string reviewer = add_user("operator@example.com", {Role::Operator});
  ASSERT_TRUE(registry_->move(reviewer, "plot", 2, T::Publish, "Good."));
  const Version former = registry_->find_version(owner, "plot", 1).value();
  EXPECT_EQ(former.status, S::Down);
  EXPECT_EQ(former.changed, now_);
  const auto history = registry_->history(owner, "plot").value();
  ASSERT_GE(history.size(), 2U);
  EXPECT_EQ(history[0].action, "publish");
  EXPECT_EQ(history[0].reason, "Good.");
  EXPECT_EQ(history[0].actor, reviewer);
  EXPECT_EQ(history[0].at, now_);
  EXPECT_EQ(history[1].action, "down");
  EXPECT_EQ(history[1].version, former.id);
}

TEST_P(LifeCycleTest, WhatGoesBackFindsItsPlaceTakenOrFree) {
  const std::string owner = add_user("owner@example.com", {Role::Developer});
  const std::string reviewer = add_user("operator@example.com", {Role::Operator});
  declare(owner);
  bring(owner, 1, S::Revision);
  ASSERT_TRUE(registry_->begin_version(owner, "plot"));
  EXPECT_EQ(code_of(registry_->move(reviewer, "plot", 1, T::Return, "No.")), ErrorCode::Conflict);
  EXPECT_EQ(code_of(registry_->move(owner, "plot", 2, T::Submit, "")), ErrorCode::Conflict);
  EXPECT_EQ(registry_->find_version(owner, "plot", 1)->status, S::Revision);
  EXPECT_EQ(registry_->find_version(owner, "plot", 2)->status, S::Development);
  EXPECT_EQ(registry_->review_queue(reviewer)->size(), 1U);
  EXPECT_EQ(code_of(registry_->review_queue(owner)), ErrorCode::Forbidden);
}

TEST_P(LifeCycleTest, OfManyWhoMoveAVersionAtOnceOneDoes) {
  const std::string owner = add_user("owner@example.com", {Role::Developer});
  const std::string reviewer = add_user("operator@example.com", {Role::Operator});
  declare(owner);
  bring(owner, 1, S::Revision);
  std::vector<std::optional<ErrorCode>> codes(6);
  std::vector<std::thread> threads;
  for (std::size_t at = 0; at < codes.size(); ++at) {
    threads.emplace_back([&, at] {
      const T transition = at % 2 == 0 ? T::Publish : T::Deny;
      codes[at] = code_of(open()->move(reviewer, "plot", 1, transition, "because"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(codes.begin(), codes.end(), std::nullopt), 1);
  EXPECT_EQ(std::count(codes.begin(), codes.end(), ErrorCode::Conflict), 5);
  EXPECT_EQ(number("SELECT count(*) FROM portico_audit WHERE action IN ('publish', 'deny')"), 1);
}

}  // namespace
}  // namespace portico::platform
