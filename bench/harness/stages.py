"""Where the microseconds go: runs portico-bench-stages and reads what it says."""

import json
import statistics
import subprocess

from harness import machine

REPETITIONS = 9
# As a request goes through them; the benchmarks run in random order.
ORDER = ("read the head", "agree on version, mode, format", "find the key, compare its hash", "parse path and query",
         "plan: types, SQL, binds", "read rows and count from SQLite", "links and header fields", "write the body",
         "write the head", "one line of the log")


def run(root, arguments, data):
    """{request: [(stage, µs)]} for `list`, `one`, `xml` and `aside`, medians of processor time."""
    program = arguments.build / "portico-bench-stages"
    repetitions, seconds = (3, "0.05") if arguments.quick else (REPETITIONS, "0.2")
    done = subprocess.run([
        *machine.pinned(machine.server_cores(1)), str(program), str(root / "apis" / "orders" / "api.yaml"), str(data.directory),
        data.tokens["sqlite"], data.ids[len(data.ids) // 2], "--benchmark_format=json", f"--benchmark_min_time={seconds}",
        f"--benchmark_repetitions={repetitions}", "--benchmark_enable_random_interleaving=true",
    ], check=True, capture_output=True, text=True)
    times = {}
    for entry in json.loads(done.stdout)["benchmarks"]:
        if entry["run_type"] == "iteration":
            times.setdefault(entry["run_name"], []).append(entry["cpu_time"])
    stages = {}
    for name, samples in times.items():
        request, stage = name.split("/", 1)
        stages.setdefault(request, []).append((stage, statistics.median(samples)))
    return {request: sorted(times, key=lambda stage: ORDER.index(stage[0]) if stage[0] in ORDER else len(ORDER))
            for request, times in stages.items()}
