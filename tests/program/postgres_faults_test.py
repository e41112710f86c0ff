"""PostgreSQL goes away, restarts, hangs, comes back, all of it under load: every answer is right, or a 503 within the deadline,
and two seconds after the database answers again everything is as before.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import os
import signal
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import wire  # noqa: E402
from harness.load import Load, eventually  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.server import ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
DESCRIPTION = ROOT / "apis/orders/api.yaml"
ROWS = ROOT / "tests/fixtures/orders.jsonl"
DEADLINE = 2  # query_timeout, seconds
LATE = DEADLINE + 1  # a request may also wait for its key: what is looked for is hanging
RECOVERY = 2  # seconds from the database's first answer to the last 503
WATCHED = 1.5  # seconds that must be without a fault after that
TARGETS = [
    "/orders", "/orders?page_size=3&page=5", "/orders?status=ok&ordering=-total_amount", "/orders/A-01", "/customers?page_size=100",
    "/orders?account-first_name-icontains=A", "/orders?account-email-regex=%40", "/orders?q=garc&page_size=2", "/articles", "/me",
    "/articles?name-search=a&ordering=price", "/orders?created-year=2016&page_size=1",
]
cluster = None


def setUpModule():
    global cluster
    cluster = unittest.enterModuleContext(Cluster())


class Faults(unittest.TestCase):
    """One server, with a short query_timeout, for each test; the database is there again after it."""

    def setUp(self):
        self.server = Portico(PORTICO, DEMO, DESCRIPTION, ROWS, cluster)
        self.addCleanup(self.server.remove)
        text = DESCRIPTION.read_text(encoding="utf-8")
        self.server.description = str(self.server.directory / "api.yaml")
        Path(self.server.description).write_text(f"limits: {{query_timeout: {DEADLINE}}}\n{text}", encoding="utf-8")
        self.server.load()
        self.server.start("--loops", "2")
        self.addCleanup(self.check_end)
        self.addCleanup(self.mend)

    def check_end(self):
        problem = self.server.stop()
        self.assertIsNone(problem, problem)

    @staticmethod
    def mend():
        if cluster.process is None:
            cluster.start()
        cluster.thaw()
        cluster.wait_until_ready()

    def fields(self):
        return [("Authorization", f"Bearer {self.server.variables['private_key']}")]

    def load(self):
        return Load(self.server.port, TARGETS, self.fields())

    def check_promises(self, load, back):
        """`back`: when a client of PostgreSQL first got an answer again."""
        self.assertEqual(load.faults()[:10], [], f"{len(load.faults())} of {len(load.samples)}")
        self.assertLess(load.slowest().took, LATE, load.slowest())
        self.assertLess(load.slowest_health().took, DEADLINE, "the health page needs no database: a loop stood still")
        after = load.sent_between(back + RECOVERY, float("inf"))
        self.assertGreater(len(after), 50)
        late = [sample for sample in after if sample.status != 200]
        self.assertEqual(late[:3], [], f"{len(late)} of {len(after)} after {RECOVERY} s, "
                                       f"the last at {late[-1].sent - back if late else 0:.2f} s")
        self.assertEqual(set(load.health_between(back + RECOVERY, float("inf"))), {200})

    def watch(self, load, back):
        """Lets the load run until all that is promised can be seen."""
        self.assertTrue(eventually(lambda: time.monotonic() > back + RECOVERY + WATCHED and load.sent_between(back + RECOVERY, back + 99)))

    def disturb(self, disturbance):
        """Runs the load around `disturbance`, which returns when the database answered again; the load."""
        with self.load() as load:
            back = disturbance(load)
            self.watch(load, back)
        self.check_promises(load, back)
        return load

    def start_again(self):
        cluster.start(wait=False)
        return cluster.wait_until_ready()

    def away_for(self, load, seconds):
        """Waits; the health page must tell in the last third of that time, and nobody can be served in all of it."""
        begun = time.monotonic()
        self.assertTrue(eventually(lambda: time.monotonic() > begun + seconds))
        self.assertEqual(set(load.health_between(begun + seconds * 2 / 3, float("inf"))), {503})
        self.assertEqual({sample.status for sample in load.sent_between(begun + 0.5, float("inf"))} - {503}, set())

    def test_a_fast_restart(self):
        def restart(_load):
            cluster.stop("fast")
            return self.start_again()

        self.disturb(restart)

    def test_an_immediate_restart(self):
        def restart(_load):
            cluster.stop("immediate")
            return self.start_again()

        self.disturb(restart)

    def test_the_postmaster_is_killed(self):
        def kill(_load):
            cluster.kill()
            return self.start_again()

        self.disturb(kill)

    def test_it_is_lost_for_five_seconds(self):
        def lose(load):
            cluster.stop("fast")
            self.away_for(load, 5)
            return self.start_again()

        load = self.disturb(lose)
        self.assertIn(503, {sample.status for sample in load.samples})

    def test_it_hangs_for_longer_than_the_deadline(self):
        def hang(load):
            cluster.freeze()
            self.away_for(load, 3 * DEADLINE)
            cluster.thaw()
            return cluster.wait_until_ready()

        load = self.disturb(hang)
        self.assertIn(503, {sample.status for sample in load.samples})

    def test_it_hangs_for_a_moment(self):
        """Shorter than the deadline, and a second time: whoever waited gets an answer, and it is the right one."""
        def hang(_load):
            for _ in range(2):
                cluster.freeze()
                time.sleep(DEADLINE / 2)
                cluster.thaw()
            return cluster.wait_until_ready()

        self.disturb(hang)

    def test_its_sessions_are_ended_one_after_the_other(self):
        """By an administrator, ten times: nothing of it need be seen but a 503 here and there."""
        def end(_load):
            for _ in range(10):
                cluster.sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portico'")
            return time.monotonic()

        self.disturb(end)

    def test_it_refuses_more_connections_and_takes_them_again(self):
        def refuse(load):
            cluster.sql("postgres", f'ALTER DATABASE "{self.server.database}" CONNECTION LIMIT 0')
            cluster.sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portico'")
            self.away_for(load, 2 * DEADLINE)
            cluster.sql("postgres", f'ALTER DATABASE "{self.server.database}" CONNECTION LIMIT -1')
            return time.monotonic()

        self.disturb(refuse)

    def ask_during_drain(self, statuses, begun):
        connection = wire.Connection("127.0.0.1", self.server.port)
        connection.send(wire.request_bytes("GET", "/orders?status=ok", "portico.test", self.fields(), b""))
        begun.wait()
        try:
            statuses.append(connection.read_answer("GET").status)
        except wire.WireError as error:
            statuses.append(str(error))
        connection.close()

    def test_term_drains_while_the_database_is_away(self):
        for away in (cluster.freeze, cluster.stop):
            with self.subTest(away.__name__):
                self.mend()
                wire.get("127.0.0.1", self.server.port, "/orders", self.fields())
                away()
                statuses, begun = [], threading.Barrier(5)
                threads = [threading.Thread(target=self.ask_during_drain, args=(statuses, begun)) for _ in range(4)]
                for thread in threads:
                    thread.start()
                begun.wait()
                self.server.process.send_signal(signal.SIGTERM)
                for thread in threads:
                    thread.join()
                self.assertEqual(set(statuses), {503})
                self.check_end()
                self.mend()
                self.server.start("--loops", "2")

    def test_a_start_without_a_database_says_so(self):
        self.server.stop()
        cluster.stop()
        done = subprocess.run([PORTICO, "serve", self.server.description, "--store", self.server.store, "--port", "0"],
                              capture_output=True, text=True, check=False, timeout=30)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, "(?i)connection refused")
        self.assertIn(str(cluster.port), done.stderr)
        cluster.start()
        self.server.start()


if __name__ == "__main__":
    unittest.main()
