"""What accounts have used: counted by the minute, told request by request, for the account's members alone; on both stores."""

import json
import sys
import tempfile
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import wire  # noqa: E402
from harness.load import eventually  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.server import FIRST_ACCOUNT, OTHER_ACCOUNT  # noqa: E402
from harness.space import DESCRIPTION, PAGE, Space  # noqa: E402

VERSION = "/extensions/plot/versions/1"


def faults_in(fields, path=()):
    """Each as it is named: `articles.0.price: Too long.`"""
    for name, below in fields.items():
        here = (*path, name)
        if isinstance(below, dict):
            yield from faults_in(below, here)
        else:
            for words in [below] if isinstance(below, str) else below:
                yield f"{'.'.join(here)}: {words}"


def instant(moment):
    return quote(moment.astimezone(timezone.utc).isoformat())


class Usage(Space):
    def partner(self, method, target, token, body=b""):
        connection = wire.Connection("127.0.0.1", self.server.port)
        try:
            connection.send(wire.request_bytes(method, target, f"localhost:{self.server.port}",
                                               [("Authorization", f"Bearer {token}"), ("Content-Type", "application/json")], body))
            return connection.read_answer(method)
        finally:
            connection.close()

    def requests(self, visitor, account, query=""):
        return visitor.get(f"/accounts/{account}/requests{query}")

    def test_requests_are_counted_and_told_to_their_account(self):
        self.begin()
        dev = self.visitor("dev@example.com")
        self.assertEqual(self.requests(dev, FIRST_ACCOUNT), {"results": [], "page": 1, "pages": 1, "count": 0})
        key = dev.json("POST", f"/accounts/{FIRST_ACCOUNT}/keys", {"kind": "private", "mode": "production", "label": "shop"})
        answers = [self.partner("GET", "/orders?page_size=2", key["token"]), self.partner("GET", "/orders/none", key["token"]),
                   self.partner("GET", "/orders?page=x", key["token"]), self.partner("POST", "/orders", key["token"], b'{"total": "x"}'),
                   self.partner("GET", "/orders", "private_" + "0" * 16 + "_" + "0" * 64)]
        dev.json("POST", "/extensions", {"name": "plot", "title": "Orders by week"})
        dev.upload("plot", 1, PAGE)
        dev.json("PATCH", VERSION, {"scopes": ["orders:read"]})
        dev.json("POST", f"{VERSION}/authorisations", {"account": FIRST_ACCOUNT})
        test = dev.json("POST", f"{VERSION}/test-token", {"account": FIRST_ACCOUNT})
        answers += [self.api("GET", "/api/orders", test["token"]), self.api("GET", "/api/orders?page=x", test["token"])]
        self.assertEqual([answer.status for answer in answers], [200, 404, 400, 400, 401, 200, 400])

        self.assertTrue(eventually(lambda: self.requests(dev, FIRST_ACCOUNT)["count"] >= 6), "they are there within seconds")
        told = self.requests(dev, FIRST_ACCOUNT)
        self.assertEqual((told["page"], told["pages"]), (1, 1))
        rows = told["results"][::-1]
        self.assertEqual([(row["method"], row["path"], row["status"]) for row in rows],
                         [("GET", "/orders", 200), ("GET", "/orders/none", 404), ("GET", "/orders", 400), ("POST", "/orders", 400),
                          ("GET", "/api/orders", 200), ("GET", "/api/orders", 400)])
        self.assertEqual(list(rows[0]), ["at", "request_id", "method", "path", "status", "type", "message", "microseconds", "key", "kind",
                                         "extension"])
        for answer, row in zip(answers[:4] + answers[5:], rows):
            self.assertEqual(row["request_id"], answer.value("X-Request-Id"))
            body = json.loads(answer.body)
            error = body.get("error", {"type": str(body["code"]), "message": body["msg"]} if body.get("code") else {})
            self.assertEqual(row["type"], error.get("type"))
            words = error.get("message")
            self.assertEqual((row["message"] or "")[:len(words or "")], words or "")
            for fault in list(faults_in(error.get("fields", {})))[:5]:  # they are named behind it
                self.assertIn(fault, row["message"])
            self.assertGreater(row["microseconds"], 0)
        self.assertEqual([(row["kind"], row["extension"]) for row in rows], [("private", None)] * 4 + [("test", "plot")] * 2)
        self.assertEqual({row["key"] for row in rows[:4]}, {key["id"]})

        self.assertEqual(self.requests(dev, FIRST_ACCOUNT, "?status=4xx")["count"], 4)
        self.assertEqual([row["path"] for row in self.requests(dev, FIRST_ACCOUNT, "?status=404")["results"]], ["/orders/none"])
        self.assertEqual(self.requests(dev, FIRST_ACCOUNT, "?page=2"), {"results": [], "page": 2, "pages": 1, "count": 6})
        usage = dev.get(f"/accounts/{FIRST_ACCOUNT}/usage")
        self.assertEqual(usage["step"], 60)
        self.assertEqual(sum(point["requests"] for point in usage["results"]), 6)
        self.assertEqual(sum(point["errors"] for point in usage["results"]), 4)
        for point in usage["results"]:
            self.assertEqual(list(point), ["at", "requests", "errors", "p50_microseconds", "p95_microseconds", "p99_microseconds"])
            self.assertLessEqual(point["p50_microseconds"], point["p95_microseconds"])
            self.assertLessEqual(point["p95_microseconds"], point["p99_microseconds"])
        now = datetime.now(timezone.utc)
        for since, until, count in ((now - timedelta(days=2), now - timedelta(days=1), 0), (now - timedelta(hours=1), now + timedelta(minutes=1), 6)):
            found = dev.get(f"/accounts/{FIRST_ACCOUNT}/usage?since={instant(since)}&until={instant(until)}&step=3600")
            self.assertEqual(sum(point["requests"] for point in found["results"]), count)
            self.assertEqual(found["step"], 3600)

    def test_only_members_are_told_and_mistakes_are_named(self):
        self.begin()
        dev, member = self.visitor("dev@example.com"), self.visitor("member@example.com")
        key = dev.json("POST", f"/accounts/{FIRST_ACCOUNT}/keys", {"kind": "private", "mode": "production", "label": "shop"})
        self.assertEqual(self.partner("GET", "/orders", key["token"]).status, 200)
        self.assertTrue(eventually(lambda: self.requests(dev, FIRST_ACCOUNT)["count"] == 1))
        self.assertEqual(self.requests(member, OTHER_ACCOUNT)["count"], 0, "another's are another's")
        for path in ("usage", "requests"):
            foreign = member.ask("GET", f"/accounts/{FIRST_ACCOUNT}/{path}")
            missing = member.ask("GET", f"/accounts/{'c' * 32}/{path}")
            self.assert_refused(foreign, 404, "ObjectNotFoundException")
            self.assertEqual(foreign.body, missing.body)
            self.assert_refused(self.visitor().ask("GET", f"/accounts/{FIRST_ACCOUNT}/{path}"), 401, "UnauthorizedException")
        for query, field in (("usage?since=x", "since"), ("usage?until=x", "until"), ("usage?step=59", "step"), ("usage?step=90", "step"),
                             ("usage?since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", "until"),
                             ("usage?since=2020-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", "step"), ("requests?status=x", "status"),
                             ("requests?page=0", "page")):
            self.assert_refused(dev.ask("GET", f"/accounts/{FIRST_ACCOUNT}/{query}"), 400, "ApiValidationException", fields=[field])

    def test_what_was_answered_before_the_end_is_kept_and_the_oldest_requests_go(self):
        directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="portico-usage-")))
        text = DESCRIPTION.read_text(encoding="utf-8")
        description = directory / "api.yaml"
        description.write_text(text.replace("  {developer_threads: 2,", "  {requests_kept: 8, developer_threads: 2,"), encoding="utf-8")
        self.assertNotEqual(description.read_text(encoding="utf-8"), text)
        self.begin(description)
        dev = self.visitor("dev@example.com")
        key = dev.json("POST", f"/accounts/{FIRST_ACCOUNT}/keys", {"kind": "private", "mode": "production", "label": "shop"})
        for number in range(40):
            self.assertEqual(self.partner("GET", f"/orders/none-{number}", key["token"]).status, 404)
        self.assertIsNone(self.server.stop())
        self.server.start()
        dev = self.visitor("dev@example.com")
        told = self.requests(dev, FIRST_ACCOUNT)
        self.assertEqual(told["results"][0]["path"], "/orders/none-39")
        self.assertGreaterEqual(told["count"], 8)
        self.assertLessEqual(told["count"], 16)
        self.assertEqual(sum(point["requests"] for point in dev.get(f"/accounts/{FIRST_ACCOUNT}/usage")["results"]), 40)


class OnSqlite(Usage, unittest.TestCase):
    pass


class OnPostgres(Usage, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())


if __name__ == "__main__":
    unittest.main()
