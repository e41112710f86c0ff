#include "model/lookup.hpp"

#include <gtest/gtest.h>

#include "model/field_types.hpp"

namespace portico::model {
namespace {

TEST(Lookup, EveryNameIsFoundAndNoOther) {
  for (std::size_t i = 0; i < lookup_names.size(); ++i) {
    EXPECT_EQ(find_lookup(lookup_names[i]), static_cast<Lookup>(i));
    EXPECT_EQ(name_of(static_cast<Lookup>(i)), lookup_names[i]);
    EXPECT_EQ(find_lookup_family(lookup_names[i])->count(), 1U) << lookup_names[i];
  }
  EXPECT_EQ(find_lookup("Exact"), std::nullopt);
  EXPECT_EQ(find_lookup(""), std::nullopt);
  EXPECT_EQ(find_lookup_family("strings"), std::nullopt);
}

TEST(Lookup, FamiliesAreThoseOfTheContract) {
  EXPECT_EQ(find_lookup_family("string")->count(), 12U);
  EXPECT_EQ(find_lookup_family("date")->count(), 5U);
  EXPECT_EQ(find_lookup_family("range")->count(), 5U);
  EXPECT_EQ(find_lookup_family("choices")->count(), 2U);
  EXPECT_TRUE(allows(*find_lookup_family("range"), Lookup::Exact));
  EXPECT_FALSE(allows(*find_lookup_family("string"), Lookup::Gt));
}

TEST(FieldTypes, NamesAndFamiliesAgree) {
  std::size_t index = 0;
  for (const TypeRow& row : field_types()) {
    EXPECT_EQ(static_cast<std::size_t>(row.type), index++) << "rows are in the order of the enum";
    EXPECT_EQ(find_field_type(row.name), row.type);
    EXPECT_EQ(name_of(row.type), row.name);
    for (const std::string_view family : row.families) {
      EXPECT_TRUE((*find_lookup_family(family) & lookups_that_fit(row.type)).any()) << row.name << " " << family;
    }
  }
  EXPECT_EQ(index, static_cast<std::size_t>(FieldType::File) + 1);
  EXPECT_TRUE(lookups_that_fit(FieldType::Object).none());
  EXPECT_EQ(find_field_type("text"), std::nullopt);
}

}  // namespace
}  // namespace portico::model
