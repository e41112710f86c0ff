#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

/// A description over a database that others made, 16 lines long: tests append line 17, in the fields of `films` or
/// further out.
constexpr std::string_view existing_description = R"(vendor: acme
versions: [1, 2, 3]
apis: {partner: {base: /, dialect: media-type}}
accounts: none
database: {existing: true, schema: public}
resources:
  languages: {owner: none, operations: [list], fields: {id: {type: integer}, name: {}}}
  casts: {owner: none, key: [a, b], operations: [list], fields: {a: {}, b: {}}}
  sums: {owner: none, key: none, operations: [list], fields: {a: {}}}
  films:
    owner: none
    key: id
    operations: [list]
    fields:
      id: {type: integer}
      main: {type: reference, to: languages, column: m}
)";

// What references, storages and keys can get wrong; each row stands in the place of line 17.
const std::vector<AppendedRow> rows = {
    {"reference to nothing",
     "      a: {type: reference, column: a}\n",
     {"17:7: the type reference needs the key 'to' (the resource whose row it shows: to: customers)"}},
    {"reference without a column",
     "      a: {type: reference, to: films}\n",
     {"17:7: the type reference needs the key 'column' (the column that has the other row's key: column: "
      "customer_id)"}},
    {"reference to an unknown resource",
     "      a: {type: reference, to: language, column: a}\n",
     {"17:32: unknown resource 'language' (did you mean 'languages'?)"}},
    {"reference to a key of several fields",
     "      a: {type: reference, to: casts, column: a}\n",
     {"17:32: 'casts' has a key of several fields (a reference leads to a resource whose key is one field; its "
      "column holds that key)"}},
    {"reference to no key",
     "      a: {type: reference, to: sums, column: a}\n",
     {"17:32: 'sums' has no key (a reference leads to a resource whose key is one field; its column holds that "
      "key)"}},
    {"reference that shows an unknown field",
     "      a: {type: reference, to: languages, column: a, show: [nam]}\n",
     {"17:61: unknown field 'nam' (did you mean 'name'?)"}},
    {"reference that shows a reference",
     "      a: {type: reference, to: films, column: a, show: [main]}\n",
     {"17:57: 'main' is a reference itself (references inside references are not followed; show the field of its "
      "column 'm')"}},
    {"reference that shows nothing",
     "      a: {type: reference, to: languages, column: a, show: []}\n",
     {"17:60: a reference that shows nothing (name fields, or leave 'show' out for all of them)"}},
    {"reference that shows a field twice",
     "      a: {type: reference, to: languages, column: a, show: [id, id]}\n",
     {"17:65: 'id' stands here a second time"}},
    {"filter on a reference",
     "      a: {type: reference, to: languages, column: a, filter: [isnull]}\n",
     {"17:54: 'filter' does not fit the type reference (it fits id, string, email, url, country, currency, language, "
      "integer, money, rate, boolean, timestamp, date, choice, list, json and file)"}},
    {"fields of a reference",
     "      a: {type: reference, to: languages, column: a, fields: {b: {}}}\n",
     {"17:54: 'fields' does not fit the type reference (it fits object)"}},
    {"show on an object",
     "      a: {type: object, fields: {b: {}}, show: [b]}\n",
     {"17:42: 'show' does not fit the type object (it fits reference and rows)"}},
    {"reference in a list",
     "      a: {type: list, of: {type: reference, to: languages, column: a}}\n",
     {"17:27: a reference inside a list (a list is one column as a whole; put the reference beside it)"}},
    {"type called reference",
     "types: {reference: {type: string}}\n",
     {"17:9: there is a type 'reference' already (choose another name)"}},
    {"type that refers without a column",
     "types: {a: {type: reference, to: films}}\n",
     {"17:9: the type reference needs the key 'column' (the column that has the other row's key: column: "
      "customer_id)"}},
    {"no mistake of its own where a reference is one",
     "      a: {type: reference, to: nothing_like_it, column: a}\n    search: [a-name]\n",
     {"17:32: unknown resource 'nothing_like_it' (there is 'languages', 'casts', 'sums' and 'films')"}},
    {"filter of a member",
     "    search: [main-nam]\n",
     {"17:14: unknown field 'main-nam' (did you mean 'main-name'?)"}},
    {"name of another row",
     "    names: [main-id]\n",
     {"17:13: 'main-id' is a field of another resource's row (a name is a field of the resource's own)"}},
    {"unknown storage",
     "      a: {type: money, stored: decimals}\n",
     {"17:32: unknown storage 'decimals' (did you mean 'decimal'?)"}},
    {"unknown storage without a likeness",
     "      a: {type: money, stored: wxyzwxyz}\n",
     {"17:32: unknown storage 'wxyzwxyz' (there is 'text', 'decimal', 'timestamp', 'seconds' and 'integer')"}},
    {"money as text",
     "      a: {type: money, stored: text}\n",
     {"17:32: the type money is never stored as text (stored: decimal; or leave it out)"}},
    {"string as decimal",
     "      a: {stored: decimal}\n",
     {"17:19: the type string is never stored as decimal (stored: text; or leave it out)"}},
    {"timestamp as integer",
     "      a: {type: timestamp, stored: integer}\n",
     {"17:36: the type timestamp is never stored as integer (stored: timestamp or seconds; or leave it out)"}},
    {"date in seconds",
     "      a: {type: date, stored: seconds}\n",
     {"17:31: the type date is never stored as seconds (stored: timestamp; or leave it out)"}},
    {"choice of integers as text",
     "      a: {type: choice, of: [1, 2], stored: text}\n",
     {"17:45: integers are not stored as text (quotes make the values texts: of: ['1', '2'])"}},
    {"stored json",
     "      a: {type: json, stored: text}\n",
     {"17:23: 'stored' does not fit the type json (it fits id, string, email, url, country, currency, language, "
      "integer, money, rate, boolean, timestamp, date and choice)"}},
    {"no owner",
     "  a: {operations: [], fields: {id: {type: id}}}\n",
     {"17:3: the resource 'a' needs the key 'owner' (the column that holds the owning account's name, or none: all "
      "accounts see its rows)"}},
    {"retrieving without a key",
     "  a: {owner: none, key: none, operations: [list, retrieve], fields: {b: {}}}\n",
     {"17:25: rows without a key cannot be retrieved (operations: [list], or the fields of their key: key: [a, b])"}},
    {"no key and nothing to sort by",
     "  a: {owner: none, key: none, operations: [list], fields: {b: {type: json}}}\n",
     {"17:25: nothing that its rows could be sorted by (at least one field with one plain value, no list and no "
      "json)"}},
    {"names without a key",
     "  a: {owner: none, key: none, names: [b], operations: [list], fields: {b: {}}}\n",
     {"17:31: names of rows that have no key (leave 'names' out; such rows are not retrieved)"}},
    {"names beside a key of several fields",
     "  a: {owner: none, key: [b, c], names: [b], operations: [list], fields: {b: {}, c: {}}}\n",
     {"17:33: names beside a key of several fields (leave 'names' out; the key is the only name)"}},
    {"key of no fields",
     "  a: {owner: none, key: [], operations: [list], fields: {b: {}}}\n",
     {"17:25: a key of no fields (key: [a, b]; or key: none, where rows have none)"}},
    {"key that names a field twice",
     "  a: {owner: none, key: [b, b], operations: [list], fields: {b: {}}}\n",
     {"17:29: 'b' stands here a second time"}},
    {"key with an unknown field",
     "  a: {owner: none, key: [b, d], operations: [list, retrieve], fields: {b: {}, c: {}}}\n",
     {"17:29: unknown field 'd' (there is 'b' and 'c')"}},
    {"key with a date",
     "  a: {owner: none, key: [b, c], operations: [list], fields: {b: {}, c: {type: date}}}\n",
     {"17:29: the key 'c' is of type date (a key is text, an integer or a choice: what a URL writes in one way; or "
      "key: none, where no row is retrieved)"}},
    {"key that is a mapping",
     "  a: {owner: none, key: {b: c}, operations: [list], fields: {b: {}}}\n",
     {"17:25: expected a text or a list of texts: a, or [a, b], found a mapping"}},
    {"key of another row",
     "  a: {owner: none, key: b-id, operations: [], fields: {c: {}, b: {type: reference, to: films, column: b}}}\n",
     {"17:25: unknown field 'b-id' (there is 'c')"}},
    {"column of no name",
     "      a: {column: \"\"}\n",
     {"17:19: a column cannot be called '' (one to 1,000 bytes, and none of them 0)"}},
    {"column with a NUL",
     "      a: {column: \"a\\0b\"}\n",
     {"17:19: a column cannot be called 'a b' (one to 1,000 bytes, and none of them 0)"}},
    {"one column twice",
     "      a: {column: b}\n      b: {}\n",
     {"18:7: 'b' and 'a' are the same column, 'b' (give one of them another: column: …)"}},
};

TEST(ExistingMistakes, EachIsNamedWithItsPlaceAndAHint) {
  ASSERT_EQ(mistakes_of(existing_description), std::vector<std::string>{});
  for (const AppendedRow& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(std::string(existing_description) + row.appended), row.mistakes);
  }
}

TEST(ExistingMistakes, OneRowReachesSoManyOthersAtMost) {
  std::string text(existing_description);
  for (int i = 0; i < 60; ++i) {
    text +=
        "      r" + std::to_string(i) + ": {type: reference, to: languages, column: c" + std::to_string(i) + "}\n";
  }
  EXPECT_EQ(mistakes_of(text), std::vector<std::string>{"10:3: 'films' refers to 61 other rows (at most 60)"});
}

TEST(ExistingMistakes, ReferencesThatGrowAreRefused) {
  std::string text(existing_description);
  for (int i = 0; i < 250; ++i) text += "      f" + std::to_string(i) + ": {}\n";
  for (int i = 0; i < 100; ++i) {
    text += "      r" + std::to_string(i) + ": {type: reference, to: films, column: c}\n";
  }
  const std::vector<std::string> mistakes = mistakes_of(text);
  ASSERT_FALSE(mistakes.empty());
  EXPECT_NE(mistakes.back().find("too many fields"), std::string::npos) << mistakes.back();
}

// What belongs to databases of others, in a description over Portico's own; each row stands in the place of line 12.
const std::vector<AppendedRow> own_rows = {
    {"storage",
     "      a: {type: money, stored: decimal}\n",
     {"12:24: a table that Portico makes stores its values in its own way (leave 'stored' out; it is for tables of "
      "others: database: {existing: true})"}},
    {"schema of a table",
     "    schema: other\n",
     {"12:5: tables that Portico makes lie in one schema, and the sandbox's in another (for all of them: database: "
      "{schema: …})"}},
    {"schema with a long name",
     "database: {schema: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}\n",
     {"12:20: a schema cannot be called 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' (one to 55 bytes: "
      "NAME_sandbox is a schema too)"}},
    {"schema of PostgreSQL's",
     "database: {schema: pg_catalog}\n",
     {"12:20: a schema cannot be called 'pg_catalog' (PostgreSQL keeps its own tables there)"}},
    {"schema of no name", "database: {schema: \"\"}\n", {"12:20: a schema cannot be called '' (one to 63 bytes)"}},
    {"reference with a column of a taken name",
     "      a: {type: reference, to: shops, column: sqlite_a}\n",
     {"12:47: a column cannot be called 'sqlite_a' (names that begin with 'sqlite_' or 'portico_' are taken)"}},
    {"unknown key of the database",
     "database: {schemas: a}\n",
     {"12:12: unknown key 'schemas' (did you mean 'schema'?)"}},
    {"existing that is none", "database: {existing: maybe}\n", {"12:22: expected true or false, found 'maybe'"}},
    {"database that is no mapping",
     "database: public\n",
     {"12:11: expected a mapping: {key: value}, found 'public'"}},
};

TEST(OwnDatabaseMistakes, EachIsNamedWithItsPlaceAndAHint) {
  for (const AppendedRow& row : own_rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(std::string(small_description) + row.appended), row.mistakes);
  }
}

TEST(OwnDatabaseMistakes, AReferenceIsNone) {
  EXPECT_EQ(mistakes_of(std::string(small_description) + "      a: {type: reference, to: shops, column: shop_id}\n"),
            std::vector<std::string>{});
}

const std::vector<ReplacedRow> account_rows = {
    {"accounts of all",
     "shops: {operations",
     "shops: {owner: none, operations",
     {"6:18: an account's own row is nobody else's (leave 'owner' out: it is the key)"}},
    {"accounts with a key of several fields",
     "shops: {operations: [], fields: {id: {type: id}}}",
     "shops: {key: [id, b], operations: [], fields: {id: {type: id}, b: {}}}",
     {"6:16: the accounts have no key of one field (owner columns hold it, so it is one: key: id)"}},
    {"accounts without a key",
     "shops: {operations",
     "shops: {key: none, operations",
     {"6:16: the accounts have no key of one field (owner columns hold it, so it is one: key: id)"}},
    {"no accounts, and a resource without an owner",
     "accounts: shops",
     "accounts: none",
     {"6:3: the resource 'shops' needs the key 'owner' (the column that holds the owning account's name, or none: "
      "all accounts see its rows)"}},
    {"none in quotes",
     "accounts: shops",
     "accounts: 'none'",
     {"4:11: unknown resource 'none' (there is 'shops' and 'orders')"}},
};

TEST(AccountMistakes, EachIsNamedWithItsPlaceAndAHint) {
  for (const ReplacedRow& row : account_rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(replaced(std::string(small_description), row.original, row.replacement)), row.mistakes);
  }
}

}  // namespace
}  // namespace portico::model
