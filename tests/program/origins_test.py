"""What extensions' own hosts answer, and the developer space's pages: raw requests, on both stores.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import gzip
import json
import re
import shutil
import signal
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import wire  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.server import FIRST_ACCOUNT  # noqa: E402
from harness.space import DESCRIPTION, ZIP, Space, archive  # noqa: E402

PAGE = "<!-- odd --!><!doctype html>\n<html lang=es><script src='plot.js'></script>"
SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"
FILES = {"index.html": PAGE, "plot.js": "draw();\n", "art/ñ b.svg": SVG, "art/index.html": "<p>Art"}
NOTHING = "There is no such page"
ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
          "Cross-Origin-Resource-Policy": "same-origin", "Origin-Agent-Cluster": "?1", "X-DNS-Prefetch-Control": "off"}


class Origins(Space):
    def description(self, old, new):
        """The fixture's, changed."""
        path = Path(tempfile.mkdtemp()) / "api.yaml"
        self.addCleanup(shutil.rmtree, path.parent)
        text = DESCRIPTION.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    def begin_story(self, *options, origin=None, description=DESCRIPTION):
        """Dana's extension `plot` with a commit of her own, authorised for her account."""
        self.begin(description, *options)
        self.dana = self.visitor()
        self.dana.origin = origin or self.dana.origin
        self.assertIsInstance(self.dana.sign_in("dev@example.com"), dict)
        self.dana.json("POST", "/extensions", {"name": "plot", "title": "Plot", "description": "Of orders"})
        self.dana.json("PATCH", "/extensions/plot/versions/1",
                       {"scopes": ["orders:read"], "hosts": ["https://tiles.example.com"]}, 200)
        self.dana.upload("plot", 1, FILES)
        self.dana.json("POST", "/extensions/plot/versions/1/authorisations", {"account": FIRST_ACCOUNT})

    def ask(self, host, target, method="GET", **fields):
        """On an extension's host; `plot` stands for plot.ext.localhost with the server's port."""
        full = host if "." in host else f"{host}.ext.localhost:{self.server.port}"
        connection = wire.Connection("127.0.0.1", self.server.port)
        try:
            given = [(name.replace("_", "-"), value) for name, value in fields.items()]
            connection.send(wire.request_bytes(method, target, full, given, b""))
            return connection.read_answer(method)
        finally:
            connection.close()

    def run_url(self, visitor=None, version=1):
        """Host and target of a run that was asked for."""
        run = (visitor or self.dana).json("POST", f"/extensions/plot/versions/{version}/runs", {"account": FIRST_ACCOUNT})
        host, target = re.fullmatch(r"http://([^/]+)(/\?run=[0-9a-f]{64})", run["url"]).groups()
        self.assertEqual(run["origin"], f"http://{host}")
        return host, target, run["run"]

    def publish(self):
        self.dana.json("POST", "/extensions/plot/versions/1/transitions", {"transition": "submit"}, 200)
        operator = self.visitor("ops@example.com")
        operator.json("POST", "/extensions/plot/versions/1/transitions", {"transition": "publish"}, 200)

    def assert_nothing(self, answer, status=404):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.value("Content-Type"), "text/html; charset=utf-8")
        for name, value in ALWAYS.items():
            self.assertEqual(answer.value(name), value, name)
        self.assertIn("default-src 'none'", answer.value("Content-Security-Policy"))

    def test_files_are_served_as_they_are(self):
        self.begin_story()
        for target, body, kind in (("/", PAGE, "text/html; charset=utf-8"), ("/index.html", PAGE, "text/html; charset=utf-8"),
                                   ("/plot.js", "draw();\n", "text/javascript; charset=utf-8"),
                                   ("/art/%C3%B1%20b.svg", SVG, "image/svg+xml"), ("/art/", "<p>Art", "text/html; charset=utf-8")):
            answer = self.ask("dev--plot", target)
            self.assertEqual((answer.status, answer.body.decode()), (200, body), target)
            self.assertEqual((answer.value("Content-Type"), answer.value("Cache-Control")), (kind, "no-cache"))
            for name, value in ALWAYS.items():
                self.assertEqual(answer.value(name), value, name)
            self.assertIsNone(answer.value("Set-Cookie"))
            self.assertRegex(answer.value("ETag"), r'^"[0-9a-f]{64}"$')
            head = self.ask("dev--plot", target, "HEAD")
            self.assertEqual((head.status, head.body, head.value("Content-Length")), (200, b"", str(len(body.encode()))))
            known = self.ask("dev--plot", target, If_None_Match=answer.value("ETag"))
            self.assertEqual((known.status, known.body, known.value("ETag")), (304, b"", answer.value("ETag")))
        self.assertEqual(
            self.ask("DEV--Plot", "/").value("Content-Security-Policy"),
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: "
            "https://tiles.example.com; font-src 'self' data: blob: https://tiles.example.com; media-src 'self' data: blob: "
            "https://tiles.example.com; connect-src 'self' https://tiles.example.com; worker-src 'self'; form-action 'none'; "
            "base-uri 'none'; frame-src 'none'; frame-ancestors 'none'")
        self.assertEqual(self.ask("dev--plot", "/").value("Connection-Allowlist"), '(response-origin "https://tiles.example.com")')
        self.assertRegex(self.ask("dev--plot", "/").value("Permissions-Policy"), r"^([a-z-]+=\(\), )+[a-z-]+=\(\)$")

    def test_nothing_else_is_there(self):
        self.begin_story()
        for target in ("/api/orders", "/orders", "/developers", "/developers/api/session", "/health", "/me", "//plot.js", "/plot.js/",
                       "/%2e%2e/plot.js", "/..%2fplot.js", "/%00", "/%ff", "/%zz", "/PLOT.js", "/art", "/.portico/x", "/index.html%20"):
            self.assert_nothing(self.ask("dev--plot", target))
        for host in ("plot", "rev--plot", "dev--none", "none", "x", "dev--", "a.plot.ext.localhost", "ext.localhost", "EXT.localhost."):
            self.assert_nothing(self.ask(host, "/"))
            self.assert_nothing(self.ask(host, "/developers/api/session"))
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"):
            refused = self.ask("dev--plot", "/", method)
            self.assert_nothing(refused, 405)
            self.assertEqual(refused.value("Allow"), "GET, HEAD")
        self.assert_nothing(self.ask("dev--plot", "/plot.js", Service_Worker="script"), 403)
        elsewhere = self.ask("plot.text.localhost", "/orders")
        self.assertEqual((elsewhere.status, elsewhere.value("Content-Type")), (401, "application/json; charset=utf-8"))

    def test_a_run_begins_once(self):
        self.begin_story()
        host, target, run = self.run_url()
        self.assertEqual(host, f"dev--plot.ext.localhost:{self.server.port}")
        self.assertEqual(self.ask(host, target, "HEAD").status, 200)
        answer = self.ask(host, target)
        page = answer.body.decode()
        self.assertEqual((answer.status, answer.value("Cache-Control"), answer.value("ETag")), (200, "no-store", None))
        policy = answer.value("Content-Security-Policy")
        nonce = re.search(r"script-src 'self' 'nonce-([0-9a-f]{32})';", policy)[1]
        console = f"http://localhost:{self.server.port}"
        self.assertIn(f"connect-src 'self' {console} https://tiles.example.com;", policy)
        self.assertEqual(answer.value("Connection-Allowlist"), f'(response-origin "{console}" "https://tiles.example.com")')
        self.assertTrue(policy.endswith(f"frame-ancestors {console}"), policy)
        self.assertTrue(page.startswith(f'<!-- odd --!><!doctype html><script nonce="{nonce}">'), page[:100])
        self.assertTrue(page.endswith("</script>\n<html lang=es><script src='plot.js'></script>"), page[-100:])
        told = json.loads(re.search(r"\}\)\s*\((\{.*\})\);</script>", page)[1])
        self.assertEqual((told["run"], told["console"], told["api"]), (run, console, console + "/api"))
        self.assertEqual(told["expires"] - told["now"] > 590_000, True)
        self.assertEqual(told["context"]["account"], {"id": FIRST_ACCOUNT, "name": "Tienda Ñ"})
        self.assertEqual((told["context"]["user"]["name"], told["context"]["version"], told["context"]["status"]),
                         ("Dana Dev", "1.1", "development"))
        self.assertEqual(self.api("GET", "/api/orders", told["token"]).status, 200)
        self.assert_nothing(self.ask(host, target), 403)
        renewed = self.dana.json("POST", f"/runs/{run}/token")
        self.assertEqual(self.api("GET", "/api/orders", renewed["token"]).status, 200)
        self.assertNotEqual(renewed["token"], told["token"])

    def test_a_ticket_is_for_its_own_origin(self):
        self.begin_story()
        host, target, _ = self.run_url()
        for other in ("plot", "rev--plot", "dev--none"):
            self.assert_nothing(self.ask(other, target), 403)
        self.assert_nothing(self.ask(host, "/?run=" + "0" * 64), 403)
        self.assert_nothing(self.ask(host, "/?run="), 403)
        self.assertEqual(self.ask(host, target.replace("/?", "/index.html?")).body.decode(), PAGE)
        self.assertIn(b"<script nonce=", self.ask(host, target.replace("?", "?a=b&")).body)

    def test_the_version_that_stands_is_served(self):
        self.begin_story()
        self.publish()
        self.assert_nothing(self.ask("dev--plot", "/"))
        self.assertEqual(self.ask("plot", "/plot.js").body, b"draw();\n")
        self.dana.json("POST", "/extensions/plot/versions")
        self.dana.upload("plot", 2, {"site/index.html": PAGE, "site/plot.js": "redraw();\n"})
        self.assertEqual(self.ask("plot", "/plot.js").body, b"draw();\n")
        self.assertEqual(self.ask("dev--plot", "/plot.js").body, b"redraw();\n")
        self.dana.json("PATCH", "/extensions/plot/versions/2", {"running": 0}, 200)
        self.assertEqual(self.ask("dev--plot", "/plot.js").body, b"draw();\n")
        self.dana.json("POST", "/extensions/plot/versions/1/transitions", {"transition": "down", "reason": "Wrong"}, 200)
        self.assert_nothing(self.ask("plot", "/plot.js"))

    def test_tickets_are_in_no_log(self):
        self.begin_story("--log", "-")
        host, target, _ = self.run_url()
        page = self.ask(host, target).body.decode()
        token = re.search(r'"token":"([^"]+)"', page)[1]
        self.assert_nothing(self.ask(host, target), 403)
        self.ask(host, target, X="x" * 20_000)
        self.server.process.send_signal(signal.SIGTERM)  # which writes what the log still holds back
        self.server.process.wait(20)
        log = self.server.read_log()
        self.assertEqual([json.loads(line)["status"] for line in log.splitlines() if '"path":"/"' in line], [200, 403, 431])
        self.assertNotIn(target[6:], log)
        self.assertNotIn(token, log)

    def test_hostile_archives_are_refused_with_a_reason(self):
        self.begin_story(description=self.description("{developer_threads", "{upload_files: 20, developer_threads"))
        for files, words in (({**FILES, "../x.js": "1"}, "leads elsewhere"), ({**FILES, "a.php": "1"}, "no type that is taken"),
                             ({**FILES, "PLOT.js": "1"}, "only in the case"), ({"plot.js": "1"}, "no index.html"),
                             ({**FILES, "a.png": "<script>"}, "PNG"), ({**FILES, "b.txt": " " * 900_000}, "packed size"),
                             ({f"{n}.js": "" for n in range(21)}, "21 files")):
            answer = self.dana.ask("POST", "/extensions/plot/versions/1/commits", archive(files), more=ZIP)
            self.assertEqual(answer.status, 400, answer.body)
            self.assertIn(words, json.dumps(json.loads(answer.body)["error"]["fields"], ensure_ascii=False))
        commits = self.dana.get("/extensions/plot/versions/1")["commits"]
        self.assertEqual([commit["number"] for commit in commits], [1, 0])

    def test_public_urls(self):
        self.begin_story("--public-url", "http://portico.example/base", origin="http://portico.example")
        run = self.dana.json("POST", "/extensions/plot/versions/1/runs", {"account": FIRST_ACCOUNT})
        self.assertTrue(run["url"].startswith("http://dev--plot.ext.localhost/?run="), run["url"])
        answer = self.ask("dev--plot", run["url"].split("localhost", 1)[1])
        self.assertIn("connect-src 'self' http://portico.example https://tiles.example.com;", answer.value("Content-Security-Policy"))
        self.assertIn('"console":"http://portico.example","api":"http://portico.example/base/api"', answer.body.decode())
        self.assertIn("frame-src http://*.ext.localhost;", self.dana.ask("GET", "/developers/").value("Content-Security-Policy"))

    def test_hosts_that_proxies_forward(self):
        """Believed of proxies that the description names, and of nobody else."""
        description = self.description("vendor: shop", "vendor: shop\ntrusted_proxies: [127.0.0.1]")
        self.begin(description)
        self.assert_nothing(self.ask("inner.example", "/orders", X_Forwarded_Host="plot.ext.localhost"))
        self.assertEqual(self.ask("inner.example", "/orders", X_Forwarded_Host="portico.example").status, 401)
        self.begin()
        self.assertEqual(self.ask("inner.example", "/orders", X_Forwarded_Host="plot.ext.localhost").status, 401)


class Console(Space):
    def get(self, target, method="GET", **fields):
        return self.visitor().ask(method, target, fields=[(name.replace("_", "-"), value) for name, value in fields.items()])

    def test_pages(self):
        self.begin()
        page = self.get("/developers/")
        self.assertEqual((page.status, page.value("Content-Type"), page.value("Cache-Control")),
                         (200, "text/html; charset=utf-8", "no-store"))
        self.assertEqual(
            page.value("Content-Security-Policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
            f"frame-src http://*.ext.localhost:{self.server.port}; manifest-src 'self'; form-action 'none'; base-uri 'none'; "
            "frame-ancestors 'none'")
        for target in ("/developers", "/developers/extensions/plot", "/developers/apis", "/developers/index.html"):
            self.assertEqual(self.get(target).body, page.body, target)
        self.assertEqual(self.get("/developers/", "POST").status, 405)
        self.assertEqual(self.get("/developers/assets/none.js").status, 404)
        self.assertEqual(self.get("/developers/api").status, 404)
        for name, value in {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}.items():
            self.assertEqual(page.value(name), value)

    def test_assets_are_kept_and_compressed(self):
        self.begin()
        page = self.get("/developers/").body.decode()
        assets = re.findall(r'"(/developers/assets/[^"]+)"', page)
        self.assertGreaterEqual(len(assets), 2, page)
        total = 0
        for target in assets:
            plain = self.get(target)
            self.assertEqual(plain.value("Cache-Control"), "public, max-age=31536000, immutable")
            self.assertEqual((plain.value("Vary"), plain.value("Content-Encoding")), ("Accept-Encoding", None))
            packed = self.get(target, Accept_Encoding="gzip")
            self.assertEqual(packed.value("Content-Encoding"), "gzip")
            self.assertEqual(gzip.decompress(packed.body), plain.body)
            best = self.get(target, Accept_Encoding="gzip, deflate, br")
            self.assertEqual(best.value("Content-Encoding"), "br")
            self.assertLess(len(best.body), len(packed.body))
            self.assertEqual(len({answer.value("ETag") for answer in (plain, packed, best)}), 3)
            head = self.get(target, "HEAD", Accept_Encoding="br")
            self.assertEqual((head.body, head.value("Content-Length")), (b"", str(len(best.body))))
            self.assertEqual(self.get(target, Accept_Encoding="br", If_None_Match=best.value("ETag")).status, 304)
            total += len(best.body)
        self.assertLess(total, 150 * 1024)


class OriginsOnSqlite(Origins, unittest.TestCase):
    pass


class ConsoleOnSqlite(Console, unittest.TestCase):
    pass


class OriginsOnPostgres(Origins, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())


if __name__ == "__main__":
    unittest.main()
