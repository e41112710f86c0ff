"""The tables, as Markdown."""

from dataclasses import dataclass
from datetime import date

from harness import goals, machine, writes
from harness.scenarios import DJANGO, FASTIFY, FLOOR, NGINX, PORTICO, STORES

LOG_STAGE = "one line of the log"
BUSY_ENOUGH = 0.9
REST = "sockets, kernel, the loop: the rest"
FULL_NAMES = {("sqlite", FASTIFY): "Fastify + better-sqlite3", ("postgres", FASTIFY): "Fastify + pg",
              ("sqlite", FLOOR): "*plain SQLite*", ("postgres", FLOOR): "*plain libpq, pipeline*",
              ("sqlite", DJANGO): "Django REST + gunicorn", ("postgres", DJANGO): "Django REST + gunicorn",
              ("sqlite", NGINX): "*nginx, a static file*",
              ("sqlite", PORTICO): "**Portico**", ("postgres", PORTICO): "**Portico**"}


class ReportError(Exception):
    pass


def _table(header, rows, texts=1):
    """`texts`: how many columns are not numbers, from the left."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * texts + " ---: |" * (len(header) - texts)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _count(number):
    return f"{number:,.0f}" if number >= 100 else f"{number:,.1f}"


def _milliseconds(number):
    return "" if number is None else f"{number:.2f}" if number < 100 else f"{number:,.0f}"


def _times(result, subject):
    """How many times as many requests Portico answered."""
    if subject == PORTICO or PORTICO not in result.samples:
        return ""
    ratio = result.median(PORTICO, "per_second") / result.median(subject, "per_second")
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"


def _rows_of(result):
    case = result.case
    for subject in case.subjects:
        least, most = result.extremes(subject)
        sent = result.median(subject, "bytes_each")
        yield [
            case.scenario.name, STORES[case.store], str(case.cores), FULL_NAMES.get((case.store, subject), subject),
            _count(result.median(subject, "per_second")), f"{_count(least)} - {_count(most)}", _times(result, subject),
            _count(result.median(subject, "cpu_micros")), f"{result.median(subject, 'busy'):.0%}",
            _milliseconds(result.latency(subject, 50)), _milliseconds(result.latency(subject, 99)),
            f"{sent:,.0f}" if sent else "",
        ]


def _speeds(results):
    header = ["request", "store", "cores", "server", "requests/s", "least - most", "Portico is × this", "CPU µs each",
              "cores busy", "p50 ms", "p99 ms", "bytes"]
    ordered = sorted(results, key=lambda result: (list(STORES).index(result.case.store), result.case.cores))
    return _table(header, [row for result in ordered for row in _rows_of(result)], texts=4)


def _starved(results):
    """A warning where the client, and not the server, was the limit; no wonder with nginx, or where both share cores."""
    alone = [(result.median(name, "busy"), name, result.case.title()) for result in results
             if not machine.shares_cores(result.case.cores) for name in result.samples if name != NGINX]
    if not alone or min(alone)[0] >= BUSY_ENOUGH:
        return []
    busy, name, where = min(alone)
    return [f"**Other work on the machine kept the client from asking fast enough**: the core of {name} was {busy:.0%} busy "
            f"in the worst line ({where}). Requests per second and their ratios are not to be trusted there; processor time is."]


@dataclass
class Measured:
    """All that is told of."""
    results: list  # measure.Result, of what reads
    timed: object  # of stages.run(), or None
    inserts: list  # writes.Result


def _goals_of_writes(results):
    rows = [[words, f"at least {least:g}", f"{ratio:.2f}", "reached" if ratio >= least else "**missed**"]
            for words, least, ratio in writes.goal_rows(results)]
    return [_table(["ratio", "goal", "measured", ""], rows)] if rows else []


def _goals(results, arguments):
    figures = goals.Figures(results)
    rows = []
    for goal in goals.GOALS:
        ratios = {cores: goal.value(figures, cores) for cores in arguments.cores}
        if not any(ratios.values()):
            continue
        first = next(ratio for ratio in ratios.values() if ratio)
        rows.append([goal.words, f"at {'most' if goal.at_most else 'least'} {goal.needed:g}",
                     *(f"{ratio:.2f}" if ratio else "" for ratio in ratios.values()),
                     "reached" if goal.reached(first) else "**missed**"])
    header = ["ratio", "goal", *(f"{cores} core{'s' if cores > 1 else ''}" for cores in arguments.cores),
              f"with {arguments.cores[0]} core{'s' if arguments.cores[0] > 1 else ''}"]
    return [_table(header, rows)] if rows else []


def _measured(results, key):
    """µs of processor time that the whole request took in the server on SQLite, or None where it was not measured."""
    return goals.Figures(results).cpu(key, "sqlite", 1, PORTICO)


def _stage_table(results, timed):
    columns = [("list", "page"), ("one", "one"), ("xml", "xml")]
    wholes = {request: _measured(results, key) for request, key in columns}
    stages = {request: dict(timed[request]) for request, _ in columns}
    cells = {}
    for request, _ in columns:
        served = {stage: micros for stage, micros in stages[request].items() if stage != LOG_STAGE}
        whole = wholes[request] or sum(served.values())
        rest = whole - sum(served.values())
        cells[request] = {**{stage: (micros, micros / whole) for stage, micros in served.items()}, REST: (rest, rest / whole),
                          "**together, as served without a log**": (whole, 1.0)}
    rows = []
    for stage in cells["list"]:
        row = [stage]
        for request, _ in columns:
            micros, share = cells[request][stage]
            row += [f"{micros:.2f}", f"{share:.0%}"]
        rows.append(row)
    rows.append([f"{LOG_STAGE}, where there is a log", *(cell for request, _ in columns for cell in (f"{stages[request][LOG_STAGE]:.2f}", ""))])
    return _table(["stage", "page µs", "share", "one order µs", "share", "page as XML µs", "share"], rows)


def _beside(timed):
    """What a request costs beside its queries and the kernel."""
    def total(request):
        skipped = (LOG_STAGE,)
        return sum(micros for stage, micros in timed[request] if "SQLite" not in stage and stage not in skipped)

    aside = ", ".join(f"{name} takes {micros:,.0f} µs" for name, micros in timed["aside"])
    return (f"Beside its queries and the kernel, a page of 25 orders takes {total('list'):.1f} µs in JSON and "
            f"{total('xml'):.1f} µs in XML, one order {total('one'):.1f} µs. To {aside}.")


def _inserts(results):
    header = ["store", "disk", "clients", "what", "inserts/s", "least - most", "p50 ms", "p99 ms"]
    return _table(header, list(writes.table_rows(results)), texts=4)


def _told(arguments, facts, more):
    return (f"Measured on {date.today().isoformat()}: {facts} {more}medians of {arguments.rounds} "
            f"round{'s' if arguments.rounds > 1 else ''} of {arguments.seconds} s in turns.")


def _reads(measured, arguments, node_versions):
    results, timed = measured.results, measured.timed
    parts = [_told(arguments, machine.facts(arguments.stores, arguments.cores, node_versions),
                   f"{arguments.connections} connections, {arguments.orders:,} orders of the merchant who asks, "),
             *_starved(results), "### The ratios that are aimed at", *_goals(results, arguments),
             "![Requests per second with one core](performance.svg)", "### All of it", _speeds(results)]
    if timed:
        parts += ["### Where the microseconds go, on SQLite", _stage_table(results, timed), _beside(timed)]
    return parts


def _durable(measured, arguments):
    return ["### Durable inserts", _told(arguments, machine.facts_of_writes(arguments.stores), ""), *_goals_of_writes(measured.inserts),
            _inserts(measured.inserts)]


def sections(measured, arguments, node_versions):
    """`measured`: Measured. {the section's name: its text}, of what was measured."""
    made = {"reads": _reads(measured, arguments, node_versions)} if measured.results else {}
    made |= {"inserts": _durable(measured, arguments)} if measured.inserts else {}
    return {name: "\n\n".join(parts) + "\n" for name, parts in made.items()}


def write_into(document, name, text):
    """Puts `text` between the section's markers. Raises ReportError where they are missing."""
    first, last = f"<!-- bench:{name}:begin -->", f"<!-- bench:{name}:end -->"
    before, begin, rest = document.read_text(encoding="utf-8").partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end:
        raise ReportError(f"{document} has no {first} … {last} to write between")
    document.write_text(f"{before}{first}\n{text}{last}{after}", encoding="utf-8")
