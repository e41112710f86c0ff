#include "plan/evaluate.hpp"

#include <limits>
#include <string>

#include "base/ids.hpp"
#include "taken.hpp"

namespace portico::plan {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

/// Orders with some of everything, and an action whose answer is the formula.
std::shared_ptr<const model::Api> api(const std::string& formula) {
  return support::loaded_api(R"yaml(
vendor: acme
versions: [1]
apis: {partner: {base: /, dialect: media-type}}
accounts: shops
resources:
  shops:
    operations: [retrieve]
    fields: {id: {type: id}, credit: {type: money}, name: {type: string}}
  orders:
    owner: shop
    operations: [retrieve]
    fields:
      id: {type: id}
      a: {type: integer, "null": true}
      b: {type: integer, "null": true}
      text: {type: string, "null": true}
      paid: {type: boolean, "null": true}
      at: {type: timestamp, "null": true}
      of: {type: id, refers: shops, "null": true}
      items:
        type: list
        "null": true
        of:
          type: object
          "null": true
          fields:
            price: {type: money, "null": true}
            count: {type: integer, "null": true}
            gift: {type: boolean, "null": true}
            made: {type: timestamp, "null": true}
            name: {type: string, "null": true}
    actions:
      compute:
        fields: {amount: {type: money, "null": true}}
        answer:
          x: ")yaml" + formula +
                             "\"\n");
}

class Evaluate : public testing::Test {
 protected:
  /// The formula's value, or the error's message.
  [[nodiscard]] std::string of(const std::string& formula) const {
    const auto loaded = api(formula);
    const model::Resource& orders = *loaded->find_resource("orders");
    TableRow row(orders.leaves.size());
    for (const auto& [path, value] : values_) {
      for (std::size_t leaf = 0; leaf < row.size(); ++leaf) {
        if (orders.leaves[leaf].path == path) row[leaf] = value;
      }
    }
    const TableRow input = {std::int64_t{70}};
    const TableRow shop = {std::string(32, 'a'), std::int64_t{900}, std::string("Casa")};
    const Surroundings around{
        .resource = orders,
        .row = row,
        .input = &input,
        .referred = [&](std::size_t leaf) { return orders.leaves[leaf].path == "of" && is_there_ ? &shop : nullptr; },
        .now = 1'000'000,
        .mode = mode_};
    const auto value = evaluate(orders.actions.front()->answer.front().value, around);
    return value ? shown(*value) : value.error().message;
  }
  void set(std::string path, base::Value value) { values_.emplace_back(std::move(path), std::move(value)); }

  std::vector<std::pair<std::string, base::Value>> values_ = {{"a", std::int64_t{7}}, {"text", std::string("b")}};
  bool is_there_ = true;
  model::Mode mode_ = model::Mode::Production;
};

const std::string too_large = "The numbers are too large: what is computed of them does not fit into 64 bits.";

TEST_F(Evaluate, ComputesExactly) {
  EXPECT_EQ(of("a + 3 * 2 - 1"), "12");
  EXPECT_EQ(of("(a + 3) * 2"), "20");
  EXPECT_EQ(of("-a"), "-7");
  EXPECT_EQ(of("a - 10"), "-3");
  set("b", std::int64_t{9'007'199'254'740'993});  // no double holds it
  EXPECT_EQ(of("b + 0"), "9007199254740993");
}

TEST_F(Evaluate, RoundsHalfAwayFromZero) {
  EXPECT_EQ(of("a / 2"), "4");
  EXPECT_EQ(of("-a / 2"), "-4");
  EXPECT_EQ(of("a / -2"), "-4");
  EXPECT_EQ(of("-a / -2"), "4");
  EXPECT_EQ(of("a / 3"), "2");
  EXPECT_EQ(of("8 / 3"), "3");
  EXPECT_EQ(of("-8 / 3"), "-3");
  EXPECT_EQ(of("1 / 3"), "0");
  EXPECT_EQ(of("-1 / 2"), "-1");
  EXPECT_EQ(of("a / 0"), "null");
  EXPECT_EQ(of("a / -1"), "-7");
}

TEST_F(Evaluate, RoundsAtTheBordersOf64Bits) {
  set("b", most);
  EXPECT_EQ(of("b / b"), "1");
  EXPECT_EQ(of("b / 2"), "4611686018427387904");
  EXPECT_EQ(of("b / -1"), "-9223372036854775807");
  EXPECT_EQ(of("(b - 1) / b"), "1");
  set("b", least);
  EXPECT_EQ(of("b / 2"), "-4611686018427387904");
  EXPECT_EQ(of("b / b"), "1");
  EXPECT_EQ(of("a / b"), "0");
  EXPECT_EQ(of("b / 3"), "-3074457345618258603");
}

TEST_F(Evaluate, NeverWrapsAround) {
  set("b", most);
  for (const char* formula : {"b + 1", "b * 2", "-b - 2", "b + b - b", "b + 1 == 0 ? 1 : 2", "coalesce(b + 1, 5)"}) {
    EXPECT_EQ(of(formula), too_large) << formula;
  }
  set("b", least);
  for (const char* formula : {"-b", "b - 1", "b * -1", "b / -1"}) EXPECT_EQ(of(formula), too_large) << formula;
}

TEST_F(Evaluate, NullsMakeNulls) {
  for (const char* formula : {"b + 1", "a - b", "b * 0", "b / 2", "a / b", "-b"}) EXPECT_EQ(of(formula), "null");
}

TEST_F(Evaluate, NullsCompareAsValuesOnlyForEquality) {
  EXPECT_EQ(of("b == null"), "1");
  EXPECT_EQ(of("b != null"), "0");
  EXPECT_EQ(of("a == b"), "0");
  EXPECT_EQ(of("a != b"), "1");
  for (const char* formula : {"a < b", "a <= b", "b > a", "b >= a", "b < b", "b <= b"}) EXPECT_EQ(of(formula), "0");
  EXPECT_EQ(of("items == null"), "1");
}

TEST_F(Evaluate, Compares) {
  EXPECT_EQ(of("a < 8"), "1");
  EXPECT_EQ(of("a <= 7"), "1");
  EXPECT_EQ(of("a > 7"), "0");
  EXPECT_EQ(of("a >= 7"), "1");
  EXPECT_EQ(of("text == 'b'"), "1");
  EXPECT_EQ(of("text < 'ab'"), "0");
  EXPECT_EQ(of("text < 'ñ'"), "1");  // by bytes
  EXPECT_EQ(of("text != 'B'"), "1");
}

TEST_F(Evaluate, ConditionsThatAreNullAreFalse) {
  EXPECT_EQ(of("paid && true"), "0");
  EXPECT_EQ(of("paid || true"), "1");
  EXPECT_EQ(of("!paid"), "1");
  EXPECT_EQ(of("paid ? 1 : 2"), "2");
  set("paid", std::int64_t{1});
  EXPECT_EQ(of("paid && true"), "1");
  EXPECT_EQ(of("!paid"), "0");
  EXPECT_EQ(of("paid ? 1 : 2"), "1");
}

TEST_F(Evaluate, LooksRightOnlyWhereItMust) {
  set("b", most);
  EXPECT_EQ(of("a == 7 || b + 1 > 0"), "1");
  EXPECT_EQ(of("a == 8 && b + 1 > 0"), "0");
  EXPECT_EQ(of("a == 7 && b + 1 > 0"), too_large);
  EXPECT_EQ(of("a == 7 ? 1 : b + 1"), "1");
  EXPECT_EQ(of("coalesce(a, b + 1)"), "7");
}

TEST_F(Evaluate, ChoosesAmongValues) {
  EXPECT_EQ(of("coalesce(b, a, 1)"), "7");
  EXPECT_EQ(of("coalesce(b, b)"), "null");
  EXPECT_EQ(of("min(a, b, 3, 9)"), "3");
  EXPECT_EQ(of("max(b, a, 3)"), "7");
  EXPECT_EQ(of("max(b, b)"), "null");
  EXPECT_EQ(of("max(text, 'a')"), "b");
}

TEST_F(Evaluate, LooksAround) {
  EXPECT_EQ(of("now()"), "1000000");
  EXPECT_TRUE(base::is_id(of("new_id()")));
  EXPECT_NE(of("new_id()"), of("new_id()"));
  EXPECT_EQ(of("new_id() == new_id()"), "0");
  EXPECT_EQ(of("sandbox()"), "0");
  mode_ = model::Mode::Sandbox;
  EXPECT_EQ(of("sandbox()"), "1");
  EXPECT_EQ(of("amount + a"), "77");
  EXPECT_EQ(of("of.credit - amount"), "830");
  EXPECT_EQ(of("of.name"), "Casa");
  is_there_ = false;
  EXPECT_EQ(of("of.credit"), "null");
}

TEST_F(Evaluate, SumsLists) {
  EXPECT_EQ(of("sum(items, price)"), "null");
  EXPECT_EQ(of("count(items)"), "null");
  set("items", std::string("[]"));
  EXPECT_EQ(of("sum(items, price)"), "0");
  EXPECT_EQ(of("count(items)"), "0");
  set("items",
      std::string(R"([{"price":10,"count":2,"gift":true,"made":"1970-01-01T00:00:01.000000Z","name":"\u0041"},
      {"price":5,"count":null}, null, {"price":1,"count":3,"gift":false,"name":"B"}, {"price":1.5,"count":"2"}])"));
  EXPECT_EQ(of("sum(items, price * count)"), "23");
  EXPECT_EQ(of("sum(items, price * coalesce(count, 1)) + a"), "35");
  EXPECT_EQ(of("sum(items, price + a)"), "37");
  EXPECT_EQ(of("count(items)"), "5");
  EXPECT_EQ(of("count(items, gift)"), "1");
  EXPECT_EQ(of("count(items, gift == false)"), "1");
  EXPECT_EQ(of("count(items, made == now())"), "1");
  EXPECT_EQ(of("count(items, name == 'A')"), "1");
  EXPECT_EQ(of("count(items, price > 1) + count(items, count == null)"), "5");
}

TEST_F(Evaluate, SumsOfListsDoNotWrapEither) {
  set("items", std::string(R"([{"price":9223372036854775807},{"price":1}])"));
  EXPECT_EQ(of("sum(items, price)"), too_large);
  EXPECT_EQ(of("sum(items, price * 2)"), too_large);
  set("items", std::string(R"([{"price":9223372036854775808}])"));
  EXPECT_EQ(of("sum(items, price)"), "0");
}

TEST_F(Evaluate, ListsThatAreNoneAreNull) {
  for (const char* stored : {"", "{}", "[1", "nonsense"}) {
    set("items", std::string(stored));
    EXPECT_EQ(of("count(items)"), "null") << stored;
  }
  set("items", "[" + std::string(R"({"name":")") + std::string(2'000'000, 'x') + R"(","price":3}])");
  EXPECT_EQ(of("sum(items, price)"), "3");
}

TEST_F(Evaluate, TellsWhetherAConditionHolds) {
  const auto loaded = api("a > 1");
  const model::Resource& orders = *loaded->find_resource("orders");
  const model::Expression& condition = orders.actions.front()->answer.front().value;
  TableRow row(orders.leaves.size());
  const Surroundings around{.resource = orders, .row = row};
  EXPECT_FALSE(*holds(condition, around));
  row[1] = std::int64_t{2};
  EXPECT_TRUE(*holds(condition, around));
  const auto wide = api("a * a > 1");
  row[1] = most;
  const auto error = holds(wide->find_resource("orders")->actions.front()->answer.front().value, around);
  ASSERT_FALSE(error.has_value());
  EXPECT_EQ(error.error().code, base::ErrorCode::InvalidData);
}

TEST_F(Evaluate, KnowsWhichRowsItLooksAt) {
  const auto loaded = api("of.credit + a > coalesce(of.credit, 1) ? of.name : text");
  const model::Resource& orders = *loaded->find_resource("orders");
  std::vector<std::size_t> leaves;
  collect_referred(orders.actions.front()->answer.front().value, leaves);
  ASSERT_EQ(leaves.size(), 1U);
  EXPECT_EQ(orders.leaves[leaves.front()].path, "of");
}

class ApplyDefaults : public testing::Test {
 protected:
  /// Creates a note of these fields; the row's values in their order, or the faults.
  [[nodiscard]] static std::string of(const std::string& fields, std::string_view json, int version = 3) {
    Taking taking(notes_api(fields), "notes");
    taking.use_version(version);
    Taken taken = taking.create(json);
    EXPECT_EQ(taken.faults, Faults());
    const Surroundings around{.resource = taking.resource(), .row = taken.row, .now = 1'000'000};
    const auto done =
        apply_defaults({.view = taking.view(), .left_out = taken.left_out, .around = around}, taken.row);
    std::vector<std::string> out;
    if (done) {
      for (std::size_t leaf = 1; leaf < taken.row.size(); ++leaf) out.push_back(shown(taken.row[leaf]));
      EXPECT_TRUE(base::is_id(shown(taken.row[0])));
    } else {
      EXPECT_EQ(done.error().code, base::ErrorCode::InvalidData);
      for (const base::Fault& fault : done.error().faults) {
        out.push_back(base::joined(fault.path, ".") + ": " + fault.message);
      }
    }
    return base::joined(out, ",");
  }
};

TEST_F(ApplyDefaults, StopsBeforeWhatLooksAtARowThatIsYetToBeRead) {
  const auto api = notes_api(R"yaml(
      a: {type: integer, default: "5"}
      of: {type: id, refers: shops, "null": true, default: "'00000000000000000000000000000001'"}
      b: {type: id, "null": true, default: "of.id"}
      c: {type: integer, default: "6"}
)yaml");
  const Taking taking(api, "notes");
  Taken taken = taking.create("{}");
  const TableRow shop = {std::string(32, 's')};
  const Surroundings around{.resource = taking.resource(),
                            .row = taken.row,
                            .referred = [&shop](std::size_t) { return &shop; },
                            .now = 1'000'000};
  const Defaults defaults{.view = taking.view(), .left_out = taken.left_out, .around = around};
  const std::size_t b = taking.leaf("b");
  EXPECT_EQ(apply_defaults_from(0, defaults, taken.row).value(), b);
  EXPECT_EQ(shown(taken.row[taking.leaf("a")]), "5");
  EXPECT_EQ(shown(taken.row[b]), "null");
  EXPECT_EQ(apply_defaults_from(b, defaults, taken.row).value(), taken.row.size());
  EXPECT_EQ(shown(taken.row[b]), std::string(32, 's'));
  EXPECT_EQ(shown(taken.row[taking.leaf("c")]), "6");
}

TEST_F(ApplyDefaults, FillsWhatTheBodyLeavesOutInOrder) {
  const std::string fields = R"yaml(
      a: {type: integer, default: "5"}
      b: {type: integer, default: "a * 2"}
      c: {type: timestamp, read_only: true, default: "now()"}
      d: {type: string, hidden: true, default: "'x'"}
      e: {type: integer, "null": true}
      f: {type: integer, "null": true, default: "9"}
)yaml";
  EXPECT_EQ(of(fields, "{}"), "5,10,1000000,x,null,9");
  EXPECT_EQ(of(fields, R"({"a": 1})"), "1,2,1000000,x,null,9");
  EXPECT_EQ(of(fields, R"({"b": 3, "f": null})"), "5,3,1000000,x,null,null");
}

TEST_F(ApplyDefaults, LeavesObjectsThatAreNotThereAlone) {
  const std::string fields = R"yaml(
      a: {type: object, "null": true, fields: {b: {type: integer, default: "1"}, c: {type: integer, "null": true}}}
      d: {type: object, fields: {e: {type: integer, default: "2"}}}
      f: {type: object, "null": true, read_only: true, fields: {g: {type: integer, default: "3"}}}
)yaml";
  EXPECT_EQ(of(fields, "{}"), "null,null,2,3");
  EXPECT_EQ(of(fields, R"({"a": null})"), "null,null,2,3");
  EXPECT_EQ(of(fields, R"({"a": {}})"), "1,null,2,3");
  EXPECT_EQ(of(fields, R"({"a": {"c": 4}, "d": {"e": 5}})"), "1,4,5,3");
}

TEST_F(ApplyDefaults, FillsFieldsOfOtherVersions) {
  const std::string fields = R"yaml(
      a: {type: integer, until: 1, default: "1"}
      b: {type: object, since: 3, "null": true, fields: {c: {type: integer, default: "2"}}}
      d: {type: object, since: 3, fields: {e: {type: integer, default: "3"}}}
)yaml";
  EXPECT_EQ(of(fields, "{}", 2), "1,null,3");
  EXPECT_EQ(of(fields, R"({"b": {}})", 3), "1,2,3");
}

TEST_F(ApplyDefaults, BlamesTheFieldByItsNameInTheVersion) {
  const std::string fields = R"yaml(
      a: {type: integer, default: "0"}
      o: {type: object, fields: {b: {type: integer, was: {old: 2}, default: "a * a"}}}
      c: {type: integer, default: "10 / a"}
)yaml";
  EXPECT_EQ(of(fields, R"({"a": 4294967296})", 2), "o.old: " + too_large);
  EXPECT_EQ(of(fields, R"({"a": 0})"), "c: This field is required.");
  EXPECT_EQ(of(fields, R"({"a": 3})"), "3,9,3");
}

}  // namespace
}  // namespace portico::plan
