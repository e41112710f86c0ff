"""Reads and rewrites .case files. The format is described in docs/testing.md; line numbers here count from 0."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import matching

RULES_LINE = re.compile(r"# ((?:[PE]\d+)(?:, [PE]\d+)*): (\S.*)")
OPTION_LINE = re.compile(r"##? (formats|api|stores|data): (\S.*)")
STORES = ("sqlite", "postgres")
STORES_OPTION = re.compile(rf"({'|'.join(STORES)}) \((\S.*)\)")
REQUEST_LINE = re.compile(r"([A-Za-z]+) (\S+)")
ANSWER_LINE = re.compile(r"--- (close|[1-5][0-9][0-9])((?: \S+)*)")
FIELD_LINE = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*)")


class CaseError(Exception):
    """A case file that does not follow the format; says where."""


@dataclass
class Expectation:
    """What one answer must be. `first` and `end` are the lines it takes in the file, `end` excluded."""

    first: int
    status: str  # "200", or "close"
    kind: list = field(default_factory=list)  # [], ["empty"], ["xml"], ["text"], ["list", path, ...]
    fields: list = field(default_factory=list)  # (name, value); a name with "!" before it must be absent
    body: str = None
    end: int = 0


@dataclass
class Step:
    """One request, or raw bytes, and the answers that must follow."""

    line: int
    method: str = ""
    target: str = ""
    parameters: list = field(default_factory=list)  # "name=value", to be percent-encoded
    fields: list = field(default_factory=list)
    body: str = ""
    raw: str = None
    ends_sending: bool = False
    answers: list = field(default_factory=list)


@dataclass
class Case:
    path: Path
    line: int
    rules: list = field(default_factory=list)
    title: str = ""
    formats: list = field(default_factory=lambda: ["json"])
    api: str = ""
    stores: tuple = STORES
    fresh: bool = False  # a server and rows of its own, as it changes them
    steps: list = field(default_factory=list)

    def name(self):
        return f"{self.path}:{self.line + 1}"


class Reader:
    """Takes a file apart, line by line."""

    def __init__(self, path, text):
        self.path = path
        self.lines = text.split("\n")
        self.at = 0
        self.defaults = []
        self.file_options = {}

    def fail(self, message):
        raise CaseError(f"{self.path}:{self.at + 1}: {message}")

    def line(self):
        return self.lines[self.at] if self.at < len(self.lines) else None

    def take(self):
        self.at += 1
        return self.lines[self.at - 1]

    def skip_blank(self):
        while self.line() is not None and not self.line().strip():
            self.at += 1

    def take_fields(self):
        fields = []
        while (line := self.line()) is not None and line and not line.startswith("---"):
            match = FIELD_LINE.fullmatch(line)
            absent = re.fullmatch(r"!([A-Za-z0-9-]+)", line)
            if not match and not absent:
                self.fail(f"expected 'Name: value' or '!Name', not {line!r}")
            fields.append(("!" + absent[1], "") if absent else (match[1], match[2]))
            self.at += 1
        return fields

    def read_preamble(self):
        while (line := self.line()) is not None and line.startswith("##"):
            if match := OPTION_LINE.fullmatch(line):
                self.file_options[match[1]] = match[2]
            self.at += 1
        if self.line() and not self.line().startswith("#"):
            self.defaults = self.take_fields()

    def read_case(self):
        case = Case(self.path, self.at)
        for name, value in self.file_options.items():
            self.apply_option(case, name, value)
        if not (self.line() or "").startswith("#"):
            self.fail("a case begins with '# RULES: what it shows'")
        match = RULES_LINE.fullmatch(self.line())
        if match:
            case.rules, case.title = match[1].split(", "), match[2]
        else:
            case.title = self.line().lstrip("# ")
        while (self.line() or "").startswith("#"):
            if option := OPTION_LINE.fullmatch(self.line()):
                self.apply_option(case, option[1], option[2])
            self.at += 1
        while self.line() is not None and not self.line().startswith("#"):
            case.steps.append(self.read_step())
            self.skip_blank()
        if not case.steps:
            self.fail("a case needs a request")
        return case

    def apply_option(self, case, name, value):
        if name == "formats":
            case.formats = value.split()
        elif name == "api":
            case.api = value
        elif name == "data":
            if value != "fresh":
                self.fail(f"expected 'data: fresh', not {value!r}")
            case.fresh = True
        else:
            match = STORES_OPTION.fullmatch(value)
            if not match:
                self.fail(f"expected 'stores: STORE (why no other)' with one of {', '.join(STORES)}, not {value!r}")
            case.stores = (match[1],)

    def read_step(self):
        step = Step(self.at)
        line = self.take()
        if line in ("raw", "raw end"):
            step.ends_sending = line == "raw end"
            step.raw = "".join(self.take_until_answer())
        else:
            match = REQUEST_LINE.fullmatch(line)
            if not match:
                self.at -= 1
                self.fail(f"expected a request such as 'GET /orders', or 'raw', not {line!r}")
            step.method, step.target = match[1], match[2]
            while (self.line() or "").startswith("? "):
                step.parameters.append(self.take()[2:])
            step.fields = with_defaults(self.take_fields(), self.defaults)
            if self.line() == "":
                self.at += 1
                step.body = "\n".join(self.take_until_answer())
        while (self.line() or "").startswith("---"):
            step.answers.append(self.read_expectation())
        if not step.answers:
            self.fail("a request needs an answer: '--- 200'")
        return step

    def take_until_answer(self):
        taken = []
        while self.line() is not None and not self.line().startswith("---"):
            taken.append(self.take())
        return taken

    def read_expectation(self):
        match = ANSWER_LINE.fullmatch(self.line())
        if not match:
            self.fail("expected '--- STATUS', with 'empty', 'xml', 'text' or 'list PATH…' behind it, or '--- close'")
        expectation = Expectation(self.at, match[1], match[2].split())
        self.at += 1
        expectation.fields = self.take_fields()
        expectation.end = self.at
        if self.line() == "":
            blank = self.at
            self.at += 1
            body = []
            while (line := self.line()) is not None and not self.ends_body(line):
                body.append(self.take())
            while body and not body[-1].strip():
                body.pop()
            if body:
                expectation.body = "\n".join(body)
                expectation.end = blank + 1 + len(body)
        return expectation

    @staticmethod
    def ends_body(line):
        return line.startswith(("---", "#")) or line in ("raw", "raw end") or bool(re.match(r"[A-Z]{3,} \S+$", line))

    def read(self):
        self.read_preamble()
        cases = []
        self.skip_blank()
        while self.line() is not None:
            cases.append(self.read_case())
            self.skip_blank()
        return cases


def with_defaults(fields, defaults):
    """The step's own fields, after those defaults that it neither gives itself nor drops with `!Name`."""
    own = {name.lstrip("!").lower() for name, _ in fields}
    kept = [item for item in defaults if item[0].lower() not in own]
    return kept + [item for item in fields if not item[0].startswith("!")]


def read_file(path, shown=None):
    """All cases of a file. Raises CaseError."""
    return Reader(shown or path, Path(path).read_text(encoding="utf-8")).read()


def case_files(root):
    return sorted(Path(root).glob("*/*.case"))


def updated_lines(expectation, answer):
    """The lines that describe the answer that came, wildcards and checked fields kept as far as they still fit."""
    lines = [" ".join(["---", str(answer.status), *expectation.kind])]
    for name, value in expectation.fields:
        lines += updated_field(name, value, answer)
    if expectation.body is None or not answer.body:
        return lines
    text = answer.body.decode("utf-8", "replace")
    if expectation.kind[:1] in (["xml"], ["text"]):
        return lines + ["", text.rstrip("\n")]
    try:
        actual = matching.parse_json(text)
        if expectation.kind[:1] == ["list"]:
            actual = picked(actual, expectation.kind[1:])
        merged = matching.merged(matching.parse_expected(expectation.body), actual)
    except (ValueError, KeyError):
        return lines + ["", text]
    return lines + [""] + matching.format_json(merged).split("\n")


def updated_field(name, value, answer):
    if name.startswith("!"):
        return ["!" + name[1:]] if answer.value(name[1:]) is None else [f"{name[1:]}: {answer.value(name[1:])}"]
    actual = answer.value(name)
    if actual is None:
        return ["!" + name]
    pattern = matching.pattern_of(value)
    keep = pattern is not None and matching.match_pattern(pattern, actual, {})
    return [f"{name}: {value if keep else actual}"]


def picked(page, paths):
    """Of each result the values at `paths` (steps joined by `-`): the value alone for one path, a list for several."""
    rows = []
    for result in page.get("results"):
        values = []
        for path in paths:
            value = result
            for step in path.split("-"):
                value = value.get(step) if isinstance(value, matching.Members) else None
            values.append(value)
        rows.append(values[0] if len(paths) == 1 else values)
    return rows


def write_updates(path, updates):
    """Replaces, from the end, the lines of each (expectation, answer) of a file."""
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    for expectation, answer in sorted(updates, key=lambda item: -item[0].first):
        lines[expectation.first:expectation.end] = updated_lines(expectation, answer)
    Path(path).write_text("\n".join(lines), encoding="utf-8")


def in_format(step, name):
    """The step as asked in another format: `+json` of its Accept becomes `+xml`."""
    swapped = [(n, v.replace("+json", f"+{name}").replace("application/json", f"application/{name}"))
               if n.lower() == "accept" else (n, v) for n, v in step.fields]
    return replace(step, fields=swapped)
