#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

// What an action can get wrong; each row stands in the place of line 17.
const std::vector<AppendedRow> rows = {
    {"unknown key", "    actions: {refund: {gaurd: []}}\n", {"17:24: unknown key 'gaurd' (did you mean 'guard'?)"}},
    {"no mapping",
     "    actions: {refund: []}\n",
     {"17:23: expected an action as a mapping: {key: value}, found a list"}},
    {"no name",
     "    actions: {Refund: {set: {total: 1}}}\n",
     {"17:15: an action cannot be called 'Refund' (lower-case letters, digits and single '-' or '_' between them, a "
      "letter first)"}},
    {"unknown version",
     "    actions: {refund: {since: 4, set: {total: 1}}}\n",
     {"17:31: there is no version 4 (the versions are 1 to 3)"}},
    {"ends before it begins",
     "    actions: {refund: {since: 3, until: 2, set: {total: 1}}}\n",
     {"17:41: it ends with version 2, but begins with version 3 (until is the last version that has it, since the "
      "first)"}},
    {"checks without fields",
     "    actions: {refund: {checks: [{that: total > 1, field: total, message: M.}]}}\n",
     {"17:24: checks of a body that has no fields (a condition on the row is a guard: guard: [{that: …, message: "
      "…}])"}},
    {"check that blames the row",
     "    actions: {refund: {fields: {amount: {type: money}}, checks: [{that: total > 1, field: total, message: "
     "M.}]}}\n",
     {"17:91: unknown field 'total' (there is 'amount')"}},
    {"get without an answer",
     "    actions: {refund: {get: yes, set: {total: 1}}}\n",
     {"17:24: GET has nothing to answer (add answer: {remaining_amount: …})"}},
    {"no answer",
     "    actions: {refund: {answer: {}}}\n",
     {"17:32: an answer without fields (leave it out for 204)"}},
    {"answer of a body that GET has not",
     "    actions: {refund: {get: yes, fields: {amount: {type: money}}, answer: {a: amount}}}\n",
     {"17:79: unknown name 'amount' (there is 'id', 'total', 'status', 'paid', 'articles' and 'customer.email')"}},
    {"answer of a list",
     "    actions: {refund: {answer: {a: articles}}}\n",
     {"17:36: an answer cannot hold a list (a number, a text, a timestamp, true or false)"}},
    {"answer of another type",
     "    actions: {refund: {answer: {a: {type: string, value: total}}}}\n",
     {"17:43: the value is an integer, and not of the type 'string' (leave 'type' out)"}},
    {"answer of an unknown type",
     "    actions: {refund: {answer: {a: {type: money, value: total}}}}\n",
     {"17:43: unknown type 'money' (there is 'integer', 'boolean', 'string' and 'timestamp')"}},
    {"answer without a value",
     "    actions: {refund: {answer: {a: {type: integer}}}}\n",
     {"17:33: a field of an answer needs the key 'value' (The value, of the row as the effects left it.)"}},
    {"answer that is a list",
     "    actions: {refund: {answer: {a: [total]}}}\n",
     {"17:36: expected a field of an answer as a mapping: {key: value}, found a list (an expression, {type: "
      "boolean, value: …}, or an object: {fields: {…}})"}},
    {"answer with an object without fields",
     "    actions: {refund: {answer: {a: {fields: {}}}}}\n",
     {"17:45: an object without fields (fields: {amount: amount})"}},
    {"answer with a mistake in an object",
     "    actions: {refund: {answer: {a: {fields: {b: {fields: {c: totl}}}}}}}\n",
     {"17:62: unknown name 'totl' (did you mean 'total'?)"}},
    {"answer with a list over nothing",
     "    actions: {refund: {answer: {a: {each: {n: []}, fields: {b: n}}}}}\n",
     {"17:47: expected a list of integers, or of texts, found a list (each: {number: [2, 3, 6]})"}},
    {"answer with a list over two names",
     "    actions: {refund: {answer: {a: {each: {n: [1], m: [2]}, fields: {b: n}}}}}\n",
     {"17:43: a list over 2 names (one name with its values: each: {number: [2, 3, 6]})"}},
    {"answer with a list of texts and integers",
     "    actions: {refund: {answer: {a: {each: {n: [1, 'x']}, fields: {b: n}}}}}\n",
     {"17:51: 'x' beside values of another type (a list of integers, or of texts)"}},
    {"answer with a list over what has a meaning already",
     "    actions: {refund: {answer: {a: {each: {total: [1]}, fields: {b: total}}}}}\n",
     {"17:44: 'total' has a meaning here already (give the items another name)"}},
    {"answer with a list whose values are no choices",
     "    actions: {refund: {answer: {a: {each: {n: [ok, nok]}, fields: {b: n == status}}}}}\n",
     {"17:71: unknown value 'nok' (did you mean 'ok'?)"}},
    {"answer of very many values",
     "    actions: {refund: {answer: {a: {each: {n: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}, fields: {b: {each: {m: [1, 2, "
     "3, 4, 5, 6, 7, 8, 9, 10]}, fields: {c: {each: {o: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}, fields: {d: {each: {p: "
     "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}, fields: {e: p, f: n}}}}}}}}}}}\n",
     {"17:264: an answer of more than 10000 values (fewer values under 'each')"}},
    {"answer with a bad name",
     "    actions: {refund: {answer: {remainingAmount: total}}}\n",
     {"17:33: a field cannot be called 'remainingAmount' (lower-case letters, digits and single '_' between them, a "
      "letter first)"}},
    {"effect on the body",
     "    actions: {refund: {fields: {amount: {type: money}}, set: {amount: 1}}}\n",
     {"17:63: 'amount' is a field of the body (what is set is a field of the row)"}},
    {"body's field with a column",
     "    actions: {refund: {fields: {amount: {type: money, column: x}}}}\n",
     {"17:33: a field of a body is in no table (take away what it says of a column, an index, filters, other rows, "
      "and read_only and hidden)"}},
    {"body's field that is hidden",
     "    actions: {refund: {fields: {amount: {type: money, hidden: yes}}}}\n",
     {"17:33: a field of a body is in no table (take away what it says of a column, an index, filters, other rows, "
      "and read_only and hidden)"}},
    {"body's field that refers",
     "    actions: {refund: {fields: {amount: {type: id, refers: shops}}}}\n",
     {"17:33: a field of a body is in no table (take away what it says of a column, an index, filters, other rows, "
      "and read_only and hidden)"}},
    {"body's field with a filter",
     "    actions: {refund: {fields: {amount: {type: money, filter: [range]}}}}\n",
     {"17:33: a field of a body is in no table (take away what it says of a column, an index, filters, other rows, "
      "and read_only and hidden)"}},
    {"body's default that looks around",
     "    actions: {refund: {fields: {amount: {type: money, default: total}}}}\n",
     {"17:64: 'total' names nothing here (a default of a body's field looks at no other; where it is used, "
      "coalesce(amount, total_amount) does)"}},
    {"body's default of another type",
     "    actions: {refund: {fields: {amount: {type: money, default: now()}}}}\n",
     {"17:64: 'amount' holds an integer, but this is a timestamp (its type is money)"}},
    {"body without fields",
     "    actions: {refund: {fields: {}}}\n",
     {"17:32: no fields (at least one field: {name: {type: string}})"}},
    {"unknown name beside a body",
     "    actions: {refund: {fields: {amount: {type: money}}, set: {total: amont}}}\n",
     {"17:70: unknown name 'amont' (did you mean 'amount'?)"}},
};

TEST(ActionMistakes, EachIsNamedWithItsPlaceAndAHint) {
  for (const AppendedRow& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(std::string(writable_description) + row.appended), row.mistakes);
  }
}

}  // namespace
}  // namespace portico::model
