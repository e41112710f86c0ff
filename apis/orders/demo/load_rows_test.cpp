#include "load_rows.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "fill_store.hpp"
#include "model/load_yaml.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_connection.hpp"

namespace {

using namespace portico;
namespace fs = std::filesystem;

constexpr const char* description = R"(
vendor: acme
versions: [1, 2]
apis:
  partner: {base: /, dialect: media-type}
accounts: shops
resources:
  orders:
    owner: shop
    operations: [list, retrieve]
    fields:
      id: {type: id}
      total: {type: money}
      paid: {type: boolean}
      created: {type: timestamp}
      day: {type: date, "null": true}
      kind: {type: choice, of: [a, b], "null": true}
      grade: {type: choice, of: [0, 1], "null": true}
      lines: {type: list, of: {type: string}, "null": true}
      address: {type: object, "null": true, fields: {postcode: {type: string, was: {zip: 1}}}}
  shops:
    operations: [retrieve]
    fields:
      id: {type: id}
      name: {type: string}
)";

const std::string id(32, 'a');

std::string order(const std::string& fields) {
  return R"({"resource": "orders", "mode": "production", "owner": "s", "row": {)" + fields + "}}";
}
std::string good_with(const std::string& more) {
  return R"("id": ")" + id + R"(", "total": 1250, "paid": true, "created": "2015-10-02T18:15:45.101838Z")" + more;
}

class LoadRowsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "portico-rows-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    auto loaded = model::load_yaml(description);
    ASSERT_TRUE(std::holds_alternative<std::shared_ptr<const model::Api>>(loaded));
    api_ = std::get<std::shared_ptr<const model::Api>>(loaded);
  }
  void TearDown() override { fs::remove_all(directory_); }

  fs::path written(const std::string& text) const {
    const fs::path file = directory_ / "rows.jsonl";
    std::ofstream(file) << text;
    return file;
  }

  /// The refusal, without the directory.
  std::string refusal(const std::string& text) const {
    try {
      demo::load_rows(*api_, written(text), [](const demo::LoadedRow&) {});
    } catch (const std::runtime_error& failure) {
      const std::string words = failure.what();
      return words.substr(words.find("rows.jsonl"));
    }
    return "";
  }

  fs::path directory_;
  std::shared_ptr<const model::Api> api_;
};

TEST_F(LoadRowsTest, FillsBothDatabases) {
  const std::string shop = R"({"resource": "shops", "mode": "sandbox", "row": {"id": ")" + id + R"(", "name": "Ñ"}})";
  const auto file = written(order(good_with(R"(, "kind": "b", "grade": 1, "lines": ["x", "y"], "day": "2024-02-29",)"
                                            R"( "address": {"postcode": "28001"})")) +
                            "\n\n" + shop + "\n");
  demo::StoreFiller filler(*api_, directory_, app::Talk::Quiet);
  filler.load_into(file);
  filler.finish();
  EXPECT_EQ(filler.rows(model::Mode::Production), 1U);
  EXPECT_EQ(filler.rows(model::Mode::Sandbox), 1U);

  store::SqliteConnection production(store::database_file(directory_, model::Mode::Production), {});
  store::SqliteStatement orders(production,
                                "SELECT id, total, paid, created, day, kind, grade, lines, address__postcode, shop "
                                "FROM orders");
  ASSERT_TRUE(orders.step());
  EXPECT_EQ(orders.text(0), id);
  EXPECT_EQ(orders.integer(1), 1250);
  EXPECT_EQ(orders.integer(2), 1);
  EXPECT_EQ(orders.integer(3), 1'443'809'745'101'838);
  EXPECT_EQ(orders.text(4), "2024-02-29");
  EXPECT_EQ(orders.text(5), "b");
  EXPECT_EQ(orders.integer(6), 1);
  EXPECT_EQ(orders.text(7), R"(["x","y"])");
  EXPECT_EQ(orders.text(8), "28001");
  EXPECT_EQ(orders.text(9), "s");
  EXPECT_FALSE(orders.step());

  store::SqliteConnection sandbox(store::database_file(directory_, model::Mode::Sandbox), {});
  store::SqliteStatement shops(sandbox, "SELECT name, (SELECT count(*) FROM orders) FROM shops");
  ASSERT_TRUE(shops.step());
  EXPECT_EQ(shops.text(0), "Ñ");
  EXPECT_EQ(shops.integer(1), 0);
}

TEST_F(LoadRowsTest, WhatIsMissingIsNull) {
  std::size_t nulls = 0;
  demo::load_rows(*api_, written(order(good_with(R"(, "kind": null)"))), [&](const demo::LoadedRow& row) {
    for (const auto& cell : row.cells->row(0)) nulls += cell.is_null() ? 1U : 0U;
  });
  EXPECT_EQ(nulls, 5U);
}

TEST_F(LoadRowsTest, SaysLinePathAndWhatWasExpected) {
  const std::string good = order(good_with(""));
  EXPECT_EQ(refusal(good + "\n" + good + "\n"), "");
  EXPECT_EQ(refusal(good + "\n" + order(good_with(R"(, "kind": "c")")) + "\n"),
            "rows.jsonl:2: row.kind: expected one of 'a' and 'b', got \"c\"");
  EXPECT_EQ(refusal(order(good_with(R"(, "grade": "1")"))),
            "rows.jsonl:1: row.grade: expected one of 0 and 1, got \"1\"");
  EXPECT_EQ(refusal(order(good_with(R"(, "zip": "1")"))),
            "rows.jsonl:1: row.zip: no such field; there are id, total, paid, created, day, kind, grade, lines and "
            "address");
  EXPECT_EQ(refusal(order(good_with(R"(, "adress": {})"))),
            "rows.jsonl:1: row.adress: no such field (did you mean 'address'?)");
  EXPECT_EQ(refusal(order(good_with(R"(, "address": {"postcode": 28001})"))),
            "rows.jsonl:1: row.address.postcode: expected a string, got 28001");
  EXPECT_EQ(refusal(order(good_with(R"(, "address": "28001")"))),
            "rows.jsonl:1: row.address: expected an object, got \"28001\"");
  EXPECT_EQ(refusal(order(good_with(R"(, "day": "2023-02-29")"))),
            "rows.jsonl:1: row.day: expected a date as 2024-02-29, got \"2023-02-29\"");
  EXPECT_EQ(refusal(order(good_with(R"(, "lines": {})"))), "rows.jsonl:1: row.lines: expected an array, got {}");
  EXPECT_EQ(refusal(order(R"("id": ")" + id + R"(", "total": 12.50)")),
            "rows.jsonl:1: row.total: expected an integer (amounts and rates in hundredths), got 12.5");
  EXPECT_EQ(refusal(order(R"("id": ")" + id + R"(")")),
            "rows.jsonl:1: row.total: must be there, and may not be null");
  EXPECT_EQ(refusal(order(R"("id": "A1")")),
            "rows.jsonl:1: row.id: expected an id of 32 lower-case hex digits, got \"A1\"");
}

TEST_F(LoadRowsTest, SaysWhatIsWrongAroundTheRow) {
  EXPECT_EQ(refusal(R"({"resource": "order", "mode": "production", "owner": "s", "row": {}})"),
            "rows.jsonl:1: resource: expected one of orders and shops, got \"order\"");
  EXPECT_EQ(refusal(R"({"resource": "orders", "mode": "test", "owner": "s", "row": {}})"),
            "rows.jsonl:1: mode: expected production or sandbox, got \"test\"");
  EXPECT_EQ(refusal(R"({"resource": "orders", "mode": "sandbox", "row": {}})"),
            "rows.jsonl:1: owner: must be there, the id of the account that owns the row");
  EXPECT_EQ(refusal(R"({"resource": "orders", "mode": "sandbox", "owner": "s"})"),
            "rows.jsonl:1: row: must be there, an object");
  EXPECT_EQ(refusal(R"({"resource": "orders", "mode": "sandbox", "owner": "s", "rows": {}})"),
            "rows.jsonl:1: rows: no such key; there are resource, mode, owner and row");
  EXPECT_EQ(refusal("[]"), "rows.jsonl:1: expected an object with resource, mode, owner and row, got []");
  EXPECT_TRUE(refusal("{").starts_with("rows.jsonl:1: ")) << refusal("{");
}

TEST_F(LoadRowsTest, AFileThatIsNotThereIsNamed) {
  EXPECT_THROW(demo::load_rows(*api_, directory_ / "nothing", [](const demo::LoadedRow&) {}), std::runtime_error);
}

TEST_F(LoadRowsTest, AFailedLoadLeavesNoDatabase) {
  {
    demo::StoreFiller filler(*api_, directory_ / "store", app::Talk::Quiet);
    EXPECT_THROW(filler.load_into(written(order(good_with("")) + "\n{}\n")), std::runtime_error);
  }
  EXPECT_TRUE(fs::is_empty(directory_ / "store"));
}

}  // namespace
