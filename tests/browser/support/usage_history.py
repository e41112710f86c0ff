#!/usr/bin/python3
"""usage_history.py ACCESS_DB ACCOUNT: writes a day of an account's usage, as a server would have kept it."""

import math
import random
import sqlite3
import sys
import time

MINUTES = 24 * 60
BUCKETS = 18


def main():
    path, account = sys.argv[1:]
    source = random.Random(7)
    now = int(time.time()) // 60 * 60 * 1_000_000
    rows = []
    for age in range(1, MINUTES):
        busy = 1 + math.sin((age / MINUTES) * 2 * math.pi + 1)
        requests = int(source.random() * 9 * busy)
        if requests == 0 or 500 < age < 530:
            continue
        counts = [0] * BUCKETS
        for _ in range(requests):
            slow = 1.5 if source.random() < 0.06 else 0
            counts[min(BUCKETS - 1, max(0, int(source.gauss(2.2 + slow, 0.8))))] += 1
        errors = sum(source.random() < 0.03 for _ in range(requests))
        rows.append((account, now - age * 60_000_000, requests, errors, *counts))
    columns = ", ".join(f"l{index}" for index in range(BUCKETS))
    places = ", ".join("?" * (BUCKETS + 4))
    with sqlite3.connect(path) as database:
        database.executemany(f"INSERT INTO portico_usage(account, minute, requests, errors, {columns}) VALUES ({places})", rows)


if __name__ == "__main__":
    main()
