#include "render/template.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "support/view_of.hpp"
#include "support/xml_tree.hpp"

namespace portico::render {
namespace {

using base::Cell;
using contract::Format;
using model::FieldType;
using test::cell;
using test::field;
using test::list;
using test::null_cell;
using test::nullable;
using test::object;
using test::ViewOf;

std::string written(const ViewOf& of, Format format, const std::vector<Cell>& row) {
  std::string out;
  Template::compile(of.view, format).write(row, out);
  return out;
}

std::string json(const ViewOf& of, const std::vector<Cell>& row) {
  return written(of, Format::Json, row);
}
std::string xml(const ViewOf& of, const std::vector<Cell>& row) {
  return written(of, Format::Xml, row);
}

/// What a cell looks like in a field of a type.
struct Case {
  FieldType type;
  Cell value;
  std::string json;
  std::string xml;
};

std::vector<Case> cases() {
  constexpr base::Microseconds instant = 1'443'809'745'101'838;
  std::vector<Case> all = {
      {FieldType::Integer, cell(INT64_MIN), "-9223372036854775808", "-9223372036854775808"},
      {FieldType::Money, cell(std::int64_t{1250}), "1250", "1250"},
      {FieldType::Rate, cell(std::int64_t{2100}), "2100", "2100"},
      {FieldType::Boolean, cell(std::int64_t{0}), "false", "False"},
      {FieldType::Boolean, cell(std::int64_t{1}), "true", "True"},
      {FieldType::Boolean, cell(std::int64_t{2}), "null", ""},
      {FieldType::Timestamp, cell(instant), "\"2015-10-02T18:15:45.101838Z\"", "2015-10-02T18:15:45.101838Z"},
      {FieldType::Timestamp, cell("2015"), "null", ""},
      {FieldType::Choice, cell("ok"), "\"ok\"", "ok"},
      {FieldType::Choice, cell(std::int64_t{3}), "3", "3"},
      {FieldType::Choice, cell(1.5), "null", ""},
      {FieldType::Json, cell("{\"a\": [1, null]}"), "{\"a\":[1,null]}",
       "<a><list-item>1</list-item><list-item></list-item></a>"},
      {FieldType::Json, cell(std::int64_t{7}), "7", "7"},
      {FieldType::Json, cell(0.5), "0.5", "0.5"},
      {FieldType::Json, cell(std::nan("")), "null", ""},
  };
  for (const FieldType type : {FieldType::Id, FieldType::String, FieldType::Email, FieldType::Url, FieldType::Country,
                               FieldType::Currency, FieldType::Language, FieldType::Date}) {
    all.push_back({type, cell("2015-<é>"), "\"2015-<é>\"", "2015-&lt;é&gt;"});
    all.push_back({type, cell(std::int64_t{5}), "null", ""});
    all.push_back({type, cell(""), "\"\"", ""});
  }
  for (const FieldType type : {FieldType::Integer, FieldType::Money, FieldType::Rate, FieldType::Boolean}) {
    all.push_back({type, cell("12"), "null", ""});
    all.push_back({type, cell(12.5), "null", ""});
    all.push_back({type, null_cell(), "null", ""});
  }
  return all;
}

TEST(Template, WritesEachTypeOrNull) {
  for (const Case& c : cases()) {
    const ViewOf of({field("x", c.type)});
    EXPECT_EQ(json(of, {c.value}), "{\"x\":" + c.json + "}") << model::name_of(c.type);
    EXPECT_EQ(xml(of, {c.value}), "<x>" + c.xml + "</x>") << model::name_of(c.type);
  }
}

TEST(Template, KeepsTheOrderOfTheView) {
  const ViewOf of(
      {field("b", FieldType::Integer), object("o", {field("c", FieldType::String)}), field("a", FieldType::Integer)});
  const std::vector<Cell> row = {cell(std::int64_t{1}), cell("x"), null_cell()};
  EXPECT_EQ(json(of, row), R"({"b":1,"o":{"c":"x"},"a":null})");
  EXPECT_EQ(xml(of, row), "<b>1</b><o><c>x</c></o><a></a>");
}

std::vector<model::Field> nested() {
  return {nullable(object(
      "plan", {field("name", FieldType::String), nullable(object("payment", {field("state", FieldType::Choice),
                                                                             field("amount", FieldType::Money)}))}))};
}

TEST(Template, NullableObjectsAreNullWhereAllIsNull) {
  const ViewOf of(nested());
  EXPECT_EQ(json(of, {null_cell(), null_cell(), null_cell()}), R"({"plan":null})");
  EXPECT_EQ(json(of, {cell("n"), null_cell(), null_cell()}), R"({"plan":{"name":"n","payment":null}})");
  EXPECT_EQ(json(of, {null_cell(), null_cell(), cell(std::int64_t{5})}),
            R"({"plan":{"name":null,"payment":{"state":null,"amount":5}}})");
  EXPECT_EQ(xml(of, {null_cell(), null_cell(), null_cell()}), "<plan></plan>");
  EXPECT_EQ(xml(of, {cell("n"), null_cell(), null_cell()}), "<plan><name>n</name><payment></payment></plan>");
}

TEST(Template, ObjectsThatAreNotNullableAreAlwaysWritten) {
  const ViewOf of({object("o", {field("a", FieldType::String), object("p", {field("b", FieldType::String)})}),
                   field("z", FieldType::Integer)});
  EXPECT_EQ(json(of, {null_cell(), null_cell(), null_cell()}), R"({"o":{"a":null,"p":{"b":null}},"z":null})");
}

TEST(Template, JumpsLandBehindTheirObject) {
  std::vector<model::Field> fields = nested();
  fields.push_back(field("after", FieldType::Integer));
  fields.push_back(nullable(object("last", {nullable(object("inner", {field("a", FieldType::Integer)}))})));
  const ViewOf of(fields);
  const Cell one = cell(std::int64_t{1});
  const Cell none = null_cell();
  EXPECT_EQ(json(of, {none, none, none, one, none}), R"({"plan":null,"after":1,"last":null})");
  EXPECT_EQ(json(of, {none, none, one, one, one}),
            R"({"plan":{"name":null,"payment":{"state":null,"amount":1}},"after":1,"last":{"inner":{"a":1}}})");
  EXPECT_EQ(xml(of, {none, none, none, one, one}),
            "<plan></plan><after>1</after><last><inner><a>1</a></inner></last>");
}

TEST(Template, ShowsAVersionsFieldsUnderItsNames) {
  model::Field postcode = field("postcode", FieldType::String);
  postcode.former_names = {{.name = "zip", .until = 2}};
  model::Field old = field("old", FieldType::Integer);
  old.versions = {.first = 1, .last = 1};
  model::Field fresh = field("fresh", FieldType::Integer);
  fresh.versions.first = 3;
  const std::vector<model::Field> fields = {object("address", {postcode, old}), fresh};
  const Cell one = cell(std::int64_t{1});
  EXPECT_EQ(json(ViewOf(fields, 1), {cell("28004"), one}), R"({"address":{"zip":"28004","old":1}})");
  EXPECT_EQ(json(ViewOf(fields, 2), {cell("28004")}), R"({"address":{"zip":"28004"}})");
  EXPECT_EQ(json(ViewOf(fields, 3), {cell("28004"), one}), R"({"address":{"postcode":"28004"},"fresh":1})");
  EXPECT_EQ(xml(ViewOf(fields, 1), {cell("1"), one}), "<address><zip>1</zip><old>1</old></address>");
}

TEST(Template, NamesOfAnyLengthAndContent) {
  const std::string name(5000, 'n');
  const ViewOf of({object(name, {field("q\"<", FieldType::Integer)})});
  EXPECT_EQ(json(of, {cell(std::int64_t{1})}), "{\"" + name + R"(":{"q\"<":1}})");
  EXPECT_EQ(xml(of, {cell(std::int64_t{1})}), "<" + name + "><item name=\"q&quot;&lt;\">1</item></" + name + ">");
}

TEST(Template, ManyWideRowsOutgrowTheSink) {
  std::vector<model::Field> fields;
  std::vector<Cell> row;
  std::string expected = "{";
  const std::string text = std::string(477, '\x01') + "é\"";
  std::string escaped;
  for (int i = 0; i < 477; ++i) escaped += "\\u0001";
  for (int i = 0; i < 200; ++i) {
    fields.push_back(field("f" + std::to_string(i), FieldType::String));
    row.push_back(cell(text));
    expected += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "\":\"" + escaped + "é\\\"\"";
  }
  const ViewOf of(fields);
  EXPECT_EQ(json(of, row), expected + "}");
}

TEST(Template, RefusesARowThatIsTooShort) {
  const ViewOf of({field("a", FieldType::Integer), field("b", FieldType::Integer)});
  EXPECT_THROW(json(of, {null_cell()}), std::logic_error);
}

}  // namespace
}  // namespace portico::render
