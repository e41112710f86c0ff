"""The servers, started on one core and stopped again."""

import contextlib
import os
import socket
import subprocess
import time
from dataclasses import dataclass

from harness import machine

START_SECONDS = 30


class ServerError(Exception):
    pass


@dataclass
class Running:
    name: str
    process: subprocess.Popen
    port: int

    def cpu_seconds(self):
        """What the process and its children have spent of the processor so far."""
        return sum(_thread_seconds(pid) for pid in [self.process.pid, *_children(self.process.pid)])

    def is_running(self):
        """Whether any of its threads runs, or would."""
        return any(_thread_states(pid) - {"S"} for pid in [self.process.pid, *_children(self.process.pid)])


def _thread_files(pid, name):
    """The text of one file of each thread; threads end while they are looked at."""
    for thread in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            with open(f"/proc/{pid}/task/{thread}/{name}", encoding="utf-8", errors="replace") as file:
                yield file.read()


def _thread_seconds(pid):
    return sum(int(text.split()[0]) for text in _thread_files(pid, "schedstat")) / 1e9


def _thread_states(pid):
    return {text.rpartition(")")[2].split()[0] for text in _thread_files(pid, "stat")}


def _children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(running, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            raise ServerError(f"{running.name} ended at once:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", running.port), timeout=1):
            return
        time.sleep(0.05)
    raise ServerError(f"{running.name} does not listen on port {running.port} after {START_SECONDS} seconds")


def _portico(root, arguments, store, port, log):
    return [str(arguments.build / "portico"), "serve", str(root / "apis" / "orders" / "api.yaml"), "--store",
            f"sqlite:{store.directory}", "--port", str(port), "--loops", "1", "--log", log]


def _commands(root, arguments, store):
    """{name: (command, working directory, extra environment, port)}"""
    ports = [_free_port() for _ in range(3)]
    log = str(store.directory / "requests.log")
    peer = root / "bench" / "peers" / "django"
    environment = {"BENCH_DATA": str(store.directory), "BENCH_BIND": f"127.0.0.1:{ports[2]}",
                   "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(peer)}
    return {
        "portico": (_portico(root, arguments, store, ports[0], "none"), root, {}, ports[0]),
        "portico with log": (_portico(root, arguments, store, ports[1], log), root, {}, ports[1]),
        "django": (["/usr/bin/gunicorn", "-c", "gunicorn.conf.py"], peer, environment, ports[2]),
    }


@contextlib.contextmanager
def started(root, arguments, store):
    """{name: Running} of all servers; they end with the block. Raises ServerError."""
    running = {}
    try:
        for name, (command, directory, extra, port) in _commands(root, arguments, store).items():
            log = store.directory / f"{name.replace(' ', '-')}.log"
            with log.open("wb") as output:
                process = subprocess.Popen([*machine.pinned(machine.SERVER_CORE), *command], cwd=directory,
                                           env={**os.environ, **extra}, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            running[name] = Running(name, process, port)
            _await(running[name], log)
        yield running
    finally:
        for server in running.values():
            server.process.terminate()
        for server in running.values():
            try:
                server.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.process.kill()
        (store.directory / "requests.log").unlink(missing_ok=True)
