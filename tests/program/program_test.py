"""The program as an operator meets it: keys, signals, TLS, other writers, locked databases, commands and their exit codes.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import http.client
import json
import os
import re
import signal
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import wire  # noqa: E402
from harness.server import FIRST_ACCOUNT, ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
DESCRIPTION = ROOT / "apis/orders/api.yaml"
ROWS = ROOT / "tests/fixtures/orders.jsonl"
WAIT_SECONDS = 20


def eventually(condition):
    """Whether `condition()` becomes true before the deadline."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return False


def get(connection, path, token, **headers):
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}", **headers})
    answer = connection.getresponse()
    body = answer.read()
    return answer, json.loads(body) if body else None


class Running(unittest.TestCase):
    """One server for each test."""
    description, rows = DESCRIPTION, ROWS

    def setUp(self):
        self.server = Portico(PORTICO, DEMO, self.description, self.rows)
        self.server.__enter__()
        self.addCleanup(self.server.remove)
        self.addCleanup(self.check_end)

    def check_end(self):
        problem = self.server.stop()
        self.assertIsNone(problem, problem)

    def connect(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=WAIT_SECONDS)
        self.addCleanup(connection.close)
        return connection

    def keys(self, *arguments):
        return json.loads(self.server.run(self.server.portico, "keys", *arguments, "--store", self.server.store, "--json"))

    def count(self, connection, path="/orders"):
        answer, body = get(connection, path, self.server.variables["private_key"])
        self.assertEqual(answer.status, 200, body)
        return body["paging"]["count"]


class Keys(Running):
    def test_they_work_and_end_at_once_on_an_open_connection(self):
        connection = self.connect()
        made = self.keys("create", str(DESCRIPTION), "--account", FIRST_ACCOUNT, "--label", "till 3")
        self.assertRegex(made["token"], r"^private_[0-9a-f]{16}_[0-9a-f]{64}$")
        self.assertEqual(get(connection, "/me", made["token"])[0].status, 200)

        rotated = self.keys("rotate", made["id"])
        self.assertEqual(rotated["label"], "till 3")
        answer, body = get(connection, "/me", made["token"])
        self.assertEqual(answer.status, 401)
        self.assertIn('error="invalid_token"', answer.headers["WWW-Authenticate"])
        self.assertEqual(get(connection, "/me", rotated["token"])[0].status, 200)

        self.keys("revoke", rotated["id"])
        again = get(connection, "/me", rotated["token"])
        self.assertEqual((again[0].status, again[1]), (401, body))

    def test_the_list_shows_no_secret(self):
        made = self.keys("create", str(DESCRIPTION), "--account", FIRST_ACCOUNT)
        listed = [key for key in self.keys("list")["keys"] if key["id"] == made["id"]]
        self.assertEqual(len(listed), 1)
        self.assertNotIn(made["token"].rsplit("_", 1)[1], json.dumps(listed))
        stored = (self.server.data / "access.db").read_bytes() + (self.server.data / "access.db-wal").read_bytes()
        self.assertNotIn(made["token"].rsplit("_", 1)[1].encode(), stored)
        self.assertEqual((self.server.data / "access.db").stat().st_mode & 0o777, 0o600)

    def test_none_is_made_for_an_account_that_does_not_exist(self):
        done = subprocess.run([PORTICO, "keys", "create", DESCRIPTION, "--store", self.server.store, "--account", "9" * 32],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no row", done.stderr)


class OtherWriters(Running):
    def insert(self, database, number):
        columns = [row[1] for row in database.execute("PRAGMA table_info(orders)")]
        values = [f"'{number:032x}'" if name == "id" else f"'w-{number}'" if name == "mid" else f'"{name}"'
                  for name in columns]
        database.execute(f"INSERT INTO orders SELECT {','.join(values)} FROM orders WHERE mid = 'A-01' LIMIT 1")
        database.commit()

    def test_counts_and_pages_follow_each_commit_at_once(self):
        database = sqlite3.connect(self.server.data / "production.db")
        self.addCleanup(database.close)
        connections = [self.connect() for _ in range(4)]
        expected = self.count(connections[0])
        for number in range(40):
            self.insert(database, number)
            expected += 1
            for connection in connections:
                self.assertEqual(self.count(connection), expected)
                self.assertEqual(self.count(connection, "/orders?page_size=1&page=3"), expected)
            if number % 10 == 9:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("DELETE FROM orders WHERE mid LIKE 'w-%'")
        database.commit()
        self.assertEqual(self.count(connections[0]), expected - 40)

    def test_an_uncommitted_row_is_not_seen(self):
        database = sqlite3.connect(self.server.data / "production.db", isolation_level=None)
        self.addCleanup(database.close)
        connection = self.connect()
        before = self.count(connection)
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM orders")
        self.assertEqual(self.count(connection), before)
        database.execute("ROLLBACK")
        self.assertEqual(self.count(connection), before)


class Locked(Running):
    """Over a description that is only read: who writes keeps the database in WAL mode, where nobody locks readers out."""
    description = ROOT / "tests/fixtures/apis/shop.yaml"
    rows = ROOT / "tests/fixtures/apis/shop.jsonl"

    def test_a_locked_database_is_503_and_recovers(self):
        self.server.stop()
        database = sqlite3.connect(self.server.data / "production.db", isolation_level=None)
        self.addCleanup(database.close)
        self.assertEqual(database.execute("PRAGMA journal_mode=DELETE").fetchone(), ("delete",))
        product = database.execute(f"SELECT id FROM products WHERE shop = '{FIRST_ACCOUNT}'").fetchone()[0]
        (self.server.directory / "port").unlink()
        self.server.start()
        connection = self.connect()
        before = self.count(connection, "/products")
        database.execute("BEGIN EXCLUSIVE")
        for path in ("/products", "/products?offered=yes", f"/products/{product}"):
            answer, body = get(connection, path, self.server.variables["private_key"])
            self.assertEqual((answer.status, body["error"]["type"]), (503, "ServiceUnavailableException"), path)
            self.assertGreater(int(answer.headers["Retry-After"]), 0)
        database.execute("ROLLBACK")
        self.assertEqual(self.count(connection, "/products"), before)


class Signals(Running):
    def setUp(self):
        super().setUp()
        self.copy = self.server.directory / "api.yaml"

    def restart_on_copy(self, text):
        self.server.stop()
        self.copy.write_text(text, encoding="utf-8")
        self.server.description = str(self.copy)
        (self.server.directory / "port").unlink()
        self.server.start()

    def test_hup_reads_the_description_again_and_a_broken_one_changes_nothing(self):
        text = DESCRIPTION.read_text(encoding="utf-8")
        self.restart_on_copy(text)
        connection = self.connect()
        token = self.server.variables["private_key"]

        def results():
            return len(get(connection, "/orders", token)[1]["results"])

        self.assertEqual(results(), 25)
        self.copy.write_text(text.replace("page_size: {default: 25", "page_size: {default: 7"), encoding="utf-8")
        self.server.process.send_signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: results() == 7))
        self.copy.write_text(text.replace("type: money", "type: mony"), encoding="utf-8")
        self.server.process.send_signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: "did you mean 'money'" in self.server.read_log()))
        self.assertEqual(results(), 7)

    def test_term_answers_what_is_under_way(self):
        """Clients that ask without pause get whole answers only, and then no connection."""
        token = self.server.variables["private_key"]
        begun = threading.Barrier(5)
        broken, whole = [], []

        def ask():
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=WAIT_SECONDS)
            self.assertEqual(get(connection, "/orders", token)[0].status, 200)
            begun.wait()
            while True:
                try:
                    connection.request("GET", "/orders?status=ok&page_size=3", headers={"Authorization": f"Bearer {token}"})
                    answer = connection.getresponse()
                except (ConnectionError, http.client.CannotSendRequest):
                    return  # refused, or closed between two requests: no answer has begun
                try:
                    json.loads(answer.read())
                except Exception as error:  # noqa: BLE001 - an answer cut short is what this looks for
                    broken.append(repr(error))
                    return
                whole.append(answer.status)
                if answer.headers.get("Connection", "").lower() == "close":
                    return

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        begun.wait()
        self.assertTrue(eventually(lambda: len(whole) > 20))
        self.server.process.send_signal(signal.SIGTERM)
        for thread in threads:
            thread.join(WAIT_SECONDS)
        self.assertEqual(broken, [])
        self.assertEqual(set(whole), {200})
        self.assertEqual(self.server.process.wait(WAIT_SECONDS), 0)


class Health(Running):
    def test_it_needs_no_key_and_follows_the_files(self):
        connection = self.connect()
        connection.request("GET", "/health", headers={"Accept": "text/nothing"})
        answer = connection.getresponse()
        self.assertEqual((answer.status, json.loads(answer.read())), (200, {"status": "ok"}))
        self.assertEqual(answer.headers["Content-Type"], "application/json; charset=utf-8")
        connection.request("HEAD", "/health")
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.read()), (200, b""))
        connection.request("POST", "/health")
        answer = connection.getresponse()
        answer.read()
        self.assertEqual((answer.status, answer.headers["Allow"]), (405, "GET, HEAD, OPTIONS"))

        for name, reason in (("production", "file"), ("sandbox", "file"), ("access", "keys")):
            with self.subTest(name):
                self.leave_without(connection, name, reason)

    def leave_without(self, connection, name, reason):
        database = self.server.data / f"{name}.db"
        aside = database.with_name("aside.db")
        database.rename(aside)
        connection.request("GET", "/health")
        answer = connection.getresponse()
        body = json.loads(answer.read())
        self.assertEqual((answer.status, body["status"]), (503, "unavailable"))
        self.assertIn(reason, body["reason"])
        self.assertNotIn(str(self.server.data), body["reason"])
        self.assertTrue(answer.headers["Retry-After"].isdigit())
        aside.rename(database)
        connection.request("GET", "/health")
        answer = connection.getresponse()
        answer.read()
        self.assertEqual(answer.status, 200)


class Gone(Running):
    def test_a_client_that_goes_is_written_down_as_such_and_others_are_served(self):
        database = sqlite3.connect(self.server.data / "production.db")
        columns = [row[1] for row in database.execute("PRAGMA table_info(orders)")]
        values = ["lower(hex(randomblob(16)))" if name == "id" else "'g-' || n" if name == "mid" else
                  "printf('%.*c', 2000, 'a')" if name == "customer__email" else f'"{name}"' for name in columns]
        database.execute("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000) "
                         f"INSERT INTO orders SELECT {','.join(values)} FROM orders, c WHERE mid = 'A-01' "
                         f"AND merchant = '{FIRST_ACCOUNT}'")
        database.commit()
        database.close()
        token = self.server.variables["private_key"]
        slow = "&".join(f"customer-email-iregex=(a|aa)%2Bb{number}" for number in range(4))
        leaving = [wire.Connection("127.0.0.1", self.server.port) for _ in range(40)]  # far more than there are workers
        for client in leaving:
            client.send(f"GET /orders?{slow} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        for client in leaving:
            client.close()
        self.assertTrue(eventually(lambda: "the client went before its answer" in self.server.read_log()))
        self.assertEqual(get(self.connect(), "/me", token)[0].status, 200)


class Log(Running):
    def test_it_has_one_line_for_each_answer_and_no_secret(self):
        connection = self.connect()
        token = self.server.variables["private_key"]
        ids = []
        for path in ("/orders?q=Geheimnis", "/orders/nobody", "/nothing"):
            ids.append(get(connection, path, token)[0].headers["X-Request-Id"])
        self.assertTrue(eventually(lambda: all(name in self.server.read_log() for name in ids)))
        text = self.server.read_log()
        lines = {line["request"]: line for line in map(json.loads, re.findall(r"^\{.*\}$", text, re.M))}
        self.assertEqual([lines[name]["status"] for name in ids], [200, 404, 404])
        self.assertEqual(lines[ids[0]]["parameters"], "q")
        self.assertNotIn("Geheimnis", text)
        self.assertNotIn(token.rsplit("_", 1)[1], text)


class Tls(Running):
    def test_it_serves_over_tls(self):
        self.server.stop()
        certificate, key = self.server.directory / "cert.pem", self.server.directory / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
        port_file = self.server.directory / "tls-port"
        process = subprocess.Popen([PORTICO, "serve", DESCRIPTION, "--store", self.server.store, "--port", "0", "--port-file",
                                    port_file, "--cert", certificate, "--key", key, "--log", "none"],
                                   stderr=subprocess.DEVNULL)
        try:
            self.assertTrue(eventually(port_file.exists))
            context = ssl.create_default_context(cafile=str(certificate))
            context.check_hostname = False
            connection = http.client.HTTPSConnection("127.0.0.1", int(port_file.read_text()), context=context)
            answer, body = get(connection, "/orders?page_size=1", self.server.variables["private_key"])
            self.assertEqual(answer.status, 200)
            self.assertTrue(body["paging"]["next"].startswith("https://127.0.0.1:"))
            connection.close()
        finally:
            process.terminate()
            self.assertEqual(process.wait(WAIT_SECONDS), 0)


class Commands(unittest.TestCase):
    def setUp(self):
        self.server = Portico(PORTICO, DEMO, DESCRIPTION, keys={})
        self.addCleanup(self.server.remove)

    def run_it(self, *arguments, status=0):
        done = subprocess.run([PORTICO, *arguments], capture_output=True, text=True, cwd=ROOT, check=False,
                              timeout=WAIT_SECONDS)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_serve_refuses_a_store_that_lacks_tables_and_migrate_makes_them(self):
        text = self.run_it("serve", DESCRIPTION, "--store", self.server.store, status=1)
        self.assertIn("portico migrate", text)
        shown = self.run_it("migrate", DESCRIPTION, "--store", self.server.store, status=3)
        self.assertIn('CREATE TABLE "orders"', shown)
        self.assertFalse(self.server.data.exists())
        self.run_it("migrate", DESCRIPTION, "--store", self.server.store, "--yes")
        self.assertIn("Nothing to do", self.run_it("migrate", DESCRIPTION, "--store", self.server.store))
        database = sqlite3.connect(self.server.data / "sandbox.db")
        database.execute("ALTER TABLE orders DROP COLUMN event_date")
        database.close()
        text = self.run_it("serve", DESCRIPTION, "--store", self.server.store, status=1)
        self.assertIn("orders.event_date", text)
        self.run_it("migrate", DESCRIPTION, "--store", self.server.store, "--yes")
        self.server.start()
        self.assertIsNone(self.server.stop())

    def test_a_port_in_use_is_said_so(self):
        self.run_it("migrate", DESCRIPTION, "--store", self.server.store, "--yes")
        self.server.start()
        text = self.run_it("serve", DESCRIPTION, "--store", self.server.store, "--port", str(self.server.port), status=1)
        self.assertIn(str(self.server.port), text)
        self.assertRegex(text, "in use")
        self.assertIsNone(self.server.stop())

    def test_check_shows_every_mistake_and_ends_with_2(self):
        broken = self.server.directory / "broken.yaml"
        broken.write_text("vendor: x\nversions: [1]\nacounts: shops\napis: {p: {base: /, dialect: media-type}}\n"
                          "resources:\n  shops:\n    operations: [list]\n    fields:\n      id: {type: idd}\n", encoding="utf-8")
        text = self.run_it("check", broken, status=2)
        self.assertRegex(text, r"broken.yaml:3:1: .*acounts.*accounts")
        self.assertRegex(text, r"broken.yaml:9:\d+: .*idd.*id")
        mistakes = json.loads(self.run_it("check", broken, "--json", status=2))["mistakes"]
        self.assertGreaterEqual(len(mistakes), 2)
        self.assertIn("good", self.run_it("check", DESCRIPTION))
        self.assertEqual(json.loads(self.run_it("check", "--schema")),
                         json.loads((ROOT / "apis/api.schema.json").read_text(encoding="utf-8")))

    def test_a_wrong_command_line_ends_with_2(self):
        self.assertIn("--help", self.run_it("sreve", status=2))
        self.run_it("serve", "--cert", "x.pem", status=2)

    def existing(self):
        """A database that others made, a description over it, and where its keys go."""
        file = self.server.directory / "shop.db"
        database = sqlite3.connect(file)
        database.executescript("CREATE TABLE things(id INTEGER PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL);"
                               "CREATE INDEX things_by_size ON things(size, id);"
                               "INSERT INTO things VALUES (1, 'a', 3), (2, 'b', 2), (3, 'c', 1);")
        database.close()
        description = self.server.directory / "shop.yaml"
        description.write_text(
            "vendor: example\nversions: [1]\napis: {partner: {base: /, dialect: media-type}}\naccounts: none\n"
            "database: {existing: true}\nresources:\n  things:\n    owner: none\n    operations: [list, retrieve]\n"
            "    ordering: {default: [-size], allowed: [size, name]}\n    fields:\n      id: {type: integer}\n"
            "      name: {type: string, filter: [exact]}\n      size: {type: integer, filter: [range]}\n", encoding="utf-8")
        return file, description, f"sqlite:{self.server.directory / 'keys'}"

    def test_a_database_that_others_made_is_served_and_left_as_it_is(self):
        file, description, access = self.existing()
        before = file.read_bytes()
        store = ["--store", f"sqlite:{file}"]
        text = self.run_it("serve", description, *store, status=1)
        self.assertIn(f"portico serve {description} --store sqlite:{file} --access sqlite:keys", text)
        text = self.run_it("keys", "create", description, *store, "--account", "anyone", status=1)
        self.assertIn("--access", text)
        text = self.run_it("keys", "create", description, *store, "--access", access, "--account", "anyone", "--mode", "both",
                           status=1)
        self.assertIn("no sandbox", text)
        made = json.loads(self.run_it("keys", "create", description, *store, "--access", access, "--account", "anyone", "--json"))
        self.assertEqual(made["mode"], "production")
        self.assertEqual(len(json.loads(self.run_it("keys", "list", "--access", access, "--json"))["keys"]), 1)

        self.server.description, self.server.store = str(description), f"sqlite:{file}"
        self.server.start("--access", access)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=WAIT_SECONDS)
        self.addCleanup(connection.close)
        answer, body = get(connection, "/things?size-gt=1", made["token"])
        self.assertEqual((answer.status, [row["name"] for row in body["results"]]), (200, ["a", "b"]))
        self.assertEqual(get(connection, "/things/3", made["token"])[1]["name"], "c")
        self.run_it("keys", "revoke", made["id"], "--access", access)
        self.assertEqual(get(connection, "/things", made["token"])[0].status, 401)
        self.assertIsNone(self.server.stop())
        self.assertEqual(file.read_bytes(), before)
        self.assertEqual([entry.name for entry in file.parent.glob("shop.db*")], ["shop.db"])

    def test_check_tells_what_no_index_serves(self):
        file, description, _ = self.existing()
        store = ["--store", f"sqlite:{file}"]
        found = json.loads(self.run_it("check", description, *store, "--json"))
        self.assertEqual(found["mistakes"], [])
        self.assertEqual([(each["resource"], each["field"], each["ordering"], each["filters"]) for each in found["indexes"]],
                         [("things", "name", True, ["exact"])])
        sql = found["indexes"][0]["sql"]
        self.assertIn(sql[0], self.run_it("check", description, *store))
        database = sqlite3.connect(file)
        database.execute(sql[0])
        database.close()
        self.assertEqual(json.loads(self.run_it("check", description, *store, "--json"))["indexes"], [])

    def test_a_store_that_is_none_is_said_so_without_its_password(self):
        text = self.run_it("serve", DESCRIPTION, "--store", "mysql://me:geheim@db/shop", status=2)
        self.assertIn("postgres://USER@HOST/DATABASE", text)
        self.assertNotIn("geheim", text)
        for address in ("postgres://me:ge@heim@db/shop", "postgres://me:geheim@[db/shop", "postgres://me:geheim@db/shop?x=1"):
            text = self.run_it("serve", DESCRIPTION, "--store", address, status=2)
            self.assertIn("postgres://user@host:5432/database", text)
            self.assertNotIn("heim", text)
        _, description, _ = self.existing()
        self.assertIn("existing: true", self.run_it("explain", "/things", description, "--store", "sqlite:/nowhere.db", status=1))
        self.assertIn("is a file", self.run_it("explain", "/orders", DESCRIPTION, "--store",
                                               f"sqlite:{self.server.directory / 'shop.db'}", status=1))

    def test_explain_names_the_index_and_the_cost(self):
        self.server.rows = ROWS
        self.server.load()
        explain = lambda request: json.loads(  # noqa: E731
            self.run_it("explain", request, DESCRIPTION, "--store", self.server.store, "--json"))["statements"]
        page, count = explain("GET /orders")
        self.assertEqual((page["purpose"], page["indexes"], page["cost"]), ("page", ["orders_by_created"], "constant"))
        self.assertEqual(count["cost"], "with-matches")
        self.assertEqual(explain("/orders?customer-email-icontains=x")[0]["cost"], "with-matches")
        self.assertEqual(explain("/orders/A-01")[0]["cost"], "constant")
        text = self.run_it("explain", "GET /orders?nothing=1", DESCRIPTION, "--store", self.server.store, status=1)
        self.assertIn("nothing: Unknown parameter", text)


if __name__ == "__main__":
    unittest.main()
