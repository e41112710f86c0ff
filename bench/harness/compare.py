"""Whether the servers answer alike: only then do their speeds compare."""

import http.client
import json
from urllib.parse import parse_qsl, urlsplit

IDS_COMPARED = 50


def fetch(server, path, accept, token):
    """(status, body) of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept": accept, "Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _link(url):
    """A link without what rightly differs: the port, and the order of the parameters."""
    if url is None:
        return None
    parts = urlsplit(url)
    return parts.path, sorted(parse_qsl(parts.query))


def _comparable(body):
    document = json.loads(body)
    for name in ("next", "previous"):
        if "paging" in document:
            document["paging"][name] = _link(document["paging"][name])
    return document


def first_difference(one, other, where="$"):
    """Where two documents part, in words; None where they do not."""
    if type(one) is not type(other):
        return f"{where}: {one!r} and {other!r}"
    if isinstance(one, dict):
        if one.keys() != other.keys():
            return f"{where}: members {sorted(one.keys() ^ other.keys())} in one of them only"
        pairs = [(f"{where}.{key}", one[key], other[key]) for key in one]
    elif isinstance(one, list):
        if len(one) != len(other):
            return f"{where}: {len(one)} items and {len(other)}"
        pairs = [(f"{where}[{at}]", left, right) for at, (left, right) in enumerate(zip(one, other))]
    else:
        return None if one == other else f"{where}: {one!r} and {other!r}"
    found = (first_difference(left, right, place) for place, left, right in pairs)
    return next((difference for difference in found if difference), None)


def differences(scenarios, running, store):
    """A line for each scenario whose answers differ, and for each that is not a 200."""
    lines = []
    for scenario in scenarios:
        subjects = [running[name] for name in scenario.subjects]
        step = max(1, len(scenario.paths) // IDS_COMPARED)
        for path in scenario.paths[::step]:
            answers = {server.name: fetch(server, path, scenario.accept, store.token) for server in subjects}
            bad = [f"{path}: {name} answers {status}: {body[:300]!r}" for name, (status, body) in answers.items() if status != 200]
            lines += bad
            if bad or not scenario.compared():
                continue
            names = list(answers)
            for name in names[1:]:
                found = first_difference(_comparable(answers[names[0]][1]), _comparable(answers[name][1]))
                if found:
                    lines.append(f"{path}: {names[0]} and {name}: {found}")
    return lines[:20]
