"""Runs one case against a server and says what was not as expected."""

import json
import re
from contextlib import nullcontext
from urllib.parse import quote

from . import case_file, matching, server, wire, xml_answers

LEAKS = re.compile(rb"(?i)sqlite|postgres|libpq|psql|SQLSTATE|\bSELECT\b.*\bFROM\b|std::|\.cpp\b|stack trace")
REPEAT = re.compile(r"\{repeat:(\d+):([^{}]*)\}")
ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|.)", re.DOTALL)
ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\"}


class Outcome:
    """`lines`: what was wrong, empty for a pass. `updates`: (expectation, answer) pairs for --update."""

    def __init__(self):
        self.lines = []
        self.updates = []


def run_case(case, variables, serve=None):
    """Runs the case once per format; the JSON answers of the first are what the XML ones are compared with. With `serve`
    each run has a server of its own: what it gives is entered before, left behind it, and gives the variables."""
    outcome = Outcome()
    json_answers = []
    for name in case.formats:
        try:
            with serve() if serve else nullcontext(variables) as known:
                CaseRun(case, name, dict(known), json_answers, outcome).run()
        except (wire.WireError, server.ServerError, OSError) as error:
            outcome.lines.append(f"{name}: {error}")
    return outcome


class CaseRun:
    """One run of a case in one format, over one connection as long as that stays open."""

    def __init__(self, case, format_name, variables, json_answers, outcome):
        self.case = case
        self.format = format_name
        self.compares = format_name != case.formats[0]
        self.variables = variables
        self.json_answers = json_answers
        self.outcome = outcome
        self.connection = None
        self.answers_read = 0
        self.seen = {}

    def run(self):
        try:
            for step in self.case.steps:
                self.run_step(case_file.in_format(step, "xml") if self.format == "xml" else step)
        finally:
            if self.connection:
                self.connection.close()

    def run_step(self, step):
        if self.connection is None:
            self.connection = wire.Connection("127.0.0.1", int(self.variables["port"]))
        self.connection.send(self.request_of(step))
        if step.ends_sending:
            self.connection.end_sending()
        methods = re.findall(r"(?:\A|\\r\\n)([A-Z]+) [^\\]*? HTTP/1", step.raw) if step.raw is not None else [step.method]
        for index, expectation in enumerate(step.answers):
            where = f"line {expectation.first + 1}"
            if expectation.status == "close":
                if not self.connection.closed_by_peer():
                    self.complain(where, "the connection stays open, or more was sent")
                self.connection.close()
                self.connection = None
                continue
            if self.connection is None:
                return self.complain(where, "an answer is expected of a closed connection")
            answer = self.connection.read_answer(methods[min(index, len(methods) - 1)] if methods else "GET")
            self.check(expectation, answer, where)
        return None

    def complain(self, where, *lines):
        self.outcome.lines += [f"{self.format}: {where}: {line}" for line in lines]

    def filled(self, text):
        """Placeholders replaced: {private_key}, {host}, captured names, {repeat:N:TEXT}."""
        text = REPEAT.sub(lambda match: match[2] * int(match[1]), text)
        return re.sub(r"\{(\w+)\}", lambda match: self.variables.get(match[1], match[0]), text)

    def request_of(self, step):
        if step.raw is not None:
            text = ESCAPE.sub(unescape, self.filled(step.raw))
            return text.encode("utf-8", "surrogateescape")
        target = self.filled(step.target)
        for parameter in step.parameters:
            name, _, value = self.filled(parameter).partition("=")
            target += ("&" if "?" in target else "?") + f"{quote(name, safe='')}={quote(value, safe='')}"
        fields = [(name, self.filled(value)) for name, value in step.fields]
        body = self.filled(step.body).encode("utf-8")
        return wire.request_bytes(step.method, target, self.variables["host"], fields, body)

    def check(self, expectation, answer, where):
        lines = []
        if str(answer.status) != expectation.status:
            lines.append(f"status {answer.status}, expected {expectation.status}; body {answer.body[:600]!r}")
        if answer.status >= 200:
            lines += general_faults(answer)
        for name, value in expectation.fields:
            lines += self.field_faults(name, value, answer)
        if not lines:
            lines += self.body_faults(expectation, answer)
        self.complain(where, *lines)
        if not self.compares:
            self.outcome.updates.append((expectation, answer))

    def field_faults(self, name, value, answer):
        if name.startswith("!"):
            return [f"{name[1:]}: must be absent"] if answer.value(name[1:]) is not None else []
        actual, wanted = answer.value(name), self.filled(value)
        if self.compares and name.lower() == "content-type":
            wanted = wanted.replace("application/json", "application/xml")
        if actual is None:
            return [f"{name}: missing, expected {wanted}"]
        pattern = matching.pattern_of(wanted)
        fits = matching.match_pattern(pattern, actual, self.variables) if pattern else actual == wanted
        return [] if fits else [f"{name}: {actual}, expected {wanted}"]

    def body_faults(self, expectation, answer):
        if expectation.kind[:1] == ["empty"]:
            return [f"the body is not empty: {answer.body[:200]!r}"] if answer.body else []
        if expectation.kind[:1] == ["text"]:
            return text_faults(self.filled(expectation.body or ""), answer.body)
        if not answer.body:
            return ["the body is empty"] if expectation.body else []
        try:
            return self.document_faults(expectation, answer)
        except ValueError as error:
            return [f"the body is not what its type says: {error}; {answer.body[:400]!r}"]

    def comparable(self, tree):
        """Of fresh data each format's run makes its own ids and times."""
        return xml_answers.without_chance(tree, self.seen) if self.case.fresh else tree

    def document_faults(self, expectation, answer):
        if "xml" in (answer.value("Content-Type") or ""):
            tree = xml_answers.parse_xml(answer.body)
            if self.compares:
                self.answers_read += 1
                if len(self.json_answers) < self.answers_read:
                    return ["there is no JSON answer to compare with"]
                return xml_answers.differences(self.json_answers[self.answers_read - 1], self.comparable(tree))
            if expectation.body is None:
                return []
            if expectation.kind[:1] != ["xml"]:
                return ["the answer is XML, JSON was expected"]
            return xml_answers.differences(xml_answers.parse_xml(self.filled(expectation.body).encode()), tree)
        if self.compares:
            return ["the answer is not XML"]
        actual = matching.parse_json(answer.body.decode("utf-8"))
        self.json_answers.append(self.comparable(xml_answers.expected_tree(actual)))
        if expectation.body is None:
            return []
        wanted = matching.parse_expected(self.filled(expectation.body))
        if expectation.kind[:1] == ["list"]:
            return list_faults(wanted, actual, expectation.kind[1:])
        return matching.differences(wanted, actual, self.variables)


def unescape(match):
    """An escape of a raw block as the character that encodes to its byte."""
    name = match[1]
    if name[0] == "x" and len(name) == 3:
        return bytes([int(name[1:], 16)]).decode("utf-8", "surrogateescape")
    return ESCAPES.get(name, match[0])


def general_faults(answer):
    """What every answer owes, whatever the case says of it."""
    lines = []
    if not re.fullmatch("[0-9a-f]{32}", answer.value("X-Request-Id") or ""):
        lines.append(f"X-Request-Id: {answer.value('X-Request-Id')}, expected 32 hex digits")
    if answer.value("Date") is None:
        lines.append("Date: missing")
    if LEAKS.search(answer.body) and answer.status >= 400:
        lines.append(f"the error shows what is inside: {answer.body[:400]!r}")
    return lines


def text_faults(wanted, body):
    text = body.decode("utf-8", "replace").rstrip("\n")
    return [] if text == wanted else [f"the body is {text!r}", f"expected    {wanted!r}"]


def list_faults(wanted, page, paths):
    """`--- 200 list PATH…`: the values at those paths, row by row; with one page the count must agree."""
    try:
        rows = case_file.picked(page, paths)
        paging = page.get("paging")
        single = paging.get("next") is None and paging.get("previous") is None
        count = paging.get("count")
    except (AttributeError, TypeError):
        return [f"no list: {matching.show(page)}"]
    lines = matching.differences(wanted, rows, {}, "results")
    if lines:
        lines.append(f"the list: {json.dumps(rows, ensure_ascii=False)[:800]}")
    if single and count != len(rows):
        lines.append(f"paging.count is {count}, but there are {len(rows)} results")
    return lines
