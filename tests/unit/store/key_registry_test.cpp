#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "store/sqlite_access.hpp"
#include "store/sqlite_connection.hpp"

namespace {

namespace fs = std::filesystem;
using portico::access::KeyKind;
using portico::access::KeyModes;
using portico::access::KeyRecord;
using portico::store::SqliteKeyRegistry;

class KeyRegistryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "portico-keys-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { fs::remove_all(directory_); }

  static KeyRecord record(std::string id, portico::base::Microseconds created) {
    std::string hash(32, '\xff');
    hash[3] = '\0';
    return {.id = std::move(id),
            .secret_hash = std::move(hash),
            .account = "acc",
            .kind = KeyKind::Private,
            .modes = KeyModes::Both,
            .label = "la tienda de Íñigo",
            .created = created};
  }

  fs::path directory_;
};

TEST_F(KeyRegistryTest, GivesBackWhatWasAdded) {
  SqliteKeyRegistry keys(directory_);
  auto added = record("0123456789abcdef", 17);
  added.expires = 99;
  keys.add({.token = {}, .record = added});
  const auto found = keys.find("0123456789abcdef");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, added.id);
  EXPECT_EQ(found->secret_hash, added.secret_hash);
  EXPECT_EQ(found->account, "acc");
  EXPECT_EQ(found->kind, KeyKind::Private);
  EXPECT_EQ(found->modes, KeyModes::Both);
  EXPECT_EQ(found->label, "la tienda de Íñigo");
  EXPECT_EQ(found->created, 17);
  EXPECT_EQ(found->expires, 99);
  EXPECT_FALSE(found->revoked);
  EXPECT_FALSE(keys.find("fedcba9876543210"));
}

TEST_F(KeyRegistryTest, AnIdIsGivenOnce) {
  SqliteKeyRegistry keys(directory_);
  keys.add({.token = {}, .record = record("a", 1)});
  EXPECT_THROW(keys.add({.token = {}, .record = record("a", 2)}), std::runtime_error);
  EXPECT_EQ(keys.find("a")->created, 1);
}

TEST_F(KeyRegistryTest, ListsTheOldestFirstAndRevokedOnesToo) {
  SqliteKeyRegistry keys(directory_);
  keys.add({.token = {}, .record = record("b", 5)});
  keys.add({.token = {}, .record = record("c", 3)});
  keys.add({.token = {}, .record = record("a", 5)});
  ASSERT_TRUE(keys.revoke("c", 7));
  const auto all = keys.list();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].id, "c");
  EXPECT_EQ(all[1].id, "a");
  EXPECT_EQ(all[2].id, "b");
}

TEST_F(KeyRegistryTest, RevokesOnceAndAnotherSeesIt) {
  SqliteKeyRegistry keys(directory_);
  const SqliteKeyRegistry server(directory_);
  keys.add({.token = {}, .record = record("a", 1)});
  ASSERT_TRUE(server.find("a"));
  EXPECT_TRUE(keys.revoke("a", 42));
  EXPECT_EQ(server.find("a")->revoked, 42);
  EXPECT_FALSE(keys.revoke("a", 43));
  EXPECT_EQ(server.find("a")->revoked, 42);
  EXPECT_FALSE(keys.revoke("nobody", 43));
}

/// Public keys of one account and one of another, by what their token ends in: which of them find_public gives.
void add_public_keys(portico::store::KeyRegistry& keys, const KeyRecord& pattern) {
  const auto add = [&](std::string id, portico::base::Microseconds created, KeyModes modes, auto alter) {
    KeyRecord record = pattern;
    record.kind = KeyKind::Public;
    record.modes = modes;
    record.created = created;
    record.id = id;
    std::string token = "public_" + id;
    alter(record, token);
    keys.add({.token = token, .record = record});
  };
  const auto as_it_is = [](KeyRecord&, std::string&) {};
  add("old", 1, KeyModes::Both, as_it_is);
  add("new", 5, KeyModes::Production, as_it_is);
  add("ends", 6, KeyModes::Both, [](KeyRecord& record, std::string&) { record.expires = 100; });
  add("private", 7, KeyModes::Both, [](KeyRecord& record, std::string&) { record.kind = KeyKind::Private; });
  add("untold", 8, KeyModes::Both, [](KeyRecord&, std::string& token) { token.clear(); });
  add("revoked", 9, KeyModes::Both, as_it_is);
  keys.revoke("revoked", 10);
  add("foreign", 11, KeyModes::Both, [](KeyRecord& record, std::string&) { record.account = "other"; });
}

TEST_F(KeyRegistryTest, GivesTheNewestPublicKeyThatIsValid) {
  using portico::model::Mode;
  SqliteKeyRegistry keys(directory_);
  add_public_keys(keys, record("x", 1));
  const auto found = [&](Mode mode, portico::base::Microseconds now, std::string_view account = "acc") {
    return keys.find_public({.account = account, .mode = mode, .now = now});
  };
  EXPECT_EQ(found(Mode::Production, 99), "public_ends");
  EXPECT_EQ(found(Mode::Production, 100), "public_new");
  EXPECT_EQ(found(Mode::Sandbox, 100), "public_old");
  EXPECT_EQ(found(Mode::Sandbox, 100, "other"), "public_foreign");
  EXPECT_EQ(found(Mode::Sandbox, 100, "nobody"), std::nullopt);
}

TEST_F(KeyRegistryTest, KeepsNoTokenOfAPrivateKey) {
  {
    SqliteKeyRegistry keys(directory_);
    add_public_keys(keys, record("x", 1));
  }
  portico::store::SqliteConnection other(portico::store::access_file(directory_),
                                         {.mode = portico::store::OpenMode::ReadOnly});
  portico::store::SqliteStatement kept(other, "SELECT group_concat(id) FROM portico_keys WHERE token IS NULL");
  ASSERT_TRUE(kept.step());
  EXPECT_EQ(kept.text(0), "private,untold");
}

/// The table as it was before tokens were kept, with a public key in it.
void make_earlier_table(const fs::path& directory) {
  portico::store::SqliteConnection earlier(portico::store::access_file(directory),
                                           {.mode = portico::store::OpenMode::Create});
  earlier.execute(
      "CREATE TABLE portico_keys(id TEXT PRIMARY KEY, secret_hash BLOB NOT NULL, account TEXT NOT NULL, kind TEXT "
      "NOT "
      "NULL, modes TEXT NOT NULL, label TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER, revoked INTEGER) "
      "WITHOUT ROWID, STRICT; "
      "INSERT INTO portico_keys VALUES('earlier', x'00', 'acc', 'public', 'both', '', 1, NULL, NULL)");
}

TEST_F(KeyRegistryTest, GivesAnEarlierTableTheColumnOfTokens) {
  make_earlier_table(directory_);
  SqliteKeyRegistry keys(directory_);
  const SqliteKeyRegistry another(directory_);
  ASSERT_TRUE(keys.find("earlier"));
  const portico::store::PublicKeyQuery query{.account = "acc", .now = 50};
  EXPECT_EQ(another.find_public(query), std::nullopt);
  add_public_keys(keys, record("x", 1));
  EXPECT_EQ(another.find_public(query), "public_ends");
}

TEST_F(KeyRegistryTest, ATokenIsItsKeysAndEndsWithIt) {
  SqliteKeyRegistry keys(directory_);
  const SqliteKeyRegistry server(directory_);
  auto key = record("0123456789abcdef", 1);
  key.expires = 500;
  keys.add({.token = {}, .record = key});
  auto made = portico::access::make_access_token(key, {.scope = portico::access::Scope::Reading, .now = 17});
  EXPECT_EQ(made.record.expires, 500);
  ASSERT_TRUE(keys.add_token(made.record));
  EXPECT_EQ(server.find(made.record.id), made.record);
  EXPECT_EQ(server.list().size(), 1U);
  ASSERT_TRUE(keys.revoke(key.id, 42));
  ASSERT_TRUE(server.find(made.record.id));
  EXPECT_EQ(server.find(made.record.id)->revoked, 42);
  EXPECT_FALSE(keys.add_token(portico::access::make_access_token(key, {.now = 18}).record));
  key.id = "fedcba9876543210";
  EXPECT_FALSE(keys.add_token(portico::access::make_access_token(key, {.now = 18}).record));
}

TEST_F(KeyRegistryTest, OldTokensGoWithNewOnes) {
  SqliteKeyRegistry keys(directory_);
  const auto key = record("0123456789abcdef", 1);
  keys.add({.token = {}, .record = key});
  const auto token = [&](portico::base::Microseconds now) {
    auto made = portico::access::make_access_token(key, {.lifetime = std::chrono::seconds(1), .now = now}).record;
    EXPECT_TRUE(keys.add_token(made));
    return made.id;
  };
  const std::string old = token(0);
  const portico::base::Microseconds later = portico::store::token_kept_after + 1'000'000;
  const std::string kept = token(later);
  EXPECT_TRUE(keys.find(old));  // it expired just as long ago as they are kept
  token(later + 1);
  EXPECT_FALSE(keys.find(old));
  EXPECT_TRUE(keys.find(kept));
}

TEST_F(KeyRegistryTest, MaintenanceIsOfEachMode) {
  using portico::access::Maintenance;
  SqliteKeyRegistry keys(directory_);
  const SqliteKeyRegistry server(directory_);
  EXPECT_EQ(server.maintenance(), portico::access::MaintenanceState());
  const Maintenance soon{.message = "Soon ñ.", .until = 9, .since = 7};
  keys.set_maintenance(KeyModes::Both, soon);
  EXPECT_EQ(server.maintenance().production, soon);
  EXPECT_EQ(server.maintenance().sandbox, soon);
  const Maintenance sooner{.message = "Sooner.", .until = {}, .since = 8};
  keys.set_maintenance(KeyModes::Sandbox, sooner);
  EXPECT_EQ(server.maintenance().production, soon);
  EXPECT_EQ(server.maintenance().sandbox, sooner);
  keys.set_maintenance(KeyModes::Production, std::nullopt);
  keys.set_maintenance(KeyModes::Production, std::nullopt);
  EXPECT_FALSE(server.maintenance().production);
  EXPECT_EQ(server.maintenance().sandbox, sooner);
}

TEST_F(KeyRegistryTest, OneThatAnOlderPorticoWroteGetsWhatItLacks) {
  SqliteKeyRegistry(directory_).add({.token = {}, .record = record("a", 1)});
  portico::store::SqliteConnection(portico::store::access_file(directory_),
                                   {.mode = portico::store::OpenMode::ReadWrite})
      .execute("DROP TABLE portico_tokens; DROP TABLE portico_maintenance");
  SqliteKeyRegistry keys(directory_);
  EXPECT_TRUE(keys.find("a"));
  EXPECT_FALSE(keys.maintenance().production);
}

TEST_F(KeyRegistryTest, NobodyElseMayReadTheFiles) {
  SqliteKeyRegistry keys(directory_);
  keys.add({.token = {}, .record = record("a", 1)});
  for (const auto& entry : fs::directory_iterator(directory_)) {
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write) << entry.path();
  }
}

TEST_F(KeyRegistryTest, SaysWhichFileCannotBeUsed) {
  try {
    SqliteKeyRegistry keys(directory_ / "missing");
    FAIL() << "opened in a directory that is not there";
  } catch (const std::runtime_error& failure) {
    EXPECT_NE(std::string(failure.what()).find("missing/access.db"), std::string::npos) << failure.what();
  }
}

TEST_F(KeyRegistryTest, AKindThatNobodyKnowsIsNotTakenForAnother) {
  SqliteKeyRegistry keys(directory_);
  keys.add({.token = {}, .record = record("a", 1)});
  portico::store::SqliteConnection other(portico::store::access_file(directory_),
                                         {.mode = portico::store::OpenMode::ReadWrite});
  other.execute("UPDATE portico_keys SET kind = 'master'");
  EXPECT_THROW((void)keys.find("a"), std::runtime_error);
}

/// Whether `condition` becomes true within what a replaced file may take to be noticed, and much more.
template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
  return true;
}

TEST_F(KeyRegistryTest, ARegistryPutInItsPlaceIsNoticed) {
  SqliteKeyRegistry server(directory_);
  server.add({.token = {}, .record = record("a", 1)});
  fs::create_directory(directory_ / "backup");
  SqliteKeyRegistry(directory_ / "backup").add({.token = {}, .record = record("b", 2)});
  const fs::path file = portico::store::access_file(directory_);
  fs::remove(file.string() + "-wal");
  fs::remove(file.string() + "-shm");
  fs::rename(portico::store::access_file(directory_ / "backup"), file);
  EXPECT_TRUE(eventually([&] { return server.find("b").has_value(); }));
  EXPECT_FALSE(server.find("a"));
}

TEST_F(KeyRegistryTest, ARegistryThatIsGoneIsNotMadeAnew) {
  SqliteKeyRegistry server(directory_);
  server.add({.token = {}, .record = record("a", 1)});
  const fs::path file = portico::store::access_file(directory_);
  const fs::path aside = directory_ / "aside";
  fs::rename(file, aside);
  EXPECT_TRUE(eventually([&] {
    try {
      static_cast<void>(server.find("a"));
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
  EXPECT_FALSE(fs::exists(file));
  fs::rename(aside, file);
  EXPECT_TRUE(server.find("a"));
}

}  // namespace
