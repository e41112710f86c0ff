"""insert_alone DATABASE SECONDS ACCOUNT NOTE: inserts as SQLite does it for one who commits each (WAL, `synchronous=FULL`), one after
the other. Prints how many seconds each took, as JSON. A program of its own, so that its disk can be made slower."""

import json
import os
import sqlite3
import sys
import time

COLUMNS = ("id", "shop", "name", "total", "note", "created")


def row_id():
    """As Portico makes it: the milliseconds first."""
    return f"{time.time_ns() // 1_000_000:012x}7{os.urandom(10).hex()[1:]}"


def main():
    file, seconds, account, note = sys.argv[1], float(sys.argv[2]), sys.argv[3], sys.argv[4]
    database = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        database.execute(f"PRAGMA {pragma}")
    insert = f"INSERT INTO entries ({', '.join(COLUMNS)}) VALUES ({', '.join('?' for _ in COLUMNS)})"
    took, begun = [], time.monotonic()
    while (sent := time.monotonic()) - begun < seconds:
        number = len(took)
        database.execute(insert, (row_id(), account, f"0-{number}", number % 100_000, note, time.time_ns() // 1000))
        took.append(time.monotonic() - sent)
    json.dump(took, sys.stdout)


if __name__ == "__main__":
    main()
