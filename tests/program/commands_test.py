"""What commands refuse, and in which words, on SQLite: nothing is changed by a command that fails.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness.server import FIRST_ACCOUNT, ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
DESCRIPTION = ROOT / "apis/orders/api.yaml"
ROWS = ROOT / "tests/fixtures/orders.jsonl"
WAIT_SECONDS = 20


def run(*arguments, status=0):
    done = subprocess.run([PORTICO, *arguments], capture_output=True, text=True, cwd=ROOT, check=False, timeout=WAIT_SECONDS)
    assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout if status == 0 else done.stderr


class CommandLine(unittest.TestCase):
    def test_a_command_that_there_is_not_is_named(self):
        self.assertIn("no command 'chek'; did you mean `portico check`?", run("chek", "api.yaml", status=2))
        self.assertIn("did you mean `portico keys rotate`?", run("keys", "rotte", "1", status=2))
        self.assertIn("no command 'x'\nRun `portico --help`", run("x", status=2))

    def test_a_number_out_of_range_is_told_the_range(self):
        self.assertIn("not in range 0 to 65535", run("serve", "--port", "99999", status=2))
        self.assertIn("--most", run("webhooks", "list", "--most", "0", status=2))


class Misuse(unittest.TestCase):
    """What is wrong with the command line, or with the description that it names, is 2; what cannot be done is 1."""

    def test_of_descriptions(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "wrong.yaml").write_text("vendor: Acme\n", encoding="utf-8")
        for command in (("check",), ("migrate",), ("serve",), ("openapi",), ("explain", "GET /orders"), ("keys", "create", "--account", "a")):
            for name in ("wrong.yaml", "none.yaml"):
                done = subprocess.run([PORTICO, *command, folder / name], capture_output=True, text=True, cwd=ROOT, check=False, timeout=WAIT_SECONDS)
                self.assertEqual((done.returncode, name in done.stdout + done.stderr), (2, True), (command, name, done))

    def test_of_places(self):
        for store in ("mysql://a/b", "data", "sqlite:"):
            self.assertIn("--store", run("migrate", DESCRIPTION, "--store", store, status=2))
        self.assertIn("--access data: must be sqlite:DIRECTORY", run("keys", "list", "--access", "data", status=2))
        self.assertIn("there is partner and extension", run("openapi", DESCRIPTION, "--api", "x", status=2))
        self.assertIn("there is 1, 2, 3 and 4", run("openapi", DESCRIPTION, "--version", "9", status=2))
        for url in ("https://x.example:99999", "https://x:0", "https://x:", "https://a..b", "https://.b"):
            self.assertIn("--public-url", run("openapi", DESCRIPTION, "--public-url", url, status=2))


class NumberedAccounts(unittest.TestCase):
    """A key acts for the account that its text names to the server: the spelling of the row."""

    def test_another_spelling_is_told_the_right_one(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        description, store = folder / "api.yaml", f"sqlite:{folder / 'data'}"
        description.write_text("""vendor: acme
versions: [1]
apis: {partner: {base: /, dialect: media-type}}
accounts: shops
resources:
  shops: {operations: [retrieve], fields: {id: {type: integer}}}
""", encoding="utf-8")
        run("migrate", description, "--store", store, "--yes")
        for mode in ("production", "sandbox"):
            with sqlite3.connect(folder / "data" / f"{mode}.db") as database:
                database.execute("INSERT INTO shops (id) VALUES (1)")
            database.close()
        for spelling in ("01", " 1", "1.0"):
            self.assertIn(f"'{spelling}' is written '1' in shops", run("keys", "create", description, "--store", store, "--account", spelling, status=1))
        self.assertIn("there is no row '2'", run("keys", "create", description, "--store", store, "--account", "2", status=1))
        run("keys", "create", description, "--store", store, "--account", "1")


class ChangedTypes(unittest.TestCase):
    """A timestamp becomes a text on SQLite, by the command and by hand, and a text that is none stays what it is."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.description, self.store = self.folder / "api.yaml", f"sqlite:{self.folder / 'data'}"

    def describe(self, kind):
        self.description.write_text(f"""vendor: acme
versions: [1]
apis: {{partner: {{base: /, dialect: media-type}}}}
accounts: shops
resources:
  shops: {{operations: [retrieve], fields: {{id: {{type: id}}, since: {{type: {kind}}}}}}}
""", encoding="utf-8")

    def migrate(self, *arguments):
        return subprocess.run([PORTICO, "migrate", self.description, "--store", self.store, *arguments], capture_output=True, text=True,
                              cwd=ROOT, check=False, timeout=WAIT_SECONDS)

    def ask(self, sql, *, script=False):
        database = sqlite3.connect(self.folder / "data/production.db")
        try:
            with database:
                return database.executescript(sql) if script else database.execute(sql).fetchall()
        finally:
            database.close()

    def test_a_timestamp_becomes_the_text_that_clients_have_seen(self):
        self.describe("timestamp")
        self.migrate("--yes")
        self.ask("INSERT INTO shops VALUES ('a', 1582971630012345)")
        self.describe("string")
        shown = self.migrate()
        self.assertEqual(shown.returncode, 3, shown)
        by_hand = sqlite3.connect(":memory:")
        self.addCleanup(by_hand.close)
        by_hand.executescript(";".join(sql for sql, in self.ask("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")))
        by_hand.execute("INSERT INTO shops VALUES ('a', 1582971630012345)")
        by_hand.commit()
        by_hand.executescript(shown.stdout.split("sandbox")[0])
        self.assertEqual(by_hand.execute("SELECT * FROM shops").fetchall(), [("a", "2020-02-29T10:20:30.012345Z")])
        self.assertEqual(self.migrate("--yes").returncode, 0)
        self.assertEqual(self.ask("SELECT * FROM shops"), [("a", "2020-02-29T10:20:30.012345Z")])
        self.describe("timestamp")
        self.assertEqual(self.migrate("--yes", "--allow-loss").returncode, 0)
        self.assertEqual(self.ask("SELECT * FROM shops"), [("a", 1582971630012345)])

    def test_a_text_that_is_no_timestamp_is_told_before_anything_is_done(self):
        self.describe("string")
        self.migrate("--yes")
        self.ask("INSERT INTO shops VALUES ('a', 'soon'), ('b', '2020-02-29')")
        self.describe("timestamp")
        refused = self.migrate("--yes", "--allow-loss")
        self.assertEqual(refused.returncode, 1, refused)
        self.assertIn("1 row has something else there: 'soon'", refused.stdout + refused.stderr)
        self.assertEqual(self.ask("SELECT since FROM shops ORDER BY id"), [("soon",), ("2020-02-29",)])


class Advice(unittest.TestCase):
    def test_what_a_view_cannot_have_is_not_proposed(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        description, file = folder / "api.yaml", folder / "shop.db"
        with sqlite3.connect(file) as database:
            database.executescript("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT); CREATE VIEW seen AS SELECT * FROM things")
        database.close()
        description.write_text("""vendor: example
versions: [1]
apis: {partner: {base: /, dialect: media-type}}
accounts: none
database: {existing: true}
resources:
  seen:
    owner: none
    operations: [list]
    fields:
      id: {type: integer}
      name: {type: string, "null": true, filter: [exact]}
""", encoding="utf-8")
        self.assertIn("seen: no index serves the filters exact on name; none can: seen is a view\n",
                      run("check", description, "--store", f"sqlite:{file}"))
        found = json.loads(run("check", description, "--store", f"sqlite:{file}", "--json"))["indexes"]
        self.assertEqual([(each["field"], each["sql"], each["obstacle"]) for each in found if each["field"] == "name"],
                         [("name", [], "seen is a view")])


class Keys(unittest.TestCase):
    """Over a store that no server runs on."""

    def setUp(self):
        self.server = Portico(PORTICO, DEMO, DESCRIPTION, ROWS)
        self.server.__enter__()
        self.addCleanup(self.server.remove)
        self.assertIsNone(self.server.stop())

    def keys(self, *arguments, status=0):
        return run("keys", *arguments, "--store", self.server.store, status=status)

    def test_none_is_made_that_has_ended_or_that_a_list_could_not_show(self):
        before = self.keys("list")
        wanted = ("create", DESCRIPTION, "--account", FIRST_ACCOUNT)
        self.assertIn("2001-01-01T00:00:00Z has passed; it is 20", self.keys(*wanted, "--expires", "2001-01-01T00:00:00Z", status=1))
        for label, words in (("a\nb", "--label 'a\\x0ab': It may not hold control characters."),
                             ("  ", "It may not be blank."), ("\u2800", "It may not be blank."),
                             ("till\u202e", "'till\\u202e': It may not hold characters that are not seen (U+202E).")):
            self.assertIn(words, self.keys(*wanted, "--label", label, status=1))
        self.assertEqual(self.keys("list"), before)

    def test_one_that_has_expired_is_not_rotated(self):
        made = json.loads(self.keys("create", DESCRIPTION, "--account", FIRST_ACCOUNT, "--json"))
        self.server.expire(made["id"])
        before = self.keys("list")
        self.assertIn("expired at 2001-01-01T00:00:00.000000Z", self.keys("rotate", made["id"], status=1))
        self.assertEqual(self.keys("list"), before)

    def test_a_whole_key_is_not_repeated(self):
        made = json.loads(self.keys("create", DESCRIPTION, "--account", FIRST_ACCOUNT, "--json"))
        for command in ("revoke", "rotate"):
            for given in (made["token"], made["token"][:-1]):
                words = self.keys(command, given, status=1)
                self.assertIn("its second part", words)
                self.assertNotIn(given.rsplit("_", 1)[1], words)
        self.keys("revoke", made["id"])

    def test_what_a_store_lacks_is_said(self):
        for mode in ("production", "sandbox"):
            database = sqlite3.connect(self.server.data / f"{mode}.db")
            database.executescript("DROP TABLE merchants; DROP TABLE orders;")
            database.close()
        for command in (("explain", "GET /orders", DESCRIPTION), ("explain", "GET /orders", DESCRIPTION, "--account", FIRST_ACCOUNT),
                        ("keys", "create", DESCRIPTION, "--account", FIRST_ACCOUNT)):
            words = run(*command, "--store", self.server.store, status=1)
            self.assertIn("the database lacks what the description needs; `portico migrate` shows it", words)
            self.assertIn("table merchants", words)


if __name__ == "__main__":
    unittest.main()
