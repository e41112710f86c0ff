#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

// What a resource can get wrong; each row stands in the place of line 12.
const std::vector<AppendedRow> rows = {
    {"unknown key", "    fild: {}\n", {"12:5: unknown key 'fild' (did you mean 'fields'?)"}},
    {"unknown key field", "    feilds: {}\n", {"12:5: unknown key 'feilds' (did you mean 'fields'?)"}},
    {"name of the caller",
     "  me: {owner: o, operations: [], fields: {id: {type: id}}}\n",
     {"12:3: a resource cannot be called 'me' (paths that begin so are the calling account's, or a version's)",
      "12:3: the resource 'me' lies where the calling account does: /me (another path or name for one of them)"}},
    {"name of a version",
     "  v2: {owner: o, operations: [], fields: {id: {type: id}}}\n",
     {"12:3: a resource cannot be called 'v2' (paths that begin so are the calling account's, or a version's)"}},
    {"name with a space",
     "  \"a b\": {owner: o, operations: [], fields: {id: {type: id}}}\n",
     {"12:3: a resource cannot be called 'a b' (lower-case letters, digits and single '-' or '_' between them, a "
      "letter first)"}},
    {"no mapping", "  a: []\n", {"12:6: expected a resource as a mapping: {key: value}, found a list"}},
    {"no owner",
     "  a: {operations: [], fields: {id: {type: id}}}\n",
     {"12:3: the resource 'a' needs the key 'owner' (the column that holds the owning account's id, or none: all "
      "accounts see its rows; only the accounts do without)"}},
    {"no operations",
     "  a: {owner: o, fields: {id: {type: id}}}\n",
     {"12:3: a resource needs the key 'operations' (What can be done with it.)"}},
    {"no fields key",
     "  a: {owner: o, operations: []}\n",
     {"12:3: a resource needs the key 'fields' (The fields, in the order of the answer.)"}},
    {"no fields",
     "  a: {owner: o, operations: [], fields: {}}\n",
     {"12:41: no fields (at least one field: {name: {type: string}})"}},
    {"unknown operation",
     "  a: {owner: o, operations: [lst], fields: {id: {type: id}}}\n",
     {"12:30: unknown operation 'lst' (did you mean 'list'?)"}},
    {"public key may more",
     "    public_key: [retrieve]\n",
     {"12:5: a public key may do more than there is to do (public_key lists some of the resource's operations)"}},
    {"no key",
     "  a: {owner: o, operations: [], fields: {b: {}}}\n",
     {"12:3: the resource 'a' has no field 'id' to be its key (add id: {type: id}, or say which field it is: key: "
      "…)"}},
    {"unknown key field", "    key: ident\n", {"12:10: unknown field 'ident' (there is 'id')"}},
    {"key that may be null",
     "      a: {\"null\": yes}\n    key: a\n",
     {"13:10: the key 'a' may be null (every row has a key)"}},
    {"key in an object that may be null",
     "      a: {type: object, \"null\": yes, fields: {b: {}}}\n    key: a-b\n",
     {"13:10: the key 'a-b' may be null (every row has a key)"}},
    {"key of another type",
     "      a: {type: money}\n    key: a\n",
     {"13:10: the key 'a' is of type money (a key is text, an integer or a choice: what a URL writes in one way; "
      "or key: none, where no row is retrieved)"}},
    {"key that comes",
     "      a: {since: 2}\n    key: a\n",
     {"13:10: the key 'a' is not in every version (it has no since or until)"}},
    {"name that is not unique",
     "      a: {}\n    names: [id, a]\n",
     {"13:17: 'a' may name several rows (add unique: true to the field)"}},
    {"name that is no text",
     "      a: {type: timestamp, unique: yes}\n    names: [a]\n",
     {"13:13: 'a' cannot stand in a URL: it is of type timestamp (a name is text, an integer or a choice)"}},
    {"unknown name", "    names: [idd]\n", {"12:13: unknown field 'idd' (did you mean 'id'?)"}},
    {"no names", "    names: []\n", {"12:12: nothing names a row (names: [id])"}},
    {"page of nothing", "    page_size: {default: 0}\n", {"12:26: a page of 0 rows (1 to 10000)"}},
    {"page too large", "    page_size: {max: 100000}\n", {"12:22: a page of 100000 rows (1 to 10000)"}},
    {"page over the most",
     "    page_size: {default: 101}\n",
     {"12:26: default is 101 and max 100 (default is at most max (100 where it is left out))"}},
    {"page_size no mapping", "    page_size: 10\n", {"12:16: expected a mapping: {key: value}, found '10'"}},
    {"unknown page_size key",
     "    page_size: {maximum: 10}\n",
     {"12:17: unknown key 'maximum' (there is 'default' and 'max')"}},
    {"unknown ordering", "    ordering: {allowed: [total]}\n", {"12:26: unknown field 'total' (there is 'id')"}},
    {"descending among the allowed",
     "    ordering: {allowed: [-id]}\n",
     {"12:26: unknown field '-id' (did you mean 'id'?)"}},
    {"ordering by a list",
     "      a: {type: list, of: string}\n    ordering: {default: [a], allowed: [a]}\n",
     {"13:26: nothing can be sorted by 'a' (a field with one plain value, no list and no json)",
      "13:40: nothing can be sorted by 'a' (a field with one plain value, no list and no json)"}},
    {"ordering by an object",
     "      a: {type: object, fields: {b: {}}}\n    ordering: {default: [a]}\n",
     {"13:26: unknown field 'a' (there is 'id' and 'a-b')"}},
    {"ordering twice",
     "      a: {}\n    ordering: {default: [a, -a], allowed: [a, a]}\n",
     {"13:29: 'a' stands here a second time", "13:47: 'a' stands here a second time"}},
    {"search of a number",
     "      a: {type: money}\n    search: [a]\n",
     {"13:14: 'a' cannot be searched: it is of type money (what can be searched is of type id, string, email, url, "
      "country, currency and language)"}},
    {"unknown search", "      a: {}\n    search: [b]\n", {"13:14: unknown field 'b' (there is 'id' and 'a')"}},
    {"table name taken",
     "    table: sqlite_master\n",
     {"12:12: a table cannot be called 'sqlite_master' (names that begin with 'sqlite_' or 'portico_' are taken)"}},
    {"singular that is no name",
     "    singular: An order\n",
     {"12:15: a row cannot be called 'An order' (lower-case letters, digits and single '-' or '_' between them, a "
      "letter first)"}},
    {"owner column with a line break",
     "  a: {owner: \"a\\nb\", operations: [], fields: {id: {type: id}}}\n",
     {"12:14: a column cannot be called 'a b' (no line breaks or tabs)"}},
    {"no mistake of its own where a type is unknown",
     "      a: {type: adress}\n    search: [a-city]\n",
     {"12:17: unknown type 'adress' (there is 'id', 'string', 'email', 'url', 'country', 'currency', 'language', "
      "'integer', 'money', 'rate', 'boolean', 'timestamp', 'date', 'choice', 'object', 'list', 'json', 'file', "
      "'reference' and 'rows')"}},
};

TEST(ResourceMistakes, EachIsNamedWithItsPlaceAndAHint) {
  for (const AppendedRow& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(std::string(small_description) + row.appended), row.mistakes);
  }
}

}  // namespace
}  // namespace portico::model
