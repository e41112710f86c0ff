"""A PostgreSQL of our own in a temporary folder: the settings that Debian's has, as far as they bear upon durability."""

import importlib.util
import time
from pathlib import Path

from harness import machine, processes

ROOT = Path(__file__).resolve().parent.parent.parent
DATABASE = "bench"
LOAD_SECONDS = 1800
END_SECONDS = 30
SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "1GB",   # the tables and their indexes fit
    "max_wal_size": "4GB",     # no checkpoint in the middle
    "checkpoint_timeout": "1h",
    "autovacuum": "off",       # vacuumed and analysed once, when it is loaded
    "log_min_messages": "warning",
}


def _tests_postgres():
    """The module that starts PostgreSQL for the tests; its package has this one's name."""
    path = ROOT / "tests" / "support" / "harness" / "postgres.py"
    spec = importlib.util.spec_from_file_location("tests_postgres", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_base = _tests_postgres()
PostgresError = _base.PostgresError
USER = _base.USER
BIN = _base.BIN


class Cluster(_base.Cluster):
    """Start with `with`; stopped and removed at the end."""

    def __init__(self):
        super().__init__()
        self.settings = dict(SETTINGS)

    def initialise(self):
        self.give(self.folder)
        self.run("initdb", "-D", self.data, "-U", _base.ADMIN, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8",
                 "--auth-local=trust", "--auth-host=reject")
        self.configure()

    def address(self):
        """For `--store`."""
        return self.socket_url(DATABASE)

    def long_sql(self, text):
        return self.sql(DATABASE, text, timeout=LOAD_SECONDS)

    def pin(self, count):
        """Puts all of it on the cores of a server, sessions to come included."""
        processes.pin(self.process.pid, machine.server_cores(count))

    def cpu_seconds(self):
        return processes.cpu_seconds(self.process.pid)

    def sessions(self):
        """The ids of its processes."""
        return set(processes.tree(self.process.pid))

    def await_end_of_others(self, sessions):
        """Waits until no process is left but those: what one has spent is seen again when it has ended. Raises PostgresError."""
        deadline = time.monotonic() + END_SECONDS
        while not self.sessions() <= sessions:
            if time.monotonic() > deadline:
                raise PostgresError(f"a session of PostgreSQL's has not ended after {END_SECONDS} seconds")
            time.sleep(0.01)

    def is_running(self):
        return processes.is_running(self.process.pid)
