#!/usr/bin/python3
"""Tests of the tools and of the harness themselves: each must catch what is planted here."""

import importlib.machinery
import importlib.util
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
from harness import case_file, case_run, description, lookup_oracle, matching, wire, xml_answers  # noqa: E402

LOADER = importlib.machinery.SourceFileLoader("lookups", str(ROOT / "tests" / "lookups"))
lookups = importlib.util.module_from_spec(importlib.util.spec_from_loader("lookups", LOADER))
LOADER.exec_module(lookups)

ARCHITECTURE = """
| module | may include | what it does |
| --- | --- | --- |
| `base` | | texts |
| `http` | `base` | sockets |
| `plan` | `base` `http/request` | plans |

| library | only in | why |
| --- | --- | --- |
| `boost/` | `http` | sockets |
"""
RULES = "P1 reading lists answer\nP2 reading keys are asked for\n"
CASE = "# P1, P2: a list\nGET /orders\n--- 200\n\n{\"a\": 1}\n"


class Tree(unittest.TestCase):
    """A small source tree in a temporary directory, and a tool run on it."""

    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="portico-tools-"))
        self.addCleanup(shutil.rmtree, self.root)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run_tool(self, tool, *arguments):
        command = [sys.executable, str(ROOT / "tools" / tool), "--root", str(self.root), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


class CheckLayersTest(Tree):
    def setUp(self):
        super().setUp()
        self.write("docs/architecture.md", ARCHITECTURE)

    def check(self, name, include):
        self.write(f"src/{name}", f"#pragma once\n#include {include}\n")
        return self.run_tool("check_layers")

    def test_allowed_includes_pass(self):
        self.check("plan/a.cpp", '"base/text.hpp"')
        self.check("plan/b.cpp", '"http/request.hpp"')
        self.check("http/c.cpp", "<boost/asio.hpp>")
        self.assertEqual(self.check("plan/d.cpp", "<vector>")[0], 0)

    def test_an_upward_include_fails(self):
        status, output = self.check("base/text.hpp", '"plan/plan.hpp"')
        self.assertEqual(status, 1)
        self.assertIn("base/text.hpp:2: base may not include", output)

    def test_a_header_that_is_not_named_fails(self):
        self.assertEqual(self.check("plan/a.cpp", '"http/server.hpp"')[0], 1)

    def test_a_library_out_of_its_place_fails(self):
        status, output = self.check("plan/a.cpp", "<boost/asio.hpp>")
        self.assertEqual(status, 1)
        self.assertIn("belongs to http only", output)

    def test_an_include_without_its_module_fails(self):
        self.assertEqual(self.check("plan/a.cpp", '"plan.hpp"')[0], 1)

    def test_an_unknown_module_fails(self):
        self.assertEqual(self.check("new/a.cpp", "<vector>")[0], 1)

    def test_a_table_that_looks_upward_fails(self):
        self.write("docs/architecture.md", ARCHITECTURE.replace("| `base` | |", "| `base` | `plan` |"))
        self.assertEqual(self.run_tool("check_layers")[0], 1)


class CheckSizesTest(Tree):
    def sizes(self, name, text):
        self.write(name, text)
        return self.run_tool("check_sizes")

    @staticmethod
    def function(lines, head="int f(int a, const std::vector<int>& b) {"):
        return f"namespace n {{\n{head}\n" + "  g({1, 2}, \"}\", '{');  // }\n" * (lines - 2) + "}\n}  // namespace n\n"

    def test_sixty_lines_pass_and_one_more_fails(self):
        self.assertEqual(self.sizes("src/a.cpp", self.function(60))[0], 0)
        status, output = self.sizes("src/a.cpp", self.function(61))
        self.assertEqual(status, 1)
        self.assertIn("a.cpp:2: 61 lines", output)

    def test_long_constructors_members_and_raw_strings_are_seen(self):
        for head in ("Thing::Thing(int a) : a_{a}, b_(std::move(b)) {", "template <typename T>\nT f(T t) {",
                     "bool operator==(const A& a) const {", "auto f() -> std::map<int, int> {"):
            self.assertEqual(self.sizes("apis/x/a.hpp", self.function(62, head))[0], 1, head)
        self.write("apis/x/a.hpp", "")
        long_text = "const char* const text = R\"(" + "{ f() {\n" * 90 + ")\";\n"
        self.assertEqual(self.sizes("src/a.cpp", long_text)[0], 0)

    def test_a_long_class_or_table_is_no_function(self):
        members = "  int f(int a) { return a; }\n" * 100
        self.assertEqual(self.sizes("src/a.hpp", f"class A : public B {{\n{members}}};\n")[0], 0)
        self.assertEqual(self.sizes("src/a.hpp", "constexpr T t = {{\n" + "    {f(1), 2},\n" * 100 + "}};\n")[0], 0)

    def test_long_files_fail(self):
        self.assertEqual(self.sizes("tests/a.cpp", "int a;\n" * 500)[0], 0)
        self.assertEqual(self.sizes("tests/a.cpp", "int a;\n" * 501)[0], 1)

    def test_python_is_measured_too(self):
        self.assertEqual(self.sizes("tools/a", "#!/usr/bin/python3\ndef f():\n" + "    x = 1\n" * 60)[0], 1)


class FormatTest(Tree):
    @unittest.skipUnless(shutil.which("clang-format"), "clang-format is not installed")
    def test_check_finds_and_format_mends(self):
        self.write(".clang-format", (ROOT / ".clang-format").read_text(encoding="utf-8"))
        self.write("src/a.cpp", "int  f( ){return 1;}\n")
        self.assertEqual(self.run_tool("format", "--check")[0], 1)
        self.assertEqual(self.run_tool("format")[0], 0)
        self.assertEqual(self.run_tool("format", "--check")[0], 0)


class CheckRulesTest(Tree):
    def setUp(self):
        super().setUp()
        self.write("docs/architecture.md", "")
        self.write("tests/contract/rules.txt", RULES)
        self.write("tests/contract/media-type/a.case", CASE)
        self.run_tool("check_rules", "--write")

    def test_all_proven_and_written_passes(self):
        self.assertEqual(self.run_tool("check_rules")[0], 0)

    def fails_with(self, case, words):
        self.write("tests/contract/media-type/a.case", case)
        status, output = self.run_tool("check_rules")
        self.assertEqual(status, 1)
        self.assertIn(words, output)

    def test_a_rule_without_a_case_fails(self):
        self.fails_with(CASE.replace("P1, P2", "P1"), "P2 has no case")

    def test_an_unknown_rule_fails(self):
        self.fails_with(CASE.replace("P1, P2", "P1, P2, P99"), "there is no rule P99")

    def test_a_case_without_a_rule_fails(self):
        self.fails_with(CASE + "\n# just so\nGET /orders\n--- 200\n", "names no rule")

    def test_a_rule_of_changes_wants_both_bodies_formats_and_outcomes(self):
        self.write("tests/contract/rules.txt", RULES.replace("P2 reading", "P2 both"))
        change = "\n# P2: changes\n# formats: json xml\n"
        for kind, body in (("json", '{"a": 1}'), ("x-www-form-urlencoded", "a=1")):
            for status in (201, 400):
                change += f"POST /a\nContent-Type: application/{kind}\n\n{body}\n--- {status}\n\n"
        self.write("tests/contract/media-type/a.case", CASE + change)
        self.assertEqual(self.run_tool("check_rules", "--write")[0], 0, self.run_tool("check_rules")[1])
        self.fails_with(CASE + change.replace("json xml", "json"), "P2 has no case of a change with a form body that is refused, answered in xml")
        self.fails_with(CASE + change.replace("400", "204"), "P2 has no case of a change with a JSON body that is refused, answered in json")
        self.fails_with(CASE + change.replace("a=1", '{"a": 1}'), "P2 has no case of a change with a form body that is accepted, answered in xml")
        self.fails_with(CASE + change.replace("POST", "GET"), "P2 has no case of a change with a JSON body that is accepted")

    def test_a_stale_document_fails(self):
        self.fails_with(CASE + "\n" + CASE, "not up to date")

    def test_a_broken_case_fails(self):
        self.fails_with("# P1, P2: x\nGET /orders\n", "needs an answer")


class MatchingTest(unittest.TestCase):
    def wrong(self, expected, actual):
        return matching.differences(matching.parse_expected(expected), matching.parse_json(actual), {})

    def test_what_fits(self):
        for expected, actual in (
            ('{"a": 1, "b": [1, 2]}', '{"a": 1, "b": [1, 2]}'), ('{"a": 1, ...}', '{"a": 1, "b": 2}'), ("[1, ...]", "[1, 2, 3]"),
            ('{"a": ...}', '{"a": null}'), ('{"a": {...}}', '{"a": {"x": 1}}'), ("[...]", "[]"), ("...", "1"),
            ('["<id>", "<any>"]', '["%s", 1]' % ("0a" * 16)), ('"<has OTHER>"', '"another"'), ('"..."', '"..."'),
            ('"<timestamp>"', '"2015-10-02T18:15:45.101838Z"'), ('"<url>"', '"http://a/b"'), ('"a...{"', '"a...{"'),
        ):
            self.assertEqual(self.wrong(expected, actual), [], expected)

    def test_what_does_not_fit(self):
        for expected, actual in (
            ('{"a": 1}', '{"a": 2}'), ('{"a": 1}', '{"a": "1"}'), ('{"a": 1}', '{"a": 1.0}'), ('{"a": 1}', '{"a": true}'),
            ('{"a": 1}', '{"a": 1, "b": 2}'), ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}'), ('{"a": 1, ...}', '{"b": 1}'), ("[1, 2]", "[2, 1]"),
            ("[1]", "[1, 2]"), ("[1, 2, ...]", "[1]"), ('{"a": {...}}', '{"a": []}'), ("[...]", "{}"), ('"<id>"', '"A"'), ("null", '""'),
            ('{"a": 1}', '{"a": 1, "a": 1}'), ('"<has x>"', '"y"'), ('"<integer>"', "true"), ('"<match ^a$>"', '"ab"'),
        ):
            self.assertNotEqual(self.wrong(expected, actual), [], f"{expected} took {actual}")

    def test_an_unknown_pattern_is_an_error(self):
        self.assertRaises(ValueError, self.wrong, '"<identifier>"', '"x"')

    def test_json_is_strict(self):
        for text in ("{", "[1,]", "NaN", "{'a': 1}", ""):
            self.assertRaises(ValueError, matching.parse_json, text)

    def test_updates_keep_wildcards_that_fit(self):
        expected = matching.parse_expected('{"a": "<any>", "b": 1, "c": "<id>", ...}')
        actual = matching.parse_json('{"a": 5, "b": 2, "c": "no", "d": 3}')
        self.assertEqual(matching.format_json(matching.merged(expected, actual)), '{"a": "<any>", "b": 2, "c": "no", ...}')


class XmlAnswersTest(unittest.TestCase):
    JSON = '{"a": null, "b": [1, {"c": "x & y"}], "d": true, "0": [], "e": "\\u0001\\r\\n"}'
    XML = ('<?xml version="1.0" encoding="utf-8"?>\n<root><a></a><b><list-item>1</list-item><list-item><c>x &amp; y</c></list-item></b>'
           '<d>True</d><item name="0"></item><e>\ufffd&#13;\n</e></root>')

    def wrong(self, text):
        expected = xml_answers.expected_tree(matching.parse_json(self.JSON))
        return xml_answers.differences(expected, xml_answers.parse_xml(text.encode()))

    def test_the_mapping_fits_and_each_change_does_not(self):
        self.assertEqual(self.wrong(self.XML), [])
        for before, after in (("True", "true"), ("<a></a>", ""), ("<list-item>1<", "<item>1<"), ("x &amp; y", "x y"), ("&#13;", ""), ("<a></a>", "<a>null</a>")):
            text = self.XML.replace(before, after, 1).replace("<item>1</list-item>", "<item>1</item>")
            self.assertNotEqual(self.wrong(text), [], f"{before} -> {after}")

    def test_what_is_not_well_formed_is_refused(self):
        for text in ("<root/>", self.XML[:-3], self.XML.replace("&amp;", "&"), self.XML.replace("<a>", '<a b="c">')):
            self.assertRaises(ValueError, self.wrong, text)


class FakeServer:
    """Answers every connection with fixed bytes once something was received, and closes it."""

    def __init__(self, answer):
        self.answer = answer
        self.received = b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.received += connection.recv(65536)
            connection.sendall(self.answer)
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def answer_bytes(body, status=b"200 OK", fields=b""):
    return (b"HTTP/1.1 " + status + b"\r\nDate: now\r\nX-Request-Id: " + b"0" * 32 + b"\r\nContent-Type: application/json\r\n"
            + fields + b"Content-Length: %d\r\n\r\n" % len(body) + body)


class WireTest(unittest.TestCase):
    def test_answers_that_are_not_http_are_refused(self):
        good = answer_bytes(b"{}")
        for answer in (b"", b"HTTP/1.0 200 OK\r\n\r\n", good.replace(b"\r\n", b"\n"), good[:-1], good.replace(b"Date:", b"Date :"),
                       b"HTTP/1.1 200 OK\r\n\r\n{}", b"HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n",
                       b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n"):
            with FakeServer(answer) as fake, self.assertRaises(wire.WireError, msg=repr(answer)):
                wire.get("127.0.0.1", fake.port, "/", [])

    def test_bodies_are_read(self):
        with FakeServer(answer_bytes(b"{}")) as fake:
            self.assertEqual(wire.get("127.0.0.1", fake.port, "/x?y=%00", [("A", "b")]).body, b"{}")
            self.assertTrue(fake.received.startswith(b"GET /x?y=%00 HTTP/1.1\r\nHost: 127.0.0.1:"))
        with FakeServer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n") as fake:
            self.assertEqual(wire.get("127.0.0.1", fake.port, "/", []).body, b"{}")


class CaseRunTest(unittest.TestCase):
    def outcome(self, text, answer):
        case = case_file.Reader("x.case", text).read()[0]
        with FakeServer(answer) as fake:
            return case_run.run_case(case, {"port": str(fake.port), "host": "h", "key": "k"}), fake.received

    def test_a_case_that_fits(self):
        outcome, received = self.outcome("# P1: x\nGET /a\n? b=ñ &\nAuthorization: Bearer {key}\n--- 200\nContent-Type: application/json\n!Allow\n\n"
                                         '{"a": 1}\n--- close\n', answer_bytes(b'{"a": 1}'))
        self.assertEqual(outcome.lines, [])
        self.assertEqual(received, b"GET /a?b=%C3%B1%20%26 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer k\r\n\r\n")

    def test_each_difference_is_found(self):
        for text, answer in (
            ("--- 201", answer_bytes(b"{}")), ("--- 200\nAllow: x", answer_bytes(b"{}")), ("--- 200\n!Date", answer_bytes(b"{}")),
            ("--- 200\n\n{}", answer_bytes(b"[]")), ("--- 200 empty", answer_bytes(b"{}")), ("--- 200", answer_bytes(b"{")),
            ("--- close", answer_bytes(b"{}")), ("--- 200\n--- 200", answer_bytes(b"{}")), ("--- 200\n\n{}", answer_bytes(b"")),
            ("--- 200", answer_bytes(b"{}").replace(b"X-Request-Id", b"X-Request")), ("--- 400", answer_bytes(b'"SELECT a FROM b"', b"400 Bad")),
            ("--- 200 list a\n\n[1]", answer_bytes(b'{"paging": {"count": 2, "next": null, "previous": null}, "results": [{"a": 1}]}')),
            ("--- 200 list a\n\n[1]", answer_bytes(b'{"paging": {"count": 1, "next": null, "previous": null}, "results": [{"a": 2}]}')),
            ("--- 200 xml\n\n<?xml version='1.0'?><a/>", answer_bytes(b"{}")),
        ):
            self.assertNotEqual(self.outcome(f"# P1: x\nGET /\n{text}\n", answer)[0].lines, [], text)

    def test_a_store_is_left_out_with_a_reason_only(self):
        def stores(text):
            return [case.stores for case in case_file.Reader("x.case", text).read()]

        plain, marked = "# P1: x\nGET /\n--- 200\n", "# P1: x\n# stores: sqlite (no other holds it)\nGET /\n--- 200\n"
        self.assertEqual(stores(f"{plain}\n{marked}\n{plain}"), [("sqlite", "postgres"), ("sqlite",), ("sqlite", "postgres")])
        self.assertEqual(stores(f"## stores: postgres (because)\n\n{plain}"), [("postgres",)])
        for wrong in ("sqlite", "sqlite ()", "mysql (why)", "sqlite postgres (why)"):
            with self.assertRaisesRegex(case_file.CaseError, "why no other"):
                stores(f"# P1: x\n# stores: {wrong}\nGET /\n--- 200\n")

    def test_a_pattern_captures_its_group(self):
        text = ('# P1: x\nGET /\n--- 200\nLocation: <capture id /orders/(\\w+)$>\nETag: <capture tag>\n\n{"a": "<capture b ..$>"}\n'
                "--- close\n\nGET /{id}?{b}\nIf-Match: {tag}\n--- 200\n")
        fields = b'Location: http://h/orders/a1\r\nETag: "x"\r\n'
        outcome, received = self.outcome(text, answer_bytes(b'{"a": "wxyz"}', fields=fields))
        self.assertEqual(outcome.lines, [])
        self.assertTrue(received.endswith(b'GET /a1?yz HTTP/1.1\r\nHost: h\r\nIf-Match: "x"\r\n\r\n'), received)
        lines = self.outcome(text, answer_bytes(b'{"a": "wxyz"}', fields=fields.replace(b"/orders", b"/order")))[0].lines
        self.assertEqual(len(lines), 1, lines)

    def test_fresh_data_are_served_anew_for_each_format(self):
        text = "# P1: x\n# formats: json xml\n# data: fresh\nGET /\n--- 200\n\n{\"id\": \"<id>\", \"again\": \"<id>\"}\n"
        case = case_file.Reader("x.case", text).read()[0]
        self.assertTrue(case.fresh)

        def run(*answers):
            left = [answer_bytes(answers[0]), answer_bytes(answers[1]).replace(b"/json", b"/xml")]

            @contextmanager
            def serve():
                with FakeServer(left.pop(0)) as fake:
                    yield {"port": str(fake.port), "host": "h"}

            return case_run.run_case(case, {}, serve).lines

        a, b, c = b"a" * 32, b"b" * 32, b"c" * 32
        json_answer = b'{"id": "%s", "again": "%s"}' % (a, a)
        xml = b"<?xml version='1.0'?><root><id>%s</id><again>%s</again></root>"
        self.assertEqual(run(json_answer, xml % (b, b)), [])
        self.assertEqual(len(run(json_answer, xml % (b, c))), 1)
        with self.assertRaisesRegex(case_file.CaseError, "data: fresh"):
            case_file.Reader("x.case", "# P1: x\n# data: shared\nGET /\n--- 200\n").read()

    def test_raw_bytes_are_sent_as_written(self):
        received = self.outcome("# P1: x\nraw\nA\\r\\n\nb\\0\\xffñ\\\\{repeat:3:z}\n--- 200\n", answer_bytes(b"{}"))[1]
        self.assertEqual(received, b"A\r\nb\0\xff\xc3\xb1\\zzz")

    def test_update_rewrites_only_what_an_answer_takes(self):
        text = "## f\n\n# P1: x\nGET /\n--- 200\nAllow: a\n\n{\"a\": \"<any>\", \"b\": 1}\n\n# P2: y\nGET /\n--- 204\n"
        with tempfile.NamedTemporaryFile("w+", suffix=".case") as file:
            file.write(text)
            file.flush()
            expectation = case_file.read_file(file.name)[0].steps[0].answers[0]
            answer = wire.Answer(400, [("Allow", "b")], b'{"a": 5, "b": 2}')
            case_file.write_updates(file.name, [(expectation, answer)])
            self.assertEqual(Path(file.name).read_text(encoding="utf-8"),
                             text.replace("--- 200\nAllow: a", "--- 400\nAllow: b").replace('"b": 1', '"b": 2'))


class MissingPostgresTest(unittest.TestCase):
    def test_it_is_a_failure_with_words(self):
        for tool in ("run_cases", "lookups", "differential"):
            options = [] if tool == "differential" else ["--store", "postgres"]
            done = subprocess.run([ROOT / "tests" / tool, *options], capture_output=True, text=True, check=False,
                                  env={"POSTGRES_BIN": "/nowhere", "PATH": "/usr/bin:/bin"})
            self.assertEqual(done.returncode, 1, tool)
            self.assertIn("/nowhere/initdb is missing", done.stdout + done.stderr, tool)
            self.assertNotIn(", 0 failed", done.stdout, tool)
            self.assertNotIn("Traceback", done.stdout + done.stderr, tool)


class LookupOracleTest(unittest.TestCase):
    def found(self, lookup, value, text, type_name="string"):
        return lookup_oracle.matches(description.Leaf("f", "f", type_name, (), ["g", 1], ("f",)), lookup, value, text)

    def test_search_is_about_the_parts_of_words(self):
        self.assertEqual(lookup_oracle.word_parts("AplaZame2 ñu"), ["aplazame2", "zame2", "2", "nu"])
        self.assertTrue(self.found("search", "José María", "mar JO"))
        self.assertFalse(self.found("search", "José María", "ose"))

    def test_folding_null_and_parts_of_dates(self):
        self.assertTrue(self.found("iexact", "Straße", "STRASSE"))
        self.assertFalse(self.found("icontains", "nandu", "Ñ"))
        self.assertFalse(self.found("exact", None, ""))
        self.assertTrue(self.found("isnull", None, "True"))
        instant = lookup_oracle.parse_instant("2015-10-02T18:15:45.101838Z")
        self.assertTrue(self.found("week_day", instant, "friday", "timestamp"))
        self.assertTrue(self.found("lte", instant, "2015-10-02T18:15:45.101838Z", "timestamp"))
        self.assertTrue(self.found("in", 1, "g,1", "choice"))

    def test_null_is_the_largest_and_ties_follow_the_last_term(self):
        resource = description.Resource("r", "r", "o", "id", ["id"])
        for path, type_name in (("id", "id"), ("n", "integer")):
            resource.leaves[path] = description.Leaf(path, path, type_name, (), [], (path,))
        rows = [{"id": "a", "n": 1}, {"id": "b", "n": None}, {"id": "c", "n": 1}]
        self.assertEqual([row["id"] for row in lookup_oracle.ordered(resource, rows, ["n"])], ["a", "c", "b"])
        self.assertEqual([row["id"] for row in lookup_oracle.ordered(resource, rows, ["-n"])], ["b", "c", "a"])


class FakeCaller:
    """Answers each target with a page, or an object, that a test made up."""

    account = "own"
    name = "fake"

    def __init__(self, answers):
        self.answers = answers

    def get(self, _connection, target):
        return self.answers[target]


class LookupsTest(unittest.TestCase):
    ROWS = [{"id": "a", "o": "own"}, {"id": "b", "o": "own"}, {"id": "c", "o": "other"}]

    def setUp(self):
        self.resource = description.Resource("r", "r", "o", "id", ["id"], default_order=["id"])
        self.resource.leaves["id"] = description.Leaf("id", "id", "id", ("exact", "in"), [], ("id",))

    @staticmethod
    def page(ids, count, after=None, before=None):
        link = f"http://x/r?page={after}" if after else None
        return 200, {"cursor": {"after": after, "before": before}, "paging": {"count": count, "next": link, "previous": None},
                     "results": [{"id": each} for each in ids]}

    def problem(self, first, second=None):
        caller = FakeCaller({"/r?page_size=1": first, "/r?page=2": second})
        return lookups.check_list(caller, None, self.resource, self.ROWS, ([], [], 1))

    def test_the_right_rows_in_their_order_pass(self):
        self.assertIsNone(self.problem(self.page("a", 2, 2), self.page("b", 2, None, 1)))

    def test_what_is_planted_is_found(self):
        self.assertIn("ANOTHER ACCOUNT", self.problem(self.page("a", 2, 2), self.page("c", 2, None, 1)))
        self.assertIn("order differs", self.problem(self.page("b", 2, 2), self.page("a", 2, None, 1)))
        self.assertIn("missing ['b']", self.problem(self.page("a", 2)))
        self.assertIn("count 3", self.problem(self.page("ab", 3)))
        self.assertIn("status 500", self.problem((500, {})))

    def test_an_object_of_another_account_must_not_be_found(self):
        caller = FakeCaller({"/r/c": (200, {"id": "c"}), "/r/a": (404, {})})
        self.assertIsNotNone(lookups.check_object(caller, None, self.resource, self.ROWS, "c"))
        self.assertIsNotNone(lookups.check_object(caller, None, self.resource, self.ROWS, "a"))

    def test_a_description_is_read_as_its_types_and_families_say(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            json.dump({"versions": [1, 2], "types": {"kind": {"type": "choice", "of": ["x"]}}, "resources": {"r": {
                "owner": "o", "operations": ["list"], "fields": {"id": {"type": "id"}, "old": {"until": 1}, "w": {
                    "type": "object", "fields": {"k": {"type": "kind", "filter": ["choices"]}, "t": {"column": "c", "filter": ["in"]}}}}}}}, file)
            file.flush()
            resource = description.read_description(file.name)[0]["r"]
        self.assertEqual(list(resource.leaves), ["id", "w-k", "w-t"])
        self.assertEqual(resource.leaves["w-k"].lookups, ("exact", "in"))
        self.assertEqual([resource.leaves["w-k"].column, resource.leaves["w-t"].column], ["w__k", "c"])


if __name__ == "__main__":
    unittest.main()
