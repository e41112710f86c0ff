"""The servers, started on some cores and stopped again."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from harness import fastify, machine, nginx, postgres, processes
from harness.scenarios import DJANGO, FASTIFY, LOGGED, NGINX, PORTICO, SERVERS

START_SECONDS = 30


class ServerError(Exception):
    pass


@dataclass
class Running:
    name: str
    process: subprocess.Popen
    port: int
    token: str
    cluster: object  # the PostgreSQL that works for it, or None

    def cpu_seconds(self):
        """What the server, and the database beside it, have spent of the processor so far."""
        return processes.cpu_seconds(self.process.pid) + (self.cluster.cpu_seconds() if self.cluster else 0.0)

    def is_running(self):
        return processes.is_running(self.process.pid)


@dataclass
class Start:
    """What it takes to start a server."""
    command: list
    directory: Path
    environment: dict


@dataclass
class Site:
    """What servers are started for."""
    root: Path
    arguments: object
    data: object


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_listening(process, name, port, log):
    """Raises ServerError."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerError(f"{name} ended at once:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise ServerError(f"{name} does not listen on port {port} after {START_SECONDS} seconds")


def _portico(site, store, cores, port, log):
    description = str(site.root / "apis" / "orders" / "api.yaml")
    return Start([str(site.arguments.build / "portico"), "serve", description, "--store", site.data.address(store), "--port",
                  str(port), "--loops", str(cores), "--log", log], site.root, {})


def _peer_environment(site, store, cores):
    """Where the peers find rows and keys."""
    environment = {"BENCH_STORE": store, "BENCH_DATA": str(site.data.directory), "BENCH_WORKERS": str(cores)}
    if store == "postgres":
        environment |= {"BENCH_DATA": str(site.data.cluster.folder), "BENCH_PORT": str(site.data.cluster.port),
                        "BENCH_DATABASE": postgres.DATABASE, "BENCH_USER": postgres.USER}
    return environment


def _start_of(site, subject, store, cores, port):
    environment = _peer_environment(site, store, cores)
    if subject == PORTICO:
        return _portico(site, store, cores, port, "none")
    if subject == LOGGED:
        return _portico(site, store, cores, port, str(site.data.directory / "requests.log"))
    if subject == DJANGO:
        peer = site.root / "bench" / "peers" / "django"
        return Start(["/usr/bin/gunicorn", "-c", "gunicorn.conf.py"], peer,
                     environment | {"BENCH_BIND": f"127.0.0.1:{port}", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(peer)})
    if subject == FASTIFY:
        directory = fastify.installed(site.root, site.arguments)
        return Start([str(fastify.node(directory)), "server.js"], directory, environment | {"BENCH_LISTEN": str(port)})
    assert subject == NGINX
    directory = site.data.directory / f"nginx-{cores}"
    return Start(nginx.command(directory, port, cores), directory, {})


def _launched(site, key):
    subject, store, cores = key
    name = f"{subject} ({store}, {cores})"
    log = site.data.directory / f"{name.replace(' ', '-')}.log"
    port = free_port()
    start = _start_of(site, subject, store, cores, port)
    with log.open("wb") as output:
        process = subprocess.Popen([*machine.pinned(machine.server_cores(cores)), *start.command], cwd=start.directory,
                                   env={**os.environ, **start.environment}, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=output)
    running = Running(name, process, port, site.data.tokens[store], site.data.cluster if store == "postgres" else None)
    return running, log


def _end(running):
    for server in running:
        server.process.terminate()
    for server in running:
        try:
            server.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()


@contextlib.contextmanager
def started(site, cases, say):
    """{(subject, store, cores): Running} of all that the cases need; they end with the block. Raises ServerError."""
    needed = list(dict.fromkeys((subject, case.store, case.cores) for case in cases for subject in case.subjects))
    files = (PORTICO, "sqlite", 1)
    order = sorted((key for key in needed if key[0] in SERVERS), key=lambda key: key[0] == NGINX)
    if any(key[0] == NGINX for key in order) and files not in order:
        order.insert(0, files)
    running = {}
    try:
        for key in order:
            if key[0] == NGINX:
                nginx.write_files(site.data.directory / f"nginx-{key[2]}", running[files], site.data)
            if key[1] == "postgres":
                site.data.cluster.pin(key[2])
            say(f"Starting {key[0]} on {key[1]} with {key[2]} core{'s' if key[2] > 1 else ''}.")
            server, log = _launched(site, key)
            running[key] = server
            await_listening(server.process, server.name, server.port, log)
        yield running
    finally:
        _end(running.values())
        (site.data.directory / "requests.log").unlink(missing_ok=True)
        for made in site.data.directory.glob("nginx-*"):
            shutil.rmtree(made, ignore_errors=True)
