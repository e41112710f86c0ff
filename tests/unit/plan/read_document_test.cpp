#include <string>

#include "taken.hpp"

namespace portico::plan {
namespace {

/// Every kind of object that there is.
std::shared_ptr<const model::Api> api() {
  return notes_api(R"yaml(
      mid: {type: string, required: true}
      total: {type: money, default: "0"}
      note: {type: string, "null": true}
      status: {type: choice, of: [pending, ok], read_only: true, default: "'pending'"}
      secret: {type: string, hidden: true, default: "'x'"}
      zip: {type: string, "null": true, until: 1}
      postcode: {type: string, "null": true, was: {zip_code: 2}}
      colour: {type: string, "null": true, since: 3}
      customer:
        type: object
        fields:
          email: {type: email, required: true}
          phone:
            type: object
            "null": true
            fields:
              number: {type: string, required: true}
              kind: {type: string, default: "'home'"}
              made: {type: timestamp, read_only: true, default: "now()"}
      billing:
        type: object
        "null": true
        fields:
          street: {type: string, "null": true}
          city: {type: string, "null": true}
          fax: {type: string, "null": true, until: 1}
      account:
        type: object
        "null": true
        read_only: true
        fields:
          name: {type: string, "null": true}
          number: {type: integer, "null": true}
      articles:
        type: list
        min: 1
        required: true
        of:
          type: object
          fields:
            name: {type: string, required: true, was: {title: 1}}
            price: {type: money, required: true, min: 0}
            since_two: {type: boolean, "null": true, since: 2}
            size:
              type: object
              "null": true
              fields:
                height: {type: integer, required: true}
                unit: {type: string, "null": true}
            tags: {type: list, of: string, "null": true}
            more: {type: json, "null": true}
)yaml");
}

constexpr std::string_view least =
    R"({"mid":"m1","customer":{"email":"a@b.es"},"articles":[{"name":"A","price":1}]})";

class ReadDocument : public testing::Test {
 protected:
  [[nodiscard]] TableRow stored() const {
    TableRow row = taking_.create(least).row;
    row[taking_.leaf("id")] = std::string(32, 'a');
    row[taking_.leaf("status")] = std::string("ok");
    row[taking_.leaf("secret")] = std::string("s");
    row[taking_.leaf("total")] = std::int64_t{500};
    row[taking_.leaf("note")] = std::string("old");
    row[taking_.leaf("zip")] = std::string("28001");
    row[taking_.leaf("billing-street")] = std::string("Mayor");
    row[taking_.leaf("billing-fax")] = std::string("91");
    row[taking_.leaf("account-name")] = std::string("Ann");
    return row;
  }
  [[nodiscard]] std::string article(std::string_view json) const {
    const Taken taken =
        taking_.create(R"({"mid":"m","customer":{"email":"a@b.es"},"articles":[)" + std::string(json) + "]}");
    return taken.faults.empty() ? taking_.value(taken, "articles") : base::joined(taken.faults, " | ");
  }

  Taking taking_{api(), "notes"};
};

TEST_F(ReadDocument, LeavesDefaultsToLater) {
  const Taken taken = taking_.create(least);
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_EQ(taking_.value(taken, "mid"), "m1");
  EXPECT_EQ(taking_.value(taken, "customer-email"), "a@b.es");
  for (const char* left_out : {"id", "total", "note", "status", "secret", "zip", "postcode", "account-name"}) {
    EXPECT_TRUE(taking_.is_left_out(taken, left_out)) << left_out;
    EXPECT_EQ(taking_.value(taken, left_out), "null");
  }
  for (const char* given_or_null : {"mid", "customer-email", "customer-phone-kind", "billing-street", "articles"}) {
    EXPECT_FALSE(taking_.is_left_out(taken, given_or_null)) << given_or_null;
  }
}

TEST_F(ReadDocument, TellsAllFaultsAtOnce) {
  const Taken taken = taking_.create(
      R"({"total": "1", "note": null, "status": "ok", "bling": {}, "customer": {"email": "x", "phone": {"nummer": "1"}},
          "articles": [{"name": "", "price": -1}, 5, {"name": "B"}]})");
  EXPECT_EQ(taken.faults,
            (Faults{"bling: Unknown field; did you mean 'billing'?", "mid: This field is required.",
                    "total: An integer of hundredths is required (12.50 is written 1250), not a text.",
                    "status: This field is read-only; leave it out, or repeat the value that it has.",
                    "customer.email: Enter a valid email address.",
                    "customer.phone.nummer: Unknown field; did you mean 'number'?",
                    "customer.phone.number: This field is required.", "articles.0.name: This field may not be blank.",
                    "articles.0.price: Ensure this value is greater than or equal to 0.",
                    "articles.1: Expected an object, not an integer.", "articles.2.price: This field is required."}));
}

TEST_F(ReadDocument, TakesObjectsOnly) {
  EXPECT_EQ(taking_.create("[]").faults, Faults{": Expected an object, not a list."});
  EXPECT_EQ(taking_.create("null").faults, Faults{": Expected an object, not null."});
  EXPECT_EQ(taking_.update(stored(), R"({"customer": "x"})").faults,
            Faults{"customer: Expected an object, not a text."});
}

TEST_F(ReadDocument, MissesAnObjectAsAWhole) {
  const Taken taken = taking_.create(R"({"mid": "m", "articles": [{"name": "A", "price": 1}]})");
  EXPECT_EQ(taken.faults, Faults{"customer: This field is required."});
  EXPECT_EQ(taking_.update(stored(), R"({"customer": null})").faults,
            Faults{"customer: This field may not be null."});
}

TEST_F(ReadDocument, KnowsFieldsOfOtherVersions) {
  const auto unknown = [this](int version, std::string_view json) {
    taking_.use_version(version);
    return base::joined(taking_.update(stored(), json).faults, " | ");
  };
  EXPECT_EQ(unknown(2, R"({"colour": "red"})"), "colour: Unknown field in version 2; known since version 3.");
  EXPECT_EQ(unknown(3, R"({"zip": "1"})"), "zip: Unknown field in version 3; known until version 1.");
  EXPECT_EQ(unknown(3, R"({"zip_code": "1"})"), "zip_code: Unknown field in version 3; it is called 'postcode'.");
  EXPECT_EQ(unknown(3, R"({"secret": "1"})"), "secret: Unknown field.");
  EXPECT_EQ(unknown(3, R"({"noet": "1"})"), "noet: Unknown field; did you mean 'note'?");
  EXPECT_EQ(unknown(2, R"({"zip_code": "1"})"), "");
  EXPECT_EQ(unknown(1, R"({"zip": "1", "billing": {"fax": "2"}})"), "");
}

TEST_F(ReadDocument, IgnoresUnknownFieldsWhereItIsTold) {
  const Taking taking(notes_api("      x: {type: object, fields: {y: {type: integer}}}\n"
                                "      l: {type: list, of: {type: object, fields: {z: {type: integer}}}}\n",
                                "    unknown_fields: ignore\n"),
                      "notes");
  const Taken taken = taking.create(R"({"a": 1, "x": {"y": 2, "b": 3}, "l": [{"c": 4, "z": 5}]})");
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_EQ(taking.value(taken, "x-y"), "2");
  EXPECT_EQ(taking.value(taken, "l"), R"([{"z":5}])");
}

TEST_F(ReadDocument, ReplacingEmptiesWhatIsLeftOut) {
  const Taken taken = taking_.replace(stored(), least);
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_EQ(taking_.value(taken, "note"), "null");
  EXPECT_TRUE(taking_.is_left_out(taken, "note"));
  EXPECT_TRUE(taking_.is_left_out(taken, "total"));
  EXPECT_EQ(taking_.value(taken, "billing-street"), "null");
  EXPECT_EQ(taking_.value(taken, "billing-fax"), "null");
  EXPECT_FALSE(taking_.is_left_out(taken, "billing-street"));
  // What clients of this version cannot write stays.
  EXPECT_EQ(taking_.value(taken, "id"), std::string(32, 'a'));
  EXPECT_EQ(taking_.value(taken, "status"), "ok");
  EXPECT_EQ(taking_.value(taken, "secret"), "s");
  EXPECT_EQ(taking_.value(taken, "zip"), "28001");
  EXPECT_EQ(taking_.value(taken, "account-name"), "Ann");
  for (const char* kept : {"id", "status", "secret", "zip", "account-name"}) {
    EXPECT_FALSE(taking_.is_left_out(taken, kept)) << kept;
  }
  EXPECT_EQ(taking_.replace(stored(), R"({"mid": "m"})").faults,
            (Faults{"customer: This field is required.", "articles: This field is required."}));
}

TEST_F(ReadDocument, ReplacingAnObjectKeepsItsOtherVersions) {
  const Taken taken = taking_.replace(stored(), R"({"mid":"m","customer":{"email":"a@b.es"},
      "billing":{"city":"Madrid"},"articles":[{"name":"A","price":1}]})");
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_EQ(taking_.value(taken, "billing-street"), "null");
  EXPECT_EQ(taking_.value(taken, "billing-city"), "Madrid");
  EXPECT_EQ(taking_.value(taken, "billing-fax"), "91");
}

TEST_F(ReadDocument, UpdatingKeepsWhatIsLeftOut) {
  const TableRow before = stored();
  EXPECT_EQ(taking_.update(before, "{}").row, before);
  const Taken taken = taking_.update(before, R"({"note": null, "total": 7, "billing": {"city": "Madrid"}})");
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_EQ(taking_.value(taken, "note"), "null");
  EXPECT_EQ(taking_.value(taken, "total"), "7");
  EXPECT_EQ(taking_.value(taken, "billing-street"), "Mayor");
  EXPECT_EQ(taking_.value(taken, "billing-city"), "Madrid");
  EXPECT_EQ(taking_.value(taken, "mid"), "m1");
  EXPECT_EQ(taken.left_out, LeafSet(before.size()));
}

TEST_F(ReadDocument, UpdatingWithNullEmptiesAnObjectInAllVersions) {
  const Taken taken = taking_.update(stored(), R"({"billing": null})");
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_EQ(taking_.value(taken, "billing-street"), "null");
  EXPECT_EQ(taking_.value(taken, "billing-fax"), "null");
  EXPECT_EQ(taking_.update(stored(), R"({"mid": null})").faults, Faults{"mid: This field may not be null."});
}

TEST_F(ReadDocument, AnObjectThatComesToBeIsNewAndComplete) {
  EXPECT_EQ(taking_.update(stored(), R"({"customer": {"phone": {"kind": "work"}}})").faults,
            Faults{"customer.phone.number: This field is required."});
  Taken taken = taking_.update(stored(), R"({"customer": {"phone": {"number": "9"}}})");
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_TRUE(taking_.is_left_out(taken, "customer-phone-kind"));
  EXPECT_TRUE(taking_.is_left_out(taken, "customer-phone-made"));
  // Now that it is there, it is merged.
  taken = taking_.update(std::move(taken.row), R"({"customer": {"phone": {"kind": "work"}}})");
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_EQ(taking_.value(taken, "customer-phone-number"), "9");
  EXPECT_FALSE(taking_.is_left_out(taken, "customer-phone-made"));
}

TEST_F(ReadDocument, AnObjectThatLacksSomethingIsNotMergedInto) {
  TableRow row = stored();
  row[taking_.leaf("customer-phone-kind")] = std::string("work");
  EXPECT_EQ(taking_.update(std::move(row), R"({"customer": {"phone": {"kind": "home"}}})").faults,
            Faults{"customer.phone.number: This field is required."});
}

TEST_F(ReadDocument, ReadOnlyFieldsMayBeRepeated) {
  const std::string id(32, 'a');
  EXPECT_EQ(
      taking_
          .update(stored(), R"({"id": ")" + id + R"(", "status": "ok", "account": {"name": "Ann", "number": null}})")
          .faults,
      Faults());
  const std::string fault = "This field is read-only; leave it out, or repeat the value that it has.";
  EXPECT_EQ(taking_.update(stored(), R"({"id": "x", "status": null, "account": {"name": "Bob"}})").faults,
            (Faults{"id: " + fault, "status: " + fault, "account.name: " + fault}));
  EXPECT_EQ(taking_.update(stored(), R"({"account": null})").faults, Faults{"account: " + fault});
  EXPECT_EQ(taking_.create(R"({"account": null, "id": null, )" + std::string(least.substr(1))).faults, Faults());
  EXPECT_EQ(taking_.create(R"({"account": {"number": 1}, )" + std::string(least.substr(1))).faults,
            Faults{"account.number: " + fault});
}

TEST_F(ReadDocument, ReadOnlyListsAreComparedAsTheVersionShowsThem) {
  Taking taking(notes_api(R"(
      l: {type: list, read_only: true, "null": true, of: {type: object, fields: {a: {type: timestamp, was: {b: 1}}, c: {type: integer, "null": true, max: 5, since: 2}}}}
      j: {type: json, read_only: true, "null": true}
)"),
                "notes");
  TableRow row = taking.blank();
  row[taking.leaf("l")] = std::string(R"([{"c": 9, "a": "2015-10-02T18:15:45Z", "d": 1}])");
  row[taking.leaf("j")] = std::string(R"({"x": [1.0], "y": null})");
  EXPECT_EQ(
      taking.update(row, R"({"l": [{"a": "2015-10-02T18:15:45.000000Z", "c": 9}], "j": {"y": null, "x": [1.0]}})")
          .faults,
      Faults());
  EXPECT_EQ(
      taking.update(row, R"({"l": [{"a": "2015-10-02T18:15:45.000000Z", "c": 8}], "j": {"x": [1]}})").faults.size(),
      2U);
  EXPECT_EQ(taking.update(row, R"({"l": [], "j": {"x": [1.0]}})").faults.size(), 2U);
  taking.use_version(1);
  EXPECT_EQ(taking.update(row, R"({"l": [{"b": "2015-10-02T18:15:45.000000Z"}]})").faults, Faults());
}

TEST_F(ReadDocument, TheOwnersAndParentsColumnsAreTheServers) {
  const auto api = support::loaded_api(R"(
vendor: acme
versions: [1]
apis: {partner: {base: /, dialect: media-type}}
accounts: shops
resources:
  shops: {operations: [retrieve], fields: {id: {type: id}}}
  notes: {owner: shop, operations: [retrieve], fields: {id: {type: id}}}
  lines:
    path: /notes/{note}/lines
    owner: shop
    operations: [create, replace]
    fields:
      id: {type: id, read_only: true}
      shop: {type: id, refers: shops, read_only: true}
      note: {type: id, refers: notes, read_only: true}
)");
  const Taking taking(api, "lines");
  TableRow row = taking.blank();
  const std::string shop(32, 'a');
  const std::string note(32, 'b');
  row[taking.leaf("shop")] = shop;
  row[taking.leaf("note")] = note;
  const auto kind = model::OperationKind::Create;
  const Taken taken = taking.take(kind, row, R"({"shop": ")" + shop + R"("})");
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_EQ(taking.value(taken, "shop"), shop);
  EXPECT_EQ(taking.value(taken, "note"), note);
  EXPECT_FALSE(taking.is_left_out(taken, "shop"));
  EXPECT_FALSE(taking.is_left_out(taken, "note"));
  EXPECT_TRUE(taking.is_left_out(taken, "id"));
  EXPECT_EQ(taking.take(kind, row, R"({"note": ")" + shop + R"("})").faults.size(), 1U);
}

TEST_F(ReadDocument, AKeyThatClientsWriteStaysUnlessItIsGiven) {
  const auto api = support::loaded_api(
      "vendor: acme\nversions: [1]\napis: {partner: {base: /, dialect: media-type}}\naccounts: "
      "shops\nresources:\n"
      "  shops: {operations: [retrieve], fields: {id: {type: id}}}\n"
      "  notes: {owner: shop, operations: [create, replace], fields: {id: {type: id}, x: {type: "
      "integer}}}\n"
      "  codes: {owner: shop, key: code, operations: [create, replace], fields: {code: {type: "
      "string}}}\n");
  const Taking notes(api, "notes");
  Taken taken = notes.create(R"({"x": 1})");
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_TRUE(notes.is_left_out(taken, "id"));
  taken.row[0] = std::string(32, 'c');
  taken = notes.replace(std::move(taken.row), R"({"x": 2})");
  EXPECT_EQ(taken.faults, Faults());
  EXPECT_EQ(notes.value(taken, "id"), std::string(32, 'c'));
  const Taking codes(api, "codes");
  EXPECT_EQ(codes.create("{}").faults, Faults{"code: This field is required."});
  EXPECT_EQ(codes.replace({std::string("k")}, "{}").faults, Faults());
}

TEST_F(ReadDocument, ListsAreStoredUnderTheLatestNames) {
  EXPECT_EQ(article(R"({"price": 1, "name": "Ñ"})"),
            R"([{"name":"Ñ","price":1,"since_two":null,"size":null,"tags":null,"more":null}])");
  EXPECT_EQ(
      article(R"({"name":"A","price":1,"since_two":true,"size":{"height":3},"tags":["x","y"],"more":{"z":[1.50]}})"),
      R"([{"name":"A","price":1,"since_two":true,"size":{"height":3,"unit":null},"tags":["x","y"],"more":{"z":[1.50]}}])");
  EXPECT_EQ(article(R"({"name":"A","price":1,"size":{},"tags":["x",1]})"),
            "articles.0.size.height: This field is required. | "
            "articles.0.tags.1: Not a valid string: a text is required, not an integer.");
  taking_.use_version(1);
  EXPECT_EQ(article(R"({"title":"A","price":1})"), R"([{"name":"A","price":1,"size":null,"tags":null,"more":null}])");
  EXPECT_EQ(article(R"({"name":"A","price":1,"since_two":true})"),
            "articles.0.name: Unknown field in version 1; it is called 'title'. | "
            "articles.0.since_two: Unknown field in version 1; known since version 2. | "
            "articles.0.title: This field is required.");
}

TEST_F(ReadDocument, BeginsPathsAsItIsTold) {
  taking_.use_path({"3", "note"});
  EXPECT_EQ(taking_.update(stored(), R"({"total": "x"})").faults,
            Faults{"3.note.total: An integer of hundredths is required (12.50 is written 1250), not a text."});
}

TEST_F(ReadDocument, TellsAHundredFaultsAndHowManyMore) {
  std::string json = R"({"articles": [)";
  for (int i = 0; i < 150; ++i) json += "5,";
  json.back() = ']';
  const Faults faults = taking_.update(stored(), json + "}").faults;
  ASSERT_EQ(faults.size(), faults_max + 1);
  EXPECT_EQ(faults[99], "articles.99: Expected an object, not an integer.");
  EXPECT_EQ(faults[100], ": Only the first 100 faults are listed; there are at least 50 more.");
}

TEST_F(ReadDocument, OnlyCountsWhereTheListIsFull) {
  std::vector<base::Fault> faults;
  const std::vector<std::string> nowhere;
  FaultList list(faults, {.most = 3, .path = nowhere});
  const DocumentRules rules{.api = *api(), .view = taking_.view()};
  const base::Document nothing;  // null, where an object is due
  for (std::size_t item = 0; item < 5; ++item) {
    const FaultList::Within within(list, item);
    TableRow row = taking_.blank();
    read_document(rules, nothing, row, list);
  }
  list.add_below({"a", "b"}, "Is wrong.");
  list.finish();
  ASSERT_EQ(faults.size(), 4U);
  EXPECT_EQ(faults[2].path, std::vector<std::string>{"2"});
  EXPECT_EQ(faults[3].message, "Only the first 3 faults are listed; there are at least 3 more.");
}

TEST(FaultListOf, WhatLiesBelowThePlace) {
  std::vector<base::Fault> faults;
  const std::vector<std::string> order = {"order"};
  FaultList list(faults, {.most = 3, .path = order});
  const FaultList::Within within(list, 7);
  list.add_below({"a", "b"}, "Is wrong.");
  list.add("Is wrong, too.");
  list.finish();
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[0].path, (std::vector<std::string>{"order", "7", "a", "b"}));
  EXPECT_EQ(faults[1].path, (std::vector<std::string>{"order", "7"}));
}

TEST_F(ReadDocument, ReferencesMayBeRepeatedButNotMade) {
  const auto api = support::loaded_api(
      "vendor: acme\nversions: [1]\napis: {partner: {base: /, dialect: media-type}}\naccounts: "
      "shops\nresources:\n"
      "  shops: {operations: [retrieve], fields: {id: {type: id}, name: {type: string}}}\n"
      "  notes: {owner: shop, operations: [create, replace], fields: {id: {type: id, read_only: true}, "
      "to: {type: reference, to: shops, column: to_id, \"null\": true}}}\n");
  const Taking taking(api, "notes");
  EXPECT_EQ(taking.replace(taking.blank(), R"({"to": {"name": "x"}})").faults, Faults());
  EXPECT_EQ(taking.create(R"({"to": null})").faults, Faults());
  EXPECT_EQ(taking.create(R"({"to": {"name": "x"}})").faults.size(), 1U);
}

class Unwrapped : public testing::Test {
 protected:
  /// What is read, and then the faults.
  [[nodiscard]] static std::string of(const std::string& rest, std::string_view json) {
    const auto api = notes_api("      note: {type: string, \"null\": true}\n", rest);
    const auto document = operation::read_json(json, api->limits);
    std::vector<base::Fault> faults;
    std::string out;
    const std::vector<std::string> nowhere;
    FaultList list(faults, {.most = faults_max, .path = nowhere});
    base::append_json(unwrapped(*api->find_resource("notes"), *document, list), out);
    for (const base::Fault& fault : faults) out += " | " + base::joined(fault.path, ".") + ": " + fault.message;
    return out;
  }
};

TEST_F(Unwrapped, TakesTheWrappingOff) {
  const std::string wrapped = "    wrapped_in: order\n";
  EXPECT_EQ(of(wrapped, R"({"order":{"note":"x"}})"), R"({"note":"x"})");
  EXPECT_EQ(of(wrapped, R"({"note":"x"})"), R"({"note":"x"})");
  EXPECT_EQ(of(wrapped, R"({"order":5})"), "5");
  EXPECT_EQ(of(wrapped, "[]"), "[]");
  EXPECT_EQ(of(wrapped, R"({"order":{},"more":1})"),
            "{} | more: Unknown field beside 'order', which holds them all.");
  EXPECT_EQ(of(wrapped + "    unknown_fields: ignore\n", R"({"order":{},"more":1})"), "{}");
  EXPECT_EQ(of("", R"({"order":{}})"), R"({"order":{}})");
}

}  // namespace
}  // namespace portico::plan
