"""`portico import`: rows of files, into both stores, checked and reported, while a server answers from them.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import wire  # noqa: E402
from harness.load import eventually  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.server import FIRST_ACCOUNT, OTHER_ACCOUNT, ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
DESCRIPTION = ROOT / "tests/fixtures/apis/imported.yaml"
EARLIER = "2020-01-02T10:00:00.000000Z"


class Importing:
    cluster = None

    def setUp(self):
        self.server = Portico(PORTICO, DEMO, DESCRIPTION, None, self.cluster, keys={})
        self.addCleanup(self.server.remove)
        self.server.run(self.server.portico, "migrate", self.server.description, "--store", self.server.store, "--yes")
        self.take("shops.csv", f"id,name\n{FIRST_ACCOUNT},One\n{OTHER_ACCOUNT},Two\n")
        self.keys = {account: self.key(account) for account in (FIRST_ACCOUNT, OTHER_ACCOUNT)}

    def key(self, account):
        made = self.server.run(self.server.portico, "keys", "create", self.server.description, "--store", self.server.store,
                               "--account", account, "--mode", "production", "--json")
        return json.loads(made)["token"]

    def start(self):
        self.server.start("--loops", "2")
        self.addCleanup(self.check_end)

    def check_end(self):
        problem = self.server.stop()
        self.assertIsNone(problem, problem)

    def file(self, name, text):
        path = self.server.directory / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run_import(self, name, text, *options):
        command = [self.server.portico, "import", str(self.file(name, text)), self.server.description, "--store", self.server.store, *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        self.assertNotIn("Sanitizer", done.stderr)
        return done

    def take(self, name, text, *options, loaded=None, refused=0):
        """What was refused: {line: {field: [message]}}, with `""` for what is of no field."""
        done = self.run_import(name, text, "--json", *options)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual((told["refused"], done.returncode), (refused, 1 if refused else 0), done.stdout)
        if loaded is not None:
            self.assertEqual(told["loaded"], loaded, done.stdout)
        return {row["line"]: {**row["fields"], **({"": row["messages"]} if row["messages"] else {})} for row in told["rows"]}

    def refuse(self, words, name, text, *options, status=2):
        done = self.run_import(name, text, *options)
        self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
        self.assertRegex(done.stderr, words)

    def get(self, path, account=FIRST_ACCOUNT):
        answer = wire.get("127.0.0.1", self.server.port, path, [("Authorization", f"Bearer {self.keys[account]}")])
        return json.loads(answer.body)

    def orders(self, account=FIRST_ACCOUNT):
        return {row["mid"]: row for row in self.get("/orders?page_size=100", account)["results"]}

    def messages(self):
        return self.server.run(self.server.portico, "webhooks", "list", self.server.description, "--store", self.server.store, "--json")

    def test_a_table_with_all_that_rows_have(self):
        self.take("orders.csv",
                  "mid,total,state,customer.email,customer[phone][number],lines.0.name,lines.0.price,meta,created,note\n"
                  f'a,100,paid,ana@example.com,600,Chair,50,"{{""k"":[1.50,true]}}",{EARLIER},kept\n'
                  "b,200,,,,,,,,\n"
                  '"c ""3"", d",300,,x@example.com,"",,,5,2020-01-02T10:00:00+00:00,\n',
                  "--account", FIRST_ACCOUNT, loaded=3)
        self.start()
        orders = self.orders()
        self.assertEqual(sorted(orders), ["a", "b", 'c "3", d'])
        a = orders["a"]
        self.assertEqual((a["total"], a["state"], a["created"], a["note"], a["gift"]), (100, "paid", EARLIER, "kept", False))
        self.assertEqual(a["customer"], {"email": "ana@example.com", "phone": {"number": "600"}})
        self.assertEqual(a["lines"], [{"name": "Chair", "price": 50, "more": None}])
        self.assertEqual(a["meta"], {"k": [1.5, True]})
        b = orders["b"]
        self.assertEqual((b["state"], b["customer"], b["lines"], b["meta"], b["note"]), ("draft", None, None, None, None))
        self.assertGreater(b["created"], EARLIER)
        self.assertRegex(b["id"], "^[0-9a-f]{32}$")
        c = orders['c "3", d']
        self.assertEqual((c["customer"]["phone"], c["created"]), ({"number": ""}, EARLIER))
        self.assertEqual(self.orders(OTHER_ACCOUNT), {})

    def test_what_the_api_shows_can_be_loaded_elsewhere(self):
        rows = [{"mid": f"m{number}", "total": number, "gift": number % 2 == 0, "created": EARLIER, "state": "paid",
                 "customer": {"email": "a@example.com", "phone": None} if number % 3 else None, "meta": {"n": number, "x": None},
                 "lines": [{"name": "ñ\n\"", "price": 7, "more": [1.0, {"a": None}]}]} for number in range(40)]
        self.take("orders.jsonl", "\n".join(map(json.dumps, rows)) + "\n", "--account", FIRST_ACCOUNT, loaded=40)
        self.start()
        shown = self.orders()
        self.check_end()
        again = [{**row, "shop": OTHER_ACCOUNT, "id": row["id"][::-1], "mid": row["mid"]} for row in shown.values()]
        self.take("again.ndjson", "\n".join(map(json.dumps, again)), "--resource", "orders", loaded=40)
        self.server.start()
        theirs = self.orders(OTHER_ACCOUNT)
        without_id = lambda orders: {mid: {**row, "id": None} for mid, row in orders.items()}  # noqa: E731
        self.assertEqual(without_id(theirs), without_id(shown))
        self.assertEqual({row["id"] for row in theirs.values()}, {row["id"][::-1] for row in shown.values()})

    def test_each_row_is_judged_and_the_good_ones_are_taken(self):
        text = ("mid,total,customer.email,lines,state\n"
                "good1,1,,,\n"
                "bad,1.5,nobody,,\n"
                "good2,2,a@example.com,,\n"
                ",3,,,\n"
                'bad,4,,"[{""name"":""x""},{""name"":""y"",""price"":""z""}]",\n'
                "bad,131313,,,\n"
                "good1,5,,,\n"
                "bad,6,,\n"
                "bad,7,,[1,open\n"
                "bad,8,,,unpaid\n"
                "good3,9,,,\n")
        refused = self.server.directory / "refused.csv"
        faults = self.take("orders.csv", text, "--account", FIRST_ACCOUNT, "--refused", str(refused), loaded=3, refused=8)
        self.assertEqual(sorted(faults), [3, 5, 6, 7, 8, 9, 10, 11])
        self.assertEqual(set(faults[3]), {"total", "customer.email"})
        self.assertEqual(faults[5], {"mid": ["This field is required."]})
        self.assertEqual(set(faults[6]), {"lines.0.price", "lines.1.price"})
        self.assertEqual(faults[7], {"total": ["Not thirteen."]})
        self.assertEqual(faults[8], {"mid": ["There is an order with this mid already."]})
        self.assertEqual(faults[9], {"": ["It has 4 cells where the heading has 5."]})
        self.assertEqual(set(faults[10]), {"lines"})
        self.assertRegex(faults[11]["state"][0], "not a valid choice")
        lines = text.splitlines()
        kept = refused.read_text(encoding="utf-8").splitlines()
        self.assertEqual((kept[0], sorted(kept[1:])), (lines[0], sorted(lines[number - 1] for number in faults)))
        self.start()
        self.assertEqual(sorted(self.orders()), ["good1", "good2", "good3"])

    def test_a_refused_file_is_mended_and_loaded(self):
        refused = self.server.directory / "refused.csv"
        self.take("orders.csv", 'mid,total\n"two\nlines",1x\na,2\n', "--account", FIRST_ACCOUNT, "--refused", str(refused), refused=1)
        mended = refused.read_text(encoding="utf-8").replace("1x", "1")
        self.refuse("there is such a file", "orders.csv", mended, "--account", FIRST_ACCOUNT, "--refused", str(refused))
        self.take("orders.csv", mended, "--account", FIRST_ACCOUNT, loaded=1)

    def test_rows_are_whose_they_say(self):
        faults = self.take("orders.csv", "shop,mid,total\n" + "".join(
            f"{(FIRST_ACCOUNT, OTHER_ACCOUNT)[number % 2]},m{number},{number}\n" for number in range(20)) + f"{'f' * 32},x,1\n,y,1\n", refused=2)
        self.assertEqual(faults, {22: {"shop": ["There is no such account."]}, 23: {"shop": ["Say whose it is, here or with --account."]}})
        faults = self.take("more.csv", f"shop,mid,total\n{OTHER_ACCOUNT},n1,1\n,n2,2\n", "--resource", "orders", "--account", FIRST_ACCOUNT, refused=1)
        self.assertEqual(faults, {2: {"shop": ["It is another account than that of --account."]}})
        self.start()
        self.assertEqual(set(self.orders()), {f"m{number}" for number in range(0, 20, 2)} | {"n2"})
        self.assertEqual(set(self.orders(OTHER_ACCOUNT)), {f"m{number}" for number in range(1, 20, 2)})

    def test_rows_refer_to_those_before_them_and_to_none_of_others(self):
        ids = [f"{number:032x}" for number in range(1, 8)]
        rows = "".join(f"{ids[n]},m{n},1,{ids[n - 1] if n else ''}\n" for n in range(6))
        faults = self.take("orders.csv", f"id,mid,total,before\n{rows}{ids[6]},m6,1,{'e' * 32}\n", "--account", FIRST_ACCOUNT, loaded=6, refused=1)
        self.assertEqual(faults, {8: {"before": ["There is no such order."]}})
        faults = self.take("orders.csv", f"mid,total,before\nx,1,{ids[0]}\n", "--account", OTHER_ACCOUNT, refused=1)
        self.assertEqual(faults, {2: {"before": ["There is no such order."]}})
        parcels = f"order,weight\n{ids[0]},5\n{ids[0]},6\n,7\n{'e' * 32},8\n"
        faults = self.take("parcels.csv", parcels, "--account", FIRST_ACCOUNT, loaded=2, refused=2)
        self.assertEqual(faults, {4: {"order": ["This field is required."]}, 5: {"order": ["There is no such order."]}})
        self.start()
        self.assertEqual(sorted(row["weight"] for row in self.get("/orders/m0/parcels")["results"]), [5, 6])

    def test_nothing_else_happens(self):
        """No guard, no effect, no webhook: rows that are there elsewhere are no news. What is hidden can be said."""
        self.take("orders.csv", "mid,total,secret\na,1,hush\n", "--account", FIRST_ACCOUNT, loaded=1)
        self.assertEqual(json.loads(self.messages()), {"messages": []})
        self.start()
        self.assertIsNone(self.orders()["a"]["note"])
        self.assertNotIn("secret", self.orders()["a"])

    def test_a_server_that_runs_shows_them_at_once(self):
        self.start()
        self.assertEqual(self.get("/orders")["paging"]["count"], 0)
        rows = "".join(f"m{number:05},{number}\n" for number in range(3000))
        self.take("orders.csv", f"mid,total\n{rows}", "--account", FIRST_ACCOUNT, loaded=3000)
        self.assertEqual(self.get("/orders")["paging"]["count"], 3000)
        faults = self.take("orders.csv", f"mid,total\n{rows}new,1\n", "--account", FIRST_ACCOUNT, loaded=1, refused=3000)
        self.assertEqual(len(faults), 1000, "so many are listed")

    def test_production_and_sandbox_are_apart(self):
        self.take("shops.csv", f"id,name\n{FIRST_ACCOUNT},Drill\n", "--mode", "sandbox", loaded=1)
        self.take("orders.csv", "mid,total\na,1\n", "--account", FIRST_ACCOUNT, "--mode", "sandbox", loaded=1)
        self.refuse("there is no row .* in shops of sandbox", "orders.csv", "mid,total\na,1\n", "--account", OTHER_ACCOUNT, "--mode", "sandbox", status=1)
        self.take("rates.tsv", "code\nx\ty\n", refused=1)
        self.take("rates.tsv", "id\tcode\n\tx\n", loaded=1)
        self.start()
        self.assertEqual(self.orders(), {})
        self.assertEqual([row["code"] for row in self.get("/rates")["results"]], ["x"])

    def test_tables_as_spreadsheets_write_them(self):
        self.take("orders.csv", "\ufeffmid;total;customer.email\r\nñandú;1;\r\nb;2;b@example.com\r\n",
                  "--account", FIRST_ACCOUNT, "--separator", ";", loaded=2)
        faults = self.take("orders.csv", "mid,total\n".encode() + b"\xff,1\nc,2\n", "--account", FIRST_ACCOUNT, loaded=1, refused=1)
        self.assertEqual(faults, {2: {"mid": ["Is not UTF-8."]}})
        faults = self.take("orders.csv", 'mid,total\nd,1\n"e,2\nf,3\n', "--account", FIRST_ACCOUNT, loaded=1, refused=1)
        self.assertEqual(faults, {3: {"": ["A quote opens in it that never closes, so that all behind it belongs to it."]}})
        faults = self.take("orders.jsonl", '{"mid": "g", "total": 1}\n\n[1]\n{"mid"\n{"mid": "h", "total": "1"}\n', "--account", FIRST_ACCOUNT, loaded=1, refused=3)
        self.assertEqual(sorted(faults), [3, 4, 5])
        self.start()
        self.assertEqual(sorted(self.orders()), ["b", "c", "d", "g", "ñandú"])

    def test_what_cannot_be_meant_is_refused_before_anything(self):
        good = "mid,total\na,1\n"
        mine = ("--account", FIRST_ACCOUNT)
        self.refuse("rows of orders belong to accounts: give --account ID, or a column `shop`", "orders.csv", good)
        self.refuse("rows of rates belong to nobody", "rates.csv", "code\nx\n", *mine)
        self.refuse("`customer.emial`, which is no field of orders; did you mean `customer.email`", "orders.csv", "mid,customer.emial\n", *mine)
        self.refuse("no field of orders", "orders.csv", "mid,zip\n", *mine)
        self.refuse("`mid`: This name is given twice", "orders.csv", "mid,mid\n", *mine)
        self.refuse("given both as a value and as an object", "orders.csv", "customer,customer.email\n", *mine)
        self.refuse("the file is empty", "orders.csv", "", *mine)
        self.refuse("--separator ';'", "orders.csv", "mid;total\na;1\n", *mine)
        self.refuse("one character", "orders.csv", good, *mine, "--separator", "::")
        self.refuse("lines of JSON have none", "orders.jsonl", "{}", *mine, "--separator", ";")
        self.refuse("did you mean `orders`", "ordes.csv", good, *mine)
        self.refuse("--resource ordes: there is no such resource; did you mean `orders`", "ordes.csv", good, *mine, "--resource", "ordes")
        self.refuse("its name tells no format", "orders.txt", good, *mine)
        self.refuse("there is no row", "orders.csv", good, "--account", "f" * 32, status=1)
        self.refuse("rows of shops are accounts themselves", "shops.csv", "name\nx\n", *mine)
        self.refuse("--format xml: it is csv, tsv or jsonl", "orders.csv", good, *mine, "--format", "xml")
        self.refuse("orders2.csv is not named as a resource", "orders2.csv", good, *mine)
        done = subprocess.run([self.server.portico, "import", "/nowhere/orders.csv", self.server.description], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no such file", done.stderr)

    def test_for_people_it_says_lines_and_ends_with_a_sum(self):
        rows = "".join(f"m{number},x\n" for number in range(30))
        done = self.run_import("orders.csv", f"mid,total\ngood,1\n{rows}\x1b[31m,y\n", "--account", FIRST_ACCOUNT)
        self.assertEqual((done.returncode, done.stdout), (1, "orders: 1 row loaded, 31 refused\n"))
        self.assertIn("orders.csv:3: total: An integer of hundredths is required", done.stderr)
        self.assertIn("… and 11 more rows; --refused FILE keeps them all\n", done.stderr)
        self.assertNotIn("\x1b", done.stderr)


    def test_the_owner_may_be_shown_within_an_object(self):
        """And the account of a row is nothing but that: neither another field of its last name nor one of its column's."""
        text = "\n".join(json.dumps({"id": "x", "shop": {"id": owner, "label": owner[:2]}}) for owner in (FIRST_ACCOUNT, OTHER_ACCOUNT, "e" * 32))
        faults = self.take("visits.jsonl", text + "\n", loaded=2, refused=1)
        self.assertEqual(faults, {3: {"shop.id": ["There is no such account."]}})
        self.take("visits.csv", f"id,shop.label,shop.id\ny,two,{OTHER_ACCOUNT}\n", loaded=1)
        self.take("visits.csv", "id,shop.label\nz,mine\n", "--account", FIRST_ACCOUNT, loaded=1)
        self.refuse("give --account ID, or a column `shop.id`", "visits.csv", "id,shop.label\nz,mine\n")
        self.take("marks.csv", f"shop,n\n{OTHER_ACCOUNT},1\n", "--account", FIRST_ACCOUNT, loaded=1)
        self.refuse("belong to accounts: give --account ID$", "marks.csv", f"shop,n\n{OTHER_ACCOUNT},1\n")
        self.start()
        shown = lambda path, account: sorted((row["id"], row["shop"]["label"]) for row in self.get(path, account)["results"])  # noqa: E731
        self.assertEqual(shown("/visits", FIRST_ACCOUNT), [("x", FIRST_ACCOUNT[:2]), ("z", "mine")])
        self.assertEqual(shown("/visits", OTHER_ACCOUNT), [("x", OTHER_ACCOUNT[:2]), ("y", "two")])
        self.assertEqual([(row["shop"], row["n"]) for row in self.get("/marks")["results"]], [(OTHER_ACCOUNT, 1)])

    def test_rows_that_are_too_long_keep_no_others_out(self):
        refused = self.server.directory / "refused.csv"
        rows = f"a,1\n{'x' * 3000},2\nb,3\nc,x\n"
        faults = self.take("orders.csv", f"mid,total\n{rows}", "--account", FIRST_ACCOUNT, "--refused", str(refused), loaded=2, refused=2)
        self.assertEqual(faults[3], {"": ["It is longer than 2000 bytes (the limit `body_bytes`)."]})
        self.assertEqual(refused.read_text(encoding="utf-8"), "mid,total\nc,x\n")
        lines = f'{{"mid":"d","total":1}}\n{{"mid":"{"y" * 3000}"}}\n{{"mid":"e","total":1}}'
        faults = self.take("orders.jsonl", lines, "--account", FIRST_ACCOUNT, loaded=2, refused=1)
        self.assertEqual(faults, {2: {"": ["It is longer than 2000 bytes (the limit `body_bytes`)."]}})
        swallowed = "".join(f"bad{number},x\n" for number in range(30)) + '"open,1\n' + "f,1\n" * 5
        done = self.run_import("orders.csv", f"mid,total\n{swallowed}", "--account", FIRST_ACCOUNT)
        self.assertEqual(done.stdout, "orders: 0 rows loaded, 31 refused\n")
        self.assertIn("orders.csv:32: nothing behind this line was read as rows\n", done.stderr)

    def test_json_in_cells(self):
        cells = {"a": ("5", 5), "b": ("true", True), "c": ("null", None), "d": ('" {""a"": [1.50]}"', {"a": [1.5]}), "e": ('"""text"""', "text"), "f": ("", None)}
        self.take("orders.csv", "mid,total,meta\n" + "".join(f"{mid},1,{cell}\n" for mid, (cell, _) in cells.items()), "--account", FIRST_ACCOUNT, loaded=6)
        faults = self.take("orders.csv", "mid,total,meta\ng,1,text\n", "--account", FIRST_ACCOUNT, refused=1)
        self.assertRegex(faults[2]["meta"][0], "^It is not JSON: column 1")
        self.start()
        self.assertEqual({mid: row["meta"] for mid, row in self.orders().items()}, {mid: value for mid, (_, value) in cells.items()})

    def test_what_is_null_stays_null(self):
        """Also where it is read-only and has defaults: they are for what is left out."""
        self.take("marks.jsonl", "\n".join(map(json.dumps, [{"n": 1, "audit": None}, {"n": 2, "audit": {"who": None}}, {"n": 3}])), "--account", FIRST_ACCOUNT, loaded=3)
        self.start()
        self.assertEqual({row["n"]: row["audit"] for row in self.get("/marks")["results"]}, {1: None, 2: None, 3: {"who": "sys"}})

    def test_a_database_of_others_is_only_read(self):
        description = self.file("theirs.yaml", "vendor: x\nversions: [1]\napis: {p: {base: /, dialect: media-type}}\naccounts: none\ndatabase: {existing: true}\n"
                                               "resources: {t: {owner: none, operations: [list], fields: {id: {type: integer}}}}\n")
        done = subprocess.run([self.server.portico, "import", str(self.file("t.csv", "id\n1\n")), str(description), "--store", self.server.store],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("which is only read", done.stderr)


class OnSqlite(Importing, unittest.TestCase):
    def test_a_store_that_takes_no_changes_is_told_and_what_was_loaded_stays(self):
        with sqlite3.connect(self.server.data / "production.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            done = self.run_import("orders.csv", "mid,total\nx,y\na,1\n", "--account", FIRST_ACCOUNT, "--json")
            told = json.loads(done.stdout)
            self.assertEqual((done.returncode, told["loaded"], [row["line"] for row in told["rows"]]), (1, 0, []))
            self.assertRegex(told["failure"], "database|written")
            self.assertIn("what was loaded stays", done.stderr)
            other.execute("ROLLBACK")
        other.close()
        self.take("orders.csv", "mid,total\na,1\n", "--account", FIRST_ACCOUNT, loaded=1)

    def test_a_store_that_lacks_tables_is_told(self):
        self.server.store = f"sqlite:{self.server.directory / 'nothing'}"
        self.refuse("portico migrate", "orders.csv", "mid,total\na,1\n", "--account", FIRST_ACCOUNT, status=1)


class OnPostgres(Importing, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())


if __name__ == "__main__":
    unittest.main()
