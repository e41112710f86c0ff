"""What processes spend of the processor, and where they may run."""

import contextlib
import os
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def _thread_files(pid, name):
    """The text of one file of each thread; threads end while they are looked at."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                with open(f"/proc/{pid}/task/{thread}/{name}", encoding="utf-8", errors="replace") as file:
                    yield file.read()


def tree(root):
    """The ids of a process and of all below it."""
    found = [root]
    for pid in found:
        for text in _thread_files(pid, "children"):
            found += [int(child) for child in text.split()]
    return found


def _of_ended_children(pid):
    """Seconds of those children that ended and were waited for: PostgreSQL's parallel workers, for one."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[13]) + int(fields[14])) / TICKS_PER_SECOND


def cpu_seconds(root):
    """What a process and all below it, ended ones too, have spent so far."""
    spent = 0.0
    for pid in tree(root):
        spent += sum(int(text.split()[0]) for text in _thread_files(pid, "schedstat")) / 1e9 + _of_ended_children(pid)
    return spent


def is_running(root):
    """Whether any thread of theirs runs, or would."""
    return any(text.rpartition(")")[2].split()[0] != "S" for pid in tree(root) for text in _thread_files(pid, "stat"))


def pin(root, cores):
    """Keeps them, and what they start later, on some cores."""
    for pid in tree(root):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(int(thread), cores)
