#include "plan/compute.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "operation/parse_operation.hpp"
#include "support/loaded_api.hpp"

namespace portico::plan {
namespace {

class Compute : public testing::Test {
 protected:
  /// The answer as JSON, or every fault.
  [[nodiscard]] std::string of(std::string_view query, base::Value public_key = {},
                               model::Mode mode = model::Mode::Production) const {
    const operation::Target target{.kind = operation::Target::Kind::Object, .resource = api_->computed.front().get()};
    auto operation =
        operation::parse_operation(api_->limits, target, http::Method::Get, operation::parse_query(query));
    auto asked = std::get<operation::Compute>(std::move(operation).value());
    auto computing = plan_computing(*api_, std::move(asked), {.account = "a", .version = 1, .mode = mode}, 5);
    if (!computing) return faults_of(computing.error());
    auto answer = compute(*computing, std::move(public_key));
    if (!answer) return "overflow";
    std::string json;
    base::append_json(*answer, json);
    return json;
  }

 private:
  static std::string faults_of(const base::Error& error) {
    std::string text;
    for (const base::Fault& fault : error.faults) text += base::joined(fault.path, ".") + ": " + fault.message + "\n";
    return text;
  }

  const std::shared_ptr<const model::Api> api_ = support::loaded_api(R"yaml(
vendor: acme
versions: [1]
apis: {partner: {base: /, dialect: media-type}}
accounts: none
resources:
  plan:
    computed: yes
    parameters: {amount: {type: money, required: true, min: 1}, months: {type: integer, default: 3}, word: {"null": yes}}
    formulas: {rest: amount - 1, half: rest / 2}
    answer:
      half: half
      word: word
      box: {fields: {at: now(), sandbox: sandbox(), key: public_key()}}
      each: {each: {number: [1, 2]}, fields: {x: amount * number * months}}
)yaml");
};

TEST_F(Compute, WorksTheAnswerOut) {
  EXPECT_EQ(of("amount=1001"),
            R"({"half":500,"word":null,"box":{"at":"1970-01-01T00:00:00.000005Z","sandbox":false,"key":null},)"
            R"("each":[{"x":3003},{"x":6006}]})");
  EXPECT_EQ(of("amount=1&months=0&word=a+b", "public_1", model::Mode::Sandbox),
            R"({"half":0,"word":"a b","box":{"at":"1970-01-01T00:00:00.000005Z","sandbox":true,"key":"public_1"},)"
            R"("each":[{"x":0},{"x":0}]})");
}

TEST_F(Compute, TellsEveryFaultAtOnce) {
  EXPECT_EQ(of("months=1&months=x&amuont=5&q=1"),
            "months: Given more than once.\n"
            "amuont: Unknown parameter; did you mean 'amount'?\n"
            "q: Unknown parameter; there are amount, months and word.\n"
            "amount: This field is required.\n");
}

TEST_F(Compute, RefusesWhatNoIntegerHolds) {
  EXPECT_EQ(of("amount=9223372036854775807"), "overflow");
}

}  // namespace
}  // namespace portico::plan
