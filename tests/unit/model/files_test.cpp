// Fields of type file: what is loaded, and what they can get wrong.
#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

const std::string two_names =
    std::string(writable_description) +
    "      image: {type: file, of: [image/png, image/gif], max_bytes: 1000, \"null\": true, "
    "since: 2, was: {photo: 2}, filter: [isnull]}\n"
    "      scan: {type: file, of: [application/pdf], \"null\": true, hidden: true}\n"
    "  pages:\n"
    "    path: /orders/{order}/pages\n"
    "    owner: shop\n"
    "    operations: [list, retrieve, update]\n"
    "    fields:\n"
    "      order: {type: id, refers: orders, hidden: true}\n"
    "      id: {type: id, read_only: yes}\n"
    "      print: {type: file, of: [application/pdf], \"null\": true}\n";

TEST(Files, AreLoadedWithWhatTheyMayBe) {
  const auto api = api_of(two_names);
  ASSERT_NE(api, nullptr) << mistakes_of(two_names).front();
  const Resource& orders = *api->find_resource("orders");
  ASSERT_EQ(orders.files.size(), 1U);  // the other one is hidden
  const Field& image = *orders.leaves[orders.files.front()].field;
  EXPECT_EQ(image.name, "image");
  EXPECT_EQ(image.file_types, (std::vector{base::FileType::Png, base::FileType::Gif}));
  EXPECT_EQ(image.max_bytes, 1000);
  EXPECT_EQ(orders.leaves[orders.files.front()].column, "image");
  const Resource& pages = *api->find_resource("pages");
  EXPECT_EQ(pages.leaves[pages.files.front()].field->max_bytes, 5 * 1024 * 1024);
}

TEST(Files, AreInTheVersionsThatHaveThem) {
  const auto api = api_of(two_names);
  ASSERT_NE(api, nullptr);
  const Resource& orders = *api->find_resource("orders");
  EXPECT_TRUE(api->view(orders, 1).files.empty());
  const View& second = api->view(orders, 2);
  ASSERT_EQ(second.files.size(), 1U);
  EXPECT_EQ(second.files.front().leaf, orders.files.front());
  EXPECT_EQ(second.leaves.at(second.files.front().position), orders.files.front());
  EXPECT_TRUE(second.paths.contains("photo"));
  EXPECT_TRUE(api->view(orders, 3).paths.contains("image"));
}

TEST(Files, BringWhatTheirLinksAreMadeOfWithThem) {
  const auto api = api_of(two_names);
  ASSERT_NE(api, nullptr);
  const Resource& pages = *api->find_resource("pages");
  const View& view = api->view(pages, 1);
  // Shown are id and print; the order, which the link names, comes behind them.
  EXPECT_EQ(view.leaves, (std::vector<std::size_t>{1, 2, pages.parents.front().leaf}));
  EXPECT_FALSE(view.paths.contains("order"));
}

// Each row stands in the place of line 17.
const std::vector<AppendedRow> rows = {
    {"without what it may be",
     "      a: {type: file, \"null\": true}\n",
     {"17:7: the type file needs the key 'of' (what it may be: of: [image/png, image/jpeg])"}},
    {"of nothing",
     "      a: {type: file, of: [], \"null\": true}\n",
     {"17:27: expected a list of at least one media type: [image/png, image/jpeg], found a list"}},
    {"of an unknown type",
     "      a: {type: file, of: [image/pngs], \"null\": true}\n",
     {"17:28: unknown type of files 'image/pngs' (did you mean 'image/png'?)"}},
    {"of a type twice",
     "      a: {type: file, of: [image/png, Image/PNG], \"null\": true}\n",
     {"17:39: 'Image/PNG' stands here a second time"}},
    {"that may not be null",
     "      a: {type: file, of: [image/png]}\n",
     {"17:7: a file that may not be null (a row is there before its file: \"null\": true)"}},
    {"too large",
     "      a: {type: file, of: [image/png], \"null\": true, max_bytes: 268435457}\n",
     {"17:65: a largest file of 268435457 bytes (from 1 to 268435456)"}},
    {"of no bytes",
     "      a: {type: file, of: [image/png], \"null\": true, max_bytes: 0}\n",
     {"17:65: a largest file of 0 bytes (from 1 to 268435456)"}},
    {"max_bytes of a text",
     "      a: {max_bytes: 5}\n",
     {"17:11: 'max_bytes' does not fit the type string (it fits file)"}},
    {"with a filter of texts",
     "      a: {type: file, of: [image/png], \"null\": true, filter: [string]}\n",
     {"17:63: the filter 'string' does not fit the type file (what fits: isnull)"}},
    {"inside an object",
     "      a: {type: object, fields: {b: {type: file, of: [image/png], \"null\": true}}}\n",
     {"17:34: a file inside an object (a file has a path below its row: put it beside the object)"}},
    {"inside a list",
     "      a: {type: list, of: {type: file, of: [image/png], \"null\": true}}\n",
     {"17:27: a file inside a list (a file lies below its row: put it beside the list)"}},
    {"in the ordering",
     "      a: {type: file, of: [image/png], \"null\": true}\n    ordering: {allowed: [a]}\n",
     {"18:26: nothing can be sorted by 'a' (a field with one plain value, no list and no json)"}},
    {"written by an effect",
     "      a: {type: file, of: [image/png], \"null\": true}\n    on: {update: {set: {a: \"null\"}}}\n",
     {"18:28: 'a' is a file, which no expression writes (clients put and delete it on its own path)"}},
    {"compared with a text",
     "      a: {type: file, of: [image/png], \"null\": true}\n"
     "    on: {update: {guard: [{that: \"a == 'x'\", message: No.}]}}\n",
     {"18:35: 'a' is a file (an expression asks only whether it is there: == null, != null)"}},
    {"in the body of an action",
     "    actions: {send: {fields: {a: {type: file, of: [image/png], \"null\": true}}}}\n",
     {"17:31: a file in a body (a file is a field of a resource, and has a path of its own)"}},
    {"where an action is",
     "      a: {type: file, of: [image/png], \"null\": true}\n    actions: {a: {set: {total: 1}}}\n",
     {"18:15: the action 'a' of 'orders' lies where the file 'a' of 'orders' does: /orders/{NAME}/a (another path or "
      "name "
      "for one of them)"}},
    {"where a former name meets an action",
     "      a: {type: file, of: [image/png], \"null\": true, was: {b: 2}}\n    actions: {b: {until: 2, set: {total: "
     "1}}}\n",
     {"18:15: the action 'b' of 'orders' lies where the file 'a' of 'orders' does: /orders/{NAME}/b (another path or "
      "name "
      "for one of them)"}},
    {"shown by a reference",
     "      a: {type: file, of: [image/png], \"null\": true}\n"
     "      b: {type: reference, to: orders, column: c, show: [a]}\n",
     {"18:58: 'a' is a file (files are shown with their own row alone)"}},
    {"of rows without a key",
     "  notes:\n    owner: none\n    key: none\n    operations: [list]\n    fields:\n      text: {}\n"
     "      a: {type: file, of: [image/png], \"null\": true}\n",
     {"23:7: a file of rows without a key (a row is named by its key: key: …)"}},
    {"left behind by who deletes its row",
     "      a: {type: file, of: [image/png], \"null\": true}\n"
     "  bin:\n    table: orders\n    owner: shop\n    operations: [delete]\n    fields:\n"
     "      id: {type: id}\n",
     {"18:3: rows that 'bin' deletes would leave the file 'a' of 'orders' behind (a field of type file with the "
      "column 'a' in 'bin', which may be hidden)"}},
};

TEST(Files, MistakesAreNamedWithTheirPlace) {
  for (const AppendedRow& row : rows) {
    EXPECT_EQ(mistakes_of(std::string(writable_description) + row.appended), row.mistakes) << row.name;
  }
}

TEST(Files, AreNeitherRequiredNorReadOnlyNorGivenByADefault) {
  for (const std::string key : {"required: yes", "read_only: yes", "default: \"'x'\"", "unique: yes", "index: yes"}) {
    const auto mistakes = mistakes_of(std::string(writable_description) +
                                      "      a: {type: file, of: [image/png], \"null\": true, " + key + "}\n");
    ASSERT_FALSE(mistakes.empty()) << key;
    EXPECT_NE(mistakes.front().find("does not fit the type file"), std::string::npos) << mistakes.front();
  }
}

TEST(Files, AreNotInTablesOfOthers) {
  const std::string text =
      "vendor: acme\nversions: [1]\napis: {partner: {base: /, dialect: media-type}}\naccounts: none\n"
      "database: {existing: true}\nresources:\n  orders:\n    owner: none\n    operations: [list]\n    fields:\n"
      "      id: {type: id}\n      a: {type: file, of: [image/png], \"null\": true}\n";
  EXPECT_EQ(mistakes_of(text),
            (std::vector<std::string>{"12:7: a file in a database that others made (files lie in a "
                                      "table of Portico's own; take the field away)"}));
}

}  // namespace
}  // namespace portico::model
