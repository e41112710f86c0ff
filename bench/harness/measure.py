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

from harness import machine

COMMITS_PER_SECOND = 10
WARM_SECONDS = 1
SETTLE_SECONDS = 30
QUIET_LOOKS = 4


class MeasureError(Exception):
    pass


@dataclass
class Sample:
    """One measurement of one server."""
    per_second: float
    cpu_micros: float     # of the server's processor time for one request
    busy: float           # the server's processor time over the clock's
    latency_ms: dict      # {50: …, 99: …}
    bytes_each: float


@dataclass
class Result:
    scenario: object
    samples: dict = field(default_factory=dict)  # {subject: [Sample]}

    def median(self, subject, what):
        return statistics.median(getattr(sample, what) for sample in self.samples[subject])

    def latency(self, subject, percentile):
        return statistics.median(sample.latency_ms[percentile] for sample in self.samples[subject])

    def extremes(self, subject):
        rates = [sample.per_second for sample in self.samples[subject]]
        return min(rates), max(rates)

    def ratio(self, subject="portico", peer="django"):
        return self.median(subject, "per_second") / self.median(peer, "per_second") if peer in self.samples else None


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


def _wrk(server, scenario, token, arguments, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as paths:
        command = [*machine.pinned(machine.CLIENT_CORE), "wrk", "-t1", f"-c{arguments.connections}", f"-d{seconds}s",
                   "--timeout", "20s", "--latency", "-H", f"Accept: {scenario.accept}", "-H", f"Authorization: Bearer {token}"]
        url = f"http://127.0.0.1:{server.port}"
        if len(scenario.paths) > 1:
            paths.write("\n".join(scenario.paths) + "\n")
            paths.flush()
            command += ["-s", str(Path(__file__).with_name("rotate.lua")), url, "--", paths.name]
        else:
            command.append(url + scenario.paths[0])
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MeasureError(f"wrk: {done.stderr or done.stdout}")
    return parse_wrk(done.stdout)


def _settle(running):
    """Waits until every server has done with what a client asked and did not wait for: it would slow the next one."""
    deadline = time.monotonic() + SETTLE_SECONDS
    quiet = 0
    while quiet < QUIET_LOOKS:
        if time.monotonic() > deadline:
            raise MeasureError(f"a server still works {SETTLE_SECONDS} seconds after the last request")
        time.sleep(0.05)
        quiet = 0 if any(server.is_running() for server in running.values()) else quiet + 1


def _sample(running, name, scenario, token, arguments):
    """Once more, and longer, where a server that answers slowly has answered nothing."""
    server = running[name]
    for seconds in (arguments.seconds, 5 * arguments.seconds):
        _settle(running)
        cpu, clock = server.cpu_seconds(), time.monotonic()
        requests, measured, read, latency = _wrk(server, scenario, token, arguments, seconds)
        cpu, clock = server.cpu_seconds() - cpu, time.monotonic() - clock
        if requests > 0:
            return Sample(per_second=requests / measured, cpu_micros=cpu / requests * 1e6, busy=cpu / clock,
                          latency_ms=latency, bytes_each=read / requests)
    raise MeasureError(f"{server.name} answered nothing in {measured:.1f} s: {scenario.name}")


@contextlib.contextmanager
def _writer(store):
    """Commits a change to the database COMMITS_PER_SECOND times a second while the block runs."""
    stop = threading.Event()

    def write():
        database = sqlite3.connect(store.directory / "production.db", isolation_level=None, timeout=10)
        database.execute("PRAGMA synchronous = NORMAL")
        while not stop.wait(1 / COMMITS_PER_SECOND):
            database.execute("UPDATE orders SET tax_rate = tax_rate WHERE id = ?", (store.ids[0],))
        database.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def measure(scenarios, running, store, arguments, say):
    """[Result], one for each scenario. Raises MeasureError."""
    results = [Result(scenario, {name: [] for name in scenario.subjects}) for scenario in scenarios]
    for result in results:
        for name in result.scenario.subjects:
            _wrk(running[name], result.scenario, store.token, arguments, WARM_SECONDS)
            _settle(running)
    for number in range(1, arguments.rounds + 1):
        say(f"Round {number} of {arguments.rounds}")
        for result in results:
            with _writer(store) if result.scenario.writes else contextlib.nullcontext():
                for name in result.scenario.subjects:
                    sample = _sample(running, name, result.scenario, store.token, arguments)
                    result.samples[name].append(sample)
                    say(f"  {result.scenario.name}: {name}: {sample.per_second:,.0f}/s, {sample.cpu_micros:,.1f} µs, "
                        f"{sample.busy:.0%} busy")
    return results
