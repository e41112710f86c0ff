#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

std::string check_of(std::string_view expression) {
  return std::string(writable_description) + "    checks: [{that: \"" + std::string(expression) +
         "\", field: total, message: M.}]\n";
}

// What an expression can get wrong; each row stands in the place of line 17.
const std::vector<AppendedRow> rows = {
    {"unknown name",
     "    checks: [{that: \"totl > 1\", field: total, message: M.}]\n",
     {"17:22: unknown name 'totl' (did you mean 'total'?)"}},
    {"unknown name without a likeness",
     "    checks: [{that: \"zzzzzz > 1\", field: total, message: M.}]\n",
     {"17:22: unknown name 'zzzzzz' (there is 'id', 'total', 'status', 'paid', 'articles' and 'customer.email')"}},
    {"a step too many",
     "    checks: [{that: \"total.x > 1\", field: total, message: M.}]\n",
     {"17:22: 'total' refers to no other row (to look at one, add refers: RESOURCE)"}},
    {"an object",
     "    checks: [{that: \"customer == null\", field: total, message: M.}]\n",
     {"17:22: 'customer' is an object (name one of its fields: customer.email)"}},
    {"unknown member",
     "    checks: [{that: \"customer.mail == null\", field: total, message: M.}]\n",
     {"17:22: unknown name 'customer.mail' (did you mean 'customer.email'?)"}},
    {"path with a dash",
     "    checks: [{that: \"customer-email == null\", field: total, message: M.}]\n",
     {"17:22: 'customer' is an object (name one of its fields: customer.email)"}},
    {"no condition",
     "    checks: [{that: \"total + 1\", field: total, message: M.}]\n",
     {"17:21: a condition is true or false, but this is an integer (as amount > 0, or amount != null)"}},
    {"one equals sign",
     "    checks: [{that: \"total = 1\", field: total, message: M.}]\n",
     {"17:28: '=' means nothing in an expression ('==' compares)"}},
    {"one ampersand",
     "    checks: [{that: \"total > 1 & total < 3\", field: total, message: M.}]\n",
     {"17:32: '&' means nothing in an expression ('&&' is and)"}},
    {"and as a word",
     "    checks: [{that: \"total > 1 and total < 3\", field: total, message: M.}]\n",
     {"17:32: 'and' is one too many ('&&' is and)"}},
    {"double quotes",
     "    checks: [{that: \"status == \\\"ok\\\"\", field: total, message: M.}]\n",
     {"17:32: '\"' means nothing in an expression (texts stand in single quotes: 'pending')"}},
    {"text without end",
     "    checks: [{that: \"status == 'ok\", field: total, message: M.}]\n",
     {"17:32: a text without an end (it ends with a single quote; one inside is doubled: 'it''s')"}},
    {"a decimal",
     "    checks: [{that: \"total > 12.5\", field: total, message: M.}]\n",
     {"17:30: '12.5' is no integer (numbers are integers; money and rates are hundredths: 12.50 is 1250)"}},
    {"too large",
     "    checks: [{that: \"total > 9223372036854775808\", field: total, message: M.}]\n",
     {"17:30: '9223372036854775808' is too large (at most 9223372036854775807)"}},
    {"a parenthesis too many",
     "    checks: [{that: \"(total > 1))\", field: total, message: M.}]\n",
     {"17:33: ')' is one too many"}},
    {"a parenthesis too few",
     "    checks: [{that: \"(total > 1\", field: total, message: M.}]\n",
     {"17:32: expected ')', found the end"}},
    {"ends early",
     "    checks: [{that: \"total >\", field: total, message: M.}]\n",
     {"17:29: the expression ends too early"}},
    {"no value",
     "    checks: [{that: \"total > * 3\", field: total, message: M.}]\n",
     {"17:30: a value is missing before '*'"}},
    {"two values",
     "    checks: [{that: \"total 3\", field: total, message: M.}]\n",
     {"17:28: '3' is one too many (an operator is missing before it)"}},
    {"nothing",
     "    checks: [{that: \"\", field: total, message: M.}]\n",
     {"17:22: an empty expression (as total_amount > 0)"}},
    {"text and number",
     "    checks: [{that: \"total == 'x'\", field: total, message: M.}]\n",
     {"17:31: 'total' is an integer, but 'x' a text"}},
    {"text added",
     "    checks: [{that: \"customer.email + 'x' == null\", field: total, message: M.}]\n",
     {"17:22: 'customer.email' is a text, and not an integer"}},
    {"null added",
     "    checks: [{that: \"total + null > 1\", field: total, message: M.}]\n",
     {"17:30: 'null' is null, and not an integer (null is compared: == null; coalesce(a, 0) replaces it)"}},
    {"conditions compared",
     "    checks: [{that: \"(total > 1) > (total > 2)\", field: total, message: M.}]\n",
     {"17:22: '(total > 1)' is true or false, and not an integer, a text or a timestamp"}},
    {"chain of comparisons",
     "    checks: [{that: \"1 < total < 3\", field: total, message: M.}]\n",
     {"17:22: '1 < total' is true or false, and not an integer, a text or a timestamp"}},
    {"number as a condition",
     "    checks: [{that: \"total && paid != null\", field: total, message: M.}]\n",
     {"17:22: 'total' is an integer, and not true or false"}},
    {"not of a number",
     "    checks: [{that: \"!total\", field: total, message: M.}]\n",
     {"17:23: 'total' is an integer, and not true or false"}},
    {"minus of a text",
     "    checks: [{that: \"-status == 1\", field: total, message: M.}]\n",
     {"17:23: 'status' is a text, and not an integer"}},
    {"choice of two types",
     "    checks: [{that: \"(total > 1 ? 1 : 'x') == 1\", field: total, message: M.}]\n",
     {"17:39: '1' is an integer, but 'x' a text"}},
    {"no value of the choice",
     "    checks: [{that: \"status == 'okk'\", field: total, message: M.}]\n",
     {"17:32: unknown value 'okk' (did you mean 'ok'?)"}},
    {"no value of the choice, turned round",
     "    checks: [{that: \"'neww' != status\", field: total, message: M.}]\n",
     {"17:22: unknown value 'neww' (did you mean 'new'?)"}},
    {"timestamp and text",
     "    checks: [{that: \"paid > '2026-01-01'\", field: total, message: M.}]\n",
     {"17:29: 'paid' is a timestamp, but '2026-01-01' a text"}},
    {"timestamps added",
     "    checks: [{that: \"paid + paid > now()\", field: total, message: M.}]\n",
     {"17:22: 'paid' is a timestamp, and not an integer"}},
    {"lists compared",
     "    checks: [{that: \"articles == articles\", field: total, message: M.}]\n",
     {"17:34: 'articles' is a list, and not null: lists are not compared"}},
    {"list as a number",
     "    checks: [{that: \"articles > 1\", field: total, message: M.}]\n",
     {"17:22: 'articles' is a list, and not an integer, a text or a timestamp"}},
    {"unknown function",
     "    checks: [{that: \"nwo() > paid\", field: total, message: M.}]\n",
     {"17:22: unknown function 'nwo' (did you mean 'now'?)"}},
    {"function without its parentheses",
     "    checks: [{that: \"paid < now\", field: total, message: M.}]\n",
     {"17:29: unknown name 'now' (now() is a function)"}},
    {"too many arguments",
     "    checks: [{that: \"now(1) > paid\", field: total, message: M.}]\n",
     {"17:22: 'now' with 1 argument (now())"}},
    {"too few arguments",
     "    checks: [{that: \"coalesce(total) > 1\", field: total, message: M.}]\n",
     {"17:22: 'coalesce' with 1 argument (coalesce(a, b): the first that is not null)"}},
    {"mixed arguments",
     "    checks: [{that: \"coalesce(total, 'x') > 1\", field: total, message: M.}]\n",
     {"17:38: 'total' is an integer, but 'x' a text"}},
    {"least of conditions",
     "    checks: [{that: \"min(true, false)\", field: total, message: M.}]\n",
     {"17:26: 'true' is true or false, and not an integer, a text or a timestamp"}},
    {"formula with the name of a field",
     "    formulas: {total: \"1\"}\n",
     {"17:16: there is a field 'total' too (an expression could mean either; give the formula another name)"}},
    {"formula before those that it uses",
     "    formulas: {twice: \"2 * once\", once: total}\n",
     {"17:28: unknown name 'once' (there is 'id', 'total', 'status', 'paid', 'articles' and 'customer.email')"}},
    {"formula inside sum",
     "    formulas: {once: total}\n    checks: [{that: \"sum(articles, once) > 1\", field: total, message: M.}]\n",
     {"18:36: unknown name 'once' (there is 'price', 'name', 'id', 'total', 'status', 'paid', 'articles' and "
      "'customer.email')"}},
    {"sum of no list",
     "    checks: [{that: \"sum(total, 1) > 1\", field: total, message: M.}]\n",
     {"17:26: 'total' is no list (the first argument is a field of type list)"}},
    {"sum of texts",
     "    checks: [{that: \"sum(articles, name) > 1\", field: total, message: M.}]\n",
     {"17:36: 'name' is a text, and not an integer"}},
    {"unknown item member",
     "    checks: [{that: \"sum(articles, prise) > 1\", field: total, message: M.}]\n",
     {"17:36: unknown name 'prise' (did you mean 'price'?)"}},
    {"count of no condition",
     "    checks: [{that: \"count(articles, price) > 1\", field: total, message: M.}]\n",
     {"17:38: 'price' is an integer, and not true or false"}},
    {"lists in lists",
     "    checks: [{that: \"sum(articles, count(articles)) > 1\", field: total, message: M.}]\n",
     {"17:42: sum and count inside each other (one list at a time)"}},
    {"item outside",
     "    checks: [{that: \"price > 1\", field: total, message: M.}]\n",
     {"17:22: unknown name 'price' (there is 'id', 'total', 'status', 'paid', 'articles' and 'customer.email')"}},
    {"strange character",
     "    checks: [{that: \"total # 1\", field: total, message: M.}]\n",
     {"17:28: '#' means nothing in an expression"}},
    {"upper case",
     "    checks: [{that: \"Total > 1\", field: total, message: M.}]\n",
     {"17:22: unknown name 'Total' (did you mean 'total'?)"}},
};

TEST(ExpressionMistakes, EachIsNamedWithItsPlaceAndAHint) {
  for (const AppendedRow& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(std::string(writable_description) + row.appended), row.mistakes);
  }
}

// A place is that of the word, however YAML writes the text; each row stands in the place of line 17.
const std::vector<AppendedRow> placed_rows = {
    {"single quotes",
     "    checks: [{that: 'status == ''ok'' && totl > 1', field: total, message: M.}]\n",
     {"17:42: unknown name 'totl' (did you mean 'total'?)"}},
    {"plain",
     "    checks: [{that: total > 1 && totl > 1, field: total, message: M.}]\n",
     {"17:34: unknown name 'totl' (did you mean 'total'?)"}},
    {"double quotes with escapes",
     "    checks: [{that: \"\\x74otal > 1 &&\\n\\ttotl > 1\", field: total, message: M.}]\n",
     {"17:35: unknown name 'totl' (did you mean 'total'?)"}},
    {"plain over two lines",
     "    checks:\n      - that: total > 1 &&\n          totl > 1\n        field: total\n        message: M.\n",
     {"19:11: unknown name 'totl' (did you mean 'total'?)"}},
    {"a block",
     "    checks:\n      - that: >\n          total > 1 &&\n          totl > 1\n        field: total\n        "
     "message: M.\n",
     {"20:11: unknown name 'totl' (did you mean 'total'?)"}},
    {"after an anchor",
     "    checks: [{that: &a \"total > 1 && totl > 1\", field: total, message: M.}]\n",
     {"17:38: unknown name 'totl' (did you mean 'total'?)"}},
    {"characters, not bytes",
     "    checks: [{that: \"customer.email != 'ñandú' && totl > 1\", field: total, message: M.}]\n",
     {"17:51: unknown name 'totl' (did you mean 'total'?)"}},
};

TEST(ExpressionPlaces, EachIsNamedWithItsPlaceAndAHint) {
  for (const AppendedRow& row : placed_rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(std::string(writable_description) + row.appended), row.mistakes);
  }
}

TEST(ExpressionMistakes, DepthHasALimitWhicheverWayItGoes) {
  const std::string opening(70, '(');
  const std::string closing(70, ')');
  std::string terms = "total";
  for (int i = 0; i < 70; ++i) terms += "+total";
  std::string choices = "total > 1";
  for (int i = 0; i < 70; ++i) choices += " ? true : total > 1";
  for (const std::string& expression : {opening + "total" + closing + " > 1", terms + " > 1", choices}) {
    const auto mistakes = mistakes_of(check_of(expression));
    ASSERT_EQ(mistakes.size(), 1U) << expression;
    EXPECT_NE(mistakes.front().find("too deep (at most 64 levels)"), std::string::npos) << mistakes.front();
  }
}

TEST(ExpressionMistakes, AVeryLongOneIsNotRead) {
  EXPECT_EQ(mistakes_of(check_of(std::string(10'001, ' '))),
            std::vector<std::string>{"17:21: a very long expression (at most 10000 bytes)"});
}

}  // namespace
}  // namespace portico::model
