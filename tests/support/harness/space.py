"""The developer space as its own pages use it: someone who signs in, keeps the cookie and sends the CSRF token."""

import io
import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from . import wire
from .server import FIRST_ACCOUNT, KEYS, OTHER_ACCOUNT, ROOT, Portico

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
DESCRIPTION = ROOT / "tests/fixtures/apis/programme.yaml"
ROWS = ROOT / "tests/fixtures/apis/programme.jsonl"
API = "/developers/api"
PASSWORD = "correct horse battery"
PAGE = {"index.html": "<!doctype html><title>Plot</title><script src=plot.js></script>", "plot.js": "console.log(1)\n"}
ZIP = [("Content-Type", "application/zip")]
JSON = [("Content-Type", "application/json")]


def archive(files):
    """A zip of {path: text or bytes}."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for path, content in files.items():
            made.writestr(path, content)
    return packed.getvalue()


class Visitor:
    """Someone at the developer space. `host` is what they have in their browser's address bar."""

    def __init__(self, port, host="localhost"):
        self.port = port
        self.host = f"{host}:{port}"
        self.origin = f"http://{self.host}"
        self.cookie = None
        self.csrf = None

    def fields(self, method):
        """What a page of the developer space sends by itself."""
        fields = []
        if self.cookie:
            fields.append(("Cookie", f"other=1; portico_session={self.cookie}; last=2"))
        if method not in ("GET", "HEAD", "OPTIONS"):
            fields.append(("Origin", self.origin))
            if self.csrf:
                fields.append(("X-CSRF-Token", self.csrf))
        return fields

    def ask(self, method, path, body=None, fields=None, more=()):
        """One request on a connection of its own. A body that is no bytes is sent as JSON. `fields` replaces what the
        page sends by itself, `more` is sent beside it."""
        sent = list(self.fields(method) if fields is None else fields) + list(more)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
            if not any(name == "Content-Type" for name, _ in sent):
                sent.append(("Content-Type", "application/json"))
        target = path if path.startswith("/developers") else API + path
        connection = wire.Connection("127.0.0.1", self.port)
        try:
            connection.send(wire.request_bytes(method, target, self.host, sent, body or b""))
            return connection.read_answer(method)
        finally:
            connection.close()

    def sign_in(self, email, password=PASSWORD):
        """The session, as the answer shows it; the answer itself where it is refused."""
        answer = self.ask("POST", "/session", {"email": email, "password": password}, fields=[("Origin", self.origin)])
        if answer.status != 201:
            return answer
        self.cookie = answer.value("Set-Cookie").split(";")[0].split("=", 1)[1]
        session = json.loads(answer.body)
        self.csrf = session["csrf"]
        return session

    def get(self, path):
        return self.json("GET", path)

    def json(self, method, path, body=None, status=None, more=()):
        """The answer's body; fails where the status is another than 200 (of a POST: 201), or `status`."""
        answer = self.ask(method, path, body, more=more)
        expected = status or (201 if method == "POST" else 200)
        if answer.status != expected:
            raise AssertionError(f"{method} {path}: {answer.status}, expected {expected}: {answer.body[:1000]!r}")
        return json.loads(answer.body) if answer.body else None

    def upload(self, name, version, files, message=""):
        """A commit of these files."""
        return self.json("POST", f"/extensions/{name}/versions/{version}/commits?message={message}", archive(files),
                         more=[("Content-Type", "application/zip")])


class Space:
    """For test cases: one server for each test, with people in it; what it does is the same on every store."""

    cluster = None
    maxDiff = None

    def begin(self, description=DESCRIPTION, *options):
        self.server = Portico(PORTICO, DEMO, description, ROWS, self.cluster, keys={"private_key": KEYS["private_key"]})
        self.addCleanup(self.server.remove)
        self.server.load()
        for email, name, roles, account, scopes in (
                ("dev@example.com", "Dana Dev", ["developer"], FIRST_ACCOUNT, []),
                ("two@example.com", "Theo Two", ["developer"], FIRST_ACCOUNT, ["orders:read"]),
                ("ops@example.com", "Olga Ops", ["operator"], None, []),
                ("member@example.com", "Ñandú Member", [], OTHER_ACCOUNT, [])):
            self.create_user(email, name, roles, account, scopes)
        self.server.start(*options)
        self.addCleanup(self.check_end, self.server)

    def written(self, text):
        """A description's file that says that; gone with the test."""
        folder = Path(tempfile.mkdtemp(prefix="portico-test-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "api.yaml").write_text(text, encoding="utf-8")
        return folder / "api.yaml"

    def create_user(self, email, name, roles, account, scopes):
        more = [option for role in roles for option in ("--role", role)]
        if account:
            more += ["--account", account, *(option for scope in scopes for option in ("--scope", scope))]
        password = self.server.directory / "password"
        password.write_text(PASSWORD + "\n", encoding="utf-8")
        self.server.run(str(PORTICO), "users", "create", self.server.description, "--store", self.server.store,
                        "--email", email, "--name", name, "--password-file", str(password), *more)

    def check_end(self, server):
        problem = server.stop()
        self.assertIsNone(problem, problem)

    def visitor(self, email=None, host="localhost"):
        visitor = Visitor(self.server.port, host)
        if email:
            session = visitor.sign_in(email)
            self.assertIsInstance(session, dict, getattr(session, "body", None))
        return visitor

    def api(self, method, target, token):
        """A call of the extension API."""
        connection = wire.Connection("127.0.0.1", self.server.port)
        try:
            fields = [("Authorization", f"Bearer {token}")]
            connection.send(wire.request_bytes(method, target, f"localhost:{self.server.port}", fields, b""))
            return connection.read_answer(method)
        finally:
            connection.close()

    def assert_refused(self, answer, status, error_type, words=None, fields=None):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.value("Content-Type"), "application/json; charset=utf-8")
        self.assertEqual(answer.value("Cache-Control"), "no-store")
        error = json.loads(answer.body)["error"]
        self.assertEqual(error["type"], error_type)
        if words:
            self.assertIn(words, error["message"])
        if fields is not None:
            self.assertEqual(sorted(error.get("fields", {})), sorted(fields), error)
        return error
