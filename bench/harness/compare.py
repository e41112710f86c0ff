"""Whether the servers answer alike: only then do their speeds compare."""

import http.client
import json
import re
from urllib.parse import parse_qsl, urlsplit

from harness.scenarios import ACCEPT_JSON, FLOOR, NGINX, PORTICO, paths_of

PATHS_COMPARED = 50
ADDRESS = re.compile(rb"127\.0\.0\.1:\d+")


class CompareError(Exception):
    pass


def fetch(server, path, accept):
    """(status, body) of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept": accept, "Authorization": f"Bearer {server.token}"})
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


def _comparable(body, accept):
    if accept != ACCEPT_JSON:
        return ADDRESS.sub(b"", body)
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


def _asked_of(cases, running):
    """{scenario: [server]}, Portico first: the others are compared with it, over both stores."""
    asked = {}
    for case in cases:
        servers = asked.setdefault(case.scenario, [])
        servers += [running[subject, case.store, case.cores] for subject in case.subjects if subject not in (FLOOR, NGINX)]
    for servers in asked.values():
        servers.sort(key=lambda server: not server.name.startswith(PORTICO))
    return asked


def _differences_at(path, scenario, servers):
    reference = None
    for server in servers:
        status, body = fetch(server, path, scenario.accept)
        if status != 200:
            yield f"{path}: {server.name} answers {status}: {body[:300]!r}"
            continue
        found = _comparable(body, scenario.accept)
        reference = reference or (server.name, found)
        difference = first_difference(reference[1], found)
        if difference:
            yield f"{path}: {reference[0]} and {server.name}: {difference}"


def differences(cases, running):
    """A line for each answer that differs from Portico's, and for each that is not a 200; and how many were compared."""
    lines, compared = [], 0
    for scenario, servers in _asked_of(cases, running).items():
        paths = paths_of(scenario)
        chosen = paths[::max(1, len(paths) // PATHS_COMPARED)][:PATHS_COMPARED]
        if not scenario.paths:
            chosen = chosen[:2]  # they differ by their links only, and are slow
        for path in chosen:
            lines += _differences_at(path, scenario, servers)
            compared += len(servers)
            if len(lines) > 20:
                return lines, compared
    return lines, compared
