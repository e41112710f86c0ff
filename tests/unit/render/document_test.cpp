#include "render/document.hpp"

#include <gtest/gtest.h>

#include "render/entity_tag.hpp"
#include "support/view_of.hpp"
#include "support/xml_tree.hpp"

namespace portico::render {
namespace {

using contract::Contract;
using contract::Format;
using model::DialectKind;
using model::FieldType;
using test::field;
using test::ViewOf;

class Document : public testing::Test {
 protected:
  Document() : of_({field("id", FieldType::String)}) { rows_.clear(1); }

  std::string page(DialectKind dialect, Format format, const PageFrame& frame) {
    const model::Surface surface{.dialect = dialect};
    const Contract contract{.surface = &surface, .format = format};
    std::string out;
    write_page(contract, Template::compile(of_.view, format), rows_, frame, out);
    return out;
  }
  std::string object(DialectKind dialect, Format format) {
    const model::Surface surface{.dialect = dialect};
    const Contract contract{.surface = &surface, .format = format};
    std::string out;
    write_object(contract, Template::compile(of_.view, format), rows_, out);
    return out;
  }

  std::string objects(DialectKind dialect, Format format) {
    const model::Surface surface{.dialect = dialect};
    std::string out;
    write_objects({.surface = &surface, .format = format}, Template::compile(of_.view, format), rows_, out);
    return out;
  }

  ViewOf of_;
  store::Rows rows_;
};

constexpr PageFrame middle = {.number = 2,
                              .size = 25,
                              .count = 314,
                              .next = "https://a.example/orders?page=3&q=%22",
                              .previous = "https://a.example/orders?page=1"};

TEST_F(Document, P10P11AMiddlePageKnowsItsNeighbours) {
  rows_.add_text("a");
  rows_.add_text("b");
  EXPECT_EQ(
      page(DialectKind::MediaType, Format::Json, middle),
      R"({"cursor":{"after":3,"before":1},"paging":{"count":314,"next":"https://a.example/orders?page=3&q=%22",)"
      R"("previous":"https://a.example/orders?page=1"},"results":[{"id":"a"},{"id":"b"}]})");
}

TEST_F(Document, P11TheEndsAreNull) {
  EXPECT_EQ(
      page(DialectKind::MediaType, Format::Json, {.number = 1, .size = 25}),
      R"({"cursor":{"after":null,"before":null},"paging":{"count":0,"next":null,"previous":null},"results":[]})");
}

TEST_F(Document, XmlHasTheSameNamesUnderRoot) {
  rows_.add_text("a<");
  rows_.add_text("b");
  EXPECT_EQ(page(DialectKind::MediaType, Format::Xml, middle),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<root><cursor><after>3</after><before>1</before></cursor>"
            "<paging><count>314</count><next>https://a.example/orders?page=3&amp;q=%22</next>"
            "<previous>https://a.example/orders?page=1</previous></paging><results><list-item><id>a&lt;</id>"
            "</list-item><list-item><id>b</id></list-item></results></root>");
  const auto last = test::read_xml(page(DialectKind::MediaType, Format::Xml, {.number = 1, .size = 25}));
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->child("cursor").child("after").text, "");
}

TEST_F(Document, CodeEnvelopePages) {
  rows_.add_text("a");
  EXPECT_EQ(page(DialectKind::CodeEnvelope, Format::Json, middle),
            R"({"code":0,"data":[{"id":"a"}],"pagination":{"page":2,"pages":13,"count":314,"page_size":25}})");
  const auto pages = [this](std::int64_t count) {
    const std::string body = page(DialectKind::CodeEnvelope, Format::Json, {.number = 1, .size = 25, .count = count});
    const std::size_t at = body.find("\"pages\":") + 8;
    return body.substr(at, body.find(',', at) - at);
  };
  EXPECT_EQ(pages(0), "1");
  EXPECT_EQ(pages(25), "1");
  EXPECT_EQ(pages(26), "2");
}

TEST_F(Document, Objects) {
  rows_.add_text("a");
  EXPECT_EQ(object(DialectKind::MediaType, Format::Json), R"({"id":"a"})");
  EXPECT_EQ(object(DialectKind::MediaType, Format::Xml),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<root><id>a</id></root>");
  EXPECT_EQ(object(DialectKind::CodeEnvelope, Format::Json), R"({"code":0,"data":{"id":"a"}})");
}

TEST_F(Document, AppendsToWhatIsThere) {
  rows_.add_text("a");
  const Contract contract;
  std::string out = "before ";
  write_object(contract, Template::compile(of_.view, Format::Json), rows_, out);
  EXPECT_EQ(out, R"(before {"id":"a"})");
}

TEST_F(Document, RowsMadeTogetherAreAnArray) {
  rows_.add_text("a");
  rows_.add_text("b");
  EXPECT_EQ(objects(DialectKind::MediaType, Format::Json), R"([{"id":"a"},{"id":"b"}])");
  EXPECT_EQ(objects(DialectKind::MediaType, Format::Xml),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<root><list-item><id>a</id></list-item>"
            "<list-item><id>b</id></list-item></root>");
  EXPECT_EQ(objects(DialectKind::CodeEnvelope, Format::Json), R"({"code":0,"data":[{"id":"a"},{"id":"b"}]})");
}

TEST_F(Document, E5SuccessHasACodeInOneDialectAndNoBodyInTheOther) {
  const model::Surface partner{.dialect = DialectKind::MediaType};
  const model::Surface extension{.dialect = DialectKind::CodeEnvelope};
  std::string out;
  write_success({.surface = &partner}, out);
  EXPECT_EQ(out, "");
  write_success({.surface = &extension}, out);
  EXPECT_EQ(out, R"({"code":0})");
}

base::Document value_of_every_kind() {
  using Kind = base::Document::Kind;
  base::Document list{.kind = Kind::Array};
  list.items.push_back({.kind = Kind::Integer, .integer = -7});
  list.items.push_back({.kind = Kind::Number, .text = "1.50"});
  base::Document whole{.kind = Kind::Object};
  whole.members.push_back({"remaining", {.kind = Kind::Integer, .integer = 70070}});
  whole.members.push_back({"a b", {.kind = Kind::Text, .text = "<\"ñ\">"}});
  whole.members.push_back({"done", {.kind = Kind::Boolean, .boolean = true}});
  whole.members.push_back({"none", {}});
  whole.members.push_back({"list", std::move(list)});
  return whole;
}

TEST_F(Document, AValueThatIsNoRowIsWrittenInEitherFormat) {
  const auto written = [](DialectKind dialect, Format format) {
    const model::Surface surface{.dialect = dialect};
    std::string out;
    write_document({.surface = &surface, .format = format}, value_of_every_kind(), out);
    return out;
  };
  const std::string json = R"({"remaining":70070,"a b":"<\"ñ\">","done":true,"none":null,"list":[-7,1.50]})";
  EXPECT_EQ(written(DialectKind::MediaType, Format::Json), json);
  EXPECT_EQ(written(DialectKind::CodeEnvelope, Format::Json), R"({"code":0,"data":)" + json + "}");
  EXPECT_EQ(written(DialectKind::MediaType, Format::Xml),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<root><remaining>70070</remaining>"
            "<item name=\"a b\">&lt;\"ñ\"&gt;</item><done>True</done><none></none>"
            "<list><list-item>-7</list-item><list-item>1.50</list-item></list></root>");
}

TEST(EntityTag, IsStrongAndOfTheBytesAlone) {
  EXPECT_EQ(entity_tag(""), "\"99aa06d3014798d86001c324468d497f\"");  // XXH3-128 of nothing, as its authors print it
  EXPECT_EQ(entity_tag("a"), entity_tag("a"));
  EXPECT_NE(entity_tag("a"), entity_tag("b"));
  EXPECT_EQ(entity_tag(std::string(20'000, 'x')).size(), 34U);
}

}  // namespace
}  // namespace portico::render
