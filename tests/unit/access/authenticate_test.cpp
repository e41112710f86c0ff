#include "access/authenticate.hpp"

#include <gtest/gtest.h>

namespace portico::access {
namespace {

using base::Error;
using base::ErrorCode;
using model::Mode;

constexpr base::Microseconds now = 1'443'809'745'101'838;

ErrorCode code_of(std::string_view authorization) {
  const auto token = bearer_token(authorization);
  EXPECT_FALSE(token.has_value()) << authorization;
  return token ? ErrorCode::Internal : token.error().code;
}

TEST(BearerToken, IsFoundBehindTheScheme) {
  for (const std::string_view good : {"Bearer abc", "bearer abc", "BEARER abc", "Bearer    abc"}) {
    const auto token = bearer_token(good);
    ASSERT_TRUE(token.has_value()) << good;
    EXPECT_EQ(*token, "abc");
    EXPECT_EQ(token->end(), good.end());
  }
  const auto signs = bearer_token("Bearer aZ09-._~+/==");
  ASSERT_TRUE(signs.has_value());
  EXPECT_EQ(*signs, "aZ09-._~+/==");
}

TEST(BearerToken, SaysThatThereAreNoCredentials) {
  const auto none = bearer_token({});
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::NotAuthenticated);
  EXPECT_EQ(none.error().message, "Authentication credentials were not provided.");
}

TEST(BearerToken, RefusesAllElse) {
  for (const std::string_view bad : {"",
                                     " ",
                                     "Bearer",
                                     "Bearer ",
                                     "Bearer   ",
                                     "Basic YTpi",
                                     "Bearerabc",
                                     "Bearer\tabc",
                                     "Bearers abc",
                                     "abc",
                                     " Bearer abc",
                                     "Bearer a b",
                                     "Bearer a\tb",
                                     "Bearer abc ",
                                     "Bearer =",
                                     "Bearer =a",
                                     "Bearer a=b",
                                     "Bearer a,b",
                                     "Bearer \"abc\"",
                                     "Bearer a\x01",
                                     "Bearer ñ",
                                     "Bearer a\"b",
                                     "Bearer a\\b",
                                     "Bearer a%20b"}) {
    EXPECT_EQ(code_of(bad), ErrorCode::MalformedCredentials) << bad;
  }
}

TEST(BearerToken, NeverRepeatsWhatWasSent) {
  for (const std::string_view bad : {"s3cret", "Basic s3cret", "Bearer s3cret s3cret", "Bearer s3cret,"}) {
    const auto token = bearer_token(bad);
    ASSERT_FALSE(token.has_value());
    EXPECT_EQ(token.error().message.find("s3cret"), std::string::npos) << token.error().message;
    EXPECT_FALSE(token.error().message.empty());
  }
}

class Authenticate : public testing::Test {
 protected:
  NewKey key_ = make_key({.account = "a1", .kind = KeyKind::Public, .modes = KeyModes::Production, .now = now - 100});

  [[nodiscard]] base::Result<Principal> ask(const KeyRecord& record, Mode mode = Mode::Production) const {
    return authenticate(parse_token(key_.token), record, mode, now);
  }
};

TEST_F(Authenticate, KnowsAKeysAccount) {
  const auto principal = ask(key_.record);
  ASSERT_TRUE(principal.has_value());
  EXPECT_EQ(principal->account, "a1");
  EXPECT_EQ(principal->kind, KeyKind::Public);
  EXPECT_EQ(principal->key_id, key_.record.id);
}

TEST_F(Authenticate, UnknownWrongAndRevokedAreOneAndTheSame) {
  const NewKey other = make_key({.account = "a2", .kind = KeyKind::Public, .modes = KeyModes::Both, .now = now});
  KeyRecord wrong = other.record;
  wrong.id = key_.record.id;
  KeyRecord revoked = key_.record;
  revoked.revoked = now - 1;
  KeyRecord revoked_and_expired = revoked;
  revoked_and_expired.expires = now - 1;
  KeyRecord wrong_and_expired = wrong;
  wrong_and_expired.expires = now - 1;

  const auto unknown = authenticate(parse_token(key_.token), std::nullopt, Mode::Production, now);
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, ErrorCode::InvalidToken);
  const auto no_token = authenticate(std::nullopt, std::nullopt, Mode::Production, now);
  ASSERT_FALSE(no_token.has_value());
  EXPECT_EQ(no_token.error().code, ErrorCode::InvalidToken);
  EXPECT_EQ(no_token.error().message, unknown.error().message);
  const auto no_token_but_a_key = authenticate(std::nullopt, key_.record, Mode::Production, now);
  ASSERT_FALSE(no_token_but_a_key.has_value());
  EXPECT_EQ(no_token_but_a_key.error().code, ErrorCode::InvalidToken);
  for (const KeyRecord& record : {wrong, revoked, revoked_and_expired, wrong_and_expired}) {
    const auto refused = ask(record, Mode::Sandbox);  // the wrong mode too: nothing is told to who has no key
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidToken);
    EXPECT_EQ(refused.error().message, unknown.error().message);
  }
}

TEST_F(Authenticate, AKeyExpiresAtItsInstant) {
  KeyRecord record = key_.record;
  record.expires = now + 1;
  EXPECT_TRUE(ask(record).has_value());
  record.expires = now;
  const auto expired = ask(record);
  ASSERT_FALSE(expired.has_value());
  EXPECT_EQ(expired.error().code, ErrorCode::ExpiredToken);
  EXPECT_EQ(expired.error().message, "The token expired at 2015-10-02T18:15:45.101838Z.");
}

TEST_F(Authenticate, AKeyWorksInItsModesOnly) {
  const auto refused = ask(key_.record, Mode::Sandbox);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::Forbidden);
  EXPECT_EQ(refused.error().message, "This key is for production only; the request is for the sandbox.");
  KeyRecord record = key_.record;
  record.modes = KeyModes::Sandbox;
  const auto other_way = ask(record);
  ASSERT_FALSE(other_way.has_value());
  EXPECT_EQ(other_way.error().message, "This key is for the sandbox only; the request is for production.");
  record.modes = KeyModes::Both;
  EXPECT_TRUE(ask(record).has_value());
  EXPECT_TRUE(ask(record, Mode::Sandbox).has_value());
}

TEST(Permit, APublicKeyMayWhatTheDescriptionSays) {
  model::Resource orders;
  orders.name = "orders";
  orders.public_operations = model::operation_bit(model::OperationKind::Retrieve);
  const Principal browser = {.account = "a1", .kind = KeyKind::Public, .key_id = "k"};
  const Principal shop = {.account = "a1", .kind = KeyKind::Private, .key_id = "k"};
  EXPECT_TRUE(permit(shop, orders, model::OperationKind::List).has_value());
  EXPECT_TRUE(permit(browser, orders, model::OperationKind::Retrieve).has_value());
  const auto refused = permit(browser, orders, model::OperationKind::List);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::Forbidden);
  EXPECT_EQ(refused.error().message, "A public key may not list orders; use the account's private key.");
  orders.public_operations = 0;
  EXPECT_FALSE(permit(browser, orders, model::OperationKind::Retrieve).has_value());
  EXPECT_FALSE(permit(Principal{}, orders, model::OperationKind::Retrieve).has_value());
}

TEST(Permit, AnActionHasARightOfItsOwn) {
  model::Resource orders;
  orders.name = "orders";
  orders.public_operations = model::operation_bit(model::OperationKind::Act);
  model::Action refund;
  refund.name = "refund";
  const Principal browser = {.account = "a1", .kind = KeyKind::Public, .key_id = "k"};
  const auto refused = permit(browser, orders, refund);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::Forbidden);
  EXPECT_EQ(refused.error().message, "A public key may not refund orders; use the account's private key.");
  EXPECT_TRUE(permit({.account = "a1", .kind = KeyKind::Private, .key_id = "k"}, orders, refund).has_value());
  refund.is_public = true;
  EXPECT_TRUE(permit(browser, orders, refund).has_value());
}

TEST(WwwAuthenticate, NamesTheErrorOfTheRfc) {
  EXPECT_EQ(www_authenticate(Error{ErrorCode::NotAuthenticated, "Authentication credentials were not provided."},
                             "aplazame"),
            "Bearer realm=\"aplazame\"");
  EXPECT_EQ(www_authenticate(Error{ErrorCode::MalformedCredentials, "No."}, "aplazame"),
            "Bearer realm=\"aplazame\", error=\"invalid_request\", error_description=\"No.\"");
  EXPECT_EQ(www_authenticate(Error{ErrorCode::InvalidToken, "No."}, "a"),
            "Bearer realm=\"a\", error=\"invalid_token\", error_description=\"No.\"");
  EXPECT_EQ(www_authenticate(Error{ErrorCode::ExpiredToken, ""}, "a"), "Bearer realm=\"a\", error=\"invalid_token\"");
  EXPECT_EQ(www_authenticate(Error{ErrorCode::Forbidden, "No."}, "a"),
            "Bearer realm=\"a\", error=\"insufficient_scope\", error_description=\"No.\"");
}

TEST(WwwAuthenticate, HoldsNothingThatEndsTheQuotes) {
  EXPECT_EQ(www_authenticate(Error{ErrorCode::Forbidden, "a\"b\\c\r\nñ\x7F€"}, "r\"\n"),
            "Bearer realm=\"r'?\", error=\"insufficient_scope\", error_description=\"a'b?c?????\"");
}

}  // namespace
}  // namespace portico::access
