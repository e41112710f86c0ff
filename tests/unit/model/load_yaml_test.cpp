#include "model/load_yaml.hpp"

#include <chrono>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "model/keys.hpp"
#include "model/limit_names.hpp"
#include "unit/model/description.hpp"

namespace portico::model {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

const Leaf& leaf_of(const Resource& resource, std::string_view path) {
  for (const Leaf& leaf : resource.leaves) {
    if (leaf.path == path) return leaf;
  }
  throw std::out_of_range(std::string(path));
}

std::vector<std::string> names_of(const std::vector<ViewNode>& nodes) {
  std::vector<std::string> names;
  for (const ViewNode& node : nodes) names.push_back(node.name);
  return names;
}

const ViewNode& node_of(const std::vector<ViewNode>& nodes, std::string_view name) {
  for (const ViewNode& node : nodes) {
    if (node.name == name) return node;
  }
  throw std::out_of_range(std::string(name));
}

std::vector<std::string> paths_of(const Resource& resource, const std::vector<std::size_t>& leaves) {
  std::vector<std::string> paths;
  for (const std::size_t leaf : leaves) paths.push_back(resource.leaves.at(leaf).path);
  return paths;
}

std::string with(std::string_view appended) {
  return std::string(small_description) + std::string(appended);
}

using Names = std::vector<std::string>;

TEST(LoadYaml, TheSmallDescriptionHasTheDefaults) {
  ASSERT_EQ(mistakes_of(small_description), Names{});
  const auto api = api_of(small_description);
  EXPECT_EQ(api->vendor, "acme");
  EXPECT_EQ(api->versions, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(api->latest_version(), 3);
  EXPECT_TRUE(api->time_zone.is_utc());
  EXPECT_EQ(api->public_url, "");
  ASSERT_EQ(api->surfaces.size(), 1U);
  EXPECT_EQ(api->surfaces.front().name, "partner");
  EXPECT_EQ(api->surfaces.front().base, "/");
  EXPECT_EQ(api->surfaces.front().dialect, DialectKind::MediaType);
  EXPECT_EQ(api->accounts, api->find_resource("shops"));
  EXPECT_EQ(api->find_resource("shop"), nullptr);
  EXPECT_EQ(api->accounts->owner_column, "id");
  const Resource& orders = *api->find_resource("orders");
  EXPECT_EQ(orders.singular, "order");
  EXPECT_EQ(orders.table, "orders");
  EXPECT_EQ(orders.owner_column, "shop");
  EXPECT_EQ(orders.key, std::vector<std::size_t>{0});
  EXPECT_EQ(orders.names, std::vector<std::size_t>{0});
  EXPECT_EQ(orders.operations, operation_bit(OperationKind::List));
  EXPECT_EQ(orders.public_operations, 0);
  EXPECT_EQ(orders.page_size.usual, 25);
  EXPECT_EQ(orders.page_size.max, 100);
  ASSERT_EQ(orders.default_order.size(), 1U);
  EXPECT_EQ(orders.default_order.front().leaf, 0U);
  EXPECT_EQ(orders.default_order.front().direction, Direction::Ascending);
  EXPECT_TRUE(orders.orderable.empty());
  EXPECT_EQ(orders.position.line, 7U);
  EXPECT_EQ(orders.fields.front().position.column, 7U);
}

TEST(LoadYaml, EveryKeyOfAResourceCounts) {
  const auto api =
      api_of(with(R"(      total: {type: money, min: -5, max: 7, required: true, description: What it costs.}
      mid: {max_length: 9, unique: yes, index: True, "null": TRUE, read_only: no, column: merchant's id}
      seen: {type: timestamp, filter: [date, isnull, gt]}
      day: {type: date, filter: [date]}
      kind: {type: choice, of: [2, 1], filter: [choices]}
      flag: {type: boolean, filter: [choices]}
      letter: {type: choice, of: [yes, '1', no]}
    table: Old Orders
    singular: purchase
    names: [mid, id]
    public_key: [list]
    page_size: {max: 10}
    ordering: {default: [-total, mid], allowed: [seen, total]}
    search: [mid]
    description: All of them.
)"));
  ASSERT_NE(api, nullptr);
  const Resource& orders = *api->find_resource("orders");
  EXPECT_EQ(orders.table, "Old Orders");
  EXPECT_EQ(orders.singular, "purchase");
  EXPECT_EQ(orders.description, "All of them.");
  EXPECT_EQ(paths_of(orders, orders.names), (Names{"mid", "id"}));
  EXPECT_EQ(paths_of(orders, orders.orderable), (Names{"seen", "total"}));
  EXPECT_EQ(paths_of(orders, orders.searched), Names{"mid"});
  EXPECT_EQ(orders.public_operations, operation_bit(OperationKind::List));
  EXPECT_EQ(orders.page_size.usual, 10);
  EXPECT_EQ(orders.page_size.max, 10);
  ASSERT_EQ(orders.default_order.size(), 2U);
  EXPECT_EQ(orders.default_order[0].direction, Direction::Descending);
  EXPECT_EQ(orders.default_order[1].direction, Direction::Ascending);
  const Field& total = *leaf_of(orders, "total").field;
  EXPECT_EQ(total.min, -5);
  EXPECT_EQ(total.max, 7);
  EXPECT_TRUE(total.required);
  EXPECT_EQ(total.description, "What it costs.");
  const Leaf& mid = leaf_of(orders, "mid");
  EXPECT_EQ(mid.column, "merchant's id");
  EXPECT_TRUE(mid.nullable && mid.field->unique && mid.field->indexed && !mid.field->read_only);
  EXPECT_EQ(mid.field->max_length, 9);
  EXPECT_TRUE(mid.field->lookups.none());
  const Field& seen = *leaf_of(orders, "seen").field;
  EXPECT_TRUE(allows(seen.lookups, Lookup::Hour) && allows(seen.lookups, Lookup::Gt));
  EXPECT_FALSE(allows(seen.lookups, Lookup::Gte) || allows(seen.lookups, Lookup::Exact));
  EXPECT_FALSE(allows(leaf_of(orders, "day").field->lookups, Lookup::Hour)) << "a day has no hour";
  EXPECT_TRUE(allows(leaf_of(orders, "kind").field->lookups, Lookup::In));
  EXPECT_FALSE(allows(leaf_of(orders, "flag").field->lookups, Lookup::In));
  EXPECT_EQ(leaf_of(orders, "kind").field->choices, (std::vector<base::Value>{std::int64_t{2}, std::int64_t{1}}));
  EXPECT_EQ(leaf_of(orders, "letter").field->choices,
            (std::vector<base::Value>{std::string("yes"), std::string("1"), std::string("no")}));
}

TEST(LoadYaml, NullIsAKeyQuotedOrNot) {
  const auto api = api_of(with("      a: {null: true}\n      b: {\"null\": true}\n      c: {\n        null: yes}\n"));
  ASSERT_NE(api, nullptr);
  for (const std::string_view name : {"a", "b", "c"}) {
    EXPECT_TRUE(leaf_of(*api->find_resource("orders"), name).nullable) << name;
  }
}

TEST(LoadYaml, TheApisOwnKeysCount) {
  const auto api = api_of(with(R"(description: Ours.
public_url: https://api.example.com/base/
time_zone: Europe/Madrid
trusted_proxies: [127.0.0.1, "10.0.0.0/8", "::1", "fd00::/8"]
)"));
  ASSERT_NE(api, nullptr);
  EXPECT_EQ(api->description, "Ours.");
  EXPECT_EQ(api->public_url, "https://api.example.com/base");
  EXPECT_EQ(api->time_zone.name(), "Europe/Madrid");
  EXPECT_EQ(api->trusted_proxies, (Names{"127.0.0.1", "10.0.0.0/8", "::1", "fd00::/8"}));
}

TEST(LoadYaml, EveryLimitCanBeSetAndNoOtherMoves) {
  for (const LimitName& limit : limit_names()) {
    const auto api = api_of(with("limits: {" + std::string(limit.name) + ": 3}\n"));
    ASSERT_NE(api, nullptr) << limit.name;
    for (const LimitName& other : limit_names()) {
      const std::int64_t expected = other.name == limit.name ? 3 : limit_value(base::Limits{}, other);
      EXPECT_EQ(limit_value(api->limits, other), expected) << other.name << " after " << limit.name;
    }
  }
}

TEST(LoadYaml, NamedTypesAreCopiedAndOverridden) {
  const auto api = api_of(with(R"(      home: {type: place, "null": true}
      work: {type: place, since: 2, description: Where they work.}
      code: {type: letters, max_length: 3}
      all: {type: list, of: place, min: 1}
types:
  place: {type: object, fields: {town: {type: letters, filter: [exact]}, spot: {type: spot}}}
  spot: {type: object, fields: {north: {type: integer}}}
  letters: {type: string, max_length: 64, filter: [string]}
)"));
  EXPECT_EQ(api, nullptr) << "a list cannot hold what is filtered";
  const auto allowed = api_of(with(R"(      home: {type: place, "null": true}
      work: {type: place, since: 2, description: Where they work.}
      code: {type: letters, max_length: 3}
      all: {type: list, of: spot, min: 1}
types:
  place: {type: object, fields: {town: {type: letters, filter: [exact]}, spot: {type: spot}}}
  spot: {type: object, fields: {north: {type: integer}}}
  letters: {type: string, max_length: 64, filter: [string]}
)"));
  ASSERT_NE(allowed, nullptr);
  const Resource& orders = *allowed->find_resource("orders");
  EXPECT_EQ(leaf_of(orders, "home-spot-north").column, "home__spot__north");
  EXPECT_TRUE(leaf_of(orders, "home-spot-north").nullable) << "an object around it may be null";
  EXPECT_FALSE(leaf_of(orders, "work-town").nullable);
  EXPECT_EQ(leaf_of(orders, "work-town").field->max_length, 64);
  EXPECT_EQ(leaf_of(orders, "work-town").field->lookups, *find_lookup_family("exact"));
  EXPECT_EQ(leaf_of(orders, "code").field->max_length, 3);
  EXPECT_EQ(leaf_of(orders, "code").field->lookups, *find_lookup_family("string"));
  EXPECT_EQ(leaf_of(orders, "all").field->item.front().type, FieldType::Object);
  EXPECT_EQ(names_of(allowed->view(orders, 1).nodes), (Names{"id", "home", "code", "all"}));
  EXPECT_EQ(orders.fields[2].description, "Where they work.");
}

TEST(LoadYaml, AnchorsAndAliasesAreWhatTheyStandFor) {
  const auto api = api_of(with("      a: &text {max_length: 5}\n      b: *text\n"));
  ASSERT_NE(api, nullptr);
  EXPECT_EQ(leaf_of(*api->find_resource("orders"), "b").field->max_length, 5);
}

TEST(LoadYaml, ViewsShowWhatTheirVersionHas) {
  const auto api = api_of(with(R"(      a: {was: {old_a: 1, older_a: 2}}
      gone: {type: object, until: 1, fields: {x: {}, y: {}}}
      half: {type: object, fields: {early: {until: 1}, late: {since: 2, was: {lately: 2}}}}
      empty_at_first: {type: object, fields: {only: {since: 3}}}
      rows: {type: list, of: {type: object, fields: {n: {since: 2}, in: {type: object, fields: {z: {was: {y: 2}}}}}}}
      last: {type: integer}
)"));
  ASSERT_NE(api, nullptr);
  const Resource& orders = *api->find_resource("orders");
  ASSERT_EQ(orders.views.size(), 3U);
  const View& first = api->view(orders, 1);
  EXPECT_EQ(first.version, 1);
  EXPECT_EQ(first.resource, &orders);
  EXPECT_EQ(names_of(first.nodes), (Names{"id", "old_a", "gone", "half", "rows", "last"}));
  EXPECT_EQ(names_of(api->view(orders, 2).nodes), (Names{"id", "older_a", "half", "rows", "last"}));
  EXPECT_EQ(names_of(api->view(orders, 3).nodes), (Names{"id", "a", "half", "empty_at_first", "rows", "last"}));
  EXPECT_EQ(paths_of(orders, first.leaves), (Names{"id", "a", "gone-x", "gone-y", "half-early", "rows", "last"}));
  EXPECT_EQ(node_of(first.nodes, "last").position, 6U);
  EXPECT_EQ(node_of(node_of(first.nodes, "gone").members, "y").position, 3U);
  EXPECT_EQ(names_of(node_of(first.nodes, "rows").members), Names{"in"});
  EXPECT_EQ(names_of(node_of(node_of(first.nodes, "rows").members, "in").members), Names{"y"});
  EXPECT_EQ(names_of(node_of(api->view(orders, 3).nodes, "rows").members), (Names{"n", "in"}));
  EXPECT_EQ(first.paths.size(), first.leaves.size());
  EXPECT_EQ(orders.leaves[first.paths.at("old_a")].path, "a");
  EXPECT_FALSE(first.paths.contains("a"));
  EXPECT_EQ(orders.leaves[api->view(orders, 2).paths.at("half-lately")].path, "half-late");
  EXPECT_EQ(orders.leaves[api->view(orders, 3).paths.at("half-late")].column, "half__late");
}

TEST(LoadYaml, ViewsPositionsAreThePlacesInTheSelectList) {
  const auto api = api_of(read_file("apis/orders/api.yaml"));
  ASSERT_NE(api, nullptr);
  for (const auto& resource : api->resources) {
    for (const View& view : resource->views) {
      const auto check = [&](const auto& self, const std::vector<ViewNode>& nodes) -> void {
        for (const ViewNode& node : nodes) {
          if (!node.field->is_leaf()) {
            self(self, node.members);
            continue;
          }
          EXPECT_EQ(resource->leaves.at(view.leaves.at(node.position)).field, node.field) << node.name;
        }
      };
      check(check, view.nodes);
    }
  }
}

TEST(LoadYaml, AllMistakesAtOnceInTheOrderOfTheFile) {
  std::string text = with("      a: {type: mony, filter: [strin]}\n    serach: [a]\nlimits: {head_byte: 1}\n");
  text = replaced(text, "media-type", "media");
  text = replaced(text, "versions: [1, 2, 3]", "versions: [1, 3]");
  EXPECT_EQ(mistakes_of(text), (Names{"2:15: version 3 after 1 (ascending, without gaps: [1, 2, 3])",
                                      "3:36: unknown dialect 'media' (there is 'media-type' and 'code-envelope')",
                                      "12:17: unknown type 'mony' (did you mean 'money'?)",
                                      "13:5: unknown key 'serach' (did you mean 'search'?)",
                                      "14:10: unknown limit 'head_byte' (did you mean 'head_bytes'?)"}));
}

TEST(LoadYaml, AMistakeInATypeIsToldOnce) {
  EXPECT_EQ(mistakes_of(
                with("      a: {type: t}\n      b: {type: t}\ntypes: {t: {type: object, fields: {c: {tipe: x}}}}\n")),
            Names{"14:40: unknown key 'tipe' (did you mean 'type'?)"});
}

TEST(LoadYaml, AnEmptyTextIsToldHowToBegin) {
  for (const std::string_view text : {"", "\n\n", "# nothing yet\n"}) {
    EXPECT_EQ(mistakes_of(text), Names{"1:1: the description is empty (it begins with vendor: NAME)"});
  }
}

TEST(LoadYaml, AliasesThatGrowExponentiallyAreRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 9; ++j) text += ", " + before;
    text += "]\n";
  }
  const Names mistakes = mistakes_of(text);
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_NE(mistakes.front().find("too large"), std::string::npos) << mistakes.front();
}

TEST(LoadYaml, TypesThatGrowExponentiallyAreRefused) {
  std::string text = with("      a: {type: t30}\ntypes:\n  t0: {type: object, fields: {x: {}}}\n");
  for (int i = 1; i <= 30; ++i) {
    const std::string before = "{type: t" + std::to_string(i - 1) + "}";
    text += "  t" + std::to_string(i) + ": {type: object, fields: {a: " + before + ", b: " + before + "}}\n";
  }
  const Names mistakes = mistakes_of(text);
  ASSERT_FALSE(mistakes.empty());
  EXPECT_NE(mistakes.front().find("too many fields"), std::string::npos) << mistakes.front();
}

TEST(LoadYaml, DepthIsBounded) {
  std::string deep = with("      a: ");
  for (int i = 0; i < 30; ++i) deep += "{type: object, fields: {a: ";
  deep += "{}" + std::string(60, '}') + "\n";
  const Names mistakes = mistakes_of(deep);
  ASSERT_FALSE(mistakes.empty());
  EXPECT_NE(mistakes.front().find("too deep"), std::string::npos) << mistakes.front();
  const Names bracket_mistakes = mistakes_of(std::string(10'000, '['));
  ASSERT_EQ(bracket_mistakes.size(), 1U);
  EXPECT_NE(bracket_mistakes.front().find("too deep"), std::string::npos) << bracket_mistakes.front();
}

TEST(LoadYaml, MoreMistakesThanAnyoneReadsAreCounted) {
  std::string text(small_description);
  for (int i = 0; i < 1'400; ++i) text += "      f" + std::to_string(i) + ": {tipe: x}\n";
  const Names mistakes = mistakes_of(text);
  ASSERT_EQ(mistakes.size(), 1'001U);
  EXPECT_NE(mistakes.back().find("and 400 more mistakes"), std::string::npos) << mistakes.back();
}

TEST(LoadYaml, TheTableHasItsLimitOfColumns) {
  std::string text(small_description);
  for (int i = 0; i < 1'500; ++i) text += "      f" + std::to_string(i) + ": {}\n";
  EXPECT_EQ(mistakes_of(text), Names{"7:3: a table of 1501 columns (at most 1500)"});
}

TEST(LoadYaml, ALargeFileLoadsFast) {
  std::string text(small_description);
  for (int resource = 0; resource < 150; ++resource) {
    text += "  r" + std::to_string(resource) + ":\n    owner: shop\n    operations: [list]\n    fields:\n";
    text += "      id: {type: id}\n";
    for (int i = 0; i < 100; ++i) {
      text += "      f" + std::to_string(i) + ": {type: string, max_length: 5, filter: [string, isnull]}\n";
    }
  }
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(mistakes_of(text), Names{});
  // Seconds, for a sanitizer's build on a busy machine; what is quadratic takes minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(Schema, TheOneThatShipsIsTheOneThatIsMade) {
  EXPECT_TRUE(read_file("apis/api.schema.json") == description_schema())
      << "apis/api.schema.json is stale; renew it: portico check --schema > apis/api.schema.json";
}

TEST(Documentation, ItsExamplesLoad) {
  const std::string page = read_file("docs/description.md");
  const std::string_view opening = "```yaml\nvendor:";
  std::size_t examples = 0;
  for (std::size_t at = page.find(opening); at != std::string::npos; at = page.find(opening, at + 1)) {
    const std::size_t begin = page.find('\n', at) + 1;
    EXPECT_EQ(mistakes_of(page.substr(begin, page.find("```", begin) - begin)), Names{}) << "at " << at;
    ++examples;
  }
  EXPECT_EQ(examples, 2U);
}

TEST(Documentation, HasARowForEveryKeyAndLimit) {
  const std::string page = read_file("docs/description.md");
  for (const auto& keys :
       {api_keys(), surface_keys(), database_keys(), rates_keys(), rate_keys(), oauth_keys(), extensions_keys(),
        resource_keys(), field_keys(), rules_keys(), guard_keys(), check_keys(), action_keys(), answer_keys(),
        webhook_keys(), webhook_rules_keys(), answer_object_keys(), summary_keys(), computed_keys()}) {
    for (const Key& key : keys) {
      EXPECT_NE(page.find("`" + std::string(key.name) + "`"), std::string::npos) << key.name;
    }
  }
  const base::Limits usual;
  for (const LimitName& limit : limit_names()) {
    const std::string row =
        "| `" + std::string(limit.name) + "` | " + std::to_string(limit_value(usual, limit)) + " |";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace portico::model
