#include "contract/locate.hpp"
#include "operation/parse_operation.hpp"
#include "support/collections_api.hpp"

namespace portico::operation {
namespace {

class Collections : public testing::Test {
 protected:
  [[nodiscard]] base::Result<Target> target(std::string_view path, std::optional<int> version = {}) const {
    return find_target(*api_, contract::locate(*api_, path).value(), version);
  }
  [[nodiscard]] Change cleared(std::string_view path, std::string_view query) const {
    auto parsed = parse_operation(api_->limits, target(path).value(), http::Method::Delete, parse_query(query));
    return std::get<Change>(std::move(parsed).value());
  }

  std::shared_ptr<const model::Api> api_ = support::collections_api();
};

TEST_F(Collections, AreClearedOfWhatFiltersChoose) {
  const Change change = cleared("/me/campaigns/summer/articles", "article-mid=a,b&q=x");
  EXPECT_EQ(change.kind, model::OperationKind::Clear);
  EXPECT_EQ(change.parents, std::vector<std::string>{"summer"});
  EXPECT_FALSE(change.name.has_value());
  EXPECT_TRUE(change.faults.empty());
  ASSERT_TRUE(change.chosen.has_value());
  ASSERT_EQ(change.chosen->filters.size(), 1U);
  EXPECT_EQ(change.chosen->filters[0].parameter, "article-mid");
  EXPECT_EQ(change.chosen->search, "x");
  EXPECT_TRUE(change.chosen->faults.empty());
}

TEST_F(Collections, AreNotClearedByPages) {
  const Change change = cleared("/tags", "page=1&page_size=2&ordering=rank&rank=1&b=%zz");
  ASSERT_EQ(change.faults.size(), 3U);
  EXPECT_EQ(change.faults[0].path, std::vector<std::string>{"page"});
  EXPECT_EQ(change.faults[2].message, "Unknown parameter; all that the filters choose is deleted at once.");
  EXPECT_EQ(change.chosen->filters.size(), 1U);
  ASSERT_EQ(change.chosen->faults.size(), 1U);
  EXPECT_EQ(change.chosen->faults[0].path, std::vector<std::string>{"b"});
}

TEST_F(Collections, OnlyWhereItIsDeclared) {
  EXPECT_EQ(allowed_methods(target("/tags").value()), (std::vector<std::string>{"GET", "HEAD", "DELETE", "OPTIONS"}));
  const auto refused = parse_operation(api_->limits, target("/me/campaigns").value(), http::Method::Delete, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::MethodNotAllowed);
}

TEST_F(Collections, AreThereInTheirVersions) {
  EXPECT_TRUE(target("/seats", 1));
  EXPECT_TRUE(target("/seats/A,1", 1));
  const auto refused = target("/seats", 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::NotFound);
  EXPECT_EQ(refused.error().message, "There is no such resource.");
  EXPECT_FALSE(target("/seats/A,1", 2));
  EXPECT_EQ(target("/seat", 2).error().message, "There is no such resource.");
  EXPECT_EQ(target("/seat", 1).error().message, "There is no such resource. Did you mean 'seats'?");
}

}  // namespace
}  // namespace portico::operation
