#!/usr/bin/python3
"""Tests of tests/differential: it must find what is planted, and make the request that finds it small."""

import importlib.machinery
import importlib.util
import random
import sys
import unittest
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
from harness import description, differential_requests, differential_values  # noqa: E402

LOADER = importlib.machinery.SourceFileLoader("differential", str(ROOT / "tests" / "differential"))
differential = importlib.util.module_from_spec(importlib.util.spec_from_loader("differential", LOADER))
LOADER.exec_module(differential)

ROW = {"id": "0" * 32, "mid": "n-1", "name": "Ñandú grande", "description": "Straße 5", "price": 100, "created": "2015-10-02T18:15:45.101838Z"}
BODY = b'{"cursor":{"after":null,"before":null},"paging":{"count":1,"next":null,"previous":null},"results":[{}]}'


def maker():
    resources, api = description.read_description(differential.API)
    seen = [("articles", caller, ROW) for caller in differential_requests.CALLERS]
    return differential_requests.Maker(resources, api, differential_values.Samples(seen, resources))


def same(_request):
    return [(200, [("Content-Type", "application/json")], BODY)] * 2


class RunTest(unittest.TestCase):
    def run_with(self, both, count=300):
        run = differential.Run(maker(), both, "seed", count)
        run.run()
        return run

    def test_servers_that_agree_pass_and_all_is_asked(self):
        run = self.run_with(same)
        self.assertEqual(run.different, [])
        self.assertGreaterEqual(run.asked, 300)

    def test_one_byte_is_found_and_the_request_made_small(self):
        def both(request):
            answers = same(request)
            if any("n" in value and not name.startswith("name") for name, value in request.filters):
                answers = [answers[0], (*answers[0][:2], BODY.replace(b"1", b"2"))]
            return answers

        run = self.run_with(both)
        self.assertGreater(len(run.different), 0)
        for small, found in run.smallest():
            self.assertEqual(len(small.filters), 1, found)
            self.assertEqual(small.filters[0][1], "n")
            self.assertEqual(small, differential_requests.Request(small.path, filters=small.filters))

    def test_each_kind_of_difference_is_seen(self):
        answer = (200, [("A", "1"), ("B", "2")], b"x")
        self.assertIsNone(differential.difference([answer, answer]))
        for other in ((404, answer[1], b"x"), (200, answer[1][::-1], b"x"), (200, answer[1][:1], b"x"), (200, answer[1], b"y"),
                      (200, answer[1], b"xy"), (200, answer[1], b"")):
            self.assertIsNotNone(differential.difference([answer, other]), other)
        for fault in ((500, [], b""), (503, [], b""), (0, [], b"no answer")):
            self.assertIsNotNone(differential.difference([fault, fault]), fault)

    def test_a_planted_byte_changes_postgres_alone(self):
        client = differential.Client({}, "v", "ñ")
        asked = differential_requests.Request("/articles", filters=(("name", "ñu"),))
        self.assertNotEqual(client.altered("postgres", asked, BODY), BODY)
        self.assertEqual(client.altered("sqlite", asked, BODY), BODY)
        self.assertEqual(client.altered("postgres", replace(asked, filters=()), BODY), BODY)


class RequestsTest(unittest.TestCase):
    def test_a_seed_asks_the_same(self):
        made = [[maker().request(number, random.Random(f"{seed} {number}")).shown() for number in range(50)] for seed in "aab"]
        self.assertEqual(made[0], made[1])
        self.assertNotEqual(made[0], made[2])

    def test_all_lookups_zones_and_kinds_of_request_come_up(self):
        source = maker()
        requests = [source.request(number, random.Random(number)) for number in range(9000)]
        names = {name for request in requests for name, _ in request.filters}
        for resource in source.resources:
            for leaf in resource.leaves.values():
                for lookup in leaf.lookups:
                    self.assertTrue({f"{leaf.path}-{lookup}", *([leaf.path] if lookup == "exact" else [])} & names, (leaf.path, lookup))
        for part in ("q", "page", "page_size", "version", "media_version", "ordering"):
            self.assertTrue(any(getattr(request, part) for request in requests), part)
        self.assertEqual({request.zone for request in requests}, set(differential_requests.ZONES))
        self.assertEqual({request.caller for request in requests}, set(differential_requests.CALLERS))
        self.assertEqual({request.form for request in requests}, {"json", "xml"})
        self.assertEqual({len(request.filters) for request in requests} & {0, 1, 2, 3, 4}, {0, 1, 2, 3, 4})
        self.assertTrue(all(request.target().isascii() for request in requests))

    def test_what_finds_a_row_is_made_from_it(self):
        leaf = description.Leaf("name", "name", "string", description.STRING, [], ("name",))
        source = random.Random(1)
        for _ in range(200):
            text = differential_values.fitting(leaf, "contains", "a.b*c", source)
            self.assertIn(text, "a.b*c")
            self.assertIn(differential_values.fitting(leaf, "startswith", "abc", source), ("", "a", "ab", "abc"))
        self.assertEqual(differential_values.escaped("a.b"), "a\\.b")
        created = description.Leaf("created", "created", "timestamp", description.FAMILIES["date"], [], ("created",))
        self.assertEqual(differential_values.fitting(created, "month", ROW["created"], source), "10")


if __name__ == "__main__":
    unittest.main()
