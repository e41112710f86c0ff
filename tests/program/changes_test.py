"""Changes by many at once, and by a server that is killed: money is given back once, no change that was acknowledged is
lost, and none is made twice when its client asks again with its key. On both stores.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none).
KILLS: how many times the server is killed on each store (100). How soon it was ready again is printed: that it is within a second
is promised of a machine that does nothing else, and no test of a busy one."""

import json
import os
import random
import sqlite3
import statistics
import sys
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import wire  # noqa: E402
from harness.load import eventually  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.server import ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
KILLS = int(os.environ.get("KILLS", "100"))
DESCRIPTION = ROOT / "apis/orders/api.yaml"
ROWS = ROOT / "tests/fixtures/orders.jsonl"
ORDER = "A-02"  # confirmed, and not cancelled
TOTAL = 20 * 600 * KILLS  # more than all kills together let be given back
WRITERS = 8


class Changes:
    """One server for each test; what it does is the same on every store."""

    cluster = None

    def setUp(self):
        self.server = Portico(PORTICO, DEMO, DESCRIPTION, cluster=self.cluster)
        self.addCleanup(self.server.remove)
        self.server.rows = self.write_rows()
        self.server.load()
        self.ready_after = []  # seconds
        self.server.start("--loops", "2")
        self.addCleanup(self.check_end)

    def write_rows(self):
        """The fixture's, but the order costs TOTAL."""
        rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        for row in rows:
            if row["row"].get("mid") == ORDER:
                row["row"]["total_amount"] = TOTAL
        file = self.server.directory / "rows.jsonl"
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        return file

    def check_end(self):
        problem = self.server.stop()
        self.assertIsNone(problem, problem)

    def ask(self, method, body=None, key=None):
        return self.send(method, f"/orders/{ORDER}/refund", body, key)

    def send(self, method, target, body=None, key=None):
        """One request on a connection of its own; raises OSError or wire.WireError."""
        fields = [("Authorization", f"Bearer {self.server.variables['private_key']}")]
        if body is not None:
            fields.append(("Content-Type", "application/json"))
        if key is not None:
            fields.append(("Idempotency-Key", key))
        data = b"" if body is None else json.dumps(body).encode()
        connection = wire.Connection("127.0.0.1", self.server.port)
        try:
            connection.send(wire.request_bytes(method, target, "portico.test", fields, data))
            return connection.read_answer(method)
        finally:
            connection.close()

    def remaining(self):
        return json.loads(self.ask("GET").body)["remaining_amount"]

    def ask_at_once(self, count, body, key=None):
        together = threading.Barrier(count)

        def ask(_number):
            together.wait()
            return self.ask("POST", body, key)

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(ask, range(count)))

    def test_fifty_refunds_at_once_give_back_what_there_was(self):
        part = TOTAL // 20
        answers = self.ask_at_once(50, {"amount": part})
        made = sorted(json.loads(answer.body)["remaining_amount"] for answer in answers if answer.status == 200)
        self.assertEqual(made, [part * left for left in range(20)])
        # The last of it cancels the order: what comes later is refused for that.
        self.assertEqual({answer.status for answer in answers} - {200, 400, 403}, set())
        self.assertEqual(self.remaining(), 0)

    def test_fifty_requests_with_one_key_have_one_effect(self):
        answers = self.ask_at_once(50, {"amount": 7}, "the-same")
        self.assertEqual({answer.status for answer in answers} - {200, 409}, set())
        made = [answer for answer in answers if answer.status == 200]
        self.assertEqual({answer.body for answer in made}, {b'{"remaining_amount":%d}' % (TOTAL - 7)})
        self.assertEqual(len([answer for answer in made if answer.value("Idempotency-Replayed") is None]), 1)
        again = self.ask("POST", {"amount": 7}, "the-same")
        self.assertEqual((again.status, again.value("Idempotency-Replayed")), (200, "true"))
        self.assertEqual(self.ask("POST", {"amount": 8}, "the-same").status, 409)
        self.assertEqual(self.remaining(), TOTAL - 7)

    def test_many_rows_in_many_orders_at_once_are_made_once(self):
        terms = {"name": "n", "start_date": "2027-01-01T00:00:00Z", "interest": 0, "num_instalments": [1]}
        made = self.send("POST", "/me/campaigns", terms)
        self.assertEqual(made.status, 201, made.body)
        target = f"/me/campaigns/{json.loads(made.body)['id']}/articles"
        articles = [{"id": f"a{n}", "name": "x", "url": "https://x.example/"} for n in range(60)]
        together = threading.Barrier(WRITERS)

        def make(number):
            body = random.Random(number).sample(articles, len(articles))
            together.wait()
            return self.send("POST", target, body).status

        with ThreadPoolExecutor(WRITERS) as pool:
            answers = sorted(pool.map(make, range(WRITERS)))
        self.assertEqual(answers, [204] + [409] * (WRITERS - 1))

    def write_until_killed(self, name, acknowledged, in_doubt):
        """Refunds of 1, each with a key of its own, until the connection breaks."""
        for number in range(10_000):
            key = f"{name}-{number}"
            try:
                answer = self.ask("POST", {"amount": 1}, key)
            except (OSError, wire.WireError):
                in_doubt.append(key)
                return
            if answer.status != 200:
                in_doubt.append(key)
                return
            acknowledged.append(key)

    def kill_under_writers(self, number, chance):
        acknowledged, in_doubt = [], []
        writers = [threading.Thread(target=self.write_until_killed, args=(f"{number}-{writer}", acknowledged, in_doubt))
                   for writer in range(WRITERS)]
        for writer in writers:
            writer.start()
        wanted = chance.randrange(60)
        while len(acknowledged) < wanted and any(writer.is_alive() for writer in writers):
            writers[0].join(0.001)
        self.server.process.kill()
        self.server.process.wait()
        for writer in writers:
            writer.join()
        self.server.log.close()
        self.start_again()
        return acknowledged, in_doubt

    def start_again(self):
        """Until the health page says that all is well."""
        begun = time.monotonic()
        self.server.start("--loops", "2")
        self.assertTrue(eventually(lambda: wire.get("127.0.0.1", self.server.port, "/health", []).status == 200))
        self.ready_after.append(time.monotonic() - begun)

    def ask_until_known(self, key):
        """PostgreSQL may still be at work on what the killed server sent: 409 until it is done."""
        answers = []

        def is_known():
            answers.append(self.ask("POST", {"amount": 1}, key).status)
            return answers[-1] != 409

        self.assertTrue(eventually(is_known))
        self.assertEqual(answers[-1], 200)

    def test_what_was_acknowledged_before_a_kill_was_made_once(self):
        chance = random.Random(1)
        made = 0
        for number in range(KILLS):
            acknowledged, in_doubt = self.kill_under_writers(number, chance)
            left = self.remaining()
            self.assertLessEqual(left, TOTAL - made - len(acknowledged), "an acknowledged refund is lost")
            self.assertGreaterEqual(left, TOTAL - made - len(acknowledged) - len(in_doubt), "a refund was made twice")
            # Who does not know asks again, and so does one who knows: with its key it is made once.
            for key in in_doubt + acknowledged[-3:]:
                self.ask_until_known(key)
            made += len(acknowledged) + len(in_doubt)
            self.assertEqual(self.remaining(), TOTAL - made)
        self.assertGreater(made, KILLS)
        millis = [seconds * 1000 for seconds in self.ready_after]
        print(f"{type(self).__name__}: ready again after {statistics.median(millis):.0f} ms (median of {KILLS} kills), "
              f"{max(millis):.0f} ms at most", file=sys.stderr)


class OnSqlite(Changes, unittest.TestCase):
    def test_a_state_is_told_while_somebody_writes(self):
        with sqlite3.connect(self.server.data / "production.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            self.assertEqual(self.remaining(), TOTAL)
            other.execute("ROLLBACK")
        other.close()


class OnPostgres(Changes, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())


if __name__ == "__main__":
    unittest.main()
