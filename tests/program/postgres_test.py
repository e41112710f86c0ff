"""The program on PostgreSQL as an operator meets it: keys, other writers, clients that go away, several hosts, TLS, a standby,
and what is wrong said at the start.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import http.client
import json
import os
import subprocess
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import postgres, wire  # noqa: E402
from harness.load import eventually  # noqa: E402
from harness.server import FIRST_ACCOUNT, ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
DESCRIPTION = ROOT / "apis/orders/api.yaml"
ROWS = ROOT / "tests/fixtures/orders.jsonl"
WAIT_SECONDS = 20
UNDER_WAY = "usename = 'portico' AND state = 'active'"
cluster = None


def setUpModule():
    global cluster
    cluster = unittest.enterModuleContext(postgres.Cluster())


class Session:
    """A session of psql that stays open: it holds locks, and transactions that nobody has committed."""

    def __init__(self, at, database):
        self.process = subprocess.Popen(
            [postgres.BIN / "psql", "-X", "-q", "-A", "-t", "-h", at.folder, "-p", str(at.port), "-U", postgres.ADMIN, "-d", database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=at.environment())

    def run(self, text):
        """Returns when it is done."""
        self.process.stdin.write(f"{text};\n\\echo done\n")
        self.process.stdin.flush()
        lines = iter(self.process.stdout.readline, "done\n")
        return "".join(lines)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(WAIT_SECONDS)


class Running(unittest.TestCase):
    """One server on a database of its own for each test."""

    options = ()

    def setUp(self):
        self.server = Portico(PORTICO, DEMO, DESCRIPTION, ROWS, cluster)
        self.addCleanup(self.server.remove)
        self.server.load()
        self.server.start(*self.options)
        self.addCleanup(self.check_end)

    def check_end(self):
        problem = self.server.stop()
        self.assertIsNone(problem, problem)

    def connect(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=WAIT_SECONDS)
        self.addCleanup(connection.close)
        return connection

    def session(self):
        session = Session(cluster, self.server.database)
        self.addCleanup(session.close)
        return session

    def get(self, connection, path, token=None):
        token = token or self.server.variables["private_key"]
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        return answer, json.loads(answer.read())

    def count(self, connection, path="/orders"):
        answer, body = self.get(connection, path)
        self.assertEqual(answer.status, 200, body)
        return body["paging"]["count"]

    def keys(self, *arguments):
        return json.loads(self.server.run(self.server.portico, "keys", *arguments, "--store", self.server.store, "--json"))

    def active(self, condition="true"):
        """How many statements of Portico's run now."""
        text = f"SELECT count(*) FROM pg_stat_activity WHERE {UNDER_WAY} AND datname = '{self.server.database}' AND {condition}"
        return int(cluster.sql("postgres", text)[0][0])


class Keys(Running):
    def test_they_work_and_end_at_the_very_next_request(self):
        connections = [self.connect() for _ in range(6)]
        made = self.keys("create", str(DESCRIPTION), "--account", FIRST_ACCOUNT, "--label", "till 3")
        self.assertRegex(made["token"], r"^private_[0-9a-f]{16}_[0-9a-f]{64}$")
        self.assertEqual([self.get(each, "/me", made["token"])[0].status for each in connections], [200] * 6)

        rotated = self.keys("rotate", made["id"])
        self.assertEqual(rotated["label"], "till 3")
        for connection in connections:
            answer, _ = self.get(connection, "/orders?page_size=1", made["token"])
            self.assertEqual(answer.status, 401)
            self.assertIn('error="invalid_token"', answer.headers["WWW-Authenticate"])
        self.assertEqual([self.get(each, "/orders", rotated["token"])[0].status for each in connections], [200] * 6)

        self.keys("revoke", rotated["id"])
        self.assertEqual([self.get(each, "/orders", rotated["token"])[0].status for each in connections], [401] * 6)

    def test_many_in_a_row_each_known_and_then_unknown_at_once(self):
        connections = [self.connect() for _ in range(4)]
        for number in range(5):
            made = self.keys("create", str(DESCRIPTION), "--account", FIRST_ACCOUNT)
            for connection in connections:
                self.assertEqual(self.get(connection, "/orders/A-01", made["token"])[0].status, 200, number)
            self.keys("revoke", made["id"])
            for connection in connections:
                self.assertEqual(self.get(connection, "/orders/A-01", made["token"])[0].status, 401, number)

    def test_the_database_holds_no_secret(self):
        made = self.keys("create", str(DESCRIPTION), "--account", FIRST_ACCOUNT)
        secret = made["token"].rsplit("_", 1)[1]
        rows = cluster.json(self.server.database, 'SELECT * FROM "portico_access"."keys"')
        self.assertIn(made["id"], [row["id"] for row in rows])
        self.assertNotIn(secret, json.dumps(rows))
        self.assertNotIn(secret, json.dumps(self.keys("list")))
        self.assertNotIn(secret, self.server.read_log())

    def test_none_is_made_for_an_account_that_does_not_exist(self):
        done = subprocess.run([PORTICO, "keys", "create", DESCRIPTION, "--store", self.server.store, "--account", "9" * 32],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no row", done.stderr)


class Schemas(Running):
    def test_one_that_is_not_there_is_misspelt(self):
        for command in (("maintenance", "on", "--message", "Down."), ("maintenance", "status"), ("keys", "list")):
            done = subprocess.run([PORTICO, *command, "--store", self.server.store, "--schema", "nope"], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn("there is no schema 'nope'", done.stderr)
        self.assertEqual(cluster.sql(self.server.database, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'nope%'")[0][0], "0")


class OtherWriters(Running):
    INSERT = ("INSERT INTO portico.orders SELECT (json_populate_record(o, json_build_object('id', '{0:032x}', 'mid', 'w-{0}'))).* "
              "FROM portico.orders o WHERE mid = 'A-01' AND merchant = '" + FIRST_ACCOUNT + "'")

    def test_counts_and_pages_follow_each_commit_at_once(self):
        session = self.session()
        connections = [self.connect() for _ in range(4)]
        expected = self.count(connections[0])
        for number in range(30):
            self.assertEqual(session.run(self.INSERT.format(number)), "")
            expected += 1
            for connection in connections:
                self.assertEqual(self.count(connection), expected)
                self.assertEqual(self.count(connection, "/orders?page_size=1&page=3"), expected)
                self.assertEqual(self.count(connection, "/orders?mid-startswith=w-"), number + 1)
        session.run("DELETE FROM portico.orders WHERE mid LIKE 'w-%'")
        self.assertEqual({self.count(connection) for connection in connections}, {expected - 30})

    def test_an_uncommitted_row_is_not_seen_and_a_committed_one_is(self):
        session, connection = self.session(), self.connect()
        before = self.count(connection)
        session.run("BEGIN")
        self.assertEqual(session.run(self.INSERT.format(1)), "")
        self.assertEqual(self.count(connection), before)
        session.run("COMMIT")
        self.assertEqual(self.count(connection), before + 1)

    def test_a_migrated_table_is_read_as_it_is_now(self):
        """Prepared statements must not outlive what they were prepared for."""
        session, connection = self.session(), self.connect()
        before = self.count(connection)
        session.run('ALTER TABLE portico.orders ADD COLUMN "more" integer; ALTER TABLE portico.orders ALTER COLUMN "customer__gender" TYPE integer')
        self.assertEqual(self.count(connection), before)
        self.assertEqual(self.get(connection, "/orders/A-01")[0].status, 200)


class GoneClients(Running):
    LOCK = "BEGIN; LOCK TABLE portico.orders IN ACCESS EXCLUSIVE MODE"
    LISTS = ("/orders", "/orders?customer-email-regex=x", "/orders?account-first_name-icontains=a")
    TARGETS = (*LISTS, "/orders/A-01")

    def ask(self, target):
        connection = wire.Connection("127.0.0.1", self.server.port)
        connection.send(wire.request_bytes("GET", target, "portico.test",
                                           [("Authorization", f"Bearer {self.server.variables['private_key']}")], b""))
        return connection

    def test_their_statements_end(self):
        """Long before query_timeout, which is 30 s here."""
        session = self.session()
        session.run(self.LOCK)
        for target in self.TARGETS:
            with self.subTest(target):
                asked = [self.ask(target) for _ in range(3)]
                self.assertTrue(eventually(lambda: self.active("wait_event_type = 'Lock'") > 0))
                for connection in asked:
                    connection.close()
                self.assertTrue(eventually(lambda: self.active() == 0, 5), "statements run for nobody")
        session.run("ROLLBACK")
        self.assertEqual(self.get(self.connect(), "/orders")[0].status, 200)

    def test_nobody_else_suffers_from_it(self):
        """Those who share a connection to PostgreSQL with a statement that is cancelled get their answers."""
        session, failures, ended = self.session(), [], threading.Event()

        def others():
            connection = self.connect()
            while not ended.is_set():
                answer, body = self.get(connection, "/customers?page_size=2")
                if answer.status != 200:
                    failures.append((answer.status, body))

        threads = [threading.Thread(target=others) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            session.run(self.LOCK)
            for turn in range(15):
                asked = self.ask(self.LISTS[turn % len(self.LISTS)])
                self.assertTrue(eventually(lambda: self.active("wait_event_type = 'Lock'") > 0))
                asked.close()
                self.assertTrue(eventually(lambda: self.active("wait_event_type = 'Lock'") == 0, 5))
            session.run("ROLLBACK")
        finally:
            ended.set()
            for thread in threads:
                thread.join()
        self.assertEqual(failures[:3], [])

    def test_a_locked_table_holds_up_only_those_who_ask_for_it(self):
        session = self.session()
        session.run(self.LOCK)
        asked = [self.ask(target) for target in ("/orders", "/orders/A-01", "/orders/A-01")]
        self.assertTrue(eventually(lambda: self.active("wait_event_type = 'Lock'") > 0))
        for path in ("/customers?page_size=2", "/me", "/articles") * 4:
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=5)
            self.addCleanup(connection.close)
            try:
                self.assertEqual(self.get(connection, path)[0].status, 200, path)
            except TimeoutError:
                self.fail(f"{path} waits for a lock on orders")
        session.run("ROLLBACK")
        for connection in asked:
            self.assertEqual(connection.read_answer("GET").status, 200)
            connection.close()


class Hosts(Running):
    def serve(self, store, *options):
        self.server.stop()
        self.server.store = store
        self.server.start(*options)
        return self.connect()

    def test_the_first_that_answers_is_taken(self):
        dead = postgres.free_port()
        name, user = self.server.database, f"{postgres.USER}:{postgres.PASSWORD_IN_URL}"
        for hosts in (f"127.0.0.1:{dead},127.0.0.1:{cluster.port}", f"127.0.0.1:{cluster.port},127.0.0.1:{dead}"):
            with self.subTest(hosts):
                connection = self.serve(f"postgres://{user}@{hosts}/{name}?connect_timeout=5")
                self.assertEqual(self.count(connection), 45)

    def test_over_a_socket(self):
        self.assertEqual(self.count(self.serve(cluster.socket_url(self.server.database))), 45)

    def test_hot_standby_serves_reads_and_exact_counts(self):
        with postgres.Standby(cluster) as standby:
            standby.catch_up()
            connection = self.serve(standby.url(self.server.database))
            expected = self.count(connection)
            session = self.session()
            for number in range(10):
                session.run(OtherWriters.INSERT.format(number))
                standby.catch_up()
                expected += 1
                self.assertEqual(self.count(connection), expected)
                self.assertEqual(self.count(connection, "/orders?page_size=2&page=4"), expected)
            self.server.store = cluster.url(self.server.database)  # keys are made on the primary
            key = self.keys("create", str(DESCRIPTION), "--account", FIRST_ACCOUNT)
            standby.catch_up()
            self.assertEqual(self.get(connection, "/orders", key["token"])[0].status, 200)
            self.keys("revoke", key["id"])
            standby.catch_up()
            self.assertEqual(self.get(connection, "/orders", key["token"])[0].status, 401)
            self.assertIsNone(self.server.stop())

    def test_a_standby_that_is_promoted_goes_on_serving(self):
        with postgres.Standby(cluster) as standby:
            standby.catch_up()
            connection = self.serve(standby.url(self.server.database))
            expected = self.count(connection)
            self.assertEqual(standby.sql("postgres", "SELECT pg_promote()"), [["t"]])
            self.assertEqual(self.count(connection), expected)
            for number in range(3):
                standby.sql(self.server.database, OtherWriters.INSERT.format(number))
                expected += 1
                self.assertEqual(self.count(connection), expected)
            self.assertIsNone(self.server.stop())


class Tls(unittest.TestCase):
    """A cluster of its own that takes TLS only."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(postgres.Cluster())
        certificate, key = cls.cluster.folder / "cert.pem", cls.cluster.folder / "key.pem"
        cls.certificate = certificate
        for name, out, secret in (("right", certificate, key), ("other", cls.cluster.folder / "other.pem", cls.cluster.folder / "other.key")):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", secret, "-out", out], check=True, capture_output=True)
        for path in (certificate, key):
            cls.cluster.give(path)
        key.chmod(0o600)
        rules = cls.cluster.data / "pg_hba.conf"
        rules.write_text(rules.read_text().replace("host    all             all             127.0.0.1/32",
                                                   "hostssl all             all             127.0.0.1/32"))
        cls.cluster.configure(ssl="on", ssl_cert_file=certificate, ssl_key_file=key)
        cls.cluster.restart()

    def setUp(self):
        self.server = Portico(PORTICO, DEMO, DESCRIPTION, ROWS, self.cluster)
        self.addCleanup(self.server.remove)
        self.addCleanup(self.server.stop)
        self.address = self.server.store

    def test_it_is_used_and_checked(self):
        for mode in ("sslmode=require", f"sslmode=verify-full&sslrootcert={self.certificate}"):
            with self.subTest(mode):
                self.server.store = f"{self.address}?{mode}"
                if not self.server.variables:
                    self.server.load()
                self.server.start()
                answer = wire.get("127.0.0.1", self.server.port, "/orders",
                                  [("Authorization", f"Bearer {self.server.variables['private_key']}")])
                self.assertEqual(answer.status, 200)
                used = self.cluster.sql("postgres", "SELECT bool_and(ssl), count(*) > 0 FROM pg_stat_ssl JOIN pg_stat_activity "
                                                    "USING (pid) WHERE usename = 'portico'")
                self.assertEqual(used, [["t", "t"]])
                self.assertIsNone(self.server.stop())

    def test_what_is_not_trusted_or_not_encrypted_is_refused(self):
        for mode, words in ((f"sslmode=verify-full&sslrootcert={self.cluster.folder}/other.pem", "certificate verify failed"),
                            ("sslmode=disable", "no encryption")):
            with self.subTest(mode):
                done = subprocess.run([PORTICO, "serve", DESCRIPTION, "--store", f"{self.address}?{mode}", "--port", "0"],
                                      capture_output=True, text=True, check=False, timeout=WAIT_SECONDS)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(words, done.stderr)
                self.assertNotIn(postgres.PASSWORD, done.stderr)


class Refusals(unittest.TestCase):
    """What is wrong with a database is said at the start, and how to mend it."""

    def refused(self, store, command="serve", status=1):
        options = ["--port", "0"] if command == "serve" else []
        done = subprocess.run([PORTICO, command, DESCRIPTION, "--store", store, *options], capture_output=True, text=True,
                              check=False, timeout=WAIT_SECONDS)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        for secret in (postgres.PASSWORD, postgres.PASSWORD_IN_URL, "wrong-one"):
            self.assertNotIn(secret, done.stdout + done.stderr)
        self.assertNotRegex(done.stderr, "(?i)terminate called|exception|assert")
        return done.stderr

    def database(self, options=""):
        name = cluster.create_database(options=options)
        self.addCleanup(cluster.drop_database, name)
        return name

    def test_a_wrong_password(self):
        store = cluster.url(self.database()).replace(postgres.PASSWORD_IN_URL, "wrong-one")
        for command in ("serve", "migrate"):
            self.assertIn("password authentication failed", self.refused(store, command))

    def test_a_database_that_does_not_exist(self):
        for command in ("serve", "migrate"):
            self.assertIn('database "nowhere" does not exist', self.refused(cluster.url("nowhere"), command))

    def test_a_database_in_another_encoding(self):
        name = self.database("TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc")
        for command in ("serve", "migrate"):
            text = self.refused(cluster.url(name), command)
            self.assertIn("LATIN1", text)
            self.assertIn("UTF8", text)

    def test_a_database_without_the_schema(self):
        name = self.database()
        text = self.refused(cluster.url(name))
        self.assertIn("portico", text)
        self.assertIn("portico migrate", text)

    def test_a_first_migration_says_nothing_on_standard_error(self):
        done = subprocess.run([PORTICO, "migrate", DESCRIPTION, "--store", cluster.url(self.database()), "--yes"], capture_output=True,
                              text=True, check=False, timeout=WAIT_SECONDS)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_column_that_is_missing(self):
        server = Portico(PORTICO, DEMO, DESCRIPTION, ROWS, cluster, keys={})
        self.addCleanup(server.remove)
        server.load()
        cluster.sql(server.database, 'ALTER TABLE portico_sandbox.orders DROP COLUMN "event_date"')
        text = self.refused(server.store)
        self.assertRegex(text, r"orders\.event_date")
        self.assertIn("portico migrate", text)

    def test_an_address_that_is_none(self):
        for store, words, status in (("postgres://[", "host", 2), ("postgres://x@y:port/z", "port", 1), ("postgresq://x", "sqlite:", 2),
                                     ("postgres://u@h/d?nonsense=1", "nonsense", 2)):
            self.assertIn(words, self.refused(store, status=status))

    def test_no_permission_for_a_table(self):
        server = Portico(PORTICO, DEMO, DESCRIPTION, ROWS, cluster)
        self.addCleanup(server.remove)
        server.load()
        cluster.sql(server.database, f"ALTER TABLE portico.customers OWNER TO {postgres.ADMIN}; REVOKE ALL ON portico.customers FROM portico")
        self.assertRegex(self.refused(server.store), r"permission denied.*customers|customers.*(permission|may not|SELECT)")


class Order(Running):
    TEXTS = ("a", "B", "Z", "z", "é", "_", "~", "ß", "A", "10", "9", " x", "\U0001f642", "\uffff", "ab", "a b", "a-b")

    def test_text_is_ordered_by_bytes_whatever_the_database_prefers(self):
        session = self.session()
        self.assertEqual(session.run("SELECT daticulocale FROM pg_database WHERE datname = current_database()"), "en-US\n")
        values = ", ".join(f"('{number:032x}', '{text}')" for number, text in enumerate(self.TEXTS))
        self.assertEqual(session.run(
            "CREATE TEMPORARY TABLE one AS SELECT * FROM portico.articles LIMIT 1; DELETE FROM portico.articles; "
            f"UPDATE one SET merchant = '{FIRST_ACCOUNT}'; INSERT INTO portico.articles SELECT (json_populate_record("
            "one::text::portico.articles, json_build_object('id', v.id, 'mid', v.id, 'name', v.name))).* "
            f"FROM one, (VALUES {values}) v(id, name)"), "")
        self.assertNotEqual(session.run("SELECT string_agg(name, '' ORDER BY name COLLATE \"default\") FROM portico.articles").strip(),
                            "".join(sorted(self.TEXTS, key=str.encode)))
        for term, turned in (("name", False), ("-name", True)):
            _, body = self.get(self.connect(), f"/articles?ordering={term}&page_size=100")
            self.assertEqual([row["name"] for row in body["results"]], sorted(self.TEXTS, key=str.encode, reverse=turned))


if __name__ == "__main__":
    unittest.main()
