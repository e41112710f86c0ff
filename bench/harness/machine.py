"""The machine and the versions, as far as they explain numbers."""

import os
import platform
import sqlite3
import subprocess

SERVER_CORE = 0
CLIENT_CORE = 1


def warn_of_load(say):
    busy = os.getloadavg()[0]
    if busy > 0.5:
        say(f"bench/run: the load average is {busy:.1f}; other work on this machine makes the numbers worse and wilder")
    if (os.cpu_count() or 1) < 2:
        say("bench/run: one core only; server and client take turns on it, and requests per second mean little")


def _installed(package):
    found = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True, check=False)
    return found.stdout.split("-")[0].split(":")[-1].split("+")[0] or "?"


def facts():
    """One line: cores, memory, and what took part."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    names = [("Django", "python3-django"), ("Django REST framework", "python3-djangorestframework"),
             ("django-filter", "python3-django-filters"), ("gunicorn", "gunicorn"), ("ujson", "python3-ujson"),
             ("wrk", "wrk")]
    versions = [f"{label} {_installed(package)}" for label, package in names]
    return (f"{os.cpu_count()} cores, {pages / 2**30:.0f} GiB of memory, Linux {platform.release().split('-')[0]}; "
            f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {', '.join(versions)}. "
            f"Server on core {SERVER_CORE}, client on core {CLIENT_CORE}.")


def pinned(core):
    """The words before a command that keep it on one core."""
    return ["taskset", "--cpu-list", str(core)] if (os.cpu_count() or 1) > 1 else []
