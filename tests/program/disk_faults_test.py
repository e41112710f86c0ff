"""Disks that are full, read-only or broken under a server that changes data: changes are refused with 503, reads go on, nothing
is made by half, nothing that was acknowledged is lost, and all goes on once the disk is well again, without a restart. On SQLite with
a full disk, and with faults in the very calls that write (tests/support/faulty_files); on PostgreSQL with a full disk, and where the
server is a standby.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import json
import os
import shutil
import sqlite3
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import disks, postgres, wire  # noqa: E402
from harness.load import eventually  # noqa: E402
from harness.moves import COINS, PURSES, Movers  # noqa: E402
from harness.server import ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
FAULTY_FILES = Path(PORTICO).resolve().parent / "libfaulty_files.so"
DESCRIPTION = ROOT / "tests/fixtures/apis/purses.yaml"
ROWS = ROOT / "tests/fixtures/apis/purses.jsonl"
SMALL_MEGABYTES = 256  # far more than the movers write in a test: it is full only where the test fills it
LOG_MEGABYTES = 16
SINGLE_FAULTS = 8
HEALTH_ASKED = 16  # each on a connection of its own, which either loop may take: both are asked


try:
    disks.keep_mounts_to_ourselves()
    NO_MOUNTS = None
except disks.DiskError as error:
    NO_MOUNTS = str(error)

needs_mounts = unittest.skipIf(NO_MOUNTS, NO_MOUNTS)  # the same faults without a mount are planted, everywhere


class DiskFaults(unittest.TestCase):
    """One server for each test."""

    def begin(self, cluster=None, store=None):
        self.server = Portico(PORTICO, DEMO, DESCRIPTION, ROWS, cluster)
        self.addCleanup(self.server.remove)
        self.logs = ""

    def serve(self):
        self.server.start("--loops", "2")
        self.addCleanup(self.check_end)

    def check_end(self):
        problem = self.server.stop()
        self.assertIsNone(problem, problem)

    def health(self):
        answer = wire.get("127.0.0.1", self.server.port, "/health", [])
        return answer.status, json.loads(answer.body)["status"]

    def kill(self):
        self.server.process.kill()
        self.server.process.wait()
        self.logs += self.server.read_log()
        self.server.log.close()

    def wait_until(self, condition, words):
        self.assertTrue(eventually(condition, 30), words)

    def wait_for_health(self, condition):
        if not eventually(condition, 30):
            self.fail(f"the health page says {[self.health() for _ in range(HEALTH_ASKED)]}")

    def refuse(self, movers, plant):
        """Plants a fault, and waits until it has shown; since when."""
        plant()
        since = time.monotonic()
        self.assertTrue(movers.all_were_refused(since), "changes go on as if nothing were wrong")
        self.wait_for_health(lambda: self.health() == (200, "degraded"))
        self.assertTrue(movers.were_counted(since), "reads do not go on")
        return since

    def recover(self, movers):
        since = time.monotonic()
        self.assertTrue(movers.all_were_made(since), "changes do not go on")
        self.wait_for_health(self.is_well)

    def is_well(self):
        """On both loops: each finds its database again by itself."""
        return all(self.health() == (200, "ok") for _ in range(HEALTH_ASKED))

    def go_through(self, plant, mend, total=True):
        """`total`: nothing at all can be written while the fault lasts."""
        with Movers(self.server) as movers:
            self.recover(movers)
            since = self.refuse(movers, plant)
            mended = time.monotonic()
            mend()
            if total:  # what was asked for the first time while nothing could be written
                known = {move.name for move in movers.made + movers.refused if move.sent < since}
                made = [move for move in movers.made if since < move.sent < mended - 5 and move.name not in known]
                self.assertEqual(made, [])
            self.recover(movers)
            self.refuse(movers, plant)
            movers.may_be_down = True
            self.kill()
            mend()
            self.server.start("--loops", "2")
            movers.may_be_down = False
            self.recover(movers)
        self.check(movers)

    def check(self, movers):
        """All that was promised can be seen in the tables. Stops the server."""
        self.assertEqual(movers.faults[:10], [], f"{len(movers.faults)} faults; the log's lines of them: {self.log_of(movers.faults[:10])}")
        for move in movers.made[:: max(1, len(movers.made) // 20)]:
            again, connection = movers.move(None, move.name, move.name)
            connection.close()
            self.assertEqual(again.status, 201, "a retry with its key is not answered as before")
        problem = self.server.stop()
        self.assertIsNone(problem, problem)
        moves, purses = self.tables()
        self.check_tables(movers, moves, purses)

    def check_tables(self, movers, moves, purses):
        names = sorted(name for name, *_ in moves)
        keyed = [name for name in names if not name.startswith("once-")]
        self.assertEqual(keyed, sorted(move.name for move in movers.made), "moves were lost, or made twice")
        once = [name for name in names if name.startswith("once-")]
        self.assertEqual(len(once), len(set(once)))
        self.assertLessEqual({move.name for move in movers.once_made}, set(once), "an acknowledged move is lost")
        not_made = {move.name for move in movers.once_refused if self.nothing_was_made(move)}
        self.assertEqual(not_made & set(once), set(), "what was said not to be made was made")
        coins = {purse: COINS // len(PURSES) for purse in PURSES}
        for _, giver, taker, amount in moves:
            coins[giver] -= amount
            coins[taker] += amount
        self.assertEqual(coins, dict(purses), "a move was made by half")

    def log_of(self, faults):
        lines = (self.logs + self.server.read_log()).splitlines()
        return [line for line in lines if line.startswith("{") and any(json.loads(line).get("request", "-") in fault for fault in faults)]

    def nothing_was_made(self, move):
        """What the log says of a refusal; a server that was killed may not have written its last lines."""
        line = next((line for line in self.logs.splitlines() if move.request_id in line), None)
        if line is None:
            return False
        return not json.loads(line)["fault"].startswith("unknown")


class OnSqlite(DiskFaults):
    def setUp(self):
        self.begin()

    def faulty(self):
        """The files are on a disk whose faults are ours to plant."""
        self.files = disks.FaultyFiles(FAULTY_FILES, self.server.data, self.server.directory / "faults")
        self.server.load()
        self.server.environment = self.files.environment
        self.serve()

    def tables(self):
        self.logs += (self.server.directory / "log").read_text(encoding="utf-8", errors="replace")
        database = sqlite3.connect(self.server.data / "production.db")
        self.addCleanup(database.close)
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        return (database.execute("SELECT name, giver, taker, amount FROM moves").fetchall(),
                database.execute("SELECT id, coins FROM purses").fetchall())

    def go_through_planted(self, fault):
        self.faulty()
        self.go_through(lambda: self.files.plant(fault), self.files.mend)
        self.assertGreater(self.files.failed(), 0)

    @needs_mounts
    def test_a_full_disk(self):
        self.server.data.mkdir()
        disk = disks.SmallDisk(self.server.data, SMALL_MEGABYTES)
        self.addCleanup(disk.remove)
        self.server.load()
        self.serve()
        self.go_through(disk.fill, disk.free, total=False)

    def test_writes_that_find_no_room(self):
        self.go_through_planted("full")

    def test_a_disk_that_becomes_read_only(self):
        self.go_through_planted("read-only")

    def test_writes_that_fail(self):
        self.go_through_planted("write")

    def test_writes_that_are_cut_short(self):
        self.go_through_planted("short")

    def test_syncs_that_fail(self):
        self.go_through_planted("sync")

    def test_one_sync_that_fails_and_a_kill(self):
        """What a failed commit has left in the log must not come true by the recovery."""
        self.faulty()
        with Movers(self.server) as movers:
            for _ in range(SINGLE_FAULTS):
                self.recover(movers)
                movers.refusal.clear()
                while not movers.refusal.is_set():
                    self.files.plant("sync", times=1)
                    movers.refusal.wait(0.2)
                self.files.plant("full")  # nothing takes the place of what was left, until the log says what became of it
                refused = movers.once_refused[-1].request_id
                self.wait_until(lambda: refused in self.server.read_log(), "the refusal is not in the log")
                movers.may_be_down = True
                self.kill()
                self.files.mend()
                self.server.start("--loops", "2")
                movers.may_be_down = False
            self.recover(movers)
        self.check(movers)
        self.assertGreater(sum(self.nothing_was_made(move) for move in movers.once_refused), SINGLE_FAULTS // 2)


class SmallCluster(postgres.Cluster):
    """A PostgreSQL whose data are on a small disk."""

    def initialise(self):
        self.disk = disks.SmallDisk(self.folder, SMALL_MEGABYTES)
        super().initialise()

    def remove(self):
        """What is mounted cannot be removed, and what is not is gone already."""
        try:
            super().remove()
        finally:
            if self.disk:
                self.disk.remove()
                self.disk = None
                shutil.rmtree(self.folder)

    disk = None


class SmallLogCluster(SmallCluster):
    """The same for its log of changes alone, whose files are small."""

    def initialise(self):
        log = self.folder / "log-of-changes"
        log.mkdir()
        self.disk = disks.SmallDisk(log, LOG_MEGABYTES)
        self.give(log)
        self.initdb_options = ("--wal-segsize=1", f"--waldir={log}")
        postgres.Cluster.initialise(self)

    def start_if_ended(self):
        """It ends where it cannot recover."""
        if not eventually(lambda: self.process.poll() is not None or self.answers()):
            raise postgres.PostgresError(f"PostgreSQL neither recovers nor ends:\n{self.read_log()}")
        if self.process.poll() is not None:
            self.start()


class OnPostgres(DiskFaults):
    def tables(self):
        self.logs += (self.server.directory / "log").read_text(encoding="utf-8", errors="replace")
        database = self.server.database
        moves = self.cluster.sql(database, "SELECT name, giver, taker, amount FROM portico.moves")
        return ([(name, giver, taker, int(amount)) for name, giver, taker, amount in moves],
                [(purse, int(coins)) for purse, coins in self.cluster.sql(database, "SELECT id, coins FROM portico.purses")])

    @needs_mounts
    def test_a_full_disk(self):
        # Segments of the log are there beforehand: what finds no room is a table, and PostgreSQL stays up.
        self.cluster = self.enterContext(SmallCluster({"min_wal_size": "96MB", "max_wal_size": "96MB", "autovacuum": "off"}))
        self.begin(self.cluster)
        self.server.load()
        for _ in range(5):
            self.cluster.sql("postgres", "SELECT pg_switch_wal(); CREATE TABLE IF NOT EXISTS public.t (n int); INSERT INTO public.t VALUES (1)")
        self.cluster.sql("postgres", "CHECKPOINT")
        self.serve()
        self.go_through(self.cluster.disk.fill, self.cluster.disk.free, total=False)

    @needs_mounts
    def test_a_disk_too_full_for_the_log(self):
        """PostgreSQL itself breaks down, and is started again when there is room."""
        self.cluster = self.enterContext(SmallLogCluster({"min_wal_size": "2MB", "max_wal_size": "4MB"}))
        self.begin(self.cluster)
        self.server.load()
        self.serve()
        with Movers(self.server) as movers:
            self.recover(movers)
            movers.may_be_down = True
            self.cluster.sql("postgres", "SELECT pg_create_physical_replication_slot('held', true)")  # no file is used again
            self.cluster.disk.fill()
            self.wait_until(lambda: "PANIC" in self.cluster.read_log(), "PostgreSQL is well")
            self.assertTrue(movers.all_were_refused(time.monotonic()))
            self.cluster.disk.free()
            self.cluster.start_if_ended()
            self.cluster.sql("postgres", "SELECT pg_drop_replication_slot('held')")
            self.recover(movers)
            movers.may_be_down = False
        self.check(movers)

    def test_a_standby_takes_changes_once_it_is_promoted(self):
        primary = self.enterContext(postgres.Cluster())
        self.begin(primary)
        self.server.load()
        with postgres.Standby(primary) as standby:
            standby.catch_up()
            self.cluster = standby
            self.server.store = standby.url(self.server.database)
            self.serve()
            with Movers(self.server) as movers:
                self.refuse(movers, lambda: None)
                self.assertEqual(movers.made, [])
                self.assertEqual(standby.sql("postgres", "SELECT pg_promote()"), [["t"]])
                self.recover(movers)
            self.check(movers)


if __name__ == "__main__":
    unittest.main()
