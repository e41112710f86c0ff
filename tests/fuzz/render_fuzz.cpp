// Whatever bytes the columns hold, what is written parses: as JSON by simdjson, as XML by expat. And a stored list
// that is matched and copied comes out as one that is parsed: white space in front keeps it from being matched.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <simdjson.h>

#include "render/template.hpp"
#include "support/view_of.hpp"
#include "support/xml_tree.hpp"

namespace {

using portico::base::Cell;
using portico::contract::Format;
using portico::model::FieldType;
using portico::render::Template;
using portico::test::cell;
using portico::test::field;
using portico::test::list;
using portico::test::nullable;
using portico::test::object;
using portico::test::ViewOf;

std::vector<portico::model::Field> fields() {
  return {
      field("s", FieldType::String),
      field("i", FieldType::Integer),
      nullable(object("o", {field("b", FieldType::Boolean), field("t", FieldType::Timestamp)})),
      list("l",
           object("", {field("a", FieldType::String), field("b", FieldType::Money), field("c", FieldType::Timestamp),
                       field("d", FieldType::Json), nullable(object("e", {field("f", FieldType::Boolean)})),
                       list("g", list("", field("", FieldType::Choice)))})),
      list("n", field("", FieldType::Integer)),
      field("j", FieldType::Json),
      field("c", FieldType::Choice),
  };
}

struct Fixture {
  Fixture()
      : of(fields()), json(Template::compile(of.view, Format::Json)), xml(Template::compile(of.view, Format::Xml)) {}
  ViewOf of;
  Template json;
  Template xml;
};

/// Cells of any kind out of the input: a byte for the kind, text up to the next 0xFE, which is in no UTF-8.
class CellSource {
 public:
  explicit CellSource(std::string_view input) : left_(input) {}

  Cell next() {
    if (left_.empty()) return {};
    const unsigned kind = static_cast<unsigned char>(left_.front()) % 8;
    left_.remove_prefix(1);
    if (kind == 0) return {};
    if (kind > 2) {
      const std::string_view text = left_.substr(0, left_.find('\xFE'));
      left_.remove_prefix(std::min(text.size() + 1, left_.size()));
      return cell(text);
    }
    std::array<char, 8> bytes{};
    const std::size_t size = std::min(left_.size(), bytes.size());
    std::memcpy(bytes.data(), left_.data(), size);
    left_.remove_prefix(size);
    if (kind == 1) {
      std::int64_t value = 0;
      std::memcpy(&value, bytes.data(), sizeof value);
      return cell(value);
    }
    double value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return cell(value);
  }

 private:
  std::string_view left_;
};

[[noreturn]] void fail(const char* what, const std::string& out) {
  std::fprintf(stderr, "%s: %s\n", what, out.c_str());
  std::abort();
}

// Numbers of a Json field keep their digits, however many; a parser that makes numbers of them may have to refuse.
bool parses(const std::string& json) {
  static simdjson::dom::parser parser;
  const simdjson::error_code failure = parser.parse(json).error();
  return failure == simdjson::SUCCESS || failure == simdjson::NUMBER_ERROR;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Fixture fixture;
  CellSource source({reinterpret_cast<const char*>(data), size});
  std::vector<Cell> row;
  for (std::size_t i = 0; i < fixture.of.view.leaves.size(); ++i) row.push_back(source.next());

  std::string json;
  fixture.json.write(row, json);
  if (!parses(json)) fail("not JSON", json);

  std::vector<std::string> spaced;
  spaced.reserve(row.size());
  std::vector<Cell> parsed = row;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const FieldType type = fixture.of.resource.leaves[fixture.of.view.leaves[i]].field->type;
    if (type != FieldType::List || row[i].kind != Cell::Kind::Text) continue;
    spaced.push_back(" " + std::string(row[i].text));
    parsed[i] = cell(spaced.back());
  }
  std::string again;
  fixture.json.write(parsed, again);
  if (again != json) fail("matched otherwise than parsed", json + "\n" + again);

  std::string xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<root>";
  fixture.xml.write(row, xml);
  xml += "</root>";
  if (!portico::test::read_xml(xml)) fail("not XML", xml);
  return 0;
}
