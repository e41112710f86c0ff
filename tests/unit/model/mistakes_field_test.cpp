#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

// What a field can get wrong; each row stands in the place of line 12.
const std::vector<AppendedRow> rows = {
    {"unknown type", "      a: {type: mony}\n", {"12:17: unknown type 'mony' (did you mean 'money'?)"}},
    {"unknown type without a likeness",
     "      a: {type: wxyzwxyz}\n",
     {"12:17: unknown type 'wxyzwxyz' (there is 'id', 'string', 'email', 'url', 'country', 'currency', 'language', "
      "'integer', 'money', 'rate', 'boolean', 'timestamp', 'date', 'choice', 'object', 'list', 'json', "
      "'file', 'reference' and 'rows')"}},
    {"unknown key", "      a: {typ: string}\n", {"12:11: unknown key 'typ' (did you mean 'type'?)"}},
    {"unknown key without a likeness",
     "      a: {wxyzwxyz: string}\n",
     {"12:11: unknown key 'wxyzwxyz' (there is 'type', 'description', 'null', 'required', 'read_only', 'hidden', "
      "'default', 'refers', 'unique', "
      "'index', 'since', 'until', 'was', 'column', 'stored', 'to', 'show', 'by', 'ordering', 'filter', 'of', "
      "'fields', 'min', 'max', "
      "'max_length', 'max_bytes' and 'pattern')"}},
    {"repeated key",
     "      a: {type: string, type: money}\n",
     {"12:25: the key 'type' stands here a second time (the first one is in line 12)"}},
    {"repeated field",
     "      id: {type: id}\n",
     {"12:7: the key 'id' stands here a second time (the first one is in line 11)"}},
    {"not a mapping",
     "      a: string\n",
     {"12:10: expected a field as a mapping: {key: value}, found 'string' ({type: string}, or {} for the same)"}},
    {"empty",
     "      a:\n",
     {"12:7: expected a field as a mapping: {key: value}, found nothing ({type: string}, or {} for the same)"}},
    {"a list",
     "      a: [string]\n",
     {"12:10: expected a field as a mapping: {key: value}, found a list ({type: string}, or {} for the same)"}},
    {"type of another kind", "      a: {type: [string]}\n", {"12:17: expected a text, found a list"}},
    {"not boolean", "      a: {required: maybe}\n", {"12:21: expected true or false, found 'maybe'"}},
    {"quoted boolean",
     "      a: {required: \"yes\"}\n",
     {"12:21: expected true or false, found 'yes' (without the quotes)"}},
    {"not an integer", "      a: {type: money, min: 1.5}\n", {"12:29: expected an integer, found '1.5'"}},
    {"quoted integer",
     "      a: {type: money, min: \"1\"}\n",
     {"12:29: expected an integer, found '1' (without the quotes)"}},
    {"key is a list", "      [a]: {type: string}\n", {"12:7: expected a name as the key, found a list"}},
    {"upper case name",
     "      Total: {type: money}\n",
     {"12:7: a field cannot be called 'Total' (lower-case letters, digits and single '_' between them, a letter "
      "first)"}},
    {"dash in a name",
     "      total-amount: {type: money}\n",
     {"12:7: a field cannot be called 'total-amount' (lower-case letters, digits and single '_' between them, a "
      "letter first)"}},
    {"two underscores",
     "      a__b: {}\n",
     {"12:7: a field cannot be called 'a__b' (lower-case letters, digits and single '_' between them, a letter "
      "first)"}},
    {"underscore last",
     "      a_: {}\n",
     {"12:7: a field cannot be called 'a_' (lower-case letters, digits and single '_' between them, a letter "
      "first)"}},
    {"digit first",
     "      1a: {}\n",
     {"12:7: a field cannot be called '1a' (lower-case letters, digits and single '_' between them, a letter "
      "first)"}},
    {"parameter name",
     "      page_size: {}\n",
     {"12:7: a field of a resource cannot be called 'page_size' (it is a parameter of every list)"}},
    {"former parameter name",
     "      a: {was: {q: 1}}\n",
     {"12:7: a field of a resource cannot be called 'q' (it is a parameter of every list)"}},
    {"unknown filter", "      a: {filter: [strin]}\n", {"12:20: unknown filter 'strin' (did you mean 'string'?)"}},
    {"family that does not fit",
     "      a: {type: money, filter: [string]}\n",
     {"12:33: the filter 'string' does not fit the type money (what fits: range and isnull; of their lookups alone "
      "exact, gt, gte, lt and lte)"}},
    {"lookup that does not fit",
     "      a: {type: money, filter: [icontains]}\n",
     {"12:33: the filter 'icontains' does not fit the type money (what fits: range and isnull; of their lookups "
      "alone exact, gt, gte, lt and lte)"}},
    {"lookup of no hour",
     "      a: {type: date, filter: [hour]}\n",
     {"12:32: the filter 'hour' does not fit the type date (what fits: range, date and isnull; of their lookups "
      "alone exact, year, month, week_day, day, gt, gte, lt and lte)"}},
    {"filter on json",
     "      a: {type: json, filter: [exact]}\n",
     {"12:32: the filter 'exact' does not fit the type json (what fits: isnull)"}},
    {"filter on an object",
     "      a: {type: object, fields: {b: {}}, filter: [isnull]}\n",
     {"12:42: 'filter' does not fit the type object (it fits id, string, email, url, country, currency, language, "
      "integer, money, rate, boolean, timestamp, date, choice, list, json and file)"}},
    {"filter not a list", "      a: {filter: string}\n", {"12:19: expected a list of texts: [a, b], found 'string'"}},
    {"filter item not a text", "      a: {filter: [[string]]}\n", {"12:20: expected a text, found a list"}},
    {"filter twice", "      a: {filter: [exact, exact]}\n", {"12:27: 'exact' stands here a second time"}},
    {"choice without values",
     "      a: {type: choice}\n",
     {"12:7: the type choice needs the key 'of' (its values: of: [first, second])"}},
    {"choice with no list",
     "      a: {type: choice, of: b}\n",
     {"12:29: expected a list of at least one value: [first, second], found 'b'"}},
    {"choice of nothing",
     "      a: {type: choice, of: []}\n",
     {"12:29: expected a list of at least one value: [first, second], found a list"}},
    {"choices of two kinds",
     "      a: {type: choice, of: [b, 1]}\n",
     {"12:33: texts and integers together (all of one kind; quotes make a text: '1')"}},
    {"choice twice", "      a: {type: choice, of: [b, b]}\n", {"12:33: 'b' stands here a second time"}},
    {"choice of a mapping",
     "      a: {type: choice, of: [{b: c}]}\n",
     {"12:30: expected a text or an integer, found a mapping"}},
    {"object without fields",
     "      a: {type: object}\n",
     {"12:7: the type object needs the key 'fields' (fields: {name: {type: string}})"}},
    {"object with no fields",
     "      a: {type: object, fields: {}}\n",
     {"12:33: no fields (at least one field: {name: {type: string}})"}},
    {"object with a column",
     "      a: {type: object, column: b, fields: {b: {}}}\n",
     {"12:25: 'column' does not fit the type object (it fits id, string, email, url, country, currency, language, "
      "integer, money, rate, boolean, timestamp, date, choice, list, json, file and reference)"}},
    {"fields of a string",
     "      a: {fields: {b: {}}}\n",
     {"12:11: 'fields' does not fit the type string (it fits object)"}},
    {"values of a string",
     "      a: {of: [b]}\n",
     {"12:11: 'of' does not fit the type string (it fits choice, list, file and rows)"}},
    {"list without items",
     "      a: {type: list}\n",
     {"12:7: the type list needs the key 'of' (the type of its items: of: {type: string})"}},
    {"list of a list",
     "      a: {type: list, of: {type: list, of: string}}\n",
     {"12:27: a list of lists (a list of objects that have a list each, or of json)"}},
    {"list of nothing known",
     "      a: {type: list, of: [string]}\n",
     {"12:27: expected an item's type: of: string, or of: {type: object, fields: {…}}, found a list"}},
    {"item with versions",
     "      a: {type: list, of: {type: string, since: 2}}\n",
     {"12:27: an item of a list has no name, versions, required or read_only of its own (put them on the list, or on "
      "the item's fields)"}},
    {"filter inside a list",
     "      a: {type: list, of: {type: object, fields: {b: {filter: [string]}}}}\n",
     {"12:51: inside a list, but with a column, a filter, an index or unique (a list is one column as a whole; take "
      "the key away)"}},
    {"column inside a list",
     "      a: {type: list, of: {type: string, column: b}}\n",
     {"12:27: inside a list, but with a column, a filter, an index or unique (a list is one column as a whole; take "
      "the key away)"}},
    {"unique object",
     "      a: {type: object, unique: yes, fields: {b: {}}}\n",
     {"12:25: 'unique' does not fit the type object (it fits id, string, email, url, country, currency, language, "
      "integer, money, rate, boolean, timestamp, date and choice)"}},
    {"index on a list",
     "      a: {type: list, of: string, index: yes}\n",
     {"12:35: 'index' does not fit the type list (it fits id, string, email, url, country, currency, language, "
      "integer, money, rate, boolean, timestamp, date and choice)"}},
    {"max_length of money",
     "      a: {type: money, max_length: 3}\n",
     {"12:24: 'max_length' does not fit the type money (it fits string, email and url)"}},
    {"max_length of nothing", "      a: {max_length: 0}\n", {"12:23: a longest text of 0 (at least 1)"}},
    {"min over max", "      a: {type: money, min: 3, max: 2}\n", {"12:37: min is 3 and max 2 (min is at most max)"}},
    {"min of a string",
     "      a: {min: 3}\n",
     {"12:11: 'min' does not fit the type string (it fits integer, money, rate and list)"}},
    {"negative list length",
     "      a: {type: list, of: string, min: -1}\n",
     {"12:40: a list cannot have fewer than 0 items"}},
    {"required and read_only",
     "      a: {required: yes, read_only: yes}\n",
     {"12:7: both required and read_only (what clients cannot write, they need not give)"}},
    {"since an unknown version", "      a: {since: 4}\n", {"12:18: there is no version 4 (the versions are 1 to 3)"}},
    {"until an unknown version", "      a: {until: 0}\n", {"12:18: there is no version 0 (the versions are 1 to 3)"}},
    {"until before since",
     "      a: {since: 3, until: 2}\n",
     {"12:28: it ends with version 2, but begins with version 3 (until is the last version that has it, since the "
      "first)"}},
    {"former name without a version",
     "      a: {was: {b: c}}\n",
     {"12:20: expected the last version of this name, found 'c'"}},
    {"former name of an unknown version",
     "      a: {was: {b: 9}}\n",
     {"12:20: there is no version 9 (the versions are 1 to 3)"}},
    {"former name to the last version",
     "      a: {was: {b: 3}}\n",
     {"12:20: the name 'b' or the one after it is never used (a former name ends with a version that has the field, "
      "and that is not its last)"}},
    {"former name before the field",
     "      a: {since: 3, was: {b: 2}}\n",
     {"12:30: the name 'b' or the one after it is never used (a former name ends with a version that has the field, "
      "and that is not its last)"}},
    {"two former names at once",
     "      a: {was: {b: 2, c: 2}}\n",
     {"12:26: two names until version 2 (each former name ends with a version of its own)"}},
    {"former name that is no name",
     "      a: {was: {B: 2}}\n",
     {"12:17: a field cannot be called 'B' (lower-case letters, digits and single '_' between them, a letter "
      "first)"}},
    {"former names not a mapping", "      a: {was: b}\n", {"12:16: expected a mapping: {key: value}, found 'b'"}},
    {"former name meets a field",
     "      a: {was: {b: 2}}\n      b: {since: 2}\n",
     {"13:7: in version 2 two fields are called 'b' (the other one is in line 12)"}},
    {"member outside of its object",
     "      a: {type: object, until: 1, fields: {b: {since: 2}}}\n",
     {"12:44: the field 'b' is in no version that has its object (look at since and until of both)"}},
    {"one column twice",
     "      a: {column: b}\n      b: {}\n",
     {"13:7: 'b' and 'a' are the same column, 'b' (give one of them another: column: …)"}},
    {"one column in two cases",
     "      a: {column: B}\n      b: {}\n",
     {"13:7: 'b' and 'a' are the same column, 'b' (give one of them another: column: …)"}},
    {"column name too long",
     "      a: {column: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}\n",
     {"12:19: a column cannot be called 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' (one to "
      "63 bytes)"}},
    {"column name by path too long",
     "      a: {type: object, fields: {bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb: {}}}\n",
     {"12:34: a column cannot be called 'a__bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' (one to "
      "63 bytes)"}},
    {"column name taken",
     "      a: {column: portico_a}\n",
     {"12:19: a column cannot be called 'portico_a' (names that begin with 'sqlite_' or 'portico_' are taken)"}},
};

TEST(FieldMistakes, EachIsNamedWithItsPlaceAndAHint) {
  for (const AppendedRow& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(std::string(small_description) + row.appended), row.mistakes);
  }
}

}  // namespace
}  // namespace portico::model
