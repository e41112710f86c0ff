#include "access/key.hpp"

#include <set>

#include <gtest/gtest.h>
#include <sodium.h>

#include "base/ids.hpp"

namespace portico::access {
namespace {

NewKey some_key(KeyKind kind = KeyKind::Private) {
  return make_key({.account = "a1", .kind = kind, .modes = KeyModes::Both, .label = "shop", .expires = 9, .now = 7});
}

TEST(MakeKey, FillsTheRecord) {
  const NewKey made = some_key(KeyKind::Public);
  EXPECT_EQ(made.record.account, "a1");
  EXPECT_EQ(made.record.kind, KeyKind::Public);
  EXPECT_EQ(made.record.modes, KeyModes::Both);
  EXPECT_EQ(made.record.label, "shop");
  EXPECT_EQ(made.record.created, 7);
  EXPECT_EQ(made.record.expires, 9);
  EXPECT_EQ(made.record.revoked, std::nullopt);
  EXPECT_EQ(made.record.secret_hash.size(), 32U);
  EXPECT_EQ(made.token.substr(0, 7), "public_");
  EXPECT_EQ(made.token.size(), 7U + 16U + 1U + 64U);
}

TEST(MakeKey, IsNewEachTime) {
  std::set<std::string> ids;
  std::set<std::string> secrets;
  for (int round = 0; round < 200; ++round) {
    const NewKey made = some_key();
    EXPECT_TRUE(ids.insert(made.record.id).second);
    EXPECT_TRUE(secrets.insert(made.token.substr(made.token.size() - 64)).second);
  }
}

TEST(MakeKey, KeepsNothingOfTheSecretButItsHash) {
  const NewKey made = some_key();
  const std::string secret = made.token.substr(made.token.size() - 64);
  std::string hash(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), nullptr, 0);
  EXPECT_EQ(made.record.secret_hash, hash);
  EXPECT_NE(made.record.secret_hash, base::from_hex(secret));
}

TEST(MakeAccessToken, IsOfItsKeyAndEndsWithItAtTheLatest) {
  NewKey key = some_key();
  key.record.expires = 100'000'000;
  const NewKey made =
      make_access_token(key.record, {.scope = Scope::Reading, .lifetime = std::chrono::seconds(60), .now = 7});
  EXPECT_EQ(made.record.kind, KeyKind::Access);
  EXPECT_EQ(made.record.account, key.record.account);
  EXPECT_EQ(made.record.modes, key.record.modes);
  EXPECT_EQ(made.record.parent, key.record.id);
  EXPECT_EQ(made.record.scope, Scope::Reading);
  EXPECT_EQ(made.record.created, 7);
  EXPECT_EQ(made.record.expires, 60'000'007);
  EXPECT_TRUE(is_token_id(made.record.id));
  EXPECT_FALSE(is_token_id(key.record.id));
  EXPECT_EQ(make_access_token(key.record, {.lifetime = std::chrono::seconds(600), .now = 7}).record.expires,
            100'000'000);
  const auto parts = parse_token(made.token);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->kind, KeyKind::Access);
  EXPECT_TRUE(matches(*parts, made.record));
  EXPECT_FALSE(matches(*parts, key.record));
  EXPECT_EQ(made.token.size(), 7U + 32U + 1U + 64U);
  EXPECT_FALSE(parse_token("access" + key.token.substr(7)));
  EXPECT_FALSE(parse_token("private" + made.token.substr(6)));
}

TEST(MakeRunToken, IsOfItsKindForAnAccountInProduction) {
  for (const KeyKind kind : {KeyKind::Run, KeyKind::Test}) {
    const NewKey made =
        make_run_token({.kind = kind, .account = "shop", .lifetime = std::chrono::seconds(60), .now = 7});
    EXPECT_EQ(made.record.kind, kind);
    EXPECT_EQ(made.record.account, "shop");
    EXPECT_EQ(made.record.modes, KeyModes::Production);
    EXPECT_EQ(made.record.created, 7);
    EXPECT_EQ(made.record.expires, 60'000'007);
    EXPECT_TRUE(is_token_id(made.record.id));
    const auto parts = parse_token(made.token);
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->kind, kind);
    EXPECT_TRUE(matches(*parts, made.record));
    EXPECT_EQ(hash_of_secret(parts->secret), made.record.secret_hash);
    EXPECT_EQ(find_kind(name_of(kind)), kind);
    const std::string other = kind == KeyKind::Run ? "test" : "run";
    const std::string renamed = other + made.token.substr(made.token.find('_'));
    const auto disguised = parse_token(renamed);
    ASSERT_TRUE(disguised);
    EXPECT_FALSE(matches(*disguised, made.record));
  }
}

TEST(ParseToken, TakesApartWhatWasMade) {
  for (const KeyKind kind : {KeyKind::Private, KeyKind::Public}) {
    const NewKey made = some_key(kind);
    const auto parts = parse_token(made.token);
    ASSERT_TRUE(parts.has_value());
    EXPECT_EQ(parts->kind, kind);
    EXPECT_EQ(parts->id, made.record.id);
    EXPECT_EQ(parts->secret, made.token.substr(made.token.size() - 64));
    EXPECT_EQ(parts->secret.end(), std::string_view(made.token).end());  // a view, not a copy
  }
}

TEST(ParseToken, RefusesAllElse) {
  const std::string good = "private_0123456789abcdef_" + std::string(64, 'a');
  ASSERT_TRUE(parse_token(good).has_value());
  EXPECT_FALSE(parse_token("").has_value());
  EXPECT_FALSE(parse_token("private").has_value());
  EXPECT_FALSE(parse_token("private_").has_value());
  EXPECT_FALSE(parse_token("secret" + good.substr(7)).has_value());
  EXPECT_FALSE(parse_token("Private" + good.substr(7)).has_value());
  EXPECT_FALSE(parse_token(" " + good).has_value());
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(parse_token(good.substr(0, size)).has_value());
  for (const char wrong : {'A', 'g', '_', ' ', '\0', '\xC3'}) {
    EXPECT_FALSE(parse_token(good + wrong).has_value());
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string bad = good;
      if (bad[at] == wrong) continue;
      bad[at] = wrong;
      EXPECT_FALSE(parse_token(bad).has_value()) << bad;
    }
  }
}

TEST(Matches, OnlyItsOwnKey) {
  const NewKey mine = some_key();
  const NewKey other = some_key();
  const auto token = parse_token(mine.token);
  ASSERT_TRUE(token.has_value());
  EXPECT_TRUE(matches(*token, mine.record));
  EXPECT_FALSE(matches(*token, other.record));

  KeyRecord changed = mine.record;
  changed.kind = KeyKind::Public;
  EXPECT_FALSE(matches(*token, changed));
  changed = mine.record;
  changed.id = other.record.id;
  EXPECT_FALSE(matches(*token, changed));
  for (std::size_t byte = 0; byte < 32; ++byte) {
    changed = mine.record;
    changed.secret_hash[byte] = static_cast<char>(changed.secret_hash[byte] ^ 1);
    EXPECT_FALSE(matches(*token, changed));
  }
  changed = mine.record;
  changed.secret_hash.clear();  // a damaged record opens nothing
  EXPECT_FALSE(matches(*token, changed));
}

TEST(Names, GoThereAndBack) {
  for (const KeyKind kind : {KeyKind::Private, KeyKind::Public}) EXPECT_EQ(find_kind(name_of(kind)), kind);
  for (const KeyModes modes : {KeyModes::Production, KeyModes::Sandbox, KeyModes::Both}) {
    EXPECT_EQ(find_modes(name_of(modes)), modes);
  }
  EXPECT_EQ(name_of(KeyKind::Private), "private");
  EXPECT_EQ(name_of(KeyModes::Sandbox), "sandbox");
  EXPECT_EQ(find_kind("both"), std::nullopt);
  EXPECT_EQ(find_modes(""), std::nullopt);
}

TEST(KeyModes, SayWhereAKeyWorks) {
  EXPECT_TRUE(works_in(KeyModes::Production, model::Mode::Production));
  EXPECT_FALSE(works_in(KeyModes::Production, model::Mode::Sandbox));
  EXPECT_FALSE(works_in(KeyModes::Sandbox, model::Mode::Production));
  EXPECT_TRUE(works_in(KeyModes::Sandbox, model::Mode::Sandbox));
  EXPECT_TRUE(works_in(KeyModes::Both, model::Mode::Production));
  EXPECT_TRUE(works_in(KeyModes::Both, model::Mode::Sandbox));
}

}  // namespace
}  // namespace portico::access
