#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

// What a path can get wrong, and where paths meet; each row stands in the place of line 17.
const std::vector<AppendedRow> rows = {
    {"no slash",
     "  a: {path: orders/x, owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, refers: "
     "orders, hidden: yes}}}\n",
     {"17:13: 'orders/x' is no path (as /orders/{order}/captures: a slash first and none at the end)"}},
    {"slash last",
     "  a: {path: /x/, owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, refers: orders, "
     "hidden: yes}}}\n",
     {"17:13: '/x/' is no path (as /orders/{order}/captures: a slash first and none at the end)"}},
    {"two slashes",
     "  a: {path: /x//y, owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, refers: orders, "
     "hidden: yes}}}\n",
     {"17:13: '/x//y' is no path (as /orders/{order}/captures: a slash first and none at the end)"}},
    {"nothing",
     "  a: {path: /, owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, refers: orders, "
     "hidden: yes}}}\n",
     {"17:13: '/' is no path (as /orders/{order}/captures: a slash first and none at the end)"}},
    {"step with a space",
     "  a: {path: /x y, owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, refers: orders, "
     "hidden: yes}}}\n",
     {"17:14: a step of a path cannot be called 'x y' (lower-case letters, digits and single '-' or '_' between "
      "them, a letter first)"}},
    {"begins with a parameter",
     "  a: {path: \"/{order}/x\", owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, "
     "refers: orders, hidden: yes}}}\n",
     {"17:13: a path begins with a parameter (a fixed step first: /orders/{order}/captures)"}},
    {"begins with a version",
     "  a: {path: /v1/x, owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, refers: orders, "
     "hidden: yes}}}\n",
     {"17:13: a path cannot begin with 'v1' (that is a version's)"}},
    {"health",
     "  a: {path: /health, owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, refers: "
     "orders, hidden: yes}}}\n",
     {"17:13: a path cannot begin with 'health' (/health says whether the server is well)"}},
    {"ends with a parent",
     "  a: {path: \"/orders/{order}\", owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, "
     "refers: orders, hidden: yes}}}\n",
     {"17:13: a path ends with another resource's row (a fixed step last: /orders/{order}/a)"}},
    {"unknown parameter",
     "  a: {path: \"/orders/{ordr}/x\", owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, "
     "refers: orders, hidden: yes}}}\n",
     {"17:23: unknown field of a path 'ordr' (did you mean 'order'?)"}},
    {"parameter that does not refer",
     "  a: {path: \"/orders/{order}/x\", owner: shop, operations: [list], fields: {id: {type: id}, order: {type: "
     "id}}}\n",
     {"17:23: 'order' refers to no other row (add refers: RESOURCE to the field)"}},
    {"parameter that may be null",
     "  a: {path: \"/orders/{order}/x\", owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, "
     "refers: orders, hidden: yes, \"null\": yes}}}\n",
     {"17:23: 'order' may be null (every row lies under another one: without null: yes)"}},
    {"parameter twice",
     "  a: {path: \"/orders/{order}/x/{order}/y\", owner: shop, operations: [list], fields: {id: {type: id}, order: "
     "{type: id, refers: orders, hidden: yes}}}\n",
     {"17:33: 'order' stands here a second time"}},
    {"name twice",
     "  a: {path: \"/x/{id}/y/{id}\", owner: shop, operations: [retrieve], fields: {id: {type: id}, order: {type: "
     "id, refers: orders, hidden: yes}}}\n",
     {"17:25: 'id' stands here a second time"}},
    {"one row that is listed",
     "  a: {path: \"/x/{id}/status\", owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, "
     "refers: orders, hidden: yes}}}\n",
     {"17:13: the path of one row, which is neither listed nor created there (without list, create and clear; or the "
      "path "
      "of the collection)"}},
    {"another of the names",
     "  a: {path: \"/x/{mid}/status\", owner: shop, operations: [retrieve], fields: {id: {type: id}, mid: {unique: "
     "yes}}, names: [id, mid]}\n",
     {"17:18: 'mid' is not the key (one row is named by the key, and every other of its names serves there too: "
      "{id})"}},
    {"the same path",
     "  a: {path: /orders, owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, refers: "
     "orders, hidden: yes}}}\n",
     {"17:13: the resource 'a' lies where the resource 'orders' does: /orders (another path or name for one of "
      "them)"}},
    {"the same path with another parameter",
     "  a: {path: \"/orders/{order}/x\", owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, "
     "refers: orders, hidden: yes}}}\n  b: {path: \"/orders/{up}/x\", owner: shop, operations: [list], fields: {id: "
     "{type: id}, up: {type: id, refers: orders, hidden: yes}}}\n",
     {"18:13: the resource 'b' lies where the resource 'a' does: /orders/{order}/x (another path or name for one of "
      "them)"}},
    {"the calling account",
     "  a: {path: /me, owner: shop, operations: [list], fields: {id: {type: id}, order: {type: id, refers: orders, "
     "hidden: yes}}}\n",
     {"17:13: the resource 'a' lies where the calling account does: /me (another path or name for one of them)"}},
    {"an action's",
     "    actions: {refund: {set: {total: 1}}}\n  a: {path: \"/orders/{order}/refund\", owner: shop, operations: "
     "[list], fields: {id: {type: id}, order: {type: id, refers: orders, hidden: yes}}}\n",
     {"18:13: the resource 'a' lies where the action 'refund' of 'orders' does: /orders/{NAME}/refund (another path "
      "or name for one of them)"}},
    {"a row's",
     "  a: {path: \"/orders/{id}\", owner: shop, operations: [retrieve], fields: {id: {type: id}, order: {type: id, "
     "refers: orders, hidden: yes}}}\n",
     {"17:13: the resource 'a' lies where a row of 'orders' does: /orders/{NAME} (another path or name for one of "
      "them)"}},
    {"parent that clients write",
     "  a: {path: \"/orders/{order}/x\", owner: shop, operations: [list, create], fields: {id: {type: id}, order: "
     "{type: id, refers: orders}}}\n",
     {"17:100: 'order' is said by the path (hidden: true, or read_only: true)"}},
    {"parent with a default",
     "  a: {path: \"/orders/{order}/x\", owner: shop, operations: [list, create], fields: {id: {type: id}, order: "
     "{type: id, refers: orders, hidden: yes, default: new_id()}}}\n",
     {"17:100: a default for 'order', which the path says (leave it out)"}},
    {"effect on the parent",
     "  a: {path: \"/orders/{order}/x\", owner: shop, operations: [list, create], fields: {id: {type: id}, order: "
     "{type: id, refers: orders, hidden: yes}}, on: {create: {set: {order: new_id()}}}}\n",
     {"17:169: 'order' says where the row lies (it is a part of the path)"}},
    {"too long",
     "  a: {path: /a/b/c/d/e/f/g/h/i/j/k/l/m/n, owner: shop, operations: [list], fields: {id: {type: id}, order: "
     "{type: id, refers: orders, hidden: yes}}}\n",
     {"17:13: a path of 14 steps (at most 12)"}},
};

TEST(PathMistakes, EachIsNamedWithItsPlaceAndAHint) {
  for (const AppendedRow& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(std::string(writable_description) + row.appended), row.mistakes);
  }
}

// What resources over one table can get wrong; each row stands in the place of line 17.
const std::vector<AppendedRow> table_rows = {
    {"another type",
     "  a: {table: orders, owner: shop, operations: [list], fields: {id: {type: id}, total: {type: integer}}}\n",
     {"17:80: 'total' of 'orders' and 'total' of 'a' are the same column with two types (the same type, choices and "
      "items for both)"}},
    {"another null",
     "  a: {table: orders, owner: shop, operations: [list], fields: {id: {type: id}, total: {type: money, \"null\": "
     "yes}}}\n",
     {"17:80: 'total' of 'orders' and 'total' of 'a' are the same column, but only one may be null (the same null "
      "for both)"}},
    {"other choices",
     "  a: {table: orders, owner: shop, operations: [list], fields: {id: {type: id}, status: {type: choice, of: "
     "[new, ok, ko]}}}\n",
     {"17:80: 'status' of 'orders' and 'status' of 'a' are the same column with two types (the same type, choices "
      "and items for both)"}},
    {"other items",
     "  a: {table: orders, owner: shop, operations: [list], fields: {id: {type: id}, articles: {type: list, of: "
     "{type: object, fields: {price: {type: integer}, name: {}}}}}}\n",
     {"17:80: 'articles' of 'orders' and 'articles' of 'a' are the same column with two types (the same type, "
      "choices and items for both)"}},
    {"another owner",
     "  a: {table: orders, owner: buyer, operations: [list], fields: {id: {type: id}}}\n",
     {"17:3: 'orders' and 'a' are one table with two owners (what is written through one belongs to the same account "
      "in the other: the same owner)"}},
    {"another key",
     "  a: {table: orders, owner: shop, key: [id, b], operations: [list], fields: {id: {type: id}, b: {\"null\": "
     "no}}}\n",
     {"17:3: 'orders' and 'a' are one table with two keys (the same key for both)",
      "17:94: rows that 'orders' creates in the same table have no 'b' (null: yes; or a field with the column 'b' in "
      "'orders', which may be hidden and have a default)"}},
    {"created without what the other shows",
     "  a: {table: orders, owner: shop, operations: [create], fields: {id: {type: id}}}\n",
     {"12:7: rows that 'a' creates in the same table have no 'total' (null: yes; or a field with the column 'total' "
      "in 'a', which may be hidden and have a default)",
      "13:7: rows that 'a' creates in the same table have no 'status' (null: yes; or a field with the column "
      "'status' in 'a', which may be hidden and have a default)",
      "15:7: rows that 'a' creates in the same table have no 'articles' (null: yes; or a field with the column "
      "'articles' in 'a', which may be hidden and have a default)",
      "16:41: rows that 'a' creates in the same table have no 'customer-email' (null: yes; or a field with the "
      "column 'customer__email' in 'a', which may be hidden and have a default)"}},
    {"shown without what the other creates",
     "  a: {table: orders, owner: shop, operations: [list], fields: {id: {type: id}, b: {}}}\n",
     {"17:80: rows that 'orders' creates in the same table have no 'b' (null: yes; or a field with the column 'b' in "
      "'orders', which may be hidden and have a default)"}},
    {"in another case",
     "  a: {table: Orders, owner: shop, operations: [], fields: {id: {type: id}}}\n",
     {"17:3: the tables 'orders' and 'Orders' differ in case alone (SQLite takes them for one table)"}},
    {"column in another case",
     "  a: {table: orders, owner: shop, operations: [list], fields: {id: {type: id}, total: {type: money, column: "
     "Total}}}\n",
     {"17:80: 'total' of 'orders' and 'total' of 'a' are the same column, but differ in case (the same column: …)"}},
};

TEST(TableMistakes, EachIsNamedWithItsPlaceAndAHint) {
  for (const AppendedRow& row : table_rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(std::string(writable_description) + row.appended), row.mistakes);
  }
}

TEST(PathMistakes, TheCallingAccountsActionsStandUnderMe) {
  const std::string text =
      replaced(std::string(writable_description), "shops: {operations: [list], ",
               "shops: {operations: [list], actions: {close: {guard: [{that: true, message: No.}]}}, ") +
      "  a: {path: /me/close, owner: shop, operations: [list], fields: {id: {type: id}}}\n";
  EXPECT_EQ(mistakes_of(text),
            (std::vector<std::string>{"17:13: the resource 'a' lies where the action 'close' of 'shops' does: "
                                      "/me/close (another path or name for one of them)"}));
}

TEST(PathMistakes, WithoutAccountsThereIsNoMe) {
  const std::string text = replaced(std::string(writable_description), "accounts: shops", "accounts: none") +
                           "  a: {path: /me/x, owner: shop, operations: [list], fields: {id: {type: id}}}\n";
  EXPECT_EQ(mistakes_of(text),
            (std::vector<std::string>{
                "6:3: the resource 'shops' needs the key 'owner' (the column that holds the owning account's name, "
                "or none: all accounts see its rows)",
                "17:13: there is no /me (accounts: none, so that the calling account is only a name)"}));
}

TEST(AccountMistakes, AccountsAreNeitherCreatedNorDeleted) {
  const std::string text = replaced(std::string(writable_description), "[list], ", "[create, update, delete], ");
  EXPECT_EQ(mistakes_of(text),
            (std::vector<std::string>{
                "6:11: accounts are not created through the API (a new account would be nobody's; add its row "
                "in the database)",
                "6:11: accounts are not deleted through the API (its keys and rows would be left behind)"}));
}

TEST(ExistingDatabaseMistakes, ItIsNeverWrittenTo) {
  const std::string text = "database: {existing: yes}\n" +
                           replaced(std::string(writable_description), "replace, update, delete", "update") +
                           "    bulk: yes\n    wrapped_in: order\n    unknown_fields: ignore\n"
                           "    checks: [{that: total > 1, field: total, message: M.}]\n"
                           "    on: {create: {set: {total: 1}}}\n"
                           "    actions: {refund: {set: {total: 1}}}\n";
  const std::string hint = " (it is never written to; take the key away)";
  EXPECT_EQ(
      mistakes_of(text),
      (std::vector<std::string>{
          "10:5: a database that others made is never written to (operations: [list, retrieve])",
          "18:5: 'bulk' in a database that others made" + hint,
          "19:5: 'wrapped_in' in a database that others made" + hint,
          "20:5: 'unknown_fields' in a database that others made" + hint,
          "21:5: 'checks' in a database that others made" + hint, "22:5: 'on' in a database that others made" + hint,
          "23:5: 'actions' in a database that others made" + hint}));
}

}  // namespace
}  // namespace portico::model
