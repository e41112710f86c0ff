"""The developer space's API over HTTP: every endpoint, and what each refuses; on both stores.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import json
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness.postgres import Cluster  # noqa: E402
from harness.server import FIRST_ACCOUNT, OTHER_ACCOUNT  # noqa: E402
from harness.space import API, JSON, PAGE, PASSWORD, ZIP, Space, archive  # noqa: E402

TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
                    "a5f645400000000049454e44ae426082")

# Every endpoint: method, path, a body that is right. {x} are names of the story; what begins with a `*` is for operators.
ENDPOINTS = (
    ("GET", "/session", None), ("DELETE", "/session", None), ("PATCH", "/me", {"name": "Dev"}), ("GET", "/scopes", None),
    ("GET", "/extensions", None), ("POST", "/extensions", {"name": "other", "title": "Other"}),
    ("GET", "/extensions/plot", None), ("PATCH", "/extensions/plot", {"title": "Plot"}),
    ("GET", "/extensions/plot/image", None), ("PUT", "/extensions/plot/image", PNG),
    ("DELETE", "/extensions/plot/image", None), ("GET", "/extensions/plot/history", None),
    ("POST", "/extensions/plot/versions", None), ("GET", "/extensions/plot/versions/1", None),
    ("PATCH", "/extensions/plot/versions/1", {"running": 0}),
    ("POST", "/extensions/plot/versions/1/commits", archive(PAGE)),
    ("GET", "/extensions/plot/versions/1/commits/0/files", None),
    ("GET", "/extensions/plot/versions/1/commits/0/files/index.html", None),
    ("POST", "/extensions/plot/versions/1/transitions", {"transition": "submit"}),
    ("POST", "/extensions/plot/versions/1/authorisations", {"account": FIRST_ACCOUNT}),
    ("POST", "/extensions/plot/versions/1/test-token", {"account": FIRST_ACCOUNT}),
    ("POST", "/extensions/plot/versions/1/runs", {"account": FIRST_ACCOUNT}),
    ("GET", "/authorisations", None), ("DELETE", f"/authorisations/{'0' * 32}", None),
    ("POST", f"/runs/{'0' * 32}/token", None), ("GET", "/marketplace", None), ("GET", "/review", None),
    ("GET", f"/accounts/{FIRST_ACCOUNT}/keys", None),
    ("POST", f"/accounts/{FIRST_ACCOUNT}/keys", {"kind": "public", "mode": "both", "label": "Shop window"}),
    ("POST", f"/accounts/{FIRST_ACCOUNT}/keys/{'0' * 16}/rotate", None),
    ("DELETE", f"/accounts/{FIRST_ACCOUNT}/keys/{'0' * 16}", None),
    ("GET", f"/accounts/{FIRST_ACCOUNT}/usage", None), ("GET", f"/accounts/{FIRST_ACCOUNT}/requests", None),
)


def content_type(path, body):
    if body is None:
        return []
    return ZIP if path.endswith("/commits") else [("Content-Type", "image/png")] if path.endswith("/image") else JSON


class Endpoints(Space):
    # Signing in

    def test_signing_in_and_out(self):
        self.begin()
        visitor = self.visitor()
        refused = visitor.ask("GET", "/session")
        self.assert_refused(refused, 401, "UnauthorizedException", "not signed in")
        self.assertIn("Session", refused.value("WWW-Authenticate"))

        answer = visitor.ask("POST", "/session", {"email": "DEV@example.com", "password": PASSWORD})
        self.assertEqual(answer.status, 201, answer.body)
        cookie = answer.value("Set-Cookie")
        self.assertRegex(cookie, r"^portico_session=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200$")
        session = json.loads(answer.body)
        self.assertRegex(session["user"].pop("id"), "^[0-9a-f]{32}$")
        self.assertRegex(session.pop("csrf"), "^[0-9a-f]{64}$")
        self.assertRegex(session.pop("expires"), f"^{TIMESTAMP}$")
        everything = ["notes:read", "notes:write", "orders:read", "orders:write", "shops:read"]
        self.assertEqual(session, {
            "user": {"email": "dev@example.com", "name": "Dana Dev", "roles": ["developer"], "locale": "en"},
            "accounts": [{"id": FIRST_ACCOUNT, "name": "Tienda Ñ", "everything": True, "scopes": everything}],
            "extension_host": f"ext.localhost:{self.server.port}", "api": "/api"})

        visitor.sign_in("dev@example.com")
        shown = visitor.get("/session")
        self.assertEqual(shown["csrf"], visitor.csrf)
        self.assertEqual(visitor.ask("HEAD", "/session").status, 200)
        two = self.visitor("two@example.com").get("/session")["accounts"]
        self.assertEqual(two, [{"id": FIRST_ACCOUNT, "name": "Tienda Ñ", "everything": False, "scopes": ["orders:read"]}])

        # Two cookies of that name: nobody knows which of them is ours.
        doubled = [("Cookie", f"portico_session={visitor.cookie}; portico_session={visitor.cookie}")]
        self.assertEqual(visitor.ask("GET", "/session", fields=doubled).status, 401)
        ended = visitor.ask("DELETE", "/session")
        self.assertEqual((ended.status, ended.body), (204, b""))
        self.assertIn("portico_session=; ", ended.value("Set-Cookie"))
        self.assertIn("Max-Age=0", ended.value("Set-Cookie"))
        self.assertEqual(visitor.ask("GET", "/session").status, 401)

    def test_who_is_not_let_in(self):
        self.begin()
        visitor = self.visitor()
        wrong = visitor.ask("POST", "/session", {"email": "dev@example.com", "password": "wrong wrong wrong"})
        unknown = visitor.ask("POST", "/session", {"email": "nobody@example.com", "password": "wrong wrong wrong"})
        self.assert_refused(wrong, 403, "ForbiddenException")
        self.assertEqual(wrong.body, unknown.body)
        foreign = [("Origin", "http://plot.ext.localhost:1"), *JSON]
        right = {"email": "dev@example.com", "password": PASSWORD}
        self.assert_refused(visitor.ask("POST", "/session", right, fields=foreign), 403, "ForbiddenException", "origin")
        self.assert_refused(visitor.ask("POST", "/session", right, fields=[("Origin", "null"), *JSON]), 403,
                            "ForbiddenException", "origin")
        form = [("Content-Type", "application/x-www-form-urlencoded")]
        self.assert_refused(visitor.ask("POST", "/session", b"email=dev&password=x", more=form), 415,
                            "UnsupportedMediaTypeException")
        self.assert_refused(visitor.ask("POST", "/session", {"email": 5, "passwort": "x"}), 400, "ApiValidationException",
                            fields=["email", "password", "passwort"])
        self.assertEqual(visitor.ask("POST", "/session", b"{", more=JSON).status, 400)
        self.assertEqual(visitor.ask("POST", "/session", b"[]", more=JSON).status, 400)
        # Without Origin, as programs send it, it works.
        self.assertEqual(visitor.ask("POST", "/session", right, fields=JSON).status, 201)

        for _ in range(3):
            visitor.ask("POST", "/session", {"email": "two@example.com", "password": "wrong wrong wrong"})
        spent = visitor.ask("POST", "/session", {"email": "two@example.com", "password": PASSWORD})
        self.assert_refused(spent, 429, "TooManyRequestsException")
        self.assertGreater(int(spent.value("Retry-After")), 0)
        self.assertEqual(visitor.ask("POST", "/session", right).status, 201)

    def test_profile_and_password(self):
        self.begin()
        visitor = self.visitor("dev@example.com")
        elsewhere = self.visitor("dev@example.com")
        changed = visitor.json("PATCH", "/me", {"name": "Dana D.", "locale": "es"})
        self.assertEqual((changed["user"]["name"], changed["user"]["locale"]), ("Dana D.", "es"))
        self.assert_refused(visitor.ask("PATCH", "/me", {"locale": "xx", "nickname": "D"}), 400, "ApiValidationException",
                            fields=["nickname"])
        self.assert_refused(visitor.ask("PATCH", "/me", {"locale": "xx"}), 400, "ApiValidationException", fields=["locale"])
        wrong = {"password": {"current": "not this one at all", "new": "another long password"}}
        error = self.assert_refused(visitor.ask("PATCH", "/me", wrong), 400, "ApiValidationException", fields=["password"])
        self.assertEqual(list(error["fields"]["password"]), ["current"])
        short = {"password": {"current": PASSWORD, "new": "short"}}
        error = self.assert_refused(visitor.ask("PATCH", "/me", short), 400, "ApiValidationException", fields=["password"])
        self.assertEqual(list(error["fields"]["password"]), ["new"])
        visitor.json("PATCH", "/me", {"password": {"current": PASSWORD, "new": "another long password"}})
        self.assertEqual(visitor.ask("GET", "/session").status, 200)
        self.assertEqual(elsewhere.ask("GET", "/session").status, 401)
        self.assertEqual(self.visitor().sign_in("dev@example.com").status, 403)
        self.assertIsInstance(self.visitor().sign_in("dev@example.com", "another long password"), dict)

    # What every endpoint refuses

    def test_every_endpoint_refuses(self):
        self.begin()
        visitor = self.visitor("dev@example.com")
        visitor.json("POST", "/extensions", {"name": "plot", "title": "Plot"})
        stranger = self.visitor()
        for method, path, body in ENDPOINTS:
            with self.subTest(method=method, path=path):
                kind = content_type(path, body)
                self.assert_refused(stranger.ask(method, path, body, more=kind), 401, "UnauthorizedException")
                wrong_cookie = [("Cookie", f"portico_session={'0' * 64}")]
                self.assert_refused(stranger.ask(method, path, body, fields=wrong_cookie, more=kind), 401,
                                    "UnauthorizedException")
                fields = visitor.fields(method)
                unknown = visitor.ask(method, path + "?colour=red", body, more=kind)
                if method != "GET":
                    for wrong in ([], [("X-CSRF-Token", "0" * 64)], [("X-CSRF-Token", visitor.csrf[:-1])]):
                        without = [field for field in fields if field[0] != "X-CSRF-Token"] + wrong
                        refused = visitor.ask(method, path, body, fields=without, more=kind)
                        self.assert_refused(refused, 403, "ForbiddenException", "X-CSRF-Token")
                    for origin in ("http://evil.example", f"https://localhost:{self.server.port}", "null",
                                   f"http://plot.ext.localhost:{self.server.port}"):
                        foreign = [field for field in fields if field[0] != "Origin"] + [("Origin", origin)]
                        refused = visitor.ask(method, path, body, fields=foreign, more=kind)
                        self.assert_refused(refused, 403, "ForbiddenException", "origin")
                if path == "/review":
                    self.assert_refused(unknown, 403, "ForbiddenException")
                else:
                    self.assert_refused(unknown, 400, "ApiValidationException", fields=["colour"])
                if isinstance(body, dict):
                    self.assert_refused(visitor.ask(method, path, b"{\"a\"", more=kind), 400, "ApiValidationException")
                    self.assert_refused(visitor.ask(method, path, b"{}", more=[("Content-Type", "text/plain")]), 415,
                                        "UnsupportedMediaTypeException")
                    wrong = {name: {"no": "object"} for name in body} | {"colour": 1}
                    error = self.assert_refused(visitor.ask(method, path, wrong), 400, "ApiValidationException")
                    self.assertEqual(set(error["fields"]), set(wrong))
        self.assertEqual(visitor.ask("GET", "/session").status, 200)

    def test_a_parameter_is_given_once(self):
        self.begin()
        visitor = self.visitor("dev@example.com")
        visitor.json("POST", "/extensions", {"name": "plot", "title": "Plot"})
        account = f"/accounts/{FIRST_ACCOUNT}"
        for method, path, body, name in (("GET", f"{account}/usage?step=60&step=3600", None, "step"),
                                         ("GET", f"{account}/requests?status=200&page=1&status=404", None, "status"),
                                         ("POST", "/extensions/plot/versions/1/commits?message=a&message=b", archive(PAGE), "message")):
            answer = visitor.ask(method, path, body, more=content_type(path.split("?")[0], body))
            error = self.assert_refused(answer, 400, "ApiValidationException", fields=[name])
            self.assertEqual(error["fields"][name], ["Given more than once."])
        self.assertEqual(visitor.get("/extensions/plot/versions/1")["running"], 0)

    def test_methods_and_paths(self):
        self.begin()
        visitor = self.visitor("dev@example.com")
        paths = {}
        for method, path, _ in ENDPOINTS:
            paths.setdefault(path, set()).add(method)
        paths["/session"].add("POST")
        for path, methods in paths.items():
            with self.subTest(path=path):
                allowed = ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))
                options = visitor.ask("OPTIONS", path)
                self.assertEqual((options.status, options.value("Allow")), (204, allowed))
                for method in {"GET", "PUT", "PATCH", "DELETE", "POST", "BREW"} - methods:
                    refused = visitor.ask(method, path)
                    self.assert_refused(refused, 405, "MethodNotAllowedException")
                    self.assertEqual(refused.value("Allow"), allowed)
        for path in ("", "/", "/nothing", "/extensions/plot/versions/1/nothing", "/session/x"):
            self.assert_refused(visitor.ask("GET", path), 404, "ObjectNotFoundException")
        self.assert_refused(visitor.ask("GET", "/extensions/%zz"), 400, "ApiValidationException")
        self.assert_refused(visitor.ask("GET", "/extensions/a%00b"), 400, "ApiValidationException")
        for path in ("//scopes", "/scopes/"):
            self.assertEqual(visitor.ask("GET", path).status, 200)
        # The partner API, and what only begins alike, is as it was.
        self.assertEqual(visitor.ask("GET", "/developersapi", fields=[]).status, 401)
        self.assertIn("X-Shop-Media-Type", dict(visitor.ask("GET", "/developers-too").fields))

    def test_foreign_objects_are_like_missing_ones(self):
        self.begin()
        dev, two, member = (self.visitor(f"{name}@example.com") for name in ("dev", "two", "member"))
        dev.json("POST", "/extensions", {"name": "plot", "title": "Plot"})
        dev.json("POST", "/extensions/plot/versions/1/authorisations", {"account": FIRST_ACCOUNT})
        authorisation = dev.get("/authorisations")["results"][0]["id"]
        key = dev.json("POST", f"/accounts/{FIRST_ACCOUNT}/keys", {"kind": "private", "mode": "both", "label": "L"})["id"]

        def same(visitor, method, path, missing, body):
            kind = content_type(path, body)
            foreign, absent = visitor.ask(method, path, body, more=kind), visitor.ask(method, missing, body, more=kind)
            self.assertEqual(foreign.status, 404, (method, path, foreign.body))
            bare = [[field for field in answer.fields if field[0] not in ("X-Request-Id", "Date")] for answer in (foreign, absent)]
            self.assertEqual(bare[0], bare[1])
            self.assertEqual(foreign.body, absent.body)

        for method, path, body in ENDPOINTS:
            with self.subTest(method=method, path=path):
                if path.startswith("/extensions/plot"):
                    same(two, method, path, path.replace("plot", "plat"), body)
                elif path.startswith("/authorisations/"):
                    same(two, method, f"/authorisations/{authorisation}", path, body)
                elif path.endswith(("/keys", "/usage", "/requests")):
                    same(member, method, path, path.replace(FIRST_ACCOUNT, "c" * 32), body)
                elif "/keys/" in path:
                    same(member, method, path.replace("0" * 16, key), path, body)
                    other = path.replace(FIRST_ACCOUNT, OTHER_ACCOUNT)
                    same(member, method, other.replace("0" * 16, key), other, body)
        self.assertEqual(len(dev.get("/authorisations")["results"]), 1)
        self.assertEqual(two.get("/extensions"), {"results": []})
        for number in ("0", "2", "99999999999999", "x", "-1"):
            self.assertEqual(dev.ask("GET", f"/extensions/plot/versions/{number}").status, 404)

    # Extensions

    def test_an_extension_is_declared_and_described(self):
        self.begin()
        dev = self.visitor("dev@example.com")
        answer = dev.ask("POST", "/extensions", {"name": "plot", "title": "Orders by week", "description": "Ñ"})
        self.assertEqual((answer.status, answer.value("Location")), (201, f"{API}/extensions/plot"))
        made = json.loads(answer.body)
        me = {"id": dev.get("/session")["user"]["id"], "name": "Dana Dev"}
        self.assertRegex(made.pop("id"), "^[0-9a-f]{32}$")
        self.assertRegex(made.pop("created"), f"^{TIMESTAMP}$")
        self.assertEqual(made, {"name": "plot", "title": "Orders by week", "description": "Ñ", "image": None, "owner": me,
                                "status": {"development": 1, "revision": None, "production": None}})
        shown = dev.get("/extensions/plot")
        self.assertEqual(list(shown), ["id", "name", "title", "description", "image", "owner", "created", "status", "versions"])
        version = shown["versions"][0]
        self.assertEqual(list(version), ["number", "label", "status", "running", "scopes", "hosts", "words", "created",
                                         "changed", "commits", "authorisations", "transitions"])
        self.assertEqual((version["number"], version["label"], version["status"], version["running"], version["transitions"]),
                         (1, "1.0", "development", 0, ["submit"]))
        commit = version["commits"][0]
        self.assertEqual(list(commit), ["number", "label", "message", "author", "created", "files", "bytes"])
        self.assertEqual((commit["number"], commit["label"], commit["author"]), (0, "1.0", me))
        self.assertEqual(dev.get("/extensions/plot/versions/1"), version)
        self.assertEqual([each["name"] for each in dev.get("/extensions")["results"]], ["plot"])

        changed = dev.json("PATCH", "/extensions/plot", {"title": "By week"})
        self.assertEqual((changed["title"], changed["description"]), ("By week", "Ñ"))
        self.assert_refused(dev.ask("POST", "/extensions", {"name": "plot", "title": "Again"}), 409, "ConflictException")
        for name in ("Plot", "a", "dev--x", "-x", "x" * 60, "www_x"):
            self.assert_refused(dev.ask("POST", "/extensions", {"name": name, "title": "T"}), 400, "ApiValidationException",
                                fields=["name"])
        self.assert_refused(dev.ask("POST", "/extensions", {}), 400, "ApiValidationException", fields=["name", "title"])
        member = self.visitor("member@example.com")
        self.assert_refused(member.ask("POST", "/extensions", {"name": "mine", "title": "T"}), 403, "ForbiddenException")
        operator = self.visitor("ops@example.com")
        self.assertEqual([each["name"] for each in operator.get("/extensions")["results"]], ["plot"])
        self.assert_refused(dev.ask("POST", "/extensions/plot/versions"), 409, "ConflictException")
        self.assert_refused(dev.ask("GET", "/review"), 403, "ForbiddenException")

        entries = dev.get("/extensions/plot/history")["results"]
        self.assertEqual({(each["action"], each["version"], each["actor"]["name"]) for each in entries}
                         & {("declare", 1, "Dana Dev"), ("declare", None, "Dana Dev")}, {("declare", entries[-1]["version"],
                                                                                          "Dana Dev")})
        self.assertEqual(list(entries[0]), ["at", "actor", "action", "version", "from", "to", "reason"])

    def test_scopes(self):
        self.begin()
        scopes = {each["name"]: each for each in self.visitor("dev@example.com").get("/scopes")["results"]}
        self.assertEqual(list(scopes), ["notes:read", "notes:write", "orders:read", "orders:write", "shops:read"])
        self.assertEqual(scopes["orders:write"], {
            "name": "orders:write", "resource": "orders", "access": "write", "description": "Orders of the shop's customers",
            "operations": ["create", "replace", "update", "delete"], "actions": ["confirm"]})
        self.assertEqual((scopes["orders:read"]["operations"], scopes["orders:read"]["actions"]),
                         (["list", "retrieve"], ["confirm"]))

    def test_images(self):
        self.begin()
        dev = self.visitor("dev@example.com")
        dev.json("POST", "/extensions", {"name": "plot", "title": "Plot"})
        path = "/extensions/plot/image"
        self.assertEqual(dev.ask("GET", path).status, 404)
        self.assertEqual(dev.ask("PUT", path, PNG, more=[("Content-Type", "image/png")]).status, 204)
        url = dev.get("/extensions/plot")["image"]
        self.assertEqual(url, f"{API}{path}")
        image = dev.ask("GET", url)
        self.assertEqual((image.status, image.value("Content-Type"), image.body), (200, "image/png", PNG))
        self.assertEqual(image.value("X-Content-Type-Options"), "nosniff")
        self.assertIn("sandbox", image.value("Content-Security-Policy"))
        self.assertEqual(dev.ask("HEAD", url).value("Content-Length"), str(len(PNG)))
        for kind, body, status in (("image/webp", PNG, 415), ("image/gif", PNG, 415), ("image/svg+xml", b"<svg/>", 415),
                                   ("image/png", b"<svg/>", 415), ("image/png", b"", 400), ("image/png", PNG + b"x" * 2000, 413)):
            self.assertEqual(dev.ask("PUT", path, body, more=[("Content-Type", kind)]).status, status, kind)
        self.assertEqual(dev.ask("DELETE", path).status, 204)
        self.assertIsNone(dev.get("/extensions/plot")["image"])

    # Versions and commits

    def test_commits_and_their_files(self):
        self.begin()
        dev = self.visitor("dev@example.com")
        dev.json("POST", "/extensions", {"name": "plot", "title": "Plot"})
        page = dict(PAGE, **{"data/ñ.bin": b"\x00\x01\xff", "evil.html": "<script>alert(1)</script>"})
        page.pop("data/ñ.bin")
        made = dev.upload("plot", 1, page, "The%20first%20one")
        self.assertEqual((made["number"], made["label"], made["message"], made["files"]), (1, "1.1", "The first one", 3))
        self.assertEqual(made["bytes"], sum(len(text) for text in page.values()))
        version = dev.get("/extensions/plot/versions/1")
        self.assertEqual((version["label"], version["running"], len(version["commits"])), ("1.1", 1, 2))
        files = "/extensions/plot/versions/1/commits/1/files"
        listed = dev.get(files)["results"]
        self.assertEqual([each["path"] for each in listed], ["evil.html", "index.html", "plot.js"])
        self.assertEqual(list(listed[0]), ["path", "type", "hash", "bytes"])
        served = dev.ask("GET", f"{files}/evil.html")
        self.assertEqual((served.status, served.body), (200, b"<script>alert(1)</script>"))
        self.assertEqual(served.value("Content-Type"), "text/plain; charset=utf-8")
        self.assertEqual(served.value("X-Content-Type-Options"), "nosniff")
        self.assertIn("sandbox", served.value("Content-Security-Policy"))
        self.assertTrue(served.value("Content-Disposition").startswith("attachment"))
        self.assertEqual(dev.ask("GET", f"{files}/nothing.html").status, 404)
        self.assertEqual(dev.ask("GET", files.replace("/1/files", "/7/files")).status, 404)

        self.assertEqual(dev.json("PATCH", "/extensions/plot/versions/1", {"running": 0})["label"], "1.0")
        self.assert_refused(dev.ask("PATCH", "/extensions/plot/versions/1", {"running": 9}), 400, "ApiValidationException",
                            fields=["running"])
        scoped = dev.json("PATCH", "/extensions/plot/versions/1",
                          {"scopes": ["orders:read", "notes:read"], "hosts": ["https://tiles.example.com"]})
        self.assertEqual((scoped["scopes"], scoped["hosts"]), (["notes:read", "orders:read"], ["https://tiles.example.com"]))
        self.assert_refused(dev.ask("PATCH", "/extensions/plot/versions/1", {"scopes": ["orders:burn"], "hosts": ["ftp://x"]}),
                            400, "ApiValidationException", fields=["hosts", "scopes"])

        commits = "/extensions/plot/versions/1/commits"
        self.assert_refused(dev.ask("POST", commits, archive(PAGE), more=JSON), 415, "UnsupportedMediaTypeException")
        self.assertEqual(dev.ask("POST", commits, b"no zip", more=ZIP).status, 400)
        self.assertEqual(dev.ask("POST", commits, archive({"readme.txt": "no index"}), more=ZIP).status, 400)
        self.assertEqual(dev.ask("POST", commits, archive({"index.html": "", "../x.js": ""}), more=ZIP).status, 400)
        self.assertEqual(dev.ask("POST", commits + "?message=" + "x" * 3000, archive(PAGE), more=ZIP).status, 400)
        large = archive({"index.html": "<!doctype html>", "x.bin": os.urandom(5000)})
        self.assertLess(len(large), 65536)
        self.assertNotEqual(dev.ask("POST", commits, large, more=ZIP).status, 413)
        self.assertEqual(dev.ask("POST", commits, b"P" * 70000, more=ZIP).status, 413)
        # Over the usual limit of bodies, elsewhere: refused by HTTP itself, in the same form.
        refused = dev.ask("PATCH", "/me", b"{" + b" " * 5000 + b"}", more=JSON)
        self.assert_refused(refused, 413, "PayloadTooLargeException")


class OnSqlite(Endpoints, unittest.TestCase):
    pass


class OnPostgres(Endpoints, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())


if __name__ == "__main__":
    unittest.main()
