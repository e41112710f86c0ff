"""Rounds of measurements in turns: A B A B …, so that what disturbs the machine disturbs all alike."""

import contextlib
import re
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from harness import compare, floors, machine, postgres
from harness.scenarios import FASTIFY, FLOOR, paths_of

COMMITS_PER_SECOND = 10
WARM_SECONDS = 1
SETTLE_SECONDS = 30
QUIET_LOOKS = 4
PATHS_ASKED_BEFORE = 50  # scenarios of so many different requests ask each of them once before the clock runs


class MeasureError(Exception):
    pass


@dataclass
class Sample:
    """One measurement of one server."""
    per_second: float
    cpu_micros: float     # of the server's processor time for one request, its database's included
    busy: float           # the server's processor time over the clock's, for all of its cores
    latency_ms: dict      # {50: …, 99: …}; empty for a floor
    bytes_each: float


@dataclass
class Result:
    case: object
    samples: dict = field(default_factory=dict)  # {subject: [Sample]}

    def median(self, subject, what):
        return statistics.median(getattr(sample, what) for sample in self.samples[subject])

    def latency(self, subject, percentile):
        """Milliseconds; None for a floor."""
        values = [sample.latency_ms[percentile] for sample in self.samples[subject] if sample.latency_ms]
        return statistics.median(values) if values else None

    def extremes(self, subject):
        rates = [sample.per_second for sample in self.samples[subject]]
        return min(rates), max(rates)


UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4, "": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "B": 1}


def _number(text):
    digits, unit = re.fullmatch(r"([\d.]+)([a-zA-Z]*)", text).groups()
    return float(digits) * UNITS[unit]


def parse_wrk(output):
    """(requests, seconds, bytes, {percentile: ms}). Raises MeasureError where answers were lost or refused."""
    for complaint in ("Non-2xx", "Socket errors"):
        line = next((line for line in output.splitlines() if complaint in line), None)
        lost = line is not None and any(int(count) for count in re.findall(r"(?:connect|read|write|responses:) (\d+)", line))
        if lost:
            raise MeasureError(f"wrk: {line.strip()}")
    total = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m), ([\d.]+[KMG]?B) read", output)
    if not total:
        raise MeasureError("wrk said nothing that is understood:\n" + output)
    seconds = float(total[2]) * UNITS[total[3]] / 1e3
    latency = {int(p): _number(value) for p, value in re.findall(r"\s(\d\d)%\s+([\d.]+\w+)", output)}
    return int(total[1]), seconds, _number(total[4]), latency


def _wrk(server, case, connections, seconds):
    client = machine.client_cores(case.cores)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        command = [*machine.pinned(client), "wrk", f"-t{min(len(client), case.cores)}", f"-c{connections}", f"-d{seconds}s",
                   "--timeout", "20s", "--latency", "-H", f"Accept: {case.scenario.accept}", "-H",
                   f"Authorization: Bearer {server.token}"]
        url = f"http://127.0.0.1:{server.port}"
        paths = paths_of(case.scenario)
        if len(paths) > 1:
            file.write("\n".join(paths) + "\n")
            file.flush()
            command += ["-s", str(Path(__file__).with_name("rotate.lua")), url, "--", file.name]
        else:
            command.append(url + paths[0])
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MeasureError(f"wrk: {done.stderr or done.stdout}")
    return parse_wrk(done.stdout)


def _settle(running, cluster):
    """Waits until every server has done with what a client asked and did not wait for: it would slow the next one."""
    deadline = time.monotonic() + SETTLE_SECONDS
    quiet = 0
    while quiet < QUIET_LOOKS:
        if time.monotonic() > deadline:
            raise MeasureError(f"a server still works {SETTLE_SECONDS} seconds after the last request")
        time.sleep(0.02)
        busy = (cluster is not None and cluster.is_running()) or any(server.is_running() for server in running.values())
        quiet = 0 if busy else quiet + 1


class Measurer:
    """Takes samples of cases from running servers."""

    def __init__(self, site, running):
        self.site, self.running, self.arguments = site, running, site.arguments

    def prepare(self, case):
        """Quiet, and the database on the case's cores."""
        _settle(self.running, self.site.data.cluster)
        if case.store == "postgres":
            self.site.data.cluster.pin(case.cores)

    def warm(self, case, subject):
        if subject != FLOOR:
            self.prepare(case)
            _wrk(self.running[subject, case.store, case.cores], case, self.arguments.connections, WARM_SECONDS)

    def sample(self, case, subject):
        """Once more, and longer, where a server that answers slowly has answered nothing. Raises MeasureError."""
        for seconds in (self.arguments.seconds, 5 * self.arguments.seconds):
            self.prepare(case)
            found = self._floor(case, seconds) if subject == FLOOR else self._served(case, subject, seconds)
            if found is not None:
                return found
        raise MeasureError(f"{subject} answered nothing in {seconds} s: {case.title()}")

    def _ask_each_once(self, server, case):
        paths = paths_of(case.scenario) if case.scenario.paths else ()
        if len(paths) <= PATHS_ASKED_BEFORE:
            for path in paths:
                compare.fetch(server, path, case.scenario.accept)

    def _served(self, case, subject, seconds):
        server = self.running[subject, case.store, case.cores]
        self._ask_each_once(server, case)
        cpu, clock = server.cpu_seconds(), time.monotonic()
        requests, measured, read, latency = _wrk(server, case, self.arguments.connections, seconds)
        cpu, clock = server.cpu_seconds() - cpu, time.monotonic() - clock
        if requests == 0:
            return None
        return Sample(per_second=requests / measured, cpu_micros=cpu / requests * 1e6, busy=cpu / clock / case.cores,
                      latency_ms=latency, bytes_each=read / requests)

    def _floor(self, case, seconds):
        cluster = self.site.data.cluster if case.store == "postgres" else None
        spent, sessions = (cluster.cpu_seconds(), cluster.sessions()) if cluster else (0.0, set())
        done = floors.run(self.site, case, seconds)
        cpu = done.cpu_seconds
        if cluster:
            cluster.await_end_of_others(sessions)
            cpu += cluster.cpu_seconds() - spent
        return Sample(per_second=done.requests / done.seconds, cpu_micros=cpu / done.requests * 1e6,
                      busy=cpu / done.seconds / case.cores, latency_ms={}, bytes_each=0)


@contextlib.contextmanager
def _connection(data, store):
    """A function that runs one statement and commits it."""
    if store == "sqlite":
        database = sqlite3.connect(data.directory / "production.db", isolation_level=None, timeout=10, check_same_thread=False)
        database.execute("PRAGMA synchronous = NORMAL")
        yield lambda sql, *binds: database.execute(sql, binds)
    else:
        import psycopg2  # Debian's; only PostgreSQL needs it
        cluster = data.cluster
        database = psycopg2.connect(host=str(cluster.folder), port=cluster.port, dbname=postgres.DATABASE, user=postgres.USER)
        database.autocommit = True
        cursor = database.cursor()
        yield lambda sql, *binds: cursor.execute(sql.replace("?", "%s").replace("orders", "portico.orders"), binds)
    database.close()


@contextlib.contextmanager
def _writer(data, store):
    """Commits a change to the database COMMITS_PER_SECOND times a second while the block runs."""
    stop = threading.Event()
    with _connection(data, store) as execute:
        def write():
            while not stop.wait(1 / COMMITS_PER_SECOND):
                execute("UPDATE orders SET tax_rate = tax_rate WHERE id = ?", data.ids[0])

        thread = threading.Thread(target=write)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def measure(site, cases, running, say):
    """[Result], one for each case. Raises MeasureError."""
    measurer = Measurer(site, running)
    results = [Result(case, {subject: [] for subject in case.subjects}) for case in cases]
    for case in cases:
        for subject in case.subjects:
            if not site.arguments.quick or subject == FASTIFY:  # Node compiles what runs often
                measurer.warm(case, subject)
    for number in range(1, site.arguments.rounds + 1):
        say(f"Round {number} of {site.arguments.rounds}")
        for result in results:
            case = result.case
            with _writer(site.data, case.store) if case.scenario.writes else contextlib.nullcontext():
                for subject in case.subjects:
                    sample = measurer.sample(case, subject)
                    result.samples[subject].append(sample)
                    say(f"  {case.title()}: {subject}: {sample.per_second:,.0f}/s, {sample.cpu_micros:,.1f} µs, "
                        f"{sample.busy:.0%} busy")
    return results
