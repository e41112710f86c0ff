"""Files below rows: put, read in whole and in parts, replaced and deleted, on both stores.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import json
import os
import socket
import sys
import unittest
from email.utils import parsedate_to_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import wire  # noqa: E402
from harness.load import eventually  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.server import ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
FIXTURES = ROOT / "tests/fixtures/apis"
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 2
PDF = b"%PDF-1.4\n%%EOF\n"
ONE, TWO, FOREIGN = (f"/articles/{number:032x}" for number in (1, 2, 3))
NONE = "/articles/" + "f" * 32
SANDBOX = "application/vnd.shop.sandbox.v2+json"


def large_png(size=700_001):
    """Over several parts, with every byte, and no two parts alike."""
    body = b"".join(number.to_bytes(4, "big") for number in range(size // 4 + 1))
    return (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + body)[:size]


class Files:
    cluster = None

    def setUp(self):
        self.server = Portico(PORTICO, DEMO, FIXTURES / "files.yaml", FIXTURES / "files.jsonl", self.cluster)
        self.addCleanup(self.server.remove)
        self.server.load()
        self.server.start("--loops", "1")
        self.addCleanup(self.check_end)

    def check_end(self):
        problem = self.server.stop()
        self.assertIsNone(problem, problem)

    def ask(self, method, path, body=b"", key="private_key", **fields):
        given = [("Authorization", f"Bearer {self.server.variables[key]}")] if key else []
        given += [(name.replace("_", "-"), value) for name, value in fields.items()]
        connection = wire.Connection("127.0.0.1", self.server.port)
        try:
            connection.send(wire.request_bytes(method, path, "shop.test", given, body))
            return connection.read_answer(method)
        finally:
            connection.close()

    def put(self, path, body, **fields):
        answer = self.ask("PUT", path, body, **fields)
        self.assertIn(answer.status, (201, 204), answer.body)
        return answer

    def row(self, path, **fields):
        return json.loads(self.ask("GET", path, **fields).body)

    def error(self, answer, status):
        self.assertEqual(answer.status, status, answer.body)
        return json.loads(answer.body)["error"]["message"]

    def test_a_file_comes_back_as_it_was_put(self):
        self.assertIsNone(self.row(ONE)["image"])
        first = self.put(ONE + "/image", PNG, Content_Type="image/png")
        self.assertEqual((first.status, first.body), (201, b""))
        self.assertEqual(first.value("Location"), "http://shop.test" + ONE + "/image")
        self.assertEqual(self.row(ONE)["image"], "http://shop.test" + ONE + "/image")
        answer = self.ask("GET", "/articles/one/image")
        self.assertEqual((answer.status, answer.body), (200, PNG))
        for name, value in {"Content-Type": "image/png", "Cache-Control": "private", "Accept-Ranges": "bytes",
                            "X-Content-Type-Options": "nosniff", "ETag": first.value("ETag"),
                            "Content-Length": str(len(PNG))}.items():
            self.assertEqual(answer.value(name), value, name)
        head = self.ask("HEAD", ONE + "/image")
        self.assertEqual((head.status, head.value("Content-Length")), (200, str(len(PNG))))
        again = self.put(ONE + "/image", GIF)
        self.assertEqual(again.status, 204)
        self.assertNotEqual(again.value("ETag"), first.value("ETag"))
        self.assertEqual(self.ask("GET", ONE + "/image").value("Content-Type"), "image/gif")
        self.assertEqual(self.ask("DELETE", ONE + "/image").status, 204)
        self.assertEqual(self.error(self.ask("DELETE", ONE + "/image"), 404), "This article has no image.")
        self.assertIsNone(self.row(ONE)["image"])
        self.assertEqual(self.row(ONE)["changes"], 3)

    def test_parts(self):
        size, path = 700_001, ONE + "/image"
        data = large_png(size)
        tag = self.put(path, data).value("ETag")
        modified = self.ask("HEAD", path).value("Last-Modified")
        answer = self.ask("GET", path)
        self.assertEqual(answer.body, data)
        self.assertLessEqual(parsedate_to_datetime(modified), parsedate_to_datetime(answer.value("Date")))
        for wanted, first, last in (("bytes=0-0", 0, 0), ("bytes=262143-262144", 262143, 262144), ("bytes=-5", size - 5, size - 1),
                                    ("bytes=524288-", 524288, size - 1), ("bytes=10-9999999", 10, size - 1),
                                    ("bytes=262144-524287", 262144, 524287)):
            answer = self.ask("GET", path, Range=wanted)
            self.assertEqual((answer.status, answer.value("Content-Range")), (206, f"bytes {first}-{last}/{size}"), wanted)
            self.assertEqual(answer.body, data[first:last + 1], wanted)
        for wanted in ("bytes=0-1,5-6", "bytes=5-4", "lines=1-2", "bytes", "bytes=x-y"):
            answer = self.ask("GET", path, Range=wanted)
            self.assertEqual((answer.status, len(answer.body)), (200, size), wanted)
        for wanted in (f"bytes={size}-", "bytes=-0"):
            answer = self.ask("GET", path, Range=wanted)
            self.assertEqual((answer.status, answer.value("Content-Range")), (416, f"bytes */{size}"), wanted)
        for if_range, status in ((tag, 206), (modified, 206), ('"x"', 200), ("W/" + tag, 200),
                                 ("Sun, 06 Nov 1994 08:49:37 GMT", 200)):
            self.assertEqual(self.ask("GET", path, Range="bytes=1-2", If_Range=if_range).status, status, if_range)
        self.assertEqual(self.ask("HEAD", path, Range="bytes=1-2").value("Content-Length"), str(size))

    def test_conditions(self):
        path = ONE + "/image"
        self.assertEqual(self.ask("PUT", path, GIF, If_Match="*").status, 412)
        tag = self.put(path, GIF, If_None_Match="*").value("ETag")
        self.assertEqual(self.ask("PUT", path, PNG, If_None_Match="*").status, 412)
        modified = self.ask("HEAD", path).value("Last-Modified")
        fresh = self.ask("GET", path, If_None_Match=tag)
        self.assertEqual((fresh.status, fresh.body, fresh.value("ETag")), (304, b"", tag))
        self.assertEqual(self.ask("GET", path, If_Modified_Since=modified).status, 304)
        self.assertEqual(self.ask("GET", path, If_Modified_Since="Sun, 06 Nov 1994 08:49:37 GMT").status, 200)
        self.assertEqual(self.ask("GET", path, If_None_Match='"x"', If_Modified_Since=modified).status, 200)
        self.assertEqual(self.ask("GET", path, If_Match='"x"').status, 412)
        self.assertEqual(self.ask("DELETE", path, If_Match='"x"').status, 412)
        for method, body in (("PUT", PNG), ("DELETE", b"")):
            refused = self.ask(method, path, body, If_Unmodified_Since="Sun, 06 Nov 1994 08:49:37 GMT")
            self.assertIn("If-Unmodified-Since", self.error(refused, 412))
        self.assertEqual(self.ask("GET", path).body, GIF)
        self.put(path, GIF, If_Unmodified_Since=modified)
        # RFC 9110 §13.1.4: a tag that holds counts in its place.
        self.assertEqual(self.ask("DELETE", path, If_Match=tag, If_Unmodified_Since="Sun, 06 Nov 1994 08:49:37 GMT").status, 204)

    def test_a_part_takes_the_place_of_no_file(self):
        self.put(ONE + "/image", GIF)
        refused = self.ask("PUT", ONE + "/image", GIF[:7], Content_Range=f"bytes 0-6/{len(GIF)}")
        self.assertIn("Content-Range", self.error(refused, 400))
        self.assertEqual(self.ask("GET", ONE + "/image").body, GIF)

    def test_the_row_s_tag_tells_of_another_file(self):
        tags = {self.ask("GET", ONE).value("ETag")}
        for body in (GIF, PNG):
            self.put(ONE + "/image", body)
            tags.add(self.ask("GET", ONE).value("ETag"))
        self.assertEqual(len(tags), 3)
        now = self.ask("GET", ONE).value("ETag")
        self.assertEqual(self.ask("GET", ONE, If_None_Match=now).status, 304)
        patch = b'{"mid": "uno"}'
        self.assertEqual(self.ask("PATCH", ONE, patch, Content_Type="application/json", If_Match=now).status, 204)

    def test_what_is_refused(self):
        path = ONE + "/image"
        for body, fields, status, words in (
                (b"", {}, 400, "empty"), (PDF, {}, 415, "application/pdf"), (b"hello", {}, 415, "known here"),
                (GIF, {"Content_Type": "image/png"}, 400, "these bytes are image/gif"),
                (GIF, {"Content_Type": "application/json"}, 415, "application/octet-stream"),
                (GIF, {"Content_Encoding": "gzip"}, 415, "Content-Encoding"),
                (large_png(1_000_001), {}, 413, "1000000")):
            self.assertIn(words, self.error(self.ask("PUT", path, body, **fields), status))
        self.assertEqual(self.ask("PUT", ONE + "/manual", PDF + bytes(2000)).status, 413)
        other = self.ask("PUT", ONE, json.dumps({"mid": "x" * 5000}).encode(), Content_Type="application/json")
        self.assertEqual(other.status, 413)
        allowed = self.ask("POST", path, GIF)
        self.assertEqual((allowed.status, allowed.value("Allow")), (405, "GET, HEAD, PUT, DELETE, OPTIONS"))
        self.assertEqual(self.ask("OPTIONS", path).value("Allow"), "GET, HEAD, PUT, DELETE, OPTIONS")
        self.assertEqual(self.ask("GET", path + "?v=1").status, 400)
        self.assertEqual(self.ask("PUT", path, GIF, key=None).status, 401)
        self.assertEqual(self.ask("PUT", path, GIF, key="public_key").status, 403)

    def test_the_log_tells_of_one_that_its_client_did_not_take_whole(self):
        self.put(f"{ONE}/image", large_png())
        given = [("Authorization", f"Bearer {self.server.variables['private_key']}")]
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", self.server.port))
            asked = wire.request_bytes("GET", f"{ONE}/image", "shop.test", given, b"")
            client.sendall(asked * 30)  # more than the kernel holds on its way
            client.recv(1000)

        def cuts():
            told = [json.loads(line) for line in self.server.read_log().splitlines() if line.startswith("{")]
            answered = {line["request"]: line["status"] for line in told if "status" in line}
            return [(answered.get(line["request"]), line["cut"]) for line in told if "cut" in line]

        self.assertTrue(eventually(cuts))
        self.assertEqual(cuts(), [(200, "the client went")])

    def test_a_public_key_reads(self):
        self.put(ONE + "/image", GIF)
        self.assertEqual(self.ask("GET", ONE + "/image", key="public_key").body, GIF)

    def test_foreign_files_are_as_missing_ones(self):
        self.put(FOREIGN + "/image", GIF, key="other_private_key")
        for method, body in (("GET", b""), ("PUT", PNG), ("DELETE", b"")):
            answers = []
            for path in (FOREIGN, NONE):
                answer = self.ask(method, path + "/image", body)
                answers.append((answer.status, answer.body.replace(path[-32:].encode(), b"ID")))
            self.assertEqual(answers[0], answers[1])
            self.assertEqual(answers[0][0], 404)
        self.assertEqual(self.ask("GET", FOREIGN + "/image", key="other_private_key").body, GIF)

    def test_the_sandbox_has_files_of_its_own(self):
        self.put(ONE + "/image", PNG)
        self.assertEqual(self.ask("GET", ONE + "/image", key="sandbox_key", Accept=SANDBOX).status, 404)
        self.put(ONE + "/image", GIF, key="sandbox_key", Accept=SANDBOX)
        self.assertEqual(self.ask("GET", ONE + "/image", key="sandbox_key", Accept=SANDBOX).body, GIF)
        self.assertEqual(self.ask("GET", ONE + "/image").body, PNG)

    def test_accept_decides_the_form_of_errors_alone(self):
        self.put(ONE + "/image", GIF)
        for accept in ("image/*", "image/png", "*/*", "application/vnd.shop.v2+xml", "text/html"):
            self.assertEqual(self.ask("GET", ONE + "/image", Accept=accept).body, GIF, accept)
        self.assertIn(b"<", self.ask("GET", TWO + "/image", Accept="application/xml").body)
        self.assertEqual(self.ask("GET", TWO + "/image", Accept="image/*").value("Content-Type"),
                         "application/json; charset=utf-8")
        self.assertEqual(self.ask("GET", ONE + "/image", Accept="application/vnd.shop.v9+json").status, 406)
        self.assertEqual(self.ask("GET", ONE, Accept="image/*").status, 406)

    def test_versions_and_links(self):
        self.put("/v1" + ONE + "/photo", GIF)
        self.assertEqual(self.ask("GET", "/v1" + ONE + "/image").status, 404)
        self.assertEqual(self.ask("GET", "/v1" + ONE + "/manual").status, 404)
        self.assertEqual(self.row("/v1" + ONE)["photo"], "http://shop.test/v1" + ONE + "/photo")
        self.assertNotIn("manual", self.row("/v1" + ONE))
        rows = self.row("/articles?image-isnull=no")["results"]
        self.assertEqual([row["image"] for row in rows], ["http://shop.test" + ONE + "/image"])
        xml = self.ask("GET", "/articles", Accept="application/xml").body
        self.assertIn(b"<image>http://shop.test" + ONE.encode() + b"/image</image>", xml)
        note = f"{ONE}/notes/{0x11:032x}"
        self.put("/articles/one/notes/" + f"{0x11:032x}/scan", GIF)
        self.assertEqual(self.row(note)["scan"], f"http://shop.test{note}/scan")
        self.put("/me/logo", GIF)
        self.assertEqual(self.ask("GET", "/me/logo").body, GIF)
        link = self.row("/me")["logo"]
        self.assertEqual(self.ask("GET", link.removeprefix("http://shop.test")).body, GIF)
        self.assertEqual(self.ask("GET", "/api" + ONE + "/image").body, GIF)
        self.assertEqual(self.row("/api" + ONE)["data"]["image"], "http://shop.test/api" + ONE + "/image")

    def test_bodies_of_rows_leave_files_alone(self):
        self.put(ONE + "/image", GIF)
        row = self.row(ONE)
        for method in ("PUT", "PATCH"):
            for image in ({}, {"image": row["image"]}):
                body = json.dumps({"mid": "one", **image}).encode()
                self.assertEqual(self.ask(method, ONE, body, Content_Type="application/json").status, 204)
            for image in (None, "http://elsewhere.test/x"):
                body = json.dumps({"mid": "one", "image": image}).encode()
                answer = self.ask(method, ONE, body, Content_Type="application/json")
                self.assertEqual(answer.status, 400)
                self.assertIn("PUT its bytes to " + row["image"], json.loads(answer.body)["error"]["fields"]["image"][0])
        self.assertEqual(self.ask("GET", ONE + "/image").body, GIF)
        made = self.ask("POST", "/articles", b'{"mid": "new", "image": "x"}', Content_Type="application/json")
        self.assertEqual(made.status, 400)
        made = self.ask("POST", "/articles", b'{"mid": "new", "image": null}', Content_Type="application/json")
        self.assertEqual(made.status, 201)
        self.assertEqual(made.value("ETag"), self.ask("GET", "/articles/new").value("ETag"))

    def test_guards_hold_and_effects_happen(self):
        self.put(TWO + "/image", GIF)
        self.assertEqual(self.ask("PUT", TWO + "/image", PNG).status, 403)
        self.assertEqual(self.ask("DELETE", TWO + "/image").status, 403)
        self.assertEqual(self.ask("GET", TWO + "/image").body, GIF)
        self.assertEqual(self.row(TWO)["changes"], 1)

    def test_a_key_of_idempotency(self):
        first = self.put(ONE + "/image", GIF, Idempotency_Key="k1")
        again = self.ask("PUT", ONE + "/image", GIF, Idempotency_Key="k1")
        self.assertEqual((again.status, again.value("ETag"), again.value("Idempotency-Replayed")),
                         (201, first.value("ETag"), "true"))
        self.assertEqual(self.ask("PUT", ONE + "/image", PNG, Idempotency_Key="k1").status, 409)
        self.assertEqual(self.row(ONE)["changes"], 1)

    def test_files_go_with_their_row(self):
        self.put(ONE + "/image", large_png())
        self.put(ONE + "/image", large_png(300_000))
        self.put(TWO + "/manual", PDF)
        self.put(TWO + "/image", GIF)
        self.assertEqual(self.stored_parts(), 4)
        self.assertEqual(self.ask("DELETE", TWO).status, 204)
        self.assertEqual(self.stored_parts(), 2)
        self.assertEqual(self.ask("DELETE", ONE + "/image").status, 204)
        self.assertEqual(self.stored_parts(), 0)

    def test_files_go_with_rows_that_are_cleared(self):
        self.put(TWO + "/manual", PDF)
        self.put(TWO + "/image", GIF)
        self.assertEqual(self.stored_parts(), 2)
        self.assertEqual(self.ask("DELETE", "/articles").status, 409)  # a note refers to one of them
        self.assertEqual(self.stored_parts(), 2)
        self.assertEqual(self.ask("DELETE", "/articles?image-isnull=no").status, 204)
        self.assertEqual(self.stored_parts(), 0)
        self.assertEqual(self.ask("GET", TWO + "/image").status, 404)

    def test_too_many_large_bodies_at_once(self):
        held = wire.Connection("127.0.0.1", self.server.port)
        self.addCleanup(held.close)
        fields = [("Authorization", f"Bearer {self.server.variables['private_key']}"), ("Content-Length", "900000"),
                  ("Expect", "100-continue")]
        held.send(wire.request_bytes("PUT", ONE + "/image", "shop.test", fields, b""))
        self.assertEqual(held.read_answer("PUT").status, 100)
        refused = self.ask("PUT", ONE + "/image", large_png())
        self.assertEqual((refused.status, refused.value("Retry-After")), (503, "5"))
        self.assertEqual(self.ask("PUT", ONE + "/image", GIF).status, 201)
        held.send(large_png(900_000))
        self.assertEqual(held.read_answer("PUT").status, 204)
        self.assertEqual(self.ask("PUT", ONE + "/image", large_png()).status, 204)


class OnSqlite(Files, unittest.TestCase):
    def stored_parts(self):
        import sqlite3
        connection = sqlite3.connect(self.server.data / "production.db")
        try:
            return connection.execute("SELECT count(*) FROM portico_files").fetchone()[0]
        finally:
            connection.close()


class OnPostgres(Files, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())

    def stored_parts(self):
        return self.cluster.json(self.server.database, "SELECT count(*) AS parts FROM portico.portico_files")[0]["parts"]


if __name__ == "__main__":
    unittest.main()
