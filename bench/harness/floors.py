"""What the same SQL costs without a server: programs that run Portico's own statements in a loop."""

import json
import subprocess
from dataclasses import dataclass

from harness import machine, postgres
from harness.scenarios import paths_of


class FloorError(Exception):
    pass


@dataclass
class Done:
    requests: int
    seconds: float
    rows: int
    cpu_seconds: float  # of the program; PostgreSQL's own comes beside it


def _statements(site, case):
    """A file of what Portico runs for the paths of a case."""
    program = site.arguments.build / "portico-bench-statements"
    done = subprocess.run([str(program), str(site.root / "apis" / "orders" / "api.yaml"), case.store, site.data.account,
                           "counted" if case.scenario.counted else "remembered"],
                          input="\n".join(paths_of(case.scenario)) + "\n", capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise FloorError(f"{case.title()}: {done.stderr.strip()}")
    path = site.data.directory / f"floor-{case.scenario.key}-{case.store}.txt"
    path.write_text(done.stdout, encoding="utf-8")
    return path


def run(site, case, seconds):
    """Done. Raises FloorError."""
    requests = _statements(site, case)
    if case.store == "sqlite":
        command = [str(site.arguments.build / "portico-bench-floor-sqlite"), str(site.data.directory / "production.db"),
                   str(requests), str(seconds), str(case.cores)]
    else:
        cluster = site.data.cluster
        address = f"host={cluster.folder} port={cluster.port} dbname={postgres.DATABASE} user={postgres.USER}"
        depth = max(1, site.arguments.connections // case.cores)
        command = [str(site.arguments.build / "portico-bench-floor-postgres"), address, str(requests), str(seconds),
                   str(case.cores), str(depth)]
    command = [*machine.pinned(machine.server_cores(case.cores)), *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    requests.unlink()
    if done.returncode != 0:
        raise FloorError(f"{case.title()}: {done.stderr.strip()}")
    said = json.loads(done.stdout)
    if said["rows"] < said["requests"]:
        raise FloorError(f"{case.title()}: {said['requests']} requests read {said['rows']} rows: these are not the statements")
    return Done(said["requests"], said["seconds"], said["rows"], said["cpu_seconds"])
