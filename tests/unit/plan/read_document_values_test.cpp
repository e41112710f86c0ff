#include <string>

#include "taken.hpp"

namespace portico::plan {
namespace {

TEST(ReadValue, MoneyIsAnIntegerOfHundredths) {
  OneField money("type: money, min: 0, max: 100000");
  EXPECT_EQ(money.json("1250"), "1250");
  EXPECT_EQ(money.json("12.5"), "x: An integer of hundredths is required (12.50 is written 1250), not 12.5.");
  EXPECT_EQ(money.json("1e3"), "x: An integer of hundredths is required (12.50 is written 1250), not 1e3.");
  EXPECT_EQ(money.json("\"12.50\""), "x: An integer of hundredths is required (12.50 is written 1250), not a text.");
  EXPECT_EQ(money.json("\"1250\""), "x: An integer of hundredths is required (12.50 is written 1250), not a text.");
  EXPECT_EQ(money.json("1250.0"), "x: An integer of hundredths is required (12.50 is written 1250), not 1250.0.");
  EXPECT_EQ(money.json("true"), "x: An integer of hundredths is required (12.50 is written 1250), not a boolean.");
  EXPECT_EQ(money.json("-1"), "x: Ensure this value is greater than or equal to 0.");
  EXPECT_EQ(money.json("100001"), "x: Ensure this value is less than or equal to 100000.");
  EXPECT_EQ(money.form("1250"), "1250");
  EXPECT_EQ(money.form("12.50"), "x: An integer of hundredths is required (12.50 is written 1250), not \"12.50\".");
  EXPECT_EQ(money.form(" 1"), "x: An integer of hundredths is required (12.50 is written 1250), not \" 1\".");
}

TEST(ReadValue, IntegersHave64Bits) {
  OneField integer("type: integer");
  EXPECT_EQ(integer.json("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(integer.json("-9223372036854775808"), "-9223372036854775808");
  const std::string out = "x: Out of range: from -9223372036854775808 to 9223372036854775807.";
  EXPECT_EQ(integer.json("9223372036854775808"), out);
  EXPECT_EQ(integer.json("[1]"), "x: A valid integer is required, not a list.");
  EXPECT_EQ(integer.form("9223372036854775808"), out);
  EXPECT_EQ(integer.form("-3"), "-3");
}

TEST(ReadValue, RatesSayHowTheyAreWritten) {
  const OneField rate("type: rate");
  EXPECT_EQ(rate.json("2100"), "2100");
  EXPECT_EQ(rate.json("21.0"),
            "x: An integer of hundredths of a per cent is required (21 % is written 2100), not 21.0.");
}

TEST(ReadValue, BooleansAreWordsInJsonAndMoreInForms) {
  OneField boolean("type: boolean");
  EXPECT_EQ(boolean.json("true"), "1");
  EXPECT_EQ(boolean.json("false"), "0");
  EXPECT_EQ(boolean.json("1"), "x: Must be a valid boolean: true or false, not an integer.");
  EXPECT_EQ(boolean.json("\"true\""), "x: Must be a valid boolean: true or false, not a text.");
  for (const char* word : {"true", "True", "TRUE", "1"}) EXPECT_EQ(boolean.form(word), "1");
  for (const char* word : {"false", "False", "0"}) EXPECT_EQ(boolean.form(word), "0");
  EXPECT_EQ(boolean.form("yes"),
            "x: Must be a valid boolean: true or false (1 and 0 are understood too), not \"yes\".");
}

TEST(ReadValue, TextsAreCountedInCodePoints) {
  const OneField text("type: string, max_length: 4");
  EXPECT_EQ(text.json("\"ñañá\""), "ñañá");
  EXPECT_EQ(text.json("\"ñañás\""), "x: Ensure this field has no more than 4 characters.");
  EXPECT_EQ(text.json("\"\""), "");
  EXPECT_EQ(text.json("5"), "x: Not a valid string: a text is required, not an integer.");
  EXPECT_EQ(text.json("{}"), "x: Not a valid string: a text is required, not an object.");
  EXPECT_EQ(text.json("\"a\\u0000b\""), "x: Null characters are not allowed.");
}

TEST(ReadValue, RequiredTextsMayNotBeBlank) {
  OneField text("type: string, required: true");
  EXPECT_EQ(text.json("\"\""), "x: This field may not be blank.");
  EXPECT_EQ(text.form(""), "x: This field may not be blank.");
  EXPECT_EQ(text.json("\" \""), " ");
}

TEST(ReadValue, PatternsMatchTheWholeText) {
  const OneField text("type: string, pattern: \"[A-Z]+|[0-9]+\"");
  EXPECT_EQ(text.json("\"ABC\""), "ABC");
  EXPECT_EQ(text.json("\"12\""), "12");
  EXPECT_EQ(text.json("\"AB1\""), "x: This value does not match the required pattern [A-Z]+|[0-9]+.");
  EXPECT_EQ(text.json("\"AB\\n\""), "x: This value does not match the required pattern [A-Z]+|[0-9]+.");
}

TEST(ReadValue, TimestampsAreInstants) {
  OneField timestamp("type: timestamp");
  EXPECT_EQ(timestamp.json("\"1970-01-01T00:00:01Z\""), "1000000");
  EXPECT_EQ(timestamp.json("\"1970-01-01T01:00:01.5+01:00\""), "1500000");
  EXPECT_EQ(timestamp.json("\"1970-01-01T00:00:01\""), "1000000");
  EXPECT_EQ(timestamp.form("1970-01-02"), "86400000000");
  const std::string fault =
      "x: Datetime has wrong format. Use one of these formats instead: "
      "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z], YYYY-MM-DD.";
  EXPECT_EQ(timestamp.json("1443809745"), fault);
  EXPECT_EQ(timestamp.json("\"tomorrow\""), fault);
  EXPECT_EQ(timestamp.json("\"2015-02-30T00:00\""), "x: There is no such day: 2015-02-30.");
  EXPECT_EQ(timestamp.json("\"2015-02-30T\""), fault);
  EXPECT_EQ(timestamp.json("\"2021-02-29\""), "x: There is no such day: 2021-02-29.");
  EXPECT_EQ(timestamp.json("\"2021-02-28T24:00:00Z\""),
            "x: There is no such time: hours are 00 to 23, minutes and seconds 00 to 59.");
  EXPECT_EQ(timestamp.json("\"9999-12-31T23:59:59-01:00\""),
            "x: Out of range: from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z.");
}

TEST(ReadValue, TimestampsWithoutZoneAreOfTheApisZone) {
  const auto api = support::loaded_api(
      "vendor: acme\nversions: [1]\ntime_zone: Europe/Madrid\napis:\n  partner: {base: /, dialect: media-type}\n"
      "accounts: orders\nresources:\n  orders:\n    operations: [retrieve, update]\n    fields:\n"
      "      id: {type: id}\n      at: {type: timestamp}\n");
  const Taking taking(api);
  const Taken taken = taking.update(taking.blank(), R"({"at": "2015-07-01T02:00:00"})");
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_EQ(taking.value(taken, "at"), "1435708800000000");  // 2015-07-01T00:00:00Z
}

TEST(ReadValue, DatesExist) {
  const OneField date("type: date");
  EXPECT_EQ(date.json("\"2016-02-29\""), "2016-02-29");
  EXPECT_EQ(date.json("\"2015-02-29\""), "x: There is no such day: 2015-02-29.");
  EXPECT_EQ(date.json("\"0000-01-01\""), "x: Out of range: the years are 0001 to 9999.");
  EXPECT_EQ(date.json("\"2015-2-9\""), "x: Date has wrong format. Use one of these formats instead: YYYY-MM-DD.");
}

TEST(ReadValue, ChoicesNameTheNearest) {
  OneField choice("type: choice, of: [pending, ok, ko]");
  EXPECT_EQ(choice.json("\"ok\""), "ok");
  EXPECT_EQ(choice.json("\"pendign\""), "x: \"pendign\" is not a valid choice; did you mean \"pending\"?");
  EXPECT_EQ(choice.json("\"x\""), "x: \"x\" is not a valid choice; the choices are pending, ok and ko.");
  EXPECT_EQ(choice.json("1"), "x: 1 is not a valid choice: a text is required; the choices are pending, ok and ko.");
  EXPECT_EQ(choice.json("[]"),
            "x: a list is not a valid choice: a text is required; the choices are pending, ok and ko.");
  EXPECT_EQ(choice.form("ko"), "ko");
}

TEST(ReadValue, ChoicesOfIntegersAreIntegers) {
  OneField choice("type: choice, of: [0, 1, 2]");
  EXPECT_EQ(choice.json("2"), "2");
  EXPECT_EQ(choice.json("3"), "x: 3 is not a valid choice; the choices are 0, 1 and 2.");
  EXPECT_EQ(choice.json("\"2\""),
            "x: \"2\" is not a valid choice: an integer is required; the choices are 0, 1 and 2.");
  EXPECT_EQ(choice.form("2"), "2");
}

TEST(ReadValue, CodesAreThoseOfTheLists) {
  EXPECT_EQ(OneField("type: country").json("\"ES\""), "ES");
  EXPECT_EQ(OneField("type: country").json("\"es\""),
            "x: Must be a country code of ISO 3166-1, such as ES; did you mean 'ES'?");
  EXPECT_EQ(OneField("type: country").json("\"UK\""), "x: Must be a country code of ISO 3166-1, such as ES.");
  EXPECT_EQ(OneField("type: currency").json("\"EUR\""), "EUR");
  EXPECT_EQ(OneField("type: currency").json("\"Eur\""),
            "x: Must be a currency code of ISO 4217, such as EUR; did you mean 'EUR'?");
  EXPECT_EQ(OneField("type: language").json("\"es\""), "es");
  EXPECT_EQ(OneField("type: language").json("\"ES\""),
            "x: Must be a language code of ISO 639-1, such as es; did you mean 'es'?");
  EXPECT_EQ(OneField("type: language").json("\"\""), "x: This field may not be blank.");
}

TEST(ReadValue, IdsAre32HexDigits) {
  const OneField id("type: id");
  EXPECT_EQ(id.json("\"0123456789abcdef0123456789abcdef\""), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(id.json("\"0123456789ABCDEF0123456789abcdef\""), "x: Must be an id: 32 lower-case hex digits.");
}

TEST(ReadValue, EmptyTextsOfFormsAreNullWhereTheyAreNoTexts) {
  OneField number("type: integer, \"null\": true");
  EXPECT_EQ(number.form(""), "null");
  EXPECT_EQ(OneField("type: email, \"null\": true").form(""), "null");
  EXPECT_EQ(OneField("type: integer").form(""), "x: This field may not be null.");
  EXPECT_EQ(OneField("type: string, \"null\": true").form(""), "");
  EXPECT_EQ(OneField("type: list, of: integer, \"null\": true").form(""), "null");
  EXPECT_EQ(OneField("type: list, of: integer").form(""), "[]");
  EXPECT_EQ(OneField("type: list, of: integer, required: true, min: 1").form(""), "x: This list may not be empty.");
}

TEST(ReadValue, JsonTakesWhatItIs) {
  const OneField json("type: json");
  EXPECT_EQ(json.json("{ \"b\": [1.50, 1e400, \"\\u0000\"], \"a\": null }"),
            R"({"b":[1.50,1e400,"\u0000"],"a":null})");
  EXPECT_EQ(json.json("\"text\""), "\"text\"");
  EXPECT_EQ(json.json("null"), "x: This field may not be null.");
  EXPECT_EQ(OneField("type: json, \"null\": true").json("null"), "null");
}

TEST(ReadValue, JsonIsNoDeeperThanWhatIsShown) {
  const auto api = support::loaded_api(
      "vendor: acme\nversions: [1]\napis:\n  partner: {base: /, dialect: media-type}\naccounts: orders\n"
      "limits: {body_depth: 400}\nresources:\n  orders:\n    operations: [retrieve, update]\n    fields:\n"
      "      id: {type: id}\n      x: {type: json}\n");
  const Taking taking(api);
  const auto faults = [&](std::size_t depth) {
    return taking.update(taking.blank(), "{\"x\":" + std::string(depth, '[') + std::string(depth, ']') + "}").faults;
  };
  EXPECT_EQ(faults(256), Faults());
  EXPECT_EQ(faults(257), Faults{"x: Too deep: at most 256 objects and lists within each other."});
}

TEST(ReadList, IsStoredCompactly) {
  const OneField list("type: list, of: {type: timestamp}");
  EXPECT_EQ(list.json("[ \"1970-01-01T00:00:00\" , \"2015-10-02T20:15:45.1+02:00\" ]"),
            R"(["1970-01-01T00:00:00.000000Z","2015-10-02T18:15:45.100000Z"])");
  EXPECT_EQ(OneField("type: list, of: string").json("[ \"a\\\"\\u00e9\\/\" ]"), "[\"a\\\"é/\"]");
  EXPECT_EQ(OneField("type: list, of: boolean").json("[true,false]"), "[true,false]");
  EXPECT_EQ(OneField("type: list, of: json").json("[{\"a\":[1.0]},null]"), "x.1: This field may not be null.");
}

TEST(ReadList, ItemsAreBlamedByIndex) {
  const OneField list("type: list, of: {type: integer, max: 9}, min: 2, max: 3");
  EXPECT_EQ(list.json("[1,10,\"a\"]"),
            "x.1: Ensure this value is less than or equal to 9. | x.2: A valid integer is required, not a text.");
  EXPECT_EQ(list.json("[null,1]"), "x.0: This field may not be null.");
  EXPECT_EQ(list.json("[]"), "x: This list may not be empty.");
  EXPECT_EQ(list.json("[1]"), "x: Ensure this field has at least 2 elements.");
  EXPECT_EQ(list.json("[1,2,3,4]"), "x: Ensure this field has no more than 3 elements.");
  EXPECT_EQ(list.json("{\"0\":1}"), "x: Expected a list, not an object.");
  EXPECT_EQ(list.json("1"), "x: Expected a list, not an integer.");
}

}  // namespace
}  // namespace portico::plan
