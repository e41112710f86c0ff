"""Clients of the purses (tests/fixtures/apis/purses.yaml) that move coins from one to another, and others that count them."""

import json
import random
import threading
import time
from dataclasses import dataclass

from . import wire
from .load import eventually

PURSES = [f"{number:032x}" for number in range(1, 5)]
COINS = 4_000_000
NOTE = 3_000  # characters of a move's note: a full disk is soon met
PAUSE_SECONDS = 0.005


@dataclass
class Move:
    """One answer to the wish for a move."""

    name: str
    sent: float
    status: int
    request_id: str


class Movers:
    """`writers` clients ask for a move after the other, each under a key of its own, and for the same one until it is made. One
    asks without a key, and never twice. Two count the coins in one answer: their sum never changes. Start with `with`, at
    whose end each writer gets what it asked for last."""

    def __init__(self, server, writers=6):
        self.server = server
        self.ended = threading.Event()
        self.may_be_down = False  # the server is killed, or its database is away
        self.made, self.refused = [], []  # Move
        self.once_made, self.once_refused = [], []
        self.counted = []  # when each count was sent that was right
        self.faults = []
        self.writers = writers
        self.refusal = threading.Event()  # of one without a key
        self.threads = [threading.Thread(target=self.keep_moving, args=(number,)) for number in range(writers)]
        self.threads += [threading.Thread(target=self.move_once), *(threading.Thread(target=self.count) for _ in range(2))]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def fields(self, *more):
        return [("Authorization", f"Bearer {self.server.variables['private_key']}"), *more]

    def ask(self, connection, method, target, fields, body=b""):
        """(the answer or None, the connection or None)"""
        may_fail = self.may_be_down
        try:
            connection = connection or wire.Connection("127.0.0.1", self.server.port)
            connection.send(wire.request_bytes(method, target, None, [("Host", "portico.test"), *fields], body))
            return connection.read_answer(method), connection
        except (OSError, wire.WireError) as error:
            if connection:
                connection.close()
            if not may_fail and not self.may_be_down:
                self.faults.append(f"{method} {target}: {error}")
            return None, None

    def move(self, connection, name, key):
        chance = random.Random(name)
        giver, taker = chance.sample(PURSES, 2)
        body = {"name": name, "giver": giver, "taker": taker, "amount": chance.randint(1, 9),
                "note": f"{chance.getrandbits(4 * NOTE):0{NOTE}x}"}
        fields = self.fields(("Content-Type", "application/json"), *([("Idempotency-Key", key)] if key else []))
        sent = time.monotonic()
        answer, connection = self.ask(connection, "POST", "/moves", fields, json.dumps(body).encode())
        if answer is None:
            return Move(name, sent, 0, ""), None
        if answer.status == 503 and not (answer.value("Retry-After") or "").isdigit():
            self.faults.append(f"{name}: 503 without Retry-After")
        if answer.status not in (201, 503, 409 if key else 201):  # 409: what a killed server sent is still being worked on
            self.faults.append(f"{name}: {answer.status} {answer.body[:300]!r}")
        return Move(name, sent, answer.status, answer.value("X-Request-Id")), connection

    def keep_moving(self, writer):
        connection, number = None, 0
        while not self.ended.is_set():
            name = f"{writer}-{number}"
            number += 1
            if (connection := self.move_until_made(connection, name)) is None:
                return
        connection.close()

    def move_until_made(self, connection, name):
        deadline = None
        while True:
            move, connection = self.move(connection, name, name)
            if move.status == 201:
                self.made.append(move)
                return connection
            if move.status == 503:
                self.refused.append(move)
            if self.ended.wait(PAUSE_SECONDS):
                deadline = deadline or time.monotonic() + 30
                if time.monotonic() > deadline:
                    self.faults.append(f"{name} was not made in the end: {move}")
                    return None

    def move_once(self):
        connection, number = None, 0
        while not self.ended.wait(PAUSE_SECONDS):
            move, connection = self.move(connection, f"once-{number}", None)
            number += 1
            if move.status == 201:
                self.once_made.append(move)
            elif move.status == 503:
                self.once_refused.append(move)
                self.refusal.set()
        if connection:
            connection.close()

    def count(self):
        connection = None
        while not self.ended.wait(PAUSE_SECONDS):
            sent, may_fail = time.monotonic(), self.may_be_down
            answer, connection = self.ask(connection, "GET", "/purses", self.fields())
            if answer is None or (answer.status == 503 and (may_fail or self.may_be_down)):
                continue
            if answer.status != 200:
                self.faults.append(f"GET /purses: {answer.status} {answer.body[:300]!r}"
                                   f" ({answer.value('X-Request-Id')}, after {time.monotonic() - sent:.3f} s)")
            elif (coins := sum(purse["coins"] for purse in json.loads(answer.body)["results"])) != COINS:
                self.faults.append(f"there are {coins} coins")
            else:
                self.counted.append(sent)
        if connection:
            connection.close()

    # What to wait for; each is whether it came in time

    def writers_in(self, moves, since):
        return len({move.name.split("-")[0] for move in list(moves) if move.sent >= since})

    def all_were_made(self, since):
        """Each writer's move, asked for after that moment."""
        return eventually(lambda: self.writers_in(self.made, since) == self.writers, 30)

    def all_were_refused(self, since):
        return eventually(lambda: self.writers_in(self.refused, since) == self.writers, 30)

    def were_counted(self, since, times=40):
        return eventually(lambda: sum(sent >= since for sent in list(self.counted)) >= times, 30)
