"""A PostgreSQL 15 of our own: a cluster in a temporary folder, on a socket and a port that nobody else has.

Its settings are what careless clients trip over: an ICU collation, a zone that is not UTC, dates with the day first, rounded
floats, backslashes that escape. What the tests expect must come from Portico's own settings."""

import atexit
import json
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

BIN = Path(os.environ.get("POSTGRES_BIN", "/usr/lib/postgresql/15/bin"))
ADMIN = "admin"  # superuser, for the tests
USER = "portico"  # owner of the databases, no superuser: what Portico connects as
PASSWORD = "pass word/%:@"  # must be percent-encoded in a URL
PASSWORD_IN_URL = "pass%20word%2F%25%3A%40"
WAIT_SECONDS = 30
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "mmap",  # within the folder, so that a killed server leaves nothing behind
    "wal_level": "replica",
    "hot_standby": "on",
    "TimeZone": "Asia/Kolkata",
    "DateStyle": "SQL, DMY",
    "IntervalStyle": "sql_standard",
    "extra_float_digits": "-10",
    "bytea_output": "escape",
    "standard_conforming_strings": "off",
    "escape_string_warning": "off",
    "search_path": "pg_catalog",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %d ",
}


class PostgresError(Exception):
    """PostgreSQL is missing, or did not do what the tests need; holds what it wrote."""


def unprivileged():
    """How to start a process as somebody whom initdb accepts: nothing where we are no root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise PostgresError("initdb refuses root, and there is neither a user postgres nor a user nobody")


def free_port():
    """Below the range of the ports that connections take, so that none takes it before the server does."""
    while True:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", random.SystemRandom().randrange(10000, 32768)))
                return probe.getsockname()[1]
            except OSError:
                continue


def started_by(parent):
    """The ids of all processes below `parent`, itself first."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [parent]
    for process in found:
        found += children.get(process, [])
    return found


class Cluster:
    """Start with `with`. It is stopped and removed at the end, also of a test that fails or is interrupted."""

    def __init__(self, settings=None):
        self.owner = unprivileged()
        self.folder = Path(tempfile.mkdtemp(prefix="portico-pg-"))
        os.chmod(self.folder, 0o711)
        self.data = self.folder / "data"
        self.port = free_port()
        self.settings = {**SETTINGS, **(settings or {})}
        self.initdb_options = ()
        self.process = None
        self.databases = 0
        atexit.register(self.remove)

    def __enter__(self):
        try:
            self.initialise()
            self.start()
            self.sql("postgres", f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    def run(self, program, *arguments, **options):
        """Runs one of PostgreSQL's programs as its owner; its standard output. Raises PostgresError."""
        if not (BIN / program).exists():
            raise PostgresError(f"{BIN / program} is missing: the tests need PostgreSQL 15 (tools/install test)")
        command = [str(BIN / program), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False,
                              env=self.environment(), **{"timeout": 120, **self.owner, **options})
        if done.returncode != 0:
            raise PostgresError(f"{' '.join(command)}\nexit status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    @staticmethod
    def environment():
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return {**kept, "LC_ALL": "C.UTF-8", "PGAPPNAME": "tests"}

    def give(self, path):
        """Makes a file or folder PostgreSQL's own."""
        if self.owner:
            os.chown(path, self.owner["user"], self.owner["group"])

    def initialise(self):
        """An ICU locale, so that nothing is ordered by bytes unless it is asked for."""
        self.give(self.folder)
        self.run("initdb", "-D", self.data, "-U", ADMIN, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8",
                 "--locale-provider=icu", "--icu-locale=en-US", "--auth-local=trust", "--auth-host=scram-sha-256",
                 *self.initdb_options)
        self.configure()

    def configure(self, **more):
        """Writes the settings; they hold from the next start on."""
        self.settings |= {name: str(value) for name, value in more.items()}
        quoted = {name: value.replace("'", "''") for name, value in self.settings.items()}
        lines = [f"{name} = '{value}'" for name, value in quoted.items()]
        lines += ["listen_addresses = '127.0.0.1'", f"port = {self.port}", f"unix_socket_directories = '{self.folder}'"]
        path = self.data / "postgresql.auto.conf"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.give(path)

    # Processes

    def start(self, wait=True):
        """Starts the server, which ends with us, too. With `wait`, returns when it takes queries."""
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "INT", str(BIN / "postgres"), "-D", str(self.data)], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, cwd=self.folder, env=self.environment(), start_new_session=True, **self.owner)
        if wait:
            self.wait_until_ready()

    def answers(self, database="postgres"):
        """Whether a client gets an answer now."""
        try:
            return self.sql(database, "SELECT 1", timeout=2) == [["1"]]
        except (PostgresError, subprocess.TimeoutExpired):
            return False

    def wait_until_ready(self):
        """The moment (time.monotonic()) at which a client first got an answer."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise PostgresError(f"PostgreSQL ended at once:\n{self.read_log()}")
            if self.answers():
                return time.monotonic()
        raise PostgresError(f"PostgreSQL was not ready in {WAIT_SECONDS} s:\n{self.read_log()}")

    def read_log(self):
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-6000:]

    def stop(self, mode="fast"):
        """`fast` ends sessions first, `immediate` is as after a loss of power."""
        if self.process is None:
            return
        self.thaw()
        self.process.send_signal({"fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode])
        self.wait_for_end()

    def wait_for_end(self):
        """All of its processes are gone: the next start needs that."""
        try:
            self.process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def restart(self, mode="fast"):
        self.stop(mode)
        self.start()

    def kill(self):
        """SIGKILL for the postmaster alone; its children see that and end."""
        children = started_by(self.process.pid)[1:]
        self.process.kill()
        self.process.wait()
        deadline = time.monotonic() + WAIT_SECONDS
        while any(Path(f"/proc/{child}").exists() for child in children):
            if time.monotonic() > deadline:
                raise PostgresError("processes of a killed PostgreSQL do not end")
            time.sleep(0.01)
        self.process = None
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def freeze(self):
        """SIGSTOP for all of its processes, the one that starts others first: connections stay, nothing answers. Again until
        there is none that was not there before: one that was just started must not be missed."""
        before = None
        while before != set(now := started_by(self.process.pid)):
            for process in now:
                try:
                    os.kill(process, signal.SIGSTOP)
                except ProcessLookupError:
                    pass
            before = set(now)

    def thaw(self):
        for process in started_by(self.process.pid):
            try:
                os.kill(process, signal.SIGCONT)
            except ProcessLookupError:
                pass

    def remove(self):
        try:
            if self.process is not None:
                self.stop("immediate")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
            atexit.unregister(self.remove)

    # Databases

    def sql(self, database, text, timeout=60):
        """Runs statements as the superuser: rows of texts, None for null. Raises PostgresError."""
        null = "\x01"
        out = self.run("psql", "-X", "-q", "-A", "-t", "-h", self.folder, "-p", self.port, "-U", ADMIN, "-d", database,
                       "-v", "ON_ERROR_STOP=1", "-F", "\x1f", "-R", "\x1e", "-P", f"null={null}", "-c", text, timeout=timeout)
        lines = out.removesuffix("\n").split("\x1e") if out.strip("\n") else []
        return [[None if cell == null else cell for cell in line.split("\x1f")] for line in lines]

    def json(self, database, query):
        """The rows of a query, an object each. Raises PostgresError."""
        found = self.sql(database, f"SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET standard_conforming_strings = on; "
                                   f"SELECT coalesce(json_agg(row_to_json(t)), '[]') FROM ({query}) t")
        return json.loads(found[-1][0])

    def create_database(self, name=None, options=""):
        """A database that belongs to USER; its name."""
        self.databases += 1
        name = name or f"d{self.databases}"
        self.sql("postgres", f'CREATE DATABASE "{name}" OWNER {USER} {options}')
        return name

    def drop_database(self, name):
        self.sql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url(self, database, host=None, **parameters):
        """For --store: over TCP, or where `host` is a folder over its socket."""
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return (f"postgres://{USER}:{PASSWORD_IN_URL}@{host or '127.0.0.1'}:{self.port}/{database}"
                + (f"?{query}" if query else ""))

    def socket_url(self, database):
        return f"postgres://{USER}@/{database}?host={self.folder}&port={self.port}"


class Standby(Cluster):
    """A hot standby of a running cluster."""

    def __init__(self, primary):
        super().__init__(primary.settings)
        self.primary = primary

    def __enter__(self):
        try:
            self.initialise()
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def initialise(self):
        self.give(self.folder)
        self.run("pg_basebackup", "-D", self.data, "-h", self.primary.folder, "-p", self.primary.port, "-U", ADMIN,
                 "--checkpoint=fast", "--no-sync", "--write-recovery-conf")
        settings = (self.data / "postgresql.auto.conf").read_text(encoding="utf-8")
        connection = [line for line in settings.splitlines() if line.startswith("primary_conninfo")][-1]
        self.settings["primary_conninfo"] = connection.split("=", 1)[1].strip().strip("'").replace("''", "'")
        self.configure()

    def catch_up(self):
        """Waits until everything that the primary has committed is visible here."""
        position = self.primary.sql("postgres", "SELECT pg_current_wal_flush_lsn()")[0][0]
        deadline = time.monotonic() + WAIT_SECONDS
        while self.sql("postgres", f"SELECT pg_last_wal_replay_lsn() >= '{position}'") != [["t"]]:
            if time.monotonic() > deadline:
                raise PostgresError("the standby does not catch up")
