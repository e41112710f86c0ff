"""A steady load on a Portico: several clients that keep their connections and check each answer against what it must be."""

import itertools
import json
import threading
import time
from dataclasses import dataclass

from . import wire

WAIT_SECONDS = 20
PAUSE_SECONDS = 0.002  # between two requests of a client: a load, and no race for the processor
HEALTH_SECONDS = 0.02


def eventually(condition, seconds=WAIT_SECONDS):
    """Whether `condition()` becomes true before the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return False


@dataclass
class Sample:
    """One answer: when its request was sent (time.monotonic()), how long it took, and what was wrong with it, if anything."""

    target: str
    sent: float
    took: float
    status: int
    fault: str = ""


def fault_of(answer, expected):
    """A right 200, or a 503 that says when to come back; all else is a fault."""
    if answer.status == 200:
        return "" if answer.body == expected else f"a wrong body: {answer.body[:300]!r}"
    if answer.status != 503:
        return f"status {answer.status}: {answer.body[:300]!r}"
    if not (answer.value("Retry-After") or "").isdigit() or int(answer.value("Retry-After")) < 1:
        return f"503 with Retry-After {answer.value('Retry-After')!r}"
    kind = json.loads(answer.body).get("error", {}).get("type")
    return "" if kind == "ServiceUnavailableException" else f"503 of type {kind}"


class Load:
    """Learns the answers first, while all is well; then `with` runs the clients, and one that polls /health."""

    def __init__(self, port, targets, fields, clients=6, hang_seconds=15):
        self.port, self.targets, self.fields = port, targets, fields
        self.hang_seconds = hang_seconds
        self.expected = {}
        self.ended = threading.Event()
        self.samples, self.health = [], []
        self.threads = [threading.Thread(target=self.client, args=(number,)) for number in range(clients)]
        self.threads.append(threading.Thread(target=self.poll_health))
        for target in targets:
            answer = wire.get("127.0.0.1", port, target, self.named_fields())
            if answer.status != 200:
                raise AssertionError(f"{target}: {answer.status} before anything happened: {answer.body[:300]!r}")
            self.expected[target] = answer.body

    def named_fields(self):
        return [("Host", "portico.test"), *self.fields]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        if not eventually(lambda: len(self.samples) > 20 * len(self.threads)):
            raise AssertionError(f"the load does not begin: {self.samples[:5]}")
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def client(self, number):
        connection = None
        for turn in itertools.count(number):
            if self.ended.wait(PAUSE_SECONDS):
                break
            target = self.targets[turn * 7 % len(self.targets)]
            sample, connection = self.ask(connection, target, self.named_fields(), lambda a, t=target: fault_of(a, self.expected[t]))
            self.samples.append(sample)
        if connection:
            connection.close()

    def ask(self, connection, target, fields, judge):
        """One request; (sample, the connection if it stays open)."""
        begun = time.monotonic()
        try:
            connection = connection or wire.Connection("127.0.0.1", self.port, timeout=self.hang_seconds)
            connection.send(wire.request_bytes("GET", target, None, fields, b""))
            answer = connection.read_answer("GET")
            sample = Sample(target, begun, time.monotonic() - begun, answer.status, judge(answer))
            closes = (answer.value("Connection") or "").lower() == "close"
        except (wire.WireError, OSError, ValueError) as error:
            sample, closes = Sample(target, begun, time.monotonic() - begun, 0, f"no answer: {error}"), True
        if closes and connection:
            connection.close()
        return sample, None if closes else connection

    def poll_health(self):
        connection = None
        while not self.ended.wait(HEALTH_SECONDS):
            sample, connection = self.ask(connection, "/health", [("Host", "portico.test")], health_fault)
            self.health.append(sample)
        if connection:
            connection.close()

    # What came of it

    def faults(self):
        return [f"{sample.target}: {sample.fault}" for sample in [*self.samples, *self.health] if sample.fault]

    def slowest(self):
        return max(self.samples, key=lambda sample: sample.took)

    def slowest_health(self):
        return max(self.health, key=lambda sample: sample.took)

    def sent_between(self, begin, end):
        return [sample for sample in list(self.samples) if begin <= sample.sent < end]

    def health_between(self, begin, end):
        return [sample.status for sample in list(self.health) if begin <= sample.sent < end]


def health_fault(answer):
    wanted = {200: "ok", 503: "unavailable"}.get(answer.status)
    body = json.loads(answer.body)
    if body.get("status") != wanted:
        return f"health {answer.status} with {body}"
    return "" if answer.status == 200 or answer.value("Retry-After") else "health 503 without Retry-After"
