"""A Portico under test: a store of its own in a temporary directory or in a PostgreSQL, fixture rows, keys, and the running
server."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
from pathlib import Path

from . import grants, wire

ROOT = Path(__file__).resolve().parents[3]
FIRST_ACCOUNT = "a1" * 16
OTHER_ACCOUNT = "b2" * 16
SANITIZER_REPORT = re.compile(r"(ERROR: (Address|Leak)Sanitizer|WARNING: ThreadSanitizer|runtime error:)")
START_SECONDS = 60
STOP_SECONDS = 30

# name of the placeholder: account, kind, mode
KEYS = {
    "private_key": (FIRST_ACCOUNT, "private", "production"),
    "sandbox_key": (FIRST_ACCOUNT, "private", "sandbox"),
    "both_key": (FIRST_ACCOUNT, "private", "both"),
    "public_key": (FIRST_ACCOUNT, "public", "both"),
    "other_private_key": (OTHER_ACCOUNT, "private", "production"),
    "other_sandbox_key": (OTHER_ACCOUNT, "private", "sandbox"),
    "revoked_key": (FIRST_ACCOUNT, "private", "both"),
    "expired_key": (FIRST_ACCOUNT, "private", "both"),
}


class ServerError(Exception):
    """Portico, or its loader, did not do what the tests need; holds what it wrote."""


class Portico:
    """Start with `with`; stopping checks the exit status and looks for sanitizers' reports. With a `cluster`
    (postgres.Cluster) the data are in a database of its own there, else in SQLite files; with `beside` they are those of
    another Portico, with `copied` a copy of those of one that was loaded and never started. `rows` is a file of rows, or
    a tuple of options that make the demo generate some."""

    def __init__(self, portico, demo, description, rows=None, cluster=None, keys=KEYS, beside=None, copied=None):
        self.portico = str(Path(portico).resolve())
        self.demo = str(Path(demo).resolve())
        self.description = str(description)
        self.rows = rows
        self.keys = keys
        self.directory = Path(tempfile.mkdtemp(prefix="portico-test-"))
        self.data = self.directory / "data"
        self.beside = beside
        self.copied = copied
        self.cluster = cluster
        self.database = self.create_database() if cluster and not beside else None
        self.store = cluster.url(self.database) if cluster else f"sqlite:{self.data}"
        self.environment = {}  # of the server, beside our own
        self.process = None
        self.port = 0
        self.variables = {}

    def create_database(self):
        """Named as the directory, which nobody else has: several are made at once."""
        template = f'TEMPLATE "{self.copied.database}"' if self.copied else ""
        return self.cluster.create_database(self.directory.name, template)

    def run(self, program, *arguments):
        """Runs a command of Portico to its end; its standard output. Raises ServerError."""
        command = [program, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
        if done.returncode != 0 or SANITIZER_REPORT.search(done.stderr):
            raise ServerError(f"{' '.join(command)}\nexit status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def load(self):
        if self.beside:
            self.store, self.variables = self.beside.store, dict(self.beside.variables)
            return
        if self.copied:
            self.variables = dict(self.copied.variables)
            if not self.cluster:
                shutil.copytree(self.copied.data, self.data)
            return
        at_store = [self.description, "--store", self.store]
        if self.rows:
            self.run(self.demo, *at_store, *(self.rows if isinstance(self.rows, tuple) else ("--rows", str(self.rows))))
        else:
            self.run(self.portico, "migrate", *at_store, "--yes")
        for name, (account, kind, mode) in self.keys.items():
            options = ["--account", account, "--kind", kind, "--mode", mode, "--json"]
            made = json.loads(self.run(self.portico, "keys", "create", *at_store, *options))
            self.variables[name] = made["token"]
            if name == "expired_key":
                self.expire(made["id"])
            if name == "revoked_key":
                self.run(self.portico, "keys", "revoke", made["id"], "--store", self.store)
        if self.keys is KEYS and grants.has_extensions(self.description):
            self.load_tokens()

    def expire(self, key):
        """What time does: no command makes a key that has ended."""
        if self.cluster:
            schema = grants.Tables(self).schema
            self.cluster.sql(self.database, f"UPDATE \"{schema}_access\".keys SET expires = '2001-01-01Z' WHERE id = '{key}'")
            return
        with sqlite3.connect(self.data / "access.db", timeout=20) as database:
            database.execute("UPDATE portico_keys SET expires = 978307200000000 WHERE id = ?", (key,))
        database.close()

    def load_tokens(self):
        """A server's start makes the tables that they are in."""
        self.start()
        if problem := self.stop():
            raise ServerError(problem)
        wanted = grants.fixture_tokens(self.description, FIRST_ACCOUNT, OTHER_ACCOUNT)
        self.variables |= zip(wanted, grants.Tables(self).add(wanted.values()))

    def start(self, *options):
        """Waits until the port file is there (it is renamed into place when the server accepts), or the server ended."""
        port_file = self.directory / "port"
        port_file.unlink(missing_ok=True)
        self.log = open(self.directory / "log", "w+", encoding="utf-8", errors="replace")
        command = [self.portico, "serve", self.description, "--store", self.store, "--address", "127.0.0.1",
                   "--port", "0", "--port-file", str(port_file), *options]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT,
                                        stdin=subprocess.DEVNULL, env=dict(os.environ, TZ="America/Caracas", **self.environment))
        ended = threading.Event()
        threading.Thread(target=lambda: (self.process.wait(), ended.set()), daemon=True).start()
        for _ in range(START_SECONDS * 100):
            if port_file.exists():
                break
            if ended.wait(0.01):
                raise ServerError(f"{' '.join(command)} ended at once:\n{self.read_log()}")
        else:
            raise ServerError(f"{' '.join(command)} was not ready in {START_SECONDS} s:\n{self.read_log()}")
        self.port = int(port_file.read_text(encoding="ascii"))
        wire.Connection("127.0.0.1", self.port).close()
        self.variables |= {"host": f"127.0.0.1:{self.port}", "port": str(self.port),
                           "account": FIRST_ACCOUNT, "other_account": OTHER_ACCOUNT}

    def read_log(self):
        self.log.flush()
        self.log.seek(0)
        return self.log.read()

    def stop(self):
        """SIGTERM; what was wrong with the end, or nothing."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = f"none: still running {STOP_SECONDS} s after SIGTERM"
        text = self.read_log()
        self.log.close()
        self.process = None
        if status != 0 or SANITIZER_REPORT.search(text):
            return f"the server's exit status is {status}, expected 0; its output ends:\n{text[-6000:]}"
        return None

    def remove(self):
        if self.database and self.cluster.process:
            self.cluster.drop_database(self.database)
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        try:
            self.load()
            self.start()
        except BaseException:
            self.stop()
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        self.remove()
