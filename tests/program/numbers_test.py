"""Numbers in an existing database that a field cannot show: null, and the same on both stores.

Runs on the program that PORTICO names (build/release/portico where it names none)."""

import os
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import postgres  # noqa: E402
from harness.existing_server import ExistingServer  # noqa: E402
from harness.server import ROOT  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DESCRIPTION = """
vendor: shop
versions: [1]
apis: {partner: {base: /, dialect: media-type}}
accounts: none
database: {existing: true}
resources:
  lots:
    owner: none
    key: id
    operations: [list, retrieve]
    summary:
      fields:
        prices: count(price)
        total: sum(price)
        pieces: sum(pieces)
        first: min(since)
    fields:
      id: {type: integer}
      since: {type: timestamp, stored: seconds, "null": true}
      price: {type: money, stored: decimal, "null": true}
      pieces: {type: integer, stored: decimal, "null": true}
      box: {type: integer, refers: lots, "null": true}
      lots: {type: rows, of: lots, by: box, show: [id, since, price, pieces]}
"""
BEGIN, END = "0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"
# since, price, pieces: in the column, and shown
ROWS = [
    (("0", "12.5", "3"), ("1970-01-01T00:00:00.000000Z", 1250, 3)),
    (("1e12", "-92233720368547758.07", "9007199254740992"), (END, None, 9007199254740992)),
    (("-1e12", "-0.5", "-3.0"), (BEGIN, -50, -3)),
    (("1e13", "92233720368547758.08", "1.5"), (None, None, None)),
    (("1e18", "1e17", "9223372036854775808"), (None, None, None)),
    (("-1e18", "1e30", "1e20"), (None, None, None)),
    (("1e300", "-1e30", "-0.5"), (None, None, None)),
    (("NULL", "NULL", "NULL"), (None, None, None)),
]


class Server(ExistingServer):
    """With a description of ours."""

    def run(self, *arguments):
        if arguments[0] != "init":
            return super().run(*arguments)
        self.description.write_text(DESCRIPTION, encoding="utf-8")
        return ""


class Numbers:
    INSERTS = "".join(f"INSERT INTO lots VALUES ({number}, {', '.join(stored)}, 1);" for number, (stored, _) in enumerate(ROWS, 1))

    def make(self, directory):
        raise NotImplementedError

    def setUp(self):
        directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="portico-numbers-")))
        self.server = self.enterContext(Server(PORTICO, directory, self.make(directory)))

    def get(self, path):
        status, body = self.server.get(path)
        self.assertEqual(status, 200, body)
        return body

    def test_what_does_not_fit_is_null(self):
        wanted = [{"id": number, "since": since, "price": price, "pieces": pieces}
                  for number, (_, (since, price, pieces)) in enumerate(ROWS, 1)]
        if self.KEEPS_DECIMALS:
            wanted[1]["price"] = 1 - 2**63
        listed = self.get("/lots")["results"]
        self.assertEqual([{name: row[name] for name in wanted[0]} for row in listed], wanted)
        self.assertEqual(listed[0]["lots"], wanted)
        for row in listed:
            self.assertEqual(self.get(f"/lots/{row['id']}"), row)

    def test_summaries_are_of_what_is_shown(self):
        prices = 3 if self.KEEPS_DECIMALS else 2
        total = 1200 + (1 - 2**63 if self.KEEPS_DECIMALS else 0)
        self.assertEqual(self.get("/lots/summary"),
                         {"prices": prices, "total": total, "pieces": 9007199254740992, "first": BEGIN})


class OnSqlite(Numbers, unittest.TestCase):
    KEEPS_DECIMALS = False  # its numbers with decimals are floating-point ones

    def make(self, directory):
        with sqlite3.connect(directory / "lots.db") as connection:
            connection.executescript("CREATE TABLE lots (id INTEGER PRIMARY KEY, since REAL, price NUMERIC, pieces NUMERIC, "
                                     f"box INTEGER); {self.INSERTS}")
        connection.close()
        return f"sqlite:{directory / 'lots.db'}"


class OnPostgres(Numbers, unittest.TestCase):
    KEEPS_DECIMALS = True

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(postgres.Cluster())

    def make(self, directory):
        name = self.cluster.create_database()
        self.cluster.sql(name, "SET search_path = public; CREATE TABLE lots (id integer PRIMARY KEY, since double precision, price numeric, pieces numeric, "
                               f"box integer); GRANT SELECT ON lots TO PUBLIC; {self.INSERTS}")
        return self.cluster.url(name)


if __name__ == "__main__":
    unittest.main()
