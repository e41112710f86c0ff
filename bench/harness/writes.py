"""Durable inserts, each acknowledged when it would survive a loss of power: through all of Portico, and by what commits each of
them alone: SQLite itself, one commit after the other; pgbench with PostgreSQL. Nothing is pinned: all take what cores there are."""

import contextlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from harness import insert_alone, measure, postgres, servers
from harness.scenarios import STORES

NAME = "durable inserts"
ACCOUNT = "a1" * 16
NOTE = "x" * 1000
PORTICO, EACH, ALONE, PGBENCH = "Portico", "Portico, one commit each", "plain SQLite, one commit each", "pgbench, the same INSERT"
ROW_NAMES = {PORTICO: f"**{PORTICO}**", EACH: EACH, ALONE: f"*{ALONE}*", PGBENCH: f"*{PGBENCH}*"}
ONE_EACH = "limits: {changes_per_commit: 1}\n"
SLOWER_MS = 2


class WritesError(Exception):
    pass


@dataclass(frozen=True)
class Case:
    store: str
    subject: str
    clients: int
    slower_ms: int = 0  # that each sync takes longer than the disk needs

    def disk(self):
        return f"as it is, and {self.slower_ms} ms more" if self.slower_ms else "as it is"

    def title(self):
        slower = f", syncs {self.slower_ms} ms slower" if self.slower_ms else ""
        return f"{NAME}, {STORES[self.store]}{slower}, {self.clients} client{'s' if self.clients > 1 else ''}: {self.subject}"

    def place(self):
        """What a Place is made for."""
        return self.store, self.subject == EACH, self.slower_ms


@dataclass
class Sample:
    per_second: float
    latency_ms: dict  # {50: …, 99: …}


@dataclass
class Result:
    case: Case
    samples: list = field(default_factory=list)

    def per_second(self):
        return statistics.median(sample.per_second for sample in self.samples)

    def latency(self, percentile):
        return statistics.median(sample.latency_ms[percentile] for sample in self.samples)


CASES = (Case("sqlite", PORTICO, 1), *(Case("sqlite", subject, clients, slower) for slower in (0, SLOWER_MS)
                                       for subject, clients in ((PORTICO, 32), (EACH, 32), (ALONE, 1))),
         Case("postgres", PORTICO, 1), Case("postgres", PORTICO, 32), Case("postgres", PGBENCH, 32))

# (words, at least, above, below)
GOALS = (
    ("SQLite, durable inserts, 32 clients: Portico / one commit per request", 8,
     Case("sqlite", PORTICO, 32), Case("sqlite", EACH, 32)),
    ("the same / plain SQLite in a loop, one commit each", 8, Case("sqlite", PORTICO, 32), Case("sqlite", ALONE, 1)),
    (f"SQLite, durable inserts, 32 clients, a disk that is {SLOWER_MS} ms slower: Portico / one commit per request", 8,
     Case("sqlite", PORTICO, 32, SLOWER_MS), Case("sqlite", EACH, 32, SLOWER_MS)),
    ("the same / plain SQLite in a loop, one commit each", 8,
     Case("sqlite", PORTICO, 32, SLOWER_MS), Case("sqlite", ALONE, 1, SLOWER_MS)),
    ("PostgreSQL, durable inserts: Portico / pgbench with the same INSERT, 32 clients each", 0.5,
     Case("postgres", PORTICO, 32), Case("postgres", PGBENCH, 32)),
)


def is_asked_for(arguments):
    return arguments.only in NAME


def _sample(seconds_each, elapsed):
    ordered = sorted(seconds_each)
    if not ordered:
        raise WritesError("nothing was inserted")
    return Sample(len(ordered) / elapsed, {percent: ordered[int((len(ordered) - 1) * percent / 100)] * 1000 for percent in (50, 99)})


class Place:
    """A store of its own with the table, a key, and a Portico on it. Start with `with`."""

    def __init__(self, root, arguments, store, one_each=False, slower_ms=0):
        self.root, self.arguments, self.store, self.one_each = root, arguments, store, one_each
        self.environment = dict(os.environ)
        if slower_ms:
            self.environment |= {"LD_PRELOAD": str(arguments.build / "portico-bench-slow-syncs.so"),
                                 "SLOW_SYNCS_MICROSECONDS": str(slower_ms * 1000)}
        self.ends = contextlib.ExitStack()
        self.cluster = None

    def __enter__(self):
        try:
            self.prepare()
        except BaseException:
            self.ends.close()
            raise
        return self

    def __exit__(self, *_):
        self.ends.close()

    def prepare(self):
        # On the disk that holds the data, not in /tmp, which may be memory.
        self.arguments.data.mkdir(parents=True, exist_ok=True)
        self.directory = Path(self.ends.enter_context(tempfile.TemporaryDirectory(prefix="writes-", dir=self.arguments.data)))
        if self.store == "sqlite":
            self.address = f"sqlite:{self.directory / 'store'}"
        else:
            self.cluster = self.ends.enter_context(postgres.Cluster())
            self.cluster.create_database(postgres.DATABASE)
            self.address = self.cluster.address()
        rows = self.directory / "rows.jsonl"
        rows.write_text("".join(json.dumps({"resource": "shops", "mode": mode, "owner": ACCOUNT, "row": {"id": ACCOUNT}}) + "\n"
                                for mode in ("production", "sandbox")), encoding="utf-8")
        text = (self.root / "bench" / "writes" / "api.yaml").read_text(encoding="utf-8")
        (self.directory / "api.yaml").write_text(text + (ONE_EACH if self.one_each else ""), encoding="utf-8")
        description = str(self.directory / "api.yaml")
        self.run("portico-demo", description, "--store", self.address, "--rows", str(rows))
        made = self.run("portico", "keys", "create", description, "--store", self.address, "--account", ACCOUNT, "--json")
        self.token = json.loads(made)["token"]
        self.port = servers.free_port()
        log = self.directory / "portico.log"
        with log.open("wb") as output:
            process = subprocess.Popen([str(self.arguments.build / "portico"), "serve", description, "--store", self.address, "--port",
                                        str(self.port), "--log", "none"], cwd=self.root, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                       env=self.environment)
        self.ends.callback(self.end, process)
        servers.await_listening(process, f"Portico on {STORES[self.store]}", self.port, log)

    def run(self, program, *arguments):
        done = subprocess.run([str(self.arguments.build / program), *arguments], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise WritesError(f"{program} {' '.join(arguments)}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    @staticmethod
    def end(process):
        process.terminate()
        process.wait(timeout=30)

    def sample(self, case):
        before = self.rows()
        taken, inserted = {PORTICO: self.through_portico, EACH: self.through_portico, ALONE: self.alone, PGBENCH: self.by_pgbench}[case.subject](case.clients)
        if self.rows() - before < inserted:
            raise WritesError(f"{case.title()}: {inserted} inserts, {self.rows() - before} rows more")
        return taken

    def rows(self):
        if self.cluster:
            return int(self.cluster.long_sql("SELECT count(*) FROM portico.entries")[0][0])
        with contextlib.closing(sqlite3.connect(self.directory / "store" / "production.db")) as database:
            return database.execute("SELECT count(*) FROM entries").fetchone()[0]

    # Each: (Sample, how many were inserted)

    def through_portico(self, clients):
        command = ["wrk", "-t1", f"-c{clients}", f"-d{self.arguments.seconds}s", "--timeout", "20s", "--latency", "-H",
                   "Content-Type: application/json", "-H", f"Authorization: Bearer {self.token}", "-s",
                   str(Path(__file__).with_name("insert.lua")), f"http://127.0.0.1:{self.port}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise WritesError(f"wrk: {done.stderr or done.stdout}")
        requests, seconds, _, latency = measure.parse_wrk(done.stdout)
        if requests == 0:
            raise WritesError("wrk: nothing was answered")
        return Sample(requests / seconds, {percent: latency[percent] for percent in (50, 99)}), requests

    def alone(self, _clients):
        command = [sys.executable, str(Path(insert_alone.__file__)), str(self.directory / "store" / "production.db"),
                   str(self.arguments.seconds), ACCOUNT, NOTE]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self.environment)
        if done.returncode != 0:
            raise WritesError(f"plain SQLite: {done.stderr.strip()}")
        took = json.loads(done.stdout)
        return _sample(took, sum(took)), len(took)

    def by_pgbench(self, clients):
        """In the protocol that Portico uses: prepared. Ids as Portico makes them: the milliseconds first."""
        made = "lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 19)"
        values = f"{made}, '{ACCOUNT}', :client_id || '-' || :total, :total, '{NOTE}', now()"
        script = self.directory / "insert.sql"
        script.write_text(f"\\set total random(0, 99999)\nINSERT INTO portico.entries ({', '.join(insert_alone.COLUMNS)}) VALUES ({values});\n",
                          encoding="utf-8")
        for old in self.directory.glob("pgbench_log.*"):
            old.unlink()
        command = [str(postgres.BIN / "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(self.arguments.seconds),
                   "-f", str(script), "-l", "--log-prefix", str(self.directory / "pgbench_log"), "-h", str(self.cluster.folder), "-p",
                   str(self.cluster.port), "-U", postgres.USER, postgres.DATABASE]
        begun = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.directory, check=False)
        elapsed = time.monotonic() - begun
        if done.returncode != 0:
            raise WritesError(f"pgbench: {done.stderr.strip()}")
        took = [int(line.split()[2]) / 1e6 for file in self.directory.glob("pgbench_log.*") for line in file.read_text().splitlines()]
        rate = next((line for line in done.stdout.splitlines() if line.startswith("tps = ")), None)
        taken = _sample(took, elapsed)
        if rate:  # without the time that it takes to connect
            taken.per_second = float(rate.split()[2])
        return taken, len(took)


def run(root, arguments, say):
    """[Result], in turns. Raises WritesError."""
    cases = [case for case in CASES if case.store in arguments.stores]
    results = [Result(case) for case in cases]
    with contextlib.ExitStack() as ends:
        places = {place: ends.enter_context(Place(root, arguments, *place)) for place in {case.place(): None for case in cases}}
        for number in range(1, arguments.rounds + 1):
            say(f"Round {number} of {arguments.rounds}, {NAME}")
            for result in results:
                sample = places[result.case.place()].sample(result.case)
                result.samples.append(sample)
                say(f"  {result.case.title()}: {sample.per_second:,.0f}/s, p99 {sample.latency_ms[99]:.1f} ms")
    return results


def table_rows(results):
    """Cells, as texts."""
    for result in results:
        rates = [sample.per_second for sample in result.samples]
        yield [STORES[result.case.store], result.case.disk(), str(result.case.clients), ROW_NAMES[result.case.subject], f"{result.per_second():,.0f}",
               f"{min(rates):,.0f} - {max(rates):,.0f}", f"{result.latency(50):.2f}", f"{result.latency(99):.2f}"]


def goal_rows(results):
    """[(words, at least, ratio)] of those that were measured."""
    rates = {result.case: result.per_second() for result in results}
    return [(words, least, rates[above] / rates[below]) for words, least, above, below in GOALS if above in rates and below in rates]
