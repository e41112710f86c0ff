"""`portico init --from` on databases that nobody here designed: every table that it describes lists, filters, sorts and retrieves
what SQL finds there, and the database stays as it was.

Runs on the program that PORTICO names (build/release/portico where it names none)."""

import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import existing, postgres, sample_databases  # noqa: E402
from harness.existing_server import ExistingServer  # noqa: E402
from harness.server import ROOT  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
FIXTURES = ROOT / "tests/fixtures/databases"
FAULTS_SHOWN = 12


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class SqliteDatabase:
    """A SQLite file, read with Python's own module."""

    def __init__(self, file):
        self.file = file
        self.store = f"sqlite:{file}"

    def rows(self, resource, columns):
        wanted = [f"CAST({quoted(name)} AS TEXT)" if as_text else quoted(name) for name, as_text in columns]
        with sqlite3.connect(f"file:{quote(str(self.file))}?mode=ro", uri=True) as connection:
            return connection.execute(f"SELECT {', '.join(wanted)} FROM {quoted(resource.table)}").fetchall()

    def fingerprint(self):
        beside = sorted(path.name for path in self.file.parent.glob(self.file.name + "*"))
        return hashlib.sha256(self.file.read_bytes()).hexdigest(), self.file.stat().st_mtime_ns, beside


class PostgresDatabase:
    """A database of a cluster, read with psql."""

    SETTINGS = ("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET extra_float_digits = 1; SET IntervalStyle = 'postgres';"
                "SET bytea_output = 'hex'; SET standard_conforming_strings = on; ")

    def __init__(self, cluster, sql):
        self.cluster = cluster
        self.name = cluster.create_database()
        cluster.run("psql", "-X", "-q", "-h", cluster.folder, "-p", cluster.port, "-U", postgres.USER, "-d", self.name,
                    "-v", "ON_ERROR_STOP=1", input="SET search_path = public; SET standard_conforming_strings = on;\n" + sql)
        cluster.sql(self.name, "ANALYZE")
        self.store = cluster.url(self.name)

    def rows(self, resource, columns):
        wanted = ", ".join(f"{quoted(name)}::text" for name, _ in columns)
        found = self.cluster.sql(self.name, f"{self.SETTINGS} SELECT coalesce(json_agg(to_json(ARRAY[{wanted}])), '[]') FROM "
                                            f"{quoted(resource.schema)}.{quoted(resource.table)}")
        return json.loads(found[-1][0])

    def fingerprint(self):
        dump = self.cluster.run("pg_dump", "-h", self.cluster.folder, "-p", self.cluster.port, "-U", postgres.ADMIN, self.name)
        dump = re.sub(r"(?m)^\\(un)?restrict .*$", "", dump)  # a key that pg_dump draws anew each time
        written = self.cluster.sql(self.name, "SELECT pg_stat_force_next_flush(), tup_inserted + tup_updated + tup_deleted FROM "
                                              "pg_stat_database WHERE datname = current_database()")
        return hashlib.sha256(dump.encode()).hexdigest(), written[0][1]


class Tables:
    """The tests of one database; `make` gives it, in a folder of its own."""

    INIT = ()
    LEAST_ROWS = 1

    @classmethod
    def make(cls, directory):
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        directory = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="portico-init-"))
        (Path(directory) / "database").mkdir()
        cls.database = cls.make(Path(directory) / "database")
        cls.before = cls.database.fingerprint()
        cls.server = cls.enterClassContext(ExistingServer(PORTICO, directory, cls.database.store, cls.INIT))
        cls.resources = existing.read_api(cls.server.description.read_text(encoding="utf-8"))
        cls.oracle = existing.Oracle(cls.resources, cls.database.rows)

    def setUp(self):
        self.faults = []

    def settle(self):
        """Fails with the first faults that were found."""
        shown = "\n".join(self.faults[:FAULTS_SHOWN])
        if self.faults:
            self.fail(f"{len(self.faults)} faults, the first:\n{shown}")

    def expect(self, found, expected, what):
        if found != expected:
            texts = str(expected), str(found)
            begin = max(0, len(os.path.commonprefix(texts)) - 60)  # where they begin to differ
            self.faults.append(f"{what}\n   expected …{texts[0][begin:begin + 200]}\n   found    …{texts[1][begin:begin + 200]}")

    def expect_page(self, name, rows, parameters=None, number=1):
        """One page of a list: its count, and every row of it."""
        parameters = {**(parameters or {}), **({"page": number} if number > 1 else {})}
        status, body = self.server.get("/" + name, parameters)
        what = f"GET /{name} {parameters}"
        if status != 200:
            self.faults.append(f"{what}: {status} {body}")
            return
        size = existing.PAGE_SIZE
        self.expect(body["paging"]["count"], len(rows), f"{what}: the count")
        page = [self.oracle.shown(name, row) for row in rows[(number - 1) * size:number * size]]
        self.expect(body["results"], page, what)

    def test_every_table_is_listed_page_by_page(self):
        self.assertGreater(sum(len(self.oracle.rows(name)) for name in self.resources), self.LEAST_ROWS)
        for name in self.resources:
            rows = self.oracle.ordered(name, self.oracle.rows(name))
            last = max(1, -(-len(rows) // existing.PAGE_SIZE))
            for number in sorted({1, min(2, last), last}):
                self.expect_page(name, rows, number=number)
            status, body = self.server.get("/" + name, {"page": last + 1})
            self.expect(status, 404, f"GET /{name}?page={last + 1}: {body}")
        self.settle()

    def test_every_table_is_sorted_by_what_it_allows(self):
        for name, resource in self.resources.items():
            for path in resource.orderable:
                for term in (path, "-" + path):
                    self.expect_page(name, self.oracle.ordered(name, self.oracle.rows(name), term), {"ordering": term})
        self.settle()

    def test_every_row_of_a_first_page_is_retrieved(self):
        retrieved = 0
        for name, resource in self.resources.items():
            for row in self.oracle.ordered(name, self.oracle.rows(name))[:existing.PAGE_SIZE]:
                if not resource.key:
                    self.assertEqual(resource.operations, ["list"])
                    break
                key = [str(row[path]) for path in resource.key]
                if "" in key or (len(key) > 1 and any("," in part for part in key)):  # names no row in a URL
                    continue
                path = f"/{name}/" + ",".join(quote(part, safe="") for part in key)
                status, body = self.server.get(path)
                self.expect((status, body), (200, self.oracle.shown(name, row)), f"GET {path}")
                retrieved += 1
        self.assertTrue(retrieved or not any(resource.key for resource in self.resources.values()))
        self.settle()

    def test_every_filter_finds_what_the_rows_say(self):
        asked = 0
        for name, resource in self.resources.items():
            rows = self.oracle.rows(name)
            for path, leaf in resource.fields.items():
                for lookup in leaf.lookups:
                    parameter = path if lookup == "exact" else f"{path}-{lookup}"
                    for text in existing.sample_texts(leaf, lookup, rows):
                        found = self.oracle.ordered(name, self.oracle.filtered(name, path, lookup, text))
                        self.expect_page(name, found, {parameter: text})
                        asked += 1
        self.assertGreater(asked, len(self.resources))
        self.settle()

    def test_rows_of_other_tables_are_filtered_by(self):
        for name, resource in self.resources.items():
            for reference in resource.references:
                member = reference.show[-1]
                leaf = self.resources[reference.to].fields[member]
                rows = self.oracle.ordered(name, self.oracle.rows(name))
                shown = [self.oracle.shown(name, row)[reference.name] for row in rows]
                values = [other[member] for other in shown if other and other[member] not in (None, "")]
                if not values or "exact" not in leaf.lookups:
                    continue
                value = values[len(values) // 2]
                found = [row for row, other in zip(rows, shown) if other and other[member] == value]
                self.expect_page(name, found, {f"{reference.name}-{member}": str(value)})
        self.settle()

    def test_the_description_is_good(self):
        self.assertIn(": good.", self.server.run("check", str(self.server.description)))

    def test_zz_the_database_is_as_it_was(self):
        """The last of the tests by name: after all the others have asked."""
        self.assertEqual(self.database.fingerprint(), self.before)


class Proj(Tables, unittest.TestCase):
    """The database of coordinate reference systems that PROJ reads (SQLite): keys of two columns, columns that hold integers and
    texts, views, checks."""

    LEAST_ROWS = 100_000

    @classmethod
    def make(cls, directory):
        return SqliteDatabase(sample_databases.sqlite_copy("proj-data", "usr/share/proj/proj.db", directory))


class Datasets(Tables, unittest.TestCase):
    """R's data sets, as RSQLite ships them: names that are no names, numbers of floating point, no keys at all."""

    LEAST_ROWS = 4_000

    @classmethod
    def make(cls, directory):
        return SqliteDatabase(sample_databases.sqlite_copy(
            "r-cran-rsqlite", "usr/lib/R/site-library/RSQLite/db/datasets.sqlite", directory))


class Zabbix(Tables, unittest.TestCase):
    """What the monitoring server of that name starts with (PostgreSQL): 173 tables, and foreign keys from most to most."""

    LEAST_ROWS = 60_000

    @classmethod
    def make(cls, directory):
        cluster = cls.enterClassContext(postgres.Cluster())
        folder = "usr/share/zabbix-server-pgsql/"
        return PostgresDatabase(cluster, sample_databases.script(
            "zabbix-server-pgsql", *(f"{folder}{name}.sql.gz" for name in ("schema", "images", "data"))))


class LedgerSmb(Tables, unittest.TestCase):
    """The books of LedgerSMB (PostgreSQL): keys that others do not refer to, numerics, checks, comments on columns."""

    LEAST_ROWS = 1_500

    @classmethod
    def make(cls, directory):
        cluster = cls.enterClassContext(postgres.Cluster())
        return PostgresDatabase(cluster, sample_databases.script("ledgersmb", "usr/share/ledgersmb/sql/Pg-database.sql"))


class PostgresTypes(Tables, unittest.TestCase):
    """Every kind of column that PostgreSQL has, and the description that is written for it."""

    @classmethod
    def make(cls, directory):
        cluster = cls.enterClassContext(postgres.Cluster())
        return PostgresDatabase(cluster, (FIXTURES / "types_postgres.sql").read_text(encoding="utf-8"))

    def test_the_description_is_the_one_that_was_reviewed(self):
        compare_description(self, "types_postgres.yaml")


class SqliteTypes(Tables, unittest.TestCase):
    """What SQLite lets into its columns, and the description that is written for it."""

    @classmethod
    def make(cls, directory):
        return sqlite_database(directory / "types.db", "types_sqlite.sql")

    def test_the_description_is_the_one_that_was_reviewed(self):
        compare_description(self, "types_sqlite.yaml")


def sqlite_database(file, script):
    with sqlite3.connect(file) as connection:
        connection.executescript((FIXTURES / script).read_text(encoding="utf-8"))
    connection.close()
    return SqliteDatabase(file)


def compare_description(case, name):
    """With UPDATE=1 in the environment the file is written anew, to be reviewed."""
    text = case.server.description.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^(# The API over the database )[^,:]+", r"\1NAME", text)
    text = re.sub(r"(?m)^vendor: .*$", "vendor: name", text)
    if os.environ.get("UPDATE"):
        (FIXTURES / name).write_text(text, encoding="utf-8")
    case.maxDiff = None
    case.assertEqual(text, (FIXTURES / name).read_text(encoding="utf-8"))


class Tenants:
    """With --owner no account sees another's rows."""

    @classmethod
    def make(cls, directory):
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        directory = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="portico-init-")))
        cls.database = cls.make(directory)
        init = ("--owner", "shop_id", "--shared", "countries")
        cls.server = cls.enterClassContext(ExistingServer(PORTICO, directory, cls.database.store, init, ("1", "2")))
        cls.text = cls.server.description.read_text(encoding="utf-8")

    def ids(self, path, account, name="id"):
        status, body = self.server.get(path, account=account)
        self.assertEqual(status, 200, body)
        return [row[name] for row in body["results"]]

    def test_lists_hold_the_accounts_own_rows(self):
        self.assertEqual([self.ids("/orders", account) for account in "12"], [[100, 101], [200]])
        self.assertEqual([self.ids("/customers", account) for account in "12"], [[10], [20, 21]])
        self.assertEqual([self.ids("/shops", account) for account in "12"], [[1], [2]])

    def test_another_accounts_row_is_not_found(self):
        for path in ("/orders/200", "/customers/20", "/shops/2"):
            self.assertEqual(self.server.get(path, account="1")[0], 404, path)
            self.assertEqual(self.server.get(path, account="2")[0], 200, path)

    def test_the_calling_account_is_its_own_row(self):
        self.assertEqual(self.server.get("/me", account="2"), (200, {"id": 2, "name": "two"}))

    def test_another_accounts_row_is_not_shown_by_reference(self):
        for other in ("/orders/0101", "/orders/+101", "/orders/101.0"):  # one row, one address
            self.assertEqual(self.server.get(other, account="1")[0], 404, other)
        status, body = self.server.get("/orders/101", account="1")
        self.assertEqual((status, body["customer_id"], body["customer"]), (200, 20, None))
        self.assertEqual(self.server.get("/orders", {"customer-name": "Bert"}, "1")[1]["paging"]["count"], 0)
        self.assertEqual(self.server.get("/orders", {"customer-name": "Ana"}, "1")[1]["paging"]["count"], 1)

    def test_what_is_shared_is_everybodys_and_nothing_else_is_served(self):
        for account in "12":
            self.assertEqual(self.ids("/countries", account, "code"), ["de", "es"])
            for path in ("/lines", "/all_names"):
                self.assertEqual(self.server.get(path, account=account)[0], 404, path)
        self.assertIn("lines: no column shop_id but by order_id -> orders, so every account would see all of it", self.text)
        self.assertIn("accounts: shops\n", self.text)


class SqliteTenants(Tenants, unittest.TestCase):
    @classmethod
    def make(cls, directory):
        return sqlite_database(directory / "tenants.db", "tenants.sql")


class PostgresTenants(Tenants, unittest.TestCase):
    @classmethod
    def make(cls, directory):
        cluster = cls.enterClassContext(postgres.Cluster())
        return PostgresDatabase(cluster, (FIXTURES / "tenants.sql").read_text(encoding="utf-8"))


class Command(unittest.TestCase):
    """The command line: files, mistakes, and the commands that it prints."""

    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="portico-init-")))
        sqlite_database(self.directory / "tenants.db", "tenants.sql")

    def init(self, *arguments):
        return subprocess.run([PORTICO, "init", *arguments], cwd=self.directory, capture_output=True, text=True, timeout=60,
                              check=False)

    def test_mistakes_say_what_would_be_right(self):
        here = "sqlite:tenants.db"
        (self.directory / "notes.txt").write_text("no database" * 100)
        (self.directory / "void.db").touch()
        for arguments, status, words in (
                (["--from", "mysql://x"], 2, r"not a database; postgres://USER@HOST/NAME, or sqlite:FILE"),
                (["--from", "postgres://u:hidden%zz@h/x"], 2, r"--from postgres://u:\*\*\*@h/x: "),
                (["--from", "sqlite:"], 2, r"names no file: --from sqlite:FILE"),
                (["--from", "sqlite:gone.db"], 1, r"gone\.db: there is no such file"),
                (["--from", "sqlite:."], 1, r"is a directory; --from takes the database's file"),
                (["--from", "sqlite:notes.txt"], 1, r"notes\.txt: .*not a database"),
                (["--from", "sqlite:void.db"], 1, r"void\.db: the database has no tables"),
                (["--from", here, "--schema", "public"], 2, r"SQLite has no schemas"),
                (["--from", here, "--owner", "shopid"], 2, r"--owner shopid: no table has such a column; did you mean `shop_id`"),
                (["--from", here, "--owner", "shop_id", "--shared", "contries"], 2, r"did you mean `countries`"),
                (["--from", here, "--shared", "countries"], 2, r"--shared goes with --owner"),
                (["--owner", "shop_id"], 2, r"--from postgres://… or --from sqlite:FILE"),
                (["--from", here, "--vendor", "Big Shop"], 2, r"--vendor: .*cannot be called 'Big Shop' \(lower-case"),
                (["--from", "postgres://nobody@127.0.0.1:1/x?connect_timeout=2"], 1, r"PostgreSQL cannot be reached"),
                (["--from", here, "--output", "gone/api.yaml"], 1, r"gone/api\.yaml: cannot be written")):
            done = self.init(*arguments)
            self.assertEqual(done.returncode, status, (arguments, done.stderr))
            self.assertRegex(done.stderr, words)
            self.assertFalse((self.directory / "api.yaml").exists(), arguments)

    def test_what_has_no_name_is_left_out(self):
        database = sqlite3.connect(self.directory / "unnamed.db")
        database.executescript('CREATE TABLE things("" TEXT PRIMARY KEY NOT NULL, name TEXT, "Order" INT);'
                               'CREATE TABLE ""(a); CREATE TABLE "Order Details"(a TEXT);')
        database.close()
        done = self.init("--from", "sqlite:unnamed.db", "--owner", "name")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        text = (self.directory / "api.yaml").read_text()
        self.assertIn("the column whose name is empty", text)
        self.assertIn("--shared 'Order Details'", text)
        done = self.init("--from", "sqlite:unnamed.db", "--force")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn('"": a description could not name it', (self.directory / "api.yaml").read_text())

    def test_a_file_that_is_there_stays_without_force(self):
        for source in ([], ["--from", "sqlite:tenants.db"]):
            (self.directory / "api.yaml").write_text("mine")
            done = self.init(*source)
            self.assertEqual(done.returncode, 1)
            self.assertIn("api.yaml is there already: --force writes over it", done.stderr)
            self.assertEqual((self.directory / "api.yaml").read_text(), "mine")
            self.assertEqual(self.init(*source, "--force").returncode, 0)
            self.assertNotEqual((self.directory / "api.yaml").read_text(), "mine")

    def test_standard_output_holds_the_description_alone(self):
        done = self.init("--from", "sqlite:tenants.db", "--output", "-")
        self.assertEqual(list(existing.read_api(done.stdout)), ["all_names", "countries", "customers", "lines", "orders", "shops"])
        self.assertIn("Next, in the same shell", done.stderr)

    def test_the_first_description_is_good(self):
        self.assertEqual(self.init("--vendor", "acme").returncode, 0)
        checked = subprocess.run([PORTICO, "check"], cwd=self.directory, capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.assertIn("vendor: acme", (self.directory / "api.yaml").read_text())

    def test_the_commands_that_it_prints_work_as_they_stand(self):
        for source in ([], ["--from", "sqlite:tenants.db"], ["--from", "sqlite:tenants.db", "--owner", "shop_id"]):
            done = self.init(*source, "--force")
            commands = [line for line in done.stdout.splitlines() if re.match(r"KEY=|portico |curl ", line)]
            port = postgres.free_port()
            script = "\n".join(commands).replace(":8080", f":{port}")
            script = re.sub(r"(portico serve .*) &", rf"\1 --port {port} --log none &\nserver=$!", script)
            script = f"set -e\nportico() {{ {PORTICO} \"$@\"; }}\nexport -f portico\n{script}\nkill $server $(pgrep -P $server)\n"
            ran = subprocess.run(["bash", "-c", script], cwd=self.directory, capture_output=True, text=True, timeout=90, check=False)
            self.assertEqual(ran.returncode, 0, script + ran.stdout + ran.stderr)
            self.assertIn('"results":[', ran.stdout, script + ran.stderr)


if __name__ == "__main__":
    unittest.main()
