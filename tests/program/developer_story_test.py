"""The developer space over HTTP, from an extension's declaration to its end; keys; and the server around it: on both stores.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import json
import re
import signal
import sqlite3
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness.load import eventually  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.server import FIRST_ACCOUNT, OTHER_ACCOUNT  # noqa: E402
from harness.space import API, DESCRIPTION, JSON, PAGE, PASSWORD, PORTICO, ZIP, Space, Visitor, archive  # noqa: E402


VERSION = "/extensions/plot/versions/1"


class Story(Space):
    # The whole story

    def test_the_story(self):
        self.begin()
        dev, operator, member = (self.visitor(f"{name}@example.com") for name in ("dev", "ops", "member"))
        dev.json("POST", "/extensions", {"name": "plot", "title": "Orders by week"})
        dev.upload("plot", 1, PAGE)
        dev.json("PATCH", VERSION, {"scopes": ["orders:read"]})
        test = self.get_a_test_token(dev)
        self.run_in_development(dev, member)
        self.review(dev, operator, test["token"])
        self.run_in_production(dev, member)
        self.begin_the_next(dev, operator, member)

    def get_a_test_token(self, dev):
        self.assert_refused(dev.ask("POST", f"{VERSION}/test-token", {"account": FIRST_ACCOUNT}), 403, "ForbiddenException")
        foreign, missing = (dev.ask("POST", f"{VERSION}/authorisations", {"account": account})
                            for account in (OTHER_ACCOUNT, "c" * 32))
        self.assert_refused(foreign, 403, "ForbiddenException")
        self.assertEqual(foreign.body, missing.body)
        agreed = dev.json("POST", f"{VERSION}/authorisations", {"account": FIRST_ACCOUNT})
        self.assertEqual(list(agreed), ["id", "account", "extension", "version", "scopes", "hosts", "created", "covers"])
        self.assertEqual((agreed["account"], agreed["extension"], agreed["version"], agreed["scopes"], agreed["covers"]),
                         (FIRST_ACCOUNT, "plot", 1, ["orders:read"], True))
        self.assertEqual(dev.get(VERSION)["authorisations"], [agreed])
        self.assertEqual(dev.get("/authorisations"), {"results": [agreed]})
        test = dev.json("POST", f"{VERSION}/test-token", {"account": FIRST_ACCOUNT})
        self.assertEqual(list(test), ["token", "expires", "curl"])
        self.assertEqual(test["curl"], f"curl -H 'Authorization: Bearer {test['token']}' {dev.origin}/api/orders")
        rows = self.api("GET", "/api/orders", test["token"])
        self.assertEqual((rows.status, json.loads(rows.body)["code"]), (200, 0), rows.body)
        hosts = ["https://a.example.com", "https://b.example.com"]
        dev.json("PATCH", VERSION, {"hosts": hosts})
        self.assertEqual(dev.json("POST", f"{VERSION}/authorisations", {"account": FIRST_ACCOUNT})["hosts"], hosts)
        dev.json("PATCH", VERSION, {"hosts": []})
        for scopes in ([], ["orders:write"]):
            dev.json("PATCH", VERSION, {"scopes": scopes})
            dev.json("POST", f"{VERSION}/authorisations", {"account": FIRST_ACCOUNT})
            self.assertIsNone(dev.json("POST", f"{VERSION}/test-token", {"account": FIRST_ACCOUNT})["curl"])
        dev.json("PATCH", VERSION, {"scopes": ["orders:read"]})
        dev.json("POST", f"{VERSION}/authorisations", {"account": FIRST_ACCOUNT})
        dev.json("PATCH", VERSION, {"scopes": ["orders:read", "notes:read"]})
        self.assertFalse(dev.get(VERSION)["authorisations"][0]["covers"])
        dev.json("PATCH", VERSION, {"scopes": ["orders:read"]})

        return test

    def run_in_development(self, dev, member):
        run = dev.json("POST", f"{VERSION}/runs", {"account": FIRST_ACCOUNT})
        self.assertEqual(list(run), ["run", "url", "origin"])
        self.assertEqual(run["origin"], f"http://dev--plot.ext.localhost:{self.server.port}")
        self.assertRegex(run["url"], re.escape(run["origin"]) + r"/\?run=[0-9a-f]{64}$")
        self.assert_refused(dev.ask("POST", f"/runs/{run['run']}/token"), 403, "ForbiddenException")  # it has not begun
        offered = dev.get("/marketplace")["results"]
        self.assertEqual([(each["name"], each["version"]["status"], len(each["authorisations"])) for each in offered],
                         [("plot", "development", 1)])
        self.assertEqual(member.get("/marketplace"), {"results": []})

    def review(self, dev, operator, test_token):
        self.assert_refused(dev.ask("POST", f"{VERSION}/transitions", {"transition": "publish"}), 403, "ForbiddenException")
        self.assert_refused(dev.ask("POST", f"{VERSION}/transitions", {"transition": "leap"}), 400, "ApiValidationException",
                            fields=["transition"])
        submitted = dev.json("POST", f"{VERSION}/transitions", {"transition": "submit"}, status=200)
        self.assertEqual((submitted["status"], submitted["transitions"]), ("revision", []))
        self.assertEqual(json.loads(self.api("GET", "/api/orders", test_token).body)["code"], -3)
        self.assert_refused(dev.ask("POST", f"{VERSION}/commits", archive(PAGE), more=ZIP), 409, "ConflictException")
        self.assert_refused(dev.ask("POST", f"{VERSION}/transitions", {"transition": "submit"}), 409, "ConflictException")
        queue = operator.get("/review")["results"]
        self.assertEqual([list(each) for each in queue], [["extension", "version", "production"]])
        self.assertEqual((queue[0]["extension"]["name"], queue[0]["version"]["number"], queue[0]["production"]),
                         ("plot", 1, None))
        self.assertEqual(sorted(queue[0]["version"]["transitions"]), ["deny", "publish", "return"])
        self.assert_refused(operator.ask("POST", f"{VERSION}/transitions", {"transition": "return"}), 400,
                            "ApiValidationException", fields=["reason"])
        returned = operator.json("POST", f"{VERSION}/transitions", {"transition": "return", "reason": "No title."}, status=200)
        self.assertEqual((returned["status"], returned["words"]), ("development", "No title."))
        dev.json("POST", f"{VERSION}/transitions", {"transition": "submit"}, status=200)
        published = operator.json("POST", f"{VERSION}/transitions", {"transition": "publish"}, status=200)
        self.assertEqual((published["status"], published["transitions"]), ("production", ["down"]))

    def run_in_production(self, dev, member):
        offered = member.get("/marketplace")["results"]
        self.assertEqual([(each["name"], each["version"]["number"], each["authorisations"]) for each in offered],
                         [("plot", 1, [])])
        self.assertEqual(list(offered[0])[-2:], ["version", "authorisations"])
        self.assert_refused(member.ask("POST", f"{VERSION}/runs", {"account": OTHER_ACCOUNT}), 403, "ForbiddenException")
        given = member.json("POST", f"{VERSION}/authorisations", {"account": OTHER_ACCOUNT})
        run = member.json("POST", f"{VERSION}/runs", {"account": OTHER_ACCOUNT})
        self.assertEqual(run["origin"], f"http://plot.ext.localhost:{self.server.port}")
        self.assert_refused(dev.ask("POST", f"{VERSION}/test-token", {"account": FIRST_ACCOUNT}), 403, "ForbiddenException")
        self.assertEqual(member.ask("DELETE", f"/authorisations/{given['id']}").status, 204)
        self.assertEqual(member.ask("DELETE", f"/authorisations/{given['id']}").status, 404)
        self.assert_refused(member.ask("POST", f"{VERSION}/runs", {"account": OTHER_ACCOUNT}), 403, "ForbiddenException")

    def begin_the_next(self, dev, operator, member):
        second = dev.json("POST", "/extensions/plot/versions")
        self.assertEqual((second["number"], second["status"], second["scopes"]), (2, "development", ["orders:read"]))
        self.assertEqual(dev.get("/extensions/plot")["status"], {"development": 2, "revision": None, "production": 1})
        self.assertEqual([each["number"] for each in dev.get("/extensions/plot")["versions"]], [2, 1])
        self.assertEqual([each["number"] for each in member.get("/extensions/plot")["versions"]], [1])
        down = operator.json("POST", f"{VERSION}/transitions", {"transition": "down", "reason": "Broken."}, status=200)
        self.assertEqual((down["status"], down["words"]), ("down", "Broken."))
        self.assertEqual(member.get("/marketplace"), {"results": []})
        self.assertEqual(member.ask("GET", "/extensions/plot").status, 404)
        history = dev.get("/extensions/plot/history")["results"]
        told = [(each["action"], each["version"], each["from"], each["to"], each["actor"]["name"]) for each in history]
        for each in (("submit", 1, "development", "revision", "Dana Dev"), ("return", 1, "revision", "development", "Olga Ops"),
                     ("publish", 1, "revision", "production", "Olga Ops"), ("down", 1, "production", "down", "Olga Ops")):
            self.assertIn(each, told)
        self.assertIn("No title.", [each["reason"] for each in history])

    # Keys

    def test_keys_of_an_account(self):
        self.begin()
        dev, two = self.visitor("dev@example.com"), self.visitor("two@example.com")
        keys = f"/accounts/{FIRST_ACCOUNT}/keys"
        before = dev.get(keys)["results"]
        self.assertEqual(list(before[0]), ["id", "kind", "mode", "label", "created", "expires", "revoked"])
        made = dev.json("POST", keys, {"kind": "private", "mode": "production", "label": "Till Ñ",
                                       "expires": "2999-01-01T00:00:00Z"})
        self.assertEqual(list(made), ["token", *before[0]])
        self.assertEqual((made["kind"], made["mode"], made["label"], made["revoked"]), ("private", "production", "Till Ñ", None))
        self.assertEqual(self.api("GET", "/orders", made["token"]).status, 200)
        secret = made["token"].split("_")[2]
        listed = dev.ask("GET", keys)
        self.assertNotIn(secret, listed.body.decode())
        self.assertEqual(len(json.loads(listed.body)["results"]), len(before) + 1)

        rotated = dev.json("POST", f"{keys}/{made['id']}/rotate")
        self.assertEqual([rotated[name] for name in ("kind", "mode", "label", "expires")],
                         [made[name] for name in ("kind", "mode", "label", "expires")])
        self.assertEqual(self.api("GET", "/orders", made["token"]).status, 401)
        self.assertEqual(self.api("GET", "/orders", rotated["token"]).status, 200)
        self.assert_refused(dev.ask("POST", f"{keys}/{made['id']}/rotate"), 409, "ConflictException", "revoked")
        self.assertEqual(dev.ask("DELETE", f"{keys}/{rotated['id']}").status, 204)
        self.assertEqual(self.api("GET", "/orders", rotated["token"]).status, 401)
        self.assert_refused(dev.ask("POST", keys, {"kind": "access", "mode": "all", "label": "x" * 300, "expires": "2001-01-01"}),
                            400, "ApiValidationException", fields=["kind", "mode", "label", "expires"])
        for label in (" ", "a\nb", "a\x1b[2Jb"):
            self.assert_refused(dev.ask("POST", keys, {"kind": "public", "mode": "both", "label": label}),
                                400, "ApiValidationException", fields=["label"])
        for method, path, body in (("GET", keys, None), ("POST", keys, {"kind": "public", "mode": "both", "label": "L"}),
                                   ("DELETE", f"{keys}/{made['id']}", None), ("POST", f"{keys}/{made['id']}/rotate", None)):
            self.assert_refused(two.ask(method, path, body), 403, "ForbiddenException")
        log = []
        self.assertTrue(eventually(lambda: log.append(self.server.read_log()) or log[-1].count('"contract":"developers"') > 8))
        for value in (secret, rotated["token"].split("_")[2], dev.cookie, dev.csrf, PASSWORD):
            self.assertNotIn(value, log[-1])
        lines = [json.loads(line) for line in log[-1].splitlines() if '"contract":"developers"' in line]
        me = dev.get("/session")["user"]["id"]
        self.assertIn((me, 201, "POST", f"{API}{keys}"),
                      [(line.get("user"), line["status"], line["method"], line["path"]) for line in lines])

    def test_of_many_who_end_a_key_at_once_one_does(self):
        self.begin()
        keys = f"/accounts/{FIRST_ACCOUNT}/keys"
        visitors = [self.visitor("dev@example.com") for _ in range(6)]
        for methods in (("POST",) * 6, ("DELETE",) * 6, ("POST", "DELETE") * 3):
            for _ in range(8):
                made = visitors[0].json("POST", keys, {"kind": "private", "mode": "production", "label": "L"})
                count = len(self.working_keys(visitors[0], keys))
                together = Barrier(len(visitors))

                def end(visitor, method):
                    together.wait(20)
                    return visitor.ask(method, f"{keys}/{made['id']}" + ("/rotate" if method == "POST" else ""))

                with ThreadPoolExecutor(len(visitors)) as pool:
                    answers = list(pool.map(end, visitors, methods))
                won = [answer for answer in answers if answer.status != 409]
                self.assertEqual([answer.status for answer in won], [201 if answer.body else 204 for answer in won][:1],
                                 [answer.status for answer in answers])
                for refused in answers:
                    if refused.status == 409:
                        self.assert_refused(refused, 409, "ConflictException", "already")
                kept = self.working_keys(visitors[0], keys)
                self.assertNotIn(made["id"], kept)
                self.assertEqual(len(kept), count - (0 if won[0].body else 1))

    @staticmethod
    def working_keys(visitor, keys):
        return [key["id"] for key in visitor.get(keys)["results"] if key["revoked"] is None]

    def test_who_acted_for_an_account_once_is_asked_again(self):
        self.begin()
        dev = self.visitor("dev@example.com")
        dev.json("POST", "/extensions", {"name": "plot", "title": "Plot"})
        dev.json("PATCH", VERSION, {"scopes": ["orders:read"]})
        agreed = dev.json("POST", f"{VERSION}/authorisations", {"account": FIRST_ACCOUNT})
        old = dev.json("POST", f"{VERSION}/test-token", {"account": FIRST_ACCOUNT})["token"]
        self.assertEqual(self.code_of(old), (200, 0))
        self.users("accounts", "dev@example.com", "--add", FIRST_ACCOUNT, "--scope", "orders:read")
        self.assertEqual(self.code_of(old), (200, 0))  # who may do less still acts for it
        self.users("accounts", "dev@example.com", "--take", FIRST_ACCOUNT)
        self.assertEqual(self.code_of(old), (401, -3))
        self.users("accounts", "dev@example.com", "--add", FIRST_ACCOUNT)
        self.assertEqual(self.code_of(old), (401, -3))
        self.assertEqual(dev.get("/authorisations"), {"results": []})
        self.assertEqual(dev.get(VERSION)["authorisations"], [])
        self.assert_refused(dev.ask("POST", f"{VERSION}/test-token", {"account": FIRST_ACCOUNT}), 403, "ForbiddenException")
        again = dev.json("POST", f"{VERSION}/authorisations", {"account": FIRST_ACCOUNT})
        self.assertNotEqual(again["id"], agreed["id"])
        token = dev.json("POST", f"{VERSION}/test-token", {"account": FIRST_ACCOUNT})["token"]
        self.assertEqual((self.code_of(token), self.code_of(old)), ((200, 0), (401, -3)))
        self.users("remove", "dev@example.com")
        self.assertEqual(self.code_of(token), (401, -3))

    def users(self, *arguments):
        command, email, *rest = arguments
        self.server.run(str(PORTICO), "users", command, email, self.server.description, "--store", self.server.store, *rest)

    def code_of(self, token):
        answer = self.api("GET", "/api/orders", token)
        return answer.status, json.loads(answer.body)["code"]

    # The server around it

    def test_a_description_without_extensions_has_no_developer_space(self):
        text = DESCRIPTION.read_text(encoding="utf-8")
        self.begin()
        visitor = self.visitor("dev@example.com")
        folder = self.server.directory
        self.check_end(self.server)
        self.server.description = str(folder / "api.yaml")
        Path(self.server.description).write_text(text, encoding="utf-8")
        self.server.start()
        visitor.port = self.server.port
        visitor.host = f"localhost:{visitor.port}"
        visitor.origin = f"http://{visitor.host}"
        self.assertEqual(visitor.ask("GET", "/session").status, 200)
        Path(self.server.description).write_text(re.sub(r"(?m)^extensions:.*\n", "", text), encoding="utf-8")
        self.server.process.send_signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: visitor.ask("GET", "/session").status == 401))
        self.assertIn("X-Shop-Media-Type", dict(visitor.ask("GET", "/session").fields))
        Path(self.server.description).write_text(text, encoding="utf-8")
        self.server.process.send_signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: visitor.ask("GET", "/session").status == 200))

    def test_cookies_behind_tls_are_for_this_host_alone(self):
        self.begin(DESCRIPTION, "--public-url", "https://shop.example")
        visitor = Visitor(self.server.port)
        visitor.origin = "https://shop.example"
        answer = visitor.ask("POST", "/session", {"email": "dev@example.com", "password": PASSWORD})
        self.assertEqual(answer.status, 201, answer.body)
        cookie = answer.value("Set-Cookie")
        self.assertRegex(cookie, "^__Host-portico_session=[0-9a-f]{64}; Path=/; .*; Secure$")
        session = json.loads(answer.body)
        self.assertEqual(session["extension_host"], "ext.localhost")
        value = cookie.split(";")[0].split("=", 1)[1]
        self.assertEqual(visitor.ask("GET", "/session", fields=[("Cookie", f"portico_session={value}")]).status, 401)
        self.assertEqual(visitor.ask("GET", "/session", fields=[("Cookie", f"__Host-portico_session={value}")]).status, 200)


class OnSqlite(Story, unittest.TestCase):
    def test_who_waits_keeps_nobody_else_waiting(self):
        """Two workers wait for the database's lock and two requests for them: a fifth is told so at once, and the API
        answers. SIGTERM lets all of them end."""
        text = DESCRIPTION.read_text(encoding="utf-8").replace("{developer_threads: 2,", "{developer_threads: 2, developer_waiting: 2,")
        self.begin(self.written(text))
        dev = self.visitor("dev@example.com")
        key = dev.json("POST", f"/accounts/{FIRST_ACCOUNT}/keys", {"kind": "private", "mode": "production", "label": "L"})
        blocker = sqlite3.connect(self.server.data / "access.db", isolation_level=None)
        self.addCleanup(blocker.close)
        blocker.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(8) as pool:
            held = {name: pool.submit(dev.ask, "POST", "/extensions", {"name": name, "title": "T"})
                    for name in ("aaa", "bbb", "ccc", "ddd", "eee", "fff", "ggg", "hhh")}
            self.assertTrue(eventually(lambda: sum(each.done() for each in held.values()) >= 4))
            refused = [each.result() for each in held.values() if each.done()]
            self.assert_refused(refused[0], 503, "ServiceUnavailableException", "waiting")
            self.assertEqual(refused[0].value("Retry-After"), "5")
            self.assertEqual(self.api("GET", "/orders", key["token"]).status, 200)
            self.server.process.send_signal(signal.SIGTERM)
            blocker.execute("ROLLBACK")
            made = sorted(name for name, each in held.items() if each.result().status == 201)
        self.server.process.wait(60)
        self.assertLessEqual(len(made), 4)  # fewer where the lock is held for longer than SQLite waits
        self.assertEqual(sorted(name for name, in blocker.execute("SELECT name FROM portico_extensions")), made)


class OnPostgres(Story, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())

    def test_a_database_that_goes_away_and_comes_back(self):
        self.begin()
        dev = self.visitor("dev@example.com")
        keys = f"/accounts/{FIRST_ACCOUNT}/keys"
        self.assertEqual(dev.ask("GET", keys).status, 200)
        self.cluster.stop("immediate")
        for path in ("/session", keys, "/marketplace"):
            away = dev.ask("GET", path)
            self.assert_refused(away, 503, "ServiceUnavailableException")
            self.assertGreater(int(away.value("Retry-After")), 0)
            self.assertNotRegex(away.body, rb"(?i)connect|server closed|postgres")
        self.cluster.start()
        # Each thread finds out by itself: two of them, with connections of three kinds.
        answers = [dev.ask("GET", path).status for _ in range(8) for path in ("/session", keys)]
        self.assertLessEqual(answers.count(503), 6, answers)
        self.assertEqual(answers[-4:], [200] * 4, answers)


if __name__ == "__main__":
    unittest.main()
