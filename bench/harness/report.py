"""The tables, as Markdown."""

from datetime import date

from harness import machine

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
LOG_STAGE = "one line of the log"
BUSY_ENOUGH = 0.9
REST = "sockets, kernel, the loop: the rest"


class ReportError(Exception):
    pass


def _table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "| --- |" + " ---: |" * (len(header) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _count(number):
    return f"{number:,.0f}" if number >= 100 else f"{number:,.1f}"


def _rows_of(result):
    for subject in result.scenario.subjects:
        least, most = result.extremes(subject)
        yield [
            result.scenario.name, subject, _count(result.median(subject, "per_second")), f"{_count(least)} - {_count(most)}",
            _count(result.median(subject, "cpu_micros")), f"{result.median(subject, 'busy'):.0%}",
            f"{result.latency(subject, 50):.2f}", f"{result.latency(subject, 99):.2f}",
            _count(result.median(subject, "bytes_each")),
        ]


def _speeds(results):
    header = ["request", "server", "requests/s", "least - most", "CPU µs each", "core busy", "p50 ms", "p99 ms", "bytes"]
    return _table(header, [row for result in results for row in _rows_of(result)])


def _starved(results):
    """A warning where the client, and not the server, was the limit."""
    busy, name, where = min((result.median(name, "busy"), name, result.scenario.name)
                            for result in results for name in result.samples)
    if busy >= BUSY_ENOUGH:
        return []
    return [f"**Other work on the machine kept the client from asking fast enough**: the core of {name} was {busy:.0%} busy "
            f"in the worst line ({where}). Requests per second and their ratios are not to be trusted there; processor time is."]


def _goal(result, ratio):
    if not result.scenario.goal:
        return ""
    return f"{result.scenario.goal}: {'reached' if ratio >= result.scenario.goal else 'missed'}"


def _ratios(results):
    rows = []
    for result in results:
        ratio = result.ratio()
        if ratio is None:
            continue
        cpu = result.median("django", "cpu_micros") / result.median("portico", "cpu_micros")
        rows.append([result.scenario.name, f"{ratio:.1f}", f"{cpu:.1f}", _goal(result, ratio)])
    return _table(["request", "times the requests/s", "times less CPU", "goal"], rows)


def _measured(results, name):
    """µs of processor time that the whole request took in the server, or None where it was not measured."""
    found = next((result for result in results if result.scenario.name.startswith(name)), None)
    return found.median("portico", "cpu_micros") if found else None


def _stage_table(results, timed):
    columns = [("list", "page 1 of 25, exact count"), ("one", "one order by its id"), ("xml", "page 1 in XML")]
    wholes = {request: _measured(results, name) for request, name in columns}
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


def markdown(results, timed, arguments):
    parts = [
        f"Measured on {date.today().isoformat()}: {machine.facts()} {arguments.connections} connections, "
        f"{arguments.orders:,} orders of the merchant who asks, medians of {arguments.rounds} rounds of "
        f"{arguments.seconds} s in turns.",
        *_starved(results),
        _ratios(results),
        _speeds(results),
    ]
    if timed:
        parts += ["### Where the microseconds go", _stage_table(results, timed), _beside(timed)]
    return "\n\n".join(parts) + "\n"


def write_into(document, text):
    """Puts `text` between the markers. Raises ReportError where they are missing."""
    before, begin, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ReportError(f"{document} has no {BEGIN} … {END} to write between")
    document.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")
