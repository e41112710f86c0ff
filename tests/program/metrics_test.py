"""What `portico serve --metrics` shows, read by Prometheus' own client: it is what was asked and answered.

Runs on the programs that PORTICO and PORTICO_DEMO name (build/release/portico and portico-demo where they name none)."""

import http.client
import math
import os
import re
import signal
import sys
import time
import unittest
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from harness import wire  # noqa: E402
from harness.load import eventually  # noqa: E402
from harness.server import ROOT, Portico, ServerError  # noqa: E402

PORTICO = os.environ.get("PORTICO", ROOT / "build/release/portico")
DEMO = os.environ.get("PORTICO_DEMO", ROOT / "build/release/portico-demo")
DESCRIPTION = ROOT / "apis/orders/api.yaml"
ROWS = ROOT / "tests/fixtures/orders.jsonl"


class Metrics(unittest.TestCase):
    def setUp(self):
        self.server = Portico(PORTICO, DEMO, DESCRIPTION, ROWS)
        self.addCleanup(self.server.remove)
        self.server.description = str(self.server.directory / "api.yaml")
        self.describe(DESCRIPTION.read_text(encoding="utf-8"))
        self.server.load()

    def describe(self, text):
        Path(self.server.description).write_text(text, encoding="utf-8")

    def start(self, place="127.0.0.1:0", *options):
        self.server.start("--metrics", place, *options)
        self.addCleanup(self.check_end)
        self.address = re.search(r"portico: figures at http://(.+):(\d+)/metrics\n", self.server.read_log()).groups()

    def check_end(self):
        problem = self.server.stop()
        self.assertIsNone(problem, problem)

    def ask(self, path, accept="*/*", method="GET", key="private_key", body=b""):
        fields = [("Authorization", f"Bearer {self.server.variables.get(key, key)}"), ("Accept", accept),
                  ("Content-Type", "application/json")]
        connection = wire.Connection("127.0.0.1", self.server.port)
        connection.send(wire.request_bytes(method, path, "portico.test", fields, body))
        answer = connection.read_answer(method)
        connection.close()
        return answer

    def look(self, path="/metrics", method="GET"):
        connection = http.client.HTTPConnection(self.address[0].strip("[]"), int(self.address[1]), timeout=20)
        self.addCleanup(connection.close)
        connection.request(method, path)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        return answer

    def figures(self):
        """{(sample, labels): value}; Prometheus' client refuses what is not its format."""
        answer = self.look()
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/plain; version=0.0.4; charset=utf-8"))
        families = list(text_string_to_metric_families(answer.text))
        for family in families:
            self.assertTrue(family.documentation, family)
            self.assertNotEqual(family.type, "unknown", family)
        return {(sample.name, frozenset(sample.labels.items())): sample.value for family in families for sample in family.samples}

    @staticmethod
    def of(figures, name, **labels):
        return figures.get((name, frozenset(labels.items())), 0)

    def test_answers_are_counted_by_contract_method_and_status(self):
        self.start()
        self.ask("/orders")
        self.ask("/orders", "application/vnd.aplazame.sandbox.v1+json", key="sandbox_key")
        faulty = self.ask("/orders?nothing=1")
        self.ask("/orders", key="no-such-key")
        self.ask("/orders", "application/vnd.aplazame.v99+json")
        self.ask("/api/orders", key="run_token")
        self.ask("/orders", method="BREW")
        self.ask("/orders", method="BOIL")
        figures = self.figures()
        name = "portico_http_requests_total"
        counts = {tuple(dict(labels)[each] for each in ("contract", "method", "status")): value
                  for (sample, labels), value in figures.items() if sample == name}
        self.assertEqual(counts, {
            ("aplazame.v4", "GET", "200"): 2, ("aplazame.sandbox.v1", "GET", "200"): 1, ("aplazame.v4", "GET", "400"): 1,
            ("aplazame.v4", "GET", "401"): 1, ("aplazame.v4", "GET", "406"): 1, ("aplazame.v4", "other", "405"): 2})
        self.assertGreater(self.of(figures, "portico_http_response_body_bytes_total", method="GET", contract="aplazame.v4"), len(faulty.body))

    def test_times_are_a_histogram(self):
        self.start()
        for _ in range(5):
            self.ask("/orders")
        figures = self.figures()
        name = "portico_http_request_duration_seconds"
        classes = sorted((math.inf if dict(labels)["le"] == "+Inf" else float(dict(labels)["le"]), value)
                         for (each, labels), value in figures.items() if each == f"{name}_bucket")
        self.assertEqual([bound for bound, _ in classes],
                         [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, math.inf])
        counts = [count for _, count in classes]
        self.assertEqual(counts, sorted(counts))
        self.assertEqual(counts[-1], 5)
        (sum_of, total), = [(each, value) for (each, _), value in figures.items() if each == f"{name}_sum"]
        self.assertGreater(total, 0, sum_of)

    def test_connections_are_those_that_are_open(self):
        self.start()
        open_now = lambda: self.of(self.figures(), "portico_http_connections")  # noqa: E731
        self.assertTrue(eventually(lambda: open_now() == 0))
        held = [wire.Connection("127.0.0.1", self.server.port) for _ in range(3)]
        self.assertTrue(eventually(lambda: open_now() == 3))
        held.pop().close()
        self.assertTrue(eventually(lambda: open_now() == 2))
        for connection in held:
            connection.close()

    def test_descriptions_that_are_refused_are_told(self):
        self.start()
        loads = lambda result: self.of(self.figures(), "portico_description_loads_total", result=result)  # noqa: E731
        loaded = lambda: self.of(self.figures(), "portico_description_loaded_timestamp_seconds")  # noqa: E731
        self.assertEqual((loads("used"), loads("refused")), (1, 0))
        first = loaded()
        self.assertAlmostEqual(first, time.time(), delta=3600)
        good = Path(self.server.description).read_text(encoding="utf-8")
        self.describe(good + "\nnothing_known: 1\n")
        self.server.process.send_signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: loads("refused") == 1))
        self.assertEqual((loads("used"), loaded()), (1, first))
        self.describe(good)
        self.server.process.send_signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: loads("used") == 2))
        self.assertGreater(loaded(), first)

    def test_the_process_is_shown(self):
        self.start()
        figures = self.figures()
        self.assertRegex(self.look().text, r'\nportico_build_info\{version="\d+\.\d+\.\d+"\} 1\n')
        self.assertGreater(self.of(figures, "process_cpu_seconds_total"), 0)
        self.assertGreater(self.of(figures, "process_resident_memory_bytes"), 1_000_000)
        self.assertLess(self.of(figures, "process_open_fds"), self.of(figures, "process_max_fds"))
        self.assertGreater(self.of(figures, "process_open_fds"), 5)
        self.assertAlmostEqual(self.of(figures, "process_start_time_seconds"), time.time(), delta=3600)

    def test_there_is_nothing_else_at_that_address_and_no_figures_at_the_other(self):
        self.start("[::1]:0")
        self.assertEqual(self.address[0], "[::1]")
        self.assertEqual(self.look("/orders").status, 404)
        posted = self.look(method="POST")
        self.assertEqual((posted.status, posted.headers["Allow"]), (405, "GET, HEAD"))
        head = self.look(method="HEAD")
        self.assertEqual((head.status, head.text), (200, ""))
        self.assertEqual(self.ask("/metrics").status, 404)

    def test_a_place_that_is_none_is_refused(self):
        for place in ("9464", "127.0.0.1", "127.0.0.1:", ":9464", "127.0.0.1:65536", "::1:9464", "127.0.0.1:94x"):
            with self.subTest(place), self.assertRaisesRegex(ServerError, "not an address and a port such as 127.0.0.1:9464"):
                self.server.start("--metrics", place)
        with self.assertRaisesRegex(ServerError, "no IPv4 or IPv6 address"):
            self.server.start("--metrics", "localhost:0")


if __name__ == "__main__":
    unittest.main()
