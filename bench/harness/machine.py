"""The machine and the versions, as far as they explain numbers."""

import os
import platform
import sqlite3
import subprocess

CORES = sorted(os.sched_getaffinity(0))


def server_cores(count):
    """The cores of a server, and of its database beside it."""
    return CORES[:count]


def client_cores(count):
    """The cores that a server of `count` cores leaves; where it leaves none, the last one, which the two then share."""
    return CORES[count:] or CORES[-1:]


def shares_cores(count):
    return len(CORES) <= count


def pinned(cores):
    """The words before a command that keep it on some cores."""
    return ["taskset", "--cpu-list", ",".join(map(str, cores))]


def warn_of_load(say):
    busy = os.getloadavg()[0]
    if busy > 0.5:
        say(f"bench/run: the load average is {busy:.1f}; other work on this machine makes the numbers worse and wilder")
    if len(CORES) < 2:
        say("bench/run: one core only; server and client take turns on it, and requests per second mean little")


def _installed(package):
    found = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True, check=False)
    return found.stdout.split("-")[0].split(":")[-1].split("+")[0] or "?"


def _words(cores):
    return f"core {cores[0]}" if len(cores) == 1 else "cores " + ", ".join(map(str, cores))


def _machine():
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{len(CORES)} cores, {pages / 2**30:.0f} GiB of memory, Linux {platform.release().split('-')[0]}"


def facts_of_writes(stores):
    """A sentence: cores, memory, what took part in the durable inserts."""
    postgres = f", PostgreSQL {_installed('postgresql-15')}" if "postgres" in stores else ""
    return f"{_machine()}; SQLite {sqlite3.sqlite_version}, wrk {_installed('wrk')}{postgres}. Nothing is pinned;"


def facts(stores, cores, node_versions):
    """A few sentences: cores, memory, what took part, and where it ran."""
    names = [("Django", "python3-django"), ("Django REST framework", "python3-djangorestframework"),
             ("django-filter", "python3-django-filters"), ("gunicorn", "gunicorn"), ("ujson", "python3-ujson"),
             ("nginx", "nginx"), ("wrk", "wrk")]
    names += [("PostgreSQL", "postgresql-15"), ("psycopg2", "python3-psycopg2")] if "postgres" in stores else []
    versions = [f"{label} {_installed(package)}" for label, package in names]
    versions += [f"{name} {version}" for name, version in node_versions.items()]
    places = [f"with {count} core{'s' if count > 1 else ''} the server has {_words(server_cores(count))} and the client "
              f"{_words(client_cores(count))}" for count in cores]
    return (f"{_machine()}; "
            f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {', '.join(versions)}. "
            f"Pinned: {'; '.join(places)}.")
