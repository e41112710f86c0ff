"""A Portico over a database that exists: `portico init`, a key, and the running server, asked over one connection."""

import http.client
import json
import os
import signal
import subprocess
import threading
from pathlib import Path
from urllib.parse import urlencode

from .server import SANITIZER_REPORT, START_SECONDS, STOP_SECONDS, ServerError


class ExistingServer:
    """Start with `with`. `directory` is a folder for its files, `init` are options of `portico init` beside --from."""

    def __init__(self, portico, directory, store, init=(), accounts=("demo",)):
        self.portico = str(Path(portico).resolve())
        self.directory = Path(directory)
        self.store = store
        self.init = init
        self.accounts = accounts
        self.description = self.directory / "api.yaml"
        self.access = f"sqlite:{self.directory / 'access'}"
        self.keys = {}
        self.process = None
        self.connection = None

    def run(self, *arguments):
        """Runs a command to its end; its standard output. Raises ServerError."""
        done = subprocess.run([self.portico, *arguments], capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0 or SANITIZER_REPORT.search(done.stderr):
            raise ServerError(f"{' '.join(arguments)}\nexit status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def __enter__(self):
        try:
            self.run("init", "--from", self.store, "--output", str(self.description), *self.init)
            place = [str(self.description), "--store", self.store, "--access", self.access]
            for account in self.accounts:
                made = self.run("keys", "create", *place, "--account", account, "--json")
                self.keys[account] = json.loads(made)["token"]
            self.start(place)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        problem = self.stop()
        if problem:
            raise ServerError(problem)

    def start(self, place):
        port_file = self.directory / "port"
        self.log = open(self.directory / "log", "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen(
            [self.portico, "serve", *place, "--address", "127.0.0.1", "--port", "0", "--port-file", str(port_file), "--log",
             "none"], stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env=dict(os.environ, TZ="America/Caracas"))
        ended = threading.Event()
        threading.Thread(target=lambda: (self.process.wait(), ended.set()), daemon=True).start()
        for _ in range(START_SECONDS * 100):
            if port_file.exists():
                break
            if ended.wait(0.01):
                raise ServerError(f"the server ended at once with status {self.process.returncode}:\n{self.read_log()}")
        else:
            raise ServerError(f"the server was not ready in {START_SECONDS} s:\n{self.read_log()}")
        self.connection = http.client.HTTPConnection("127.0.0.1", int(port_file.read_text(encoding="ascii")), timeout=60)

    def read_log(self):
        self.log.flush()
        self.log.seek(0)
        return self.log.read()

    def stop(self):
        """What was wrong with the end, or nothing."""
        if self.connection:
            self.connection.close()
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = f"none: still running {STOP_SECONDS} s after SIGTERM"
        text = self.read_log()
        self.log.close()
        self.process = None
        if status != 0 or SANITIZER_REPORT.search(text):
            return f"the server's exit status is {status}, expected 0; its output ends:\n{text[-6000:]}"
        return None

    def get(self, path, parameters=None, account=None):
        """Status and body of a GET by an account; status 0 where no answer came."""
        target = path + ("?" + urlencode(parameters) if parameters else "")
        try:
            self.connection.request("GET", target, headers={
                "Authorization": "Bearer " + self.keys[account or self.accounts[0]]})
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            return 0, f"no answer: {error}"
        try:
            return answer.status, json.loads(body)
        except ValueError:
            return answer.status, body
