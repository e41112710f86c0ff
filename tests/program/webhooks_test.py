"""Messages to receivers: written with the change, signed, sent again until they are taken, and what is answered changes the
row. On both stores.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none).
ORDERS: how many messages two servers share (40)."""

import json
import os
import re
import subprocess
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import wire  # noqa: E402
from harness.load import eventually  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.receiver import Receiver, Reply  # noqa: E402
from harness.server import FIRST_ACCOUNT, OTHER_ACCOUNT, ROOT, Portico  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
ORDERS = int(os.environ.get("ORDERS", "40"))
DESCRIPTION = ROOT / "tests/fixtures/apis/webhooks.yaml"
ROWS = ROOT / "tests/fixtures/apis/webhooks.jsonl"
KEYS = {
    "private_key": (FIRST_ACCOUNT, "private", "production"),
    "sandbox_key": (FIRST_ACCOUNT, "private", "sandbox"),
    "other_private_key": (OTHER_ACCOUNT, "private", "production"),
}


def documented():
    """What docs/operations.md tells receivers to do, as they would copy it."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    names = {}
    exec(re.search(r"```python\n(.*?)```", page, re.S)[1], names)  # noqa: S102
    return names


class Webhooks:
    """A server for each test; what it does is the same on every store."""

    cluster = None

    def setUp(self):
        self.receiver = self.enterContext(Receiver())
        self.server = self.make_server()

    def make_server(self, changes=(), *options, beside=None):
        """With the description's texts replaced as `changes` say."""
        description = DESCRIPTION
        server = Portico(PORTICO, DEMO, description, ROWS, self.cluster, KEYS, beside)
        self.addCleanup(server.remove)
        if changes:
            text = DESCRIPTION.read_text(encoding="utf-8")
            for old, new in changes:
                self.assertIn(old, text)
                text = text.replace(old, new)
            server.description = str(server.directory / "api.yaml")
            Path(server.description).write_text(text, encoding="utf-8")
        server.load()
        server.start("--loops", "2", *options)
        self.addCleanup(self.check_end, server)
        return server

    def check_end(self, server):
        problem = server.stop()
        self.assertIsNone(problem, problem)

    def ask(self, method, target, body=None, key="private_key", server=None):
        server = server or self.server
        fields = [("Authorization", f"Bearer {server.variables[key]}")]
        if key == "sandbox_key":
            fields.append(("Accept", "application/vnd.hooks.sandbox.v1+json"))
        if body is not None:
            fields.append(("Content-Type", "application/json"))
        data = b"" if body is None else json.dumps(body).encode()
        connection = wire.Connection("127.0.0.1", server.port)
        try:
            connection.send(wire.request_bytes(method, target, "portico.test", fields, data))
            return connection.read_answer(method)
        finally:
            connection.close()

    def create(self, mid, target, key="private_key", server=None, **further):
        answer = self.ask("POST", "/orders", {"mid": mid, "notify": target, **further}, key, server)
        self.assertEqual(answer.status, 201, answer.body)
        return json.loads(answer.body)["id"]

    def order(self, mid, key="private_key", server=None):
        return json.loads(self.ask("GET", f"/orders/{mid}", key=key, server=server).body)

    def await_status(self, mid, status, key="private_key", server=None):
        self.assertTrue(eventually(lambda: self.order(mid, key, server)["status"] == status),
                        f"{self.order(mid, key, server)}, {self.messages()}")

    def command(self, *arguments, server=None, fails=False):
        server = server or self.server
        command = [str(PORTICO), "webhooks", *arguments, "--store", server.store]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1 if fails else 0, done.stderr)
        return done.stderr if fails else done.stdout

    def messages(self, *options, server=None):
        return json.loads(self.command("list", (server or self.server).description, "--json", *options, server=server))["messages"]

    def message_of(self, row, server=None):
        return next(each for each in self.messages(server=server) if each["row"] == row)

    def await_failure(self, row, words, server=None):
        self.assertTrue(eventually(lambda: words in self.message_of(row, server)["failure"]),
                        self.messages(server=server))
        return self.message_of(row, server)

    def secret(self, *options):
        return self.command("secret", self.server.description, "--account", FIRST_ACCOUNT, *options).strip()

    # What receivers see

    def test_a_message_is_signed_and_its_answer_decides(self):
        row = self.create("A", self.receiver.url("/ok?x=1"), total=1250)
        self.await_status("A", "ok")
        self.assertIsNotNone(self.order("A")["decided"])
        received, = self.receiver.at("/ok?x=1")
        self.assertEqual(received.json(), {"id": row, "mid": "A", "status": "pending", "sandbox": False, "total": 1250})
        fields = received.fields
        self.assertEqual(fields["Content-Type"], "application/json")
        self.assertEqual(fields["Host"], f"127.0.0.1:{self.receiver.port}")
        self.assertTrue(fields["User-Agent"].startswith("Portico"))
        self.assertEqual(fields["Accept-Encoding"], "identity")
        secret = self.secret()
        self.assertRegex(secret, "^webhook_[0-9a-f]{64}$")
        self.assertEqual(fields["Authorization"], f"Bearer {secret}")
        self.assertRegex(fields["X-Hooks-Webhook-Id"], "^[0-9a-f]{32}$")
        is_genuine = documented()["is_genuine"]
        self.assertTrue(is_genuine(secret, fields, received.body))
        self.assertFalse(is_genuine(secret, fields, received.body + b" "))
        self.assertFalse(is_genuine("webhook_" + "0" * 64, fields, received.body))
        self.assertFalse(is_genuine(secret, {**fields, "X-Hooks-Webhook-Timestamp": "1"}, received.body))
        self.assertEqual(self.message_of(row)["state"], "done")
        self.assertEqual(self.message_of(row)["id"], fields["X-Hooks-Webhook-Id"])
        self.assertTrue(eventually(lambda: fields["X-Hooks-Webhook-Id"] in self.server.read_log()))
        log = self.server.read_log()
        self.assertNotIn(secret, log)
        self.assertNotIn("x=1", log)
        line = next(json.loads(each) for each in log.splitlines() if '"message"' in each)
        self.assertEqual((line["result"], line["status"], line["try"], line["webhook"]), ("taken", 200, 1, "confirmation"))

    def test_another_answer_does_something_else(self):
        self.receiver.replies["/ko"] = [Reply(body=b'{"status": "ko"}')]
        self.create("A", self.receiver.url("/ko"))
        self.await_status("A", "ko")

    def test_the_sandbox_tells_of_its_own(self):
        self.create("A", self.receiver.url("/sandbox"), "sandbox_key")
        self.await_status("A", "ok", "sandbox_key")
        self.assertTrue(self.receiver.at("/sandbox")[0].json()["sandbox"])
        self.assertEqual({each["mode"] for each in self.messages()}, {"sandbox"})

    def test_where_nothing_is_asked_any_success_will_do(self):
        self.receiver.replies["/plain"] = [Reply(204, b"")]
        self.create("A", self.receiver.url("/plain"), note="quiet")
        self.assertEqual(self.messages(), [])
        self.assertEqual(self.ask("PATCH", "/orders/A", {"total": 7}).status, 204)
        self.assertEqual(self.ask("DELETE", "/orders/A").status, 204)
        self.assertTrue(eventually(lambda: [each["state"] for each in self.messages()] == ["done", "done"]))
        self.assertEqual(sorted(each.json()["total"] for each in self.receiver.at("/plain")), [7, 7])

    # What is tried again

    def test_failures_are_tried_again_under_the_same_id(self):
        self.receiver.replies["/later"] = [Reply(500, b""), Reply(200, b"not json"), Reply()]
        row = self.create("A", self.receiver.url("/later"))
        self.await_status("A", "ok")
        received = self.receiver.at("/later")
        self.assertEqual(len(received), 3)
        self.assertEqual(len({each.fields["X-Hooks-Webhook-Id"] for each in received}), 1)
        self.assertEqual(len({each.body for each in received}), 1)
        self.assertEqual(self.message_of(row)["tries"], 3)

    def test_redirects_are_not_followed(self):
        self.receiver.replies["/away"] = [Reply(302, b"", {"Location": self.receiver.url("/elsewhere")})]
        row = self.create("A", self.receiver.url("/away"))
        self.await_failure(row, "status 302")
        self.assertEqual(self.receiver.at("/elsewhere"), [])
        self.assertEqual(self.order("A")["status"], "pending")

    def test_huge_answers_are_none(self):
        self.receiver.replies["/huge"] = [Reply(200, b'{"status": "ok", "more": "' + b"x" * 70_000 + b'"}')]
        row = self.create("A", self.receiver.url("/huge"))
        self.await_failure(row, "longer than 65536 bytes")

    def test_a_receiver_that_is_not_there_is_tried_again(self):
        row = self.create("A", f"http://127.0.0.1:{self.free_port()}/")
        self.assertEqual(self.await_failure(row, "cannot connect")["state"], "waiting")

    def test_private_addresses_are_refused(self):
        for mid, target, words in (("A", "http://10.255.255.1/", "10.255.255.1 is private"),
                                   ("B", "http://[fe80::1]:81/", "fe80::1 is link-local"),
                                   ("C", "http://169.254.169.254/latest/meta-data", "is link-local"),
                                   ("D", "http://[::ffff:192.168.0.1]/", "is private")):
            row = self.create(mid, target)
            self.assertEqual(self.await_failure(row, words)["state"], "waiting")

    def test_gone_gives_up_at_once_and_a_person_may_try_again(self):
        self.receiver.replies["/gone"] = [Reply(410, b""), Reply(200, b'{"status": "ko"}')]
        row = self.create("A", self.receiver.url("/gone"))
        self.await_status("A", "gone")
        message = self.message_of(row)
        self.assertEqual((message["state"], message["tries"], message["next_try"]), ("given_up", 1, None))
        self.assertEqual([each["id"] for each in self.messages("--state", "given_up")], [message["id"]])
        self.assertEqual(self.messages("--state", "done"), [])
        self.command("retry", message["id"], self.server.description)
        self.await_status("A", "ko")
        self.assertIn("that is not done", self.command("retry", message["id"], self.server.description, fails=True))
        self.assertIn("done", self.command("list", self.server.description))

    def test_a_slow_receiver_holds_up_nobody_else(self):
        released = threading.Event()
        self.addCleanup(released.set)
        self.receiver.replies["/slow"] = [Reply(after=released)]
        other = self.enterContext(Receiver())
        for number in range(6):
            self.create(f"S{number}", self.receiver.url("/slow"))
        self.create("Q", other.url("/quick"))
        self.await_status("Q", "ok")
        self.assertEqual([self.order(f"S{number}")["status"] for number in range(6)], ["pending"] * 6)
        released.set()
        for number in range(6):
            self.await_status(f"S{number}", "ok")

    # What lasts

    def test_a_server_that_is_killed_meanwhile_delivers_after_its_restart(self):
        released = threading.Event()
        self.addCleanup(released.set)
        self.receiver.replies["/hangs"] = [Reply(after=released), Reply()]
        self.create("A", self.receiver.url("/hangs"))
        self.assertTrue(eventually(lambda: self.receiver.at("/hangs")))
        self.server.process.kill()
        self.server.process.wait()
        self.server.log.close()
        self.server.start("--loops", "2")
        self.await_status("A", "ok")
        received = self.receiver.at("/hangs")
        self.assertGreaterEqual(len(received), 2)
        self.assertEqual(len({each.fields["X-Hooks-Webhook-Id"] for each in received}), 1)

    def test_a_server_that_ends_leaves_in_the_outbox_what_it_could_not_end(self):
        patient = self.make_server([("timeout: 1,", "timeout: 50,"), ("drain_timeout: 3", "drain_timeout: 1")])
        released = threading.Event()
        self.addCleanup(released.set)
        self.receiver.replies["/hangs"] = [Reply(after=released), Reply()]
        row = self.create("A", self.receiver.url("/hangs"), server=patient)
        self.assertTrue(eventually(lambda: self.receiver.at("/hangs")))
        self.check_end(patient)
        message = self.message_of(row, patient)
        self.assertEqual((message["state"], message["tries"]), ("waiting", 0))
        patient.start("--loops", "2")
        self.await_status("A", "ok", server=patient)

    def test_after_its_time_a_message_is_given_up(self):
        hasty = self.make_server([("give_up_after: 3600", "give_up_after: 1")])
        self.receiver.replies["/never"] = [Reply(503, b"")]
        row = self.create("A", self.receiver.url("/never"), server=hasty)
        self.await_status("A", "gone", server=hasty)
        message = self.message_of(row, hasty)
        self.assertEqual((message["state"], message["failure"]), ("given_up", "status 503"))
        self.assertGreaterEqual(message["tries"], 2)

    def test_two_servers_share_the_work(self):
        beside = self.make_server(beside=self.server)
        for number in range(ORDERS):
            self.create(f"O{number}", self.receiver.url("/shared"), server=(self.server, beside)[number % 2])
        self.assertTrue(eventually(lambda: len(self.messages("--state", "done")) == ORDERS))
        received = [each.fields["X-Hooks-Webhook-Id"] for each in self.receiver.at("/shared")]
        self.assertEqual(len(received), ORDERS, "one was delivered twice")
        self.assertEqual(len(set(received)), ORDERS)

    # Secrets

    def test_each_account_has_a_secret_that_can_be_rotated(self):
        before = self.secret()
        self.assertEqual(self.secret(), before)
        self.create("A", self.receiver.url("/one"))
        self.await_status("A", "ok")
        after = self.secret("--rotate")
        self.assertNotEqual(after, before)
        self.create("B", self.receiver.url("/two"))
        self.await_status("B", "ok")
        self.create("C", self.receiver.url("/three"), "other_private_key")
        self.await_status("C", "ok", "other_private_key")
        used = [self.receiver.at(path)[0].fields["Authorization"] for path in ("/one", "/two", "/three")]
        self.assertEqual(used[:2], [f"Bearer {before}", f"Bearer {after}"])
        self.assertNotIn(used[2], used[:2])
        self.assertIn("there is no row 'nobody'", self.command("secret", self.server.description, "--account", "nobody", fails=True))

    # TLS

    def free_port(self):
        with Receiver() as gone:
            return gone.port

    def test_certificates_are_checked(self):
        folder = self.server.directory
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=receiver",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out",
                        folder / "cert.pem"], check=True, capture_output=True)
        secure = self.enterContext(Receiver(folder / "cert.pem", folder / "key.pem"))
        row = self.create("A", secure.url("/secure", "localhost"))
        self.await_failure(row, "certificate verify failed")
        self.check_end(self.server)
        self.server.start("--loops", "2", "--webhook-ca", str(folder / "cert.pem"))
        self.await_status("A", "ok")
        # The certificate is good, but another host's.
        other = self.create("B", secure.url("/secure"))
        self.await_failure(other, "certificate verify failed")
        self.assertEqual(len(secure.at("/secure")), 1)


class OnSqlite(Webhooks, unittest.TestCase):
    pass


class OnPostgres(Webhooks, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())


if __name__ == "__main__":
    unittest.main()
