"""Rates of keys across loops, maintenance, access tokens, and a fault of ours: on both stores.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import base64
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import wire  # noqa: E402
from harness.load import eventually  # noqa: E402
from harness.postgres import ADMIN, BIN, Cluster  # noqa: E402
from harness.server import ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
DESCRIPTION = ROOT / "tests/fixtures/apis/limits.yaml"
ROWS = ROOT / "tests/fixtures/apis/limits.jsonl"
RATES = re.compile(r"rates:\n(?:  .*\n)*")
FORM = ("Content-Type", "application/x-www-form-urlencoded")


class Limits:
    """One server for each test; what it does is the same on every store."""

    cluster = None

    def begin(self, rates="", seconds=60, loops="2"):
        """A server with these rates in place of the description's, and access tokens for so many seconds."""
        self.server = Portico(PORTICO, DEMO, DESCRIPTION, ROWS, self.cluster)
        self.addCleanup(self.server.remove)
        text = DESCRIPTION.read_text(encoding="utf-8")
        text = RATES.sub(f"rates: {rates}\n" if rates else "", text).replace("{seconds: 60}", f"{{seconds: {seconds}}}")
        self.server.description = str(self.server.directory / "api.yaml")
        Path(self.server.description).write_text(text, encoding="utf-8")
        self.server.load()
        self.server.start("--loops", loops)
        self.addCleanup(self.check_end, self.server)
        self.key = self.server.variables["private_key"]

    def check_end(self, server):
        problem = server.stop()
        self.assertIsNone(problem, problem)

    def connect(self, server=None):
        connection = wire.Connection("127.0.0.1", (server or self.server).port)
        self.addCleanup(connection.close)
        return connection

    @staticmethod
    def request(method, target, token, fields=(), body=b""):
        fields = [*fields, ("Authorization", f"Bearer {token}")] if token else fields
        return wire.request_bytes(method, target, "portico.test", fields, body)

    def ask(self, target, token=None, method="GET", fields=(), body=b"", server=None):
        """One request, on a connection of its own."""
        connection = wire.Connection("127.0.0.1", (server or self.server).port)
        try:
            connection.send(self.request(method, target, token, fields, body))
            return connection.read_answer(method)
        finally:
            connection.close()

    def command(self, *arguments):
        return subprocess.run([PORTICO, *arguments, "--store", self.server.store], capture_output=True, text=True,
                              check=False)

    def sql(self, text, database="production.db"):
        if self.cluster:
            return self.cluster.sql(self.server.database, text)
        connection = sqlite3.connect(self.server.data / database, timeout=20)
        try:
            rows = connection.execute(text).fetchall()
            connection.commit()
            return rows
        finally:
            connection.close()

    # Rates

    def test_a_bucket_is_one_for_all_loops_and_connections(self):
        self.begin("{private: {requests: 50, seconds: 86400}}", loops="3")
        together = threading.Barrier(8)

        def client(_number):
            together.wait()
            return [self.ask("/orders", self.key) for _ in range(20)]

        with ThreadPoolExecutor(8) as pool:
            answers = [answer for some in pool.map(client, range(8)) for answer in some]
        passed = [answer for answer in answers if answer.status == 200]
        refused = [answer for answer in answers if answer.status == 429]
        self.assertEqual((len(passed), len(refused)), (50, 110))
        self.assertEqual(sorted(int(answer.value("RateLimit-Remaining")) for answer in passed), list(range(50)))
        for answer in refused:
            self.assertEqual(answer.value("RateLimit-Remaining"), "0")
            self.assertIn(int(answer.value("Retry-After")), range(1, 86400 // 50 + 1))
            self.assertEqual(json.loads(answer.body)["error"]["type"], "TooManyRequestsException")
        # Another key has its own; the bucket is not that of the account; and a key that ends gets no 429.
        self.assertEqual(self.ask("/orders", self.server.variables["both_key"]).status, 200)
        revoked = self.command("keys", "revoke", self.key.split("_")[1])
        self.assertEqual(revoked.returncode, 0, revoked.stderr)
        answer = self.ask("/orders", self.key)
        self.assertEqual((answer.status, answer.value("RateLimit-Limit")), (401, None))

    def hold_writers(self):
        """Changes of orders wait until what comes back is called."""
        if self.cluster:
            return self.hold_table("SHARE ROW EXCLUSIVE")
        blocker = sqlite3.connect(self.server.data / "production.db", isolation_level=None, check_same_thread=False)
        blocker.execute("BEGIN IMMEDIATE")

        def release():
            blocker.execute("ROLLBACK")
            blocker.close()

        return release

    def hold_table(self, mode):
        psql = subprocess.Popen([BIN / "psql", "-X", "-q", "-A", "-t", "-h", self.cluster.folder, "-p",
                                 str(self.cluster.port), "-U", ADMIN, "-d", self.server.database],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                env=self.cluster.environment(), cwd=self.cluster.folder, **self.cluster.owner)
        psql.stdin.write(f"BEGIN; LOCK TABLE portico.orders IN {mode} MODE;\n\\echo held\n")
        psql.stdin.flush()
        self.assertEqual(psql.stdout.readline().strip(), "held")

        def release():
            psql.stdin.close()
            psql.stdout.close()
            psql.wait(20)

        return release

    def create(self, mid):
        return self.request("POST", "/orders", self.key, [("Content-Type", "application/json")],
                            json.dumps({"mid": mid, "amount": 1}).encode())

    def test_only_so_many_at_once_and_each_place_comes_back(self):
        self.begin("{private: {simultaneous: 3}}", loops="1")
        release = self.hold_writers()
        held = [self.connect() for _ in range(3)]
        for number, connection in enumerate(held):
            connection.send(self.create(f"H-{number}"))
        self.assertTrue(eventually(lambda: self.ask("/nothing", self.key).status == 429))
        refused = self.ask("/nothing", self.key)
        self.assertEqual((refused.status, refused.value("Retry-After")), (429, "1"))
        self.assertIn("3 requests under way", json.loads(refused.body)["error"]["message"])
        self.assertIsNone(refused.value("RateLimit-Limit"))
        self.assertEqual(self.ask("/orders", self.server.variables["other_private_key"]).status, 200)
        held[0].close()  # its change is made all the same, and its place is taken until then
        release()
        for connection in held[1:]:
            self.assertEqual(connection.read_answer("POST").status, 201)
        self.assertTrue(eventually(lambda: b"H-0" in self.ask("/orders", self.key).body))

        def three_at_once():
            connections = [self.connect() for _ in range(3)]
            for connection in connections:
                connection.send(self.request("GET", "/orders", self.key))
            return [connection.read_answer("GET").status for connection in connections]

        self.assertTrue(eventually(lambda: three_at_once() == [200] * 3))
        for _ in range(10):
            self.assertEqual(three_at_once(), [200] * 3)

    # Maintenance

    def maintenance(self, *arguments):
        done = self.command("maintenance", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def statuses(self, server=None):
        sandbox = [("Accept", "application/vnd.shop.sandbox.v1+json")]
        both = self.server.variables["both_key"]
        return [self.ask("/orders", self.key, server=server).status, self.ask("/orders", server=server).status,
                self.ask("/orders", both, fields=sandbox, server=server).status]

    def settle_at(self, expected, server=None):
        """Each loop reads anew within a second, and connections are spread over the loops."""
        self.assertTrue(eventually(lambda: all(self.statuses(server) == expected for _ in range(8)), 4))

    def test_maintenance_reaches_all_servers_and_survives_a_restart(self):
        self.begin()
        beside = Portico(PORTICO, DEMO, self.server.description, None, self.cluster, beside=self.server)
        self.addCleanup(beside.remove)
        beside.load()
        beside.start()
        self.addCleanup(self.check_end, beside)
        for server in (self.server, beside):
            self.assertEqual(self.statuses(server), [200, 401, 200])
        text = self.maintenance("on", "--message", "Back at <six>.", "--until", "2099-01-01T00:00:00Z")
        self.assertIn("until 2099-01-01T00:00:00.000000Z: Back at <six>.", text)
        for server in (self.server, beside):
            self.settle_at([503, 503, 503], server)
        answer = self.ask("/orders", fields=[("Accept", "application/xml")])
        self.assertEqual(answer.value("Content-Type"), "application/xml; charset=utf-8")
        self.assertIn(b"<message>Back at &lt;six&gt;.</message>", answer.body)
        self.assertGreater(int(answer.value("Retry-After")), 1_000_000)
        self.assertEqual(json.loads(self.ask("/api/orders").body), {"code": -1, "msg": "Back at <six>."})
        self.assertEqual(self.ask("/orders", method="OPTIONS").status, 503)
        self.assertEqual(self.ask("/health").status, 200)
        self.assertEqual(self.token(self.key).status, 503)
        self.check_end(self.server)
        self.server.start()
        self.assertEqual(self.statuses(), [503, 503, 503])
        self.maintenance("off")
        for server in (self.server, beside):
            self.settle_at([200, 401, 200], server)

    def test_maintenance_is_of_a_mode_and_its_commands_may_be_given_twice(self):
        self.begin()
        self.assertIn("production: served\nsandbox: served\n", self.maintenance("off"))
        for message in ("Soon.", "Sooner."):
            self.maintenance("on", "--message", message, "--mode", "sandbox")
        self.settle_at([200, 401, 503])
        answer = self.ask("/orders", self.server.variables["both_key"],
                          fields=[("Accept", "application/vnd.shop.sandbox.v1+json")])
        self.assertEqual(json.loads(answer.body)["error"]["message"], "Sooner.")
        self.assertEqual(answer.value("Retry-After"), "60")
        state = json.loads(self.maintenance("status", "--json"))
        self.assertEqual((state["production"], state["sandbox"]["message"], state["sandbox"]["until"]),
                         (None, "Sooner.", None))
        self.maintenance("off", "--mode", "production")
        self.assertEqual(json.loads(self.maintenance("status", "--json"))["sandbox"]["message"], "Sooner.")
        for arguments, words in ((("--message", " "), "is empty"), (("--message", "a\nb"), "one line"),
                                 (("--message", "a", "--until", "six"), "write it as"),
                                 (("--message", "a", "--until", "2001-01-01T00:00:00Z"), "has passed")):
            done = self.command("maintenance", "on", *arguments)
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stderr)

    # Access tokens

    def token(self, key, basic=False, **more):
        form = {"grant_type": "client_credentials", **more}
        fields = [FORM]
        if basic:
            pair = base64.b64encode(f"{key.split('_')[1]}:{key}".encode()).decode()
            fields.append(("Authorization", f"Basic {pair}"))
        else:
            form |= {"client_id": key.split("_")[1], "client_secret": key}
        return self.ask("/oauth/token", method="POST", fields=fields, body=urlencode(form).encode())

    def given(self, answer):
        self.assertEqual(answer.status, 200, answer.body)
        return json.loads(answer.body)["access_token"]

    def test_a_token_may_do_what_its_key_may_and_ends_with_it(self):
        self.begin("{private: {requests: 1000, seconds: 86400}}")
        answer = self.token(self.key, basic=True)
        body = json.loads(answer.body)
        self.assertEqual({**body, "access_token": ""}, {"access_token": "", "token_type": "Bearer", "expires_in": 60})
        self.assertEqual((answer.value("Cache-Control"), answer.value("Pragma")), ("no-store", "no-cache"))
        token = body["access_token"]
        self.assertRegex(token, r"^access_[0-9a-f]{32}_[0-9a-f]{64}$")
        listed = self.ask("/orders", token)
        self.assertEqual(listed.status, 200)
        self.assertEqual(listed.body, self.ask("/orders", self.key).body)
        left = int(listed.value("RateLimit-Remaining"))  # one bucket for both
        self.assertLess(int(self.ask("/orders", self.key).value("RateLimit-Remaining")), left)
        self.assertEqual(self.ask("/orders/B-1", token).status, 404)
        created = self.ask("/orders", token, "POST", [("Content-Type", "application/json")], b'{"mid": "T-1", "amount": 1}')
        self.assertEqual(created.status, 201, created.body)
        # Its key is for production.
        self.assertEqual(self.ask("/orders", token, fields=[("Accept", "application/vnd.shop.sandbox.v1+json")]).status, 403)
        self.assertNotIn(token.split("_")[1], self.command("keys", "list").stdout)
        self.command("keys", "rotate", self.key.split("_")[1])
        ended = self.ask("/orders", token)
        self.assertEqual(ended.status, 401)
        self.assertIn('error="invalid_token"', ended.value("WWW-Authenticate"))

    def test_a_token_for_reading_reads(self):
        self.begin()
        answer = self.token(self.key, scope="read")
        self.assertEqual(json.loads(answer.body)["scope"], "read")
        token = self.given(answer)
        self.assertEqual(self.ask("/orders/A-1", token).status, 200)
        self.assertEqual(self.ask("/orders/A-1", token, "HEAD").status, 200)
        refused = self.ask("/orders/A-1", token, "DELETE")
        self.assertEqual(refused.status, 403)
        self.assertIn('error="insufficient_scope"', refused.value("WWW-Authenticate"))
        self.assertEqual(self.ask("/orders/A-1", token).status, 200)

    def test_a_token_expires_and_old_ones_are_removed(self):
        self.begin(seconds=1)
        token = self.given(self.token(self.key))
        answers = []

        def has_expired():
            answers.append(self.ask("/orders", token))
            return answers[-1].status != 200

        self.assertTrue(eventually(has_expired))
        self.assertEqual(answers[-1].status, 401)
        self.assertIn("expired at", json.loads(answers[-1].body)["error"]["message"])
        self.assertIn('error="invalid_token"', answers[-1].value("WWW-Authenticate"))
        self.assertEqual(json.loads(self.ask("/api/orders", token).body)["code"], -2)
        tokens = "portico_access.tokens" if self.cluster else "portico_tokens"
        count = f"SELECT count(*) FROM {tokens}"
        self.assertEqual(int(self.sql(count, "access.db")[0][0]), 1)
        old = "expires = expires - interval '25 hours'" if self.cluster else "expires = expires - 90000000000"
        self.sql(f"UPDATE {tokens} SET {old}", "access.db")
        self.given(self.token(self.key))
        self.assertEqual(int(self.sql(count, "access.db")[0][0]), 1)

    def test_who_gets_no_token(self):
        self.begin()
        known = self.server.variables
        for key, status, error in ((known["public_key"], 400, "unauthorized_client"),
                                   (known["revoked_key"], 401, "invalid_client"),
                                   (known["expired_key"], 401, "invalid_client"),
                                   (self.key[:-1] + ("0" if self.key[-1] != "0" else "1"), 401, "invalid_client"),
                                   ("private_" + "0" * 16 + "_" + "0" * 64, 401, "invalid_client")):
            answer = self.token(key)
            self.assertEqual((answer.status, json.loads(answer.body)["error"]), (status, error), key)
            self.assertEqual(answer.value("WWW-Authenticate") is not None, status == 401)
            self.assertNotIn(key, answer.body.decode())
        token = self.given(self.token(self.key))
        self.assertEqual(json.loads(self.token(token).body)["error"], "invalid_client")
        self.assertEqual(json.loads(self.token(self.key, basic=True, client_id="0" * 16).body)["error"], "invalid_request")
        self.assertEqual(self.ask("/oauth/token", self.key).status, 405)
        secret = token.split("_")[2]
        self.assertNotIn(secret, self.server.read_log())
        if not self.cluster:
            kept = b"".join(file.read_bytes() for file in self.server.data.glob("access.db*"))
            self.assertNotIn(secret.encode(), kept)

    # A fault of ours

    def test_a_table_that_breaks_is_a_500_that_tells_nothing(self):
        self.begin()
        table = "portico.orders" if self.cluster else "orders"
        self.sql(f"ALTER TABLE {table} RENAME TO broken")
        for accept in ("application/json", "application/xml"):
            answer = self.ask("/orders", self.key, fields=[("Accept", accept)])
            self.assertEqual(answer.status, 500)
            self.assertEqual(answer.value("Content-Type"), f"{accept}; charset=utf-8")
            self.assertIn(b"ServerErrorException", answer.body)
            self.assertNotRegex(answer.body, rb"(?i)orders|broken|sql|table|select|relation|postgres")
            lines = []

            def is_logged(request_id=answer.value("X-Request-Id"), lines=lines):
                lines[:] = [line for line in self.server.read_log().splitlines() if request_id in line]
                return bool(lines)

            self.assertTrue(eventually(is_logged))
            entry = json.loads(lines[0])
            self.assertEqual(entry["status"], 500)
            self.assertIn("orders", entry["fault"])
        self.sql(f"ALTER TABLE {table.replace('orders', 'broken')} RENAME TO orders")
        self.assertTrue(eventually(lambda: self.ask("/orders", self.key).status == 200))


class OnSqlite(Limits, unittest.TestCase):
    pass


class OnPostgres(Limits, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())

    def test_the_place_of_a_client_that_went_away_comes_back(self):
        self.begin("{private: {simultaneous: 1}}")
        release = self.hold_table("ACCESS EXCLUSIVE")
        self.addCleanup(release)
        held = self.connect()
        held.send(self.request("GET", "/orders", self.key))
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        self.assertTrue(eventually(lambda: self.cluster.sql("postgres", waiting) == [["1"]]))
        self.assertEqual(self.ask("/nothing", self.key).status, 429)
        held.close()
        self.assertTrue(eventually(lambda: self.ask("/nothing", self.key).status == 404))


if __name__ == "__main__":
    unittest.main()
