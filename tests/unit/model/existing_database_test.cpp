// A description over a database that others made: references, keys of several fields and none, storages, no accounts.
#include <stdexcept>

#include "support/small_api.hpp"
#include "unit/model/description.hpp"

namespace portico::model {
namespace {

using Names = std::vector<std::string>;

class ExistingDatabase : public testing::Test {
 protected:
  [[nodiscard]] const Resource& resource(std::string_view name) const {
    const Resource* found = api_->find_resource(name);
    if (found == nullptr) throw std::out_of_range(std::string(name));
    return *found;
  }

  [[nodiscard]] const Leaf& leaf(std::string_view resource_name, std::string_view path) const {
    for (const Leaf& candidate : resource(resource_name).leaves) {
      if (candidate.path == path) return candidate;
    }
    throw std::out_of_range(std::string(path));
  }

  [[nodiscard]] static Names paths(const Resource& resource, const std::vector<std::size_t>& leaves) {
    Names names;
    for (const std::size_t leaf : leaves) names.push_back(resource.leaves.at(leaf).path);
    return names;
  }

  [[nodiscard]] static Names all_paths(const Resource& resource) {
    Names names;
    for (const Leaf& leaf : resource.leaves) names.push_back(leaf.path);
    return names;
  }

  std::shared_ptr<const Api> api_ = support::existing_api();
};

TEST_F(ExistingDatabase, IsReadWithoutASandboxAndWithoutAccounts) {
  EXPECT_TRUE(api_->database.existing);
  EXPECT_EQ(api_->database.schema, "public");
  EXPECT_FALSE(api_->has_sandbox());
  EXPECT_EQ(api_->accounts, nullptr);
  EXPECT_EQ(resource("films").owner_column, "");
  EXPECT_EQ(resource("films").schema, "");
  EXPECT_EQ(resource("payments").owner_column, "customer");
  EXPECT_EQ(resource("payments").schema, "accounting");
  EXPECT_EQ(resource("payments").table, "Payments \"paid\"");
  EXPECT_TRUE(support::small_api()->has_sandbox());
  EXPECT_EQ(support::small_api()->database.schema, "portico");
}

TEST_F(ExistingDatabase, HasKeysOfOneFieldSeveralAndNone) {
  const Resource& films = resource("films");
  EXPECT_EQ(paths(films, films.key), Names{"film_id"});
  EXPECT_EQ(films.names, films.key);
  const Resource& actors = resource("film-actors");
  EXPECT_EQ(paths(actors, actors.key), (Names{"actor_id", "film_id"}));
  EXPECT_TRUE(actors.names.empty());
  EXPECT_FALSE(actors.is_keyless);
  ASSERT_EQ(actors.default_order.size(), 2U);
  EXPECT_EQ(actors.default_order[0].leaf, actors.key[0]);
  EXPECT_EQ(actors.default_order[1].leaf, actors.key[1]);
  const Resource& payments = resource("payments");
  EXPECT_EQ(paths(payments, payments.key), (Names{"kind", "code"}));
  EXPECT_EQ(payments.leaves[payments.key[1]].column, "No.");
  const Resource& sales = resource("sales");
  EXPECT_TRUE(sales.is_keyless);
  EXPECT_TRUE(sales.names.empty());
  EXPECT_EQ(paths(sales, sales.key), (Names{"store", "total", "language-name"})) << "all but the json";
  EXPECT_EQ(sales.default_order.size(), 3U);
}

TEST_F(ExistingDatabase, AReferenceHasTheFieldsOfItsTarget) {
  const Resource& films = resource("films");
  EXPECT_EQ(all_paths(films), (Names{"film_id", "title", "language_id", "language-language_id", "language-name",
                                     "language-last_update", "original-name", "sequel-title", "sequel-language_id",
                                     "rental_rate", "replacement", "rating", "released", "seen", "active"}));
  const Join language{
      .table = "language", .schema = "", .key_column = "language_id", .owner_column = "", .column = "language_id"};
  Join original = language;
  original.column = "original_language_id";
  const Join sequel{
      .table = "film", .schema = "", .key_column = "film_id", .owner_column = "", .column = "Sequel Of"};
  EXPECT_EQ(films.joins, (std::vector<Join>{language, original, sequel}));
  const Leaf& name = leaf("films", "language-name");
  EXPECT_EQ(name.column, "name");
  EXPECT_EQ(name.join, 1U);
  EXPECT_FALSE(name.nullable);
  EXPECT_EQ(name.field->storage, Storage::Text);
  EXPECT_EQ(name.field->lookups, *find_lookup_family("string"));
  EXPECT_TRUE(name.field->read_only);
  EXPECT_EQ(leaf("films", "original-name").join, 2U);
  EXPECT_TRUE(leaf("films", "original-name").nullable) << "the reference may be null";
  EXPECT_EQ(leaf("films", "sequel-title").join, 3U);
  EXPECT_EQ(leaf("films", "title").join, 0U);
  EXPECT_EQ(leaf("films", "language-last_update").field->storage, Storage::Timestamp);
  EXPECT_EQ(paths(films, films.orderable), (Names{"title", "language-name", "original-name"}));
  EXPECT_EQ(paths(films, films.searched), (Names{"title", "language-name"}));
}

TEST_F(ExistingDatabase, AReferenceIsAnObjectInEveryView) {
  const Resource& films = resource("films");
  const View& first = api_->view(films, 1);
  EXPECT_FALSE(first.paths.contains("language-last_update")) << "it comes with version 2";
  EXPECT_EQ(first.paths.at("language-name"), api_->view(films, 2).paths.at("language-name"));
  const ViewNode& language = api_->view(films, 2).nodes.at(3);
  EXPECT_EQ(language.name, "language");
  ASSERT_TRUE(language.field->reference);
  EXPECT_EQ(language.field->reference->resource, "languages");
  EXPECT_EQ(language.field->reference->column, "language_id");
  EXPECT_EQ(language.field->type, FieldType::Object);
  EXPECT_EQ(language.members.size(), 3U);
  EXPECT_EQ(language.members[1].position, 4U);
  EXPECT_EQ(first.nodes.at(3).members.size(), 2U);
}

TEST_F(ExistingDatabase, RowsThatHaveOwnersMayBeMissing) {
  const Resource& notes = resource("notes");
  EXPECT_EQ(all_paths(notes), (Names{"id", "film-title", "reply_to-id"})) << "no reference inside a reference";
  ASSERT_EQ(notes.joins.size(), 2U);
  EXPECT_EQ(notes.joins[0].owner_column, "");
  EXPECT_EQ(notes.joins[1].owner_column, "customer");
  EXPECT_EQ(notes.joins[1].table, "notes");
  EXPECT_FALSE(leaf("notes", "film-title").nullable);
  EXPECT_TRUE(leaf("notes", "reply_to-id").nullable);
  const auto api =
      support::api_of(replaced(std::string(small_description) + "      o: {column: o}\n", "      o: {column: o}",
                               "      o: {type: id}\n      other: {type: reference, to: orders, column: o}"));
  const Resource& orders = *api->find_resource("orders");
  EXPECT_TRUE(orders.leaves.back().nullable) << "the other order may be another account's";
  EXPECT_TRUE(orders.fields.back().nullable);
}

TEST_F(ExistingDatabase, StoresValuesInItsOwnWays) {
  EXPECT_EQ(leaf("films", "title").field->storage, Storage::Native);
  EXPECT_EQ(leaf("films", "rental_rate").field->storage, Storage::Decimal);
  EXPECT_EQ(leaf("films", "replacement").field->storage, Storage::Decimal);
  EXPECT_EQ(leaf("films", "rating").field->storage, Storage::Text);
  EXPECT_EQ(leaf("films", "released").field->storage, Storage::Timestamp);
  EXPECT_EQ(leaf("films", "seen").field->storage, Storage::Seconds);
  EXPECT_EQ(leaf("films", "active").field->storage, Storage::Integer);
  EXPECT_TRUE(allows(leaf("films", "seen").field->lookups, Lookup::Hour));
}

// What a whole description over a database of others may say that one over Portico's own may not.
constexpr std::string_view films = R"(vendor: films
versions: [1, 2]
apis: {partner: {base: /, dialect: media-type}}
accounts: none
database: {existing: true}
resources:
  films:
    owner: none
    operations: [list]
    fields:
      id: {type: integer}
)";

TEST(OthersDatabase, IsInTheSchemaPublicUnlessItSaysAnother) {
  EXPECT_EQ(support::api_of(films)->database.schema, "public");
  const auto api = support::api_of(replaced(std::string(films), "true}", "yes, schema: pg_catalog}"));
  EXPECT_EQ(api->database.schema, "pg_catalog");
  const auto own = support::api_of(std::string(small_description) + "database: {schema: shop}\n");
  EXPECT_EQ(own->database.schema, "shop");
  EXPECT_TRUE(own->has_sandbox());
}

TEST(OthersDatabase, HasAnyNameOfTableAndColumn) {
  const std::string long_name(100, 'x');
  const auto api = support::api_of(std::string(films) + "      a: {column: " + long_name + R"(}
      b: {column: sqlite_b}
      upper: {column: Name}
      lower: {column: name}
      quoted: {column: "a \" and\ta tab"}
    table: portico_films
  again: {table: portico_films, owner: "none", key: none, operations: [list], fields: {id: {type: integer}}}
)");
  const Resource& resource = *api->find_resource("films");
  EXPECT_EQ(resource.leaves[1].column, long_name);
  EXPECT_EQ(resource.leaves[5].column, "a \" and\ta tab");
  EXPECT_EQ(api->find_resource("again")->owner_column, "none") << "in quotes it is a name";
}

TEST(OthersDatabase, NamedTypesCanBeReferencesAndStorages) {
  const auto api = support::api_of(std::string(films) + R"(      first: {type: film}
      second: {type: film, column: second, "null": true}
      inside: {type: object, fields: {third: {type: film, column: third, show: [id]}, same: {type: film}}}
      price: {type: price}
types:
  film: {type: reference, to: films, column: film, show: [price, id]}
  price: {type: money, stored: decimal}
)");
  const Resource& resource = *api->find_resource("films");
  Names described;
  for (const Leaf& leaf : resource.leaves) described.push_back(leaf.path + " " + std::to_string(leaf.join));
  EXPECT_EQ(described, (Names{"id 0", "first-price 1", "first-id 1", "second-price 2", "second-id 2",
                              "inside-third-id 3", "inside-same-price 1", "inside-same-id 1", "price 0"}));
  EXPECT_EQ(resource.joins.size(), 3U) << "two fields refer by the same column";
  EXPECT_EQ(resource.leaves[1].field->storage, Storage::Decimal);
  EXPECT_TRUE(resource.leaves[3].nullable);
  EXPECT_FALSE(resource.leaves[1].nullable);
}

TEST(OthersDatabase, MembersKeepTheirColumnsAndLoseWhatOnlyTheirTableHas) {
  const auto api = support::api_of(std::string(films) + R"(      code: {unique: yes, index: yes, required: yes}
      box:
        type: object
        fields: {wide: {type: integer, was: {broad: 1}}, self: {type: reference, to: films, column: s}}
      tags: {type: list, of: {type: object, fields: {tag: {type: string}}}}
      prequel: {type: reference, to: films, column: p, "null": true}
)");
  const Resource& resource = *api->find_resource("films");
  const Field& prequel = resource.fields.back();
  ASSERT_EQ(prequel.fields.size(), 4U);
  const Field& code = prequel.fields[1];
  EXPECT_FALSE(code.unique || code.indexed || code.required);
  EXPECT_TRUE(code.read_only);
  ASSERT_EQ(prequel.fields[2].fields.size(), 1U) << "references inside are left out, in objects too";
  EXPECT_EQ(prequel.fields[2].fields[0].column, "box__wide");
  EXPECT_EQ(prequel.fields[3].item.front().fields.front().name, "tag");
  EXPECT_TRUE(api->view(resource, 1).paths.contains("prequel-box-broad"));
  EXPECT_TRUE(api->view(resource, 2).paths.contains("prequel-box-wide"));
  EXPECT_EQ(api->view(resource, 2).nodes.back().members.back().members.front().name, "tag");
}

}  // namespace
}  // namespace portico::model
