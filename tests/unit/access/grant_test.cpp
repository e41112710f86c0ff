#include "access/grant.hpp"

#include <gtest/gtest.h>

#include "access/authenticate.hpp"

namespace portico::access {
namespace {

using base::ErrorCode;

constexpr base::Microseconds now = 1'443'809'745'101'838;
const std::vector<std::string> names = {"captures:read", "orders:read", "orders:write"};

class GrantTest : public testing::Test {
 protected:
  GrantTest() {
    grant_ = {.id = token_.record.id,
              .secret_hash = token_.record.secret_hash,
              .kind = KeyKind::Run,
              .created = now - 100,
              .expires = now + 100,
              .user = "u1",
              .account = "a1",
              .is_member = true,
              .member_of_everything = true,
              .authorisation = "z1",
              .agreed_scopes = "orders:read orders:write",
              .extension = "plot",
              .version = 1,
              .minted_status = "development",
              .status = "development",
              .status_since = now - 100,
              .version_scopes = "captures:read orders:read orders:write"};
  }

  [[nodiscard]] base::Result<Principal> ask(const Grant& grant) const {
    return authenticate(parse_token(token_.token), grant, names, now);
  }
  [[nodiscard]] ErrorCode refusal(const Grant& grant) const {
    const auto asked = ask(grant);
    EXPECT_FALSE(asked.has_value());
    return asked ? ErrorCode::Internal : asked.error().code;
  }

  NewKey token_ = make_run_token({.kind = KeyKind::Run, .account = "a1", .now = now - 100});
  Grant grant_;
};

TEST_F(GrantTest, SaysWhoAsksAndWhatMayBeDone) {
  const auto principal = ask(grant_);
  ASSERT_TRUE(principal.has_value());
  EXPECT_EQ(principal->account, "a1");
  EXPECT_EQ(principal->user, "u1");
  EXPECT_EQ(principal->extension, "plot");
  EXPECT_EQ(principal->key_id, token_.record.id);
  EXPECT_EQ(principal->rate_key(), "z1");
  EXPECT_EQ(principal->origin_prefix, "dev--");
  EXPECT_FALSE(principal->scopes.contains(0)) << "the user did not agree to it";
  EXPECT_TRUE(permit_scope(*principal, 1, names).has_value());
  EXPECT_TRUE(permit_scope(*principal, 2, names).has_value());
  const auto refused = permit_scope(*principal, 0, names);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::Forbidden);
  EXPECT_NE(refused.error().message.find("'captures:read'"), std::string::npos);
}

TEST_F(GrantTest, EndsWithWhateverItDependsOn) {
  std::vector<Grant> ended(9, grant_);
  ended[0].is_revoked = true;
  ended[1].user_is_removed = true;
  ended[2].is_member = false;
  ended[3].status = "revision";
  ended[4].status_since = now - 99;  // it left its status since, and came back
  ended[5].minted_status = ended[5].status = "down";
  ended[6].minted_status = ended[6].status = "denied";
  ended[7].secret_hash[0] = static_cast<char>(ended[7].secret_hash[0] ^ 1);
  ended[8].kind = KeyKind::Test;  // the token says that it is a run's
  for (std::size_t i = 0; i < ended.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(refusal(ended[i]), ErrorCode::InvalidToken);
    ended[i].expires = now;
    EXPECT_EQ(refusal(ended[i]), ErrorCode::InvalidToken) << "another one could not be had";
  }
  EXPECT_FALSE(authenticate(parse_token(token_.token), std::nullopt, names, now).has_value());
  EXPECT_FALSE(authenticate(std::nullopt, grant_, names, now).has_value());
}

TEST_F(GrantTest, ExpiresAtItsInstant) {
  grant_.expires = now + 1;
  EXPECT_TRUE(ask(grant_).has_value());
  grant_.expires = now;
  EXPECT_EQ(refusal(grant_), ErrorCode::ExpiredToken);
}

TEST_F(GrantTest, IsNeverMadeForATestOfAnythingButDevelopment) {
  const NewKey test = make_run_token({.kind = KeyKind::Test, .account = "a1", .now = now - 100});
  Grant grant = grant_;
  grant.kind = KeyKind::Test;
  grant.secret_hash = test.record.secret_hash;
  grant.id = test.record.id;
  for (const std::string status : {"development", "revision", "production"}) {
    grant.minted_status = grant.status = status;
    EXPECT_EQ(authenticate(parse_token(test.token), grant, names, now).has_value(), status == "development")
        << status;
  }
}

TEST_F(GrantTest, AnAccountsMemberGivesNoMoreThanTheyHave) {
  grant_.member_of_everything = false;
  grant_.member_scopes = "captures:read orders:read nothing:read";
  const auto principal = ask(grant_);
  ASSERT_TRUE(principal.has_value());
  EXPECT_TRUE(principal->scopes.contains(1));
  EXPECT_FALSE(principal->scopes.contains(0));
  EXPECT_FALSE(principal->scopes.contains(2));
}

TEST(ScopeSetTest, IsOfManyScopes) {
  std::vector<std::string> many;
  for (int i = 100; i < 300; ++i) many.push_back("r" + std::to_string(i) + ":read");
  const ScopeSet first = ScopeSet::of("r100:read r299:read nothing:read  r163:read", many);
  ScopeSet second = ScopeSet::of("r299:read r164:read", many);
  EXPECT_TRUE(first.contains(0) && first.contains(63) && first.contains(199));
  EXPECT_FALSE(first.contains(64) || first.contains(1000));
  second.intersect(first);
  EXPECT_TRUE(second.contains(199));
  EXPECT_FALSE(second.contains(64) || second.contains(0));
  second.intersect(ScopeSet());
  EXPECT_FALSE(second.contains(199));
}

}  // namespace
}  // namespace portico::access
