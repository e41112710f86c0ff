#include "platform/boilerplate.hpp"
#include "support/registry_ground.hpp"

namespace portico::platform {
namespace {

using base::ErrorCode;

class ExtensionsTest : public RegistryTest {
 protected:
  ExtensionsTest()
      : owner_(add_user("owner@example.com", {Role::Developer})),
        other_(add_user("other@example.com", {Role::Developer})),
        operator_(add_user("operator@example.com", {Role::Operator})) {}

  [[nodiscard]] std::string content(int version, int commit, const std::string& path) {
    return registry_->file_bytes(owner_, "plot", version, commit, path).value();
  }
  [[nodiscard]] std::vector<std::string> actions() {
    std::vector<std::string> names;
    const auto history = registry_->history(owner_, "plot").value();
    for (auto entry = history.rbegin(); entry != history.rend(); ++entry) names.push_back(entry->action);
    return names;
  }

  const std::string owner_;
  const std::string other_;
  const std::string operator_;
};
INSTANTIATE_TEST_SUITE_P(Stores, ExtensionsTest, testing::Values(Kind::Sqlite, Kind::Postgres), name_of_kind);

TEST_P(ExtensionsTest, BeginWithABoilerplateThatRuns) {
  const Extension made = declare(owner_);
  EXPECT_EQ(made.owner, owner_);
  EXPECT_EQ(made.created, now_);
  const Version version = registry_->find_version(owner_, "plot", 1).value();
  EXPECT_EQ(version.status, VersionStatus::Development);
  EXPECT_EQ(version.running, 0);
  EXPECT_TRUE(version.scopes.empty());
  const auto files = boilerplate();
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(registry_->commits(owner_, "plot", 1)->at(0).files, 3);
  for (const UploadedFile& file : files) {
    EXPECT_GT(file.bytes.size(), 100U);
    const auto served = registry_->served_file(version, file.path);
    ASSERT_TRUE(served) << file.path;
    EXPECT_EQ(served->bytes, file.bytes);
    // What the pages' policy would not run: scripts and handlers within the page, and what comes from elsewhere.
    EXPECT_EQ(file.bytes.find("<script>"), std::string::npos);
    EXPECT_EQ(file.bytes.find(" onclick"), std::string::npos);
    EXPECT_EQ(file.bytes.find("http"), std::string::npos);
  }
  EXPECT_EQ(registry_->served_file(version, "index.html")->entry.type, "text/html; charset=utf-8");
  EXPECT_EQ(actions(), std::vector<std::string>{"declare"});
}

TEST_P(ExtensionsTest, AreDeclaredByDevelopersWithFaultsByField) {
  EXPECT_EQ(code_of(registry_->declare(operator_, {.name = "plot", .title = "A", .description = ""})),
            ErrorCode::Forbidden);
  const auto bad = registry_->declare(owner_, {.name = "Plot", .title = "", .description = std::string(2'001, 'x')});
  EXPECT_EQ(faults_of(bad), (std::vector<std::string>{"name", "title", "description"}));
  declare(owner_);
  const auto taken = registry_->declare(other_, {.name = "plot", .title = "B", .description = ""});
  EXPECT_EQ(code_of(taken), ErrorCode::Conflict);
  EXPECT_EQ(faults_of(taken), std::vector<std::string>{"name"});
  rules_.limits.developer_extensions = 1;
  EXPECT_EQ(code_of(open()->declare(owner_, {.name = "second", .title = "B", .description = ""})),
            ErrorCode::Conflict);
}

/// Every question that others may put about an extension that is not theirs, and what it was answered.
std::vector<std::pair<ErrorCode, std::string>> answers_about(Registry& registry, const std::string& actor,
                                                             const std::string& name) {
  std::vector<std::pair<ErrorCode, std::string>> answers;
  const auto add = [&](const auto& result) {
    answers.emplace_back(result ? ErrorCode::Internal : result.error().code,
                         result ? "shown" : result.error().message);
  };
  Extension changed;
  changed.name = name;
  changed.title = "Mine";
  add(registry.find_extension(actor, name));
  add(registry.describe(actor, changed));
  add(registry.set_image(actor, name, "image/png", ""));
  add(registry.versions(actor, name));
  add(registry.find_version(actor, name, 1));
  add(registry.find_version(actor, name, 7));
  add(registry.begin_version(actor, name));
  add(registry.change_version(actor, name, 1, {.running = 0, .scopes = {}, .hosts = {}}));
  add(registry.move(actor, name, 1, Transition::Submit, ""));
  add(registry.move(actor, name, 1, Transition::Down, ""));
  add(registry.history(actor, name));
  add(registry.commit(actor, name, {{.path = "index.html", .bytes = ""}}, ""));
  add(registry.commits(actor, name, 1));
  add(registry.files(actor, name, 1, 0));
  add(registry.file_bytes(actor, name, 1, 0, "index.html"));
  add(registry.authorise(actor, name, 1, "shop"));
  add(registry.test_token(actor, name, "shop"));
  add(registry.run(actor, name, 1, "shop", console));
  return answers;
}

TEST_P(ExtensionsTest, ThoseOfOthersAreAsIfTheyWereNotThere) {
  declare(owner_);
  const std::string member = add_user("member@example.com", {});
  for (const std::string& stranger : {other_, member}) {
    for (const auto& [code, words] : answers_about(*registry_, stranger, "plot")) {
      EXPECT_EQ(code, ErrorCode::NotFound) << words;
    }
    EXPECT_EQ(answers_about(*registry_, stranger, "plot"), answers_about(*registry_, stranger, "none"));
    EXPECT_EQ(answers_about(*registry_, stranger, "none"), answers_about(*registry_, stranger, "n ne"));
    EXPECT_TRUE(registry_->extensions(stranger)->empty());
  }
  EXPECT_EQ(registry_->extensions(owner_)->size(), 1U);
  EXPECT_EQ(registry_->extensions(operator_)->size(), 1U);
}

TEST_P(ExtensionsTest, OfOneInProductionOthersSeeThatAlone) {
  declare(owner_);
  EXPECT_TRUE(registry_->marketplace().empty());
  bring(owner_, 1, VersionStatus::Production);
  ASSERT_TRUE(registry_->begin_version(owner_, "plot"));
  EXPECT_EQ(registry_->versions(other_, "plot")->size(), 1U);
  EXPECT_EQ(registry_->find_version(other_, "plot", 1)->status, VersionStatus::Production);
  EXPECT_EQ(registry_->find_version(other_, "plot", 2).error().message,
            registry_->find_version(other_, "plot", 9).error().message);
  EXPECT_EQ(code_of(registry_->history(other_, "plot")), ErrorCode::Forbidden);
  EXPECT_EQ(code_of(registry_->files(other_, "plot", 1, 0)), ErrorCode::Forbidden);
  EXPECT_EQ(code_of(registry_->begin_version(other_, "plot")), ErrorCode::Forbidden);
  EXPECT_EQ(code_of(registry_->begin_version(operator_, "plot")), ErrorCode::Forbidden);
  ASSERT_EQ(registry_->marketplace().size(), 1U);
  EXPECT_EQ(registry_->marketplace()[0].second.number, 1);
  ASSERT_TRUE(registry_->move(owner_, "plot", 1, Transition::Down, "over"));
  EXPECT_EQ(code_of(registry_->find_extension(other_, "plot")), ErrorCode::NotFound);
}

TEST_P(ExtensionsTest, CommitsKeepEachContentOnce) {
  declare(owner_);
  const std::int64_t before = number("SELECT count(*) FROM portico_blobs");
  const std::vector<UploadedFile> files = {{.path = "index.html", .bytes = "<p>One"},
                                           {.path = "js/a.js", .bytes = "same"},
                                           {.path = "js/b.js", .bytes = "same"}};
  const Commit first = registry_->commit(owner_, "plot", files, "The first").value();
  EXPECT_EQ(first.number, 1);
  EXPECT_EQ(first.files, 3);
  EXPECT_EQ(first.bytes, 14);
  EXPECT_EQ(first.author, owner_);
  EXPECT_EQ(registry_->commit(owner_, "plot", files, "")->number, 2);
  EXPECT_EQ(number("SELECT count(*) FROM portico_blobs"), before + 2);
  EXPECT_EQ(registry_->find_version(owner_, "plot", 1)->running, 2);
  EXPECT_EQ(content(1, 1, "js/b.js"), "same");
  EXPECT_EQ(content(1, 0, "style.css"), boilerplate().at(2).bytes);
  const auto entries = registry_->files(operator_, "plot", 1, 1).value();
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[1].path, "js/a.js");
  EXPECT_EQ(entries[1].hash, entries[2].hash);
  EXPECT_EQ(code_of(registry_->files(owner_, "plot", 1, 3)), ErrorCode::NotFound);
  EXPECT_EQ(code_of(registry_->file_bytes(owner_, "plot", 1, 1, "js/c.js")), ErrorCode::NotFound);
  EXPECT_EQ(code_of(registry_->file_bytes(owner_, "plot", 1, 1, "\xff")), ErrorCode::NotFound);
  EXPECT_EQ(registry_->commits(owner_, "plot", 1)->at(1).message, "The first");
}

TEST_P(ExtensionsTest, CommitsNeedAPageAVersionInDevelopmentAndRoom) {
  declare(owner_);
  EXPECT_EQ(faults_of(registry_->commit(owner_, "plot", {{.path = "app.js", .bytes = ""}}, "")),
            std::vector<std::string>{"files"});
  rules_.limits.extension_commits = 1;
  const std::vector<UploadedFile> page = {{.path = "index.html", .bytes = ""}};
  EXPECT_TRUE(open()->commit(owner_, "plot", page, ""));
  EXPECT_EQ(code_of(open()->commit(owner_, "plot", page, "")), ErrorCode::Conflict);
  EXPECT_EQ(code_of(registry_->commit(operator_, "plot", page, "")), ErrorCode::Forbidden);
  bring(owner_, 1, VersionStatus::Revision);
  EXPECT_EQ(code_of(registry_->commit(owner_, "plot", page, "")), ErrorCode::Conflict);
}

TEST_P(ExtensionsTest, AVersionInDevelopmentChangesAndNoOther) {
  declare(owner_);
  ask_for(owner_, 1, {"shops:read", "orders:read", "orders:read"},
          {"https://b.example.com", "https://A.example.com"});
  const Version version = registry_->find_version(owner_, "plot", 1).value();
  EXPECT_EQ(version.scopes, (std::vector<std::string>{"orders:read", "shops:read"}));
  EXPECT_EQ(version.hosts, (std::vector<std::string>{"https://a.example.com", "https://b.example.com"}));
  const auto bad = registry_->change_version(
      owner_, "plot", 1,
      {.running = 5, .scopes = {{"orders:read", "order:write"}}, .hosts = {{"https://a.example.com", "b"}}});
  EXPECT_EQ(faults_of(bad), (std::vector<std::string>{"running", "scopes.1", "hosts.1"}));
  ASSERT_TRUE(registry_->commit(owner_, "plot", {{.path = "index.html", .bytes = ""}}, ""));
  ASSERT_TRUE(registry_->change_version(owner_, "plot", 1, {.running = 0, .scopes = {}, .hosts = {}}));
  EXPECT_EQ(registry_->find_version(owner_, "plot", 1)->running, 0);
  EXPECT_EQ(registry_->find_version(owner_, "plot", 1)->scopes, version.scopes);
  EXPECT_EQ(actions(), (std::vector<std::string>{"declare", "scopes", "hosts", "commit", "run-commit"}));
  EXPECT_EQ(registry_->history(owner_, "plot")->at(0).from, "1.1");
  EXPECT_EQ(registry_->history(owner_, "plot")->at(0).to, "1.0");
  EXPECT_EQ(code_of(registry_->change_version(operator_, "plot", 1, {.running = 0, .scopes = {}, .hosts = {}})),
            ErrorCode::Forbidden);
  bring(owner_, 1, VersionStatus::Revision);
  EXPECT_EQ(code_of(registry_->change_version(owner_, "plot", 1, {.running = 0, .scopes = {}, .hosts = {}})),
            ErrorCode::Conflict);
}

TEST_P(ExtensionsTest, ANewVersionBeginsWhereTheNewestIs) {
  declare(owner_);
  ask_for(owner_, 1, {"orders:read"}, {"https://a.example.com"});
  ASSERT_TRUE(registry_->commit(owner_, "plot", {{.path = "index.html", .bytes = "<p>One"}}, ""));
  bring(owner_, 1, VersionStatus::Revision);
  const Version second = registry_->begin_version(owner_, "plot").value();
  EXPECT_EQ(second.number, 2);
  EXPECT_EQ(second.running, 0);
  EXPECT_EQ(second.scopes, std::vector<std::string>{"orders:read"});
  EXPECT_EQ(second.hosts, std::vector<std::string>{"https://a.example.com"});
  EXPECT_EQ(content(2, 0, "index.html"), "<p>One");
  EXPECT_EQ(registry_->commits(owner_, "plot", 2)->at(0).message, "As 1.1");
  EXPECT_EQ(registry_->versions(owner_, "plot")->at(0).number, 2);
}

TEST_P(ExtensionsTest, HaveWordsAndAnImage) {
  Extension extension = declare(owner_);
  extension.title = "Sales by week";
  extension.description = "Two\nlines";
  ASSERT_TRUE(registry_->describe(owner_, extension));
  EXPECT_EQ(registry_->find_extension(owner_, "plot")->description, "Two\nlines");
  extension.title = "";
  EXPECT_EQ(faults_of(registry_->describe(owner_, extension)), std::vector<std::string>{"title"});
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  ASSERT_TRUE(registry_->set_image(owner_, "plot", "image/png", png));
  EXPECT_EQ(registry_->image("plot"), std::pair(std::string("image/png"), png));
  EXPECT_EQ(registry_->find_extension(owner_, "plot")->image_type, "image/png");
  EXPECT_EQ(code_of(registry_->set_image(owner_, "plot", "image/jpeg", png)), ErrorCode::UnsupportedMediaType);
  EXPECT_EQ(code_of(registry_->set_image(owner_, "plot", "image/svg+xml", "<svg>")), ErrorCode::UnsupportedMediaType);
  EXPECT_EQ(code_of(registry_->set_image(owner_, "plot", "image/png", png + std::string(1024 * 1024, 'x'))),
            ErrorCode::BodyTooLarge);
  ASSERT_TRUE(registry_->set_image(owner_, "plot", "", ""));
  EXPECT_FALSE(registry_->image("plot"));
  EXPECT_FALSE(registry_->image("no such"));
}

TEST(Authorisation, AdmitsItsOwnVersionAndLaterOnesInProduction) {
  Authorisation agreed;
  agreed.version = "one";
  agreed.version_number = 1;
  agreed.scopes = {"orders:read"};
  const auto admitted = [&](const std::string& id, int number, VersionStatus status) {
    return admits(agreed, {.id = id, .number = number, .status = status, .scopes = {"orders:read"}});
  };
  EXPECT_TRUE(admitted("one", 1, VersionStatus::Development));
  EXPECT_TRUE(admitted("one", 1, VersionStatus::Production));
  EXPECT_TRUE(admitted("two", 2, VersionStatus::Production));
  EXPECT_FALSE(admitted("two", 2, VersionStatus::Development));
  EXPECT_FALSE(admitted("two", 2, VersionStatus::Revision));
  EXPECT_FALSE(admitted("none", 0, VersionStatus::Production));
  agreed.scopes = {};
  EXPECT_FALSE(admitted("one", 1, VersionStatus::Development));
}

}  // namespace
}  // namespace portico::platform
