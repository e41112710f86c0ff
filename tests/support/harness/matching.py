"""Compares an answer's JSON with what a case expects, wildcards and order of members included; writes both readably."""

import json
import re

OPEN = "..."  # the member name, or the last item, that allows more

PATTERNS = {
    "any": lambda value: True,
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "id": lambda value: isinstance(value, str) and re.fullmatch("[0-9a-f]{32}", value) is not None,
    "timestamp": lambda value: isinstance(value, str)
    and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", value) is not None,
    "url": lambda value: isinstance(value, str) and re.fullmatch(r"https?://[^\s/]+/\S*", value) is not None,
}


class Members(list):
    """A JSON object: (name, value) in their order, repeated names kept."""

    def get(self, name, default=None):
        return next((value for key, value in self if key == name), default)


def parse_json(text):
    """JSON (RFC 8259; no NaN), objects as Members. Raises ValueError."""

    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    return json.loads(text, object_pairs_hook=Members, parse_constant=refuse)


def parse_expected(text):
    """JSON in which `...` may stand for further members, further items, or any value."""
    out, depth, after_colon, at = [], [], False, 0
    while at < len(text):
        char = text[at]
        if char == '"':
            match = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL).match(text, at)
            if not match:
                raise ValueError("a string does not end")
            out.append(match[0])
            at, after_colon = match.end(), False
            continue
        if text.startswith("...", at):
            inside_object = depth and depth[-1] == "{" and not after_colon
            out.append('"...": "..."' if inside_object else ('"<any>"' if after_colon or not depth else '"..."'))
            at, after_colon = at + 3, False
            continue
        if char in "{[":
            depth.append(char)
        elif char in "}]" and depth:
            depth.pop()
        if not char.isspace():
            after_colon = char == ":"
        out.append(char)
        at += 1
    return parse_json("".join(out))


def pattern_of(expected):
    """The inside of `"<…>"`, or nothing."""
    match = re.fullmatch(r"<([a-z]+(?: .*)?)>", expected, re.DOTALL) if isinstance(expected, str) else None
    return match[1] if match else None


def match_pattern(pattern, value, captured):
    """Whether a value fits a `<pattern>`; `<capture NAME>` keeps it in `captured`, `<capture NAME PATTERN>` what is found
    of it: the pattern's first group, if it has one. Raises ValueError for an unknown one."""
    word, _, rest = pattern.partition(" ")
    if word == "capture":
        return capture(*rest.partition(" ")[::2], value, captured)
    if word == "has":
        return isinstance(value, str) and rest.casefold() in value.casefold()
    if word == "match":
        return isinstance(value, str) and re.search(rest, value) is not None
    if pattern not in PATTERNS:
        raise ValueError(f"<{pattern}> is no pattern; there are {', '.join(sorted(PATTERNS))}, has, match and capture")
    return PATTERNS[pattern](value)


def capture(name, pattern, value, captured):
    if value is None:
        return False
    found = re.search(pattern, str(value)) if pattern else None
    if pattern and not found:
        return False
    captured[name] = str(value) if not found else found[1] if found.re.groups else found[0]
    return True


def differences(expected, actual, captured, path="$"):
    """What is not as expected, a line each; empty when all is."""
    pattern = pattern_of(expected)
    if pattern is not None:
        return [] if match_pattern(pattern, actual, captured) else [f"{path}: {show(actual)} does not fit <{pattern}>"]
    if isinstance(expected, Members) and isinstance(actual, Members):
        return member_differences(expected, actual, captured, path)
    if type(expected) is list and type(actual) is list:
        return item_differences(expected, actual, captured, path)
    if type(expected) is type(actual) and expected == actual:
        return []
    return [f"{path}: expected {show(expected)}, got {show(actual)}"]


def member_differences(expected, actual, captured, path):
    is_open = bool(expected) and expected[-1][0] == OPEN
    wanted = [(name, value) for name, value in expected if name != OPEN]
    names = [name for name, _ in actual]
    if len(set(names)) != len(names):
        return [f"{path}: a member is repeated: {names}"]
    lines = [f"{path}.{name}: missing" for name, _ in wanted if name not in names]
    if not is_open:
        known = {name for name, _ in wanted}
        lines += [f"{path}.{name}: not expected, is {show(actual.get(name))}" for name in names if name not in known]
    common = [name for name, _ in wanted if name in names]
    order = [name for name in names if name in set(common)]
    if order != common:
        lines.append(f"{path}: members in the order {order}, expected {common}")
    for name, value in wanted:
        if name in names:
            lines += differences(value, actual.get(name), captured, f"{path}.{name}")
    return lines


def item_differences(expected, actual, captured, path):
    is_open = bool(expected) and expected[-1] == OPEN
    wanted = expected[:-1] if is_open else expected
    lines = []
    if len(actual) < len(wanted) or (len(actual) > len(wanted) and not is_open):
        lines.append(f"{path}: {len(actual)} items, expected {len(wanted)}{' or more' if is_open else ''}")
    for index, (want, have) in enumerate(zip(wanted, actual)):
        lines += differences(want, have, captured, f"{path}[{index}]")
    return lines


def merged(expected, actual):
    """The actual value with every wildcard of `expected` that still fits: what --update writes."""
    pattern = pattern_of(expected)
    if pattern is not None:
        return expected if match_pattern(pattern, actual, {}) else actual
    if isinstance(expected, Members) and isinstance(actual, Members):
        is_open = bool(expected) and expected[-1][0] == OPEN
        wanted = dict(expected)
        members = [(k, merged(wanted.get(k), v)) for k, v in actual if k in wanted or not is_open]
        return Members(members + ([(OPEN, OPEN)] if is_open else []))
    if type(expected) is list and type(actual) is list:
        is_open = bool(expected) and expected[-1] == OPEN
        wanted = expected[:-1] if is_open else expected
        taken = actual[: len(wanted)] if is_open else actual
        items = [merged(wanted[i] if i < len(wanted) else None, item) for i, item in enumerate(taken)]
        return items + ([OPEN] if is_open else [])
    return actual


def show(value, width=160):
    text = one_line(value)
    return text if len(text) <= width else text[:width] + "…"


def one_line(value):
    if isinstance(value, Members):
        inside = ("..." if k == OPEN else f"{json.dumps(k, ensure_ascii=False)}: {one_line(v)}" for k, v in value)
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, list):
        return "[" + ", ".join("..." if item == OPEN else one_line(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def format_json(value, indent="", width=118):
    """`value` as a case writes it: on one line where it fits, else a member or an item per line."""
    line = one_line(value)
    if len(indent) + len(line) <= width or not isinstance(value, list) or not value:
        return line
    inner = indent + "  "
    if isinstance(value, Members):
        parts = ["..." if k == OPEN else f"{json.dumps(k, ensure_ascii=False)}: {format_json(v, inner, width)}"
                 for k, v in value]
        return "{\n" + ",\n".join(inner + part for part in parts) + "\n" + indent + "}"
    parts = ["..." if item == OPEN else format_json(item, inner, width) for item in value]
    return "[\n" + ",\n".join(inner + part for part in parts) + "\n" + indent + "]"
