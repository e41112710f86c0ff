"""Databases that nobody here designed: what Debian packages ship. They are fetched by apt, which checks their signatures, and
taken apart, never installed."""

import gzip
import shutil
import subprocess
import tempfile
from pathlib import Path

from .server import ROOT

CACHE = ROOT / "build/samples"


class SampleError(Exception):
    """A package could not be had; holds what apt or dpkg wrote."""


def run(command, directory):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise SampleError(f"{' '.join(command)}\nexit status {done.returncode}\n{done.stdout}{done.stderr}")


def unpacked(package):
    """The folder with a package's files; fetched once."""
    folder = CACHE / package
    if folder.exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        fetch = ["apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", package]
        try:
            run(fetch, work)
        except SampleError:  # perhaps the lists of packages are old, or were never fetched
            run(["apt-get", "update", "-q"], work)
            run(fetch, work)
        archive = next(Path(work).glob("*.deb"))
        run(["dpkg-deb", "-x", str(archive), "files"], work)
        (Path(work) / "files").rename(folder)
    return folder


def sqlite_copy(package, path, directory):
    """A copy of a package's SQLite file."""
    copy = Path(directory) / Path(path).name
    shutil.copyfile(unpacked(package) / path, copy)
    return copy


def script(package, *paths):
    """The SQL of a package's files, one behind the other; those that end with .gz unpacked."""
    texts = []
    for path in paths:
        file = unpacked(package) / path
        texts.append((gzip.decompress(file.read_bytes()) if path.endswith(".gz") else file.read_bytes()).decode())
    return "\n".join(texts)
