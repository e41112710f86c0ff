#include "base/text.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "render/sink.hpp"
#include "support/xml_tree.hpp"

namespace portico::render {
namespace {

std::string json_of(std::string_view text) {
  std::string out;
  Sink sink(out);
  sink.set(write_json_text(sink, sink.reserve(sink.at()), text));
  sink.finish();
  return out;
}

std::string xml_of(std::string_view text) {
  std::string out;
  Sink sink(out);
  sink.set(write_xml_text(sink, sink.reserve(sink.at()), text));
  sink.finish();
  return out;
}

std::string read_json_string(const std::string& json) {
  simdjson::dom::parser parser;
  std::string_view value;
  EXPECT_EQ(parser.parse(json).get(value), simdjson::SUCCESS) << json;
  return std::string(value);
}

std::string read_xml_text(const std::string& content) {
  const auto root = test::read_xml("<r>" + content + "</r>");
  EXPECT_TRUE(root.has_value()) << content;
  return root ? root->text : "";
}

// Every byte at every place of every length that takes another way through the scan.
TEST(CopyScanned, FindsEveryByteAtEveryPlace) {
  for (std::size_t size = 0; size < 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (unsigned byte = 0; byte < 256; ++byte) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(byte);
        std::string copy(size + 2, '#');
        const bool json_special = byte < 0x20 || byte == '"' || byte == '\\';
        const bool xml_special = byte < 0x20 || byte == '&' || byte == '<' || byte == '>';
        const unsigned high = byte >= 0x80 ? met::high : met::nothing;
        ASSERT_EQ(copy_scanned<JsonSpecials>(copy.data() + 1, text.data(), size),
                  high | (json_special ? met::special : met::nothing))
            << size << ' ' << at << ' ' << byte;
        ASSERT_EQ(copy, "#" + text + "#");
        ASSERT_EQ(copy_scanned<XmlSpecials>(copy.data() + 1, text.data(), size),
                  high | (xml_special ? met::special : met::nothing))
            << size << ' ' << at << ' ' << byte;
      }
    }
  }
}

TEST(JsonText, EscapesAsRfc8259Says) {
  EXPECT_EQ(json_of(""), R"("")");
  EXPECT_EQ(json_of("say \"hi\" \\ / now"), R"("say \"hi\" \\ / now")");
  EXPECT_EQ(json_of("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(json_of(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(json_of("Ñandú, 漢字, 😀"), "\"Ñandú, 漢字, 😀\"");
}

TEST(JsonText, EveryCharacterComesBack) {
  for (std::size_t padding : {0U, 3U, 20U, 479U, 2000U}) {
    for (unsigned byte = 0; byte < 0x80; ++byte) {
      const std::string text = std::string(padding, 'a') + static_cast<char>(byte) + "é";
      ASSERT_EQ(read_json_string(json_of(text)), text);
    }
  }
}

TEST(JsonText, RepairsWhatIsNotUtf8) {
  EXPECT_EQ(json_of("a\xFFz"), "\"a\uFFFDz\"");
  EXPECT_EQ(json_of("cut \xC3"), "\"cut \uFFFD\"");
  EXPECT_EQ(json_of("\xED\xA0\x80\""), "\"" + base::repaired_utf8("\xED\xA0\x80") + "\\\"\"");
}

// All pairs of bytes, at places that fall differently into words.
TEST(JsonText, AgreesWithUtf8OnEveryPairOfBytes) {
  for (const std::size_t padding : {0U, 5U, 7U, 15U}) {
    for (unsigned first = 0x20; first < 256; ++first) {
      for (unsigned second = 0x80; second < 256; ++second) {
        std::string text(padding, 'a');
        text += static_cast<char>(first);
        text += static_cast<char>(second);
        text += "é tail";
        if (first == '"' || first == '\\') continue;
        ASSERT_EQ(json_of(text), '"' + base::repaired_utf8(text) + '"') << padding << ' ' << first << ' ' << second;
      }
    }
  }
}

// Longer than a piece, than the sink's room, and cut inside of characters if cut anywhere else than between them.
TEST(Text, LongTextsAreWholeInBothForms) {
  for (std::size_t size : {480U, 481U, 482U, 483U, 960U, 16384U, 100000U}) {
    for (const std::string part : {"\"", "é", "漢", "😀", "\x01", "a😀<&"}) {
      std::string text;
      while (text.size() < size) text += part;
      ASSERT_EQ(read_json_string(json_of(text)), text) << size;
      std::string expected = text;
      for (std::size_t at = 0; (at = expected.find('\x01', at)) != std::string::npos;) {
        expected.replace(at, 1, "\uFFFD");
      }
      ASSERT_EQ(read_xml_text(xml_of(text)), expected) << size;
      ASSERT_EQ(read_json_string(json_of(text + "\xFF")), text + "\uFFFD") << size;
    }
  }
}

TEST(XmlText, EscapesMarkupAndCarriageReturn) {
  EXPECT_EQ(xml_of("a < b && \"c\" > 'd'"), "a &lt; b &amp;&amp; \"c\" &gt; 'd'");
  EXPECT_EQ(xml_of("tab\tline\nreturn\r\n"), "tab\tline\nreturn&#13;\n");
  EXPECT_EQ(read_xml_text(xml_of("1\r\n2\r3")), "1\r\n2\r3");
  EXPECT_EQ(xml_of("]]>"), "]]&gt;");
}

TEST(XmlText, ReplacesWhatXmlCannotCarry) {
  EXPECT_EQ(xml_of(std::string_view("\0\x08\x0B\x1F", 4)), "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(xml_of("\uFFFE\uFFFF\uFFFD\uFFEF"), "\uFFFD\uFFFD\uFFFD\uFFEF");
  EXPECT_EQ(xml_of("\xFF"), "\uFFFD");
  for (std::size_t padding = 470; padding < 490; ++padding) {
    const std::string before(padding, 'a');
    ASSERT_EQ(xml_of(before + "\uFFFF" + before), before + "\uFFFD" + before) << padding;
  }
}

TEST(XmlName, TakesOnlyPlainNames) {
  for (const char* name : {"a", "_x", "list-item", "v1.2"}) EXPECT_TRUE(is_xml_name(name)) << name;
  for (const char* name : {"", "1", "-a", ".a", "a b", "a:b", "é", "a<"}) EXPECT_FALSE(is_xml_name(name)) << name;
}

TEST(XmlAttribute, ComesBackAsItWas) {
  const std::string name = "a\"b'<&>\t\n\r é";
  const auto root = test::read_xml("<r n=\"" + xml_attribute(name) + "\"></r>");
  ASSERT_TRUE(root.has_value());
  ASSERT_EQ(root->attributes.size(), 1U);
  EXPECT_EQ(root->attributes[0].second, name);
}

TEST(Sink, RewindsInsideAndBeyondItsRoom) {
  std::string out = "before";
  Sink sink(out);
  sink.put("kept");
  const std::size_t mark = sink.mark();
  sink.put("gone");
  sink.rewind(mark);
  sink.put(",");
  const std::size_t second = sink.mark();
  for (int i = 0; i < 1000; ++i) sink.put(std::string(100, 'x'));
  sink.put(std::string(3 * Sink::room_bytes, 'y'));
  sink.rewind(second);
  sink.put("end");
  sink.finish();
  EXPECT_EQ(out, "beforekept,end");
}

}  // namespace
}  // namespace portico::render
